from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expertteam import clock, consents
from expertteam.regulation import Refused
from recruitment import actions, progress
from recruitment.categories import evidence_for
from recruitment.models import Application, SuccessCase, WorkPeriod
from tests.make import (
    course,
    make_application,
    make_complete_application,
    make_recommendable,
    make_round,
    make_user,
    pdf,
    sign_in,
)

State = Application.State
pytestmark = pytest.mark.usefixtures("today")

ID = "11010519491231002X"
PAGES = ["kind", "basics", "history", "skills", "proof", "pledge", "check"]
POSTS = {
    "kind": {"category": "4"},
    "basics": {"name": "改名", "employer": "别处", "email": "a@example.cn"},
    "history/new": {"employer": "别处", "position": "经理", "first": "2010-01", "last": "2012-01"},
    "skills": {"line": "改过了"},
    "skills/case/new": {"client": "某店", "year": "2024", "story": "做好了"},
    "proof": {},
    "pledge": {"bank_data": "on"},
}


@pytest.fixture
def draft(http, db):
    """A fresh draft, its applicant signed in."""
    application = make_application(applicant=make_user(phone="13800000001"))
    http.force_login(application.applicant)
    return application


@pytest.fixture
def whole(http, db):
    """A draft that lacks nothing, its applicant signed in."""
    application = make_complete_application()
    http.force_login(application.applicant)
    return application


def text_of(response):
    return response.content.decode()


def returned(intake, application, *items, note="请补充"):
    actions.submit(application, by=application.applicant)
    return actions.send_back(application, by=intake, items=list(items), note=note)


# The start page


def test_start_without_a_round_says_so(http, db):
    page = http.get("/apply/")

    assert page.status_code == 200
    assert "现在没有开放的报名" in text_of(page)


def test_start_tells_a_visitor_of_the_open_round_and_where_to_sign_in(http, db):
    make_round(name="2026年第一批", places=30)

    page = text_of(http.get("/apply/"))

    assert "2026年第一批" in page
    assert "还剩29天，3月31日 23:59截止" in page
    assert "30人" in page
    assert "/accounts/login/?next=/apply/" in page
    assert "/accounts/signup/?next=/apply/" in page


def test_start_announces_a_round_to_come(http, stranger):
    make_round(opens_on=date(2026, 3, 10))
    http.force_login(stranger)

    page = text_of(http.get("/apply/"))

    assert "3月10日（周二）开始报名" in page
    assert "开始报名</button>" not in page


def test_start_says_that_a_round_no_longer_takes_applications(http, db):
    make_round()

    with clock.at(date(2026, 4, 1)):
        page = text_of(http.get("/apply/"))

    assert "这一批已经停止报名，正在初审" in page
    assert "登录后报名" not in page


def test_start_begins_one_application_however_often_it_is_pressed(http, stranger):
    url = reverse("recruitment:apply_start", args=[make_round().pk])
    http.force_login(stranger)

    http.post(url)
    response = http.post(url)

    assert response.url == "/apply/"
    assert Application.objects.get(applicant=stranger).state == State.DRAFT


def test_start_outside_the_dates_is_refused_in_words(http, stranger):
    url = reverse("recruitment:apply_start", args=[make_round(opens_on=date(2026, 3, 10)).pk])
    http.force_login(stranger)

    page = http.post(url, follow=True)

    assert "现在不在报名时间内" in text_of(page)
    assert not Application.objects.exists()


def test_start_in_another_round_waits_until_the_running_application_is_decided(http, whole):
    actions.submit(whole, by=whole.applicant)

    page = http.post(reverse("recruitment:apply_start", args=[make_round().pk]), follow=True)

    assert "您已有一份报名在办理" in text_of(page)
    assert Application.objects.count() == 1


def test_start_sends_a_visitor_to_sign_in_and_lands_on_the_start_page_afterwards(http, stranger):
    url = reverse("recruitment:apply_start", args=[make_round().pk])

    away = http.post(url)
    http.force_login(stranger)
    back = http.get(url)

    assert away.url == f"/accounts/login/?next={url}"
    assert back.url == "/apply/"


# Whose pages they are


@pytest.mark.parametrize("page", [*PAGES, "history/new", "skills/case/new", "form", "done", "withdraw"])
def test_pages_are_closed_to_visitors_and_absent_for_whoever_has_no_application(page, http, stranger):
    visitor = http.get(f"/apply/{page}/")
    http.force_login(stranger)
    without = http.get(f"/apply/{page}/")

    assert visitor.url == f"/accounts/login/?next=/apply/{page}/"
    assert without.status_code == 404


@pytest.mark.parametrize("page", [*PAGES, "history/new", "skills/case/new", "form"])
@pytest.mark.parametrize("complete", [True, False])
def test_pages_open_for_the_applicant(page, complete, http, db):
    application = make_complete_application() if complete else make_application()
    http.force_login(application.applicant)

    assert http.get(f"/apply/{page}/").status_code == 200


def test_entries_of_another_person_are_absent(http, draft):
    other = make_complete_application()
    period, case = other.periods.get(), other.success_cases.get()
    urls = [f"history/{period.pk}/", f"history/{period.pk}/remove/", f"skills/case/{case.pk}/"]
    urls += [f"skills/case/{case.pk}/remove/", "history/99999999999999999999999/"]

    answers = {http.get(f"/apply/{url}").status_code for url in urls}
    answers |= {http.post(f"/apply/{url}", {"employer": "x"}).status_code for url in urls}

    assert answers == {404}
    assert WorkPeriod.objects.get() == period
    assert SuccessCase.objects.get() == case


def test_document_is_served_to_its_owner_and_to_first_review_alone(http, whole, intake, stranger):
    actions.submit(whole, by=whole.applicant)
    url = whole.documents.first().get_absolute_url()

    answers = []
    for user in [whole.applicant, intake, stranger]:
        sign_in(http, user)
        answer = http.get(url)
        answers.append(answer.status_code)

    assert answers == [200, 200, 404]


def test_document_asks_a_visitor_to_sign_in(http, whole):
    http.logout()

    assert http.get(whole.documents.first().get_absolute_url()).status_code == 302


# The list of tasks


def test_list_of_a_new_draft_says_what_is_missing_and_offers_no_submission(http, draft):
    page = text_of(http.get("/apply/"))

    assert "已完成0项，共6项" in page
    assert "未开始" in page
    assert 'href="/apply/check/">检查并提交' not in page
    assert "还不能开始" in page
    assert "3月31日 23:59截止" in page


def test_list_names_what_a_begun_task_still_lacks(http, draft):
    http.post("/apply/basics/", {"name": "王芳", "employer": "某公司", "position": "经理", "district": "140105"})

    page = text_of(http.get("/apply/"))

    assert "还差：证件号码" in page
    assert "还差1项" in page


def test_list_of_a_complete_draft_leads_to_the_check(http, whole):
    page = text_of(http.get("/apply/"))

    assert "已完成6项，共6项" in page
    assert 'href="/apply/check/">检查并提交' in page
    assert "系统按起止年月算出：11年3个月" in page


def test_list_of_a_draft_left_in_a_closed_round_is_read_only(http, whole):
    with clock.at(date(2026, 4, 1)):
        page = text_of(http.get("/apply/"))
        task = http.get("/apply/kind/")

    assert "报名已经截止" in page
    assert 'href="/apply/kind/"' not in page
    assert task.url == "/apply/check/"


def test_list_asks_the_same_number_of_queries_for_one_period_and_for_ten(http, draft):
    worked(draft, 2000)
    http.get("/apply/")
    with CaptureQueriesContext(connection) as one:
        http.get("/apply/")

    worked(draft, *range(2001, 2010))
    with CaptureQueriesContext(connection) as ten:
        http.get("/apply/")

    assert len(ten) == len(one)


def worked(application, *years):
    """A year of work and a success case in each of these years."""
    for year in years:
        WorkPeriod.objects.create(
            application=application, employer="某厂", position="厂长", first=date(year, 1, 1), last=date(year, 12, 1)
        )
        SuccessCase.objects.create(application=application, client="某店", year=year, story="开起来了")


# Each task saves on its own


def test_kind_saves_what_is_there(http, draft):
    response = http.post("/apply/kind/", {"category": "3", "title_level": "middle", "title": "讲师"})

    draft.refresh_from_db()
    assert response.url == "/apply/"
    assert (draft.category, draft.title_level, draft.title) == (3, "middle", "讲师")
    assert progress.tasks(draft)[0].lacks == []


def test_kind_two_without_profession_is_saved_and_listed_as_lacking(http, draft):
    http.post("/apply/kind/", {"category": "2"})

    draft.refresh_from_db()
    assert progress.tasks(draft)[0].lacks == ["专业方向"]


def test_kind_refuses_a_ninth_category(http, draft):
    page = http.post("/apply/kind/", {"category": "9", "title": "讲师"})

    assert page.status_code == 422
    assert "只能从给出的选项里选" in text_of(page)
    assert 'value="讲师"' in text_of(page)


def test_kind_changed_sets_aside_what_the_new_one_does_not_ask_for(http, whole):
    http.post("/apply/kind/", {"category": "4"})

    kept = set(whole.documents.current().values_list("kind", flat=True))
    assert kept == {"id_document", "photo", "degree", "success_case"}


def test_basics_saves_the_person_and_shows_the_number_masked(http, draft):
    typed = {"name": "王芳", "id_kind": "resident_id", "id_number": "１１０１０５ 19491231 002x", "email": ""}

    http.post("/apply/basics/", typed | {"employer": "某公司", "position": "经理", "district": "140105"})

    draft = Application.objects.get()
    page = text_of(http.get("/apply/basics/"))
    assert (draft.applicant.name, draft.applicant.id_number) == ("王芳", ID)
    assert "1101**********002X" in page
    assert ID not in page
    assert progress.tasks(draft)[1].lacks == []


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"id_kind": "resident_id", "id_number": "110105194912310021"}, "校验位不对"),
        ({"id_kind": "resident_id", "id_number": "1101051949123100"}, "公民身份号码少了2位，应为18位"),
        ({"id_kind": "", "id_number": ID}, "请先选择证件类型"),
        ({"id_kind": "made_up", "id_number": ID}, "证件类型只能从给出的选项里选"),
        ({"id_kind": "passport", "id_number": "E1\x00"}, "证件号码里有看不见的字符"),
        ({"id_kind": "passport", "id_number": "9" * 5000}, "证件号码最多60个字，现在有5000个"),
        ({"employer_code": "91140100MA0KXXXXXX"}, "校验"),
        ({"employer": "厂" * 101}, "工作单位最多100个字，现在有101个"),
        ({"email": "nobody"}, "邮箱要写成name@example.cn这样"),
        ({"district": "999999"}, "所在区县只能从给出的选项里选"),
    ],
)
def test_basics_refuses_what_is_wrong_and_keeps_what_was_typed(typed, reason, http, draft):
    page = http.post("/apply/basics/", {"position": "总经理兼出纳"} | typed)

    draft.refresh_from_db()
    draft.applicant.refresh_from_db()
    assert page.status_code == 422
    assert reason in text_of(page)
    assert 'value="总经理兼出纳"' in text_of(page)
    assert (draft.position, draft.applicant.id_number) == ("", "")


def test_basics_refuses_the_number_of_another_account(http, draft):
    make_user(id_kind="resident_id", id_number=ID)

    page = http.post("/apply/basics/", {"id_kind": "resident_id", "id_number": ID})

    assert page.status_code == 422
    assert "这个证件号码已属于另一个账号" in text_of(page)


def test_basics_keeps_a_saved_number_when_none_is_typed(http, whole):
    number, kind = whole.applicant.id_number, whole.applicant.id_kind

    http.post("/apply/basics/", {"name": "王芳", "id_kind": kind, "id_number": "", "employer": "新单位"})
    other = http.post("/apply/basics/", {"name": "王芳", "id_kind": "resident_id", "id_number": ""})

    whole.applicant.refresh_from_db()
    assert (whole.applicant.id_kind, whole.applicant.id_number) == (kind, number)
    assert "换了证件类型，请重新填写证件号码" in text_of(other)


def test_basics_fixes_the_person_after_the_first_submission(http, whole, intake):
    returned(intake, whole, "basics")

    page = text_of(http.get("/apply/basics/"))
    http.post("/apply/basics/", {"name": "李四", "id_kind": "passport", "id_number": "E99999999", "employer": "新单位"})

    whole.refresh_from_db()
    whole.applicant.refresh_from_db()
    assert 'name="id_number"' not in page
    assert (whole.employer, whole.applicant.name) == ("新单位", "王芳")


def test_history_adds_months_up_and_never_asks_for_the_sum(http, draft):
    base = {"employer": "某银行", "position": "信贷经理"}

    http.post("/apply/history/new/", base | {"first": "2018-01", "last": "2021-06"})
    http.post("/apply/history/new/", base | {"first": "2020年3月", "last": "2024/4", "managed": "on"})

    page = text_of(http.get("/apply/history/"))
    assert "合并重叠后共6年4个月" in page


def test_history_marks_the_field_of_the_chosen_category(http, draft):
    http.post("/apply/kind/", {"category": "4"})
    page = text_of(http.get("/apply/history/new/"))
    typed = {"employer": "某银行", "position": "经理", "first": "2020-01", "ongoing": "on", "in_field": "on"}

    http.post("/apply/history/new/", typed)

    period = draft.periods.get()
    assert "这段工作是在金融机构从事投融资" in page
    assert (period.first, period.last, period.in_field) == (date(2020, 1, 1), None, True)
    assert "其中与申报类别相关的6年3个月" in text_of(http.get("/apply/history/"))


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"first": "去年"}, "开始年月要写成2020-06这样"),
        ({"first": "2020-13", "ongoing": "on"}, "没有13月，请核对开始年月"),
        ({"first": "0001-01", "ongoing": "on"}, "1年太早了"),
        ({"first": "2026-04", "ongoing": "on"}, "开始年月不能晚于本月"),
        ({"first": "2020-01\x00", "ongoing": "on"}, "开始年月要写成2020-06这样"),
        ({"first": "2020-01"}, "请填写结束年月，还在做的勾选“至今”"),
        ({"first": "2020-01", "last": "2019-12"}, "结束年月早于开始年月"),
        ({"first": "2020-01", "last": "2021-01", "ongoing": "on"}, "就不要勾选“至今”"),
        ({"first": "2020-01", "ongoing": "on", "employer": "厂\x00"}, "单位里有看不见的字符"),
    ],
)
def test_history_refuses_what_is_wrong_and_keeps_what_was_typed(typed, reason, http, draft):
    page = http.post("/apply/history/new/", {"employer": "某厂😀", "position": "厂长"} | typed)

    assert page.status_code == 422
    assert reason in text_of(page)
    assert 'value="厂长"' in text_of(page)
    assert not draft.periods.exists()


def test_history_changes_and_removes_a_period(http, whole):
    period = whole.periods.get()
    typed = {"employer": "新单位😀", "position": "经理", "first": "2015-01", "last": "2016-01"}

    http.post(f"/apply/history/{period.pk}/", typed)
    changed = whole.periods.get()
    asked = http.get(f"/apply/history/{period.pk}/remove/")
    http.post(f"/apply/history/{period.pk}/remove/")

    assert (changed.employer, changed.last) == ("新单位😀", date(2016, 1, 1))
    assert "删除这一条？" in text_of(asked)
    assert not whole.periods.exists()


def test_history_has_an_end(http, draft):
    for _ in range(40):
        WorkPeriod.objects.create(application=draft, employer="某厂", position="厂长", first=date(2020, 1, 1))

    page = http.post(
        "/apply/history/new/", {"employer": "某厂", "position": "厂长", "first": "2020-01", "ongoing": "on"}
    )

    assert page.status_code == 422
    assert "最多40条" in text_of(page)


def test_skills_saves_and_goes_on_to_a_case(http, draft):
    typed = {"topics": ["finance", "policy"], "line": "理顺融资", "biography": "做\r\n过", "visits": "on"}

    response = http.post("/apply/skills/", typed | {"public_fields": ["employer"], "then": "new"})

    draft.refresh_from_db()
    assert response.url == "/apply/skills/case/new/"
    assert (draft.topics, draft.biography, draft.visits) == (["finance", "policy"], "做\n过", True)
    assert draft.public_fields == ["employer"]


@pytest.mark.parametrize("then", ["99999", "٣", "new/../", ""])
def test_skills_goes_back_to_the_list_when_it_is_told_of_no_case(then, http, draft):
    assert http.post("/apply/skills/", {"then": then}).url == "/apply/"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"line": "长" * 41}, "一句话介绍最多40个字，现在有41个"),
        ({"biography": "长" * 1001}, "个人经历最多1000个字"),
        ({"topics": ["astrology"]}, "擅长领域只能从给出的选项里选"),
        ({"public_fields": ["id_number"]}, "名录里另外公开哪些资料只能从给出的选项里选"),
        ({"line": "好\x00"}, "一句话介绍里有看不见的字符"),
    ],
)
def test_skills_refuses_what_is_wrong(typed, reason, http, draft):
    page = http.post("/apply/skills/", {"biography": "做过的事"} | typed)

    assert page.status_code == 422
    assert reason in text_of(page)


@pytest.mark.parametrize(
    ("year", "reason"),
    [
        ("去年", "年份只能填整数"),
        ("9" * 5000, "年份"),
        ("2027", "年份不能晚于今年"),
        ("12", "年份不能小于1940"),
        ("", "请填写年份"),
    ],
)
def test_case_refuses_a_wrong_year_and_keeps_the_story(year, reason, http, draft):
    page = http.post("/apply/skills/case/new/", {"client": "某店", "year": year, "story": "开起来了"})

    assert page.status_code == 422
    assert reason in text_of(page)
    assert "开起来了" in text_of(page)


def test_case_is_entered_changed_and_removed(http, draft):
    http.post("/apply/skills/case/new/", {"client": "某店", "year": "2024", "story": "开起来了"})
    case = draft.success_cases.get()

    http.post(f"/apply/skills/case/{case.pk}/", {"client": "某店😀", "year": "2025", "story": "又开一家"})
    changed = draft.success_cases.get()
    http.post(f"/apply/skills/case/{case.pk}/remove/")

    assert (changed.client, changed.year) == ("某店😀", 2025)
    assert not draft.success_cases.exists()


def test_proof_asks_for_the_category_first(http, draft):
    assert "先选以哪一类人员报名" in text_of(http.get("/apply/proof/"))


def test_proof_keeps_the_good_file_and_says_what_is_wrong_with_the_other(http, draft):
    http.post("/apply/kind/", {"category": "4"})
    text = SimpleUploadedFile("说明.txt", b"hello")

    page = http.post("/apply/proof/", {"degree": pdf("学历.pdf"), "photo": text})

    assert page.status_code == 422
    assert "只收照片（JPG、PNG）、PDF和Word文件" in text_of(page)
    assert "已收到学历证书：学历.pdf" in text_of(page)
    assert draft.documents.get().kind == "degree"


def test_proof_says_so_in_words_when_a_file_is_empty_or_too_large(http, draft):
    http.post("/apply/kind/", {"category": "4"})
    large = SimpleUploadedFile("大.pdf", b"%PDF-1.4\n" + b"0" * (11 * 1024 * 1024))

    page = text_of(http.post("/apply/proof/", {"degree": SimpleUploadedFile("空.pdf", b""), "photo": large}))

    assert "这是一个空文件，请重新选择" in page
    assert "文件太大（12 MB，最多10 MB）" in page


def test_proof_replaced_counts_once(http, whole):
    http.post("/apply/proof/", {"degree": pdf("新学历.pdf")})

    assert [d.original_name for d in whole.documents.current().filter(kind="degree")] == ["新学历.pdf"]


def test_proof_ignores_a_document_that_nobody_asked_for(http, draft):
    http.post("/apply/kind/", {"category": "4"})

    http.post("/apply/proof/", {"trainer_certificate": pdf()})

    assert not draft.documents.exists()


def test_pledge_shows_every_text_unticked_and_signs_what_was_ticked(http, draft):
    before = text_of(http.get("/apply/pledge/"))

    http.post("/apply/pledge/", {"truthful": "on", "public_directory": "on"})

    after = text_of(http.get("/apply/pledge/"))
    asked = [*progress.PLEDGES, "public_directory", "bank_data"]
    assert all(consents.TEXTS[kind].body in before for kind in asked)
    assert "checked" not in before
    assert consents.signed(draft.applicant) == {"truthful", "public_directory"}
    assert "已于3月2日 09:00签署，版本2026-1" in after
    assert 'name="truthful"' not in after


def test_pledge_shows_the_words_that_were_signed(http, draft):
    earlier = consents.VERSIONS["public_directory", "2026-1"]
    draft.applicant.consents.create(kind=earlier.kind, version=earlier.version, digest=earlier.digest)

    shown = text_of(http.get("/apply/pledge/"))

    assert (earlier.body in shown, consents.TEXTS["public_directory"].body in shown) == (True, False)


def test_pledge_given_stays_when_posted_without_it(http, draft):
    http.post("/apply/pledge/", {"truthful": "on"})

    http.post("/apply/pledge/", {})

    assert consents.signed(draft.applicant) == {"truthful"}


# Check and submission


def test_check_reads_everything_back_with_the_number_masked(http, whole):
    page = text_of(http.get("/apply/check/"))

    assert whole.applicant.id_number not in page
    assert "提交报名</button>" in page
    assert "职业经理人与专业技术人员，职业经理人" in page


def test_check_shows_the_findings_that_the_officer_sees(http, whole):
    page = http.get("/apply/check/")

    assert page.context["findings"] == progress.findings(Application.objects.get())
    assert "需人工核实" in text_of(page)


def test_check_of_an_incomplete_draft_lists_what_is_missing_instead_of_a_button(http, draft):
    page = text_of(http.get("/apply/check/"))

    assert "提交报名</button>" not in page
    assert "还有6项没填完" in page


def test_check_of_whoever_a_condition_rules_out_offers_no_submission(http, whole):
    http.post(f"/apply/history/{whole.periods.get().pk}/", {
        "employer": "某厂", "position": "厂长", "first": "2024-01", "ongoing": "on",
    })  # fmt: skip

    page = text_of(http.get("/apply/check/"))
    refused = http.post("/apply/submit/")

    assert "有条件不符合，不能提交" in page
    assert refused.status_code == 422
    assert "还差1年9个月满4年" in text_of(refused)


def test_submit_hands_in_once_however_often_it_is_pressed(http, whole):
    first = http.post("/apply/submit/")
    second = http.post("/apply/submit/", follow=True)

    whole.refresh_from_db()
    assert first.url == "/apply/done/"
    assert "报名已提交，不用再交一次" in text_of(second)
    assert whole.history.filter(history_change_reason="提交报名（第11条）").count() == 1


def test_submit_incomplete_is_refused_with_what_is_missing(http, draft):
    page = http.post("/apply/submit/")

    assert page.status_code == 422
    assert "还没有填完：以哪一类人员报名" in text_of(page)


def test_submit_by_address_leads_to_the_check(http, whole):
    assert http.get("/apply/submit/").url == "/apply/check/"


def test_done_tells_the_number_and_the_dates(http, whole):
    http.post("/apply/submit/")

    page = text_of(http.get("/apply/done/"))

    assert f"SQ 2026 {whole.number[-4:]}" in page
    assert "4月15日（周三）前完成" in page


def test_paper_form_shows_the_applicant_and_masks_the_number(http, whole):
    page = text_of(http.get("/apply/form/"))

    assert "专家报名表" in page
    assert "草稿，还没有提交" in page
    assert whole.applicant.id_number not in page


# After submission


@pytest.mark.parametrize("page", [*PAGES[:6], "history/new", "skills/case/new"])
def test_tasks_of_a_submitted_application_can_only_be_read(page, http, whole):
    actions.submit(whole, by=whole.applicant)

    assert http.get(f"/apply/{page}/").url == "/apply/check/"


@pytest.mark.parametrize("task", POSTS)
def test_submitted_application_is_not_changed_by_a_hand_made_post(task, http, whole):
    actions.submit(whole, by=whole.applicant)
    before = snapshot(whole)

    files = {"degree": pdf("换.pdf")} if task == "proof" else {}
    page = http.post(f"/apply/{task}/", POSTS[task] | files)

    assert page.status_code == 422
    assert "现在不能改" in text_of(page)
    assert snapshot(whole) == before


@pytest.mark.parametrize("entry", ["history/{period}", "skills/case/{case}"])
@pytest.mark.parametrize("remove", ["", "remove/"])
def test_submitted_entries_are_not_changed_by_a_hand_made_post(entry, remove, http, whole):
    actions.submit(whole, by=whole.applicant)
    before = snapshot(whole)
    url = entry.format(period=whole.periods.get().pk, case=whole.success_cases.get().pk)
    typed = POSTS["history/new"] | POSTS["skills/case/new"]

    page = http.post(f"/apply/{url}/{remove}", typed)

    assert page.status_code == 422
    assert snapshot(whole) == before


def snapshot(application):
    """All that an applicant could change."""
    fresh = Application.objects.get(pk=application.pk)
    values = {field.name: getattr(fresh, field.attname) for field in fresh._meta.concrete_fields}
    person = (fresh.applicant.name, fresh.applicant.email, fresh.applicant.id_number)
    entries = [list(fresh.periods.values()), list(fresh.success_cases.values()), list(fresh.documents.values())]
    return values, person, entries, consents.signed(fresh.applicant)


def test_course_of_a_submitted_application_stands_at_first_review(http, whole):
    actions.submit(whole, by=whole.applicant)

    page = http.get("/apply/")

    assert [step.state for step in page.context["steps"]] == ["done", "now", "", "", ""]
    assert [act.words for act in page.context["acts"]] == ["提交报名"]
    assert page.context["findings"] == progress.findings(Application.objects.get())


def test_course_names_no_officer(http, intake, reviewer, leader):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2))
    http.force_login(it.application.applicant)

    with clock.at(date(2026, 3, 3)):
        page = http.get("/apply/")

    assert [act.words for act in page.context["acts"]] == ["提交报名", "初审推荐", "审核通过", "列入公示"]
    assert [step.state for step in page.context["steps"]] == ["done", "done", "done", "now", ""]
    assert it.notice.get_absolute_url() in text_of(page)
    assert not [name for name in ("孙受理", "李审核") if name in text_of(page)]


def test_course_of_an_expert_leads_to_the_desk(http, intake, reviewer, leader):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2))
    with clock.at(date(2026, 3, 10)):
        actions.appoint(it.application, by=leader)
    http.force_login(it.application.applicant)

    page = text_of(http.get("/apply/"))

    assert 'href="/desk/"' in page
    assert it.application.appointment.number in page


def test_course_of_a_declined_application_tells_why_and_offers_the_next_round(http, whole, intake):
    actions.submit(whole, by=whole.applicant)
    actions.turn_down(whole, by=intake, reason="工作经历无法核实")
    make_round(name="下一批")

    page = text_of(http.get("/apply/"))

    assert "原因：工作经历无法核实" in page
    assert "下一批" in page
    assert "开始报名</button>" in page


def test_withdraw_asks_for_a_reason_and_ends_the_application(http, whole):
    actions.submit(whole, by=whole.applicant)

    asked = http.get("/apply/withdraw/")
    without = http.post("/apply/withdraw/", {"reason": ""})
    http.post("/apply/withdraw/", {"reason": "工作调动"})

    page = text_of(http.get("/apply/"))
    assert "撤回报名？" in text_of(asked)
    assert without.status_code == 422
    assert "您已撤回这次报名" in page
    assert "原因：工作调动" in page


def test_withdraw_again_leads_back(http, whole):
    http.post("/apply/withdraw/", {"reason": "工作调动"})

    assert http.get("/apply/withdraw/").url == "/apply/"
    assert http.post("/apply/withdraw/", {"reason": "再来"}).status_code == 422


# Returned for supplement


def test_returned_lists_what_to_supplement_until_when(http, whole, intake):
    returned(intake, whole, "history", "degree", note="学历照片看不清")

    page = text_of(http.get("/apply/"))

    assert "工作经历" in page
    assert "<li>学历证书</li>" in page
    assert "说明：学历照片看不清" in page
    assert "最晚3月9日（周一）提交" in page
    assert "暂定" not in page


def test_returned_opens_only_what_was_asked_for(http, whole, intake):
    returned(intake, whole, "history", "degree")

    answers = {page: http.get(f"/apply/{page}/").status_code for page in PAGES}

    assert answers == {
        "kind": 302, "basics": 302, "history": 200, "skills": 302, "proof": 200, "pledge": 302, "check": 200,
    }  # fmt: skip
    assert http.post("/apply/skills/", POSTS["skills"]).status_code == 422


def test_returned_proof_takes_only_the_document_asked_for(http, whole, intake):
    returned(intake, whole, "degree")

    page = text_of(http.get("/apply/proof/"))
    http.post("/apply/proof/", {"degree": pdf("清楚.pdf"), "photo": pdf("不该收.pdf")})

    names = set(whole.documents.current().values_list("original_name", flat=True))
    assert 'name="degree"' in page
    assert 'name="photo"' not in page
    assert "清楚.pdf" in names
    assert "不该收.pdf" not in names


def test_returned_shows_why_a_document_was_rejected_and_locks_a_verified_one(http, whole, intake):
    actions.submit(whole, by=whole.applicant)
    degree, photo = (whole.documents.get(kind=kind) for kind in ["degree", "photo"])
    actions.reject(degree, by=intake, reason="看不清")
    actions.verify(photo, by=intake)
    actions.send_back(whole, by=intake, items=["proof"], note="请补充")

    page = text_of(http.get("/apply/proof/"))

    assert "不合格：看不清" in page
    assert 'name="degree"' in page
    assert 'name="photo"' not in page
    assert "已经核验，不用再交" in page


def test_returned_with_a_rejected_document_can_always_be_finished(http, whole, intake):
    actions.submit(whole, by=whole.applicant)
    actions.reject(whole.documents.get(kind="degree"), by=intake, reason="看不清")
    actions.send_back(whole, by=intake, items=["skills"], note="请补充")

    http.post("/apply/proof/", {"degree": pdf("清楚.pdf")})
    http.post("/apply/submit/")

    whole.refresh_from_db()
    assert whole.state == State.SUBMITTED


def test_returned_kind_reopens_what_depends_on_it(whole, intake):
    returned(intake, whole, "kind")

    assert progress.open_tasks(whole) == {"kind", "history", "proof", "check"}
    assert progress.open_evidence(whole) == {each.code for each in evidence_for(2, "manager")}


def test_returned_after_its_day_is_closed_and_told_so(http, whole, intake):
    returned(intake, whole, "history")

    with clock.at(date(2026, 3, 10)):
        page = text_of(http.get("/apply/"))
        refused = http.post("/apply/history/new/", POSTS["history/new"])

    assert "补充的期限已经过了" in page
    assert 'href="/apply/history/"' not in page
    assert refused.status_code == 422


def test_returned_with_a_provisional_deadline_says_so_and_cuts_nobody_off(http, whole, intake):
    with clock.at(date(2026, 3, 30)):
        actions.submit(whole, by=whole.applicant)
    with clock.at(date(2026, 12, 29)):
        actions.send_back(whole, by=intake, items=["history"], note="请补充")

    with clock.at(date(2027, 2, 1)):
        page = text_of(http.get("/apply/"))
        history = http.get("/apply/history/")

    assert "暂定" in page
    assert history.status_code == 200


def test_verified_evidence_is_never_replaced(whole, intake):
    make_recommendable(whole, by=intake)
    actions.send_back(whole, by=intake, items=["degree"], note="请补充")

    with pytest.raises(Refused, match="已经核验"):
        actions.attach(whole, by=whole.applicant, kind="degree", upload=pdf())

    assert "degree" not in progress.open_evidence(whole)


def test_nobody_else_fills_in_an_application(draft, stranger):
    with pytest.raises(PermissionDenied):
        actions.fill_in(draft, by=stranger, task="kind", category=4)
