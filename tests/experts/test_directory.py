import re
from datetime import date

import pytest
from django.test import override_settings
from django.utils.html import strip_tags

from experts.directory import Search
from experts.models import Appointment, Expert
from expertteam import clock, consents
from tests import make
from tests.make import make_appointment, make_expert, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = date(2026, 3, 2)


def page(http, path="/experts/"):
    return http.get(path).content.decode()


def named(name, **fields):
    return make_expert(user=make_user(name=name), **fields)


def names(http, query):
    """The names on the cards, in order."""
    return [strip_tags(name) for name in re.findall("<h3>(.*?)</h3>", page(http, f"/experts/?{query}"))]


@pytest.fixture
def three():
    """One for each filter, and the other two to be left out."""
    named("韩砚秋", topics=["finance"], category=2, district="140105", public_fields=["district"])
    named("武振川", topics=["opening", "risk"], category=1, district="140107", visits=True)
    named("薛明远", topics=["policy"], category=4, district="140105")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["韩砚秋", "武振川", "薛明远"]),
        ("topic=finance", ["韩砚秋"]),
        ("topic=finance&topic=risk", ["韩砚秋", "武振川"]),
        ("kind=4", ["薛明远"]),
        ("area=140105", ["韩砚秋"]),  # 薛明远 does not show where he lives
        ("visit=1", ["武振川"]),
        ("topic=finance&visit=1", []),
        ("q=砚秋", ["韩砚秋"]),
        ("q=", ["韩砚秋", "武振川", "薛明远"]),
        ("page=2", ["韩砚秋", "武振川", "薛明远"]),
        ("page=-1&utm=x", ["韩砚秋", "武振川", "薛明远"]),
        ("page=abc", ["韩砚秋", "武振川", "薛明远"]),
    ],
)
def test_directory_finds_by_filter_in_the_order_of_numbers(http, three, query, expected):
    assert names(http, query) == expected


@pytest.mark.parametrize("query", ["topic=cooking", "area=zz", "kind=9", "kind=x", f"q={'长' * 51}"])
def test_directory_says_which_filter_it_left_out(http, three, query):
    response = http.get(f"/experts/?{query}")

    assert response.status_code == 200
    assert len(response.context["object_list"]) == 3
    assert "有一个条件没有用上" in response.content.decode()


PROFILE = {
    "title": "高级会计师",
    "employer": "太原某事务所",
    "position": "合伙人",
    "biography": "做过三年审计。",
    "line": "帮小店看懂账",
    "topics": ["finance"],
}
EVERYTHING = ["title", "employer", "biography", "district"]


@pytest.mark.parametrize(
    ("words", "shown", "hidden"),
    [
        ("韩砚", True, True),
        ("看懂账", True, True),
        ("融资", True, True),
        ("会计师", True, False),
        ("事务所", True, False),
        ("合伙人", True, False),
        ("审计", True, False),
        ("看懂账 会计师", True, False),
        ("看懂账 律师", False, False),
        ("100%", False, False),
        ("_", False, False),
        ("'; DROP TABLE", False, False),
    ],
)
def test_10_search_finds_only_in_what_the_person_shows(words, shown, hidden):
    found = []
    for fields in (EVERYTHING, []):
        expert = named("韩砚秋", public_fields=fields, **PROFILE)
        search = Search({"q": words}, DAY)
        found.append(expert.pk in [search.roll.people[place] for place in search.found()])

    assert found == [shown, hidden]


def test_the_category_is_that_of_the_present_term():
    expert = make_expert(first_day=date(2023, 3, 2), category=1)
    make_appointment(user=expert.user, first_day=date(2026, 3, 2), category=5)

    found = {kind: len(Search({"kind": kind}, DAY).found()) for kind in (1, 5)}

    assert found == {1: 0, 5: 1}


def test_each_chosen_filter_can_be_taken_off_by_a_link(http, three):
    html = page(http, "/experts/?topic=finance&topic=risk&visit=1")

    assert 'href="?topic=risk&amp;visit=1"' in html
    assert 'href="?topic=finance&amp;visit=1"' in html
    assert 'href="?topic=finance&amp;topic=risk"' in html


def test_an_empty_list_names_the_filter_that_costs_most(http, three):
    named("卫青禾", topics=["finance"], visits=False)

    response = http.get("/experts/?topic=finance&visit=1")

    assert response.context["way_out"] == {"words": "可以上门指导", "count": 2, "query": "topic=finance"}
    assert "去掉“可以上门指导”，能找到2位" in response.content.decode()


def test_an_empty_list_offers_all_where_no_single_filter_helps(http, three):
    html = page(http, "/experts/?topic=planning&kind=8&q=无")

    assert "这几个条件合在一起" in html
    assert "看全部专家" in html


def test_an_empty_directory_says_so(http):
    assert "名录里暂时没有专家" in page(http)


def test_the_count_is_announced(http, three):
    html = page(http)

    assert 'aria-live="polite" tabindex="-1">找到3位' in html
    assert "<title>找专家（3位）" in html


def test_twenty_a_page_and_no_page_past_the_fiftieth(http):
    for _ in range(21):
        make_expert()

    first, second = http.get("/experts/"), http.get("/experts/?page=2")

    assert (len(first.context["object_list"]), len(second.context["object_list"])) == (20, 1)
    assert http.get("/experts/?page=99999999999999999999").context["page_obj"].number == 2


@pytest.mark.parametrize(
    ("query", "queries"),
    [
        ("", 8),
        ("topic=management&visit=1&kind=2&q=王", 8),
    ],  # the age of the kept page and of the roll, the roll, texts, cards, ratings, the numbers in force, who keeps hours
)
def test_directory_asks_the_same_number_of_times_for_1_and_30(http, query, queries, django_assert_num_queries):
    make_expert(visits=True)
    with django_assert_num_queries(queries):
        http.get(f"/experts/?{query}")
    for _ in range(29):
        make_expert(visits=True)

    with django_assert_num_queries(queries):
        assert len(http.get(f"/experts/?{query}").context["object_list"]) == 20


def test_a_name_is_text_and_nothing_else(http):
    expert = named("<script>alert(1)</script>", line='"><img src=x>')

    for path in ("/experts/", expert.get_absolute_url(), "/experts/?q=%3Cscript%3E"):
        html = page(http, path)
        assert "<script>alert" not in html
        assert "<img" not in html


@override_settings(ALLOWED_HOSTS=["*"])
def test_no_public_page_gives_away_how_to_reach_a_person(http):
    user = make_user(
        name="韩砚秋",
        phone="13812345678",
        email="canary@example.cn",
        id_kind="resident_id",
        id_number="140105198001012345",
    )
    term = make_appointment(user=user, employer_code="91140100CANARY", public_fields=EVERYTHING, **PROFILE)
    consents.sign(user, "public_directory")

    paths = ["/", "/experts/", term.expert.get_absolute_url(), f"/verify/?no={term.number}", f"/verify/{term.token}/"]
    html = "".join(page(http, path) for path in paths)

    for canary in (
        "13812345678",
        "138****5678",
        "canary@",
        "140105198001012345",
        "2345",
        "91140100CANARY",
        user.username,
    ):
        assert canary not in html
    assert html.count(term.token) == 0


def test_an_experts_page_shows_only_what_was_agreed(http):
    expert = named("韩砚秋", public_fields=["title"], district="140105", visits=True, **PROFILE)

    html = page(http, expert.get_absolute_url())

    for shown in (
        "韩砚秋",
        "高级会计师",
        "帮小店看懂账",
        "融资贷款",
        "可上门指导",
        "并创专〔2026〕001号",
        "第五条第二项",
        "第十四条",
        "第四条",
    ):
        assert shown in html
    for hidden in ("太原某事务所", "合伙人", "三年审计", "小店区"):
        assert hidden not in html


def test_an_experts_page_takes_at_most_eight_queries(http, django_assert_max_num_queries):
    expert = make_expert()

    with django_assert_max_num_queries(8):
        assert http.get(expert.get_absolute_url()).status_code == 200


def test_3_the_page_is_gone_at_midnight_after_the_last_day(http):
    expert = named("韩砚秋", first_day=date(2026, 3, 1))
    other = named("武振川", first_day=date(2027, 3, 1))
    seen = {}
    for day, hour, minute in [(date(2029, 2, 28), 23, 59), (date(2029, 3, 1), 0, 0)]:
        with clock.at(clock.instant(day, hour, minute)):
            response = http.get(expert.get_absolute_url())
            seen[hour] = response.status_code, names(http, "")

    assert seen == {23: (200, ["韩砚秋", "武振川"]), 0: (410, ["武振川"])}
    assert "这位专家已不在聘" in response.content.decode()
    assert "韩砚秋" not in response.content.decode()
    assert other.get_absolute_url() in response.content.decode()


def test_a_term_ended_by_decision_is_gone_without_a_reason(http, django_assert_max_num_queries):
    expert = make_expert()
    make.end_early(Appointment.objects.filter(expert=expert), DAY)

    with django_assert_max_num_queries(8):
        response = http.get(expert.get_absolute_url())

    assert response.status_code == 410
    assert "这位专家已不在聘" in response.content.decode()


def test_whoever_took_his_consent_back_is_not_spoken_of(http):
    expert = named("韩砚秋")
    other = named("武振川")
    http.get(expert.get_absolute_url())

    consents.withdraw(expert.user, "public_directory")

    response = http.get(expert.get_absolute_url())
    html = response.content.decode()
    assert response.status_code == 410
    assert "这位专家的资料没有公开" in html
    assert "不在聘" not in html
    assert "韩砚秋" not in html
    assert other.get_absolute_url() in html


@pytest.mark.parametrize("no", ["TY-9999", "x", "ty-0001"])
def test_an_unknown_number_is_not_found(http, no):
    make_expert()

    assert http.get(f"/experts/{no}/").status_code == 404


def test_before_the_first_day_there_is_no_page(http):
    expert = make_expert(first_day=date(2026, 3, 3))

    assert http.get(expert.get_absolute_url()).status_code == 404
    assert Expert.objects.count() == 1
