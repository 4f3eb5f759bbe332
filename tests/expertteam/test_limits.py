import pytest
from django.core.cache.backends.base import BaseCache
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from expertteam.limits import limited, network

WAY = RequestFactory()


class CacheOutOfOrder(BaseCache):
    """A cache whose table cannot be reached."""

    def __init__(self, location, params):
        super().__init__(params)

    def add(self, *args, **kwargs):
        raise OperationalError("database is locked")


@limited("door", 2)
def door(request):
    return HttpResponse("in")


def ask(address="10.0.0.1"):
    return door(WAY.get("/", REMOTE_ADDR=address)).status_code


def test_a_network_is_let_in_as_often_as_said_and_no_more(db):
    assert [ask(), ask("10.0.0.99"), ask("10.0.0.7")] == [200, 200, 429]


def test_networks_do_not_count_for_each_other(db):
    assert [ask(), ask(), ask("10.0.1.1")] == [200, 200, 200]


def test_a_limiter_out_of_order_limits_nobody(settings):
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.CacheOutOfOrder"}}

    assert [ask() for _ in range(4)] == [200] * 4


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("10.1.2.3", "10.1.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("nonsense", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_network_is_a_24_or_a_64(address, expected):
    assert network(WAY.get("/", REMOTE_ADDR=address)) == expected
