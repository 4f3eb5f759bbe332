from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from payments import rules

FEN = Decimal("0.01")
SUMS = st.decimals(0, 250_000, places=2)
BREAKS = {  # gross at which the rate, or the way to deduct, changes
    True: ["800", "4000", "25000", "62500"],
    False: ["3750", "15000", "31250", "43750", "68750", "100000"],
}


def yuan(text):
    return Decimal(text)


@pytest.mark.parametrize(
    ("income", "tax"),
    [
        ("0", "0.00"),
        ("400", "0.00"),
        ("799.99", "0.00"),
        ("800", "0.00"),
        ("800.02", "0.00"),
        ("800.03", "0.01"),
        ("1000", "40.00"),
        ("1600", "160.00"),
        ("2400", "320.00"),
        ("2800", "400.00"),
        ("3999.97", "639.99"),
        ("4000", "640.00"),
        ("4000.01", "640.00"),
        ("4000.04", "640.01"),
        ("4000.50", "640.08"),  # 20 % are deducted, no longer 800
        ("4800", "768.00"),
        ("24999.96", "3999.99"),
        ("25000", "4000.00"),
        ("25000.01", "4000.00"),
        ("25000.03", "4000.01"),
        ("30000", "5200.00"),
        ("62500", "13000.00"),
        ("62500.01", "13000.00"),
        ("62500.02", "13000.01"),
        ("80000", "18600.00"),
        ("100000", "25000.00"),
    ],
)
def test_13_income_tax_of_a_resident(income, tax):
    assert str(rules.withholding(yuan("0"), yuan(income))) == tax


@pytest.mark.parametrize(
    ("income", "tax"),
    [
        ("0", "0.00"),
        ("0.20", "0.00"),
        ("0.21", "0.01"),
        ("400", "9.60"),  # no 800 are deducted
        ("800", "19.20"),
        ("3750", "90.00"),
        ("3750.01", "90.00"),
        ("3751", "90.08"),
        ("5000", "190.00"),
        ("15000", "990.00"),
        ("15001", "990.16"),
        ("20000", "1790.00"),
        ("31250", "3590.00"),
        ("31251", "3590.20"),
        ("40000", "5340.00"),
        ("43750", "6090.00"),
        ("43751", "6090.24"),
        ("50000", "7590.00"),
        ("68750", "12090.00"),
        ("68751", "12090.28"),
        ("80000", "15240.00"),
        ("100000", "20840.00"),
        ("100000.02", "20840.01"),
        ("100001", "20840.36"),
        ("120000", "28040.00"),
    ],
)
def test_13_income_tax_of_a_non_resident(income, tax):
    assert str(rules.withholding(yuan("0"), yuan(income), resident=False)) == tax


@pytest.mark.parametrize(
    ("paid_before", "amount", "resident", "tax"),
    [
        ("0", "300", True, "0.00"),
        ("300", "800", True, "60.00"),
        ("1100", "400", True, "80.00"),
        ("1500", "900", True, "180.00"),
        ("0", "900", True, "20.00"),  # alone
        ("3000", "2000", True, "360.00"),  # 800.00 of 5000 less 440.00 of 3000
        ("20000", "10000", True, "2000.00"),  # over the break at 25000
        ("800.02", "0.01", True, "0.01"),
        ("1000", "0", True, "0.00"),
        ("3000", "2000", False, "118.00"),  # 190.00 of 5000 less 72.00 of 3000
        ("3750", "1250", False, "100.00"),
    ],
)
def test_13_tax_of_a_further_payment_in_the_month(paid_before, amount, resident, tax):
    assert str(rules.withholding(yuan(paid_before), yuan(amount), resident=resident)) == tax


@pytest.mark.parametrize(
    ("paid_before", "amount", "tax"),
    [
        (yuan("0"), yuan("800.025"), "0.01"),  # 800.03
        (yuan("0"), yuan("800.0249"), "0.00"),  # 800.02
        (yuan("0.005"), yuan("800.02"), "0.01"),  # 0.01 before
        (0, 1000, "40.00"),  # whole yuan are exact
    ],
)
def test_13_money_is_whole_fen(paid_before, amount, tax):
    assert str(rules.withholding(paid_before, amount)) == tax


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (yuan("-0.01"), ValueError),
        (yuan("-0.001"), ValueError),
        (yuan("NaN"), ValueError),
        (yuan("Infinity"), ValueError),
        (800.0, TypeError),
        ("800", TypeError),
        (None, TypeError),
    ],
)
def test_13_what_is_no_money_is_not_taxed(wrong, error):
    for ask in (
        lambda: rules.withholding(wrong, yuan("1")),
        lambda: rules.withholding(yuan("1"), wrong),
        lambda: rules.income_tax(wrong),
        lambda: rules.income_tax(yuan("1"), charges=wrong),
        lambda: rules.gross_up(wrong),
        lambda: rules.gross_up(yuan("1"), paid_before=wrong),
    ):
        with pytest.raises(error, match="sum|money"):
            ask()


@pytest.mark.parametrize("resident", [True, False])
def test_13_tax_is_continuous_at_its_breaks(resident):
    for point in map(yuan, BREAKS[resident]):
        below, at, above = (
            rules.withholding(yuan("0"), income, resident=resident) for income in (point - FEN, point, point + FEN)
        )

        assert (at - below <= FEN, above - at <= FEN) == (True, True)


@given(SUMS, SUMS, st.booleans())
def test_13_tax_never_falls_and_takes_no_more_than_its_highest_rate(before, amount, resident):
    tax = rules.withholding(before, amount, resident=resident)

    assert 0 <= tax <= amount * yuan("0.4") + FEN


@given(SUMS, SUMS, SUMS, st.booleans())
def test_13_splitting_a_payment_changes_no_tax(before, one, other, resident):
    first = rules.withholding(before, one, resident=resident)
    second = rules.withholding(before + one, other, resident=resident)

    assert first + second == rules.withholding(before, one + other, resident=resident)


@given(st.lists(SUMS, max_size=8), st.booleans())
def test_13_tax_of_a_month_is_that_of_its_sum_however_it_is_paid(amounts, resident):
    withheld = [
        rules.withholding(sum(amounts[:number], yuan("0")), amount, resident=resident)
        for number, amount in enumerate(amounts)
    ]

    assert sum(withheld) == rules.withholding(yuan("0"), sum(amounts, yuan("0")), resident=resident)


def test_13_tax_of_a_month_is_not_that_of_each_payment():
    """The control: 300, 800, 400 and 900 taxed one by one give 20.00 instead of 320.00."""
    amounts = [yuan("300"), yuan("800"), yuan("400"), yuan("900")]

    alone = [str(rules.withholding(yuan("0"), amount)) for amount in amounts]

    assert alone == ["0.00", "0.00", "0.00", "20.00"]
    assert str(rules.withholding(yuan("0"), sum(amounts))) == "320.00"


@pytest.mark.parametrize(
    ("income", "charges", "resident", "tax"),
    [
        ("1584.16", "0.95", True, "156.64"),  # 1600 less value-added tax and the surcharges on it
        ("1584.16", "0", True, "156.83"),
        ("800", "0.60", True, "0.00"),
        ("800.50", "0.60", True, "0.00"),
        ("4000", "2.40", True, "639.52"),
        ("4000.01", "2.40", True, "639.52"),
        ("5000", "3.00", True, "799.40"),  # 4000 less 3
        ("25000", "15.00", True, "3997.00"),
        ("5000", "3.00", False, "189.70"),
    ],
)
def test_13_surcharges_are_deducted_from_the_income(income, charges, resident, tax):
    assert str(rules.income_tax(yuan(income), charges=yuan(charges), resident=resident)) == tax


@given(SUMS, SUMS, st.booleans())
def test_13_tax_of_the_whole_is_what_is_withheld_of_one_payment(income, charges, resident):
    whole = rules.income_tax(income, resident=resident)

    assert whole == rules.withholding(yuan("0"), income, resident=resident)
    assert 0 <= rules.income_tax(income, charges=charges, resident=resident) <= whole


@pytest.mark.parametrize(
    ("net", "paid_before", "resident", "gross"),
    [
        ("0", "0", True, "0.00"),
        ("800", "0", True, "800.00"),
        ("800.02", "0", True, "800.02"),  # 800.03 leaves as much
        ("800.03", "0", True, "800.04"),
        ("1440", "0", True, "1600.00"),
        ("2400", "0", True, "2800.00"),
        ("3360", "0", True, "4000.00"),
        ("3360.01", "0", True, "4000.01"),
        ("4032", "0", True, "4800.00"),
        ("21000", "0", True, "25000.00"),
        ("24800", "0", True, "30000.00"),
        ("49500", "0", True, "62500.00"),
        ("61400", "0", True, "80000.00"),
        ("740", "300", True, "800.00"),
        ("720", "1500", True, "900.00"),
        ("8000", "20000", True, "10000.00"),
        ("4810", "0", False, "5000.00"),
        ("79160", "0", False, "100000.00"),
        ("1882", "3000", False, "2000.00"),
    ],
)
def test_13_gross_of_a_rate_after_tax(net, paid_before, resident, gross):
    assert str(rules.gross_up(yuan(net), paid_before=yuan(paid_before), resident=resident)) == gross


@given(SUMS, SUMS, st.booleans())
@example(net=yuan("800.02"), before=yuan("0"), resident=True)
@example(net=yuan("0.01"), before=yuan("62499.99"), resident=True)
def test_13_the_gross_leaves_exactly_the_net_and_a_fen_less_does_not(net, before, resident):
    gross = rules.gross_up(net, paid_before=before, resident=resident)

    left, less = (
        amount - rules.withholding(before, amount, resident=resident) for amount in (gross, max(gross - FEN, 0))
    )

    assert (left, less == left) == (net, gross == 0)


@given(SUMS)
def test_13_the_gross_is_that_of_the_published_formulas(net):
    if net <= 800:
        formula = net
    elif net <= 3360:
        formula = (net - 160) / yuan("0.8")
    elif net <= 21000:
        formula = net / yuan("0.84")
    elif net <= 49500:
        formula = (net - 2000) / yuan("0.76")
    else:
        formula = (net - 7000) / yuan("0.68")

    assert abs(rules.gross_up(net) - formula) < FEN
