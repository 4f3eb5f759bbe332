"""What time brings about in evaluation: each job does the right thing once, however often and however late it runs."""

from datetime import date

import pytest

from evaluations import actions, tasks
from evaluations.models import Dismissal, Refusal, Strike
from expertteam import clock
from expertteam.models import CalendarYear, Notification
from expertteam.workflow import LINK
from tests.acts import run
from tests.conftest import person
from tests.evaluations.ledger import attitude, refusal
from tests.make import (
    make_dismissal,
    make_expert,
    make_offer,
    make_rating,
    make_rating_case,
    make_refusal,
    make_user,
    pdf,
)

pytestmark = pytest.mark.django_db


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

    assert told(reviewer, "差评认定已超期") == [f"{case.number}还没有认定，请尽快认定。"] * count
    assert told(intake, "差评认定已超期") == []


@pytest.mark.parametrize("state", ["awaiting_statement", "found", "closed"])
def test_12_2_nobody_is_reminded_of_what_does_not_wait_for_a_finding(reviewer, state):
    make_rating_case(state, statement_due=date(2026, 3, 16))

    run(tasks.remind_of_findings, date(2026, 5, 20))

    assert told(reviewer, "差评认定已超期") == []


@pytest.mark.parametrize(("on", "count"), [(date(2026, 3, 20), 0), (date(2026, 3, 21), 1)])
def test_12_3_whoever_judges_is_told_of_an_overdue_judgement_once_a_week(reviewer, on, count):
    refused = make_refusal("awaiting_judgement", reason_due=date(2026, 3, 13))

    run(tasks.remind_of_findings, on)

    assert told(reviewer, "不履职认定已超期") == [f"{refused.number}还没有认定，请尽快认定。"] * count


# What was not done, and the silence that follows


def test_12_3_what_was_not_done_becomes_a_lead_once_and_counts_nothing():
    offer = make_offer("lapsed")

    run(tasks.collect_refusals, date(2026, 3, 6), date(2026, 4, 20))

    assert [(lead.offer, lead.state) for lead in Refusal.objects.all()] == [(offer, "lead")]
    assert not Strike.objects.exists()


def moves(record, move):
    return record.history.filter(history_change_reason=move.reason).count()


@pytest.mark.parametrize(
    ("days", "state"),
    [
        ([date(2026, 3, 11)], "told"),
        ([date(2026, 3, 12)], "heard"),
        ([date(2026, 3, 12), date(2026, 5, 20)], "heard"),
        ([date(2026, 5, 20)], "heard"),
    ],
)
def test_12_silence_about_the_notice_is_heard_after_its_last_day(reviewer, days, state):
    case = make_dismissal("told")

    run(tasks.lapse_defences, *days)

    case.refresh_from_db()
    lapsed = state == "heard"
    assert (case.state, moves(case, actions.lapse_defence)) == (state, lapsed)
    assert len(told(reviewer, "有一件解聘案件待复核")) == lapsed
    assert case.defence_until == date(2026, 3, 11)


def test_12_silence_counts_nothing_while_its_last_day_is_provisional(intake):
    case = make_dismissal("notice_issued")
    with clock.at(date(2026, 12, 29)):
        actions.serve_notice(case, by=intake, channel="hand", served_on=date(2026, 12, 29), proof=pdf())
    run(tasks.lapse_defences, date(2027, 2, 1))
    case.refresh_from_db()
    before = case.state

    CalendarYear.objects.create(year=2027, source="国务院办公厅关于2027年部分节假日安排的通知")
    run(tasks.lapse_defences, date(2027, 2, 1))

    case.refresh_from_db()
    assert (before, case.state) == ("told", "heard")


# Thresholds


def entered(expert, enter, *days):
    for day in days:
        enter(expert, day)


APRIL, MAY, JUNE = date(2026, 4, 1), date(2026, 5, 6), date(2026, 6, 3)


@pytest.mark.parametrize(("enter", "ground"), [(attitude, "12(2)"), (refusal, "12(3)")])
def test_12_at_three_a_case_with_all_entries_is_opened_once(intake, enter, ground):
    expert = make_expert()
    entered(expert, enter, APRIL, MAY, JUNE)

    run(tasks.weigh_up_ledgers, date(2026, 6, 4), date(2026, 7, 20))

    case = Dismissal.objects.get()
    assert (case.expert, case.ground, case.state) == (expert, ground, "proposed")
    assert set(case.strikes.all()) == set(expert.strikes.all())
    assert len(told(intake, "有一件解聘线索待处理")) == 1
    assert expert.appointments.get().void_from is None  # nothing else happens by itself


def test_12_at_two_a_talk_is_proposed_once_for_the_second_entry(intake):
    expert = make_expert(user=make_user(name="韩砚秋"))
    entered(expert, attitude, APRIL, MAY)

    run(tasks.weigh_up_ledgers, date(2026, 5, 7), date(2026, 6, 30))

    assert told(intake, "建议约谈") == ["韩砚秋服务态度恶劣已有2次计次，建议约谈。"]
    assert not Dismissal.objects.exists()


def test_12_a_clerk_who_came_later_is_told_too():
    entered(make_expert(), attitude, APRIL, MAY)
    run(tasks.weigh_up_ledgers, date(2026, 5, 7))

    successor = person("successor", "intake")
    run(tasks.weigh_up_ledgers, date(2026, 5, 8))

    assert len(told(successor, "建议约谈")) == 1


def test_12_a_talk_that_was_held_is_not_proposed_again(intake):
    expert = make_expert()
    entered(expert, attitude, APRIL, MAY)
    with clock.at(date(2026, 5, 7)):
        actions.record_talk(expert, by=intake, ground="12(2)", held_on=date(2026, 5, 7), note="谈了怎么待人")

    run(tasks.weigh_up_ledgers, date(2026, 5, 8))

    assert told(intake, "建议约谈") == []


def test_12_one_or_none_is_nobodys_business(intake):
    entered(make_expert(), attitude, APRIL)

    run(tasks.weigh_up_ledgers, date(2026, 5, 8))

    assert not Notification.objects.filter(to=intake).exists()


def test_12_what_was_decided_upon_is_not_opened_again_but_by_another_entry():
    expert = make_expert()
    entered(expert, attitude, APRIL, MAY, JUNE)
    with clock.at(date(2026, 6, 4)):
        actions.weigh_up(expert)
        [case] = Dismissal.objects.all()
        actions.drop(case, by=person("other", "reviewer"), drop_reason="查无此事")

    run(tasks.weigh_up_ledgers, date(2026, 6, 5), date(2026, 7, 5))
    before = Dismissal.objects.count()
    entered(expert, attitude, date(2026, 7, 8))
    run(tasks.weigh_up_ledgers, date(2026, 7, 9))

    assert (before, Dismissal.objects.count()) == (1, 2)


def test_12_a_case_that_had_to_wait_for_another_is_opened_once_that_is_over():
    expert = make_expert()
    waiting = make_dismissal(expert=expert)
    entered(expert, attitude, APRIL, MAY, JUNE)
    run(tasks.weigh_up_ledgers, date(2026, 6, 4))
    before = Dismissal.objects.count()

    with clock.at(date(2026, 6, 10)):
        actions.drop(waiting, by=person("other", "reviewer"), drop_reason="查无此事")
    run(tasks.weigh_up_ledgers, date(2026, 6, 11))

    assert (before, [case.ground for case in Dismissal.objects.open()]) == (1, ["12(2)"])


# Service of a decision


@pytest.mark.parametrize(
    ("days", "count"),
    [
        (["due"], 0),
        (["late"], 1),
        (["late", "weeks"], 2),
        (["weeks"], 1),
    ],
)
def test_12_whoever_handles_it_is_told_once_a_week_of_a_decision_that_is_not_served(intake, leader, days, count):
    case = make_dismissal("confirmed", decision_due=date(2026, 3, 16))  # a Monday
    on = {"due": date(2026, 3, 16), "late": date(2026, 3, 17), "weeks": date(2026, 4, 8)}

    run(tasks.remind_of_services, *(on[day] for day in days))

    body = f"{case.number}的决定书应在3月16日前送达，送达前聘书仍然有效。"
    assert told(intake, "决定书还没有送达") == [body] * count
    assert told(leader, "决定书还没有送达") == []


def test_12_a_decision_that_was_served_is_not_reminded_of():
    make_dismissal("dismissed", decision_due=date(2026, 3, 16))
    person("clerk", "intake")

    run(tasks.remind_of_services, date(2026, 4, 8))

    assert not Notification.objects.filter(subject="决定书还没有送达").exists()


def test_12_nobody_in_office_is_reminded_of_what_is_about_himself():
    officer, other = person("officer", "intake", "reviewer"), person("other", "intake", "reviewer")
    own = make_expert(user=officer)
    rating = {"grade": 1, "wrong": ["other"], "expert": own}
    make_rating_case(call_due=date(2026, 3, 9), rating=make_rating(**rating))
    make_rating_case("awaiting_finding", statement_due=date(2026, 3, 16), rating=make_rating(**rating))
    make_refusal("awaiting_judgement", expert=own, kind="other", what="约好的培训没有来")
    make_dismissal("confirmed", expert=own)

    for task in (tasks.remind_of_calls, tasks.remind_of_findings, tasks.remind_of_services):
        run(task, date(2026, 5, 20))

    assert not Notification.objects.filter(to=officer).exists()
    assert Notification.objects.filter(to=other, channel="inapp").count() == 4
