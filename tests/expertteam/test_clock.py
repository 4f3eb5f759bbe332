from datetime import UTC, date, datetime, timedelta

import pytest

from expertteam import clock
from expertteam.models import CalendarYear, ClockMove
from tests.make import make_user


def test_now_is_an_aware_instant_near_the_machines():
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 16, 0, tzinfo=UTC), date(2026, 3, 2)),
        (datetime(1988, 7, 1, 15, 0, tzinfo=UTC), date(1988, 7, 2)),  # summer time was kept in 1988
    ],
)
def test_today_is_the_day_in_shanghai(moment, day):
    with clock.at(moment):
        assert clock.today() == day


def test_a_bare_day_means_nine_in_the_morning():
    with clock.at(date(2026, 3, 2)) as moment:
        assert clock.now() == moment == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_travels_end_one_inside_the_other():
    with clock.at(date(2026, 3, 2)):
        with clock.at(date(2030, 1, 1)):
            inner = clock.today()
        outer = clock.today()

    assert (inner, outer) == (date(2030, 1, 1), date(2026, 3, 2))


def test_a_travel_ends_also_when_something_fails():
    with pytest.raises(ZeroDivisionError), clock.at(date(2030, 1, 1)):
        raise ZeroDivisionError

    assert clock.now() - clock.real() < timedelta(seconds=5)


def test_an_instant_is_said_in_shanghai_and_read_back():
    moment = clock.instant(date(2026, 3, 9), 18)

    assert moment == datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
    assert clock.local(moment).strftime("%Y-%m-%d %H:%M") == "2026-03-09 18:00"


@pytest.mark.parametrize(("demo", "ahead"), [(True, timedelta(days=7)), (False, timedelta(0))])
def test_moves_of_the_clock_count_in_the_demo_only(db, settings, demo, ahead):
    for days in (3, 7):
        ClockMove.objects.create(offset=timedelta(days=days), moved_at=clock.real(), by=make_user(), reason="前进")
    settings.DEMO = demo

    difference = clock.now() - clock.real()

    assert abs(difference - ahead) < timedelta(seconds=5)


def test_history_bears_the_time_of_the_clock(db):
    with clock.at(date(2030, 1, 1)):
        year = CalendarYear.objects.create(year=1990, source="")

    assert clock.local(year.history.get().history_date).date() == date(2030, 1, 1)
