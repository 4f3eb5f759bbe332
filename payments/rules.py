"""What a review pays, and what of it is withheld as income tax (Article 13).  Money is exact, in yuan and fen."""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from expertteam.regulation import article

FEN = Decimal("0.01")

# 晋财购〔2021〕24号, yuan per person and calendar day
INCLUDED_HOURS = 2
FIRST_HOURS = Decimal(300)
FURTHER_HOUR = Decimal(100)
WORKING_HOURS = 8
DAY_CAP = Decimal(800)
EXTENDED_CAP = Decimal(1000)
VOID_CAP = Decimal(400)
CALLED_OFF = Decimal(100)
HOLIDAY_FACTOR = 2
WORDS = {"completed": "", "void_after_review": "评审后废标，", "void_before_review": "评审前废标"}

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


class Fee(NamedTuple):
    """What is due, in yuan with two places before tax, and in words how it came about."""

    amount: Decimal
    trace: str


@article("13")
def review_fee(minutes: int, *, outcome: str = "completed", holiday: bool = False, extended: bool = False) -> Fee:
    """补贴标准按照山西省《关于印发政府采购评审专家劳务报酬支付标准暂行规定的通知》（晋财购〔2021〕24号）

    For one calendar day, ``minutes`` without the breaks; a longer review is the sum of its days.
    The circular is silent on part hours: below 30 minutes we count none, from 30 on a whole one.
    ``extended``: the work could not end within the eight hours, and those beyond them are paid,
    too.  ``holiday``: a day that is a holiday by law, on which the capped fee is doubled.

    ``ValueError`` for an unknown ``outcome``, negative minutes, or a completed review of none.
    """
    if outcome not in WORDS:
        raise ValueError(f"unknown outcome {outcome!r}")
    if minutes < 0 or (minutes == 0 and outcome == "completed"):
        raise ValueError(f"{minutes} minutes are no review")
    amount, trace = _day(minutes, outcome, extended)
    if holiday:
        amount, trace = amount * HOLIDAY_FACTOR, f"{trace}；法定节假日×{HOLIDAY_FACTOR}"
    return Fee(amount.quantize(FEN), WORDS[outcome] + trace)


@article("13")
def withholding(paid_before: Decimal, amount: Decimal, *, resident: bool = True) -> Decimal:
    """给予一定的补贴

    The chapter calls it 劳务报酬, so its payer withholds income tax.  All payments of one 次 (one
    payer, expert, kind of service and month) are taxed as one sum: due now is the tax of the sum
    less that of ``paid_before``, each rounded once, half up, to the fen.  Both are gross.

    ``TypeError`` for a float, ``ValueError`` below zero; parts of a fen are rounded half up first.
    """
    before = _money(paid_before)
    return _tax(before + _money(amount), resident) - _tax(before, resident)


@article("13")
def gross_up(net: Decimal, *, paid_before: Decimal = Decimal(0), resident: bool = True) -> Decimal:
    """给予一定的补贴

    For a rate fixed after tax: the smallest gross that leaves ``net`` after ``withholding``, to the
    fen.  There always is one: a fen more of gross is at most a fen more of tax, so no net is
    skipped.  Errors as for ``withholding``.
    """
    gross = net = _money(net)
    # From below each round adds the tax still lacking, so the first solution is never overshot.
    while (needed := net + withholding(paid_before, gross, resident=resident)) != gross:
        gross = needed
    return gross


def _day(minutes: int, outcome: str, extended: bool) -> Fee:
    if outcome == "void_before_review":
        return Fee(CALLED_OFF, f"：{CALLED_OFF}")
    hours = (minutes + 30) // 60
    length = _length(minutes, hours)
    if outcome == "void_after_review":
        amount, trace = _by_the_hour(hours, VOID_CAP)
    elif extended and hours > WORKING_HOURS:
        amount, trace = _beyond_working_time(hours)
    else:
        amount, trace = _by_the_hour(hours, DAY_CAP)
    return Fee(amount, f"{length}：{trace}")


def _by_the_hour(hours: int, cap: Decimal) -> Fee:
    further = max(hours - INCLUDED_HOURS, 0)
    trace = f"{FIRST_HOURS}＋{further}×{FURTHER_HOUR}" if further else f"{FIRST_HOURS}"
    return _capped(FIRST_HOURS + further * FURTHER_HOUR, trace, cap)


def _beyond_working_time(hours: int) -> Fee:
    amount, trace = _by_the_hour(WORKING_HOURS, DAY_CAP)
    more = hours - WORKING_HOURS
    return _capped(amount + more * FURTHER_HOUR, f"{trace}；延长{more}小时＋{more}×{FURTHER_HOUR}", EXTENDED_CAP)


def _capped(amount: Decimal, trace: str, cap: Decimal) -> Fee:
    return Fee(cap, f"{trace}，封顶{cap}") if amount > cap else Fee(amount, trace)


def _length(minutes: int, hours: int) -> str:
    """The time as it was, and as it counts where a part hour may change the fee."""
    whole, rest = divmod(minutes, 60)
    if not rest and whole:
        return f"{whole}小时"
    said = f"{whole}小时{rest}分钟" if whole else f"{rest}分钟"
    return f"{said}，计{hours}小时" if whole >= INCLUDED_HOURS else said


def _money(value: Decimal) -> Decimal:
    if not isinstance(value, Decimal | int):
        raise TypeError(f"{value!r} is no exact money")
    value = Decimal(value)
    if not value.is_finite() or value < 0:
        raise ValueError(f"{value} is no sum to pay")
    return value.quantize(FEN, ROUND_HALF_UP)


def _tax(income: Decimal, resident: bool) -> Decimal:
    """Of the whole income of one 次; continuous and never falling, so no payment is punished for its size."""
    if resident and income <= SMALL_INCOME:
        taxable = max(income - FIXED_DEDUCTION, Decimal(0))
    else:
        taxable = income * TAXABLE_SHARE
    steps = RESIDENT_STEPS if resident else NON_RESIDENT_STEPS
    rate, quick = next((rate, quick) for top, rate, quick in steps if taxable <= top)
    return (taxable * rate - quick).quantize(FEN, ROUND_HALF_UP)
