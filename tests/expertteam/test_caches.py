"""The page cache is a convenience: refused, hung or gone, pages come from the database."""

import socket
import time

import pytest
from django.core.cache import caches

from expertteam.caches import FailOpenRedisCache

TWO_SECONDS = 2


@pytest.fixture(autouse=True)
def _awake(monkeypatch):
    monkeypatch.setattr(FailOpenRedisCache, "away_until", 0.0)


@pytest.fixture
def hung():
    """A server that takes every connection and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(16)
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.fixture
def refused():
    """A port where nobody listens."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.fixture(params=["hung", "refused"])
def away(request, settings):
    """The page cache in trouble."""
    server = request.getfixturevalue(request.param)
    settings.CACHES = settings.CACHES | {
        "pages": {"BACKEND": "expertteam.caches.FailOpenRedisCache", "LOCATION": server}
    }
    return caches["pages"]


def test_an_absent_cache_is_a_miss(away):
    away.set("key", "value", 60)

    assert (away.get("key"), away.get("key", "otherwise")) == (None, "otherwise")


def test_an_absent_cache_is_not_asked_again_at_once(away):
    away.get("key")

    began = time.monotonic()
    for _ in range(100):
        away.get("key")
    assert time.monotonic() - began < TWO_SECONDS


def test_it_is_asked_again_after_a_rest(away, monkeypatch, caplog):
    away.get("key")
    monkeypatch.setattr(FailOpenRedisCache, "away_until", time.monotonic() - 1)

    away.get("key")

    assert caplog.text.count("page cache away") == 2


@pytest.mark.parametrize("page", ["/", "/experts/", "/rules/"])
def test_pages_come_without_the_cache_and_without_a_wait(db, away, http, page):
    began = time.monotonic()

    response = http.get(page)

    assert response.status_code == 200
    assert time.monotonic() - began < TWO_SECONDS + 1


@pytest.mark.redis
def test_a_cache_that_answers_keeps_what_it_is_given(settings):
    cache = caches["pages"]

    cache.set("kept", "value", 60)

    assert isinstance(cache, FailOpenRedisCache)
    assert cache.get("kept") == "value"
