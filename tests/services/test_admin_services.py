"""The registers of the services: who opens them, and that nothing confided is in them (Article 4)."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expertteam import clock
from services import actions
from services.models import Reading
from tests.conftest import person
from tests.make import make_engagement, make_expert, make_offer, make_request, make_service, sign_in

pytestmark = pytest.mark.usefixtures("today")
PHONE = "13512345678"
SEEING = {"intake", "reviewer", "leader", "matcher", "inspector"}
REGISTERS = {
    "servicerequest": SEEING, "offer": SEEING, "service": SEEING, "engagement": SEEING, "call": SEEING,
    "reading": {"leader", "inspector"},
}  # fmt: skip
CONFIDED = ["配方能不能申请专利", "迎泽大街1号", PHONE, "刘小满", "讲了贷款条件", "先办执照", "那天家里有事"]


def register(name, view="changelist", *args):
    return reverse(f"admin:services_{name}_{view}", args=args)


def add_one_of_each(number=1):
    request = make_request(phone=PHONE, question="配方能不能申请专利？", address="迎泽大街1号", place="visit")
    service = make_service(phone=PHONE, summary="讲了贷款条件", advice="先办执照")
    offer = make_offer("declined", request=request, reason="那天家里有事")
    make_engagement(make_expert(), clock.instant(date(2026, 3, number), 9))
    actions.spoke(offer.expert.user, "通话", request=request)
    Reading.objects.create(request=request, reader=offer.expert.user, why="匹配专家")
    return {"servicerequest": request, "service": service, "offer": offer}


@pytest.mark.parametrize("role", [*sorted(SEEING), "cashier", "auditor", "admin"])
def test_a_register_opens_for_whom_it_should(role, db, http):
    sign_in(http, person(role, role))

    found = {name: http.get(register(name)).status_code for name in REGISTERS}

    assert found == {name: 200 if role in who else 403 for name, who in REGISTERS.items()}


def test_nothing_confided_is_in_a_register(inspector, http):
    records = add_one_of_each()
    sign_in(http, inspector)

    shown = "".join(http.get(register(name)).content.decode() for name in REGISTERS)
    shown += "".join(
        http.get(register(name, view, record.pk)).content.decode()
        for name, record in records.items()
        for view in ("change", "history")
    )

    assert [words for words in CONFIDED if words in shown] == []
    assert ("刘**" in shown, "135****5678" in shown) == (True, True)


def test_nothing_is_written_in_a_register(inspector, http):
    records = add_one_of_each()
    sign_in(http, inspector)

    answers = {http.get(register(name, "add")).status_code for name in REGISTERS}
    answers |= {http.post(register(name, "delete", record.pk)).status_code for name, record in records.items()}
    answers |= {
        http.post(register(name, "change", record.pk), {"note": "x"}).status_code for name, record in records.items()
    }

    assert answers == {403}


def test_a_draft_is_in_no_register(inspector, http):
    draft = make_service("draft")
    sign_in(http, inspector)

    assert http.get(register("service", "change", draft.pk)).status_code == 302
    assert "0 服务记录" in http.get(register("service")).content.decode()


@pytest.mark.parametrize("name", REGISTERS)
def test_a_register_costs_the_same_for_three_rows_as_for_one(name, inspector, http):
    sign_in(http, inspector)
    add_one_of_each(1)
    http.get(register(name))
    with CaptureQueriesContext(connection) as one:
        http.get(register(name))
    add_one_of_each(2)
    add_one_of_each(3)

    with CaptureQueriesContext(connection) as three:
        http.get(register(name))

    assert len(three) == len(one)
