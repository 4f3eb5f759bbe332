"""From confirmed work to money that the bank is told to send (Article 13)."""

from datetime import date
from decimal import Decimal

import pytest

from expertteam.regulation import Refused
from payments import actions
from payments.models import Claim, Line, Payout
from tests import make
from tests.payments import pay

pytestmark = pytest.mark.django_db


def test_a_month_becomes_one_payout(cashier, auditor, leader):
    expert = make.make_expert()
    pay.account(expert)
    pay.reviewed(expert, day=date(2026, 3, 10), minutes=240)
    pay.reviewed(expert, day=date(2026, 3, 11), minutes=420)

    batch = pay.released(cashier, auditor, leader)

    payout = Payout.objects.get(batch=batch)
    assert [str(line.amount) for line in batch.lines.all()] == ["500.00", "800.00"]
    assert (str(payout.gross), str(payout.tax), str(payout.amount)) == ("1300.00", "100.00", "1200.00")
    assert len(payout.reference) == 20
    assert set(actions.totals(batch).values()) == {Decimal("1300.00"), Decimal("1200.00")}


def test_what_has_no_rate_is_claimed_and_says_why(cashier):
    service = make.make_service(state="confirmed", confirmed_via="link")

    actions.collect()

    assert pay.claim_of(service).why_not == Claim.WhyNot.UNPRICED
    assert not Line.objects.exists()


def test_a_second_time_collects_nothing(cashier):
    pay.reviewed()

    done = [actions.collect().done, actions.collect().done]

    assert done == [1, 0]


def test_the_maker_does_not_check(cashier, auditor):
    expert = make.make_expert()
    pay.account(expert)
    pay.reviewed(expert)
    batch = pay.submitted(cashier)
    auditor.groups.add(*cashier.groups.all())
    cashier.groups.add(*auditor.groups.all())

    with pytest.raises(Refused, match="不能是同一人"):
        actions.approve(batch, by=type(cashier).objects.get(pk=cashier.pk), lines=list(batch.lines.all()))


def test_a_correction_of_paid_money_is_set_off_in_the_next_batch(cashier, auditor, leader):
    expert = make.make_expert()
    pay.account(expert)
    service = pay.reviewed(expert, minutes=240)
    actions.collect()
    correction = actions.propose_correction(pay.line_of(service), by=cashier, reason="签到早了一小时", minutes=180)

    actions.sign(correction, by=auditor)

    assert [str(line.amount) for line in pay.claim_of(service).lines.order_by("pk")] == ["500.00", "-500.00", "400.00"]
    assert [str(line.amount) for line in Line.objects.waiting()] == ["400.00"]
