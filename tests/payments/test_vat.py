from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from payments import rules

SUMS = st.decimals(0, 20_000, places=2)


def yuan(text):
    return Decimal(text)


def due(*amounts, **given):
    tax, surcharges = rules.vat([yuan(amount) for amount in amounts], **given)
    return str(tax), str(surcharges)


@pytest.mark.parametrize(
    ("amounts", "tax", "surcharges"),
    [
        ([], "0.00", "0.00"),
        (["0"], "0.00", "0.00"),
        (["800"], "0.00", "0.00"),  # a day at the cap of 24号
        (["1000"], "0.00", "0.00"),  # an extended one: 990.10 without the tax
        (["1009.99"], "0.00", "0.00"),  # 999.99
        (["1010.00"], "10.00", "0.60"),  # 1000.00: 0.35, 0.15 and 0.10
        (["1010.01"], "10.00", "0.60"),
        (["1600"], "15.84", "0.95"),  # 1584.16: 0.55, 0.24 and 0.16
        (["2000"], "19.80", "1.19"),  # 1980.20: 0.69, 0.30 and 0.20
        (["5000"], "49.50", "2.97"),  # 4950.50: 1.73, 0.74 and 0.50
        (["1020.10"], "10.10", "0.60"),  # 0.35, 0.15 and 0.10, each rounded; together they were 0.61
        (["800", "800"], "15.84", "0.95"),
        (["500", "500", "10"], "10.00", "0.60"),
        (["500", "500", "9.99"], "0.00", "0.00"),
    ],
)
def test_13_value_added_tax_of_a_day(amounts, tax, surcharges):
    assert due(*amounts) == (tax, surcharges)


def test_13_a_holiday_review_to_the_last_fen():
    """1600 with value-added tax, its surcharges and income tax: 1426.57 is left."""
    tax, surcharges = rules.vat([yuan("1600")])
    income = rules.income_tax(yuan("1584.16"), charges=yuan("0.95"))

    assert (str(tax), str(surcharges), str(income)) == ("15.84", "0.95", "156.64")
    assert yuan("1600") - tax - surcharges - income == yuan("1426.57")


@pytest.mark.parametrize(
    ("amount", "before", "withheld", "tax", "surcharges"),
    [
        ("800", "0", "0", "0.00", "0.00"),
        ("800", "800", "0", "15.84", "0.95"),  # now the whole day is taxed
        ("400", "1600", "15.84", "3.96", "0.24"),  # 19.80 and 1.19 of 2000
        ("0", "1600", "15.84", "0.00", "0.00"),
        ("400", "1600", "0", "19.80", "1.19"),  # what was not withheld then is now
        ("100", "1000", "30.00", "0.00", "0.00"),  # more was withheld than is due: nothing is paid back
    ],
)
def test_13_what_was_paid_earlier_of_the_same_day_counts(amount, before, withheld, tax, surcharges):
    assert due(amount, before=yuan(before), withheld=yuan(withheld)) == (tax, surcharges)


@pytest.mark.parametrize(
    ("wrong", "error"), [(yuan("-0.01"), ValueError), (yuan("NaN"), ValueError), (1600.0, TypeError), ("1", TypeError)]
)
def test_13_what_is_no_money_bears_no_value_added_tax(wrong, error):
    for ask in (
        lambda: rules.vat([wrong]),
        lambda: rules.vat([yuan("1")], before=wrong),
        lambda: rules.vat([yuan("1")], withheld=wrong),
    ):
        with pytest.raises(error, match="sum|money"):
            ask()


@given(st.lists(SUMS, min_size=1, max_size=6).flatmap(lambda sums: st.tuples(st.just(sums), st.permutations(sums))))
def test_13_the_order_of_a_day_changes_no_value_added_tax(orders):
    one, other = orders

    assert rules.vat(one) == rules.vat(other)


@given(st.lists(SUMS, max_size=6))
@example([yuan("800"), yuan("800"), yuan("400")])
def test_13_paying_a_day_in_parts_changes_no_value_added_tax(amounts):
    paid = tax = surcharges = yuan("0")
    for amount in amounts:
        now = rules.vat([amount], before=paid, withheld=tax)
        paid, tax, surcharges = paid + amount, tax + now.tax, surcharges + now.surcharges

    assert (tax, surcharges) == rules.vat(amounts)


@given(SUMS)
def test_13_below_the_threshold_nothing_and_above_it_a_hundred_and_first(total):
    tax, surcharges = rules.vat([total])

    if total < 1010:
        assert (tax, surcharges) == (0, 0)
    else:
        assert abs(tax - total / 101) <= yuan("0.005")
        assert abs(surcharges - tax * yuan("0.06")) <= yuan("0.015")
