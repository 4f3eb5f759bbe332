"""The database fails at every single statement of an act, in turn: nothing is ever half done, and trying again succeeds.

The control takes the transaction out, and finds what is then left half done.
"""

from datetime import date
from functools import partial

import pytest

from experts.models import Appointment, Expert, Speciality
from expertteam import clock
from expertteam.models import Counter, Notification
from expertteam.workflow import Transition
from recruitment import actions
from recruitment.models import Application, Candidate, Evidence, Notice, Objection
from tests.faults import sweep as sweep_of
from tests.make import course, make_approved, make_complete_application, make_objection, make_recommendable, pdf

AFTER_THE_END = clock.instant(date(2026, 3, 9), 18, 1)
pytestmark = pytest.mark.usefixtures("today")


WRITTEN = [Application, Notice, Candidate, Objection, Evidence, Notification, Counter, Appointment, Expert, Speciality]
sweep = partial(sweep_of, models=WRITTEN)


def fresh(record):
    return type(record).objects.get(pk=record.pk)


@pytest.fixture
def submitted(intake):
    return make_recommendable(make_complete_application(), by=intake)


def test_recommend_is_done_or_not_done(submitted, intake, reviewer):
    faults = sweep(lambda: actions.recommend(fresh(submitted), by=intake, opinion="符合"))

    assert faults > 10
    assert fresh(submitted).state == Application.State.RECOMMENDED
    assert reviewer.notifications.filter(subject="有推荐人选待审核").count() == 1


def test_approve_is_done_or_not_done(submitted, intake, reviewer):
    actions.recommend(submitted, by=intake, opinion="符合")

    faults = sweep(lambda: actions.approve(fresh(submitted), by=reviewer, opinion="同意"))

    assert faults > 4
    assert fresh(submitted).state == Application.State.APPROVED


def test_publish_is_done_for_everybody_on_the_list_or_for_nobody(intake, reviewer):
    people = [make_approved(intake=intake, reviewer=reviewer) for _ in range(2)]
    notice = actions.draft_notice(
        by=reviewer, round=people[0].round, title="公示", statement="如下", applications=people
    )

    faults = sweep(lambda: actions.publish(fresh(notice), by=reviewer))

    assert faults > 20
    assert {fresh(each).state for each in people} == {Application.State.ON_NOTICE}
    assert Notification.objects.filter(subject="您已列入公示", channel="inapp").count() == 2


def test_appoint_enters_expert_term_number_and_message_or_nothing(intake, reviewer, leader):
    it = course(intake=intake, reviewer=reviewer)

    with clock.at(AFTER_THE_END):
        faults = sweep(lambda: actions.appoint(fresh(it.application), by=leader))

    assert faults > 20
    assert fresh(it.application).appointment.number == "并创专〔2026〕001号"
    assert Counter.objects.get(key="certificate-2026").value == 1


def test_lodge_takes_in_words_and_evidence_or_nothing(intake, reviewer, inspector):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 2, 27))

    faults = sweep(lambda: make_objection(it.candidate, files=[pdf(), pdf()]))

    assert faults > 8
    assert (Objection.objects.count(), Evidence.objects.count()) == (1, 2)
    assert inspector.notifications.filter(subject="收到新的异议或线索").count() == 1


def test_decide_finds_and_declines_or_neither(intake, reviewer, inspector, leader):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 2, 27))
    objection = make_objection(it.candidate)
    actions.examine(objection, by=inspector)
    actions.report(objection, by=inspector, report="属实")

    faults = sweep(lambda: actions.decide(fresh(objection), by=leader, upheld=True, decision="成立"))

    assert faults > 12
    assert (fresh(objection).upheld, fresh(it.application).state) == (True, Application.State.DECLINED)


def test_without_the_transaction_an_act_would_be_half_done(submitted, intake, reviewer, monkeypatch):
    monkeypatch.setattr(Transition, "__call__", Transition.__call__.__wrapped__)

    with pytest.raises(AssertionError, match="half done"):
        sweep(lambda: actions.recommend(fresh(submitted), by=intake, opinion="符合"))
