"""Home, the Measures, help."""

import re
from datetime import date
from html import unescape

import pytest

from expertteam import clock, pages
from expertteam.regulation import PROVISIONS, TEXT
from tests import make

pytestmark = pytest.mark.django_db


def text_of(response):
    return unescape(re.sub(r"<[^>]+>", "", response.content.decode()))


def test_home_of_an_empty_house_promises_nothing(http, today):
    page = text_of(http.get("/"))

    assert "有想法" in page
    assert "在聘专家" not in page
    assert "正在公示" not in page
    assert "认识几位专家" not in page


def test_home_shows_three_experts_and_how_many_there_are(http, today):
    for name in ["韩砚秋", "阎立岩", "卫青禾", "武振川"]:
        make.make_expert(user=make.make_user(name=name))

    page = http.get("/").content.decode()

    assert "看全部4位" in page
    assert page.count('<article class="x">') == 3


def test_home_shows_other_experts_another_day(http):
    for name in "甲乙丙丁":
        make.make_expert(user=make.make_user(name=name))

    shown = set()
    for day in range(2, 6):
        with clock.at(date(2026, 3, day)):
            shown |= set(re.findall(r'<h3><a href="[^"]+">(.)</a>', http.get("/").content.decode()))

    assert shown == set("甲乙丙丁")


def test_home_asks_the_database_as_often_for_one_expert_as_for_ten(rf, today, django_assert_num_queries):
    queries = 9
    make.make_expert()
    with django_assert_num_queries(queries):
        pages.home(anonymous(rf))
    for _ in range(9):
        make.make_expert()

    with django_assert_num_queries(queries):
        pages.home(anonymous(rf))


def anonymous(rf):
    request = rf.get("/")
    request.user, request._messages = None, []
    return request


def test_home_links_the_running_notice_until_it_ends(http, today, intake, reviewer):
    notice = make.course(intake=intake, reviewer=reviewer).notice

    with clock.at(notice.ends_at):
        during = http.get("/").content.decode()
    with clock.at(notice.ends_at + clock.ONE_MINUTE):
        after = http.get("/").content.decode()

    assert f'href="{notice.get_absolute_url()}"' in during
    assert f'href="{notice.get_absolute_url()}"' not in after


def test_the_eight_topics_lead_to_the_directory(http):
    page = http.get("/").content.decode()

    assert page.count('type="radio" name="topic"') == 8
    assert '<form class="ask" action="/experts/">' in page


def test_rules_print_the_measures_word_for_word(http):
    response = http.get("/rules/")

    page = text_of(response)
    for chapter in TEXT["chapters"]:
        assert chapter["title"] in page
        for entry in chapter["articles"]:
            for paragraph in [*entry["paragraphs"], *entry.get("items", []), *entry.get("closing", [])]:
                assert paragraph in page


def test_rules_have_an_anchor_for_every_provision(http):
    page = http.get("/rules/").content.decode()

    assert [anchor for anchor in PROVISIONS if f'id="{anchor}"' not in page] == []


def test_every_article_has_its_note(http):
    assert set(pages.PLAIN) == {f"a{number}" for number in range(1, 16)}
    assert text_of(http.get("/rules/")).count("（以原文为准）") == 15


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 1, 31), "不在有效期内"),
        (date(2026, 2, 1), "现行有效"),
        (date(2031, 1, 31), "现行有效"),
        (date(2031, 2, 1), "不在有效期内"),
    ],
)
def test_15_the_page_says_whether_the_measures_are_in_force(http, day, expected):
    with clock.at(day):
        assert expected in text_of(http.get("/rules/"))


def test_cite_shows_one_provision(http):
    page = text_of(http.get("/rules/cite/a12-2/"))

    assert "第十二条第二项" in page
    assert "经服务对象多次反馈" in page


def test_cite_of_nothing_is_not_found(http):
    assert http.get("/rules/cite/a99/").status_code == 404


def test_large_letters_are_remembered_and_taken_back(http):
    response = http.post("/size/", {"size": "large"}, headers={"referer": "http://testserver/rules/"})
    assert response.url == "http://testserver/rules/"
    assert '<html lang="zh-CN" data-size="large"' in http.get("/").content.decode()

    http.post("/size/", {"size": "normal"})
    assert "data-size" not in http.get("/").content.decode()


@pytest.mark.parametrize("referer", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_size_leads_nowhere_foreign(http, referer):
    assert http.post("/size/", {"size": "large"}, headers={"referer": referer}).url == "/"


def test_size_is_not_changed_by_looking(http):
    assert http.get("/size/").status_code == 405


@pytest.mark.parametrize("path", ["/accessibility/", "/privacy/"])
def test_help_pages_stand(http, path):
    assert http.get(path).status_code == 200


def test_an_unknown_address_offers_a_search(http):
    response = http.get("/nowhere/")

    assert response.status_code == 404
    assert 'role="search"' in response.content.decode()


def test_the_footer_hides_what_the_bureau_has_not_given(http, settings):
    settings.SITE = settings.SITE | {"icp": "", "site_code": "1401000001", "supervise_phone": ""}

    page = text_of(http.get("/privacy/"))

    assert "政府网站标识码：1401000001" in page
    assert "监督电话" not in page


def test_the_door_the_reader_came_through_is_marked(http):
    page = http.get("/rules/").content.decode()

    assert '<a href="/rules/" aria-current="page">办法</a>' in page
    assert '<a href="/" aria-current="true">我要创业</a>' in page


def test_the_demo_strip_is_in_the_demo_only(http, settings):
    assert "演示短信" not in text_of(http.get("/privacy/"))
