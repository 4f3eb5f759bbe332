from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experts.openings import Opening
from expertteam import clock
from expertteam.models import Policy
from services import actions, openings
from services.models import DayException, Engagement, Pause, WeeklyHours
from tests.make import make_expert

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
MONDAY = date(2026, 3, 2)  # the clock stands there at nine; March has no holiday


@pytest.fixture
def expert_(expert):
    return make_expert(user=expert)


def hours(expert, *weekdays, begins=14, ends=15):
    for weekday in weekdays:
        WeeklyHours.objects.create(expert=expert, weekday=weekday, begins=time(begins), ends=time(ends))


def busy(expert, *moments):
    """The hour that begins then is given away."""
    for at in moments:
        actions.occupy(expert, at, 60, purpose=Engagement.Purpose.PANEL)


def at(day, hour=14):
    return clock.instant(date(2026, 3, day), hour)


def told(expert):
    return openings.openings([expert.pk])[expert.pk]


def test_10_3_who_published_nothing_is_arranged_by_the_centre(expert_):
    assert told(expert_) == Opening(answer_days=3)


def test_10_3_the_next_time_and_the_days_of_two_weeks(expert_):
    hours(expert_, 3, 5)  # Thursdays and Saturdays

    assert told(expert_) == Opening(
        next=at(5),
        published=True,
        days=(date(2026, 3, 5), date(2026, 3, 7), date(2026, 3, 12), date(2026, 3, 14)),
    )


def test_10_3_the_next_time_may_lie_further_on(expert_):
    hours(expert_, 3)
    busy(expert_, at(5), at(12))

    assert (told(expert_).next, told(expert_).days) == (at(19), ())


def test_10_3_a_week_is_full_when_all_of_it_that_could_be_asked_for_is_given_away(expert_):
    hours(expert_, 3)
    assert told(expert_).week_full is False

    busy(expert_, at(5))

    assert (told(expert_).week_full, told(expert_).next) == (True, at(12))


def test_10_3_a_week_without_hours_is_not_full(expert_):
    hours(expert_, 0)  # today at 14:00, which is too late to ask for

    assert (told(expert_).week_full, told(expert_).next) == (False, at(9))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 3, 1), date(2026, 3, 2), (True, date(2026, 3, 2))),
        (date(2026, 3, 2), None, (True, None)),
        (date(2026, 3, 3), date(2026, 3, 9), (False, None)),
        (date(2026, 2, 1), date(2026, 3, 1), (False, None)),
    ],
)
def test_10_3_a_pause_that_runs_today_is_told_with_its_last_day(expert_, first, last, expected):
    Pause.objects.create(expert=expert_, first_day=first, last_day=last)

    assert (told(expert_).paused, told(expert_).paused_until) == expected


def test_10_3_days_opened_are_hours_from_which_anybody_chooses(expert_):
    DayException.objects.create(
        expert=expert_, date=date(2026, 3, 7), kind=DayException.Kind.EXTRA, begins=time(9), ends=time(10)
    )

    assert told(expert_) == Opening(next=at(7, 9), published=True, days=(date(2026, 3, 7),))


def test_the_promise_follows_the_number_in_force(expert_):
    Policy.objects.create(key="answer_days", value=2, effective_from=date(2026, 1, 1), source="局务会纪要")

    assert told(expert_).answer_days == 2


def test_10_3_the_days_of_an_expert_with_what_is_given_away(expert_):
    hours(expert_, 3, begins=14, ends=16)
    hours(expert_, 4)
    busy(expert_, at(5, 15), at(6))

    found = [(day, [(slot.id, slot.taken) for slot in times]) for day, times in openings.days(expert_, MONDAY)]

    assert found[:2] == [
        (date(2026, 3, 5), [("202603051400", False), ("202603051500", True)]),
        (date(2026, 3, 12), [("202603121400", False), ("202603121500", False)]),
    ]
    assert openings.days(expert_, date(2026, 3, 13))[0][0] == date(2026, 3, 13)
    assert openings.days(expert_, date(9999, 1, 1)) == []


def test_a_booking_shows_on_the_directory_at_once(http, expert_):
    hours(expert_, 3)
    assert "最近可约" in http.get("/experts/").content.decode()

    busy(expert_, at(5))

    assert "本周已约满" in http.get("/experts/").content.decode()


@pytest.mark.parametrize("path", ["/", "/experts/", "/experts/?sort=soonest&when=next_week", "expert"])
def test_what_an_expert_changes_shows_on_every_page_at_once(http, expert_, path):
    path = expert_.get_absolute_url() if path == "expert" else path
    seen = [http.get(path)["ETag"]]

    hours(expert_, 3)
    seen.append(http.get(path)["ETag"])
    Pause.objects.create(expert=expert_, first_day=date(2026, 3, 20), last_day=None)
    seen.append(http.get(path)["ETag"])
    WeeklyHours.objects.get().delete()
    seen.append(http.get(path)["ETag"])

    assert len(set(seen)) == 4


def queries(http, path):
    """How often the database is asked for the page, and how many cards on it have a time."""
    with CaptureQueriesContext(connection) as asked:
        html = http.get(path).content.decode()
    return len(asked), html.count("最近可约")


@pytest.mark.parametrize("path", ["/experts/", "/experts/?when=this_week&sort=soonest&topic=management", "/"])
def test_cards_with_times_ask_as_often_for_one_expert_as_for_three(http, path):
    hours(make_expert(), 3)
    once, cards = queries(http, path)
    for _ in range(2):
        other = make_expert()
        hours(other, 3, 4)
        busy(other, at(5))

    assert cards == 1
    assert queries(http, path) == (once, 3)


def test_an_experts_page_asks_as_often_whatever_the_number_of_times(http, expert_, django_assert_max_num_queries):
    hours(expert_, *range(7), begins=9, ends=18)

    with django_assert_max_num_queries(24):
        assert "用这个时间预约" in http.get(expert_.get_absolute_url()).content.decode()
