"""The schedules that a rehearsal enters: the feasts on their days, every bridged day made up for, the years known in time."""

from datetime import date

import holidays as published
import pytest
from django.urls import reverse

from expertteam import calendar, clock
from expertteam.models import CalendarDay, CalendarYear
from expertteam.rehearsal import holidays, life
from tests.make import sign_in

Kind = CalendarDay.Kind
YEARS = sorted(holidays.MOON)


def days(year, kind):
    return {day.date: day.name for day in holidays.schedule(CalendarYear(year=year)) if day.kind == kind}


@pytest.mark.parametrize("year", YEARS)
def test_the_feasts_lie_where_the_moon_puts_them(year):
    known = published.China(years=year, language="zh_CN")

    assert set(days(year, Kind.HOLIDAY)) == {day for day, name in known.items() if "补假" not in name}


@pytest.mark.parametrize("year", YEARS)
def test_thirteen_days_are_free_and_what_is_bridged_is_made_up_for(year):
    holiday, rest, worked = (days(year, kind) for kind in (Kind.HOLIDAY, Kind.REST, Kind.WORKDAY))
    at_weekends = sum(day.weekday() >= 5 for day in holiday)
    doubled = sum(name.count("、") for name in holiday.values())

    assert len(holiday) + doubled == 13
    assert all(day.weekday() < 5 for day in rest)
    assert all(day.weekday() >= 5 for day in worked)
    assert len(rest) == at_weekends + doubled + len(worked)


@pytest.mark.parametrize("year", YEARS)
def test_the_golden_weeks_are_whole(year):
    free = days(year, Kind.HOLIDAY) | days(year, Kind.REST)
    eve = min(day for day, name in days(year, Kind.HOLIDAY).items() if name == "除夕")

    for first, length in [(eve, 8), (date(year, 5, 1), 5), (date(year, 10, 1), 7)]:
        week = [first + calendar.ONE_DAY * n for n in range(length)]
        assert [day for day in week if day.weekday() < 5 and day not in free] == []


@pytest.mark.parametrize("year", YEARS)
def test_the_admin_takes_the_schedule_as_it_is(http, admin, settings, year):
    settings.DEMO = True
    entries = holidays.schedule(CalendarYear(year=year))
    form = {"year": year, "source": "演练", "days-TOTAL_FORMS": len(entries), "days-INITIAL_FORMS": 0}
    for line, day in enumerate(entries):
        form |= {
            f"days-{line}-date": day.date.isoformat(),
            f"days-{line}-kind": day.kind,
            f"days-{line}-name": day.name,
        }

    sign_in(http, admin)
    http.post(reverse("admin:expertteam_calendaryear_add"), form)

    assert CalendarYear.objects.get(year=year).days.count() == len(entries)


def test_each_november_the_administrator_enters_the_next_year(db, settings):
    settings.DEMO = True
    it = life.found(experts=1, last=date(2027, 12, 31), seed=1)
    for story in holidays.stories(it):
        it.agenda.tell(story)
    it.agenda.live()

    years = CalendarYear.objects.filter(source="演练").order_by("year")
    entered = [year.history.earliest() for year in years]
    assert [year.year for year in years] == [2027, 2028]
    assert [clock.local(row.history_date).strftime("%Y-%m") for row in entered] == ["2026-11", "2027-11"]
    assert {row.history_user for row in entered} == {it.accounts["admin"]}
    assert calendar.is_working_day(date(2028, 1, 31)) is False
