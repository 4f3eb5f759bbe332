"""What happens in the middle of a case: an appeal, another term, a year without holidays, a late entry (Article 12)."""

from datetime import date

import pytest

from evaluations import actions, dismissal_rows, dossier, workload
from evaluations.models import Dismissal
from expertteam import clock
from expertteam.models import CalendarDay, CalendarYear, Notification, User
from expertteam.regulation import Refused
from services.models import Service
from tests import make
from tests.conftest import person
from tests.evaluations import ledger

DAYS = [date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 5)]
pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def own(db):
    return make.make_expert()


def weighed(own, strikes, reviewer):
    """On the entries, told and heard on Wednesday 2026-03-04 and the day after."""
    case = make.make_dismissal(expert=own, ground=strikes[0].ground, appointment=strikes[0].appointment)
    case.strikes.set(strikes)
    for state in ("examining", "notice_issued", "told", "heard"):
        for name, value in make.taken(case, state).items():
            setattr(case, name, value)
        case.state = state
        case.save()
    return actions.weigh(case, by=reviewer, answers={}, opinion="属实", advice="dismiss")


def test_12_3_nobody_decides_while_an_entry_may_still_be_appealed(own, reviewer, leader):
    until = date(2026, 3, 23)  # of every entry
    strikes = [ledger.refusal(own, day) for day in DAYS]
    with clock.at(date(2026, 3, 6)):
        case = weighed(own, strikes, reviewer)
    with clock.at(clock.instant(until, 23, 59)), pytest.raises(Refused, match="不能再申诉的有效计次现在不到三次"):
        actions.confirm(case, by=leader, decision="同意")
    with clock.at(date(2026, 3, 24)):
        actions.confirm(case, by=leader, decision="同意")

    assert case.state == "confirmed"


def test_12_3_what_was_maintained_is_settled_at_once(own, reviewer, leader):
    strikes = [ledger.refusal(own, day, "maintained") for day in DAYS]
    with clock.at(date(2026, 3, 6)):
        assert actions.confirm(weighed(own, strikes, reviewer), by=leader, decision="同意").state == "confirmed"


def test_12_3_whoever_found_an_entry_does_not_decide(own, reviewer, leader):
    strikes = [ledger.refusal(own, day, "maintained") for day in DAYS]
    both = strikes[0].found_by
    both.groups.set(leader.groups.all())
    with clock.at(date(2026, 3, 6)), pytest.raises(Refused, match="认定计次的人不能决定"):
        actions.confirm(weighed(own, strikes, reviewer), by=both, decision="同意")


@pytest.mark.parametrize("role", ["reviewer", "leader"])
def test_12_3_whoever_arranged_what_was_refused_neither_weighs_nor_decides(own, role, reviewer, leader):
    refusals = [make.make_refusal("judged", expert=own, day=day) for day in DAYS]
    strikes = [make.make_strike("maintained", refusal=refusal) for refusal in refusals]
    offer = refusals[2].offer
    offer.offered_by = {"reviewer": reviewer, "leader": leader}[role]
    offer.save()

    with clock.at(date(2026, 3, 6)), pytest.raises(Refused, match="匹配过所涉服务的人不能复核和决定"):
        actions.confirm(weighed(own, strikes, reviewer), by=leader, decision="同意")
    assert Dismissal.objects.get().state == {"reviewer": "heard", "leader": "weighed"}[role]


@pytest.mark.parametrize("role", ["reviewer", "leader"])
def test_12_2_whoever_proposed_the_pairing_of_which_somebody_complains_does_neither(own, role, reviewer, leader):
    strikes = [ledger.attitude(own, day, "maintained") for day in DAYS]
    proposed_by = {"reviewer": reviewer, "leader": leader}[role]
    Service.objects.filter(pk=strikes[1].service_id).update(
        pairing=make.make_pairing(expert=own, proposed_by=proposed_by)
    )

    with clock.at(date(2026, 3, 6)), pytest.raises(Refused, match="匹配过所涉服务的人不能复核和决定"):
        actions.confirm(weighed(own, strikes, reviewer), by=leader, decision="同意")
    case = Dismissal.objects.get()
    assert case.state == {"reviewer": "heard", "leader": "weighed"}[role]
    assert rows(proposed_by) == []
    assert rows(person("another", role)) == [case.number]
    move = {"reviewer": actions.weigh, "leader": actions.confirm}[role]
    assert dossier.offered(case, proposed_by, [move]) == []
    assert dossier.offered(case, User.objects.get(username="another"), [move]) == [move]


def rows(user):
    """The cases that this person is to weigh or to decide."""
    return [row(each).number for _, open_, row in dismissal_rows.QUEUES for each in open_(user)]


def test_3_the_count_of_one_term_ends_nobody_in_the_next(own, reviewer, leader):
    make.make_appointment(own.user, first_day=date(2029, 3, 1))
    strikes = [ledger.refusal(own, day) for day in DAYS]
    with clock.at(date(2026, 3, 6)):
        case = weighed(own, strikes, reviewer)
    with clock.at(date(2029, 3, 1)):
        with pytest.raises(Refused, match="聘期已满"):
            actions.confirm(case, by=leader, decision="同意")
        actions.drop(case, by=person("second", "reviewer"), drop_reason="聘期届满")
        assert own.appointments.in_force(clock.today()).exists()


def test_3_a_decision_served_after_the_term_ends_nothing(own, intake):
    case = make.make_dismissal("confirmed", expert=own)
    with clock.at(date(2029, 3, 1)):
        with pytest.raises(Refused, match="聘期已满"):
            actions.receive_decision(case, by=own.user)
        served = {"channel": "hand", "served_on": date(2029, 3, 1), "proof": make.pdf()}
        with pytest.raises(Refused, match="聘期已满"):
            actions.serve_decision(case, by=intake, **served)
        actions.drop(case, by=person("second", "reviewer"), drop_reason="聘期届满")

    assert case.state == "dropped"


def test_12_3_a_finding_after_the_term_ended_early_is_still_entered(own, reviewer):
    dismissed = make.make_dismissal("dismissed", expert=own)
    own.appointments.update(void_from=dismissed.effective_on)
    refusal = make.make_refusal(
        "awaiting_judgement", expert=own, kind="other", what="培训没有来", day=dismissed.effective_on
    )
    with clock.at(date(2026, 3, 16)):
        actions.judge(refusal, by=reviewer, finding="no_reason", reasons="没有说明")

    assert refusal.strike.appointment == own.appointments.get()


@pytest.fixture
def issued(own):
    return make.make_dismissal("notice_issued", expert=own)


def test_12_2_his_days_run_from_the_day_on_which_he_can_speak(issued, intake):
    with clock.at(date(2026, 3, 16)):
        given = {"channel": "left", "served_on": date(2026, 3, 4), "proof": make.pdf()}
        actions.serve_notice(issued, by=intake, **given)

        assert issued.told_on == date(2026, 3, 4)
        assert issued.defence_until == date(2026, 3, 23)
        with pytest.raises(Refused, match="期限到2026年3月23日为止"):
            actions.lapse_defence(issued, by=intake)


def publish(year, *holidays):
    CalendarYear.objects.create(year=year, source="国务院办公厅通知")
    for day in holidays:
        notice = CalendarYear.objects.get(year=year)
        CalendarDay.objects.create(year=notice, date=day, kind="holiday", name="元旦")


def test_12_2_holidays_that_become_known_later_lengthen_his_days(issued, own, intake):
    with clock.at(date(2026, 12, 30)):
        actions.receive_notice(issued, by=own.user)
    assert issued.defence_until == date(2027, 1, 6)
    with clock.at(date(2027, 1, 7)):
        with pytest.raises(Refused, match="只是暂定"):
            actions.lapse_defence(issued, by=intake)
        publish(2027, date(2027, 1, 1))
        with pytest.raises(Refused, match="期限到2027年1月7日为止"):
            actions.lapse_defence(issued, by=intake)
        actions.defend(issued, by=own.user, points=["我有话说"])

    assert issued.state == "heard"


def test_12_2_an_extension_into_an_unknown_year_is_provisional(issued, own, intake):
    with clock.at(date(2026, 12, 22)):
        actions.receive_notice(issued, by=own.user)
        actions.extend(issued, by=intake, extension="本人住院")
    assert issued.defence_until == date(2027, 1, 5)
    with clock.at(date(2027, 1, 6)), pytest.raises(Refused, match="只是暂定"):
        actions.lapse_defence(issued, by=intake)


def test_12_2_whoever_took_the_case_over_does_not_weigh_it(own, intake):
    both = person("both", "intake", "reviewer")
    case = make.make_dismissal("heard", expert=own, handler=intake)
    actions.hand_on(case, by=intake, to=both)

    assert dossier.offered(case, both, [actions.weigh]) == []
    assert list(dismissal_rows.cases(actions.weigh, both)) == []
    with pytest.raises(Refused, match="承办的人不能复核"):
        actions.weigh(case, by=both, answers={}, opinion="属实", advice="dismiss")


def test_12_2_a_hearing_in_another_room_is_told_anew(own, intake):
    case = make.make_dismissal("hearing_asked", expert=own)
    at = clock.instant(date(2026, 3, 24), 9)
    for place in ("三楼会议室", "五楼会议室"):
        actions.set_hearing(case, by=intake, at=at, place=place)

    told = Notification.objects.filter(to=own.user, subject="当面听取您的意见", channel="inapp").order_by("pk")
    assert ["三楼" in told[0].body, "五楼" in told[1].body] == [True, True]


def test_12_2_a_hearing_is_entered_point_by_point(own, reviewer):
    case = make.make_dismissal("hearing_set", expert=own)
    with clock.at(clock.instant(date(2026, 3, 16), 10)), pytest.raises(Refused, match="逐条录入"):
        actions.record_hearing(case, by=reviewer, points=[], hearing_record="笔录", proof=make.pdf())


def test_12_2_a_waiver_that_somebody_else_enters_is_told_to_the_expert(own, intake):
    case = make.make_dismissal("told", expert=own)
    with clock.at(date(2026, 3, 5)):
        actions.record_defence(case, by=intake, how="waiver", day=date(2026, 3, 5), proof=make.pdf())

    told = Notification.objects.get(to=own.user, subject="您的意见已登记", channel="inapp")
    assert "您放弃陈述申辩已登记" in told.body
    assert len(told.body) <= 70


def test_12_nobody_learns_by_his_office_of_the_case_against_him(inspector):
    clerk = person("clerk", "intake")
    own, other = make.make_expert(user=clerk), person("other", "intake")
    actions.propose(own, by=inspector, ground="12(4)", clue="有来访者反映他推销课程")

    told = Notification.objects.filter(subject="有一件解聘线索待处理")
    assert set(told.values_list("to", flat=True)) == {other.pk}


def test_12_3_what_was_reached_beside_another_case_is_opened_when_that_is_closed(own, reviewer):
    asked = actions.resign(by=own.user, words="工作调动")
    for day in DAYS:
        ledger.refusal(own, day)
    with clock.at(date(2026, 3, 6)):
        actions.weigh_up(own)
        assert Dismissal.objects.filter(expert=own).count() == 1
        actions.take_back(asked, by=own.user)

        opened = Dismissal.objects.open().get(expert=own)
        assert (opened.ground, opened.strikes.count()) == ("12(3)", 3)
        actions.drop(opened, by=reviewer, drop_reason="三次互有关联")
        assert not Dismissal.objects.open().filter(expert=own).exists()


@pytest.mark.parametrize(("state", "upheld"), [("standing", 1), ("maintained", 1), ("reversed", 0)])
def test_10_1_what_an_appeal_took_out_does_not_spoil_the_year(own, state, upheld):
    ledger.attitude(own, DAYS[0], state)

    assert workload.of(own, date(2026, 1, 1), date(2026, 12, 31)).upheld == upheld
