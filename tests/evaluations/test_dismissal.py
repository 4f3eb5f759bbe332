"""The whole course of a dismissal through its verbs (Article 12), ground by ground, and every way around it."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from evaluations import actions
from evaluations.models import Delivery, Dismissal
from experts.models import Appointment, Expert
from expertteam import clock
from expertteam.models import Notification, Policy
from expertteam.regulation import Refused
from services.models import ServiceRequestGrant
from services.suspension import suspended
from tests import make
from tests.conftest import person

TOLD = date(2026, 3, 4)  # Wednesday
LAST = date(2026, 3, 11)  # the fifth working day after it
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


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
        with pytest.raises(Refused, match="陈述申辩期限到2026年3月11日为止"):
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
    with clock.at(date(2026, 3, 6)), pytest.raises(Refused, match="承办的人不能复核"):
        actions.weigh(heard, by=both, answers=answers(heard), opinion="事实清楚", advice="dismiss")
    with pytest.raises(IntegrityError, match="art12_2_weighed_by_another"), transaction.atomic():
        Dismissal.objects.filter(pk=heard.pk).update(weighed_by=both)


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


def test_12_3_what_he_was_not_told_of_does_not_replace_what_was_reversed(
    counted, own, intake, inspector, reviewer, leader
):
    actions.inspect_origin(counted, by=inspector, origin="三次安排互不相干")
    actions.take_up(counted, by=intake)
    actions.issue_notice(counted, by=intake, facts="三次", reasons="三次")
    actions.receive_notice(counted, by=own.user)
    actions.waive(counted, by=own.user)
    actions.weigh(counted, by=reviewer, answers={}, opinion="属实", advice="dismiss")
    strike = own.strikes.first()
    actions.appeal(strike, by=own.user, words="那天在医院")
    actions.reverse(strike, by=inspector, answer="有病历")
    fourth = make.make_refusal("awaiting_judgement", expert=own)
    actions.judge(fourth, by=reviewer, finding="no_reason", reasons="没有说明")

    with pytest.raises(Refused, match="不到三次"):
        actions.confirm(counted, by=leader, decision="同意解聘")


def test_12_3_entries_of_one_day_are_marked_and_wait_for_the_inspector(counted, intake):
    assert counted.flag == "同一天有3次"

    actions.take_up(counted, by=intake)
    with pytest.raises(Refused, match="先由纪检核查来源"):
        actions.issue_notice(counted, by=intake, facts="三次", reasons="三次")


def test_12_2_heard_in_person_when_he_asks_for_it(told, own, intake, reviewer):
    with clock.at(date(2026, 3, 5)):
        actions.ask_hearing(told, by=own.user)
        with pytest.raises(Refused, match="最早2026年3月16日"):
            actions.set_hearing(told, by=intake, at=clock.instant(date(2026, 3, 13), 9), place="三楼会议室")
        actions.set_hearing(told, by=intake, at=clock.instant(date(2026, 3, 16), 9), place="三楼会议室")
        with pytest.raises(Refused, match="还没有到听取时间"):
            actions.record_hearing(told, by=reviewer, points=["没有"], hearing_record="笔录", proof=make.pdf())
    with clock.at(clock.instant(date(2026, 3, 16), 10)):
        actions.record_hearing(told, by=reviewer, points=["没有"], hearing_record="笔录", proof=make.pdf())
        actions.weigh(told, by=reviewer, answers=answers(told), opinion="事实清楚", advice="warn")

    assert (told.state, told.heard_how) == (Dismissal.State.WEIGHED, "hearing")


def test_12_2_who_asks_to_be_heard_by_telephone_is_entered_by_the_office(told, own, intake, reviewer):
    asked = {"way": "phone", "day": date(2026, 3, 11), "proof": make.pdf("电话记录.pdf")}
    with clock.at(date(2026, 3, 12)):  # the call came on the last day
        actions.record_hearing_request(told, by=intake, **asked)

    kept = told.files.get(kind="defence")
    assert (told.state, kept.shows) == (Dismissal.State.HEARING_ASKED, "来电要求当面陈述，2026年3月11日收到")
    assert list(type(kept).objects.own(own.user).filter(pk=kept.pk)) == [kept]
    said = Notification.objects.get(to=own.user, subject="正在安排当面陈述", channel="inapp").body
    assert ("3月11日（周三）要求当面陈述已登记" in said, len(said) <= 70) == (True, True)
    assert Notification.objects.filter(to=intake, subject="专家要求当面陈述").exists()
    handled = [move.verb for move in actions.weigh.apart_from]
    assert "record_hearing_request" in handled


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"day": date(2026, 3, 12)}, "期限已过"),
        ({"day": date(2026, 3, 3)}, "告知书送达之后"),
        ({"day": date(2026, 3, 13)}, "不晚于今天"),
        ({"proof": None}, "请上传来信"),
        ({"way": "pigeon"}, "来信、到窗口还是来电"),
    ],
)
def test_12_2_a_wish_to_be_heard_is_entered_with_day_way_and_proof(told, intake, wrong, words):
    asked = {"way": "letter", "day": date(2026, 3, 11), "proof": make.pdf()} | wrong
    with clock.at(date(2026, 3, 12)), pytest.raises(Refused, match=words):
        actions.record_hearing_request(told, by=intake, **asked)


def test_12_2_only_who_handles_cases_enters_that_somebody_asks_to_be_heard(told, reviewer, leader, inspector):
    asked = {"way": "letter", "day": date(2026, 3, 5), "proof": make.pdf()}
    for other in (reviewer, leader, inspector, told.expert.user):
        with clock.at(date(2026, 3, 5)), pytest.raises(PermissionDenied):
            actions.record_hearing_request(told, by=other, **asked)


@pytest.mark.parametrize(
    ("day", "hour", "words"),
    [
        (date(2026, 3, 16), (23, 30), "8:00到18:00"),
        (date(2026, 3, 16), (7, 59), "8:00到18:00"),
        (date(2026, 3, 16), (18, 0), "8:00到18:00"),
        (date(2026, 3, 21), (9, 0), "2026年3月21日不是工作日"),  # Saturday
        (date(2026, 4, 6), (9, 0), "不是工作日"),  # Monday of 清明节
        (date(2027, 3, 20), (9, 0), "不是工作日"),  # Saturday of a year without schedule
    ],
)
def test_12_2_nobody_is_heard_at_night_or_on_a_day_off(own, intake, day, hour, words):
    case = make.make_dismissal("hearing_asked", expert=own)
    with clock.at(date(2026, 3, 5)), pytest.raises(Refused, match=words):
        actions.set_hearing(case, by=intake, at=clock.instant(day, *hour), place="三楼会议室")


@pytest.mark.parametrize("at", [(date(2026, 3, 16), 8), (date(2026, 3, 16), 17, 59), (date(2027, 3, 19), 9)])
def test_12_2_within_office_hours_a_hearing_is_set(own, intake, at):
    case = make.make_dismissal("hearing_asked", expert=own)
    with clock.at(date(2026, 3, 5)):
        actions.set_hearing(case, by=intake, at=clock.instant(*at), place="三楼会议室")

    assert case.state == Dismissal.State.HEARING_SET


def test_12_what_was_open_goes_back_in_the_same_act(own, intake, http):
    request = make.make_arranged(own, starts_at=clock.instant(date(2026, 3, 12), 14))
    pairing = make.make_pairing(expert=own)
    confirmed = make.make_dismissal("confirmed", expert=own)
    assert ServiceRequestGrant.objects.filter(user=own.user).exists()

    with clock.at(date(2026, 3, 10)):
        actions.receive_decision(confirmed, by=own.user)
        request.refresh_from_db()
        pairing.refresh_from_db()

        assert (request.state, request.expert) == ("submitted", None)
        assert pairing.state == "called_off"
        assert not ServiceRequestGrant.objects.filter(user=own.user).exists()
        assert http.get(f"/experts/{own.no}/").status_code == 410
        assert "已不再聘任" in http.get(f"/verify/{own.appointments.get().token}/").content.decode()
    told = Notification.objects.filter(key__startswith=f"carried-out:{confirmed.number}")
    assert "1件预约重新匹配，1组结对终止，1项查阅授权收回" in told.first().body


def test_12_a_term_still_to_come_never_begins(own, request):
    coming = make.make_appointment(own.user, first_day=date(2029, 3, 1))
    confirmed = request.getfixturevalue("confirmed")
    with clock.at(date(2026, 3, 10)):
        actions.receive_decision(confirmed, by=own.user)

    coming.refresh_from_db()
    assert coming.void_from == date(2026, 3, 10)
    assert not Appointment.objects.in_force(date(2029, 3, 1)).exists()


@pytest.mark.parametrize("state", ["proposed", "examining", "told", "heard", "weighed", "confirmed"])
def test_12_2_while_a_case_is_open_nothing_new_goes_to_him_where_the_bureau_has_it_so(own, state):
    make.make_dismissal(state, expert=own)
    suspended_now = own.pk in suspended(clock.today())

    assert suspended_now is (state != "proposed")
    Policy.objects.create(key="suspend_during_case", value=0, effective_from=date(2026, 3, 1), source="局务会纪要")
    assert own.pk not in suspended(clock.today())


def test_12_the_decision_of_keeping_him_ends_the_case_and_the_suspension(weighed, own, leader):
    with clock.at(date(2026, 3, 9)):
        actions.keep(weighed, by=leader, decision="情节轻微", warned=True)

        assert (weighed.state, weighed.warned) == ("kept", True)
        assert own.pk not in suspended(clock.today())
        assert Appointment.objects.in_force(clock.today()).exists()


def test_12_after_the_term_nobody_is_dismissed(weighed, leader, reviewer):
    with clock.at(date(2029, 3, 1)):
        with pytest.raises(Refused, match="聘期已满") as refusal:
            actions.confirm(weighed, by=leader, decision="同意解聘")
        assert refusal.value.article == "3"
        actions.drop(weighed, by=person("second", "reviewer"), drop_reason="聘期届满，自动终止")

    assert weighed.state == "dropped"


def test_12_2_once_he_is_told_only_the_leader_ends_it(told):
    with pytest.raises(Refused, match="由局领导决定"):
        actions.drop(told, by=person("second", "reviewer"), drop_reason="不办了")


def test_12_nobody_decides_on_himself(weighed, own):
    own.user.groups.add(Group.objects.get(name="leader"))
    with pytest.raises(Refused, match="与您本人有关"):
        actions.confirm(weighed, by=own.user, decision="不同意")


def test_12_1_a_request_is_taken_back_until_it_is_decided(own, intake, leader):
    asked = actions.resign(by=own.user, words="工作调动", waives=True)
    with pytest.raises(Refused, match="请打电话联系我们"):
        actions.resign(by=own.user, words="工作调动")
    actions.take_back(asked, by=own.user)
    again = actions.resign(by=own.user, words="工作调动", waives=True)
    actions.forward(again, by=intake)
    actions.confirm(again, by=leader, decision="同意")

    with pytest.raises(Refused, match="现在的状态是"):
        actions.take_back(again, by=own.user)
    assert (asked.state, again.state) == ("dropped", "confirmed")


@pytest.mark.parametrize(
    ("posted", "on", "told_on"),
    [
        (date(2026, 3, 2), date(2026, 3, 31), None),
        (date(2026, 3, 2), date(2026, 4, 1), date(2026, 4, 1)),
    ],
    ids=["29 days", "30 days"],
)
def test_12_2_a_public_notice_serves_after_thirty_days(issued, intake, posted, on, told_on):
    with clock.at(on):
        given = {"channel": "public", "served_on": posted, "proof": make.pdf()}
        if told_on is None:
            with pytest.raises(Refused, match="公告还没有满30日"):
                actions.serve_notice(issued, by=intake, **given)
        else:
            actions.serve_notice(issued, by=intake, **given)
            assert issued.told_on == told_on


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"channel": "online"}, "网上签收由本人办理"),
        ({"served_on": date(2026, 3, 1)}, "早于文书制发日期"),
        ({"served_on": date(2026, 3, 3)}, "送达日期还没有到"),
        ({"proof": None}, "请上传送达回证"),
    ],
)
def test_12_2_service_that_is_none(issued, intake, given, words):
    whole = {"channel": "hand", "served_on": date(2026, 3, 2), "proof": make.pdf()} | given
    with pytest.raises(Refused, match=words):
        actions.serve_notice(issued, by=intake, **whole)


def test_12_2_the_period_is_extended_once_and_only_while_it_runs(told, intake):
    with clock.at(LAST):
        actions.extend(told, by=intake, extension="本人住院")
        assert told.defence_until == date(2026, 3, 18)
        with pytest.raises(Refused, match="已经延长过一次"):
            actions.extend(told, by=intake, extension="还在住院")


def test_12_2_after_the_last_day_nothing_is_handed_in_any_more(told, own):
    with clock.at(date(2026, 3, 12)):
        for late in (actions.defend, actions.waive, actions.ask_hearing):
            with pytest.raises(Refused, match="期限已过"):
                late(told, by=own.user, **({"points": ["迟到的话"]} if late is actions.defend else {}))
