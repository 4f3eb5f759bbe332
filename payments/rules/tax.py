"""What is withheld as income tax (Article 13).  Money is exact, in yuan and fen."""

from decimal import ROUND_HALF_UP, Decimal

from expertteam.regulation import article

FEN = Decimal("0.01")

# Income tax: up to which taxable income, the rate, the quick deduction
ENDLESS = Decimal("Infinity")
RESIDENT_STEPS = (  # 国家税务总局公告2018年第61号, 预扣率表二
    (Decimal(20000), Decimal("0.20"), Decimal(0)),
    (Decimal(50000), Decimal("0.30"), Decimal(2000)),
    (ENDLESS, Decimal("0.40"), Decimal(7000)),
)
NON_RESIDENT_STEPS = (  # the same notice, 税率表三
    (Decimal(3000), Decimal("0.03"), Decimal(0)),
    (Decimal(12000), Decimal("0.10"), Decimal(210)),
    (Decimal(25000), Decimal("0.20"), Decimal(1410)),
    (Decimal(35000), Decimal("0.25"), Decimal(2660)),
    (Decimal(55000), Decimal("0.30"), Decimal(4410)),
    (Decimal(80000), Decimal("0.35"), Decimal(7160)),
    (ENDLESS, Decimal("0.45"), Decimal(15160)),
)
SMALL_INCOME = Decimal(4000)  # up to here a fixed sum is deducted, above it a share
FIXED_DEDUCTION = Decimal(800)
TAXABLE_SHARE = Decimal("0.80")


@article("13")
def income_tax(income: Decimal, *, charges: Decimal = Decimal(0), resident: bool = True) -> Decimal:
    """给予一定的补贴

    The tax on the whole ``income`` of one 次, value-added tax taken off, of which ``charges`` (the
    surcharges on that tax) are deducted too.  Continuous and never falling, so no payment is
    punished for its size.  Errors as for ``withholding``.
    """
    income, charges = money(income), money(charges)
    small = resident and income <= SMALL_INCOME
    taxable = max((income - FIXED_DEDUCTION if small else income * TAXABLE_SHARE) - charges, Decimal(0))
    steps = RESIDENT_STEPS if resident else NON_RESIDENT_STEPS
    rate, quick = next((rate, quick) for top, rate, quick in steps if taxable <= top)
    return (taxable * rate - quick).quantize(FEN, ROUND_HALF_UP)


@article("13")
def withholding(
    paid_before: Decimal, amount: Decimal, *, withheld: Decimal | None = None, resident: bool = True
) -> Decimal:
    """给予一定的补贴

    The chapter calls it 劳务报酬, so its payer withholds income tax.  All payments of one 次 (one
    payer, expert, kind of service and month) are taxed as one sum: due now is the tax of the sum
    less what was ``withheld`` of ``paid_before`` (unless told otherwise, the tax of it), each rounded
    once, half up, to the fen, and never less than nothing.  Both sums are gross.

    ``TypeError`` for a float, ``ValueError`` below zero; parts of a fen are rounded half up first.
    """
    before = money(paid_before)
    had = income_tax(before, resident=resident) if withheld is None else money(withheld)
    return max(income_tax(before + money(amount), resident=resident) - had, Decimal(0))


@article("13")
def gross_up(
    net: Decimal, *, paid_before: Decimal = Decimal(0), withheld: Decimal | None = None, resident: bool = True
) -> Decimal:
    """给予一定的补贴

    For a rate fixed after tax: the smallest gross that leaves ``net`` after ``withholding``, to the
    fen.  There always is one: a fen more of gross is at most a fen more of tax, so no net is
    skipped.  Errors as for ``withholding``.
    """
    gross = net = money(net)
    # From below each round adds the tax still lacking, so the first solution is never overshot.
    while (needed := net + withholding(paid_before, gross, withheld=withheld, resident=resident)) != gross:
        gross = needed
    return gross


def money(value: Decimal) -> Decimal:
    """Exact and whole fen, half up; ``TypeError`` for a float, ``ValueError`` below zero."""
    if not isinstance(value, Decimal | int):
        raise TypeError(f"{value!r} is no exact money")
    value = Decimal(value)
    if not value.is_finite() or value < 0:
        raise ValueError(f"{value} is no sum to pay")
    return value.quantize(FEN, ROUND_HALF_UP)
