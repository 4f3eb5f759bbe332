"""The people every test knows, with the real roles; client and stranger have none that opens anything."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from expertteam import clock
from expertteam.models import ROLES, STAFF_ROLES, User

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


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


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
def http():
    """A browser without script."""
    return Client()
