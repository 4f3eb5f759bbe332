"""Builders for pay: work that was done, who is paid, batches on their way; figures stand in the tests."""

from datetime import date, timedelta

from expertteam import clock
from payments import actions
from payments.models import BankAccount, Batch, Claim, Line, RateSchedule
from tests import make
from tests.payments import bank

CARD = "6222020502001234567"


def confirm_rates(by=None):
    """The bureau has looked at the rates that the portal brings along."""
    by = by or make.make_user()
    for schedule in RateSchedule.objects.filter(state="provisional"):
        make.make_schedule_file(schedule)
        schedule.state, schedule.confirmed_by, schedule.confirmed_at = "confirmed", by, clock.now()
        schedule.save()


def reviewed(expert=None, *, day=date(2026, 3, 10), hour=9, minutes=240):
    """A member's review, on record as publishing the result writes it."""
    seat = make.make_seat(state="signed", **{"expert": expert} if expert else {})
    return make.make_service(
        state="confirmed", kind="review", seat=seat, expert=seat.expert, started_at=clock.instant(day, hour),
        minutes=minutes, confirmed_via="review",
    )  # fmt: skip


def account(expert, **fields):
    """A checked account that has cooled."""
    at = clock.now() - timedelta(days=30)
    checked = {
        "holder": expert.user.name, "bank": "中国工商银行", "branch": "太原迎泽支行", "number": CARD, "tail": CARD[-4:],
        "entered_by": expert.user, "confirmed_by": make.make_user(), "confirmed_at": at,
        "usable_from": at + timedelta(days=3),
    }  # fmt: skip
    return BankAccount.objects.create(expert=expert, state="confirmed", **checked | fields)


def line_of(service) -> Line:
    """The line that stands for this service."""
    return Line.objects.live().get(claim__service=service)


def claim_of(service) -> Claim:
    return Claim.objects.get(service=service)


def submitted(cashier, until=date(2026, 3, 31)) -> Batch:
    """All that is owed, in a batch that waits to be checked."""
    actions.collect()
    batch = actions.make(by=cashier, title="2026年3月报酬", until=until)
    return actions.submit(batch, by=cashier)


def approved(cashier, auditor) -> Batch:
    batch = submitted(cashier)
    return actions.approve(batch, by=auditor, lines=list(batch.lines.all()), check_note="已逐笔核对")


def released(cashier, auditor, leader) -> Batch:
    confirm_rates()
    return actions.release(approved(cashier, auditor), by=leader)


def answered(payout, by, paid=True, words=""):
    """What the bank says of it on 2026-04-03, read and taken over."""
    told = bank.file([bank.row(payout, "成功" if paid else "失败", words)])
    actions.apply(actions.check_return(told, by=by), by=by)
