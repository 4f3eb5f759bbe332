"""The holiday schedules of years to come, which the bureau enters each November; no State Council has published them.

The feasts lie on their true days, by the law of 2024 that names thirteen; what is bridged is made up for at weekends
as is usual.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from expertteam import calendar
from expertteam.checks import REHEARSED
from expertteam.demo_life.agenda import Story
from expertteam.models import CalendarDay, CalendarYear
from expertteam.registers import CalendarYearForm

Kind = CalendarDay.Kind
MOON = {  # New Year's Eve, 清明, 端午 and 中秋 of each year
    2027: [date(2027, 2, 5), date(2027, 4, 5), date(2027, 6, 9), date(2027, 9, 15)],
    2028: [date(2028, 1, 25), date(2028, 4, 4), date(2028, 5, 28), date(2028, 10, 3)],
    2029: [date(2029, 2, 12), date(2029, 4, 4), date(2029, 6, 16), date(2029, 9, 22)],
    2030: [date(2030, 2, 2), date(2030, 4, 5), date(2030, 6, 5), date(2030, 9, 12)],
    2031: [date(2031, 1, 22), date(2031, 4, 5), date(2031, 6, 24), date(2031, 10, 1)],
}
SATURDAY = 5


def stories(it) -> Iterator[Story]:
    for year in range(it.first.year, it.last.year + 1):
        yield entered(it, year + 1)


def entered(it, year: int) -> Story:
    """By the administrator, one day after another, as the page of the admin does it."""
    yield it.hours.office(date(year - 1, 11, it.hours.random.randint(8, 24)))
    published = CalendarYearForm({"year": year, "source": REHEARSED}).save(commit=False)
    for entry in [published, *schedule(published)]:
        entry._history_user, entry._change_reason = it.accounts["admin"], f"录入{year}年放假安排"
        entry.save()


def schedule(published: CalendarYear) -> list[CalendarDay]:
    """Every day of the year that differs from its weekday, in order."""
    feasts = statutory(published.year)
    days = {day: (Kind.HOLIDAY, name) for day, name in feasts.items()}
    for first, length in breaks(published.year):
        days |= bridged(first, length, days)
    return [CalendarDay(year=published, date=day, kind=kind, name=name) for day, (kind, name) in sorted(days.items())]


def statutory(year: int) -> dict[date, str]:
    """The thirteen days; two feasts on one day are named together."""
    eve, tombs, dragon, autumn = MOON[year]
    named = [(date(year, 1, 1), "元旦"), (eve, "除夕"), *((eve + days(n), "春节") for n in (1, 2, 3))]
    named += [(tombs, "清明节"), (date(year, 5, 1), "劳动节"), (date(year, 5, 2), "劳动节"), (dragon, "端午节")]
    named += [(date(year, 10, n), "国庆节") for n in (1, 2, 3)] + [(autumn, "中秋节")]
    feasts: dict[date, str] = {}
    for day, name in named:
        feasts[day] = f"{feasts[day]}、{name}" if day in feasts else name
    return feasts


def breaks(year: int) -> list[tuple[date, int]]:
    """First day and length of every break: a single day at a weekend goes on to the Monday."""
    eve, tombs, dragon, autumn = MOON[year]
    in_october = autumn.month == 10  # then one day more of the national holiday
    long = [(eve, 8), (date(year, 5, 1), 5), (date(year, 10, 1), 7 + in_october)]
    single = [date(year, 1, 1), tombs, dragon, *([] if in_october else [autumn])]
    return sorted([*long, *((day, 1 + (7 - day.weekday()) * (day.weekday() >= SATURDAY)) for day in single)])


def bridged(first: date, length: int, feasts: dict[date, tuple[str, str]]) -> dict[date, tuple[str, str]]:
    """The days off that are no feast: in place of one at a weekend, else made up for on a weekend nearby."""
    span = [first + days(n) for n in range(length)]
    named = [day for day in span if day in feasts]
    owed = sum(len(feasts[day][1].split("、")) - (day.weekday() < SATURDAY) for day in named)
    off = [day for day in span if day not in feasts and day.weekday() < SATURDAY]
    found = dict.fromkeys(off[:owed], (Kind.REST, f"{feasts[named[-1]][1]}补假"))
    for day, worked in zip(off[owed:], weekends(first, first + days(length)), strict=False):
        found[day] = (Kind.REST, f"调休（{worked.month}月{worked.day}日上班）")
        found[worked] = (Kind.WORKDAY, f"调休（{day.month}月{day.day}日放假）")
    return found


def weekends(first: date, after: date) -> Iterator[date]:
    """Days on which work can be made up for: the Sunday before, the Saturday after, and so on outwards."""
    before = first - days(first.weekday() + 1)
    later = after + days((SATURDAY - after.weekday()) % 7)
    while True:
        yield before
        yield later
        before, later = before - days(7), later + days(7)


def days(number: int) -> timedelta:
    return calendar.ONE_DAY * number
