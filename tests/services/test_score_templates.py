"""The score sheets to begin with, and how the bureau writes its own (Article 8(4))."""

import pytest
from django.urls import reverse

from services.admin.panels import line_of
from services.models import ScoreTemplate
from services.rules import panel as rules
from tests import make
from tests.conftest import person
from tests.make import sign_in

pytestmark = pytest.mark.usefixtures("db", "today")
FIRST = {
    "创业计划文本评分表": """文本｜创业机会｜15
文本｜项目描述｜15
文本｜公司战略｜10
文本｜市场描述｜15
文本｜营销策略｜15
文本｜融资与财务｜10
文本｜关键风险｜10
文本｜管理团队｜5
文本｜文字表述｜5""",
    "创业计划答辩评分表": """答辩｜思路清晰｜40
答辩｜回答问题｜30
答辩｜演示文稿｜20
答辩｜精神风貌｜10""",
    "众创空间认定评审表": """集聚创业者｜入驻团队和企业数｜15
集聚创业者｜成功商业化运营企业数｜15
技术创新｜专业技术服务次数｜10
技术创新｜成果转化案例｜10
创业融资｜创业融资｜20
创业辅导｜创业导师人数与辅导次数｜15
培训与活动｜培训与活动｜15
加分｜特色加分（每项1分）｜5""",
    "立项评审表": """立项｜选题价值｜20
立项｜研究基础｜15
立项｜内容设计｜30
立项｜研究方法｜15
立项｜条件保障｜20""",
    "创业大赛简表": """大赛｜创新性｜40
大赛｜商业价值和潜力｜30
大赛｜可行性｜20
大赛｜展示｜10""",
}
LIST = reverse("admin:services_scoretemplate_changelist")
ADD = reverse("admin:services_scoretemplate_add")


def page(template, name="change"):
    return reverse(f"admin:services_scoretemplate_{name}", args=[template.pk])


def typed(lines, **fields):
    return {"name": "孵化基地评分表", "source": "局务会纪要", "lines": lines, "method": "mean"} | fields


def errors(response):
    return [str(error) for found in response.context["adminform"].form.errors.values() for error in found]


def test_8_4_the_bureau_begins_with_five_sheets():
    sheets = {each.name: each for each in ScoreTemplate.objects.offered()}

    assert {name: "\n".join(map(line_of, each.criteria)) for name, each in sheets.items()} == FIRST
    assert {rules.wrong_criteria(each.criteria) for each in sheets.values()} == {""}
    assert [sum(each["most"] for each in sheets[name].criteria) for name in FIRST] == [100, 100, 105, 100, 100]
    assert all(each.source and each.method == "mean" for each in sheets.values())


def test_a_sheet_is_written_line_by_line(http, reviewer):
    sign_in(http, reviewer)

    response = http.post(ADD, typed("团队｜负责人｜20\r\n\r\n团队 | 成员 | 15\n场地｜65"), follow=True)

    sheet = ScoreTemplate.objects.get(name="孵化基地评分表")
    assert sheet.criteria == [
        {"key": "c1", "group": "团队", "name": "负责人", "most": 20},
        {"key": "c2", "group": "团队", "name": "成员", "most": 15},
        {"key": "c3", "group": "", "name": "场地", "most": 65},
    ]
    assert "评分项共3项，满分合计100分" in response.content.decode()
    assert sheet.history.get().history_change_reason == "设评分表模板"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("", "这个字段是必填项。"),
        ("团队｜负责人", "“团队｜负责人”要写成“分组｜名称｜满分”，满分是整数"),
        ("负责人", "“负责人”要写成“分组｜名称｜满分”，满分是整数"),
        ("团队｜｜20", "“团队｜｜20”要写成“分组｜名称｜满分”，满分是整数"),
        ("一｜团队｜负责人｜20", "“一｜团队｜负责人｜20”要写成“分组｜名称｜满分”，满分是整数"),
        ("团队｜负责人｜2.5", "“团队｜负责人｜2.5”要写成“分组｜名称｜满分”，满分是整数"),
        ("团队｜负责人｜-1", "“团队｜负责人｜-1”要写成“分组｜名称｜满分”，满分是整数"),
        ("团队｜负责人｜0", "满分至少1分：负责人"),
        ("团队｜负责人｜20\n团队｜负责人｜30", "写了两次：负责人"),
        ("甲｜500\n乙｜500", "满分合计1000分，不能超过999分"),
    ],
)
def test_a_sheet_that_cannot_be_comes_back_with_the_reason(http, reviewer, lines, said):
    sign_in(http, reviewer)

    response = http.post(ADD, typed(lines))

    assert errors(response) == [said]
    assert not ScoreTemplate.objects.filter(name="孵化基地评分表").exists()


@pytest.mark.parametrize("lines", ["甲｜1", "甲｜499\n乙｜500", "甲组｜质量｜50\n乙组｜质量｜50"])
def test_a_sheet_at_the_edge_of_what_can_be_is_taken(http, reviewer, lines):
    sign_in(http, reviewer)

    assert http.post(ADD, typed(lines)).status_code == 302

    assert "\n".join(map(line_of, ScoreTemplate.objects.get(name="孵化基地评分表").criteria)) == lines


def test_two_sheets_of_a_name_are_not_kept_apart(http, reviewer):
    sign_in(http, reviewer)

    response = http.post(ADD, typed("甲｜100", name="创业大赛简表"))

    assert [("已存在" in said) for said in errors(response)] == [True]
    assert ScoreTemplate.objects.filter(name="创业大赛简表").count() == 1


def test_8_4_a_change_is_for_later_reviews_and_what_stays_keeps_its_key(http, reviewer):
    sheet = make.make_score_template()
    panel = make.make_panel(template=sheet)
    sign_in(http, reviewer)
    assert "团队｜40\n计划｜60" in http.get(page(sheet)).content.decode()

    http.post(page(sheet), typed("场地｜10\n计划｜50\n团队｜40", retired_on=""))

    panel.refresh_from_db()
    sheet.refresh_from_db()
    assert [(each["key"], each["most"]) for each in sheet.criteria] == [("c1", 10), ("plan", 50), ("team", 40)]
    assert [(each["key"], each["most"]) for each in panel.criteria] == [("team", 40), ("plan", 60)]
    history = http.get(page(sheet, "history")).content.decode()
    assert "修改评分表模板" in history
    assert "场地｜10；计划｜50；团队｜40" in history


@pytest.mark.parametrize(
    ("day", "said"), [("2026-03-02", []), ("2026-03-03", ["填了日期就马上停用，不能填今天以后的日期"])]
)
def test_a_retired_sheet_is_offered_no_more(http, reviewer, day, said):
    sheet = make.make_score_template()
    sign_in(http, reviewer)

    response = http.post(page(sheet), typed("团队｜40", retired_on=day))

    assert (errors(response) if response.status_code == 200 else []) == said
    assert ScoreTemplate.objects.offered().filter(pk=sheet.pk).exists() is bool(said)


def test_whoever_runs_reviews_reads_sheets_and_changes_none(http, intake):
    sheet = make.make_score_template(criteria=[{"key": "team", "group": "<b>团队", "name": "负责人", "most": 40}])
    sign_in(http, intake)

    html = http.get(page(sheet)).content.decode()

    assert "&lt;b&gt;团队｜负责人｜40" in html
    assert "40分" in html
    assert http.get(ADD).status_code == 403
    assert http.post(page(sheet), typed("甲｜100")).status_code == 403


@pytest.mark.parametrize(("role", "status"), [("reviewer", 200), ("intake", 200), ("inspector", 403), ("cashier", 403)])
def test_the_register_opens_for_whom_it_should_and_nothing_is_deleted(http, role, status):
    sign_in(http, person(role, role))

    assert http.get(LIST).status_code == status
    assert http.post(page(ScoreTemplate.objects.first(), "delete"), {"post": "yes"}).status_code == 403
    assert ScoreTemplate.objects.count() == 5
