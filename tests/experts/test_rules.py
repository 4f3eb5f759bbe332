from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experts import rules
from experts.rules import Status
from expertteam.regulation import ENFORCED

FIRST, LAST = date(2026, 3, 1), date(2029, 2, 28)
A_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("first_day", "expected"),
    [
        (date(2026, 2, 1), date(2029, 1, 31)),
        (date(2026, 3, 1), date(2029, 2, 28)),
        (date(2025, 3, 1), date(2028, 2, 29)),  # the third anniversary follows a leap day
        (date(2027, 3, 1), date(2030, 2, 28)),
        (date(2028, 2, 28), date(2031, 2, 27)),
        (date(2028, 2, 29), date(2031, 2, 28)),  # no anniversary: not 27 February
        (date(2028, 3, 1), date(2031, 2, 28)),
        (date(2027, 1, 1), date(2029, 12, 31)),
    ],
)
def test_3_a_term_is_three_years(first_day, expected):
    assert rules.last_day(first_day) == expected


@settings(deadline=None)
@given(st.dates(date(2026, 1, 1), date(2100, 12, 31)))
def test_3_a_later_start_never_ends_earlier(first_day):
    earlier, later = rules.last_day(first_day), rules.last_day(first_day + A_DAY)

    assert earlier <= later
    assert (earlier - first_day).days in (1094, 1095)


@pytest.mark.parametrize(
    ("void_from", "on", "expected"),
    [
        (None, FIRST - A_DAY, Status.UPCOMING),
        (None, FIRST, Status.VALID),
        (None, LAST, Status.VALID),
        (None, LAST + A_DAY, Status.ENDED),
        (date(2027, 6, 1), date(2027, 5, 31), Status.VALID),
        (date(2027, 6, 1), date(2027, 6, 1), Status.VOID),
        (date(2027, 6, 1), LAST + A_DAY, Status.VOID),  # never becomes 聘期已满
        (LAST, LAST, Status.VOID),
        (LAST + A_DAY, LAST + A_DAY, Status.ENDED),  # the term was over by itself
        (FIRST - A_DAY, FIRST - A_DAY, Status.VOID),  # ended before it began
        (FIRST, FIRST - A_DAY, Status.UPCOMING),
    ],
)
def test_3_a_certificate_is_worth_what_the_day_makes_it(void_from, on, expected):
    assert rules.certificate_status(FIRST, LAST, void_from, on) is expected


def test_3_every_status_has_its_word():
    assert [status.label for status in Status] == ["尚未生效", "有效", "聘期已满", "已不再聘任"]


@pytest.mark.parametrize(
    ("pledged_on", "on", "expected"),
    [
        (None, FIRST, False),
        (FIRST, FIRST - A_DAY, False),
        (FIRST, FIRST, True),
        (FIRST, LAST + A_DAY, True),  # the term is over, the duty is not
        (FIRST, date(2099, 1, 1), True),
    ],
)
def test_4_confidence_binds_for_ever(pledged_on, on, expected):
    assert rules.confidence_binds(pledged_on, on) is expected


@pytest.mark.parametrize(
    ("last_day", "expected"),
    [(date(2031, 1, 30), False), (date(2031, 1, 31), False), (date(2031, 2, 1), True)],
)
def test_15_a_term_may_outlive_the_measures(last_day, expected):
    assert rules.outlives_measures(last_day) is expected


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        ("3", rules.last_day),
        ("3", rules.certificate_status),
        ("11", rules.certificate_status),
        ("4", rules.confidence_binds),
        ("15", rules.outlives_measures),
    ],
)
def test_the_map_of_provisions_names_the_rule(number, rule):
    assert rule in ENFORCED[number]
