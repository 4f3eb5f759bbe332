from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.db import OperationalError, connection

from expertteam import clock
from expertteam.models import Notification

NOON = clock.instant(date(2026, 3, 2), 12)


@pytest.fixture(autouse=True)
def _cache_of_this_process(settings):
    settings.CACHES = settings.CACHES | {"pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def ask(http):
    with clock.at(NOON):
        response = http.get("/readyz")
    return response.status_code, response.json()


def wait(**fields):
    Notification.objects.create(key="k", channel="sms", address="13800000000", subject="通知", body="内容", **fields)


def test_healthz_touches_nothing(http):
    response = http.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


def test_readyz_says_that_everything_answers(db, http):
    assert ask(http) == (200, {"ready": True, "database": True, "cache": True, "queue": True})


def test_readyz_asks_little(db, http, django_assert_num_queries):
    with django_assert_num_queries(2):
        ask(http)


def test_without_a_database_it_is_not_ready(db, http):
    def away(execute, *statement):
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(away):
        assert ask(http) == (503, {"ready": False, "database": False, "cache": True, "queue": False})


def test_without_the_page_cache_it_is_ready_all_the_same(db, http, settings):
    settings.CACHES = settings.CACHES | {"pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    assert caches["pages"].get("readyz") is None
    assert ask(http) == (200, {"ready": True, "database": True, "cache": False, "queue": True})


@pytest.mark.parametrize(
    ("waited", "attempts", "expected"),
    [
        (timedelta(minutes=14), 0, 200),
        (timedelta(minutes=15), 0, 503),
        (timedelta(minutes=15), 1, 200),  # tried: the worker lives, it is the gateway that fails
    ],
)
def test_a_message_that_nobody_tries_means_that_the_queue_stands(db, http, waited, attempts, expected):
    wait(due=NOON - waited, attempts=attempts)

    assert ask(http)[0] == expected


@pytest.mark.parametrize("page", ["/healthz", "/readyz"])
def test_nothing_can_be_posted(db, http, page):
    assert http.post(page).status_code == 405
