"""Pay of a rehearsal: accounts, a batch a month, the bank's answers, a new circular every summer."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from experts.models import Expert
from expertteam import clock
from expertteam.rehearsal import bank, pay, payees, rates
from payments.models import (
    BankAccount,
    BankResult,
    BankReturn,
    Batch,
    Claim,
    Export,
    Line,
    Payee,
    RateSchedule,
    ReturnRow,
)
from tests.make import make_activity, make_expert, make_service
from tests.rehearsal.lives import bureau, live

pytestmark = pytest.mark.django_db


def worked(*days: date, kind="guidance", **said):
    """Everybody has served an hour on each of these days."""
    return [
        make_service("confirmed", kind=kind, expert=expert, started_at=clock.instant(day, 9 + place), **said)
        for day in days
        for place, expert in enumerate(Expert.objects.serving(clock.today()).order_by("no"))
    ]


def paid_life(until: date, *days: date, experts=4):
    it = bureau(experts, until)
    with clock.at(date(2026, 3, 2)):
        services = worked(*days)
    live(it, *pay.stories(it))
    return it, services


def test_what_was_done_in_a_month_is_paid_in_one_of_the_next():
    it, services = paid_life(date(2026, 7, 31), date(2026, 3, 11), date(2026, 4, 15))

    assert not it.agenda.refused
    owed = Line.objects.filter(live=True, reverses=None, claim__service__in=services)
    paid = owed.filter(batch__state__in=Batch.PAID)
    assert {line.amount for line in paid} == {Decimal("150.00")}
    assert paid.count() >= len(services) - 3
    assert set(Batch.objects.values_list("state", flat=True)) <= {"settled", "dissolved"}
    assert BankResult.objects.filter(paid=True).exists()
    assert set(Export.objects.values_list("kind", flat=True)) == {"bank", "finance", "tax", "people"}


def test_everybody_has_an_account_that_another_has_confirmed_or_none():
    it = bureau(8, date(2026, 6, 30))

    live(it, *payees.stories(it))

    assert not it.agenda.refused
    assert Payee.objects.count() == 8
    assert BankAccount.objects.filter(state="confirmed").count() >= 6
    assert not BankAccount.objects.filter(state="entered").exists()


def test_an_official_has_the_consent_of_his_office():
    it = bureau(0, date(2026, 6, 30))
    from_an_office = [make_expert(category=5) for _ in range(6)]

    live(it, *payees.stories(it))

    consented = Payee.objects.filter(official=True).exclude(consent_basis="")
    assert 0 < consented.count() <= len(from_an_office)


def test_every_summer_a_new_circular_prices_what_had_no_price():
    it = bureau(2, date(2028, 7, 31))
    live(it, *rates.stories(it))

    assert not it.agenda.refused
    ours = RateSchedule.objects.filter(scope="guidance", state="confirmed").order_by("effective_from")
    assert [each.effective_from for each in ours] == [date(2026, 2, 1), date(2027, 7, 1), date(2028, 7, 1)]
    amounts = [each.rates.get(kind="training").amount for each in ours]
    assert amounts == [None, Decimal("300.00"), Decimal("320.00")]
    assert [each.document_number for each in RateSchedule.objects.filter(state="dropped")] == ["演练[2027〕27号"]


def test_what_is_paid_within_a_range_is_agreed_before_the_batch_is_made():
    it = bureau(1, date(2027, 8, 6))
    contest = make_activity("held", kind="contest")
    with clock.at(date(2026, 3, 2)):
        (judged,) = worked(date(2027, 7, 14), kind="activity", activity=contest)

    live(it, *pay.stories(it))

    claim = Claim.objects.get(service=judged)
    assert claim.agreed in pay.WITHIN
    assert claim.lines.get().amount == claim.agreed


def test_a_file_read_too_soon_is_given_up_and_read_once_more(monkeypatch):
    monkeypatch.setattr(bank, "TOO_SOON", 1)

    it, _ = paid_life(date(2026, 6, 30), date(2026, 3, 11))

    assert not it.agenda.refused
    read = Counter(BankReturn.objects.values_list("state", flat=True))
    assert read["discarded"] == read["applied"] > 0


def test_the_year_leaves_the_house_in_january():
    paid_life(date(2027, 1, 15), date(2026, 3, 11))

    assert Export.objects.filter(kind="year", period="2026").exists()


def test_a_row_that_is_none_of_ours_is_cleared_by_another():
    it, _ = paid_life(date(2026, 6, 30), date(2026, 3, 11))
    batch = Batch.objects.filter(state="settled").first()

    with clock.at(date(2026, 6, 30)):
        story = bank.taken_over(it, batch, [("往来款1", "", Decimal("96.00"), "成功", "")])
        for moment in story:
            at = moment
    assert at
    assert not ReturnRow.objects.suspended().exists()
    assert ReturnRow.objects.get(reference="往来款1").cleared_by == it.accounts["auditor"]


def test_what_came_back_after_all_is_owed_again():
    it, _ = paid_life(date(2026, 6, 30), date(2026, 3, 11))
    payout = BankResult.objects.filter(paid=True, payout__batch__state="settled").first().payout

    row = (payout.reference, payout.account.holder, payout.amount, "退回", bank.BACK)
    with clock.at(date(2026, 6, 30)):
        for _ in bank.taken_over(it, payout.batch, [row]):
            pass

    payout.result.refresh_from_db()
    assert not payout.result.paid
    again = Line.objects.waiting().filter(claim__expert=payout.expert)
    assert sum(line.amount for line in again) == payout.gross


def test_the_unpriced_wait_for_their_circular():
    it = bureau(2, date(2026, 5, 29))
    with clock.at(date(2026, 3, 2)):
        worked(date(2026, 3, 11), kind="technical")

    live(it, *pay.stories(it))

    assert set(Claim.objects.values_list("why_not", flat=True)) == {"unpriced"}
