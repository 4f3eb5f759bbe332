"""Objections and leads: what blocks whom and until when, who may decide, and who may know (Article 11)."""

import contextlib
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from expertteam import clock
from expertteam.models import CalendarYear, Notification
from expertteam.regulation import Refused
from expertteam.workflow import SYSTEM
from recruitment import actions
from recruitment.models import Application, Evidence, Notice, Objection
from tests.conftest import person
from tests.make import (
    course,
    make_bare_notice,
    make_complete_application,
    make_listed,
    make_notice,
    make_objection,
    make_recommendable,
    pdf,
)

State = Objection.State
END = clock.instant(date(2026, 3, 9), 18)  # of a notice released on Monday 2026-03-02
SECOND = timedelta(seconds=1)
CANARY_NAME, CANARY_PHONE, CANARY_FACTS = "鹪鹩鸲", "13955550147", "金丝雀在二〇二三年三月的发票上。"
pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def listed(reviewer):
    """Two people on a running notice."""
    return make_listed(2, by=reviewer)


def object_to(candidate, /, at=date(2026, 3, 4), **fields):
    with clock.at(at):
        return make_objection(candidate, **fields)


def appoint(candidate, leader, at=date(2026, 3, 10)):
    with clock.at(at):
        return actions.appoint(candidate.application, by=leader)


def decide(objection, *, inspector, leader, upheld):
    actions.examine(objection, by=inspector)
    actions.report(objection, by=inspector, report="已核实")
    return actions.decide(objection, by=leader, upheld=upheld, decision="见核实情况")


# What blocks whom


@pytest.mark.parametrize(
    ("at", "name", "state", "late"),
    [
        (END - SECOND, "高明", State.RECEIVED, False),
        (END, "高明", State.RECEIVED, False),
        (END + SECOND, "高明", State.LEAD, True),
        (END - SECOND, "", State.LEAD, False),
        (END + SECOND, "", State.LEAD, True),
    ],
)
def test_11_an_objection_is_named_and_received_by_the_last_second(listed, leader, at, name, state, late):
    objection = object_to(listed[0], at=at, name=name)

    assert (objection.state, objection.late, objection.counts) == (state, late, state == State.RECEIVED)
    if objection.counts:
        with pytest.raises(Refused, match="异议还没有办结"):
            appoint(listed[0], leader)
    else:
        assert appoint(listed[0], leader).state == Application.State.APPOINTED


def test_an_answer_is_due_in_ten_working_days_and_a_lead_has_none(listed):
    due = object_to(listed[0], at=date(2026, 3, 4)).answer_due

    assert due == date(2026, 3, 18)
    assert object_to(listed[0], name="").answer_due is None


def test_the_number_of_an_anonymous_sender_is_not_kept(listed):
    assert object_to(listed[0], name="", phone=CANARY_PHONE).phone == ""


def test_an_objection_to_one_lets_the_others_proceed(listed, leader):
    blocked, free = listed
    object_to(blocked)

    assert appoint(free, leader).state == Application.State.APPOINTED
    with pytest.raises(Refused, match="异议还没有办结"):
        appoint(blocked, leader)


def test_an_objection_to_the_whole_list_blocks_everybody_until_found_baseless(listed, inspector, leader):
    objection = object_to(listed[0], candidate=None)

    for candidate in listed:
        with pytest.raises(Refused, match="异议还没有办结"):
            appoint(candidate, leader)
    decide(objection, inspector=inspector, leader=leader, upheld=False)
    for candidate in listed:
        assert appoint(candidate, leader).state == Application.State.APPOINTED


def test_an_objection_to_the_whole_list_that_is_upheld_stops_the_notice(listed, inspector, leader):
    objection = object_to(listed[0], candidate=None)
    decide(objection, inspector=inspector, leader=leader, upheld=True)

    for candidate in listed:
        with pytest.raises(Refused, match="异议成立"):
            appoint(candidate, leader)


def test_an_upheld_objection_declines_its_candidate_alone(listed, inspector, leader):
    accused, other = listed
    decide(object_to(accused), inspector=inspector, leader=leader, upheld=True)

    states = [Application.objects.get(pk=each.application_id).state for each in listed]
    assert states == [Application.State.DECLINED, Application.State.ON_NOTICE]
    assert appoint(other, leader).state == Application.State.APPOINTED


def test_while_the_end_is_provisional_every_named_objection_is_in_time(reviewer):
    [candidate] = make_listed(by=reviewer, on=date(2026, 12, 28))

    assert object_to(candidate, at=date(2027, 1, 20)).counts


@pytest.mark.parametrize("day", [date(2026, 3, 2), date(2026, 3, 4)])
def test_nothing_is_taken_in_before_the_beginning_or_after_annulment(listed, reviewer, day):
    if day > date(2026, 3, 2):
        actions.annul(listed[0].notice, by=reviewer, reason="名单有误")

    with pytest.raises(Refused, match="还没有开始，或已撤销"):
        object_to(listed[0], at=day)


def test_nobody_is_objected_to_on_the_notice_of_others(listed):
    other = make_bare_notice()

    with clock.at(date(2026, 3, 4)), pytest.raises(Refused, match="名单里没有这个人"):
        actions.lodge(other, candidate=listed[0], kind="untrue", facts="材料不实", name="高明", phone=CANARY_PHONE)


# One receipt for what was sent once


def test_the_same_words_with_the_same_key_count_once(listed):
    first = object_to(listed[0], key="k1", files=[pdf()])

    again = object_to(listed[0], key="k1", files=[pdf()])

    assert (again.pk, Objection.objects.count(), Evidence.objects.count()) == (first.pk, 1, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"key": "k2"},
        {"facts": "还有2024年的另一件事。"},
        {"candidate": None},
        {"name": "", "phone": ""},
        {"files": [pdf("另一份.pdf")]},
    ],
    ids=str,
)
def test_whatever_is_sent_anew_gets_a_receipt_of_its_own(listed, change):
    first = object_to(listed[0], key="k1")

    second = object_to(listed[0], **{"key": "k1"} | change)

    assert second.receipt != first.receipt
    assert Objection.objects.count() == 2


# Who decides


def test_whoever_published_the_notice_does_not_decide_on_it(inspector):
    both = person("both", "leader", "reviewer")
    [candidate] = make_listed(by=both)

    with pytest.raises(Refused, match="发布这份公示的人不能认定"):
        decide(object_to(candidate), inspector=inspector, leader=both, upheld=False)


def test_whoever_examined_does_not_decide(listed):
    both = person("both", "leader", "inspector")

    with pytest.raises(Refused, match="不能再办理“认定异议”"):
        decide(object_to(listed[0]), inspector=both, leader=both, upheld=False)


def test_nobody_in_office_examines_what_is_said_about_himself(inspector):
    inspector_on_the_list = person("listed", "inspector")
    reviewer = person("publisher", "reviewer")
    about, other = make_listed(2, by=reviewer)
    Application.objects.filter(pk=about.application_id).update(applicant=inspector_on_the_list)

    for objection in (object_to(about), object_to(other, candidate=None)):
        with pytest.raises(Refused, match="与您本人有关"):
            actions.examine(objection, by=inspector_on_the_list)
    actions.examine(object_to(other), by=inspector_on_the_list)


def test_nobody_in_office_examines_what_he_said_himself(listed):
    objector = person("objector", "inspector", phone="13900000001")

    with pytest.raises(Refused, match="与您本人有关"):
        actions.examine(object_to(listed[0], phone="13900000001"), by=objector)
    actions.examine(object_to(listed[0], phone="13900000002"), by=objector)


@pytest.mark.parametrize("role", ["intake", "reviewer", "leader", "matcher", "admin", "auditor"])
def test_only_discipline_examines(listed, role):
    with pytest.raises(PermissionDenied):
        actions.examine(object_to(listed[0]), by=person("other", role))


# The answer


def test_the_answer_goes_to_the_number_and_is_found_under_it(listed, inspector, leader):
    objection = decide(object_to(listed[0]), inspector=inspector, leader=leader, upheld=False)

    actions.answer(objection, by=inspector, answer="经核实，任职属实。")

    message = Notification.objects.get(channel="sms", key__startswith="answered:")
    assert message.address == "13900000001"
    assert (objection.receipt in message.body, "任职属实" in message.body) == (True, False)
    assert Objection.objects.answering(objection.receipt, "13900000001").get().answer == "经核实，任职属实。"


@pytest.mark.parametrize(
    ("name", "phone", "found"),
    [("高明", "13900000001", True), ("高明", "13900000002", False), ("高明", "", False), ("", "", True)],
)
def test_a_receipt_leads_to_a_lead_alone_and_to_an_objection_only_with_its_number(listed, name, phone, found):
    objection = object_to(listed[0], name=name, phone="13900000001")

    assert Objection.objects.answering(objection.receipt, phone).exists() is found
    assert not Objection.objects.answering("YC000000000000", phone).exists()


# Who may know


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("inspector", True),
        ("leader", True),
        ("intake", False),
        ("reviewer", False),
        ("matcher", False),
        ("cashier", False),
        ("auditor", False),
        ("admin", False),
        ("expert", False),
    ],
)
def test_only_discipline_and_the_leader_see_objections_and_their_evidence(listed, role, sees):
    object_to(listed[0], files=[pdf()])
    reader = person("reader", role)

    assert Objection.objects.visible_to(reader).exists() is sees
    assert Evidence.objects.visible_to(reader).exists() is sees


def test_who_objects_stands_nowhere_in_clear(listed):
    object_to(listed[0], name=CANARY_NAME, phone=CANARY_PHONE, facts=CANARY_FACTS)

    assert [table for table in connection.introspection.table_names() if canary_in(table)] == []


def canary_in(table):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        told = str(cursor.fetchall())
    return any(canary in told for canary in (CANARY_NAME, CANARY_PHONE, CANARY_FACTS))


def test_who_objects_is_in_no_message(listed, inspector, leader):
    objection = object_to(listed[0], name=CANARY_NAME, phone=CANARY_PHONE, facts=CANARY_FACTS)
    decide(objection, inspector=inspector, leader=leader, upheld=True)
    actions.answer(objection, by=inspector, answer="异议成立。")

    told = "".join(f"{each.subject}{each.body}" for each in Notification.objects.all())
    assert objection.receipt in told
    assert [canary for canary in (CANARY_NAME, CANARY_PHONE, CANARY_FACTS) if canary in told] == []


def test_the_person_objected_to_learns_only_that_it_was_upheld(listed, inspector, leader):
    accused = listed[0].application.applicant
    decide(object_to(listed[0], facts=CANARY_FACTS), inspector=inspector, leader=leader, upheld=True)

    outcome = Notification.objects.inbox(accused).first()
    assert "公示期间的异议成立" in outcome.body


def test_a_calendar_entered_late_does_not_undo_an_objection(reviewer, leader):
    [candidate] = make_listed(by=reviewer, on=date(2026, 12, 28))
    object_to(candidate, at=date(2027, 1, 20))

    CalendarYear.objects.create(year=2027, source="国办发明电〔2026〕1号")
    with clock.at(date(2027, 1, 21)):
        actions.settle(candidate.notice, by=SYSTEM)

    with pytest.raises(Refused, match="异议还没有办结"):
        appoint(candidate, leader, at=date(2027, 1, 22))


def test_an_objection_follows_the_person_to_the_next_notice(intake, reviewer, leader):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2))
    with clock.at(date(2026, 3, 4)):
        make_objection(it.candidate)
        actions.annul(it.notice, by=reviewer, reason="更正")
        it.application.refresh_from_db()
        make_notice(it.application, by=reviewer)

    with clock.at(date(2026, 3, 16)):
        with pytest.raises(Refused, match="异议还没有办结"):
            actions.appoint(it.application, by=leader)
        assert it.application.candidacies.blocked().count() == 2


@pytest.mark.parametrize(("upheld", "state"), [(None, "on_notice"), (False, "appointed"), (True, "appointed")])
def test_an_objection_to_an_earlier_list_holds_until_it_is_decided(intake, reviewer, leader, inspector, upheld, state):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2))
    with clock.at(date(2026, 3, 4)):
        objection = actions.lodge(
            it.notice,
            candidate=None,
            kind="procedure",
            facts="没有回避有利害关系的人。",
            name="高明",
            phone="13900000001",
        )
        if upheld is not None:
            actions.examine(objection, by=inspector)
            actions.report(objection, by=inspector, report="已核实")
            actions.decide(objection, by=leader, upheld=upheld, decision="见核实情况")
        actions.annul(it.notice, by=reviewer, reason="重新公示")
        it.application.refresh_from_db()
        make_notice(it.application, by=reviewer)

    with clock.at(date(2026, 3, 16)), contextlib.suppress(Refused):
        actions.appoint(it.application, by=leader)

    it.application.refresh_from_db()
    assert it.application.state == state


def test_an_objection_upheld_after_the_annulment_declines_the_person(intake, reviewer, leader, inspector):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2))
    with clock.at(date(2026, 3, 4)):
        objection = make_objection(it.candidate)
        actions.annul(it.notice, by=reviewer, reason="更正")
        actions.examine(objection, by=inspector)
        actions.report(objection, by=inspector, report="不实")

        actions.decide(objection, by=leader, upheld=True, decision="成立")

    it.application.refresh_from_db()
    assert it.application.state == "declined"


def test_whoever_approved_a_person_does_not_decide_on_him(intake, reviewer, inspector):
    both = person("both", "reviewer", "leader")
    application = make_recommendable(make_complete_application(), by=intake)
    actions.recommend(application, by=intake, opinion="同意")
    actions.approve(application, by=both, opinion="同意")
    notice = make_notice(application, by=reviewer)
    with clock.at(date(2026, 3, 4)):
        objection = make_objection(notice.candidates.get())
        actions.examine(objection, by=inspector)
        actions.report(objection, by=inspector, report="已核实")

        with pytest.raises(Refused, match="初审或审核过"):
            actions.decide(objection, by=both, upheld=False, decision="不成立")


def test_nobody_sees_what_is_said_about_himself(intake, reviewer):
    inspector = person("listed", "inspector")
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2), applicant=inspector)
    with clock.at(date(2026, 3, 4)):
        make_objection(it.candidate)
        make_objection(it.candidate, candidate=None)

    assert list(Objection.objects.visible_to(inspector)) == []


def test_a_notice_annulled_before_its_first_day_never_becomes_public(intake, reviewer):
    it = course(intake=intake, reviewer=reviewer, released=None)
    actions.annul(it.notice, by=reviewer, reason="名单有误")

    assert not Notice.objects.public(clock.instant(date(2026, 3, 20))).exists()
