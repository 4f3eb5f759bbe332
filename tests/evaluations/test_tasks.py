"""What time brings about in evaluation: each job does the right thing once, however often and however late it runs."""

from datetime import date

import pytest

from evaluations import actions, tasks
from expertteam import clock
from expertteam.models import Notification
from expertteam.workflow import LINK
from tests.make import make_rating, make_rating_case

pytestmark = pytest.mark.django_db


def run(task, *days):
    """The job as beat starts it, twice on each of these days."""
    for day in days:
        with clock.at(day):
            task()
            task()


def told(user, subject):
    """What this person reads in the portal under this subject, oldest first."""
    found = Notification.objects.filter(to=user, channel="inapp", subject=subject).order_by("pk")
    return [each.body for each in found]


# Call-backs


@pytest.mark.parametrize(
    ("days", "count"),
    [
        ([date(2026, 3, 9)], 0),  # its last day
        ([date(2026, 3, 10)], 1),
        ([date(2026, 3, 10), date(2026, 3, 11)], 2),
        ([date(2026, 3, 10), date(2026, 4, 20)], 2),  # six weeks of standstill are not made up for
    ],
)
def test_12_2_whoever_calls_back_is_told_of_an_overdue_call_once_a_day(intake, reviewer, days, count):
    case = make_rating_case(call_due=date(2026, 3, 9))

    run(tasks.remind_of_calls, *days)

    assert told(intake, "差评回访已超期") == [f"{case.number}应在3月9日前回访，请尽快打电话。"] * count
    assert told(reviewer, "差评回访已超期") == []


def test_12_2_a_call_that_was_made_is_not_asked_for_and_its_reminders_are_done_with(intake):
    case = make_rating_case(call_due=date(2026, 3, 9))
    run(tasks.remind_of_calls, date(2026, 3, 10))

    with clock.at(date(2026, 3, 10)):
        actions.call_back(case, by=intake, note="对方说没讲清楚")
    run(tasks.remind_of_calls, date(2026, 3, 11))

    reminders = Notification.objects.filter(to=intake, subject="差评回访已超期", channel="inapp")
    assert [each.read_at is not None for each in reminders] == [True]


def test_12_2_a_client_called_in_vain_is_still_to_be_called(intake):
    case = make_rating_case(call_due=date(2026, 3, 9))
    with clock.at(date(2026, 3, 9)):
        actions.miss_call(case, by=intake, note="无人接听")

    run(tasks.remind_of_calls, date(2026, 3, 10))

    assert len(told(intake, "差评回访已超期")) == 1


def test_12_2_a_case_opened_by_a_rating_is_overdue_on_the_second_working_day(intake):
    with clock.at(date(2026, 3, 6)):
        actions.give(make_rating("open"), by=LINK, grade=1, wrong=["attitude"])

    run(tasks.remind_of_calls, date(2026, 3, 8), date(2026, 3, 9))
    early = told(intake, "差评回访已超期")
    run(tasks.remind_of_calls, date(2026, 3, 10))

    assert (len(early), len(told(intake, "差评回访已超期"))) == (0, 1)


# Findings


@pytest.mark.parametrize(
    ("days", "count"),
    [
        ([date(2026, 3, 23)], 0),  # five working days after 16 March
        ([date(2026, 3, 24)], 1),
        ([date(2026, 3, 24), date(2026, 3, 29)], 1),  # Tuesday to Sunday
        ([date(2026, 3, 24), date(2026, 3, 30)], 2),
        ([date(2026, 5, 20)], 1),
    ],
)
def test_12_2_whoever_finds_is_told_of_an_overdue_finding_once_a_week(intake, reviewer, days, count):
    case = make_rating_case("awaiting_finding", statement_due=date(2026, 3, 16))

    run(tasks.remind_of_findings, *days)

    assert told(reviewer, "差评认定已超期") == [f"{case.number}专家说明期已满，还没有认定，请尽快认定。"] * count
    assert told(intake, "差评认定已超期") == []


@pytest.mark.parametrize("state", ["awaiting_statement", "found", "closed"])
def test_12_2_nobody_is_reminded_of_what_does_not_wait_for_a_finding(reviewer, state):
    make_rating_case(state, statement_due=date(2026, 3, 16))

    run(tasks.remind_of_findings, date(2026, 5, 20))

    assert told(reviewer, "差评认定已超期") == []
