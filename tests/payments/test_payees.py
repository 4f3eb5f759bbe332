"""收款人资料: facts of tax and office, the employer's consent, and who cannot be paid as yet (Article 13)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from expertteam import clock
from expertteam.regulation import Refused
from payments import actions, hindered
from payments.models import Payee
from tests.conftest import person
from tests.make import make_appointment, make_bank_account, make_expert, make_user
from tests.payments import pay

FACTS = {"resident": True, "tier": "senior", "official": None}
BASIS = "太原市发改委同意函，2026年2月20日，并发改函〔2026〕8号"
pytestmark = pytest.mark.django_db


@pytest.fixture
def official(cashier):
    """An expert of whom somebody found out that he holds a public office."""
    expert = make_expert()
    actions.record_facts(expert, by=cashier, **FACTS | {"official": True})
    return expert


@pytest.fixture
def of_office():
    """Appointed by Article 5(5): from an office or an institution."""
    return make_expert(category=5)


def sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


# Facts


def test_the_cashier_writes_down_the_facts(cashier):
    expert = make_expert()

    payee = actions.record_facts(expert, by=cashier, resident=False, tier="academician", official=False)
    actions.record_facts(expert, by=cashier, resident=True, tier="senior", official=None)

    payee.refresh_from_db()
    assert (payee.resident, payee.tier, payee.official) == (True, "senior", None)
    entries = payee.history.order_by("pk").values_list("history_user", "history_change_reason", "tier")
    assert list(entries) == [
        (cashier.pk, "记录收款人资料（第13条）", "academician"),
        (cashier.pk, "记录收款人资料（第13条）", "senior"),
    ]


@pytest.mark.parametrize("role", ["intake", "reviewer", "matcher", "inspector", "auditor", "admin", "expert"])
def test_nobody_else_writes_facts(role):
    with pytest.raises(PermissionDenied):
        actions.record_facts(make_expert(), by=person("someone", role), **FACTS)


def test_nobody_writes_his_own_facts(cashier):
    with pytest.raises(Refused, match="与您本人有关"):
        actions.record_facts(make_expert(user=cashier), by=cashier, **FACTS)


def test_who_comes_from_an_office_is_not_written_down_as_none(cashier, of_office):
    with pytest.raises(Refused, match="按公职人员办理"):
        actions.record_facts(of_office, by=cashier, **FACTS | {"official": False})

    assert actions.record_facts(make_expert(), by=cashier, **FACTS | {"official": False}).official is False


# Consent


@pytest.mark.parametrize("whose", ["official", "of_office"])
def test_the_leader_writes_down_the_consent_with_its_basis(request, leader, whose):
    expert = request.getfixturevalue(whose)

    payee = actions.record_consent(expert, by=leader, basis=f" {BASIS} ")

    payee.refresh_from_db()
    assert (payee.consent_basis, payee.consented_by) == (BASIS, leader)
    assert payee.consented_at == clock.now()
    entry = payee.history.first()
    assert (entry.history_user, entry.history_change_reason) == (leader, "登记单位同意（第13条）")


def test_the_leader_takes_it_back(leader, official):
    actions.record_consent(official, by=leader, basis=BASIS)

    payee = actions.withdraw_consent(official, by=leader)

    assert (payee.consent_basis, payee.consented_by, payee.consented_at) == ("", None, None)
    assert payee.history.first().history_change_reason == "撤回单位同意（第13条）"
    with pytest.raises(Refused, match="没有登记过单位同意"):
        actions.withdraw_consent(official, by=leader)


@pytest.mark.parametrize(
    "role", ["intake", "reviewer", "matcher", "inspector", "cashier", "auditor", "admin", "expert"]
)
def test_nobody_else_consents(official, role):
    someone = person("someone", role)

    with pytest.raises(PermissionDenied):
        actions.record_consent(official, by=someone, basis=BASIS)
    with pytest.raises(PermissionDenied):
        actions.withdraw_consent(official, by=someone)


def test_nobody_consents_to_his_own_pay(leader):
    own = make_expert(user=leader, category=5)

    for act in (lambda: actions.record_consent(own, by=leader, basis=BASIS), lambda: withdraw(own, leader)):
        with pytest.raises(Refused, match="与您本人有关"):
            act()


def withdraw(expert, by):
    return actions.withdraw_consent(expert, by=by)


def test_a_consent_has_a_basis_and_somebody_who_needs_it(leader, official):
    with pytest.raises(Refused, match="请写明单位同意的文件"):
        actions.record_consent(official, by=leader, basis="  ")
    with pytest.raises(Refused, match="没有记为公职人员"):
        actions.record_consent(make_expert(), by=leader, basis=BASIS)

    assert not Payee.objects.exclude(consent_basis="").exists()


# What it does to pay


def approved(expert, cashier, auditor):
    pay.account(expert)
    pay.reviewed(expert)
    return pay.approved(cashier, auditor)


@pytest.mark.parametrize("whose", ["official", "of_office"])
def test_no_official_is_paid_without_consent(request, cashier, auditor, leader, whose):
    expert = request.getfixturevalue(whose)

    with pytest.raises(Refused, match="是公职人员，没有登记单位同意，不能付款"):
        approved(expert, cashier, auditor)

    actions.record_consent(expert, by=leader, basis=BASIS)
    pay.confirm_rates()
    batch = pay.Batch.objects.get()
    actions.approve(batch, by=auditor, lines=list(batch.lines.all()), check_note="已核对")
    assert actions.release(batch, by=leader).state == "released"


def test_a_cashier_does_not_lift_the_office_of_5_5(cashier, auditor, of_office):
    """Past the verb: what stands in the row does not count against the appointment."""
    Payee.objects.create(expert=of_office, official=False)

    with pytest.raises(Refused, match="是公职人员"):
        approved(of_office, cashier, auditor)


def test_a_consent_taken_back_stops_the_release(cashier, auditor, leader, official):
    actions.record_consent(official, by=leader, basis=BASIS)
    pay.confirm_rates()
    batch = approved(official, cashier, auditor)
    actions.withdraw_consent(official, by=leader)

    with pytest.raises(Refused, match="没有登记单位同意"):
        actions.release(batch, by=leader)


@pytest.mark.parametrize("whose", ["official", "of_office"])
def test_the_database_releases_no_official_without_consent(request, cashier, auditor, leader, whose):
    expert = request.getfixturevalue(whose)
    actions.record_consent(expert, by=leader, basis=BASIS)
    pay.confirm_rates()
    batch = approved(expert, cashier, auditor)
    payee = actions.withdraw_consent(expert, by=leader)
    release = "UPDATE payments_batch SET state = 'released', released_by_id = %s, released_at = %s, digest = 'x'"
    release += " WHERE id = %s"
    values = (leader.pk, "2026-04-02 02:00:00+00:00", batch.pk)

    with pytest.raises(IntegrityError, match="art13_officials_are_paid_with_consent"):
        sql(release, *values)
    payee.consent_basis, payee.consented_by, payee.consented_at = BASIS, leader, clock.now()
    payee.save()
    assert sql(release, *values) == 1


def test_the_database_lets_nobody_consent_to_his_own_pay(leader, official):
    consent = "UPDATE payments_payee SET consent_basis = 'x', consented_at = '2026-04-02 01:00:00+00:00',"
    consent += " consented_by_id = %s WHERE expert_id = %s"

    with pytest.raises(IntegrityError, match="art13_nobody_consents_to_his_own_pay"):
        sql(consent, official.user_id, official.pk)
    with pytest.raises(IntegrityError, match="art13_consent_has_a_basis_and_an_officer"):
        sql(consent, None, official.pk)
    assert sql(consent, leader.pk, official.pk) == 1


def test_facts_are_never_deleted(official):
    with pytest.raises(IntegrityError, match="art13_payee_is_never_deleted"):
        sql("DELETE FROM payments_payee WHERE expert_id = %s", official.pk)


# Who cannot be paid as yet


def why(user):
    return {expert.no: hindered.reasons(expert) for expert in hindered.hindered(user)}


def test_who_cannot_be_paid_and_why(leader, cashier):
    none, waits, cools, fine, consented = (make_expert() for _ in range(5))
    official, both = make_expert(category=5), make_expert(category=5)
    make_bank_account("entered", expert=waits)
    at = clock.now()
    cooling = {"confirmed_at": at, "usable_from": clock.instant(date(2026, 4, 5), 9)}
    make_bank_account(expert=cools, **cooling)
    for expert in (fine, consented, official):
        make_bank_account(expert=expert)
    actions.record_facts(consented, by=cashier, **FACTS | {"official": True})
    actions.record_consent(consented, by=leader, basis=BASIS)

    assert why(cashier) == {
        none.no: ["没有收款账户"],
        waits.no: ["收款账户待核实"],
        cools.no: ["收款账户在观察期，4月5日 09:00起可用"],
        official.no: ["公职人员，没有登记单位同意"],
        both.no: ["没有收款账户", "公职人员，没有登记单位同意"],
    }


def test_those_to_whom_something_is_owed_come_first_even_out_of_term(cashier):
    first = make_expert()
    owed = make_appointment(first_day=date(2023, 3, 15)).expert  # to 2026-03-14
    past = make_appointment(first_day=date(2023, 3, 15)).expert  # to 2026-03-14
    pay.reviewed(owed, day=date(2026, 3, 10))
    actions.collect()

    assert [expert.no for expert in hindered.hindered(cashier)] == [owed.no, first.no]
    assert hindered.reasons_of(past) == ["没有收款账户"]


def test_nobody_finds_himself_among_them(cashier):
    own = make_expert(user=cashier)

    assert why(cashier) == {}
    assert list(why(make_user())) == [own.no]
