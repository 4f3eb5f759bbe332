"""The pages of experts with times told by a stand-in for the floor above."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from experts import openings
from experts.cards import with_openings
from experts.directory import Search, roll
from experts.models import Expert
from experts.openings import Opening, Provider, Slot, When
from expertteam import clock
from tests.make import make_expert, make_user

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)  # a Monday


@pytest.fixture(autouse=True)
def _monday(today):
    """All of it happens on 2026-03-02 at nine."""


def at(day, hour=14, minute=0):
    return clock.instant(date(2026, 3, day), hour, minute)


def slot(day, hour, minute=0, taken=False):
    return Slot(f"202603{day:02d}{hour:02d}{minute:02d}", at(day, hour, minute), taken)


def free(day, *others):
    return Opening(next=at(day), published=True, days=tuple(date(2026, 3, each) for each in (day, *others)))


@pytest.fixture
def tell(monkeypatch):
    """Let the floor above say this of the experts by name, and these times of everybody."""

    def enter(by_name=None, days=(), asked=None):
        def of(keys):
            people = {expert.pk: expert.user.name for expert in Expert.objects.select_related("user")}
            if asked is not None:
                asked.append(sorted(people[key] for key in keys))
            return {key: (by_name or {}).get(people[key], Opening()) for key in keys}

        told = Provider(of, lambda expert, first: [entry for entry in days if entry[0] >= first], "services:book")
        monkeypatch.setattr(openings, "PROVIDERS", [told])
        roll.cache_clear()

    return enter


def named(name, **fields):
    return make_expert(user=make_user(name=name), **fields)


@pytest.fixture
def team():
    return [named(name, topics=topics) for name, topics in TEAM.items()]


TEAM = {"韩砚秋": ["finance"], "武振川": ["opening"], "薛明远": ["policy"], "阎立岩": ["finance"]}
TIMES = {
    "韩砚秋": free(12, 14),
    "武振川": Opening(next=at(9, 15), published=True, week_full=True, days=(date(2026, 3, 9),)),
    "薛明远": Opening(
        paused=True, paused_until=date(2026, 3, 20), published=True, next=at(3), days=(date(2026, 3, 3),)
    ),
}


def page(http, path="/experts/"):
    return " ".join(http.get(path).content.decode().split())


def cards(http, query=""):
    """By name what stands at the right of each card: its words, and where its button leads."""
    found = {}
    for card in re.findall("<article.*?</article>", page(http, f"/experts/?{query}")):
        name = strip_tags(re.search("<h3>(.*?)</h3>", card)[1])
        right = card[card.index("full next") + 11 :]
        words, link = re.search("<p.*?</p>", right), re.search('<a class="btn.*?href="(.*?)">(.*?)<', right)
        found[name] = (strip_tags(words[0]).strip(), link[2], link[1].replace("&amp;", "&"))
    return found


@pytest.mark.parametrize(
    ("opening", "state"),
    [
        (Opening(), "asked"),
        (Opening(published=True), "asked"),
        (Opening(next=at(3), published=True), "free"),
        (Opening(next=at(9), published=True, week_full=True), "full"),
        (Opening(next=at(9), published=True, week_full=True, paused=True), "paused"),
        (Opening(paused=True), "paused"),
    ],
)
def test_the_four_states_of_a_card(opening, state):
    assert opening.state == state


@pytest.mark.parametrize(
    ("day", "this_week", "next_week", "weekend"),
    [
        (date(2026, 3, 2), True, False, False),
        (date(2026, 3, 6), True, False, False),
        (date(2026, 3, 7), True, False, True),
        (date(2026, 3, 8), True, False, True),
        (date(2026, 3, 9), False, True, False),
        (date(2026, 3, 15), False, True, True),
        (date(2026, 3, 16), False, False, False),
    ],
)
def test_parts_of_the_coming_days(day, this_week, next_week, weekend):
    assert [when.holds(day, DAY) for when in When] == [this_week, next_week, weekend]
    assert [when.holds(day, date(2026, 3, 8)) for when in When][:2] == [this_week, next_week]


def test_each_card_says_when_the_expert_can_be_met(http, tell, team):
    tell(TIMES)
    han, wu, xue, yan = team

    assert cards(http) == {
        "韩砚秋": ("最近可约3月12日（周四）14:00", "看时间", f"/experts/{han.no}/#slots"),
        "武振川": ("本周已约满最早3月9日（周一）15:00", "看下周", f"/experts/{wu.no}/?from=2026-03-09#slots"),
        "薛明远": ("暂不接受预约到3月20日", "看同领域专家", "/experts/?topic=policy"),
        "阎立岩": ("时间由服务中心协调约3个工作日内答复", "申请预约", f"{reverse('services:book')}?expert={yan.no}"),
    }


def test_a_pause_without_an_end_names_none(http, tell, team):
    tell({"薛明远": Opening(paused=True)})

    assert cards(http)["薛明远"][0] == "暂不接受预约"


def test_without_anybody_to_tell_no_time_is_shown_or_asked_for(http, team, monkeypatch):
    monkeypatch.setattr(openings, "PROVIDERS", [])
    roll.cache_clear()

    html = page(http, "/experts/?when=weekend&sort=soonest")

    assert "通过服务中心预约" in html
    assert not re.search("最近可约|什么时候|最早能约|有一个条件没有用上", html)
    assert len(re.findall("<article", html)) == 4
    assert "打电话给服务中心" in page(http, team[0].get_absolute_url())
    assert "打电话给服务中心" in page(http, f"{team[0].get_absolute_url()}slots/")
    assert "认识几位专家" in page(http, "/")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("when=this_week", ["薛明远"]),
        ("when=next_week", ["韩砚秋", "武振川"]),
        ("when=weekend", ["韩砚秋"]),
        ("when=weekend&topic=opening", []),
        ("sort=soonest", ["武振川", "韩砚秋", "薛明远", "阎立岩"]),
        ("when=next_week&sort=soonest", ["武振川", "韩砚秋"]),
        ("q=川&sort=soonest", ["武振川"]),
        ("sort=nonsense", ["韩砚秋", "武振川", "薛明远", "阎立岩"]),
        ("when=someday", ["韩砚秋", "武振川", "薛明远", "阎立岩"]),
        ("", ["韩砚秋", "武振川", "薛明远", "阎立岩"]),
    ],
)
def test_experts_are_found_by_when_they_can_be_met(http, tell, team, query, expected):
    tell(TIMES)

    assert list(cards(http, query)) == expected


def test_the_order_stays_when_a_filter_goes(http, tell, team):
    tell(TIMES)

    html = page(http, "/experts/?topic=finance&when=next_week&sort=soonest")

    assert 'href="?when=next_week&amp;sort=soonest"' in html
    assert 'href="?topic=finance&amp;sort=soonest"' in html
    assert '<a href="?topic=finance&amp;when=next_week">按姓名</a>' in html
    assert '<b aria-current="true">最早能约</b>' in html
    assert '<input type="hidden" name="sort" value="soonest">' in html
    assert "最早能约上的在前" in html


def test_an_empty_list_may_blame_the_time(http, tell, team):
    tell(TIMES)

    response = http.get("/experts/?topic=opening&topic=policy&when=weekend&sort=soonest")

    assert response.context["way_out"] == {
        "words": "周末",
        "count": 2,
        "query": "topic=opening&topic=policy&sort=soonest",
    }


def test_only_the_experts_of_the_page_are_asked_about(http, tell, team):
    asked = []
    tell(TIMES, asked=asked)

    http.get("/experts/?topic=finance")
    http.get("/experts/?topic=finance&visit=")

    assert asked == [["阎立岩", "韩砚秋"]]


def test_everybody_is_asked_about_once_a_minute(http, tell, team):
    asked = []
    tell(TIMES, asked=asked)

    for query in ("sort=soonest", "when=weekend", "when=next_week&sort=soonest"):
        http.get(f"/experts/?{query}")
    with clock.at(at(2, 9, 1)):
        http.get("/experts/?sort=soonest")

    assert asked == [sorted(TEAM)] * 2


def test_the_kept_card_is_never_of_an_earlier_minute(http, tell, team):
    tell(TIMES)
    http.get("/experts/")
    tell({"韩砚秋": free(13)})

    with clock.at(at(2, 9, 1)):
        assert "3月13日（周五）14:00" in cards(http)["韩砚秋"][0]


TWO_DAYS = [
    (date(2026, 3, 5), [slot(5, 9, 30, taken=True), slot(5, 14)]),
    (date(2026, 3, 6), [slot(6, 10)]),
]


def test_the_page_of_an_expert_has_his_times_as_radios(http, tell, team):
    tell({"韩砚秋": free(5, 6)}, TWO_DAYS)
    han = team[0]

    html = page(http, han.get_absolute_url())

    assert f'<form action="{reverse("services:book")}">' in html
    assert f'<input type="hidden" name="expert" value="{han.no}">' in html
    assert "<legend>3月5日<span>周四</span></legend>" in html
    assert 'name="slot" value="202603050930" disabled>09:30' in html
    assert 'name="slot" value="202603051400">14:00' in html
    assert "用这个时间预约" in html
    assert "最晚3个工作日答复" in html
    assert "以后</a>" not in html


FOUR_DAYS = [(date(2026, 3, day), [slot(day, 14)]) for day in (3, 5, 6, 9)]


def legends(html):
    return re.findall("<legend>(.*?)<span>", html)


def test_three_days_at_once_and_a_way_further_on_and_back(http, tell, team):
    tell({"韩砚秋": free(3)}, FOUR_DAYS)
    home = team[0].get_absolute_url()

    first, second = page(http, home), page(http, f"{home}?from=2026-03-09")

    assert legends(first) == ["3月3日", "3月5日", "3月6日"]
    assert f'href="{home}?from=2026-03-09#slots">看3月9日以后' in first
    assert "看最近的时间" not in first
    assert legends(second) == ["3月9日"]
    assert f'href="{home}#slots">看最近的时间' in second
    assert "以后</a>" not in second


@pytest.mark.parametrize(
    ("asked", "first"),
    [("2026-03-06", "3月6日"), ("2025-01-01", "3月3日"), ("", "3月3日"), ("x", "3月3日"), ("2026-02-30", "3月3日")],
)
def test_from_is_a_day_to_come_or_left_out(http, tell, team, asked, first):
    tell({"韩砚秋": free(3)}, FOUR_DAYS)

    assert legends(page(http, f"{team[0].get_absolute_url()}slots/?from={asked}"))[0] == first


def test_past_the_last_day_there_is_a_way_back_and_no_button(http, tell, team):
    tell({"韩砚秋": free(3)}, FOUR_DAYS)

    html = page(http, f"{team[0].get_absolute_url()}slots/?from=9999-12-31")

    assert "这以后还没有能约的时间" in html
    assert "看最近的时间" in html
    assert "用这个时间预约" not in html


@pytest.mark.parametrize(
    ("opening", "sentence", "link"),
    [
        (Opening(), "时间由服务中心协调，约3个工作日内答复您", "申请预约"),
        (Opening(answer_days=2), "约2个工作日内答复您", "申请预约"),
        (Opening(published=True), "近期的时间都约满了，新的时间由服务中心协调", "申请预约"),
        (Opening(paused=True, paused_until=date(2026, 3, 20)), "到3月20日（周五）为止", "看同领域专家"),
        (Opening(paused=True, published=True, next=at(3)), "暂不接受预约", "请中心匹配"),
    ],
)
def test_who_shows_no_times_leads_on(http, tell, team, opening, sentence, link):
    tell({"韩砚秋": opening}, FOUR_DAYS)

    html = page(http, team[0].get_absolute_url())

    assert sentence in html
    assert link in html
    assert legends(html) == []


def test_the_times_of_nobody_listed_are_not_there(http, tell, team):
    tell({})

    assert http.get("/experts/TY-9999/slots/").status_code == 404


@pytest.mark.parametrize(
    ("times", "names", "heading"),
    [
        (TIMES, ["武振川", "韩砚秋"], "最近能约到的专家"),
        (
            {"韩砚秋": free(5), "武振川": free(3), "薛明远": free(8), "阎立岩": free(9)},
            ["武振川", "韩砚秋", "薛明远"],
            "本周能约到的专家",
        ),
        ({"韩砚秋": free(5), "武振川": free(3), "薛明远": free(9)}, ["武振川", "韩砚秋", "薛明远"], "最近能约到的专家"),
    ],
)
def test_the_home_page_has_three_who_can_be_met_soonest(http, tell, team, times, names, heading):
    tell(times)

    html = page(http, "/")

    assert [strip_tags(name) for name in re.findall("<h3>(.*?)</h3>", html)] == names
    assert heading in html


def test_the_home_page_introduces_others_each_day_while_no_times_are_known(http, tell, team):
    tell({})
    shown = []

    for day in (2, 3):
        with clock.at(date(2026, 3, day)):
            html = page(http, "/")
            shown.append([strip_tags(name) for name in re.findall("<h3>(.*?)</h3>", html)])

    assert "认识几位专家" in html
    assert sorted(map(len, shown)) == [3, 3]
    assert shown[0] != shown[1]


def test_whoever_left_leads_to_others_with_their_times(http, tell, team):
    former = named("常若水", topics=["finance"], first_day=date(2023, 3, 1))
    tell({"韩砚秋": free(5)})

    response = http.get(former.get_absolute_url())

    assert response.status_code == 410
    assert "最近可约" in response.content.decode()


def test_cards_are_given_their_times_together(tell, team, django_assert_num_queries):
    asked = []
    tell(TIMES, asked=asked)

    with_openings(team)

    assert asked == [sorted(TEAM)]
    assert [expert.card.opening.state for expert in team] == ["free", "full", "paused", "asked"]


def test_of_nobody_nobody_is_asked(tell):
    asked = []
    tell({}, asked=asked)

    assert (openings.told([]), Search({}, DAY).few(3, 1), asked) == ({}, [], [])
