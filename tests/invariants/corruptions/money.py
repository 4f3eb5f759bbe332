"""Pay (Article 13)."""

from datetime import date

from expertteam import clock
from payments.models import RateSchedule
from tests import make
from tests.invariants import past
from tests.invariants.lawless import Case, copied, put

MINUS = {"live": False, "batch_id": None}


def schedule(scope):
    return RateSchedule.objects.get(scope=scope)


def reversal(amount, **values):
    return lambda it: copied(it.line, reverses_id=it.line.pk, amount=amount, **MINUS | values)


CASES = [
    Case("I21.once", past.paid, lambda it: copied(it.line)),
    Case("I21.once", past.paid, lambda it: copied(it.claim)),
    Case("I21.paid_once", past.paid, lambda it: copied(it.line, live=False)),
    Case("I21.paid_once", past.paid, lambda it: copied(it.line, live=False, replaces_id=it.line.pk)),
    Case("I21.schedule", past.paid, lambda it: put(it.line, rate_id=schedule("guidance").rates.first().pk)),
    Case("I21.schedule", past.paid, lambda it: put(schedule("review"), effective_from=date(2026, 3, 11))),
    Case("I21.chain", past.paid, lambda it: put(schedule("guidance"), supersedes_id=it.line.schedule_id)),
    Case("I21.chain", past.paid, lambda it: copied(schedule("review"))),
    Case("I22.reversal", past.paid, reversal("-499.99")),
    Case("I22.reversal", past.paid, reversal("-500.00")),
    Case("I23.people", past.paid, lambda it: put(it.batch, released_by_id=it.batch.made_by_id)),
    Case("I23.people", past.paid, lambda it: put(it.account, confirmed_by_id=it.batch.checked_by_id)),
    Case("I23.people", past.paid, lambda it: put(it.batch, made_by_id=it.expert.user_id)),
    Case("I23.account", past.paid, lambda it: put(
        it.payout, account_id=make.make_bank_account(expert=make.make_expert()).pk)),
    Case("I23.account", past.paid, lambda it: put(it.account, usable_from=clock.instant(date(2026, 4, 3)))),
    Case("I24.sums", past.paid, lambda it: put(it.batch, gross="500.01", paid_out="500.01")),
    Case("I24.sums", past.paid, lambda it: put(it.payout, gross="500.02")),
    Case("I24.file", past.paid, lambda it: put(it.account, number="6222020502007654321")),
    Case("I24.file", past.paid, lambda it: put(it.payout, amount="499.99")),
    Case("I24.file", past.paid, lambda it: put(it.batch, digest="0" * 64)),
    Case("I24.references", past.settled, lambda it: put(it.payout, amount="499.00")),
    Case("I24.references", past.settled, lambda it: copied(it.payout)),
    Case("I24.references", past.settled, lambda it: put(it.payout.result, paid=False)),
    Case("I25.work", past.paid, lambda it: put(it.service, state="rejected")),
    Case("I25.work", past.paid, lambda it: put(it.expert.appointments.get(), void_from=date(2026, 3, 10))),
]  # fmt: skip
