"""The whole course of a dismissal through its verbs (Article 12), ground by ground, and every way around it."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from evaluations import actions
from evaluations.models import Delivery, Dismissal
from experts.models import Appointment, Expert
from expertteam import clock
from expertteam.regulation import Refused
from tests import make
from tests.conftest import person

TOLD = date(2026, 3, 4)  # Wednesday
LAST = date(2026, 3, 11)  # the fifth working day after it
pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def own(db):
    return make.make_expert()


@pytest.fixture
def proposed(own, inspector):
    """Monday: the inspector puts a case of Article 12(4) forward."""
    return actions.propose(own, by=inspector, ground="12(4)", clue="有来访者反映他推销课程")


@pytest.fixture
def issued(proposed, intake):
    actions.take_up(proposed, by=intake)
    actions.add_evidence(proposed, by=intake, upload=make.pdf(), shows="转账记录")
    return actions.issue_notice(proposed, by=intake, facts="3月1日向来访者卖课。", reasons="以专家身份牟利。")


@pytest.fixture
def told(issued, intake):
    with clock.at(TOLD):
        return actions.serve_notice(issued, by=intake, channel="hand", served_on=TOLD, proof=make.pdf())


@pytest.fixture
def heard(told, own):
    with clock.at(date(2026, 3, 5)):
        return actions.defend(told, by=own.user, points=["课程是免费的", "当天我不在中心"])


def answers(dismissal, words="已核实，不采纳"):
    return {plea.pk: (False, words) for plea in dismissal.pleas.all()}


@pytest.fixture
def weighed(heard, reviewer):
    with clock.at(date(2026, 3, 6)):
        return actions.weigh(heard, by=reviewer, answers=answers(heard), opinion="事实清楚", advice="dismiss")


@pytest.fixture
def confirmed(weighed, leader):
    with clock.at(date(2026, 3, 9)):
        return actions.confirm(weighed, by=leader, decision="同意解聘")


def test_12_the_case_goes_through_every_step_to_its_end(confirmed, own, intake):
    assert confirmed.decision_number == "并创专解决〔2026〕001号"
    assert confirmed.decision_due == date(2026, 3, 18)
    assert Expert.objects.listed(date(2026, 3, 10)).exists()

    with clock.at(date(2026, 3, 10)):
        actions.serve_decision(confirmed, by=intake, channel="hand", served_on=date(2026, 3, 10), proof=make.pdf())

        assert confirmed.state == Dismissal.State.DISMISSED
        assert confirmed.effective_on == date(2026, 3, 10)
        assert not Appointment.objects.in_force(clock.today()).exists()
        assert not Expert.objects.listed(clock.today()).exists()
        assert own.appointments.get().status(clock.today()).label == "已不再聘任"
    assert own.appointments.get().history.first().history_change_reason == "解聘，聘书失效（第12条）"


def test_12_2_the_last_day_of_the_period_still_belongs_to_the_expert(told, own):
    assert told.defence_until == LAST
    with clock.at(clock.instant(LAST, 23, 59)):
        with pytest.raises(Refused, match="陈述申辩期限到2026年03月11日为止"):
            actions.lapse_defence(told, by=person("clerk", "intake"))
        actions.defend(told, by=own.user, points=["我有话说"])

    assert told.heard_on == LAST


def test_12_2_silence_is_entered_after_the_last_day_and_weighed_after_it(told, reviewer, intake):
    with clock.at(date(2026, 3, 12)):
        actions.lapse_defence(told, by=intake)
        actions.weigh(told, by=reviewer, answers={}, opinion="逾期没有陈述", advice="dismiss")

    assert (told.state, told.heard_how) == (Dismissal.State.WEIGHED, "lapse")


def test_12_2_every_point_is_answered(heard, reviewer):
    some = answers(heard)
    some.popitem()
    for wrong in ({}, some, answers(heard, "")):
        with clock.at(date(2026, 3, 6)), pytest.raises(Refused, match="逐条答复") as refusal:
            actions.weigh(heard, by=reviewer, answers=wrong, opinion="事实清楚", advice="dismiss")
        assert refusal.value.article == "12¶2"


@pytest.mark.parametrize("role", ["intake", "leader", "inspector", "matcher"])
def test_12_2_whoever_handled_or_proposed_it_does_not_weigh_it(heard, role):
    outsider = person("outsider", role)
    with pytest.raises(PermissionDenied):
        actions.weigh(heard, by=outsider, answers=answers(heard), opinion="事实清楚", advice="dismiss")


def test_12_2_nor_does_a_handler_who_has_that_role_too(issued, heard, intake):
    both = person("both", "intake", "reviewer")
    Dismissal.objects.filter(pk=issued.pk).update(handler=both)
    with clock.at(date(2026, 3, 6)), pytest.raises(Exception, match="art12_2_weighed_by_another"):
        actions.weigh(heard, by=both, answers=answers(heard), opinion="事实清楚", advice="dismiss")


def test_12_1_own_request_with_waiver_is_short_and_still_confirmed(own, intake, leader):
    asked = actions.resign(by=own.user, words="工作调动", waives=True)
    actions.forward(asked, by=intake)
    actions.confirm(asked, by=leader, decision="同意")
    actions.receive_decision(asked, by=own.user)

    assert asked.state == Dismissal.State.DISMISSED
    assert not Delivery.objects.filter(paper="notice").exists()
    assert not Appointment.objects.in_force(clock.today()).exists()


def test_12_1_without_waiver_the_notice_comes_first(own, intake):
    asked = actions.resign(by=own.user, words="工作调动")

    with pytest.raises(Refused, match="请立案后先告知"):
        actions.forward(asked, by=intake)
    actions.take_up(asked, by=intake)
    actions.issue_notice(asked, by=intake, facts="本人申请不再担任。", reasons="符合第十二条第一项。")

    assert asked.state == Dismissal.State.NOTICE_ISSUED


def test_12_4_without_evidence_no_notice_is_issued(proposed, intake):
    actions.take_up(proposed, by=intake)
    with pytest.raises(Refused, match="还没有证据"):
        actions.issue_notice(proposed, by=intake, facts="卖课", reasons="牟利")


@pytest.fixture
def counted(own, reviewer):
    """Friday 2026-03-06: three refusals are judged, and the ledger opens a case."""
    with clock.at(date(2026, 3, 6)):
        for _ in range(3):
            refusal = make.make_refusal("awaiting_judgement", expert=own)
            actions.judge(refusal, by=reviewer, finding="no_reason", reasons="没有说明")
        yield Dismissal.objects.get(expert=own)


def test_12_3_the_ledger_opens_a_case_with_its_entries_and_changes_nothing_else(counted, own):
    assert (counted.ground, counted.state, counted.strikes.count()) == ("12(3)", "proposed", 3)
    assert (counted.opened_by, counted.handler) == (None, None)
    assert Appointment.objects.in_force(clock.today()).exists()
    assert not Dismissal.objects.suspending(clock.today()).exists()


def test_12_3_while_an_entry_is_under_appeal_or_reversed_nothing_goes_on(counted, own, intake, inspector):
    actions.inspect_origin(counted, by=inspector, origin="三次安排互不相干")
    actions.take_up(counted, by=intake)
    strike = own.strikes.first()
    actions.appeal(strike, by=own.user, words="那天在医院")

    with pytest.raises(Refused, match="不到三次"):
        actions.issue_notice(counted, by=intake, facts="三次", reasons="三次")
    actions.reverse(strike, by=inspector, answer="有病历")
    with pytest.raises(Refused, match="不到三次"):
        actions.issue_notice(counted, by=intake, facts="三次", reasons="三次")


def test_12_3_an_entry_maintained_after_the_appeal_lets_it_go_on(counted, own, intake, inspector):
    actions.inspect_origin(counted, by=inspector, origin="三次安排互不相干")
    actions.take_up(counted, by=intake)
    strike = own.strikes.first()
    actions.appeal(strike, by=own.user, words="那天在医院")
    actions.maintain(strike, by=inspector, answer="医院没有记录")
    actions.issue_notice(counted, by=intake, facts="三次", reasons="三次")

    assert counted.state == Dismissal.State.NOTICE_ISSUED
    assert Dismissal.objects.filter(expert=own).count() == 1


def test_12_3_entries_of_one_day_are_marked_and_wait_for_the_inspector(counted, intake):
    assert counted.flag == "同一天有3次"

    actions.take_up(counted, by=intake)
    with pytest.raises(Refused, match="先由纪检核查来源"):
        actions.issue_notice(counted, by=intake, facts="三次", reasons="三次")


def test_12_2_heard_in_person_when_he_asks_for_it(told, own, intake, reviewer):
    with clock.at(date(2026, 3, 5)):
        actions.ask_hearing(told, by=own.user)
        with pytest.raises(Refused, match="最早2026年03月16日"):
            actions.set_hearing(told, by=intake, at=clock.instant(date(2026, 3, 13), 9), place="三楼会议室")
        actions.set_hearing(told, by=intake, at=clock.instant(date(2026, 3, 16), 9), place="三楼会议室")
        with pytest.raises(Refused, match="还没有到听取时间"):
            actions.record_hearing(told, by=reviewer, points=["没有"], hearing_record="笔录", proof=make.pdf())
    with clock.at(clock.instant(date(2026, 3, 16), 10)):
        actions.record_hearing(told, by=reviewer, points=["没有"], hearing_record="笔录", proof=make.pdf())
        actions.weigh(told, by=reviewer, answers=answers(told), opinion="事实清楚", advice="warn")

    assert (told.state, told.heard_how) == (Dismissal.State.WEIGHED, "hearing")
