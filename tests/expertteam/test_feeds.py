"""What programs read."""

import re
from datetime import date
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from django.core.cache import caches
from django.urls import reverse

from expertteam import clock, consents, feeds
from recruitment import actions
from tests import make

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "https://experts.example.gov.cn"
    caches["pages"].clear()


def entries_of(response):
    return [
        {part.tag.removeprefix(ATOM): part.text for part in entry}
        for entry in ElementTree.fromstring(response.content).findall(f"{ATOM}entry")
    ]


def addresses_of(response):
    return {url.text for url in ElementTree.fromstring(response.content).iter(f"{MAP}loc")}


def test_the_feed_has_a_notice_from_its_first_day(http):
    with clock.at(date(2026, 3, 2)):
        notice = make.make_bare_notice(statement="拟聘任<下列>人员。")
        before = entries_of(http.get("/notices/feed/"))
    with clock.at(date(2026, 3, 3)):
        response = http.get("/notices/feed/")

    assert before == []
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    [entry] = entries_of(response)
    assert entry["id"] == f"https://experts.example.gov.cn/notices/{notice.pk}/"
    assert entry["title"] == "拟聘任人选公示"
    assert entry["summary"] == "拟聘任&lt;下列&gt;人员。公示期2026年3月3日至2026年3月9日。"
    assert entry["published"] == entry["updated"] == "2026-03-02T16:00:00+00:00"


def test_an_annulled_notice_is_an_update(http, intake, reviewer):
    with clock.at(date(2026, 3, 2)):
        notice = make.course(intake=intake, reviewer=reviewer).notice
    with clock.at(clock.instant(date(2026, 3, 5), 10)):
        actions.annul(notice, by=reviewer, reason="名单有误")

        [entry] = entries_of(http.get("/notices/feed/"))

    assert entry["title"] == "【已撤销】拟聘任人选公示"
    assert entry["published"] == "2026-03-02T16:00:00+00:00"
    assert entry["updated"] == "2026-03-05T02:00:00+00:00"


def test_drafts_are_in_no_list(http, today):
    draft = make.make_bare_notice(state="draft")

    assert entries_of(http.get("/notices/feed/")) == []
    assert f"https://experts.example.gov.cn{draft.get_absolute_url()}" not in addresses_of(http.get("/sitemap.xml"))


def test_the_feed_is_short_and_costs_one_query(http, django_assert_num_queries):
    for _ in range(feeds.NEWEST + 1):
        make.make_bare_notice()

    with clock.at(date(2026, 3, 3)), django_assert_num_queries(2):  # the other is the version of the page
        assert len(entries_of(http.get("/notices/feed/"))) == feeds.NEWEST


def test_the_map_names_every_public_page_that_stands(http, today):
    expert, notice = make.make_expert(), make.make_bare_notice()

    with clock.at(date(2026, 3, 3)):
        found = addresses_of(http.get("/sitemap.xml"))
        answers = {http.get(url.removeprefix("https://experts.example.gov.cn")).status_code for url in found}

    assert answers == {200}
    assert {f"https://experts.example.gov.cn{each.get_absolute_url()}" for each in (expert, notice)} < found
    assert len(found) == len(feeds.PAGES) + 2


def test_whoever_is_not_listed_is_not_on_the_map(http, today):
    expert = make.make_expert()
    consents.withdraw(expert.user, "public_directory")

    assert expert.no not in http.get("/sitemap.xml").content.decode()


def test_the_map_costs_the_same_for_many(http, today, django_assert_num_queries):
    for _ in range(5):
        make.make_expert()

    with django_assert_num_queries(3):
        http.get("/sitemap.xml")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", True),
        ("/experts/", True),
        ("/experts/TY-0001/", True),
        ("/notices/1/", True),
        ("/notices/feed/", True),
        ("/rules/", True),
        ("/stats/2026.csv", True),
        ("/verify/", True),
        ("/apply/", True),
        ("/verify/abcdef/", False),
        ("/verify/?no=1", False),
        ("/apply/basics/", False),
        ("/desk/", False),
        ("/admin/", False),
        ("/accounts/login/", False),
        ("/notices/objection/", False),
        ("/notices/7/objection/", False),
    ],
)
def test_robots_keep_to_the_public_pages(http, path, expected):
    text = http.get("/robots.txt").content.decode()

    assert robot_may(text, path) is expected


def robot_may(text, path):
    """RFC 9309: the longest rule that matches decides, ``*`` is anything, ``$`` the end."""
    rules = re.findall(r"^(Allow|Disallow): (\S+)$", text, re.M)
    fitting = [
        (len(rule), kind == "Allow")
        for kind, rule in rules
        if re.match(re.escape(rule).replace(r"\*", ".*").replace(r"\$", "$"), path)
    ]
    return max(fitting, default=(0, True))[1]


def test_robots_find_the_map(http):
    parser = RobotFileParser()

    parser.parse(http.get("/robots.txt").content.decode().splitlines())

    assert parser.site_maps() == ["https://experts.example.gov.cn/sitemap.xml"]


def test_every_page_leads_to_the_feed(http):
    link = f'<link rel="alternate" type="application/atom+xml" title="公示公告" href="{reverse("feed")}">'

    assert link in http.get("/privacy/").content.decode()


def test_main_pages_describe_themselves_each_in_its_own_words(http, today):
    paths = ["/", "/experts/", "/notices/", "/rules/", "/verify/", "/stats/", "/stats/method/", "/apply/", "/privacy/"]

    found = [re.findall(r'<meta name="description" content="([^"]+)">', http.get(p).content.decode()) for p in paths]

    assert [len(each) for each in found] == [1] * len(paths)
    assert len({each[0] for each in found}) == len(paths)
