from datetime import date

import pytest
from django.core.cache import caches
from django.test import Client

from expertteam import clock, consents
from tests.make import course, make_expert, make_objection

pytestmark = pytest.mark.django_db
HOME = "/"


@pytest.fixture(autouse=True)
def _empty_cache():

    caches["pages"].clear()


def test_a_second_look_within_the_minute_is_not_sent_again(http, today):
    first = http.get(HOME)

    second = http.get(HOME, headers={"if-none-match": first["ETag"]})

    assert (first.status_code, second.status_code, second.content) == (200, 304, b"")


def test_a_cached_page_costs_one_query(http, today, django_assert_num_queries):
    http.get(HOME)

    with django_assert_num_queries(1):
        http.get(HOME)


@pytest.mark.parametrize("address", ["/", "/rules/", "/experts/", "/notices/"])
def test_a_kept_page_is_the_page(http, today, address):
    make_expert()

    first, kept = http.get(address), http.get(address)

    assert (kept.status_code, kept.content) == (200, first.content)
    assert kept["Content-Type"] == "text/html; charset=utf-8"


def test_an_appointment_shows_at_once(http, today):
    before = http.get(HOME)

    expert = make_expert()

    after = http.get(HOME, headers={"if-none-match": before["ETag"]})
    assert expert.user.name in after.content.decode()


def test_a_withdrawn_consent_shows_at_once(http, today):
    expert = make_expert()
    http.get(HOME)

    consents.withdraw(expert.user, "public_directory")

    assert expert.user.name not in http.get(HOME).content.decode()


def test_a_term_that_ends_at_midnight_is_gone_at_midnight(http, today):
    expert = make_expert(first_day=date(2026, 3, 1))
    with clock.at(clock.instant(date(2029, 2, 28), 23, 59)):
        assert expert.user.name in http.get(HOME).content.decode()

    with clock.at(clock.instant(date(2029, 3, 1), 0, 0)):
        assert expert.user.name not in http.get(HOME).content.decode()


def test_a_notice_appears_and_goes_at_its_hour(http, today, intake, reviewer):
    notice = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2)).notice

    seen = {}
    for day, hour, minute in [(2, 23, 59), (3, 0, 0), (9, 18, 0), (9, 18, 1)]:
        with clock.at(clock.instant(date(2026, 3, day), hour, minute)):
            seen[day, hour, minute] = notice.title in http.get(HOME).content.decode()

    assert seen == {(2, 23, 59): False, (3, 0, 0): True, (9, 18, 0): True, (9, 18, 1): False}


def test_an_objection_changes_the_version(http, today, intake, reviewer):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 3, 2))
    with clock.at(date(2026, 3, 4)):
        before = http.get(HOME)["ETag"]

        make_objection(it.candidate)

        assert http.get(HOME)["ETag"] != before


def test_signed_in_pages_are_never_kept_for_others(http, today, expert):
    http.force_login(expert)

    response = http.get(HOME)

    assert "ETag" not in response
    assert "public" not in response.get("Cache-Control", "")


@pytest.mark.parametrize("address", ["/", "/rules/", "/experts/", "/notices/", "/stats/"])
def test_a_kept_page_holds_nothing_of_the_visitor_it_was_made_for(http, today, address):
    response = http.get(address)

    assert "csrfmiddlewaretoken" not in response.text
    assert not response.cookies


def test_a_message_for_one_visitor_is_not_kept_for_the_next(http, today, expert):
    http.force_login(expert)
    http.post("/accounts/logout/")
    del http.cookies["sessionid"]  # as a browser does

    told, next_visitor = http.get(HOME).text, Client().get(HOME).text

    assert ("已退出" in told, "已退出" in next_visitor) == (True, False)
