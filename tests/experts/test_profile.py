import re
from datetime import date

import pytest
from django.urls import reverse

from experts import actions, desk
from experts.models import Disclosure
from expertteam import consents
from tests.make import make_expert

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
PAGE, CHANGE, DISCLOSE = "/desk/profile/", "/desk/profile/change/", "/desk/profile/disclose/"
FIRM, CODE = "太原晋味餐饮有限公司", "9144030071526726XG"
STAKE = {"kind": "investment", "name": FIRM, "code": "", "detail": "持股10%", "begins_on": "2024-01-01"}
KIN = {"kind": "kin", "name": "韩小雨", "code": "", "detail": "女儿", "begins_on": ""}


@pytest.fixture
def own(http, expert):
    """The expert, signed in; his employer and title are on record, the title is not shown."""
    http.force_login(expert)
    facts = {"employer": "某会计师事务所", "position": "合伙人", "title": "高级会计师", "district": "140105"}
    return make_expert(user=expert, line="帮小店看懂账", public_fields=["employer"], **facts)


@pytest.fixture
def stake(own):
    said = {"kind": "investment", "name": FIRM, "begins_on": date(2024, 1, 1)}
    return actions.disclose(own, by=own.user, **said)


def end(disclosure):
    return f"/desk/profile/disclosures/{disclosure.pk}/end/"


def page(http, path=PAGE):
    return http.get(path).content.decode()


def test_10_the_profile_says_of_each_field_whether_the_public_sees_it(http, own):
    response = http.get(PAGE)

    assert response.context["fields"] == [
        ("姓名", "韩砚秋", None),
        ("擅长", "经营管理", None),
        ("工作单位和职务", "某会计师事务所合伙人", True),
        ("职称", "高级会计师", False),
        ("所在区县", "小店区", False),
    ]
    assert "请联系服务中心更改" in response.content.decode()


def test_14_the_page_says_what_a_declaration_is_for(http, own):
    html = page(http)

    assert "申报不影响您投资或任职，只用来在匹配和评审时回避；您指导过的企业会被告知。" in html
    assert "/rules/#a14" in html
    assert "您的工作单位某会计师事务所已经算在内" in html


def test_the_page_says_when_the_directory_does_not_show_him(http, own):
    assert "大家在名录里看得到您" in page(http)

    consents.withdraw(own.user, "public_directory")

    assert "名录里现在不显示您" in page(http)


def test_10_an_expert_changes_his_line_and_what_is_shown(http, own):
    change = {
        "line": "帮您算清账",
        "biography": "做过三年审计。\r\n带过徒弟。",
        "visits": "on",
        "public_fields": ["title", "biography"],
    }

    response = http.post(CHANGE, change, follow=True)

    own.refresh_from_db()
    assert response.redirect_chain == [(PAGE, 302)]
    assert (own.line, own.biography, own.visits) == ("帮您算清账", "做过三年审计。\n带过徒弟。", True)
    assert own.public_fields == ["title", "biography"]
    assert own.employer == "某会计师事务所"
    entry = own.history.first()
    assert (entry.history_user, entry.history_change_reason) == (own.user, "修改公开资料（第10条）")


def test_what_is_no_longer_shown_is_gone_from_the_directory_at_once(http, client, own):
    http.post(CHANGE, {"line": "", "biography": "", "public_fields": []})
    http.logout()

    assert "某会计师事务所" not in page(http, own.get_absolute_url())
    assert "没有找到" in page(http, "/experts/?q=会计师事务所")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"line": "长" * 41}, "一句话介绍最多40个字，现在有41个"),
        ({"biography": "长" * 1001}, "个人经历最多1000个字"),
        ({"public_fields": ["phone"]}, "只能从给出的选项里选"),
    ],
)
def test_a_wrong_profile_comes_back_as_it_was_typed(http, own, wrong, words):
    response = http.post(CHANGE, {"line": "写好的一句"} | wrong)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert wrong.get("line", "写好的一句") in response.content.decode()
    own.refresh_from_db()
    assert own.line == "帮小店看懂账"


def test_nothing_but_the_four_fields_can_be_changed(http, own):
    http.post(CHANGE, {"line": "帮您算清账", "employer": "别的单位", "no": "TY-9999", "title": "教授"})

    own.refresh_from_db()
    assert (own.line, own.employer, own.title) == ("帮您算清账", "某会计师事务所", "高级会计师")


def test_14_a_stake_is_declared(http, own):
    response = http.post(DISCLOSE, STAKE | {"code": f" {CODE.lower()} "}, follow=True)

    disclosure = own.disclosures.get()
    assert (disclosure.kind, disclosure.name, disclosure.code) == ("investment", FIRM, CODE)
    assert (disclosure.detail, disclosure.begins_on, disclosure.ends_on) == ("持股10%", date(2024, 1, 1), None)
    html = response.content.decode()
    assert "已申报，匹配和评审时会为您回避" in html
    assert "2024年1月1日起" in html
    assert "2026年3月2日申报" in html


def test_14_of_a_relative_neither_code_nor_day_is_asked(http, own):
    http.post(DISCLOSE, KIN | {"code": "不是代码", "begins_on": "昨天"})

    disclosure = own.disclosures.get()
    assert (disclosure.kind, disclosure.name, disclosure.detail) == ("kin", "韩小雨", "女儿")
    assert (disclosure.code, disclosure.begins_on) == ("", None)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "请选择申报什么"),
        (STAKE | {"name": ""}, "请填写企业名称或亲属姓名"),
        (STAKE | {"begins_on": ""}, "请填写从哪天起"),
        (STAKE | {"begins_on": "2026-13-01"}, "从哪天起要写成2026-10-22这样"),
        (STAKE | {"begins_on": "2026-03-03"}, "开始日期还没到，到了那天再申报（第十四条）"),
        (STAKE | {"code": CODE[:-1] + "H"}, "最后一位校验码不对"),
        (STAKE | {"kind": "friend"}, "申报什么只能从给出的选项里选"),
        (KIN | {"detail": ""}, "请写明是什么亲属"),
        (KIN | {"detail": "亲" * 101}, "说明最多100个字"),
    ],
)
def test_a_wrong_declaration_comes_back_with_what_to_mend(http, own, typed, words):
    response = http.post(DISCLOSE, typed)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert typed.get("name", "") in response.content.decode()
    assert own.disclosures.count() == 0


def test_14_a_stake_is_ended(http, own, stake):
    assert end(stake) in page(http)

    response = http.post(end(stake), {"ends_on": "2026-03-01"}, follow=True)

    html = response.content.decode()
    assert "2024年1月1日至2026年3月1日" in html
    assert end(stake) not in html
    assert FIRM in html


@pytest.mark.parametrize(
    ("ends_on", "words"),
    [("", "请填写到哪天止"), ("2026-03-03", "结束日期还没到"), ("2023-12-31", "结束日期早于开始日期")],
)
def test_a_wrong_end_is_said(http, own, stake, ends_on, words):
    response = http.post(end(stake), {"ends_on": ends_on})

    assert response.status_code == 422
    assert words in response.content.decode()
    assert Disclosure.objects.get().ends_on is None


def test_kin_is_not_ended(http, own):
    kin = actions.disclose(own, by=own.user, kind="kin", name="韩小雨", detail="女儿")

    response = http.post(end(kin), {"ends_on": "2026-03-01"})

    assert end(kin) not in page(http)
    assert "亲属关系一直有效，不用结束" in response.content.decode()


def test_a_tie_that_ended_meanwhile_is_not_ended_again(http, own, stake):
    http.post(end(stake), {"ends_on": "2026-03-01"})

    response = http.post(end(stake), {"ends_on": "2026-03-02"})

    assert response.status_code == 422
    assert Disclosure.objects.get().ends_on == date(2026, 3, 1)


@pytest.mark.parametrize("path", [PAGE, CHANGE, DISCLOSE, "end"])
def test_whose_pages_these_are(http, stranger, stake, path):
    path = end(stake) if path == "end" else path

    assert http.get(path).status_code == 200
    for person, status in ((stranger, 404), (make_expert().user, 404 if path == end(stake) else 200)):
        http.force_login(person)
        assert http.get(path).status_code == status
    http.logout()
    assert http.get(path).status_code == 302


def test_nobody_ends_what_another_declared(http, stake):
    http.force_login(make_expert().user)

    assert http.post(end(stake), {"ends_on": "2026-03-01"}).status_code == 404


def test_these_pages_are_kept_nowhere(http, own):
    assert "no-store" in http.get(PAGE)["Cache-Control"]


def test_the_page_asks_the_same_number_of_times_for_1_and_3(http, own, stake, django_assert_num_queries):
    with django_assert_num_queries(6):
        http.get(PAGE)
    for _ in range(2):
        actions.disclose(own, by=own.user, kind="investment", name=FIRM, begins_on=date(2024, 1, 1))

    with django_assert_num_queries(6):
        assert len(http.get(PAGE).context["standing"]) == 3


def test_the_desk_leads_to_the_profile(http, own):
    assert f'href="{PAGE}"' in page(http, "/desk/")


def test_the_desk_has_its_own_navigation(http, own):
    first, here = page(http, "/desk/"), page(http, CHANGE)

    assert '<a href="/desk/" aria-current="page">今天</a>' in first
    assert '<a href="/desk/profile/" aria-current="page">我的资料</a>' in here
    assert '<a href="/desk/">今天</a>' in here
    assert reverse("recruitment:apply") not in here.split("</nav>")[0]


def test_a_stranger_at_the_desk_keeps_the_public_navigation(http, stranger):
    http.force_login(stranger)

    assert '<a href="/experts/">找专家</a>' in page(http, "/desk/")


def bar(html):
    return re.findall(r">([^<>]+)</a>", html.split('<nav class="tabbar"')[1])


def test_the_bar_of_a_phone_has_four_ways_and_the_own_papers_are_one(http, own, monkeypatch):
    assert bar(page(http, "/desk/"))[0] == "今天"
    more = [
        desk.Entry(url, label, "i-cal") for url, label in [("rules", "日程"), ("stats", "服务记录"), ("home", "报酬")]
    ]

    monkeypatch.setattr(desk, "NAV", [desk.NAV[0], *more, desk.NAV[-1]])

    assert bar(page(http, "/desk/"))[:4] == ["今天", "日程", "服务记录", "我的资料"]
    assert '<a href="/">报酬</a>' in page(http, "/desk/")


def test_what_the_floors_above_add_stands_before_the_rest(http, own, monkeypatch):
    def matters(expert):
        return desk.Section("ui/problem.html", {"heading": f"等{expert}答复"}, said="1件事等您答复")

    monkeypatch.setattr(desk, "SECTIONS", [lambda expert: None, matters])

    html = page(http, "/desk/")

    assert html.index("等韩砚秋答复") < html.index("名录里的您")
    assert "今天没有要处理的事" not in html


def test_a_floor_with_nothing_to_add_adds_nothing(http, own, monkeypatch):
    monkeypatch.setattr(desk, "SECTIONS", [lambda expert: None])

    assert "今天没有要处理的事" in page(http, "/desk/")
