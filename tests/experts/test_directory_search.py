import importlib
import re
from datetime import date
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.utils.html import strip_tags

from experts import actions
from experts.directory import Search
from experts.models import Expert
from expertteam import clock, consents
from expertteam.models import User
from tests.make import make_expert, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = date(2026, 3, 2)
FILL = importlib.import_module("experts.migrations.0003_search_text").fill


def html(http, query=""):
    response = http.get(f"/experts/?{query}")
    assert response.status_code == 200
    return response.content.decode()


def names(http, query=""):
    return [strip_tags(name) for name in re.findall("<h3>(.*?)</h3>", html(http, query))]


def named(name, **fields):
    return make_expert(user=make_user(name=name), **fields)


@pytest.fixture
def team():
    """Each is found by something of his own."""
    named("单于明", topics=["finance"], line="帮小店看懂账", employer="太原ABC公司", public_fields=["employer"])
    named("曾国强", topics=["opening", "risk"], biography="做过三年审计，\n后来教餐饮。", public_fields=["biography"])
    named("欧阳明", topics=["policy"], title="高级会计师", district="140105", public_fields=["title", "district"])
    named("明中", topics=["finance"], line="曾国强的学生")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("单于", ["单于明"]),
        ("明", ["明中", "单于明", "欧阳明"]),  # whose name begins so comes first, equals by reading
        ("国强", ["曾国强", "明中"]),  # the name before the line
        ("曾国强", ["曾国强", "明中"]),
        ("zengguoqiang", ["曾国强"]),
        ("zgq", ["曾国强"]),
        ("GuoQiang", ["曾国强"]),
        ("chanyu", ["单于明"]),
        ("danyu", []),
        ("ouyang", ["欧阳明"]),
        ("rongzi", ["单于明", "明中"]),
        ("融资", ["单于明", "明中"]),
        ("融资 看懂", ["单于明"]),
        ("看懂，融资", ["单于明"]),
        ("abc", ["单于明"]),
        ("ＡＢＣ公司", ["单于明"]),
        ("年审", ["曾国强"]),
        ("后来教", ["曾国强"]),
        ("小店区", ["欧阳明"]),
        ("会计", ["欧阳明"]),
        ("zeng 审计", ["曾国强"]),
        ("审计 会计", []),
    ],
)
def test_people_are_found_as_one_would_look_for_them(http, team, typed, expected):
    assert names(http, f"q={quote(typed)}") == expected


def test_without_words_the_order_is_that_of_the_readings(http, team):
    assert names(http) == ["单于明", "明中", "欧阳明", "曾国强"]


def test_of_two_with_one_name_the_earlier_number_comes_first(http):
    second, first = named("王伟", line="甲"), named("王伟", line="乙")
    Expert.objects.filter(pk=first.pk).update(no="TY-0000")

    assert re.findall(r'<h3><a href="/experts/(.*?)/"', html(http)) == ["TY-0000", second.no]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("zgq", "<mark>曾国强</mark></a></h3>"),
        ("rongzi", "<mark>融资</mark>贷款</span></li>"),
        ("看懂", "帮小店<mark>看懂</mark>账</p>"),
        ("abc", "太原<mark>ABC</mark>公司</p>"),
        ("教餐", "经历：做过三年审计， 后来<mark>教餐</mark>饮。</p>"),
        ("小店区", "<mark>小店区</mark></span></li>"),
    ],
)
def test_what_was_looked_for_is_marked_on_the_card(http, team, typed, expected):
    assert expected in html(http, f"q={quote(typed)}")


def test_marks_never_let_markup_through(http):
    named("<b>王</b>&amp;", line="<script>王</script>", biography="<i>王</i>", public_fields=["biography"])

    page = html(http, "q=" + quote("王 b script amp i"))

    assert "<script>王" not in page
    assert "&lt;<mark>b</mark>&gt;<mark>王</mark>&lt;/<mark>b</mark>&gt;&amp;<mark>amp</mark>;" in page


@pytest.mark.parametrize(
    "typed",
    [
        "%",
        "_",
        "\\",
        "'",
        '"',
        "'; DROP TABLE x --",
        "长" * 100,
        "😀",
        "\0",
        "a\0b",
        "王\ud7ff",
        "ﷺ" * 50,
        "|",
        "/",
        "^$.*+?([",
    ],
)
def test_whatever_is_typed_is_answered(http, typed):
    named("王伟", line="50%_\\'|/")

    assert http.get("/experts/?q=" + quote(typed)).status_code == (400 if "\0" in typed else 200)


@pytest.mark.parametrize("typed", ["%", "_", "|", "/", "，", "😀"])
def test_signs_alone_find_nobody(http, team, typed):
    page = html(http, "q=" + quote(typed))

    assert "没有找到" in page
    assert f"去掉““{typed}””" in page or "能找到4位" in page


def test_10_what_is_not_shown_any_more_is_not_found_any_more(http):
    profile = {"employer": "太原某事务所", "public_fields": ["employer"]}
    expert = named("韩砚秋", **profile)
    found = [names(http, "q=事务所")]

    actions.enter(expert.user, ["finance"], profile | {"public_fields": []})
    found.append(names(http, "q=事务所"))
    actions.enter(expert.user, ["finance"], profile)
    found.append(names(http, "q=事务所"))

    assert found == [["韩砚秋"], [], ["韩砚秋"]]


def test_10_whoever_takes_his_consent_back_is_not_found_any_more(http):
    expert = named("韩砚秋")
    found = [names(http, "q=hanyan")]

    consents.withdraw(expert.user, "public_directory")
    found.append(names(http, "q=hanyan"))
    consents.sign(expert.user, "public_directory")
    found.append(names(http, "q=hanyan"))

    assert found == [["韩砚秋"], [], ["韩砚秋"]]


def test_a_new_field_is_found_and_counted_at_once(http):
    expert = named("韩砚秋", topics=["finance"])
    html(http)

    actions.enter(expert.user, ["policy"], {})

    assert (names(http, "q=政策"), names(http, "q=融资"), names(http, "topic=policy")) == (["韩砚秋"], [], ["韩砚秋"])


def test_an_account_that_is_renamed_is_found_by_its_new_name(http, admin):
    expert = named("韩砚秋")
    html(http)
    Authenticator.objects.create(user=admin, type=Authenticator.Type.TOTP, data={})
    http.force_login(admin)
    entered = {"username": expert.user.username, "name": "单砚秋", "email": "", "is_active": "on"}

    response = http.post(f"/admin/expertteam/user/{expert.user_id}/change/", entered)
    http.logout()

    assert response.status_code == 302
    assert User.objects.get(pk=expert.user_id).name == "单砚秋"
    assert (names(http, "q=单砚秋"), names(http, "q=shanyan"), names(http, "q=韩砚")) == (["单砚秋"], ["单砚秋"], [])


def test_to_sign_in_leaves_the_text_alone(http, django_assert_num_queries):
    expert = named("韩砚秋")

    with django_assert_num_queries(1):
        expert.user.save(update_fields=["last_login"])


def test_nobody_is_listed_a_minute_after_the_last_day(http):
    named("韩砚秋", first_day=date(2026, 3, 1))
    found = []
    for day, hour, minute in [(date(2029, 2, 28), 23, 59), (date(2029, 3, 1), 0, 0)]:
        with clock.at(clock.instant(day, hour, minute)):
            found.append(names(http, "q=hyq"))

    assert found == [["韩砚秋"], []]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, {"finance": 2, "opening": 1, "risk": 1, "policy": 1}),
        ({"q": "明"}, {"finance": 2, "policy": 1}),
        ({"topic": ["opening"]}, {"finance": 2, "opening": 1, "risk": 1, "policy": 1}),  # its own choice aside
        ({"area": "140105"}, {"policy": 1}),
        ({"q": "无"}, {}),
    ],
)
def test_beside_each_choice_stands_how_many_there_would_be(team, wanted, expected):
    counts = Search(wanted, DAY).counts()["topic"]

    assert {topic: count for topic, count in counts.items() if count} == expected


def test_counts_are_on_the_page_and_in_no_address(http, team):
    page = html(http, "q=明&kind=2")

    assert "融资贷款<span" in page
    assert "（2）</span>" in page
    assert "小店区（1）</option>" in page
    assert "selected>职业经理人与专业技术人员（3）" in page
    assert 'href="?q=%E6%98%8E">职业经理人与专业技术人员<svg' in page


def test_a_district_that_is_not_shown_is_not_counted(http):
    named("韩砚秋", district="140105")

    assert "小店区（0）" in html(http)


def test_a_page_of_known_cards_costs_two_queries_and_a_search_three(http, django_assert_num_queries):
    named("韩砚秋")
    html(http)

    with django_assert_num_queries(2):  # how old the kept page and the roll are; the card is known
        html(http, "utm=1&visit=&page=1")
    with django_assert_num_queries(3):
        html(http, "q=韩")


def test_the_migration_writes_what_saving_writes(team):
    written = dict(Expert.objects.values_list("pk", "search_text"))
    Expert.objects.update(reading="", search_text="")

    FILL(apps, None)

    assert dict(Expert.objects.values_list("pk", "search_text")) == written
    assert "" not in Expert.objects.values_list("reading", flat=True)
