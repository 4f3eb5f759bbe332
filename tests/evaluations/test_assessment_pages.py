"""The pages of annual assessments: the office's year, one sheet, the expert's own (Article 10(1))."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluations import actions
from evaluations.models import Assessment, Merit, Scheme
from expertteam import clock
from tests import make
from tests.conftest import person
from tests.make import sign_in

pytestmark = pytest.mark.django_db
LIST = "/admin/assessments/"
OFFICE = ["intake", "reviewer", "leader", "inspector"]


@pytest.fixture(autouse=True)
def january():
    """Wednesday 2027-01-20: the year 2026 is over."""
    with clock.at(date(2027, 1, 20)):
        yield


def excellent(**fields):
    """A sheet of 2026 with the highest grade, as nobody's year is by itself."""
    return make.make_assessment(**{"total": "95.00", "grade": "excellent"} | fields)


def see(http, user, address):
    sign_in(http, user)
    return http.get(address)


@pytest.mark.parametrize(
    "role", ["intake", "reviewer", "leader", "inspector", "matcher", "cashier", "admin", "expert", "client"]
)
def test_the_office_sees_a_year_and_its_sheets_and_nobody_else(http, role):
    sheet = make.make_assessment("released")
    sign_in(http, person("somebody", role))
    pages = [
        LIST,
        f"{LIST}merits/",
        sheet.get_absolute_url(),
        f"{sheet.get_absolute_url()}sheet.pdf",
    ]
    seen = [http.get(address).status_code for address in pages]

    assert seen == ([200] * 4 if role in OFFICE else [403, 403, 404, 404])


def test_a_stranger_is_asked_to_sign_in(http):
    assert http.get(LIST).status_code == 302


def test_nobody_in_office_sees_his_own_sheet_there(http):
    officer = person("both", "reviewer")
    sheet = make.make_assessment("released", expert=make.make_expert(user=officer))
    sign_in(http, officer)

    assert http.get(sheet.get_absolute_url()).status_code == 404
    assert str(sheet.expert.no) not in http.get(LIST).text
    assert http.get(f"/desk/assessments/{sheet.pk}/").status_code == 200


def test_a_year_is_listed_with_totals_and_grades_the_best_first(http, intake):
    low, high = make.make_assessment(), excellent()
    page = see(http, intake, LIST)

    assert page.context["year"] == 2026  # the one that is over
    assert list(page.context["object_list"]) == [high, low]
    assert "优秀1位" in page.text
    assert "2026年度评出优秀1位，占2位的50.0%，超过评价办法的20%" in page.text
    assert http.get(f"{LIST}?year=2027").context["object_list"].count() == 0
    assert http.get(f"{LIST}?year=1999").context["year"] == 2026


def test_the_list_takes_as_many_queries_for_three_as_for_one(http, reviewer):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert http.get(LIST).status_code == 200
        return len(captured)

    sign_in(http, reviewer)
    make.make_assessment()
    queries()
    one = queries()
    for _ in range(3):
        make.make_assessment()

    assert queries() == one


def test_merits_are_listed_in_as_many_queries_for_three_as_for_one(http, intake):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert http.get(f"{LIST}merits/").status_code == 200
        return len(captured)

    sign_in(http, intake)
    make.make_merit()
    queries()
    one = queries()
    for _ in range(3):
        make.make_merit()

    assert queries() == one


def test_the_reviewer_works_a_year_out_on_its_page(http, reviewer):
    make.make_expert()
    sign_in(http, reviewer)
    done = http.post(f"{LIST}assess/", {"year": "2026"}, follow=True)

    assert "2026年度已计算，1位有新结果" in done.text
    assert Assessment.objects.get().computed_by == reviewer


@pytest.mark.parametrize(
    ("page", "role"),
    [("assess", "reviewer"), ("release", "leader"), ("merits/enter", "intake")],
)
@pytest.mark.parametrize("other", [*OFFICE, "matcher", "expert"])
def test_each_form_is_one_roles(http, page, role, other):
    seen = see(http, person("somebody", other), f"{LIST}{page}/").status_code

    assert seen == (200 if other == role else 403)


def test_a_sheet_explains_every_line(http, leader):
    sheet = make.make_assessment()
    page = see(http, leader, sheet.get_absolute_url())

    for line in sheet.lines:
        assert line["words"] in page.text
    assert [move.verb for move in page.context["moves"]] == ["release"]
    assert "参考全局" in page.text


def test_nothing_is_offered_for_release_before_the_year_is_over(http, leader):
    early = make.make_assessment(year=2027)

    assert see(http, leader, early.get_absolute_url()).context["moves"] == []


def test_the_leader_releases_one_and_is_told_why_not(http, leader, reviewer):
    make.make_expert()
    actions.assess(2026, by=reviewer)
    sheet = Assessment.objects.get()
    make.make_merit(expert=sheet.expert)
    sign_in(http, leader)

    refused = http.post(f"{sheet.get_absolute_url()}release/")
    assert "请重新计算后再公布" in refused.text
    actions.assess(2026, by=reviewer)
    http.post(f"{sheet.get_absolute_url()}release/")
    sheet.refresh_from_db()
    assert (sheet.state, sheet.released_by) == ("released", leader)


def test_the_page_of_a_release_warns_and_asks_for_the_reason_only_of_excellent(http, leader):
    best, other = excellent(), make.make_assessment()

    assert "超过评价办法的20%。" in see(http, leader, f"{best.get_absolute_url()}release/").text
    assert "reason" in http.get(f"{best.get_absolute_url()}release/").context["form"].fields
    assert "reason" not in http.get(f"{other.get_absolute_url()}release/").context["form"].fields


def test_the_leader_releases_a_year_at_once(http, leader, reviewer):
    for _ in range(2):
        make.make_expert()
    actions.assess(2026, by=reviewer)
    sign_in(http, leader)
    done = http.post(f"{LIST}release/", {"year": "2026", "reason": ""}, follow=True)

    assert "已公布2位" in done.text
    assert Assessment.objects.filter(state="released").count() == 2


def test_the_office_enters_what_no_record_says_and_takes_it_back(http, intake):
    expert = make.make_expert()
    sign_in(http, intake)
    said = {"expert": expert.pk, "year": "2026", "kind": "quality", "evidence": "抽查3月5日的记录"}
    missing = http.post(f"{LIST}merits/enter/", said)
    done = http.post(f"{LIST}merits/enter/", said | {"points": "4.5", "files": make.pdf()}, follow=True)
    merit = Merit.objects.get()
    file = http.get(merit.files.get().get_absolute_url())
    back = http.post(f"{merit.get_absolute_url()}revoke/", {"reason": "抽错了人"}, follow=True)

    assert (missing.status_code, "抽查服务记录要打分，0到5分" in missing.text) == (422, True)
    assert ("4.50分" in done.text, file.status_code) == (True, 200)
    assert ("抽错了人" in back.text, Merit.objects.counting().count()) == (True, 0)


def test_a_file_is_for_those_who_may_read_the_entry(http, intake, matcher, stranger):
    expert = make.make_expert()
    merit = actions.enter_merit(expert=expert, year=2026, kind="honour", evidence="证书", files=[make.pdf()], by=intake)
    address = merit.files.get().get_absolute_url()
    before = [see(http, user, address).status_code for user in (matcher, stranger, expert.user)]
    make.make_assessment("released", expert=expert)

    assert (before, see(http, expert.user, address).status_code) == ([404, 404, 404], 200)


def test_an_entry_is_for_the_office(http, intake, matcher, stranger):
    merit = make.make_merit()
    make.make_assessment("released", expert=merit.expert)
    seen = [
        see(http, user, merit.get_absolute_url()).status_code for user in (intake, matcher, stranger, merit.expert.user)
    ]

    assert seen == [200, 404, 404, 403]


def test_an_expert_reads_his_own_year_once_it_is_released(http):
    told, untold, foreign = make.make_assessment("released"), make.make_assessment(), make.make_assessment("released")
    sign_in(http, told.expert.user)
    page = http.get(f"/desk/assessments/{told.pk}/")

    for line in told.lines:
        assert line["words"] in page.text
    assert ("1月27日" in page.text, "申请复核" in page.text) == (True, True)
    assert http.get(f"/desk/assessments/{foreign.pk}/").status_code == 404
    assert http.get(f"/desk/assessments/{told.pk}/sheet.pdf")["Content-Type"] == "application/pdf"
    assert http.get(f"/desk/assessments/{foreign.pk}/sheet.pdf").status_code == 404
    sign_in(http, untold.expert.user)
    assert http.get(f"/desk/assessments/{untold.pk}/").status_code == 404
    assert "还没有公布的年度评价" in http.get("/desk/assessments/").text


def test_his_list_has_the_mean_of_the_years_with_a_grade(http):
    expert = make.make_expert()
    make.make_assessment("released", expert=expert)
    make.make_assessment("released", expert=expert, year=2027, total="60.00", grade="adequate")
    make.make_assessment("released", expert=expert, year=2028, total="18.00", grade="undetermined")
    total = Assessment.objects.get(year=2026).total
    page = see(http, expert.user, "/desk/assessments/")

    assert f"各年平均{(total + 60) / 2:.2f}分" in page.text


def test_the_expert_asks_for_another_look_and_the_inspector_takes_it(http, inspector):
    sheet = make.make_assessment("released")
    sign_in(http, sheet.expert.user)
    http.post(f"/desk/assessments/{sheet.pk}/contest/", {"plea": "3月5日的没有算"})
    sheet.refresh_from_db()
    assert (sheet.state, sheet.plea) == ("contested", "3月5日的没有算")

    page = see(http, inspector, sheet.get_absolute_url())
    assert "3月5日的没有算" in page.text
    assert [move.verb for move in page.context["moves"]] == ["confirm_result", "amend_result"]
    http.post(f"{sheet.get_absolute_url()}amend_result/", {"points": "2", "reasons": "漏了一次"})
    old = http.get(sheet.get_absolute_url())
    new = Assessment.objects.current().get(expert=sheet.expert)
    assert (new.revision, new.lines[-1]["points"]) == (2, "2.00")
    assert new.get_absolute_url() in old.text
    sign_in(http, sheet.expert.user)
    assert f"/desk/assessments/{new.pk}/" in http.get(f"/desk/assessments/{sheet.pk}/").text


def test_who_is_late_is_told_that_the_time_is_over(http):
    sheet = make.make_assessment("released")
    with clock.at(date(2027, 1, 28)):
        sign_in(http, sheet.expert.user)
        page = http.get(f"/desk/assessments/{sheet.pk}/")
        late = http.post(f"/desk/assessments/{sheet.pk}/contest/", {"plea": "太晚了"})

    assert f"/desk/assessments/{sheet.pk}/contest/" not in page.text
    assert "申请复核的期限已过" in late.text


def test_the_inspector_keeps_a_result_on_its_page(http, inspector):
    sheet = make.make_assessment("contested", plea="有遗漏")
    sign_in(http, inspector)
    http.post(f"{sheet.get_absolute_url()}confirm_result/", {"reasons": "没有遗漏"})
    sheet.refresh_from_db()

    assert (sheet.state, sheet.decision) == ("settled", "没有遗漏")


def test_the_desk_speaks_of_the_year_as_long_as_it_can_be_contested(http):
    sheet = make.make_assessment("released")
    page = see(http, sheet.expert.user, "/desk/")
    assert "2026年度评价已公布" in page.text
    with clock.at(date(2027, 1, 28)):
        sign_in(http, sheet.expert.user)
        later = http.get("/desk/")

    assert "2026年度评价已公布" not in later.text
    assert f"/desk/assessments/{sheet.pk}/" in later.text


def rows(http, user):
    return [(row.what, row.number, row.whom) for row in see(http, user, "/admin/").context["rows"]]


def test_today_has_the_year_to_release_in_one_row_and_what_is_contested(http, leader, inspector):
    for _ in range(2):
        make.make_assessment()
    make.make_assessment(year=2027)
    asked = make.make_assessment("contested")

    assert rows(http, leader) == [("公布年度评价", "2026年度", "2位专家")]
    menu = {label: count for _, label, count, _ in see(http, leader, LIST).context["staff_nav"]()}
    assert menu["年度评价"] == 1
    assert rows(http, inspector) == [("复核年度评价", "2026年度", f"{asked.expert}老师")]


def test_the_paper_can_be_made_of_every_state(http, inspector):
    for state in Assessment.State:
        sheet = make.make_assessment(
            state, remarks=["说明"], **{"plea": "有遗漏", "contested_at": clock.now()} if state == "contested" else {}
        )
        paper = see(http, inspector, f"{sheet.get_absolute_url()}sheet.pdf")
        assert b"".join(paper.streaming_content).startswith(b"%PDF")


# The scheme


SCHEMES = "/admin/evaluations/scheme/"


def entered(http, **changes):
    """The form of a new version as it comes, with these changes."""
    form = http.get(f"{SCHEMES}add/").context["adminform"].form
    said = {name: field.initial for name, field in form.fields.items() if field.initial is not None}
    return http.post(
        f"{SCHEMES}add/",
        said | {"name": "评价办法（修订）", "source": "局发〔2027〕5号", "effective_year": 2027} | changes,
    )


def test_a_new_version_begins_as_the_one_before_and_supersedes_it(http, admin):
    sign_in(http, admin)
    first = Scheme.objects.get()
    done = entered(http, quota_percent=15, dimensions_0_items_0_most=20)
    second = Scheme.objects.of_year(2027)

    assert done.status_code == 302
    assert (second.entered_by, second.data["quota_percent"], second.data["dimensions"][0]["items"][0]["most"]) == (
        admin,
        15,
        "20",
    )
    assert second.data["dimensions"][1:] == first.data["dimensions"][1:]
    assert Scheme.objects.of_year(2026) == first


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"effective_year": 2026}, "不能从过去的年度起"),
        ({"good": 95}, "分数线要依次降低"),
        ({"rating_2": 90}, "星级低的不能高于星级高的"),
        ({"quota_percent": 101}, "百分比要在0到100之间"),
        ({"minimum_sessions": -1}, "不能小于0"),
        ({"dimensions_2_base": 16}, "起评分要在0和最高分之间"),
        ({"dimensions_0_most": -1}, "最高分不能小于0"),
        ({"excellent": 120, "good": 110}, "要够得到优秀"),
    ],
)
def test_a_version_that_cannot_be_meant_comes_back_with_the_reason(http, admin, changes, why):
    sign_in(http, admin)

    assert why in entered(http, **changes).content.decode()
    assert Scheme.objects.count() == 1


def test_a_year_that_was_told_keeps_its_scheme(http, admin):
    make.make_assessment("released", year=2027)
    sign_in(http, admin)

    assert "新办法从下一年起" in entered(http).content.decode()


def test_versions_are_read_by_the_office_and_changed_by_nobody(http, admin, intake):
    scheme = Scheme.objects.get()
    for user, status in [(admin, 200), (intake, 200)]:
        assert see(http, user, f"{SCHEMES}{scheme.pk}/change/").status_code == status
    assert http.post(f"{SCHEMES}{scheme.pk}/change/", {"name": "x"}).status_code == 403
    assert see(http, intake, f"{SCHEMES}add/").status_code == 403
    assert "咨询指导，最高几分：15" in see(http, admin, f"{SCHEMES}{scheme.pk}/change/").text
