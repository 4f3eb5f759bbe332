"""报酬批次: one makes it, another checks it, a third releases it; then nothing in it changes (Article 13)."""

from collections.abc import Collection
from datetime import date
from functools import partial

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from expertteam import clock
from expertteam.models import User
from expertteam.numbering import monthly
from expertteam.regulation import Refused, article
from expertteam.workflow import may, transition
from payments import bank_file, messages
from payments.actions.collect import hold
from payments.checking import Looked, look
from payments.models import Batch, Line, Payout
from payments.money import Total
from payments.payouts import month_of, work_out

State = Batch.State
FIGURES = ("reference", "expert_id", "income", "account_id", "resident", "before", "gross", "vat", "surcharges")
FIGURES += ("tax", "amount")
MAKE, MADE = "payments.make_batch", "编制批次（第13条）"


@article("13")
@transaction.atomic
def make(*, by: User, title: str, until: date) -> Batch:
    """编制批次: all that is owed for services up to that day, and what is to be set off, in a new batch."""
    if not may(by, MAKE):
        raise PermissionDenied(MAKE)
    hold()
    waiting = Line.objects.ready().filter(claim__day__lte=until).exclude(claim__expert__user=by)
    if not waiting.exists():
        raise Refused("这一天以前没有待发放的报酬", "13")
    batch = Batch(
        number=monthly("BC", "batch"), title=title, until=until, made_by=by, made_at=clock.now(),
        payer=settings.SITE["payer"], payer_code=settings.SITE["payer_code"],
    )  # fmt: skip
    batch._history_user, batch._change_reason = by, MADE
    batch.save()
    waiting.update(batch=batch)
    return batch


@transition(Batch, source=[State.DRAFT], target=None, article="13")
def take_out(batch, *, by, lines):
    """移出所选"""
    not_checked_before(batch, by)
    batch.lines.filter(pk__in=[line.pk for line in lines]).update(batch=None)


@transition(Batch, source=[State.DRAFT], target=State.SUBMITTED, article="13")
def submit(batch, *, by):
    """提交复核"""
    not_checked_before(batch, by)
    if not batch.lines.exists():
        raise Refused("批次里没有明细，可以撤销这个批次", "13")
    batch.made_by, batch.words = by, ""
    return partial(messages.submitted, batch)


@transition(Batch, source=[State.SUBMITTED], target=State.DRAFT, article="13")
def send_back(batch, *, by, words):
    """退回给制表人"""
    apart(batch, by)
    batch.words = words
    return partial(messages.sent_back, batch)


@transition(Batch, source=[State.DRAFT], target=State.DISSOLVED, article="13")
def dissolve(batch, *, by):
    """撤销批次"""
    batch.lines.update(batch=None)


@transition(Batch, source=[State.SUBMITTED], target=State.APPROVED, article="13")
def approve(batch, *, by, lines: Collection[Line], check_note=""):
    """复核通过所选"""
    apart(batch, by)
    hold()
    chosen = list(batch.lines.filter(pk__in=[line.pk for line in lines]).told())
    looked = look(chosen)
    check_doubts(looked, check_note)
    check_set_off(batch, chosen)
    check_changers([each.account for each in looked], makers(batch) | {by.pk})
    today = clock.today()
    payouts, left = work_out(batch, chosen, month_of(today))
    if not payouts:
        raise Refused("所选里没有可以发放的，抵扣后都不足", "13")
    paid = {line.pk for line in chosen} - {line.pk for line in left}
    batch.lines.exclude(pk__in=paid).update(batch=None)
    Payout.objects.bulk_create(payouts)
    add_up(batch, payouts)
    batch.paid_in, batch.check_note, batch.words = month_of(today), check_note, ""
    batch.checked_by, batch.checked_at = by, clock.now()
    return partial(messages.approved, batch)


def who_did(batch: Batch, *reasons: str) -> set[int]:
    """Who ever did one of these with the batch, also before it was sent back."""
    return set(batch.history.filter(history_change_reason__in=reasons).values_list("history_user", flat=True))


def makers(batch: Batch) -> set[int]:
    """Whoever chose what is in it or brought it forward has made it, whoever else did so later."""
    return {batch.made_by_id} | who_did(batch, MADE, take_out.reason, submit.reason)


def apart(batch: Batch, by: User):
    if by.pk in makers(batch):
        raise Refused("制表人和复核人不能是同一人", "13")


def not_checked_before(batch: Batch, by: User):
    if by.pk in who_did(batch, approve.reason):
        raise Refused("您复核过这个批次，应由他人编制", "13")


def check_doubts(looked: list[Looked], note: str):
    """What cannot be paid is not chosen; what is doubtful has been looked at."""
    for each in looked:
        if stop := next((doubt for doubt in each.doubts if doubt.hard), None):
            raise Refused(f"{stop.words}。这一笔不能发放，请先不选", "13")
    doubtful = sum(bool(each.doubts) for each in looked)
    if doubtful and not note:
        raise Refused(f"所选里有{doubtful}笔要确认，请在复核说明里写明怎样核对的", "13")


def to_set_off(lines: Collection[Line]) -> QuerySet[Line]:
    """What the people of these lines were paid too much and has not been set off yet, wherever it stands."""
    people = {line.claim.expert_id for line in lines}
    back = Line.objects.filter(reverses__batch__isnull=False, claim__expert__in=people, amount__lt=0)
    return back.exclude(batch__state__in=Batch.PAID).told()


def check_set_off(batch: Batch, chosen: list[Line], elsewhere="请先不选他的"):
    """Nobody is paid while what he was paid too much is left out, for whatever day, or put into another batch."""
    whom = {(line.claim.expert_id, line.claim.income) for line in chosen}
    for line in to_set_off(chosen).exclude(pk__in=[line.pk for line in chosen]):
        if (line.claim.expert_id, line.claim.income) in whom:
            way = "请和应发的一起选" if line.batch_id == batch.pk else f"不在这个批次里，{elsewhere}"
            raise Refused(f"{line.claim.expert}有{-line.amount:,.2f}元要抵扣，{way}", "13")


def check_changers(accounts, people: set[int]):
    """Nobody who entered or confirmed an account pays into it."""
    for account in accounts:
        if people & {account.entered_by_id, account.confirmed_by_id}:
            raise Refused(f"{account.expert}的收款账户由您或制表人办理过，应由他人办理这个批次", "13")


def add_up(batch: Batch, payouts: list[Payout]):
    """The sums of the batch, from its payouts."""
    batch.gross = sum(each.gross for each in payouts)
    batch.paid_out = sum(each.amount for each in payouts)
    batch.tax = sum(each.tax + each.vat + each.surcharges for each in payouts)


@transition(Batch, source=[State.APPROVED], target=State.DRAFT, article="13")
def hold_back(batch, *, by, words):
    """退回重新编制"""
    not_checker(batch, by)
    batch.payouts.all().delete()
    batch.gross = batch.tax = batch.paid_out = batch.paid_in = batch.checked_by = batch.checked_at = None
    batch.words, batch.check_note = words, ""
    return partial(messages.sent_back, batch)


def not_checker(batch: Batch, by: User):
    if by.pk == batch.checked_by_id:
        raise Refused("复核人不能自己退回，应由发放人办理", "13")


@transition(Batch, source=[State.APPROVED], target=State.RELEASED, article="13")
def release(batch, *, by):
    """发放"""
    third(batch, by)
    hold()
    payouts = list(batch.payouts.select_related("account__expert__user", "expert__user"))
    check_changers([each.account for each in payouts], {by.pk})
    check_still_right(batch, payouts)
    batch.released_by, batch.released_at = by, clock.now()
    batch.digest = bank_file.digest(payouts)
    return partial(messages.released, batch)


def third(batch: Batch, by: User):
    if by.pk in {batch.checked_by_id} | makers(batch) | who_did(batch, approve.reason):
        raise Refused("制表、复核、发放要由三个人办理", "13")


def check_still_right(batch: Batch, payouts: list[Payout]):
    """What was true when it was checked is true now: month, taxes, accounts, standards, set-offs, who may be paid."""
    if month_of(clock.today()) != batch.paid_in:
        raise Refused("复核以后已经跨月，个税要重新计算，请退回重新编制", "13")
    if changed := next((each for each in payouts if not each.account.is_usable(clock.now())), None):
        raise Refused(f"{changed.expert}的收款账户在复核以后有变更，请退回重新编制", "13")
    lines = list(batch.lines.told())
    for each in look(lines):
        if stop := next((doubt for doubt in each.doubts if doubt.hard), None):
            raise Refused(f"{stop.words}。请退回重新编制", "13")
        if each.line.schedule.state != each.line.schedule.State.CONFIRMED:
            raise Refused(f"{each.line.schedule}还没有经局里核对确认，确认后才能发放", "13")
    check_set_off(batch, lines, elsewhere="请退回重新编制")
    check_worked_out(batch, lines, payouts)


def check_worked_out(batch: Batch, lines: list[Line], payouts: list[Payout]):
    """Worked out once more the payouts are what they were."""
    again, left = work_out(batch, lines, batch.paid_in)
    now = {each.reference: each for each in again}
    if any(each.reference in now and each.before != now[each.reference].before for each in payouts):
        raise Refused("当月另有批次先发放或退回，个税要重新计算，请退回重新编制", "13")
    if left or {figures(each) for each in payouts} != {figures(each) for each in again}:
        raise Refused("复核以后计税的情况有变，请退回重新编制", "13")


def figures(payout: Payout) -> tuple:
    """Who gets what where, and what is withheld of it."""
    return tuple(getattr(payout, name) for name in FIGURES)


@transition(Batch, source=[State.RELEASED], target=State.SETTLED, article="13", follows=True)
def settle(batch, *, by):
    """回盘核对完毕"""


def totals(batch: Batch) -> dict:
    """The same money counted in three ways, in yuan: by its lines, by its payouts, by the bank's file."""
    return {
        "lines": batch.lines.aggregate(sum=Total("amount"))["sum"],
        "payouts": batch.payouts.aggregate(sum=Total("gross"))["sum"],
        "bank": sum(row.amount for row in bank_file.rows(batch.payouts.select_related("account"))),
    }
