"""The registers of activities and pairings: who opens them, and that nobody who comes or is paired is in them (Article 4)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import person
from tests.make import make_activity_role, make_pairing, make_pairing_member, make_sign_up, sign_in

pytestmark = pytest.mark.usefixtures("db", "today")
SEEING = {"intake", "reviewer", "leader", "matcher", "inspector"}
REGISTERS = {
    "activity": SEEING, "activityrole": SEEING, "pairing": SEEING,
    "signup": {"intake", "matcher"}, "pairingmember": {"matcher"},
}  # fmt: skip
CONFIDED = ["鹪鹩鸲", "13512345678", "三个月内理顺", "账目已理清", "近期出差"]


def register(name, view="changelist", *args):
    return reverse(f"admin:services_{name}_{view}", args=args)


def add_one_of_each():
    role = make_activity_role(reason="近期出差")
    pairing = make_pairing(outcome="账目已理清", reason="近期出差", members=0)
    said = {"name": "鹪鹩鸲", "phone": "13512345678"}
    return {
        "activity": role.activity,
        "activityrole": role,
        "signup": make_sign_up(activity=role.activity, **said),
        "pairing": pairing,
        "pairingmember": make_pairing_member(pairing, **said),
    }


@pytest.mark.parametrize("role", [*sorted(SEEING), "cashier", "admin"])
def test_a_register_opens_for_whom_it_should(http, role):
    sign_in(http, person(role, role))

    found = {name: http.get(register(name)).status_code for name in REGISTERS}

    assert found == {name: 200 if role in who else 403 for name, who in REGISTERS.items()}


def test_nothing_confided_is_in_a_register(http, matcher):
    records = add_one_of_each()
    sign_in(http, matcher)

    pages = [http.get(register(name)) for name in REGISTERS]
    pages += [
        http.get(register(name, view, each.pk)) for name, each in records.items() for view in ("change", "history")
    ]

    shown = "".join(page.content.decode() for page in pages)
    assert {page.status_code for page in pages} == {200}
    assert [words for words in CONFIDED if words in shown] == []


@pytest.mark.parametrize("name", REGISTERS)
def test_a_register_costs_the_same_for_one_and_for_many(http, matcher, name):
    sign_in(http, matcher)
    add_one_of_each()
    few = count(http, name)
    for _ in range(2):
        add_one_of_each()

    assert count(http, name) == few


def count(http, name):
    with CaptureQueriesContext(connection) as queries:
        assert http.get(register(name)).status_code == 200
    return len(queries)
