"""What everybody reads of ratings: on cards and on the expert's page, from five on, right at once (Article 10(1))."""

from datetime import date

import pytest

from evaluations import actions
from expertteam import clock
from expertteam.workflow import LINK
from tests.make import make_expert, make_rating, make_service

FRIDAY = date(2026, 3, 6)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def rated(expert, *grades, **fields):
    for grade in grades:
        make_rating(expert=expert, grade=grade, **fields)


def test_below_five_there_is_no_number(http):
    expert = make_expert()
    nothing = http.get(expert.get_absolute_url()).text

    rated(expert, 5, 5, 5, 4)

    page, cards = http.get(expert.get_absolute_url()).text, http.get("/experts/").text
    assert "大家的评价" not in nothing
    assert "评价较少，满5条后显示平均分" in page
    assert "评价较少" in cards
    assert not [each for each in (page, cards) if "<b>4.8</b>" in each or ">4.8<small>" in each]


def test_the_fifth_shows_at_once_on_page_and_card(http):
    expert = make_expert()
    rated(expert, 5, 5, 5, 4)
    last = make_rating("open", expert=expert)
    http.get(expert.get_absolute_url()), http.get("/experts/")

    with clock.at(FRIDAY):
        actions.give(last, by=LINK, grade=5)

    assert '<b class="big">4.8<small>分</small></b>' in http.get(expert.get_absolute_url()).text
    assert "评价<b>4.8</b>分，5条" in http.get("/experts/").text


def test_all_five_levels_are_told_in_words_and_numbers(http):
    expert = make_expert()
    rated(expert, 5, 5, 4, 3, 2, wrong=["unsolved"])

    page = http.get(expert.get_absolute_url()).text

    for label, count in {"很满意": 2, "满意": 1, "基本满意": 1, "不满意": 1, "很不满意": 0}.items():
        assert f"<li><span>{label}</span>" in page
        assert f'<span class="n">{count}条</span></li>' in page


def test_a_quote_names_group_and_month_and_nobody(http, reviewer):
    expert = make_expert()
    service = make_service("confirmed", expert=expert, group="returnee", name="鹪鹩鸲", phone="13955550147")
    rating = make_rating(service=service, text="照着做当月就回本了", may_publish=True, quote="waiting")
    before = http.get(expert.get_absolute_url()).text

    actions.show_quote(rating, by=reviewer)

    page = http.get(expert.get_absolute_url()).text
    assert "照着做当月就回本了" not in before
    assert "照着做当月就回本了" in page
    assert "返乡入乡人员，2026年3月" in page
    assert not [each for each in ("鹪鹩鸲", "13955550147") if each in page]


def test_what_a_text_holds_is_text(http):
    expert = make_expert()
    make_rating(expert=expert, text="<script>alert(1)</script>", may_publish=True, quote="shown")

    page = http.get(expert.get_absolute_url()).text

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_the_page_leads_to_the_door_for_reports(http):
    expert = make_expert()

    assert f"/report/?expert={expert.no}" in http.get(expert.get_absolute_url()).text
