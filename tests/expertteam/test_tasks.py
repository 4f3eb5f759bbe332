"""What time brings about in the cellar: each job tells once a thing and period, however often and late it runs."""

from datetime import date, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from expertteam import clock, tasks
from expertteam.models import CalendarYear, Notification, Submission
from expertteam.once import once
from tests.acts import run
from tests.conftest import person

pytestmark = pytest.mark.django_db


def told(user):
    """What this person reads in the portal, oldest first."""
    found = Notification.objects.filter(to=user, channel="inapp").order_by("pk")
    return [each.body for each in found]


# Years whose holidays are missing


@pytest.mark.parametrize(
    ("days", "count"),
    [
        ([date(2026, 9, 30)], 0),
        ([date(2026, 10, 1)], 1),
        ([date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 4)], 1),  # Thursday to Sunday
        ([date(2026, 10, 4), date(2026, 10, 5)], 2),  # the next week
        ([date(2026, 10, 1), date(2026, 11, 20)], 2),  # seven weeks of standstill are not made up for
        ([date(2026, 12, 31), date(2027, 1, 1)], 1),  # one week of two years
    ],
)
def test_administrators_are_told_of_a_missing_year_once_a_week(admin, leader, days, count):
    run(tasks.tell_of_missing_years, *days)

    assert len(told(admin)) == count
    assert told(leader) == []


def test_nobody_is_told_of_a_year_that_is_entered(admin):
    CalendarYear.objects.create(year=2027, source="国务院办公厅关于2027年部分节假日安排的通知")

    run(tasks.tell_of_missing_years, date(2026, 10, 1), date(2027, 3, 1))

    assert told(admin) == []


def test_a_year_that_began_without_its_holidays_is_told_of_beside_the_next(admin):
    run(tasks.tell_of_missing_years, date(2027, 10, 1))

    assert [body[:5] for body in told(admin)] == ["2027年", "2028年"]


# The end of the Measures


def test_15_leaders_and_reviewers_are_told_once_a_stage_that_the_measures_end(leader, reviewer, admin):
    both = person("both", "leader", "reviewer")
    days = [date(2030, 1, 30), date(2030, 1, 31), date(2030, 2, 1), date(2030, 7, 31), date(2030, 11, 20)]

    run(tasks.tell_of_the_measures_end, *days, date(2030, 12, 31), date(2031, 1, 31), date(2031, 2, 1))

    assert [len(told(each)) for each in (leader, reviewer, both, admin)] == [4, 4, 4, 0]
    assert all("2031年1月31日" in body for body in told(leader))


def test_15_after_a_standstill_only_the_latest_stage_is_told(leader):
    run(tasks.tell_of_the_measures_end, date(2031, 1, 2))

    assert len(told(leader)) == 1


# What is kept no longer than it serves


def test_4_the_key_of_a_form_and_its_answer_are_gone_after_thirty_days():
    for key, day in {"old": date(2026, 3, 2), "young": date(2026, 3, 4)}.items():
        with clock.at(day):
            once(key, {"name": "刘小满"}, lambda: "/book/done/")

    run(tasks.forget, date(2026, 4, 2))

    assert [each.key for each in Submission.objects.all()] == ["young"]


def test_a_session_that_has_ended_is_gone_and_from_where_it_was_and_no_other(leader):
    now = timezone.now()
    for key, ends in {"ended": now - timedelta(minutes=1), "going on": now + timedelta(minutes=30)}.items():
        Session.objects.create(session_key=key, session_data="", expire_date=ends)
        UserSession.objects.create(session_key=key, user=leader, ip="10.0.0.7", user_agent="Firefox")

    tasks.forget()

    assert [each.session_key for model in (Session, UserSession) for each in model.objects.all()] == ["going on"] * 2
