"""An officer leaves: what hangs on him is handed over or left with a reason, and his way in ends at once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from guardian.shortcuts import assign_perm

from evaluations.models import Dismissal
from expertteam import actions, clock, departures, enrolment
from expertteam.models import AccountChange, Notification, RoleGrant, User
from expertteam.regulation import Refused
from services.models import Link, ServiceRequestGrant
from tests import make
from tests.conftest import person
from tests.expertteam.accounts import SECRET, browser

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def officer(admin, inspector):
    """孙受理, in office by a grant, with an open case in his hands."""
    user = person("sun", name="孙受理", phone="13800000001", phone_verified=True, password=SECRET)
    actions.confirm(actions.propose(user, by=admin, role="intake"), by=inspector)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def colleague():
    return person("qian", "intake", name="钱接手")


@pytest.fixture
def case(officer):
    return make.make_dismissal("examining", handler=officer)


def leave(officer, admin, takers=(), **said):
    return departures.leave(officer, by=admin, takers=dict(takers), **{"reason": "调离"} | said)


def page(officer):
    return f"/admin/people/{officer.pk}/leave/"


# What hangs on a person


def test_cases_in_his_hands_are_handed_to_the_one_named(officer, colleague, case, admin):
    left = leave(officer, admin, {case.pk: colleague})

    case.refresh_from_db()
    last = case.history.first()
    closed = User.objects.get(pk=officer.pk)
    assert (left, case.handler, case.state) == ([], colleague, "examining")
    assert (last.history_user, last.history_change_reason) == (admin, "移交承办（第12条）")
    assert case.history.order_by("history_id")[1].handler == officer  # who took it up stays on record
    assert not closed.is_active
    assert closed.history.first().history_change_reason == "停用账号：调离，移交1件，留下0件"
    assert "原由孙受理承办" in Notification.objects.get(to=colleague, channel="inapp").body


def test_what_is_left_needs_an_emergency_and_then_waits_on_today(officer, colleague, case, admin, intake):
    with pytest.raises(Refused, match="还有1件没有交接"):
        leave(officer, admin)
    still_in = User.objects.get(pk=officer.pk).is_active
    before = departures.queue(intake)

    left = leave(officer, admin, emergency=True, reason="账号可能被盗用")

    shown = browser(intake).get("/admin/?kind=待接手")
    assert still_in
    assert before == []
    assert [work.number for work in left] == [case.number]
    assert "承办人孙受理已离岗" in shown.text
    assert f"/admin/dismissals/{case.pk}/hand_on/" in shown.text
    assert "紧急，账号可能被盗用" in User.objects.get(pk=officer.pk).history.first().history_change_reason


def test_nothing_open_needs_no_hand_over(officer, admin):
    done = make.make_dismissal("dropped", handler=officer)

    assert leave(officer, admin) == []
    done.refresh_from_db()
    assert done.handler == officer


def test_role_taken_back_leaves_his_cases_to_his_colleagues(officer, case, admin, intake):
    """Whoever changes his role is as gone from the case as who leaves the house."""
    actions.revoke(RoleGrant.objects.get(user=officer, role="intake"), by=admin)

    assert [row.number for lot in departures.queue(intake) for row in lot.rows] == [case.number]


@pytest.mark.parametrize(
    ("field", "words"),
    [("weighed_by", "复核或决定过"), ("handler", "已经是承办人"), ("nobody", "没有承办解聘案件的岗位")],
)
def test_who_is_barred_by_his_own_step_does_not_get_the_case(officer, colleague, admin, field, words):
    case = make.make_dismissal("weighed", handler=officer)
    taker = {"weighed_by": case.weighed_by, "handler": officer, "nobody": person("zhao", "cashier")}[field]
    actions.settle(taker.pk, None, given="intake") if field == "weighed_by" else None

    with pytest.raises(Refused, match=words):
        leave(officer, admin, {case.pk: taker})

    case.refresh_from_db()
    assert case.handler == officer
    assert User.objects.get(pk=officer.pk).is_active


def test_the_expert_in_question_does_not_get_his_own_case(officer, admin):
    case = make.make_dismissal("examining", handler=officer)
    actions.settle(case.expert.user_id, None, given="intake")

    with pytest.raises(Refused, match="与他本人有关"):
        leave(officer, admin, {case.pk: User.objects.get(pk=case.expert.user_id)})


def test_of_two_cases_one_refused_takes_back_both(officer, colleague, admin):
    first, second = (make.make_dismissal("examining", handler=officer) for _ in range(2))

    with pytest.raises(Refused):
        leave(officer, admin, {first.pk: colleague, second.pk: officer})

    assert set(Dismissal.objects.values_list("handler", flat=True)) == {officer.pk}


def test_what_only_he_can_give_is_listed_with_the_way_on(officer, admin):
    """Secrets and signatures of a draw are nobody else's; who took part in it is never rewritten."""
    draw = make.make_draw("fixed", operator=officer)
    make.make_panel("signing", inspector=officer)

    ways = {work.number: work.way for work in departures.open_work(officer)}
    with pytest.raises(Refused, match="还有2件"):
        leave(officer, admin)
    leave(officer, admin, emergency=True)

    draw.refresh_from_db()
    assert "由同事提出作废" in ways[draw.draw_id]
    assert draw.operator == officer


# At once


def test_closed_account_is_out_with_its_next_request(officer, admin):
    there = browser(officer)
    inside = there.get("/accounts/").status_code

    leave(officer, admin)

    assert inside == 200
    assert there.get("/accounts/").url.startswith("/accounts/login/")
    assert Client().post("/accounts/login/", {"login": "sun", "password": SECRET}).url == "/accounts/inactive/"


def test_control_another_stays_inside(officer, admin, intake):
    there = browser(intake)

    leave(officer, admin)

    assert there.get("/accounts/").status_code == 200


def test_closing_needs_neither_redis_nor_queue(officer, admin, settings):
    dead = {"BACKEND": "expertteam.caches.FailOpenRedisCache", "LOCATION": "redis://127.0.0.1:1"}
    settings.CACHES = settings.CACHES | {"pages": dead}
    there = browser(officer)
    there.get("/accounts/")

    leave(officer, admin)

    assert there.get("/accounts/").url.startswith("/accounts/login/")


def test_roles_grants_codes_links_and_changes_go_in_the_same_act(officer, admin):
    expert = make.make_expert()
    offer = make.make_offer("accepted", expert=expert)
    other = make.make_offer("offered")
    assign_perm("services.read_servicerequest", expert.user, offer.request)
    token = Link.issue(Link.Purpose.TASK, timedelta(days=3), offer=offer)
    kept = Link.issue(Link.Purpose.TASK, timedelta(days=3), offer=other)
    change = make.make_account_change("cooling", user=expert.user, effective_at=clock.now() + timedelta(days=3))
    with transaction.atomic():
        code = enrolment.issue(expert.user_id)

    leave(expert.user, admin, emergency=True)

    change.refresh_from_db()
    assert not ServiceRequestGrant.objects.exists()
    assert not enrolment.redeem(expert.user_id, code)
    assert not Link.objects.holding(token, Link.Purpose.TASK).exists()
    assert Link.objects.holding(kept, Link.Purpose.TASK).exists()
    assert (change.state, change.stop_note) == ("stopped", "账号已停用")


def test_expert_in_term_keeps_his_account_unless_it_is_an_emergency(admin):
    expert = make.make_expert()

    with pytest.raises(Refused, match="还有1件"):
        leave(expert.user, admin)
    assert leave(expert.user, admin, emergency=True)[0].what == "聘期内的专家"


def test_roles_are_gone_and_on_record(officer, admin):
    leave(officer, admin)

    closed = User.objects.get(pk=officer.pk)
    grant = RoleGrant.objects.get(user=officer)
    assert (closed.is_staff, closed.groups.count(), grant.state) == (False, 0, "revoked")
    assert grant.history.first().history_user == admin


def test_a_role_that_no_grant_stands_behind_is_gone_as_well(admin, cashier):
    leave(cashier, admin)

    closed = User.objects.get(pk=cashier.pk)
    assert (closed.is_staff, closed.groups.count()) == (False, 0)


# Who


def test_nobody_closes_his_own_account(admin):
    with pytest.raises(Refused, match="与您本人有关"):
        leave(admin, admin)
    assert User.objects.get(pk=admin.pk).is_active


def test_of_two_who_close_each_other_the_second_comes_too_late(admin):
    other = person("other", "admin")
    assert other.has_perm(departures.CLOSE)  # asked a moment ago, and still known

    leave(other, admin)

    with pytest.raises(PermissionDenied):
        leave(admin, other)
    assert User.objects.get(pk=admin.pk).is_active


@pytest.mark.parametrize("role", ["intake", "inspector", "leader", "client"])
def test_only_the_administrator_closes(officer, role):
    with pytest.raises(PermissionDenied):
        leave(officer, person("someone", role))


def test_closed_once(officer, admin):
    leave(officer, admin)

    with pytest.raises(Refused, match="已停用"):
        leave(User.objects.get(pk=officer.pk), admin)


# The page


def test_page_lists_says_who_cannot_and_closes(officer, colleague, case, admin):
    barred = make.make_dismissal("weighed", handler=officer)
    actions.settle(barred.weighed_by_id, None, given="intake")
    desk, weigher = browser(admin), barred.weighed_by

    seen = desk.get(page(officer))
    form = {"to": weigher.pk, "why": "left", "reason": "调离"}
    refused = desk.post(page(officer), form)
    done = desk.post(page(officer), form | {f"to_{barred.pk}": colleague.pk})

    case.refresh_from_db()
    barred.refresh_from_db()
    assert case.number in seen.text
    assert "李审核不能接：复核或决定过这件案件" in seen.text
    assert refused.status_code == 422
    assert "请另选一位" in refused.text
    assert done.url == f"/admin/expertteam/user/{officer.pk}/change/"
    assert (case.handler, barred.handler) == (weigher, colleague)


def test_page_warns_of_the_last_of_a_role(officer, admin):
    desk = browser(admin)

    alone = desk.get(page(officer)).text
    person("qian", "intake")

    assert "他是最后一位受理初审" in alone
    assert "他是最后一位" not in desk.get(page(officer)).text


@pytest.mark.parametrize(("role", "status"), [("inspector", 403), ("intake", 403), ("client", 403)])
def test_page_is_the_administrators(officer, role, status):
    assert browser(person("someone", role)).get(page(officer)).status_code == status


def test_colleague_takes_over_on_the_page_of_the_case(officer, case, admin, intake, colleague):
    leave(officer, admin, emergency=True)
    there = browser(intake)

    there.post(f"/admin/dismissals/{case.pk}/hand_on/", {"to": colleague.pk})

    case.refresh_from_db()
    assert case.handler == colleague
    assert AccountChange.objects.count() == 0
