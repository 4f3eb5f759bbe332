"""The portal's look: what templates may hold, how numbers and dates are written, what a citation gives."""

import gzip
import re
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory

from expertteam import clock
from expertteam.templatetags import terrace

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(*parts):
    return datetime(*parts, tzinfo=SHANGHAI)


@pytest.fixture
def october():
    """Tuesday, half past ten."""
    with clock.at(at(2026, 10, 20, 10, 30)):
        yield


def render(text, **context):
    return engines["django"].from_string(text).render(context, RequestFactory().get("/"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template_holds_nothing_inline_and_nothing_foreign(path):
    text = path.read_text(encoding="utf8")

    assert not re.search(
        r"\sstyle=|<style|\son[a-z]+=|hx-on|<script(?![^>]*\ssrc=)|(src|href|action)=\"(https?:)?//", text
    )
    assert text.count("\n") <= 120


@pytest.mark.parametrize(("name", "limit"), [("site.css", 12_288), ("site.js", 2_048)])
def test_static_files_stay_small(name, limit):
    assert len(gzip.compress((ROOT / "static" / name).read_bytes())) <= limit


@pytest.mark.parametrize("path", sorted((ROOT / "static").glob("*.[cj]s*")), ids=lambda path: path.name)
def test_static_file_asks_no_foreign_place(path):
    assert "//" not in re.sub(r"^\s*//.*|\s//\s.*", "", path.read_text(encoding="utf8"), flags=re.M)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 10, 22), "10月22日（周四）"),
        (at(2026, 10, 22, 23, 59), "10月22日（周四）"),
        (date(2026, 12, 19), "12月19日（周六）"),
        (date(2026, 12, 20), "12月20日"),
        (date(2026, 8, 20), "8月20日"),
        (date(2027, 1, 5), "2027年1月5日"),
        (date(2025, 12, 31), "2025年12月31日"),
    ],
)
def test_day(value, expected, october):
    assert terrace.day(value) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 10, 16), date(2026, 10, 22), "10月16日至10月22日"),
        (date(2026, 3, 1), date(2029, 2, 28), "2026年3月1日至2029年2月28日"),
        (date(2027, 1, 4), date(2027, 1, 8), "2027年1月4日至2027年1月8日"),
    ],
)
def test_period(first, last, expected, october):
    assert terrace.period(first, last) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (at(2026, 10, 22, 18, 0), "10月22日 18:00"),
        (at(2027, 1, 5, 9, 5), "2027年1月5日 09:05"),
        (datetime(2026, 10, 21, 16, 30, tzinfo=ZoneInfo("UTC")), "10月22日 00:30"),
    ],
)
def test_moment(value, expected, october):
    assert terrace.moment(value) == expected


def test_long_day():
    assert terrace.long_day(date(2026, 10, 2)) == "2026年10月2日"


@pytest.mark.parametrize(("count", "expected"), [(0, "0个月"), (4, "4个月"), (48, "4年"), (76, "6年4个月")])
def test_months(count, expected):
    assert terrace.months(count) == expected


@pytest.mark.parametrize(("number", "expected"), [("13800000000", "138****0000"), ("12345", "*****"), ("", "")])
def test_mask_phone(number, expected):
    assert terrace.mask_phone(number) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [("140105199001011234", "1401**********1234"), ("E12345678", "*******78"), ("A", "*"), ("", "")],
)
def test_mask_id(number, expected):
    assert terrace.mask_id(number) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("SQ20260007", "SQ 2026 0007"),
        ("20260007", "2026 0007"),
        ("YC202600", "YC 2026 00"),
        ("ZJ001", "ZJ001"),
        ("并创专1", "并创专1"),
    ],
)
def test_grouped(number, expected):
    assert terrace.grouped(number) == expected


@pytest.mark.parametrize(
    ("value", "badge", "words"),
    [
        (at(2026, 10, 20, 10, 29), "late", "10月20日 10:29已截止"),
        (at(2026, 10, 20, 10, 30), "soon", "今天10:30截止"),
        (at(2026, 10, 20, 18, 0), "soon", "今天18:00截止"),
        (at(2026, 10, 21, 18, 0), "soon", "明天18:00截止"),
        (at(2026, 10, 22, 18, 0), "soon", "还剩2天，10月22日 18:00截止"),
        (at(2026, 10, 23, 18, 0), "", "还剩3天，10月23日 18:00截止"),
        (at(2027, 1, 5, 18, 0), "", "还剩77天，2027年1月5日 18:00截止"),
    ],
)
def test_deadline(value, badge, words, october):
    assert terrace.due(value) == badge
    assert terrace.countdown(value) == words
    assert f'<span class="due {badge}"><time datetime="{value.isoformat()}">{words}</time>' in terrace.deadline(value)


def test_deadline_on_monday_is_soon_on_friday():
    with clock.at(at(2026, 10, 23, 9, 0)):
        assert terrace.due(at(2026, 10, 26, 18, 0)) == "soon"


def test_tone_is_the_same_for_the_same_name():
    assert terrace.tone("韩砚秋") == terrace.tone("韩砚秋")
    assert {terrace.tone(name) for name in "赵钱孙李周吴郑王"} <= {"", "b", "c", "d"}


def test_window_leaves_out_what_is_far():
    page = Paginator(range(200), 10).page(10)

    assert list(terrace.window(page)) == [1, "…", 8, 9, 10, 11, 12, "…", 20]


def test_cite_is_a_link_and_opens_in_place():
    html = render('{% cite "12(2)" %}，{% cite "12(2)" %}，{% cite "12¶2" %}{% cites %}')

    assert html.count('<a class="cite" href="/rules/#a12-2" data-cite="a12-2">第十二条第二项</a>') == 2
    assert '<a class="cite" href="/rules/#a12" data-cite="a12">第十二条第二款</a>' in html
    assert html.count('id="cite-a12-2"') == html.count('id="cite-a12"') == 1
    assert "经服务对象多次反馈" in html


def test_cite_without_a_request_is_still_a_link():
    html = engines["django"].from_string('{% cite "3" %}').render()

    assert html == '<a class="cite" href="/rules/#a3" data-cite="a3">第三条</a>'


def test_a_page_without_citations_has_no_popovers():
    assert render("{% cites %}").strip() == ""


def test_moves_fill_the_first_button_only():
    moves = [SimpleNamespace(verb="recommend", label="初审推荐"), SimpleNamespace(verb="send_back", label="退回补充")]
    record = SimpleNamespace(get_absolute_url="/a/7/")

    html = render('{% include "includes/moves.html" %}', moves=moves, object=record)

    assert (
        '<a class="btn" href="/a/7/recommend/">初审推荐</a><a class="btn ghost" href="/a/7/send_back/">退回补充</a>'
        in html
    )


def test_history_names_the_person_and_time_itself(october):
    entries = [
        SimpleNamespace(history_change_reason="初审推荐（第11条）", history_date=at(2026, 10, 9, 9, 0), whose="孙受理"),
        SimpleNamespace(history_change_reason=None, history_date=at(2026, 10, 8, 9, 0), whose=None),
    ]

    html = render('{% include "includes/history.html" %}', history=entries)

    assert "初审推荐（第11条）" in html
    assert "10月9日 09:00</time>　孙受理" in html
    assert "10月8日 09:00</time>　系统" in html


def test_a_telephone_number_can_be_called():
    html = render("{{ number|dial }}", number="0351-555 0100")

    assert html == '<a class="nb" href="tel:0351-5550100">0351-555 0100</a>'
