"""The pages of pairings: the centre's and the expert's (Articles 4 and 8(2))."""

import logging
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expertteam import clock
from services.models import Pairing, Service
from tests.conftest import person
from tests.make import make_expert, make_pairing, make_pairing_member, sign_in

CANARY = "鹪鹩鸲"
FOUNDER = {
    "name": "刘小满", "phone": "137 0000 0001", "group": "startup", "enterprise": "晋味面馆", "enterprise_code": "",
    "number": "", "channel": "phone", "commissioned_on": "2026-03-01",
}  # fmt: skip
AGREED = {"goals": "三个月内理顺成本核算", "starts_on": "2026-03-02", "ends_on": "2026-08-31", "cadence_days": "30"}
pytestmark = pytest.mark.usefixtures("db", "today")


def page(name, *args):
    return reverse(f"services:{name}", args=args)


def words(response):
    return response.content.decode()


def contact(pairing, on):
    moment = clock.instant(on, 9)
    return Service.objects.create(
        pairing=pairing, expert=pairing.expert, kind="guidance", started_at=moment, minutes=60, logged_at=moment,
        state="logged", created_by=pairing.expert.user,
    )  # fmt: skip


# The centre's


def test_the_centre_proposes_and_adds_a_second_founder(http, matcher):
    pro = make_expert()
    sign_in(http, matcher)

    proposed = http.post(page("propose_pairing"), FOUNDER | AGREED | {"expert": pro.pk})
    pairing = Pairing.objects.get()
    added = http.post(page("add_member", pairing.pk), FOUNDER | {"phone": "13700000002"}, follow=True)

    assert (proposed.url, pairing.expert, pairing.cadence_days) == (page("pairing", pairing.pk), pro, 30)
    assert ("一对多" in words(added), "137****0002" in words(added)) == (True, True)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"commissioned_on": "2026-03-03"}, "委托日期不能晚于今天"),
        ({"number": "YY26030099"}, "没有这个预约号"),
        ({"enterprise_code": "123"}, "统一社会信用代码"),
        ({"starts_on": "2026-02-01"}, "开始日期不能早于今天"),
        ({"ends_on": "2029-08-31"}, "超出了专家的聘期"),
        ({"goals": ""}, "请填写帮扶目标"),
    ],
    ids=["commission", "number", "code", "past", "term", "goals"],
)
def test_an_impossible_pairing_comes_back_with_what_was_typed(http, matcher, change, told):
    pro = make_expert()
    sign_in(http, matcher)

    response = http.post(page("propose_pairing"), FOUNDER | AGREED | {"expert": pro.pk} | change)

    shown = words(response)
    assert (response.status_code, told in shown, "晋味面馆" in shown) == (422, True, True)
    assert not Pairing.objects.exists()


def test_a_founder_is_released_after_being_asked(http, matcher):
    pairing = make_pairing(members=2)
    member = pairing.members.first()
    sign_in(http, matcher)
    assert "移出刘小满？" in words(http.get(page("release_member", member.pk)))

    http.post(page("release_member", member.pk))

    member.refresh_from_db()
    assert member.left_on == date(2026, 3, 2)
    last = http.post(page("release_member", pairing.members.last().pk))
    assert (last.status_code, "只剩一位" in words(last)) == (422, True)


def test_the_list_puts_what_is_late_before_the_eye(http, matcher):
    make_pairing()
    sign_in(http, matcher)

    with clock.at(date(2026, 4, 1)):
        assert "最晚4月1日" in words(http.get(page("pairings")))
    with clock.at(date(2026, 4, 2)):
        assert "超期，应在4月1日前" in words(http.get(page("pairings")))
        assert "结对联系超期" in words(http.get("/admin/"))


def test_a_pairing_is_closed_with_its_result(http, matcher):
    pairing = make_pairing(outcome="成本核算已理顺")
    contact(pairing, date(2026, 3, 2))
    sign_in(http, matcher)
    assert "成本核算已理顺" in words(http.get(page("close_pairing", pairing.pk)))

    http.post(page("close_pairing", pairing.pk), {"result": "achieved"})

    pairing.refresh_from_db()
    assert (pairing.state, pairing.result) == ("closed", "achieved")
    assert pairing.number[:2] in words(http.get(page("pairings") + "?over"))


@pytest.mark.parametrize(
    ("name", "role", "status"),
    [
        ("pairings", "matcher", 200),
        ("pairings", "inspector", 200),
        ("pairings", "cashier", 403),
        ("propose_pairing", "matcher", 200),
        ("propose_pairing", "leader", 403),
        ("pairing", "matcher", 200),
        ("pairing", "leader", 200),
        ("pairing", "stranger", 404),
        ("add_member", "matcher", 200),
        ("add_member", "leader", 403),
        ("close_pairing", "matcher", 200),
        ("close_pairing", "leader", 403),
        ("close_pairing", "stranger", 404),
        ("call_off_pairing", "reviewer", 403),
    ],
)
def test_each_page_is_for_its_roles(http, name, role, status):
    args = [] if name in ("pairings", "propose_pairing") else [make_pairing().pk]
    sign_in(http, person("reader", role))

    assert http.get(page(name, *args)).status_code == status


def test_4_only_the_centre_reads_who_is_paired_and_every_reading_is_logged(http, matcher, leader, caplog):
    pairing = make_pairing(members=0)
    make_pairing_member(pairing, name=CANARY)
    caplog.set_level(logging.INFO, "services")
    sign_in(http, leader)
    assert CANARY not in words(http.get(page("pairing", pairing.pk)))
    assert "reads the members" not in caplog.text

    sign_in(http, matcher)

    assert CANARY in words(http.get(page("pairing", pairing.pk)))
    assert f"account {matcher.pk} reads the members of pairing {pairing.number}" in caplog.text


@pytest.mark.parametrize("name", ["pairings", "desk"])
def test_lists_cost_the_same_for_one_and_for_many(http, matcher, name):
    pro = make_expert()
    sign_in(http, matcher if name == "pairings" else pro.user)
    address = page("pairings") if name == "pairings" else reverse("experts:desk")
    contact(make_pairing(expert=pro), date(2026, 3, 2))
    http.get(address)
    few = count(http, address)
    for _ in range(3):
        contact(make_pairing(expert=pro, members=2), date(2026, 3, 2))

    assert count(http, address) == few


def count(http, address):
    with CaptureQueriesContext(connection) as queries:
        assert http.get(address).status_code == 200
    return len(queries)


# The expert's


def test_the_expert_accepts_sees_whom_he_helps_and_writes_the_outcome(http):
    pairing = make_pairing(state="proposed")
    sign_in(http, pairing.expert.user)
    before = words(http.get(page("desk_pairing", pairing.pk)))

    after = words(http.post(page("accept_pairing", pairing.pk), follow=True))
    http.post(page("report_outcome", pairing.pk), {"outcome": "账目已理清"})

    pairing.refresh_from_db()
    assert (pairing.state, pairing.outcome) == ("active", "账目已理清")
    assert ("刘小满" in before, "刘小满" in after) == (False, True)
    assert f"{page('log_new')}?pairing={pairing.pk}" in after


def test_4_after_the_close_the_expert_sees_nobody(http):
    pairing = make_pairing(state="closed")
    sign_in(http, pairing.expert.user)

    assert "刘小满" not in words(http.get(page("desk_pairing", pairing.pk)))


def test_the_expert_declines_with_a_reason(http):
    pairing = make_pairing(state="proposed")
    sign_in(http, pairing.expert.user)
    assert http.post(page("decline_pairing", pairing.pk), {"reason": ""}).status_code == 422

    http.post(page("decline_pairing", pairing.pk), {"reason": "近期出差"})

    pairing.refresh_from_db()
    assert (pairing.state, pairing.reason) == ("declined", "近期出差")


def test_the_desk_shows_what_is_due(http):
    pairing = make_pairing()
    sign_in(http, pairing.expert.user)

    with clock.at(date(2026, 4, 2)):
        shown = words(http.get(reverse("experts:desk")))

    assert ("一对一结对" in shown, "联系超期，应在4月1日前" in shown) == (True, True)


@pytest.mark.parametrize("name", ["desk_pairing", "accept_pairing", "decline_pairing", "report_outcome"])
def test_nobody_else_finds_an_experts_pairing_at_the_desk(http, matcher, name):
    pairing = make_pairing()
    for reader in (matcher, make_expert().user, person("stranger")):
        sign_in(http, reader)

        assert http.get(page(name, pairing.pk)).status_code == 404
