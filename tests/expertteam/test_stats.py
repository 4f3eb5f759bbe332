"""The page of public numbers, its file, and what both keep to themselves."""

import csv
import io
import re
from datetime import date
from html import unescape

import pytest
from django.core.cache import caches
from django.db import connection

from expertteam import clock, stats
from expertteam.served import alike
from expertteam.tally import Year, outcome
from recruitment import actions
from tests import make

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _empty_cache():
    caches["pages"].clear()


def text_of(response):
    return unescape(re.sub(r"<[^>]+>", "", response.content.decode()))


def lines_of(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def figures_of(year, on=NOVEMBER):
    with clock.at(on):
        return {figure.name: figure for figure in Year(year).figures}


def experts(count, **fields):
    for _ in range(count):
        make.make_appointment(**fields)


def applications(count, on, **fields):
    for _ in range(count):
        make.make_application(submitted_at=clock.instant(on, 9), **{"state": "submitted"} | fields)


def test_without_data_no_chart_is_drawn(http, today):
    response = http.get("/stats/")

    page = text_of(response)
    assert response.status_code == 200
    assert "这一年还没有数据" in page
    assert "下载数据" not in page
    assert "<figure" not in response.content.decode()


def test_a_year_without_data_names_those_that_have_some(http):
    experts(1, first_day=date(2026, 3, 1))

    with clock.at(NOVEMBER):
        page = http.get("/stats/?year=2025")

    assert "这一年还没有数据" in text_of(page)
    assert '<a href="?year=2026">2026年</a>' in page.content.decode()


@pytest.mark.parametrize("year", ["2027", "1999", "abcd", "", "２０２６", "20261", "-2026", "2026.0"])
def test_a_year_that_cannot_be_is_no_page(http, today, year):
    assert http.get("/stats/", {"year": year}).status_code == 404


@pytest.mark.parametrize("path", ["/stats/2025.csv", "/stats/2027.csv", "/stats/99999999999999999999.csv"])
def test_no_file_without_data(http, today, path):
    assert http.get(path).status_code == 404


def test_3_years_have_data_while_a_term_runs():
    experts(1, first_day=date(2024, 6, 1))

    with clock.at(NOVEMBER):
        assert Year(2026).known == [2026, 2025, 2024]


def test_the_numbers_are_those_of_the_day_they_name(http):
    experts(6, first_day=date(2025, 6, 1))
    experts(5, first_day=date(2026, 3, 1))

    with clock.at(NOVEMBER):
        now, before = text_of(http.get("/stats/")), text_of(http.get("/stats/?year=2025"))

    assert "截至2026年11月24日" in now
    assert "在聘专家11位" in now
    assert "新聘任5人" in now
    assert "截至2025年12月31日" in before
    assert "在聘专家6位" in before


def test_3_the_course_of_a_year_follows_the_terms():
    experts(5, first_day=date(2026, 3, 1))

    course = figures_of(2026)["每月月末在聘专家"]

    assert [row.count for row in course.rows] == [0, 0, 5, 5, 5, 5, 5, 5, 5, 5, 5]
    assert course.finding == "在聘专家从0位增加到5位"


def test_experts_are_grouped_and_small_groups_are_merged(http):
    experts(6, category=2, topics=["finance", "policy"])
    experts(5, category=1, topics=["finance"])
    experts(2, category=3, topics=["policy"])

    found = figures_of(2026)

    assert found["在聘专家擅长领域"].rows == [("融资贷款", 11), ("政策法规", 8)]
    assert found["在聘专家擅长领域"].finding == "擅长融资贷款的专家最多"
    assert found["在聘专家类别"].rows == [("职业经理人与专业技术人员", 6), ("其他（合并）", 7)]
    assert found["在聘专家所在区县"].rows == [("没有填写", 13)]


def test_experts_who_are_not_listed_count_and_are_not_named(http):
    experts(5, user=None)
    with clock.at(NOVEMBER):
        page = text_of(http.get("/stats/"))

    assert "在聘专家5位" in page
    assert "王芳" not in page


def test_11_an_application_counts_at_every_step_it_reached(intake, reviewer):
    with clock.at(date(2026, 3, 2)):
        round = make.make_round(name="2026年第一批")
        applications(4, date(2026, 3, 2), round=round)
        for _ in range(5):
            make.make_approved(intake=intake, reviewer=reviewer, round=round)

    found = figures_of(2026)

    assert found["申请进展"].rows == [("提交申请", 9), ("初审推荐", 5), ("审核通过", 5), ("正式聘任", 0)]
    assert found["申请进展"].finding == "收到9份申请"


def test_few_applications_are_not_told(http):
    applications(4, date(2026, 3, 2))

    with clock.at(NOVEMBER):
        page = text_of(http.get("/stats/"))

    assert "收到申请不足5份" in page
    assert "每月申请" not in page


def test_applications_are_grouped_by_round_and_month():
    first, second = make.make_round(name="第一批"), make.make_round(name="第二批")
    applications(7, date(2026, 3, 2), round=first)
    applications(5, date(2026, 5, 4), round=second)

    found = figures_of(2026, date(2026, 6, 1))

    assert found["各批次申请"].rows == [("第一批", 7), ("第二批", 5)]
    assert found["每月申请"].rows == [("1—2月", 0), ("3月", 7), ("4月", 0), ("5月", 5), ("6月", 0)]


def test_drafts_are_nobodys_business(http):
    make.make_application()

    with clock.at(NOVEMBER):
        assert "这一年还没有数据" in text_of(http.get("/stats/"))


@pytest.mark.parametrize(
    ("counts", "upheld", "expected"),
    [(False, None, "作为线索"), (True, None, "正在核实"), (True, True, "成立"), (True, False, "不成立")],
)
def test_outcome(counts, upheld, expected):
    assert outcome(counts, upheld) == expected


def test_notices_count_once_public_and_stay_counted_when_annulled():
    make.make_bare_notice()
    make.make_bare_notice(state="annulled", annulled_reason="名单有误")
    make.make_bare_notice(state="draft")

    before, after = figures_of(2026, date(2026, 3, 2)), figures_of(2026)

    assert before == {}
    assert after["异议和线索"].finding == "公示2次，没有收到异议"


def test_objections_are_told_by_outcome():
    notice = make.make_bare_notice()
    for state, number in [("received", 5), ("answered", 6), ("lead", 1)]:
        for _ in range(number):
            make.make_bare_objection(state=state, notice=notice)

    found = figures_of(2026)["异议和线索"]

    assert found.rows == [("不成立", 6), ("其他（合并）", 6)]
    assert found.finding.endswith("次，收到异议和线索12件")


def test_a_single_objection_is_not_told():
    make.make_bare_objection(notice=make.make_bare_notice())

    found = figures_of(2026)["异议和线索"]

    assert found.finding.endswith("次，收到异议和线索不足5件")
    assert [row.written for row in found.rows] == ["不足5"]


def test_the_file_says_what_the_page_says(http):
    experts(6, first_day=date(2026, 3, 1))
    applications(2, date(2026, 3, 2))

    with clock.at(NOVEMBER):
        response = http.get("/stats/2026.csv")

    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    lines = {(line["指标"], line["分组"]): line for line in lines_of(response)}
    assert lines["在聘专家", ""] == {
        "年份": "2026", "截至": "2026-11-24", "指标": "在聘专家", "分组": "", "数值": "6", "单位": "位",
    }  # fmt: skip
    assert lines["收到申请", ""]["数值"] == "不足5"
    assert lines["在聘专家擅长领域", "经营管理"]["数值"] == "6"


def test_a_round_named_like_a_formula_is_text_in_the_file(http):
    applications(5, date(2026, 3, 2), round=make.make_round(name='=HYPERLINK("x")'))
    applications(5, date(2026, 3, 2), round=make.make_round(name="第二批"))

    with clock.at(NOVEMBER):
        groups = [line["分组"] for line in lines_of(http.get("/stats/2026.csv"))]

    assert '\'=HYPERLINK("x")' in groups
    assert not [group for group in groups if group.startswith("=")]


def services(count, **fields):
    for _ in range(count):
        make.make_service("confirmed", **fields)


def test_7_8_services_are_told_by_kind_group_and_month():
    expert = make.make_expert()
    services(6, expert=expert, kind="consulting", group="graduate")
    services(5, expert=expert, kind="guidance", group="veteran", started_at=clock.instant(date(2026, 5, 6), 14))
    services(4, expert=expert, kind="technical", group="farmer")
    services(1, expert=expert, kind="other", group="hardship", started_at=clock.instant(date(2025, 12, 31), 23))
    make.make_service("logged", expert=expert, kind="other", group="hardship")

    found = figures_of(2026)

    assert found["各类服务"].rows == [("创业咨询", 6), ("其他（合并）", 9)]
    assert found["各类服务对象"].rows == [("高校毕业生", 6), ("其他（合并）", 9)]
    assert found["每月服务"].rows == [("1—2月", 0), ("3月", 10), ("4月", 0), ("5月", 5), ("6—11月", 0)]
    assert found["各类服务"].finding == "创业咨询的服务最多"


def test_7_talks_and_reviews_have_no_client_of_their_own():
    expert = make.make_expert()
    services(5, expert=expert, group="graduate")
    services(7, expert=expert)
    services(6, expert=expert, kind="activity")
    services(2, expert=expert, kind="review")

    found = figures_of(2026)["各类服务对象"]

    assert found.rows == [("活动和评审（不分对象）", 8), ("没有填写", 7), ("高校毕业生", 5)]
    assert found.finding == "服务高校毕业生最多"
    assert [row.label for row, _, leads in found.bars if leads] == ["高校毕业生"]


def test_8_services_are_told_by_the_district_that_was_given():
    expert = make.make_expert()
    for district in ["140105"] * 6 + ["140121"] * 5 + ["", "140106"]:
        request = make.make_request("confirmed", expert=expert, district=district)
        make.make_service("confirmed", expert=expert, request=request)
    services(5, expert=expert)
    services(6, expert=expert, kind="review")

    found = figures_of(2026)["各区县服务"]

    assert found.rows == [
        ("小店区", 6), ("没有填写", 6), ("活动和评审（不分对象）", 6), ("其他（合并）", 6),
    ]  # fmt: skip
    assert found.finding == "小店区的服务最多"


def test_8_a_small_kind_stands_on_its_side_of_the_line_in_every_figure():
    expert = make.make_expert()
    services(9, expert=expert, group="graduate")
    services(6, expert=expert, group="graduate", kind="other")
    services(2, expert=expert, group="graduate", kind="guidance")
    services(8, expert=expert, kind="activity")
    services(3, expert=expert, kind="review")

    found = figures_of(2026)

    assert found["各类服务"].rows == [("活动和评审（不分对象）", 11), ("创业咨询", 9), ("其他（合并）", 8)]
    assert found["各类服务对象"].rows == [("高校毕业生", 17), ("活动和评审（不分对象）", 11)]


def test_7_few_services_are_not_told():
    services(4, group="graduate")
    four = figures_of(2026)
    services(1, group="graduate")

    five = figures_of(2026)

    assert "各类服务对象" not in four
    assert five["各类服务对象"].rows == [("高校毕业生", 5)]


def test_the_page_asks_as_often_for_much_as_for_little(rf, django_assert_num_queries):
    queries = 9
    make.make_bare_objection()
    applications(5, date(2026, 3, 2))
    experts(1, first_day=date(2025, 3, 1))
    with clock.at(NOVEMBER), django_assert_num_queries(queries):
        look(rf)

    experts(8, first_day=date(2026, 3, 1))
    applications(9, date(2026, 5, 4), state="recommended")
    make.make_bare_objection()

    with clock.at(NOVEMBER), django_assert_num_queries(queries):
        look(rf)


def test_a_year_of_services_is_found_by_an_index():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SET LOCAL enable_seqscan = off"
            )  # the table is empty, and reading it whole would cost nothing

        assert "service_by_time" in alike(2026).explain()


def look(rf):
    request = rf.get("/stats/")
    request.user, request._messages = None, []
    return stats.stats(request)


def test_an_appointment_shows_at_once(http):
    experts(5)
    with clock.at(NOVEMBER):
        before = http.get("/stats/")
        experts(1)

        after = http.get("/stats/", headers={"if-none-match": before["ETag"]})

        assert "在聘专家6位" in text_of(after)


def test_how_it_is_counted_is_said(http):
    page = text_of(http.get("/stats/method/"))

    for name in ["在聘专家", "新聘任", "收到申请", "申请进展", "公示", "异议和线索", "其他（合并）", "不足5"]:
        assert name in page


def test_months_stand_as_columns_with_their_numbers(http):
    services(10)
    services(5, started_at=clock.instant(date(2026, 5, 6), 14))

    with clock.at(NOVEMBER):
        page = http.get("/stats/").content.decode()

    assert [(row.label, top, height) for row, top, height, _ in figures_of(2026)["每月服务"].columns] == [
        ("1—2月", 100, 0), ("3月", 0, 100), ("4月", 100, 0), ("5月", 50, 50), ("6—11月", 100, 0),
    ]  # fmt: skip
    assert '<li><span>3月</span><b>10</b><svg viewBox="0 0 10 100"' in page
    assert '<rect class="c2" y="50.0" width="10" height="50.0"/>' in page


def test_every_chart_has_its_numbers_as_text(http):
    experts(6, first_day=date(2026, 3, 1))

    with clock.at(NOVEMBER):
        page = http.get("/stats/").content.decode()

    assert page.count("<figure") == page.count("<figcaption>") > 3
    assert (
        'role="img"><title>折线图：在聘专家从0位增加到6位</title><desc>2026年1月到11月，每月月末的人数：1月0，2月0，3月6'
        in page
    )
    assert re.search(r'<th scope="row">3月</th><td class="n">6</td>', page)
    assert not re.search(r"<svg[^>]*>(?:(?!</svg>).)*<text", page)


def test_an_appointment_after_notice_reaches_the_numbers(intake, reviewer, leader):
    with clock.at(date(2026, 3, 2)):
        it = make.course(intake=intake, reviewer=reviewer)
    with clock.at(date(2026, 3, 10)):
        actions.appoint(it.application, by=leader)

        numbers = {name: row.written for name, row, _ in Year(2026).numbers}

    assert numbers == {"在聘专家": "1", "新聘任": "1", "收到申请": "不足5", "公示": "1"}
