"""Periodic work: each job does the right thing once, however often and however late it runs."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse

from expertteam import clock
from expertteam.celery import app
from expertteam.models import CalendarDay, CalendarYear, Notification
from recruitment import actions, tasks
from recruitment.models import Application
from tests.conftest import person
from tests.make import make_application, make_listed, make_objection

State = Application.State
SOURCE = "国务院办公厅关于2027年部分节假日安排的通知"


def publish_2027(**days):
    """Staff enter the year: ``_0101="holiday"``."""
    year = CalendarYear.objects.create(year=2027, source=SOURCE)
    for day, kind in days.items():
        CalendarDay.objects.create(year=year, date=date(2027, int(day[1:3]), int(day[3:])), kind=kind)


def told(leader):
    return Notification.objects.inbox(leader).filter(subject="公示期满，待聘任")


def test_every_periodic_job_exists():
    app.loader.import_default_modules()

    assert {entry["task"] for entry in app.conf.beat_schedule.values()} - set(app.tasks) == set()


def test_every_periodic_job_is_in_the_list_for_whoever_runs_the_portal():
    listed = set(
        re.findall(r"^\| `(\w+\.tasks\.\w+)` \|", (settings.BASE_DIR / "docs/operations.md").read_text("utf8"), re.M)
    )

    assert listed == {entry["task"] for entry in app.conf.beat_schedule.values()}


@pytest.mark.parametrize("later", [date(2026, 12, 30), date(2027, 1, 20)])
def test_a_provisional_notice_is_settled_once_its_year_is_known(reviewer, later):
    [candidate] = make_listed(by=reviewer, on=date(2026, 12, 28))
    notice = candidate.notice

    with clock.at(later):
        tasks.settle_notices()
        notice.refresh_from_db()
        assert notice.provisional
        publish_2027(_0101="holiday")
        for _ in range(2):
            tasks.settle_notices()

    notice.refresh_from_db()
    settled = notice.history.filter(history_change_reason=actions.settle.reason)
    assert (notice.provisional, notice.ends_at) == (False, clock.instant(date(2027, 1, 5), 18))
    assert [entry.history_user for entry in settled] == [None]


def test_one_notice_that_cannot_be_settled_does_not_keep_the_others(reviewer):
    [unknown] = make_listed(by=reviewer, on=date(2026, 12, 28))
    [known] = make_listed(by=reviewer, on=date(2026, 12, 29))
    publish_2027(_0101="holiday")
    actions.annul(unknown.notice, by=reviewer, reason="名单有误")

    tasks.settle_notices()

    known.notice.refresh_from_db()
    assert not known.notice.provisional


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 3, 9), State.RETURNED),
        (date(2026, 3, 10), State.DECLINED),
        (date(2026, 6, 1), State.DECLINED),
    ],
)
def test_a_supplement_lapses_the_day_after_its_deadline(db, day, state):
    application = make_application(state="returned", returned_on=date(2026, 3, 2), supplement_days=5)

    with clock.at(day):
        for _ in range(2):
            tasks.lapse_supplements()

    application.refresh_from_db()
    lapses = application.history.filter(history_change_reason=actions.lapse.reason).count()
    assert (application.state, lapses) == (state, int(state == State.DECLINED))
    assert Notification.objects.inbox(application.applicant).count() == lapses


def test_a_supplement_whose_deadline_is_provisional_never_lapses(db):
    application = make_application(state="returned", returned_on=date(2026, 12, 30), supplement_days=5)

    with clock.at(date(2027, 3, 1)):
        tasks.lapse_supplements()

    application.refresh_from_db()
    assert application.state == State.RETURNED


def test_leaders_are_told_once_that_a_notice_has_ended(reviewer, leader):
    [candidate] = make_listed(by=reviewer, on=date(2026, 3, 2))

    with clock.at(clock.instant(date(2026, 3, 9), 18)):
        tasks.tell_of_finished_notices()
        assert not told(leader).exists()
    for day in (10, 10, 25):
        with clock.at(date(2026, 3, day)):
            tasks.tell_of_finished_notices()

    assert told(leader).get().url == reverse("recruitment:staff_notice", args=[candidate.notice_id])
    assert not told(reviewer).exists()


def test_leaders_are_not_told_while_everybody_on_the_list_is_blocked(reviewer, leader, inspector):
    [candidate] = make_listed(by=reviewer, on=date(2026, 3, 2))
    with clock.at(date(2026, 3, 4)):
        objection = make_objection(candidate)

    with clock.at(date(2026, 3, 10)):
        tasks.tell_of_finished_notices()
        assert not told(leader).exists()
        actions.examine(objection, by=inspector)
        actions.report(objection, by=inspector, report="任职属实")
        actions.decide(objection, by=leader, upheld=False, decision="不成立")
        tasks.tell_of_finished_notices()

    assert told(leader).count() == 1


def test_leaders_are_told_when_others_on_the_list_are_free(reviewer, leader):
    blocked, _ = make_listed(2, by=reviewer, on=date(2026, 3, 2))
    with clock.at(date(2026, 3, 4)):
        make_objection(blocked)

    with clock.at(date(2026, 3, 10)):
        tasks.tell_of_finished_notices()

    assert told(leader).count() == 1


def test_nobody_is_told_of_a_notice_with_nobody_left_to_appoint(reviewer, leader):
    [appointed] = make_listed(by=reviewer, on=date(2026, 3, 2))
    [annulled] = make_listed(by=reviewer, on=date(2026, 3, 2))
    [provisional] = make_listed(by=reviewer, on=date(2026, 12, 28))
    actions.annul(annulled.notice, by=reviewer, reason="名单有误")
    with clock.at(date(2026, 3, 10)):
        actions.appoint(appointed.application, by=leader)

    with clock.at(date(2027, 2, 1)):
        tasks.tell_of_finished_notices()

    assert provisional.notice.provisional
    assert not told(leader).exists()


def test_a_leader_who_came_later_is_told_too(reviewer, leader):
    make_listed(by=reviewer, on=date(2026, 3, 2))

    with clock.at(date(2026, 3, 10)):
        tasks.tell_of_finished_notices()
        successor = person("successor", "leader")
        tasks.tell_of_finished_notices()

    assert [told(each).count() for each in (leader, successor)] == [1, 1]
