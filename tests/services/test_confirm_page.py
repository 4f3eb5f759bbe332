"""The client's word on a service, by the link in his SMS: right, or not right, said once (Articles 9 and 10(1))."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expertteam import clock
from expertteam.models import Notification
from services.models import Link, Service, ServiceRequest
from tests.make import make_expert, make_logged, make_service

THURSDAY = clock.instant(date(2026, 3, 5), 14)
LATER = THURSDAY + timedelta(hours=2)
CANARY = "松果暗语"
pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def service(db):
    """An hour on Thursday afternoon, logged by the expert at its end."""
    return make_logged(make_expert())


def text(response):
    """What a reader sees, without markup."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]*>", "", response.content.decode()))


def address(service):
    token = Link.issue(Link.Purpose.CONFIRM, timedelta(days=30), service=service)
    return reverse("services:confirm", args=[token])


def read(http, url, at=LATER):
    with clock.at(at):
        return http.get(url)


def say(http, url, at=LATER, **fields):
    with clock.at(at):
        return http.post(url, {"key": "0123456789abcdef"} | fields)


def state_of(service):
    return Service.objects.get(pk=service.pk).state


def test_the_sms_leads_to_the_page(http, service):
    body = Notification.objects.get(key__startswith="logged:").body

    page = read(http, re.search(r"/c/[\w-]+/", body)[0])

    assert len(body) <= 70
    assert page.status_code == 200


def test_the_page_shows_the_facts_and_never_what_was_written(http, service):
    Service.objects.filter(pk=service.pk).update(summary=CANARY, advice=CANARY, name=CANARY)

    words = text(read(http, address(service)))

    assert "3月5日（周四）14:00" in words
    assert "60分钟" in words
    assert f"{service.expert}老师" in words
    assert "服务中心面谈" in words
    assert "融资贷款" in words
    assert CANARY not in words


def test_to_read_changes_nothing(http, service):
    page = read(http, address(service))

    assert state_of(service) == "logged"
    assert "no-store" in page["Cache-Control"]
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("same-origin", "noindex")


def test_right_is_said_with_one_tap(http, service):
    url = address(service)

    first = say(http, url, say="right")
    again = say(http, url, say="right")
    page = read(http, url)

    service.refresh_from_db()
    assert (first.status_code, again.status_code, again["Location"]) == (302, 302, first["Location"])
    assert (service.state, service.confirmed_via) == ("confirmed", "link")
    assert ServiceRequest.objects.get().state == "confirmed"
    assert "您已确认：时间和时长都对" in text(page)
    assert "<form" not in page.content.decode().partition("<main")[2].partition("</main")[0]


def test_not_right_says_what_is_different(http, service):
    url = address(service)

    say(http, url, say="wrong", claimed_minutes="20", client_note=CANARY)
    page = read(http, url)

    service.refresh_from_db()
    assert (service.state, service.claimed_minutes, service.client_note) == ("queried", 20, CANARY)
    assert "您说有出入，实际20分钟" in text(page)
    assert CANARY not in text(page)


@pytest.mark.parametrize(
    ("fields", "claimed"),
    [({"claimed_minutes": "0"}, 0), ({"client_note": "没有见过面"}, None)],
    ids=["nobody came", "in words only"],
)
def test_one_of_both_is_enough(http, service, fields, claimed):
    say(http, address(service), say="wrong", **fields)

    service.refresh_from_db()
    assert (service.state, service.claimed_minutes) == ("queried", claimed)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "写一下实际多长时间，或哪里不对"),
        ({"claimed_minutes": "半小时"}, "只能填整数"),
        ({"claimed_minutes": "-5"}, "不能小于0"),
        ({"claimed_minutes": "721"}, "不能大于720"),
        ({"client_note": "长" * 301}, "最多300个字"),
    ],
)
def test_what_is_wrong_with_the_objection_is_said_in_place(http, service, fields, message):
    page = say(http, address(service), say="wrong", **fields)

    assert page.status_code == 422
    assert text(page).count(message) == 2
    assert '<details class="more" open' in page.content.decode()
    assert state_of(service) == "logged"


def test_what_was_said_stands(http, service):
    url = address(service)
    say(http, url, say="right")

    answer = say(http, url, say="wrong", claimed_minutes="10", key="another")

    assert answer.status_code == 302
    assert state_of(service) == "confirmed"


def test_whoever_let_the_days_pass_can_still_answer(http, db):
    late = make_service("unanswered")

    say(http, address(late), say="right")

    assert state_of(late) == "confirmed"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("ruled", "已核定为45分钟"),
        ("rejected", "这次服务不成立"),
        ("verified", "这次服务已经核对过了"),
    ],
)
def test_what_the_bureau_found_is_shown(http, db, state, words):
    page = read(http, address(make_service(state)))

    assert words in text(page)
    assert "有出入" not in text(page)


def test_a_wrong_link_and_an_old_one_are_answered_alike(http, service):
    url = address(service)

    old = read(http, url, at=clock.now() + timedelta(days=31))
    wrong = http.get(reverse("services:confirm", args=["x" * 22]))
    other = Link.issue(Link.Purpose.RATE, timedelta(days=30), service=service)

    assert (old.status_code, wrong.status_code) == (404, 404)
    assert text(old) == text(wrong)
    assert http.get(reverse("services:confirm", args=[other])).status_code == 404


def test_what_the_expert_took_back_cannot_be_confirmed(http, service):
    url = address(service)
    service.links.all().delete()

    assert read(http, url).status_code == 404


def test_the_page_costs_a_fixed_number_of_queries(http, service):
    url = address(service)
    with CaptureQueriesContext(connection) as queries:
        read(http, url)

    assert len(queries) == 1
