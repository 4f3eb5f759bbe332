import inspect
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations import rules
from expertteam.regulation import ENFORCED, anchor, provision

FIRST, LAST = date(2026, 3, 1), date(2029, 2, 28)
DAY = date(2027, 3, 1)
A_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("strikes", "expected"),
    [
        ([], False),
        ([(DAY, 1), (DAY, 2)], False),
        ([(DAY, 1), (DAY, 2), (DAY, 3)], True),
        ([(DAY, 1), (DAY, 2), (DAY, 3), (DAY, 4)], True),
        ([(DAY, 1), (DAY + A_DAY, 1), (LAST, 1)], False),  # one service thrice
        ([(DAY, 1), (DAY + A_DAY, 1), (DAY, 2), (LAST, 2)], False),
        ([(DAY, 1), (DAY + A_DAY, 1), (DAY, 2), (LAST, 3)], True),
        ([(FIRST, "S-1"), (date(2027, 9, 1), "S-2"), (LAST, "S-3")], True),  # three years apart: no window
        ([(LAST, 3), (FIRST, 1), (DAY, 2)], True),  # in any order
        ([(FIRST - A_DAY, 1), (FIRST, 2), (LAST, 3)], False),  # one in the term before
        ([(FIRST, 1), (LAST, 2), (LAST + A_DAY, 3)], False),  # one in the next term
        ([(FIRST - A_DAY, 1), (FIRST - A_DAY, 2), (FIRST, 3), (LAST, 4)], False),
        ([(FIRST - A_DAY, 1), (FIRST, 1), (DAY, 2), (LAST, 3)], True),  # the same service again, in the term
    ],
)
def test_12_2_three_services_in_one_term(strikes, expected):
    assert rules.attitude_strikes_reached(strikes, FIRST, LAST) is expected


def test_12_2_a_finding_reversed_on_appeal_takes_its_strike_back():
    ledger = [(DAY, 1), (DAY, 2), (DAY, 3)]

    reached = [rules.attitude_strikes_reached(strikes, FIRST, LAST) for strikes in (ledger, ledger[:-1])]

    assert reached == [True, False]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], False),
        ([DAY], False),
        ([DAY, DAY], False),
        ([DAY, DAY, DAY], True),
        ([date(2027, 1, 5), date(2027, 2, 1)], False),
        ([date(2026, 9, 1), date(2027, 1, 5), date(2027, 3, 1)], True),  # over the end of a year
        ([date(2026, 3, 1), date(2027, 1, 5), date(2027, 3, 1)], False),  # the anniversary: 365 days
        ([date(2026, 3, 2), date(2027, 1, 5), date(2027, 3, 1)], True),  # 364 days
        ([date(2027, 3, 1), date(2028, 1, 5), date(2028, 2, 29)], True),  # 365 days, through a leap day
        ([date(2027, 3, 1), date(2028, 1, 5), date(2028, 3, 1)], False),  # 366 days
        ([date(2028, 2, 29), date(2028, 9, 1), date(2029, 2, 28)], True),  # 365 days: 1 March is the anniversary
        ([date(2028, 2, 29), date(2028, 9, 1), date(2029, 3, 1)], False),  # 366 days
        ([date(2028, 2, 28), date(2028, 9, 1), date(2029, 2, 27)], True),
        ([date(2028, 2, 28), date(2028, 9, 1), date(2029, 2, 28)], False),
        ([date(2027, 3, 1), date(2026, 9, 1), date(2027, 1, 5)], True),  # in any order
        ([date(2026, 1, 1), date(2026, 12, 1), date(2027, 1, 5), date(2027, 11, 30)], True),  # not the first three
        ([date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2029, 1, 1)], True),  # nor the last three
        ([date(2026, 1, 1), date(2026, 12, 1), date(2027, 6, 1), date(2028, 3, 1)], False),  # never three in a year
    ],
)
def test_12_3_three_refusals_within_a_year(days, expected):
    assert rules.refusals_reached(days) is expected


@given(st.lists(st.dates(FIRST, LAST), max_size=7))
def test_12_3_any_three_of_them_suffice(days):
    expected = any(rules.refusals_reached(list(three)) for three in combinations(days, 3))

    assert rules.refusals_reached(days) is expected


@pytest.mark.parametrize(
    ("told_on", "answered_on", "last_day", "on", "expected"),
    [
        (None, None, None, DAY, False),
        (None, DAY, None, DAY, False),  # spoke, but was never told
        (None, None, DAY - A_DAY, DAY, False),  # a period that nothing began
        (DAY, None, None, DAY, False),
        (DAY, DAY, None, DAY, True),  # stated or waived
        (DAY, DAY + A_DAY, DAY + 7 * A_DAY, DAY + A_DAY, True),  # the period need not run out
        (DAY, DAY - A_DAY, None, DAY, False),  # spoke before being told
        (DAY, DAY - A_DAY, DAY + 7 * A_DAY, DAY + 8 * A_DAY, True),  # and was silent then
        (DAY, DAY + A_DAY, None, DAY, False),  # not yet
        (DAY, None, DAY + 7 * A_DAY, DAY + 6 * A_DAY, False),
        (DAY, None, DAY + 7 * A_DAY, DAY + 7 * A_DAY, False),  # the last day is still the expert's
        (DAY, None, DAY + 7 * A_DAY, DAY + 8 * A_DAY, True),
        (DAY, DAY + 9 * A_DAY, DAY + 7 * A_DAY, DAY + 9 * A_DAY, True),  # late, but heard
        (DAY, None, DAY, DAY + 9 * A_DAY, False),  # no period at all
        (DAY, None, DAY - A_DAY, DAY + 9 * A_DAY, False),
        (DAY, None, DAY + A_DAY, DAY + 2 * A_DAY, True),
    ],
)
def test_12_paragraph_2_told_and_then_heard(told_on, answered_on, last_day, on, expected):
    assert rules.was_heard(told_on, answered_on, last_day, on) is expected


@pytest.mark.parametrize(
    ("number", "rule"),
    [("12(2)", rules.attitude_strikes_reached), ("12(3)", rules.refusals_reached), ("12¶2", rules.was_heard)],
)
def test_the_map_of_provisions_names_the_rule_and_the_rule_quotes_it(number, rule):
    quoted = inspect.getdoc(rule).splitlines()[0]

    assert rule in ENFORCED[number]
    assert quoted in "".join(provision(anchor(number)).text)


@pytest.mark.parametrize(
    ("missed", "days", "expected"),
    [(0, 0, False), (1, 1, False), (2, 1, False), (9, 1, False), (2, 2, True), (3, 2, True)],
)
def test_12_2_a_client_is_called_twice_and_not_on_one_day(missed, days, expected):
    assert rules.may_go_without_a_call(missed, days) is expected


@pytest.mark.parametrize(
    ("finding", "flagged", "genuine", "open_to"),
    [
        ("upheld_attitude", False, None, True),
        ("upheld_attitude", True, None, False),
        ("upheld_attitude", True, True, True),
        ("upheld_attitude", True, False, False),
        ("other", True, None, True),
        ("other", True, False, False),
        ("malicious", True, None, True),
        ("malicious", True, False, True),
        ("unverifiable", True, False, True),
    ],
)
def test_12_2_one_hand_is_not_many(finding, flagged, genuine, open_to):
    assert (rules.why_not_found(finding, flagged=flagged, genuine=genuine, grade=1) == "") is open_to


@pytest.mark.parametrize(
    ("finding", "grade", "open_to"),
    [
        ("upheld_attitude", 2, True),
        ("upheld_attitude", 3, False),
        ("upheld_competence", 3, True),
        ("not_upheld", 5, True),
    ],
)
def test_12_2_who_is_content_after_all_gives_no_such_feedback(finding, grade, open_to):
    assert (rules.why_not_found(finding, flagged=False, genuine=None, grade=grade) == "") is open_to
