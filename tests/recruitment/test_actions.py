from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from experts.models import Appointment
from expertteam import clock
from expertteam.models import Consent, Counter, Notification
from expertteam.regulation import Refused
from expertteam.views import course as course_of
from expertteam.workflow import SYSTEM
from recruitment import actions
from recruitment.models import Application, Judgement
from tests import make
from tests.conftest import person
from tests.make import (
    course,
    make_application,
    make_appointment,
    make_approved,
    make_bare_notice,
    make_complete_application,
    make_document,
    make_notice,
    make_objection,
    make_recommendable,
    make_round,
    make_user,
    pdf,
)

State = Application.State
pytestmark = pytest.mark.usefixtures("today")


def test_submit_hands_the_draft_in_and_leaves_a_trace(db):
    application = make_complete_application()

    actions.submit(application, by=application.applicant)

    application.refresh_from_db()
    entry = application.history.first()
    assert application.state == State.SUBMITTED
    assert (entry.history_user, entry.history_change_reason) == (application.applicant, "提交报名（第11条）")


def test_appoint_after_the_notice_enters_the_expert_for_three_years(intake, reviewer, leader):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2))

    with clock.at(clock.instant(date(2026, 3, 9), 18, 1)):
        actions.appoint(it.application, by=leader)

    appointment = it.application.appointment
    assert it.application.state == State.APPOINTED
    assert (appointment.first_day, appointment.last_day) == (date(2026, 3, 9), date(2029, 3, 8))
    assert appointment.number == "并创专〔2026〕001号"


def test_appoint_refuses_at_the_last_minute_of_the_notice(intake, reviewer, leader):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2))

    with clock.at(clock.instant(date(2026, 3, 9), 18)), pytest.raises(Refused, match="公示未满"):
        actions.appoint(it.application, by=leader)


def test_an_objection_blocks_until_found_baseless(intake, reviewer, leader, inspector):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2))
    with clock.at(date(2026, 3, 4)):
        objection = make_objection(it.candidate)

    with clock.at(date(2026, 3, 10)):
        with pytest.raises(Refused, match="异议还没有办结"):
            actions.appoint(it.application, by=leader)
        actions.examine(objection, by=inspector)
        actions.report(objection, by=inspector, report="任职属实")
        actions.decide(objection, by=leader, upheld=False, decision="不成立")
        actions.appoint(it.application, by=leader)

    assert it.application.state == State.APPOINTED


# Beginning and handing in


@pytest.mark.parametrize("day", [date(2026, 2, 28), date(2026, 4, 1)])
def test_start_refuses_outside_the_dates_of_the_round(db, day):
    selection = make_round()

    with clock.at(day), pytest.raises(Refused, match="不在报名时间内"):
        actions.start(make_user(), round=selection)


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 3, 31)])
def test_start_on_the_first_and_the_last_day_says_who_and_why(db, day):
    user, selection = make_user(), make_round()

    with clock.at(day):
        application = actions.start(user, round=selection)

    entry = application.history.get()
    assert (application.state, application.number) == (State.DRAFT, "SQ20260001")
    assert (entry.history_user, entry.history_change_reason) == (user, "自愿报名（第11条）")


def test_start_finds_the_application_that_was_begun(db):
    user, selection = make_user(), make_round()

    assert actions.start(user, round=selection) == actions.start(user, round=selection)
    assert Counter.objects.get(key="application-2026").value == 1


def test_start_refuses_while_another_application_is_being_decided(db):
    earlier = make_application(state="approved")

    with pytest.raises(Refused, match="已有一份报名在办理"):
        actions.start(earlier.applicant, round=make_round())


@pytest.mark.parametrize(("day", "refusal"), [(date(2026, 3, 31), None), (date(2026, 4, 1), "报名已经截止")])
def test_submit_closes_with_the_round(db, day, refusal):
    application = make_complete_application()

    with clock.at(day):
        if refusal:
            with pytest.raises(Refused, match=refusal):
                actions.submit(application, by=application.applicant)
        else:
            assert actions.submit(application, by=application.applicant).state == State.SUBMITTED


@pytest.mark.parametrize(
    ("day", "refusal"),
    [
        (date(2026, 3, 9), None),  # five working days after Monday 2026-03-02
        (date(2026, 3, 10), "补正期限已过"),
    ],
)
def test_a_supplement_may_come_until_the_end_of_its_last_day(intake, day, refusal):
    application = make_complete_application()
    actions.submit(application, by=application.applicant)
    actions.send_back(application, by=intake, items=["history"], note="请写清起止年月")
    told = Notification.objects.get(to=application.applicant, channel="sms", subject="报名材料需要补充").body

    assert "最晚2026年3月9日补充" in told
    with clock.at(day):
        if refusal:
            with pytest.raises(Refused, match=refusal):
                actions.submit(application, by=application.applicant)
        else:
            actions.submit(application, by=application.applicant)

    application.refresh_from_db()
    assert application.state == (State.RETURNED if refusal else State.SUBMITTED)


def test_submit_refuses_what_no_officer_could_pass(db):
    application = make_complete_application()
    application.periods.update(first=date(2024, 1, 1))

    with pytest.raises(Refused, match="第六条第二项"):
        actions.submit(application, by=application.applicant)


def test_submit_names_the_tasks_that_are_not_done(db):
    application = make_complete_application()
    application.periods.all().delete()

    with pytest.raises(Refused, match="还没有填完：工作经历"):
        actions.submit(application, by=application.applicant)


# First review


def test_send_back_ends_after_two_rounds(intake):
    application = make_complete_application()
    for _ in range(2):
        actions.submit(application, by=application.applicant)
        actions.send_back(application, by=intake, items=["history"], note="请补充")
    actions.submit(application, by=application.applicant)

    with pytest.raises(Refused, match="退回次数已用完"):
        actions.send_back(application, by=intake, items=["history"], note="请补充")


@pytest.mark.parametrize(("day", "lapses"), [(date(2026, 3, 9), False), (date(2026, 3, 10), True)])
def test_an_application_lapses_after_the_last_day_of_its_supplement(db, day, lapses):
    application = make_application(state="returned", returned_on=date(2026, 3, 2), supplement_days=5)

    with clock.at(day):
        if lapses:
            actions.lapse(application, by=SYSTEM)
        else:
            with pytest.raises(Refused, match="补正期限未到"):
                actions.lapse(application, by=SYSTEM)

    application.refresh_from_db()
    assert application.state == (State.DECLINED if lapses else State.RETURNED)


def test_a_provisional_deadline_cuts_nobody_off(db):
    application = make_application(state="returned", returned_on=date(2026, 12, 30), supplement_days=5)

    with clock.at(date(2027, 6, 1)), pytest.raises(Refused, match="补正期限未到"):
        actions.lapse(application, by=SYSTEM)


@pytest.mark.parametrize(
    ("state", "who", "refusal"),
    [
        ("submitted", "reviewer", PermissionDenied),
        ("submitted", "applicant", Refused),
        ("recommended", "intake", Refused),
    ],
)
def test_judge_is_for_first_review_alone(intake, reviewer, state, who, refusal):
    application = make_application(state=state, applicant=person("applicant", "intake"))
    officer = {"intake": intake, "reviewer": reviewer, "applicant": application.applicant}[who]

    with pytest.raises(refusal):
        actions.judge(application, by=officer, article="6(1)", met=True, note="已核实")

    assert not application.judgements.exists()


def test_judge_can_be_mended_and_keeps_both_in_its_history(intake):
    application = make_application(state="submitted")

    actions.judge(application, by=intake, article="6(1)", met=False, note="无记录")
    judgement = actions.judge(application, by=intake, article="6(1)", met=True, note="已补记录")

    assert application.judgements.get() == judgement
    assert list(judgement.history.order_by("pk").values_list("met", flat=True)) == [False, True]


@pytest.mark.parametrize(("article", "met"), [("6(1)", None), ("6(4)", False)])
def test_recommend_refuses_while_a_condition_is_open_or_was_found_unfulfilled(intake, article, met):
    application = make_recommendable(make_complete_application(), by=intake)
    Judgement.objects.filter(article=article).delete()
    if met is not None:
        actions.judge(application, by=intake, article=article, met=met, note="核实过")

    with pytest.raises(Refused, match="还没有核实为符合") as refused:
        actions.recommend(application, by=intake, opinion="")

    assert refused.value.article == article


# Evidence


def test_only_the_applicant_hands_in_evidence_and_only_while_he_may(intake):
    application = make_complete_application()

    with pytest.raises(PermissionDenied):
        actions.attach(application, by=intake, kind="identity", upload=pdf())
    actions.submit(application, by=application.applicant)
    with pytest.raises(Refused, match="已经提交"):
        actions.attach(application, by=application.applicant, kind="identity", upload=pdf())


@pytest.mark.parametrize("state", ["draft", "returned", "recommended"])
def test_evidence_is_judged_under_first_review_only(intake, state):
    document = make_document(application=make_application(state=state))

    with pytest.raises(Refused, match="待初审"):
        actions.verify(document, by=intake)


def test_replaced_evidence_is_not_judged(intake, today):
    document = make_document(replaced_at=clock.now())

    with pytest.raises(Refused, match="现行材料"):
        actions.verify(document, by=intake)


def test_a_rejected_document_says_why_and_can_still_be_verified(intake):
    document = make_document()

    actions.reject(document, by=intake, reason="页码不全")
    rejected = (document.state, document.reason)
    actions.verify(document, by=intake, original_seen=True)

    assert rejected == ("rejected", "页码不全")
    assert (document.state, document.reason, document.original_seen) == ("verified", "", True)


# Notices


def test_only_who_publishes_drafts_a_notice(intake, leader):
    application = make_application(state="approved")

    for officer in (intake, leader):
        with pytest.raises(PermissionDenied):
            actions.draft_notice(
                by=officer, round=application.round, title="公示", statement="", applications=[application]
            )


@pytest.mark.parametrize("states", [[], ["recommended"], ["approved", "on_notice"]])
def test_a_notice_lists_approved_people_only_and_at_least_one(reviewer, states):
    people = [make_application(state=state) for state in states]

    with pytest.raises(Refused, match="审核通过"):
        actions.draft_notice(by=reviewer, round=make_round(), title="公示", statement="", applications=people)


def test_a_notice_with_somebody_appointed_is_not_annulled(intake, reviewer, leader):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2))
    with clock.at(date(2026, 3, 10)):
        actions.appoint(it.application, by=leader)

        with pytest.raises(Refused, match="已有人受聘"):
            actions.annul(it.notice, by=reviewer, reason="名单有误")


def test_a_settled_notice_is_not_settled_again(db):
    with pytest.raises(Refused, match="已经确定"):
        actions.settle(make_bare_notice(), by=SYSTEM)


# Appointment


@pytest.mark.parametrize(("first_day", "refused"), [(date(2026, 3, 9), True), (date(2026, 3, 10), False)])
def test_a_term_does_not_begin_in_the_past(intake, reviewer, leader, first_day, refused):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2))

    with clock.at(date(2026, 3, 10)):
        if refused:
            with pytest.raises(Refused, match="过去的日子"):
                actions.appoint(it.application, by=leader, first_day=first_day)
        else:
            assert actions.appoint(it.application, by=leader, first_day=first_day).appointment.first_day == first_day


@pytest.mark.parametrize(("first_day", "refused"), [(date(2031, 1, 31), False), (date(2031, 2, 1), True)])
def test_15_no_term_begins_after_the_measures(intake, reviewer, leader, first_day, refused):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2))

    with clock.at(date(2026, 3, 10)):
        if refused:
            with pytest.raises(Refused, match="第十五条"):
                actions.appoint(it.application, by=leader, first_day=first_day)
        else:
            assert actions.appoint(it.application, by=leader, first_day=first_day).appointment.first_day == first_day


@pytest.mark.parametrize(
    ("void_from", "refused"),
    [
        (None, True),
        (date(2026, 3, 11), True),  # holds one more day than the new one's first
        (date(2026, 3, 10), False),
    ],
)
def test_3_terms_of_one_person_do_not_share_a_day(intake, reviewer, leader, void_from, refused):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2))
    make_appointment(user=it.application.applicant, first_day=date(2024, 1, 1))
    make.end_early(Appointment.objects, void_from)

    with clock.at(date(2026, 3, 10)):
        if refused:
            with pytest.raises(Refused, match="聘期重叠"):
                actions.appoint(it.application, by=leader)
        else:
            assert actions.appoint(it.application, by=leader).state == State.APPOINTED


def test_3_a_term_that_was_void_before_it_began_is_in_nobodys_way(intake, reviewer, leader):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2))
    make_appointment(user=it.application.applicant, first_day=date(2026, 6, 1))
    make.end_early(Appointment.objects, date(2026, 5, 1))

    with clock.at(date(2026, 3, 10)):
        assert actions.appoint(it.application, by=leader).state == State.APPOINTED


def test_4_nobody_is_appointed_without_the_undertaking(intake, reviewer, leader):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2))
    Consent.objects.filter(kind="confidentiality").delete()

    with clock.at(date(2026, 3, 10)), pytest.raises(Refused, match="第四条"):
        actions.appoint(it.application, by=leader)


def test_a_paper_that_nobody_asks_for_is_not_taken(db):
    application = make_complete_application()

    with pytest.raises(Refused, match="不用再交"):
        actions.hand_in(application, by=application.applicant, kind="portrait", upload=pdf())


def test_a_draft_may_go_back_to_no_category_and_keeps_its_papers(db):
    application = make_complete_application()
    papers = application.documents.current().count()

    actions.fill_in(application, by=application.applicant, task="kind", category=None, profession="")

    assert application.documents.current().count() == papers > 0


def test_a_discarded_draft_leaves_its_people_for_another_notice(intake, reviewer):
    application = make_approved(intake=intake, reviewer=reviewer)
    draft = {
        "by": reviewer,
        "round": application.round,
        "title": "公示",
        "statement": "拟聘任。",
        "applications": [application],
    }
    notice = actions.draft_notice(**draft)

    actions.discard(notice, by=reviewer)

    assert notice.state == "discarded"
    with pytest.raises(Refused):
        actions.publish(notice, by=reviewer)
    actions.publish(actions.draft_notice(**draft), by=reviewer)
    application.refresh_from_db()
    assert application.state == State.ON_NOTICE


def test_the_course_tells_what_each_officer_said(intake, reviewer):
    application = make_approved(intake=intake, reviewer=reviewer)

    said = [(entry.history_change_reason, entry.said) for entry in course_of(application)][:2]

    assert said == [("审核通过（第11条）", "同意"), ("初审推荐（第11条）", "材料齐全，符合条件")]


def test_what_was_judged_before_a_return_is_looked_at_anew(intake):
    application = make_recommendable(make_complete_application(), by=intake)
    actions.send_back(application, by=intake, items=["skills"], note="请补充案例")

    actions.submit(application, by=application.applicant)

    assert application.judgements.count() == 0
    with pytest.raises(Refused, match="还没有核实为符合"):
        actions.recommend(application, by=intake, opinion="同意")


def test_a_notice_is_in_the_order_of_names_as_they_are_spoken(intake, reviewer):
    people = [
        make_approved(intake=intake, reviewer=reviewer, applicant=make_user(name=name))
        for name in ["单雅琴", "曾广厚", "王芳"]
    ]

    notice = make_notice(*people, by=reviewer)

    assert list(notice.candidates.values_list("name", flat=True)) == ["单雅琴", "王芳", "曾广厚"]
