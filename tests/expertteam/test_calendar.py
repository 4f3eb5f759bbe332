"""Working days over the seeded schedules of 2004 to 2026."""

from datetime import date, timedelta

import holidays
import pytest
from django.db.models import Count
from hypothesis import given
from hypothesis import strategies as st

from expertteam.calendar import (
    Deadline,
    UnknownDay,
    add_working_days,
    deadline,
    is_statutory_holiday,
    is_working_day,
    next_working_day,
)
from expertteam.models import CalendarDay, CalendarYear

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
STATUTORY_2026 = {
    date(2026, 1, 1), date(2026, 2, 16), date(2026, 2, 17), date(2026, 2, 18), date(2026, 2, 19),
    date(2026, 4, 5), date(2026, 5, 1), date(2026, 5, 2), date(2026, 6, 19), date(2026, 9, 25),
    date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 3),
}  # fmt: skip


def days_between(first, last):
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@pytest.mark.parametrize(
    ("start", "n", "start_counts", "expected"),
    [
        (date(2026, 9, 28), 5, True, date(2026, 10, 9)),
        (date(2026, 9, 28), 5, False, date(2026, 10, 10)),
        (date(2026, 2, 12), 5, True, date(2026, 2, 25)),
        (date(2026, 2, 12), 5, False, date(2026, 2, 26)),
        (date(2026, 4, 29), 5, True, date(2026, 5, 8)),
        (date(2026, 4, 29), 5, False, date(2026, 5, 9)),
        (date(2026, 11, 23), 5, True, date(2026, 11, 27)),
        (date(2026, 11, 23), 5, False, date(2026, 11, 30)),
        (date(2026, 9, 28), 7, True, date(2026, 10, 12)),
        (date(2026, 9, 28), 7, False, date(2026, 10, 13)),
        (date(2026, 11, 23), 1, True, date(2026, 11, 23)),
        (date(2026, 11, 23), 1, False, date(2026, 11, 24)),
        (date(2026, 11, 21), 1, True, date(2026, 11, 23)),  # a Saturday is never counted
        (date(2026, 11, 21), 1, False, date(2026, 11, 23)),
        (date(2026, 10, 10), 1, True, date(2026, 10, 10)),  # but a worked Saturday is
        (date(2026, 10, 3), 2, True, date(2026, 10, 9)),
        (date(2025, 12, 31), 2, True, date(2026, 1, 4)),
        (date(2026, 12, 31), 1, True, date(2026, 12, 31)),
    ],
)
def test_period_of_working_days_ends(start, n, start_counts, expected):
    assert add_working_days(start, n, start_counts=start_counts) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 1, 2), False),
        (date(2026, 1, 4), True),
        (date(2026, 2, 15), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 28), True),
        (date(2026, 9, 20), True),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 11, 21), False),
        (date(2026, 11, 24), True),
        (date(2005, 12, 31), True),  # by the notice for 2006
        (date(2018, 12, 31), False),  # by the notice for 2019
        (date(2020, 1, 31), False),
    ],
)
def test_day_is_worked_or_not(day, expected):
    assert is_working_day(day) is expected


def test_statutory_holidays_of_2026_are_thirteen():
    found = {day for day in days_between(date(2026, 1, 1), date(2026, 12, 31)) if is_statutory_holiday(day)}

    assert found == STATUTORY_2026


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2007, 5, 3), True),
        (date(2008, 5, 2), False),
        (date(2013, 2, 9), True),  # New Year's Eve, 2008 to 2013
        (date(2013, 2, 12), False),
        (date(2014, 1, 30), False),
        (date(2014, 2, 2), True),  # the third day instead
        (date(2015, 9, 3), False),  # a day off by a notice, not by the law
        (date(2024, 5, 2), False),
        (date(2025, 1, 28), True),
        (date(2025, 5, 2), True),
        (date(2026, 2, 20), False),
        (date(2026, 10, 5), False),
    ],
)
def test_statutory_holidays_follow_the_law_of_the_year(day, expected):
    assert is_statutory_holiday(day) is expected


def test_every_seeded_year_has_its_number_of_statutory_holidays():
    by_law = {year: 10 if year < 2008 else 11 if year < 2025 else 13 for year in range(2004, 2027)}
    one_day_twice = {2009: 10, 2020: 10}  # Mid-Autumn fell on the National Days

    holidays = CalendarDay.objects.filter(kind="holiday").values_list("date__year").annotate(Count("pk"))

    assert dict(holidays) == by_law | one_day_twice


def test_worked_days_are_weekend_days():
    worked = CalendarDay.objects.filter(kind="workday").values_list("date", flat=True)

    assert {day.weekday() for day in worked} == {5, 6}


@pytest.mark.parametrize("day", [date(2003, 12, 31), date(2027, 1, 1)])
@pytest.mark.parametrize("question", [is_working_day, is_statutory_holiday])
def test_unpublished_year_is_unknown(question, day):
    with pytest.raises(UnknownDay, match=f"{day.year}年的放假安排尚未录入") as unknown:
        question(day)

    assert unknown.value.year == day.year


def test_period_into_an_unpublished_year_is_unknown():
    with pytest.raises(UnknownDay):
        add_working_days(date(2026, 12, 31), 2, start_counts=True)


@pytest.mark.parametrize("n", [0, -1])
@pytest.mark.parametrize("count", [add_working_days, deadline])
def test_period_has_at_least_one_day(count, n):
    with pytest.raises(ValueError, match="at least one working day"):
        count(date(2026, 11, 24), n, start_counts=True)


@pytest.mark.parametrize(
    ("start", "n", "start_counts", "expected"),
    [
        (date(2026, 9, 28), 5, True, Deadline(date(2026, 10, 9), False)),
        (date(2026, 12, 31), 1, True, Deadline(date(2026, 12, 31), False)),
        (date(2026, 12, 31), 1, False, Deadline(date(2027, 1, 1), True)),
        (date(2026, 12, 28), 5, False, Deadline(date(2027, 1, 4), True)),
        (date(2027, 2, 5), 2, True, Deadline(date(2027, 2, 8), True)),
    ],
)
def test_deadline_is_provisional_in_an_unpublished_year(start, n, start_counts, expected):
    assert deadline(start, n, start_counts=start_counts) == expected


def test_deadline_becomes_firm_when_the_year_is_entered():
    year = CalendarYear.objects.create(year=2027, source="国务院办公厅关于2027年部分节假日安排的通知")
    CalendarDay.objects.create(year=year, date=date(2027, 1, 1), kind="holiday", name="元旦")

    assert deadline(date(2026, 12, 31), 1, start_counts=False) == Deadline(date(2027, 1, 4), False)


def test_notice_of_a_year_may_move_days_of_the_december_before():
    year = CalendarYear.objects.create(year=2027, source="国务院办公厅关于2027年部分节假日安排的通知")
    CalendarDay.objects.create(year=year, date=date(2026, 12, 31), kind="rest")

    assert next_working_day(date(2026, 12, 30)) == date(2027, 1, 1)


def test_next_working_day_lies_after_the_day():
    assert next_working_day(date(2026, 9, 30)) == date(2026, 10, 8)


def test_period_asks_the_database_twice_a_year_touched(django_assert_num_queries):
    with django_assert_num_queries(4):
        add_working_days(date(2025, 12, 1), 60, start_counts=True)


@pytest.fixture
def working_days():
    """All working days of 2004 to 2026, by a plain reading of the rows."""
    kinds = dict(CalendarDay.objects.values_list("date", "kind"))
    return [
        day
        for day in days_between(FIRST, LAST)
        if kinds.get(day) == "workday" or (day not in kinds and day.weekday() < 5)
    ]


def test_seeded_days_agree_with_the_library(working_days):
    china = holidays.China(years=range(2004, 2027))

    assert working_days == [day for day in days_between(FIRST, LAST) if china.is_working_day(day)]


def test_periods_agree_with_a_plain_count(working_days):
    @given(st.dates(date(2004, 1, 1), date(2026, 6, 30)), st.integers(1, 60), st.booleans())
    def agree(start, n, start_counts):
        ahead = [day for day in working_days if day > start or (start_counts and day == start)]

        assert add_working_days(start, n, start_counts=start_counts) == ahead[n - 1]

    agree()
