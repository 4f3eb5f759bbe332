"""年度报告: its numbers, to whom which part is told, the workbook, and what it keeps to itself (Articles 7, 8, 10 to 13)."""

import io
import re
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from expertteam import clock
from expertteam.annual import PARTS, content, parts_for, report
from expertteam.annual.pay import together
from expertteam.figures import REST
from expertteam.tally import Year
from tests import make
from tests.conftest import person
from tests.payments import pay

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 24)
PAGE, FILE = "/admin/annual/2026/", "/admin/annual/2026.xlsx"


def tables(year=2026, on=NOVEMBER):
    """Every table of the report by part and name: its rows."""
    with clock.at(on):
        return {(part.title, table.name): table.rows for part, found in report(Year(year), PARTS) for table in found}


def services(count, **fields):
    for _ in range(count):
        make.make_service("confirmed", **fields)


def rated(expert, kind, group, *grades):
    for grade in grades:
        service = make.make_service("confirmed", expert=expert, kind=kind, group=group)
        make.make_rating(service=service, grade=grade, wrong=["unsolved"] if grade < 3 else [])


def seen(http, user, address=PAGE):
    make.sign_in(http, user)
    with clock.at(NOVEMBER):
        return http.get(address)


def test_3_who_came_and_who_went_adds_up():
    renewed = make.make_expert(first_day=date(2023, 3, 1))
    make.make_appointment(user=renewed.user, first_day=date(2026, 3, 1))
    make.make_appointment(first_day=date(2023, 1, 1))
    make.make_appointment(first_day=date(2026, 5, 1))
    make.make_appointment(first_day=date(2026, 12, 1))
    gone = make.make_expert(first_day=date(2025, 3, 1))
    make.end_early(gone.appointments.all(), date(2026, 9, 1))

    main = tables()["专家队伍", "主要数字"]

    assert main == [
        ["上年末在聘专家", 3, "位"],
        ["首次聘任", 1, "人"],
        ["续聘", 1, "人"],
        ["聘期届满", 2, "人"],
        ["提前结束（解聘、本人提出）", 1, "人"],
        ["截至日在聘专家", 2, "位"],
    ]


@pytest.mark.parametrize(("count", "written"), [(4, "不足5"), (5, 5)])
def test_11_applications_are_told_from_five_on(count, written):
    for _ in range(count):
        make.make_application(state="submitted", submitted_at=clock.instant(date(2026, 3, 2), 9))
    make.make_bare_notice()

    assert tables()["选聘和公示", "主要数字"] == [["收到申请", written, "份"], ["公示", 1, "次"]]


def test_7_8_services_by_kind_and_group_and_by_both():
    expert = make.make_expert()
    services(9, expert=expert, kind="consulting", group="graduate")
    services(5, expert=expert, kind="consulting", group="farmer")
    services(6, expert=expert, kind="guidance", group="graduate", mode="visit", minutes=90)
    make.make_service("ruled", expert=expert, kind="guidance", group="farmer")
    services(4, expert=expert, kind="guidance", group="farmer")
    make.make_service("logged", expert=expert, kind="technical", group="veteran")

    found = tables()

    assert found["预约和服务", "主要数字"][1:] == [
        ["完成服务", 25, "次"],
        ["服务时长", 27.8, "小时"],
        ["服务对象", 25, "人"],
    ]
    assert found["预约和服务", "服务类型"] == [["创业咨询", 14], ["创业就业指导", 11], ["合计", 25]]
    assert found["预约和服务", "服务对象类别"] == [["高校毕业生", 15], ["农民", 10], ["合计", 25]]
    assert found["预约和服务", "服务方式"] == [["服务中心面谈", 19], ["上门", 6], ["合计", 25]]
    assert found["预约和服务", "每月服务"] == [["1—2月", 0], ["3月", 25], ["4—11月", 0], ["合计", 25]]
    assert found["预约和服务", "服务类型和对象"] == [
        ["创业咨询", 9, 5, 14],
        ["创业就业指导", 6, 5, 11],
        ["合计", 15, 10, 25],
    ]


def test_7_a_cell_of_four_is_shown_by_nothing():
    expert = make.make_expert()
    services(9, expert=expert, kind="consulting", group="graduate")
    services(5, expert=expert, kind="consulting", group="farmer")
    services(6, expert=expert, kind="guidance", group="graduate")
    services(4, expert=expert, kind="guidance", group="farmer")

    found = tables()

    assert found["预约和服务", "服务类型"] == [["创业咨询", 14], ["创业就业指导", 10], ["合计", 24]]
    assert ("预约和服务", "服务类型和对象") not in found


@pytest.mark.parametrize(("count", "written", "hours"), [(0, 0, 0.0), (4, "不足5", "不足5"), (5, 5, 5.0)])
def test_7_few_services_are_told_as_few(count, written, hours):
    services(count, group="hardship", kind="technical")

    found = tables()

    assert [row[1] for row in found["预约和服务", "主要数字"]] == [0, written, hours, written]
    assert found["预约和服务", "服务对象类别"][-1] == ["合计", written]


def test_8_requests_by_way_and_outcome():
    for state, count in {"submitted": 6, "cancelled": 5, "unplaced": 2}.items():
        for _ in range(count):
            make.make_request(state, submitted_at=clock.instant(date(2026, 3, 2), 9))
    make.make_request(submitted_at=clock.instant(date(2025, 12, 31), 23))

    found = tables()

    assert found["预约和服务", "主要数字"][0] == ["收到预约", 13, "次"]
    assert found["预约和服务", "预约结果"] == [["正在办理", 6], ["其他（合并）", 7], ["合计", 13]]


def test_8_activities_and_reviews_are_told_as_they_are():
    held = make.make_activity("held", capacity=10)
    make.make_activity("cancelled")
    for group in ["graduate"] * 5 + ["farmer"]:
        make.make_sign_up("attended", activity=held, group=group)
    make.make_sign_up("absent", activity=held, group="graduate")
    make.make_pairing(members=5)
    panel = make.make_panel("published", published_at=clock.instant(date(2026, 3, 5), 9))
    make.make_project(panel, passed=True)
    make.make_project(panel, passed=False)
    make.make_project(make.make_panel("concluded"), passed=True)

    found = tables()

    assert found["活动和结对", "专题活动"] == [["创业沙龙", 1], ["合计", 1]]
    assert found["活动和结对", "活动到场"] == [["合计", 6]]
    assert found["活动和结对", "新结对对象"] == [["没有填写", 5], ["合计", 5]]
    assert found["项目评审", "主要数字"] == [["参评项目", 2, "个"], ["通过", 1, "个"]]
    assert found["项目评审", "评审对象"] == [["创业孵化示范基地", 1], ["合计", 1]]


@pytest.mark.parametrize(
    ("grades", "line"),
    [
        ([5, 5, 5, 5, 5], ["合计", 5, 100.0, 5.0]),
        ([5, 5, 5, 5, 5, 1, 1, 1, 1], ["合计", 9, None, 3.2]),
        ([5, 5, 5, 5, 5, 1, 1, 1, 1, 1], ["合计", 10, 50.0, 3.0]),
        ([5, 5, 5, 5, 1, 1, 1, 1, 1], ["合计", 9, None, 2.8]),
    ],
)
def test_10_1_a_share_is_told_where_it_points_at_nobody(grades, line):
    rated(make.make_expert(), "consulting", "graduate", *grades)

    assert tables()["满意度", "各类服务的满意度"][-1] == line


def test_10_1_ratings_have_an_average_from_five_on():
    expert = make.make_expert()
    rated(expert, "consulting", "graduate", 5, 5, 4, 3, 2)
    rated(expert, "guidance", "farmer", 5, 5, 5, 1)
    rated(expert, "technical", "farmer", 4)

    found = tables()

    assert found["满意度", "各类服务的满意度"] == [
        ["创业咨询", 5, None, 3.8],
        ["其他（合并）", 5, None, 4.0],
        ["合计", 10, None, 3.9],
    ]
    assert found["满意度", "各类服务对象的满意度"] == [
        ["高校毕业生", 5, None, 3.8],
        ["农民", 5, None, 4.0],
        ["合计", 10, None, 3.9],
    ]
    assert found["满意度", "评价等级"] == [["很满意", 5], ["其他（合并）", 5], ["合计", 10]]


def test_10_1_four_ratings_have_neither():
    rated(make.make_expert(), "consulting", "graduate", 5, 5, 4, 3)

    assert tables()["满意度", "各类服务的满意度"] == [["合计", "不足5", None, None]]


def test_10_1_what_was_found_malicious_is_in_no_average():
    expert = make.make_expert()
    rated(expert, "consulting", "graduate", 5, 5, 5, 5, 5)
    malicious = make.make_rating(expert=expert, grade=1, wrong=["other"])
    make.make_rating_case("found", rating=malicious, finding="malicious")

    assert tables()["满意度", "各类服务的满意度"] == [["创业咨询", 5, 100.0, 5.0], ["合计", 5, 100.0, 5.0]]


def test_12_what_was_dealt_with_is_told_from_five_on():
    for _ in range(5):
        make.make_refusal("judged")
    make.make_refusal("judged", finding="proper_reason")
    make.make_refusal("set_aside")
    for _ in range(4):
        make.make_strike()
    make.make_dismissal("dismissed", opened_at=clock.instant(date(2026, 3, 2), 9))

    found = tables()

    assert found["核实和解聘", "不履职核实"] == [["合计", 10]]
    assert found["核实和解聘", "计次"] == [["合计", "不足5"]]
    assert found["核实和解聘", "解聘案件"] == [["合计", "不足5"]]
    assert found["核实和解聘", "解聘案件结果"] == [["合计", "不足5"]]
    assert found["核实和解聘", "举报"] == [["合计", 0]]


def test_10_1_honours_that_everybody_may_read_of():
    make.make_honour("conferred")
    make.make_honour("conferred", kind="provincial")
    make.make_honour("revoked")
    make.make_honour("conferred", year=2025)

    assert tables()["年度评价和表彰", "表彰"] == [["通报表扬", 1], ["合计", 1]]


def paid(people, cashier, auditor, leader):
    """Four hours of a review each, 500 yuan before tax, paid in April."""
    with clock.at(date(2026, 4, 2)):
        for _ in range(people):
            expert = make.make_expert()
            pay.account(expert)
            pay.reviewed(expert)
        pay.released(cashier, auditor, leader)


def test_13_five_people_have_a_sum(cashier, auditor, leader):
    paid(5, cashier, auditor, leader)

    found = tables()

    assert [[label, *map(str, cells)] for label, *cells in found["劳务报酬", "发放的报酬"]] == [
        ["咨询", "5", "2500.00", "0.00", "2500.00"],
        ["合计", "5", "2500.00", "0.00", "2500.00"],
    ]
    assert [[label, *map(str, cells)] for label, *cells in found["劳务报酬", "当年服务的报酬"]] == [
        ["项目评审", "5", "2500.00"],
        ["合计", "5", "2500.00"],
    ]


def test_13_four_have_none(cashier, auditor, leader):
    paid(4, cashier, auditor, leader)

    found = tables()

    assert found["劳务报酬", "发放的报酬"] == [["合计", "不足5", None, None, None]]
    assert found["劳务报酬", "当年服务的报酬"] == [["合计", "不足5", None]]


@pytest.mark.parametrize(
    ("salon", "training", "expected"),
    [
        ({1, 2, 3}, {4, 5}, {"创业咨询": ["创业咨询"], REST: ["沙龙", "培训"]}),
        ({1, 2, 3}, {3, 4}, {}),
        ({1, 2, 3}, {1, 2, 3}, {}),
    ],
)
def test_13_the_same_few_people_in_two_groups_are_still_few(salon, training, expected):
    assert together({"创业咨询": {1, 2, 3, 4, 5, 6}, "沙龙": salon, "培训": training}) == expected


ALL = [part.title for part in PARTS]
READERS = {
    "leader": ALL,
    "intake": ALL[:-1],
    "reviewer": ALL[:-1],
    "inspector": ALL[:-1],
    "matcher": ["专家队伍", "选聘和公示", "预约和服务", "活动和结对", "满意度"],
    "cashier": ["专家队伍", "劳务报酬"],
    "auditor": ["专家队伍", "劳务报酬"],
}


@pytest.mark.parametrize("role", READERS)
def test_each_reads_the_parts_whose_records_he_may_see(role, http):
    user = person(role, role)

    page, file = seen(http, user), seen(http, user, FILE)

    assert [part.title for part in parts_for(user)] == READERS[role]
    assert re.findall(r"<h2>([^<]+)</h2>", page.content.decode()) == READERS[role]
    assert {http.get(reverse(part.rows)).status_code for part in parts_for(user)} == {200}
    names = load_workbook(io.BytesIO(file.content)).sheetnames
    assert list(dict.fromkeys(name.split()[0] for name in names)) == ["说明", *READERS[role]]


@pytest.mark.parametrize(("role", "status"), [("admin", 403), ("expert", 302), ("client", 302)])
@pytest.mark.parametrize("address", [PAGE, FILE])
def test_others_read_nothing(role, status, address, http):
    assert seen(http, person(role, role), address).status_code == status


def test_the_menu_leads_to_this_year(http, leader):
    assert '<a href="/admin/annual/">年度报告</a>' in seen(http, leader, "/admin/").content.decode()
    assert "<h1>2026年度报告</h1>" in seen(http, leader, "/admin/annual/").content.decode()


@pytest.mark.parametrize("year", [1999, 2027, 99999])
def test_a_year_that_cannot_be_is_no_page(http, leader, year):
    assert seen(http, leader, f"/admin/annual/{year}/").status_code == 404
    assert seen(http, leader, f"/admin/annual/{year}.xlsx").status_code == 404


def test_the_page_writes_amounts_with_their_places(http, cashier, auditor, leader):
    paid(5, cashier, auditor, leader)

    page = seen(http, leader).content.decode()

    assert (
        '<th scope="row">咨询</th><td class="n" data-l="人数">5</td><td class="n" data-l="应发">2,500.00</td>' in page
    )
    assert "截至2026年11月24日" in page


def test_the_workbook_says_what_the_page_says():
    make.make_round(name="=cmd|' /C calc'!A0")
    expert = make.make_expert()
    services(6, expert=expert, group="graduate")

    with clock.at(NOVEMBER):
        it = Year(2026)
        written = load_workbook(io.BytesIO(content(it, PARTS)))
        found = [(f"{part.title} {table.name}", table) for part, found in report(it, PARTS) for table in found]

    assert written.sheetnames == ["说明", *(name for name, _ in found)]
    assert max(map(len, written.sheetnames)) <= 31
    for name, table in found:
        rows = [[cell.value for cell in row] for row in written[name].rows]
        assert rows == [table.head, *table.rows]
    cover = [[cell.value for cell in row] for row in written["说明"].rows]
    assert cover[0] == ["创业就业指导专家团2026年度报告", "截至2026年11月24日"]
    assert cover[1:] == [[cover[1][0], cover[1][1]], *([name, table.measure] for name, table in found)]
    assert cover[1][0] == "小的数目"


def test_a_name_like_a_formula_is_text_in_the_workbook():
    round_ = make.make_round(name="=1+1")
    for each in [round_] * 5 + [make.make_round(name="第二批")] * 5:
        make.make_application(round=each, state="submitted", submitted_at=clock.instant(date(2026, 3, 2), 9))

    with clock.at(NOVEMBER):
        page = load_workbook(io.BytesIO(content(Year(2026), PARTS)))["选聘和公示 各批次申请"]

    assert ("=1+1", "s") in [(cell.value, cell.data_type) for row in page.rows for cell in row]


def test_the_same_numbers_make_the_same_file():
    services(6, group="graduate")

    with clock.at(clock.instant(NOVEMBER, 9)):
        first = content(Year(2026), PARTS)
    with clock.at(clock.instant(NOVEMBER, 17)):
        again = content(Year(2026), PARTS)
    services(1, group="graduate")
    with clock.at(NOVEMBER):
        more = content(Year(2026), PARTS)

    assert first == again
    assert first != more


def test_a_year_costs_the_same_however_much_there_is(cashier, auditor, leader):
    def queries():
        with clock.at(NOVEMBER), CaptureQueriesContext(connection) as asked:
            report(Year(2026), PARTS)
        return len(asked)

    make.make_round()
    make.make_application(state="submitted", submitted_at=clock.instant(date(2026, 3, 2), 9))
    rated(make.make_expert(first_day=date(2024, 3, 1)), "consulting", "graduate", 5)
    once = queries()

    rated(make.make_expert(), "guidance", "farmer", 5, 5, 4, 4, 1)
    rated(make.make_expert(), "technical", "veteran", 5, 5, 4, 4, 1)
    make.make_refusal("judged")
    make.make_dismissal("dismissed", opened_at=clock.instant(date(2026, 3, 2), 9))
    make.make_pairing(members=3)
    paid(5, cashier, auditor, leader)

    assert queries() == once <= 40


def test_the_command_writes_the_whole_report(tmp_path):
    services(6, group="graduate")

    with clock.at(NOVEMBER):
        call_command("annual_report", "2026", str(tmp_path / "report.xlsx"), stdout=io.StringIO())

        assert (tmp_path / "report.xlsx").read_bytes() == content(Year(2026), PARTS)
        with pytest.raises(CommandError, match="2027年还没有到"):
            call_command("annual_report", "2027", str(tmp_path / "later.xlsx"))
