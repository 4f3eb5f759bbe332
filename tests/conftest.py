"""The people every test knows, with the real roles; client and stranger have none that opens anything."""

import json
import os
from datetime import date

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.db import connection
from django.test import Client

from experts import directory
from expertteam import clock, notify
from expertteam.models import ROLES, STAFF_ROLES, User
from tests import gateway as module

NAMES = {
    "intake": "孙受理",
    "reviewer": "李审核",
    "leader": "周局长",
    "matcher": "吴匹配",
    "inspector": "郑纪检",
    "cashier": "王经办",
    "auditor": "冯复核",
    "admin": "陈管理",
    "expert": "韩砚秋",
    "client": "刘小满",
}


def person(username, *roles, **fields):
    """An account with these roles; the name is the role's unless given."""
    fields.setdefault("name", NAMES.get(username, username))
    user = User.objects.create_user(username, is_staff=bool(set(roles) & STAFF_ROLES), **fields)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


hypothesis.settings.register_profile("nightly", derandomize=False, print_blob=True)


def pytest_configure():
    """Every test empties the page cache: processes side by side have a Redis database each, the queue another."""
    if settings.REDIS_URL:
        place = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 15
        settings.CACHES["pages"]["LOCATION"] = f"{settings.REDIS_URL.rpartition('/')[0]}/{place + 1}"


def pytest_collection_modifyitems(items):
    """Without PostgreSQL or Redis their tests are skipped, and say so; what looks at pages can be left out (``.ci/run``)."""
    absent = {"postgres": connection.vendor != "postgresql", "redis": not settings.REDIS_URL}
    for item in items:
        if "http" in item.fixturenames:
            item.add_marker(pytest.mark.page)
        if "guards" in item.path.name or item.path.parent.name in ("invariants", "races"):
            item.add_marker(pytest.mark.base)
        for name in (name for name, away in absent.items() if away and name in item.keywords):
            item.add_marker(pytest.mark.skip(reason=f"needs {name}"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """``serialized_rollback`` writes the first rows anew before each test; histories refuse to be written over."""
    rows = json.loads(getattr(connection, "_test_serialized_contents", "[]"))
    connection._test_serialized_contents = json.dumps([row for row in rows if ".historical" not in row["model"]])


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """What is kept under the number of the newest history row: a test's rollback gives out the numbers again."""
    caches["pages"].clear()
    directory.roll.cache_clear()


@pytest.fixture(autouse=True)
def _asked_queue():
    """A queue that another test found away is asked again."""
    notify.queue.away_until = 0.0


@pytest.fixture(autouse=True)
def _plain_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def stranger(db):
    return person("stranger")


@pytest.fixture
def today():
    """The clock stands at nine in the morning of Monday 2026-03-02, a working day."""
    with clock.at(date(2026, 3, 2)):
        yield date(2026, 3, 2)


def _role_fixture(role):
    def fixture(db):
        return person(role, role)

    return pytest.fixture(name=role)(fixture)


for _role in ROLES:
    globals()[_role] = _role_fixture(_role)


@pytest.fixture
def gateway(settings):
    """What the SMS gateway was given: ``SENT``; what it answers instead, one by one: ``FAILURES``."""
    settings.SMS_BACKEND = "tests.gateway.Gateway"
    yield module
    module.SENT.clear()
    module.FAILURES.clear()


class Browser(Client):
    """A browser without script; it reads what it is sent to the end, as browsers do."""

    def request(self, **request):
        response = super().request(**request)
        if response.streaming:
            response.streaming_content = [b"".join(response.streaming_content)]
        return response


@pytest.fixture
def http():
    return Browser()
