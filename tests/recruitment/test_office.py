"""The bureau's pages: who opens what, what a verb answers, what a list costs."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expertteam import clock
from expertteam.models import ROLES, User
from recruitment import actions
from recruitment.models import Application, Document, Notice, Objection
from tests.conftest import person
from tests.make import (
    PDF,
    candidate_of,
    course,
    make_application,
    make_approved,
    make_complete_application,
    make_notice,
    make_objection,
    make_recommendable,
    make_round,
    make_user,
    pdf,
    sign_in,
)

State = Application.State
pytestmark = pytest.mark.usefixtures("today")
SIGN_IN, OPEN, DONE, TOLD, FORBIDDEN, MISSING = "signin", 200, 302, 422, 403, 404
STAFF = ["intake", "reviewer", "leader", "matcher", "inspector", "cashier", "auditor", "admin"]
FILES = {"intake", "reviewer", "leader", "inspector"}  # who may read applications
NOTICES = FILES | {"matcher"}
OBJECTIONS = {"leader", "inspector"}
EVERYBODY = [*STAFF, "expert", "client", "applicant", "nobody"]


@pytest.fixture
def house(db):
    """One of everything, made by people who are not asked afterwards; the applicant is a person of his own."""
    first, second = person("first", "intake"), person("second", "reviewer")
    round = make_round()
    applicant = make_user(username="applicant", name="王芳")
    submitted = make_complete_application(applicant=applicant, round=round)
    actions.submit(submitted, by=applicant)
    it = course(intake=first, reviewer=second, round=round)
    approved = make_approved(intake=first, reviewer=second, round=round)
    draft = actions.draft_notice(by=second, round=round, title="拟稿", statement="拟聘任。", applications=[approved])
    with clock.at(date(2026, 3, 4)):
        objection = make_objection(it.candidate, files=[pdf()])
    return SimpleNamespace(
        applicant=applicant, submitted=submitted, document=submitted.documents.first(), notice=it.notice,
        on_notice=it.application, draft=draft, objection=objection, evidence=objection.evidence.get(), approved=approved,
    )  # fmt: skip


def page(name, *args):
    return reverse(f"recruitment:{name}", args=args)


def door(house, name):
    """The address of a door, with the record that fits it."""
    records = {
        "notices": [], "applications": [], "staff_notices": [], "draft_notice": [], "objections": [],
        "application": [house.submitted.pk], "staff_notice": [house.draft.pk], "publish": [house.draft.pk],
        "annul": [house.notice.pk], "verify": [house.document.pk], "reject": [house.document.pk],
        "evidence": [house.evidence.pk],
    }  # fmt: skip
    if name in ("objection", "examine", "report", "decide", "answer", "file_lead"):
        return page(name, house.objection.pk)
    return page(name, *records.get(name, [house.submitted.pk]))


def who(username):
    """The person behind a row of the table; a role's holder is made when asked for."""
    return User.objects.filter(username=username).first() or person(username, *[username] if username in ROLES else [])


def outcome(response):
    """The status, or that one is asked to sign in."""
    return SIGN_IN if response.status_code == 302 and "login" in response.url else response.status_code


# For whom the door opens; whoever sees the record and may not gets 403, whoever does not see it 404.
READ = {
    "applications": (FILES, FORBIDDEN, FORBIDDEN),
    "application": (FILES, MISSING, FORBIDDEN),
    "staff_notices": (NOTICES, FORBIDDEN, FORBIDDEN),
    "staff_notice": (NOTICES, MISSING, MISSING),
    "draft_notice": ({"reviewer"}, FORBIDDEN, FORBIDDEN),
    "objections": (OBJECTIONS, FORBIDDEN, FORBIDDEN),
    "objection": (OBJECTIONS, MISSING, MISSING),
    "evidence": (OBJECTIONS, MISSING, MISSING),
}
# Of a verb: whose it is, and who besides sees the record.
VERBS = {
    "judge": ({"intake"}, FILES | {"applicant"}),
    "send_back": ({"intake"}, FILES | {"applicant"}),
    "recommend": ({"intake"}, FILES | {"applicant"}),
    "turn_down": ({"intake"}, FILES | {"applicant"}),
    "approve": ({"reviewer"}, FILES | {"applicant"}),
    "decline": ({"reviewer", "leader"}, FILES | {"applicant"}),
    "appoint": ({"leader"}, FILES | {"applicant"}),
    "verify": ({"intake"}, FILES | {"applicant"}),
    "reject": ({"intake"}, FILES | {"applicant"}),
    "publish": ({"reviewer"}, NOTICES),
    "annul": ({"reviewer"}, NOTICES),
    "examine": ({"inspector"}, OBJECTIONS),
    "report": ({"inspector"}, OBJECTIONS),
    "decide": ({"leader"}, OBJECTIONS),
    "answer": ({"inspector"}, OBJECTIONS),
    "file_lead": ({"inspector"}, OBJECTIONS),
}
# What pressing the button without having typed anything answers to whom it belongs: done, or told what is missing.
PRESSED = {"verify": DONE, "publish": DONE, "examine": DONE}


def test_a_page_opens_for_whom_it_should(house, http):
    expected = {username: {name: read_by(username, name) for name in READ} for username in EVERYBODY}

    seen = walk(http, house, READ)

    assert seen == expected


def test_the_form_of_a_verb_opens_for_whom_it_should(house, http):
    expected = {username: {name: told(username, name, OPEN) for name in VERBS} for username in EVERYBODY}

    seen = walk(http, house, VERBS)

    assert seen == expected


def test_an_empty_press_answers_as_it_should(house, http):
    expected = {
        username: {name: told(username, name, PRESSED.get(name, TOLD)) for name in VERBS} for username in EVERYBODY
    }

    seen = walk(http, house, VERBS, "post")

    assert seen == expected


def read_by(username, name):
    readers, hidden, own = READ[name]
    if username == "nobody":
        return SIGN_IN
    return own if username == "applicant" else OPEN if username in readers else hidden


def told(username, name, opened):
    holders, seeing = VERBS[name]
    if username == "nobody":
        return SIGN_IN
    return opened if username in holders else FORBIDDEN if username in seeing else MISSING


def walk(http, house, names, method="get"):
    """What each person is answered at each door."""
    seen = {}
    for username in EVERYBODY:
        http.logout()
        if username != "nobody":
            sign_in(http, who(username))
        seen[username] = {name: outcome(getattr(http, method)(door(house, name))) for name in names}
    return seen


@pytest.fixture
def submitted(db):
    application = make_complete_application()
    actions.submit(application, by=application.applicant)
    return application


@pytest.fixture
def recommended(intake):
    application = make_recommendable(make_complete_application(), by=intake)
    actions.recommend(application, by=intake, opinion="材料齐全")
    return application


def give_role(user, role):
    user.groups.add(Group.objects.get(name=role))
    user.is_staff = True
    user.save()


def press(http, user, name, pk, json=False, **typed):
    """Press the button of a verb; what is typed goes along."""
    sign_in(http, user)
    headers = {"accept": "application/json"} if json else {}
    return http.post(page(name, pk), typed, headers=headers)


def test_an_applicant_with_an_office_is_refused_on_his_own_application(submitted, http):
    give_role(submitted.applicant, "intake")

    response = press(http, submitted.applicant, "recommend", submitted.pk, opinion="符合")

    submitted.refresh_from_db()
    assert (response.status_code, submitted.state) == (422, State.SUBMITTED)
    assert "这件事与您本人有关，应由他人办理（第十一条）" in response.content.decode()


def test_whoever_recommended_cannot_approve_even_with_both_roles(recommended, intake, http):
    give_role(intake, "reviewer")

    response = press(http, intake, "approve", recommended.pk, opinion="同意")

    recommended.refresh_from_db()
    assert (response.status_code, recommended.state) == (422, State.RECOMMENDED)
    assert "办理“初审推荐”的人不能再办理“审核通过”" in response.content.decode()
    assert "同意</textarea>" in response.content.decode()


def test_a_verb_redirects_to_the_record_and_says_what_happened(recommended, reviewer, http):
    response = press(http, reviewer, "approve", recommended.pk, opinion="同意")

    shown = http.get(response.url)
    assert response.url == recommended.get_absolute_url()
    assert f"{recommended}：审核通过" in shown.content.decode()


def test_a_program_is_told_the_new_state(recommended, reviewer, http):
    response = press(http, reviewer, "approve", recommended.pk, json=True, opinion="同意")

    assert (response.status_code, response.json()) == (200, {"id": recommended.pk, "state": "approved"})


def test_a_program_is_told_why_not(submitted, intake, reviewer, stranger, http):
    refused = press(http, intake, "recommend", submitted.pk, json=True, opinion="符合")
    forbidden = press(http, reviewer, "recommend", submitted.pk, json=True, opinion="符合")
    missing = press(http, stranger, "recommend", submitted.pk, json=True, opinion="符合")

    assert (refused.status_code, forbidden.status_code, missing.status_code) == (409, 403, 404)
    assert refused.json()["errors"]["__all__"][0].startswith("还有材料没有核验")
    assert forbidden.json() == {"errors": {"__all__": ["您的岗位不能办理这一项"]}}
    assert missing.json() == {"errors": {"__all__": ["没有这条记录"]}}


def test_judge_records_what_a_person_found(submitted, intake, http):
    response = press(http, intake, "judge", submitted.pk, article="6(1)", met="yes", note="信用报告无不良记录")

    judgement = submitted.judgements.get()
    assert response.url == f"{submitted.get_absolute_url()}#findings"
    assert (judgement.article, judgement.met, judgement.note, judgement.by) == (
        "6(1)",
        True,
        "信用报告无不良记录",
        intake,
    )


def test_judge_refuses_what_the_rules_measure(submitted, intake, http):
    response = press(http, intake, "judge", submitted.pk, article="6(3)", met="yes", note="自愿")

    assert response.status_code == 422
    assert not submitted.judgements.exists()


def test_send_back_asks_for_items_and_keeps_what_was_typed(submitted, intake, http):
    response = press(http, intake, "send_back", submitted.pk, note="身份证反面看不清")

    assert response.status_code == 422
    assert "请选择退回哪些内容" in response.content.decode()
    assert "身份证反面看不清</textarea>" in response.content.decode()


def test_send_back_returns_the_named_items(submitted, intake, http):
    press(http, intake, "send_back", submitted.pk, items=["history", "id_document"], note="身份证反面看不清")

    submitted.refresh_from_db()
    assert submitted.state == State.RETURNED
    assert (submitted.return_items, submitted.return_note) == (["history", "id_document"], "身份证反面看不清")


def test_send_back_offers_no_evidence_that_is_verified(submitted, intake, http):
    verified, rejected = submitted.documents.all()[:2]
    actions.verify(verified, by=intake)
    actions.reject(rejected, by=intake, reason="照片模糊")

    sign_in(http, intake)
    form = http.get(page("send_back", submitted.pk)).context["form"]

    offered = [code for code, _ in form.fields["items"].choices]
    assert verified.kind not in offered
    assert form.initial["items"] == [rejected.kind]
    assert form.initial["note"] == f"{rejected.label}：照片模糊"


def test_evidence_is_verified_and_rejected_from_the_page_of_its_application(submitted, intake, http):
    first, second = submitted.documents.all()[:2]

    verified = press(http, intake, "verify", first.pk, original_seen="on")
    press(http, intake, "reject", second.pk, reason="照片模糊")

    first.refresh_from_db()
    second.refresh_from_db()
    assert verified.url == f"{submitted.get_absolute_url()}#documents"
    assert (first.state, first.original_seen) == (Document.State.VERIFIED, True)
    assert (second.state, second.reason) == (Document.State.REJECTED, "照片模糊")


def test_the_page_of_an_application_masks_numbers(submitted, intake, http):
    sign_in(http, intake)

    shown = http.get(submitted.get_absolute_url()).content.decode()

    assert submitted.applicant.phone not in shown
    assert submitted.applicant.id_number not in shown
    assert f"尾号{submitted.applicant.id_number[-4:]}" in shown


def test_the_list_of_applications_shows_no_number_of_a_person(submitted, intake, http):
    submitted.applicant.id_number = "E99887766"
    submitted.applicant.save()
    sign_in(http, intake)

    shown = http.get(page("applications")).content.decode()

    assert "王芳" in shown
    assert submitted.applicant.phone not in shown
    assert "7766" not in shown


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["SQ20260101", "SQ20260102"]),
        ({"state": "all"}, ["SQ20260101", "SQ20260102", "SQ20260103"]),
        ({"state": "declined"}, ["SQ20260103"]),
        ({"category": "6"}, ["SQ20260102"]),
        ({"q": "SQ 2026 0102"}, ["SQ20260102"]),
        ({"q": "高"}, ["SQ20260102"]),
        ({"round": "999"}, ["SQ20260101", "SQ20260102"]),
    ],
)
def test_the_list_of_applications_narrows(asked, found, intake, http):
    make_application("draft", number="SQ20260100")
    make_application("submitted", number="SQ20260101")
    make_application("recommended", number="SQ20260102", category=6, applicant=make_user(name="高明"))
    make_application("declined", number="SQ20260103")
    sign_in(http, intake)

    listed = http.get(page("applications"), asked).context["object_list"]

    assert sorted(application.number for application in listed) == found


def test_appoint_gives_term_and_certificate_number(intake, reviewer, leader, http):
    it = course(intake=intake, reviewer=reviewer)

    with clock.at(date(2026, 3, 10)):
        press(http, leader, "appoint", it.application.pk, first_day="2026-03-11")

    it.application.refresh_from_db()
    appointment = it.application.appointment
    assert (appointment.first_day, appointment.last_day) == (date(2026, 3, 11), date(2029, 3, 10))
    assert appointment.number == "并创专〔2026〕001号"


def test_appoint_refuses_a_day_that_is_past(intake, reviewer, leader, http):
    it = course(intake=intake, reviewer=reviewer)

    with clock.at(date(2026, 3, 10)):
        response = press(http, leader, "appoint", it.application.pk, first_day="2026-03-09")

    assert "聘期不能从过去的日子开始" in response.content.decode()


@pytest.mark.parametrize("first_day", ["2031-02-01", "9999-12-31"])
def test_appoint_refuses_a_day_after_the_measures(intake, reviewer, leader, http, first_day):
    it = course(intake=intake, reviewer=reviewer)

    with clock.at(date(2026, 3, 10)):
        response = press(http, leader, "appoint", it.application.pk, first_day=first_day, beyond="on")

    assert "聘期首日不能晚于2031年1月31日" in response.content.decode()


def test_appoint_warns_of_a_term_that_outlives_the_measures(intake, reviewer, leader, http):
    it = course(intake=intake, reviewer=reviewer)

    with clock.at(date(2028, 2, 2)):
        sign_in(http, leader)
        offered = http.get(page("appoint", it.application.pk)).content.decode()
        warned = press(http, leader, "appoint", it.application.pk, first_day="2028-02-02")
        press(http, leader, "appoint", it.application.pk, first_day="2028-02-02", beyond="on")

    it.application.refresh_from_db()
    warning = "聘期到2031年2月1日，超过办法有效期（2031年1月31日）"
    assert warning in offered
    assert (warned.status_code, warning in warned.content.decode()) == (422, True)
    assert it.application.appointment.last_day == date(2031, 2, 1)


def test_a_notice_is_drafted_with_the_approved_of_one_round(intake, reviewer, http):
    application = make_approved(intake=intake, reviewer=reviewer)
    sign_in(http, reviewer)
    form = http.get(page("draft_notice")).context["form"]

    response = http.post(
        page("draft_notice"),
        {"round": application.round_id, "title": form.initial["title"], "statement": "拟聘任。", "applications": [application.pk]},
    )  # fmt: skip

    notice = Notice.objects.get()
    assert form.initial["title"] == f"{application.round}拟聘任人选公示"
    assert response.url == page("staff_notice", notice.pk)
    assert [candidate.application for candidate in notice.candidates.all()] == [application]


def test_a_notice_takes_nobody_of_another_round(intake, reviewer, http):
    application = make_approved(intake=intake, reviewer=reviewer)
    sign_in(http, reviewer)

    response = http.post(
        page("draft_notice"),
        {"round": make_round().pk, "title": "公示", "statement": "拟聘任。", "applications": [application.pk]},
    )

    assert response.status_code == 422
    assert f"{application}不是这一批的" in response.content.decode()


@pytest.mark.parametrize(
    ("on", "shown"),
    [
        (date(2026, 3, 2), "3月3日（周二）至3月9日（周一）"),
        (date(2026, 12, 28), "12月29日（周二）至2027年1月4日（周一）（暂定）"),
    ],
)
def test_a_draft_shows_the_days_it_would_have(on, shown, intake, reviewer, http):
    application = make_approved(intake=intake, reviewer=reviewer)
    notice = actions.draft_notice(
        by=reviewer, round=application.round, title="公示", statement="。", applications=[application]
    )
    sign_in(http, reviewer)

    with clock.at(on):
        sign_in(http, reviewer)
        content = http.get(page("staff_notice", notice.pk)).content.decode()

    assert shown in content


def test_a_discarded_draft_can_still_be_read_in_the_office_and_nowhere_else(house, reviewer, http):
    press(http, reviewer, "discard", house.draft.pk)

    office, public = http.get(page("staff_notice", house.draft.pk)), http.get(page("notice", house.draft.pk))

    assert "这份拟稿没有发布过" in office.content.decode()
    assert house.draft.get_absolute_url() not in office.content.decode()
    assert public.status_code == 404
    assert house.draft not in http.get(page("draft_notice")).context["form"].fields["corrects"].queryset


@pytest.mark.parametrize("asked", ["round=²", "corrects=²", "round=x", "corrects=99999999999999999999"])
def test_a_draft_is_begun_whatever_the_address_asks(asked, reviewer, http):
    sign_in(http, reviewer)

    assert http.get(f"{page('draft_notice')}?{asked}").status_code == 200


def test_a_published_notice_is_annulled_with_its_reason(intake, reviewer, http):
    it = course(intake=intake, reviewer=reviewer)

    response = press(http, reviewer, "annul", it.notice.pk, reason="名单有误")

    it.notice.refresh_from_db()
    it.application.refresh_from_db()
    assert response.url == page("staff_notice", it.notice.pk)
    assert (it.notice.state, it.application.state) == (Notice.State.ANNULLED, State.APPROVED)


def test_an_objection_is_examined_decided_and_answered(intake, reviewer, inspector, leader, http):
    it = course(intake=intake, reviewer=reviewer)
    with clock.at(date(2026, 3, 4)):
        objection = make_objection(it.candidate)

        press(http, inspector, "examine", objection.pk)
        press(http, inspector, "report", objection.pk, report="任职属实")
        press(http, leader, "decide", objection.pk, upheld="no", decision="证据不足")
        press(http, inspector, "answer", objection.pk, answer="经核实不成立")

    objection.refresh_from_db()
    assert (objection.state, objection.upheld) == (Objection.State.ANSWERED, False)


def test_decide_takes_nothing_for_granted(intake, reviewer, inspector, leader, http):
    it = course(intake=intake, reviewer=reviewer)
    with clock.at(date(2026, 3, 4)):
        objection = make_objection(it.candidate)
        actions.examine(objection, by=inspector)
        actions.report(objection, by=inspector, report="任职属实")

        response = press(http, leader, "decide", objection.pk, decision="证据不足")

    assert (response.status_code, "请选择异议是否成立" in response.content.decode()) == (422, True)


def test_who_objected_is_shown_to_discipline_and_never_to_the_person_objected_to(intake, reviewer, inspector, http):
    it = course(intake=intake, reviewer=reviewer)
    with clock.at(date(2026, 3, 4)):
        objection = make_objection(it.candidate, name="高明", phone="13900000001", files=[pdf()])
    give_role(it.application.applicant, "inspector")

    sign_in(http, inspector)
    read = http.get(objection.get_absolute_url()).content.decode()
    downloaded = b"".join(http.get(objection.evidence.get().get_absolute_url()).streaming_content)
    sign_in(http, it.application.applicant)
    own = http.get(objection.get_absolute_url())
    own_evidence = http.get(objection.evidence.get().get_absolute_url())

    assert "高明，13900000001" in read
    assert downloaded == PDF
    assert (own.status_code, own_evidence.status_code) == (404, 404)


def test_how_many_objected_is_not_shown_to_whoever_may_not_see_objections(intake, reviewer, inspector, http):
    it = course(intake=intake, reviewer=reviewer)
    with clock.at(date(2026, 3, 4)):
        make_objection(it.candidate)

    sign_in(http, intake)
    hidden = http.get(it.application.get_absolute_url()).content.decode()
    sign_in(http, inspector)
    shown = http.get(it.application.get_absolute_url()).content.decode()

    assert ("异议和线索1件" in hidden, "异议和线索1件" in shown) == (False, True)


@pytest.mark.parametrize("name", ["applications", "staff_notices", "objections"])
def test_lists_cost_the_same_for_one_row_and_for_thirty(name, inspector, reviewer, http):
    sign_in(http, inspector)
    fill(1, reviewer)
    with CaptureQueriesContext(connection) as one:
        http.get(page(name))
    fill(29, reviewer)

    with CaptureQueriesContext(connection) as thirty:
        listed = http.get(page(name)).context["object_list"]

    assert (len(listed), len(thirty)) == (30, len(one))


def fill(number, reviewer):
    """That many applications on notice, notices and objections."""
    for _ in range(number):
        application = make_application("approved", applicant=make_user(phone=f"137{User.objects.count():08d}"))
        notice = make_notice(application, by=reviewer, on=date(2026, 2, 26))
        make_objection(candidate_of(application, notice))


def test_the_page_of_an_application_costs_the_same_however_much_it_holds(submitted, intake, http):
    sign_in(http, intake)
    actions.judge(submitted, by=intake, article="6(1)", met=True, note="已核实")
    with CaptureQueriesContext(connection) as small:
        http.get(submitted.get_absolute_url())
    for year in range(1990, 2010):
        submitted.periods.create(employer="某公司", position="经理", first=date(year, 1, 1), last=date(year, 6, 1))
        submitted.success_cases.create(client="某店", year=year, story="开业")
    for article in ["6(2)", "6(4)"]:
        actions.judge(submitted, by=intake, article=article, met=True, note="已核实")

    with CaptureQueriesContext(connection) as large:
        http.get(submitted.get_absolute_url())

    assert len(large) == len(small)


def test_the_page_of_a_notice_costs_the_same_however_many_object(intake, reviewer, inspector, http):
    it = course(intake=intake, reviewer=reviewer)
    with clock.at(date(2026, 3, 4)):
        sign_in(http, inspector)
        make_objection(it.candidate)
        http.get(page("staff_notice", it.notice.pk))  # the first page after signing in notes the time
        with CaptureQueriesContext(connection) as small:
            http.get(page("staff_notice", it.notice.pk))
        for number in range(5):
            make_objection(it.candidate, facts=f"第{number}件事")

        with CaptureQueriesContext(connection) as large:
            http.get(page("staff_notice", it.notice.pk))

    assert len(large) == len(small)


def test_the_leader_reads_why_he_cannot_appoint_yet(intake, reviewer, leader, http):
    it = course(intake=intake, reviewer=reviewer)
    sign_in(http, leader)

    with clock.at(date(2026, 3, 9)):
        sign_in(http, leader)
        during = http.get(it.application.get_absolute_url())
    with clock.at(date(2026, 3, 10)):
        sign_in(http, leader)
        after = http.get(it.application.get_absolute_url())

    assert "公示未满，要到3月9日 18:00以后" in during.content.decode()
    assert [move.verb for move in during.context["moves"]] == ["decline"]
    assert [move.verb for move in after.context["moves"]] == ["appoint", "decline"]
