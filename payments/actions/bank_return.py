"""银行回盘: looked at first, then taken over once; what came back is owed again (Article 13)."""

import hashlib
from collections import defaultdict
from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from expertteam import clock
from expertteam.models import User
from expertteam.numbering import monthly
from expertteam.regulation import Refused, article
from expertteam.workbooks import ReadBefore, read
from expertteam.workflow import may, transition
from payments import bank_messages as messages
from payments import return_file
from payments.actions.batch import settle
from payments.actions.collect import hold
from payments.models import BankResult, BankReturn, Batch, Line, Payout, ReturnRow

State, Fault = BankReturn.State, ReturnRow.Fault
READ = "payments.read_bankreturn"
CLEAR = "payments.clear_returnrow"


@article("13")
@transaction.atomic
def check_return(upload, *, by: User) -> BankReturn:
    """试读回盘: what each row of the bank's file would bring about; nothing else happens yet."""
    if not may(by, READ):
        raise PermissionDenied(READ)
    content = upload.read()
    upload.seek(0)
    try:
        said = return_file.said(read(upload))
    except ValidationError as wrong:
        raise Refused(wrong.message, "13") from wrong
    hold()
    digest = hashlib.sha256(content).hexdigest()
    if first := BankReturn.objects.exclude(state=State.DISCARDED).filter(digest=digest).first():
        raise ReadBefore(first, f"这个文件{first.read_by}已经导入过，编号{first.number}，不用再导入", "13")
    name = "".join(filter(str.isprintable, upload.name))[-200:] or "回盘"
    bank_return = BankReturn(
        number=monthly("HP", "bankreturn"), filename=name, digest=digest, read_by=by, read_at=clock.now()
    )
    bank_return._history_user, bank_return._change_reason = by, "试读回盘（第13条）"
    bank_return.save()
    rows = [ReturnRow(bank_return=bank_return, **each._asdict()) for each in said]
    match(rows)
    ReturnRow.objects.bulk_create(rows, batch_size=500)
    return bank_return


def match(rows: list[ReturnRow]):
    """Give each row its payout, or say why it answers none: by reference and amount, both to the last digit."""
    sent = Payout.objects.filter(batch__state__in=Batch.PAID, reference__in={row.reference for row in rows})
    payouts = {each.reference: each for each in sent.select_related("result", "account", "expert__user")}
    alike = defaultdict(list)
    for row in rows:
        alike[row.reference].append(row)
        row.payout = payouts.get(row.reference)
    for row in rows:
        row.fault = fault(row, alike[row.reference])


def fault(row: ReturnRow, alike: list[ReturnRow]) -> str:
    """Of rows with one reference the first counts, if the others say the same; if they do not, none does."""
    if row.amount is None or row.paid is None:
        return Fault.UNREADABLE
    if row.payout is None:
        return Fault.UNKNOWN
    if row.payout.is_answered:
        return Fault.KNOWN
    if row is not alike[0] or len({(each.amount, each.paid) for each in alike}) > 1:
        return Fault.TWICE
    return "" if row.amount == row.payout.amount else Fault.AMOUNT


@transition(BankReturn, source=[State.CHECKED], target=State.APPLIED, article="13")
def apply(bank_return, *, by):
    """回盘入账"""
    hold()
    rows = list(bank_return.rows.order_by("place"))
    match(rows)
    ReturnRow.objects.bulk_update(rows, ["payout", "fault"], batch_size=500)
    at = clock.now()
    results = [
        BankResult(payout=row.payout, row=row, paid=row.paid, words=row.words, day=row.day, at=at)
        for row in rows
        if not row.fault
    ]
    BankResult.objects.bulk_create(results, batch_size=500)
    owe_again([each.payout for each in results if not each.paid])
    close_answered({each.payout.batch_id for each in results}, by)
    bank_return.applied_by, bank_return.applied_at = by, at
    return partial(messages.answered, results)


def owe_again(payouts: list[Payout]):
    """What the bank sent back waits once more, line by line at the same price; what was set off in it, too."""
    came_back = {(each.batch_id, each.expert_id, each.income) for each in payouts}
    lines = Line.objects.filter(batch__in={batch for batch, *_ in came_back}).select_related("claim").order_by("pk")
    old = [each for each in lines if (each.batch_id, each.claim.expert_id, each.claim.income) in came_back]
    Line.objects.filter(pk__in=[each.pk for each in old]).update(live=False)
    Line.objects.bulk_create([once_more(each) for each in old], batch_size=500)


def once_more(line: Line) -> Line:
    """The same line, waiting: with all that its price was worked out from, as it was."""
    return Line(
        claim=line.claim, amount=line.amount, net=line.net, schedule_id=line.schedule_id, rate_id=line.rate_id,
        inputs=line.inputs, trace=line.trace, priced_at=line.priced_at, reverses_id=line.reverses_id, replaces=line,
        live=line.reverses_id is None,
    )  # fmt: skip


def close_answered(batches: set[int], by: User):
    """The batches of which every payout has its answer now."""
    unanswered = Payout.objects.filter(batch__in=batches, result=None).values("batch")
    for batch in Batch.objects.filter(pk__in=batches).exclude(pk__in=unanswered).order_by("pk"):
        settle(batch, by=by)


@transition(BankReturn, source=[State.CHECKED], target=State.DISCARDED, article="13")
def discard(bank_return, *, by):
    """放弃回盘"""


@article("13")
@transaction.atomic
def clear_row(row: ReturnRow, *, by: User, clearing: str, owed_again=False) -> ReturnRow:
    """核销挂账: what became of a row that answered no payout, by neither who read it nor who took it over.

    ``owed_again``: it sends back what had arrived, so the money is owed once more.
    """
    if not may(by, CLEAR):
        raise PermissionDenied(CLEAR)
    row.refresh_from_db(from_queryset=ReturnRow.objects.select_for_update(of=["self"]).select_related("bank_return"))
    if not ReturnRow.objects.suspended().filter(pk=row.pk).exists():
        raise Refused("这一行没有挂账，或已经核销", "13")
    if by.pk in (row.bank_return.read_by_id, row.bank_return.applied_by_id):
        raise Refused("导入和入账的人不能自己核销", "13")
    if not clearing.strip():
        raise Refused("请写明怎样核实、怎样处理的", "13")
    row.cleared_by, row.cleared_at, row.clearing = by, clock.now(), clearing.strip()
    row.save(update_fields=["cleared_by", "cleared_at", "clearing"])
    if owed_again:
        take_back_late(row)
    return row


def take_back_late(row: ReturnRow):
    """The payout has not been received after all."""
    hold()
    if not row.came_back_late:
        raise Refused("只有银行先说到账、后来又退回的，才能重新列入待发放", "13")
    payout, result = row.payout, row.payout.result
    if payout.lines.filter(live=False, reverses=None).exists():
        raise Refused("这笔报酬到账以后做过更正，不能直接重发，请先和财务负责人商定怎样处理", "13")
    result.row, result.paid, result.words, result.day, result.at = row, False, row.words, row.day, clock.now()
    result.save(update_fields=["row", "paid", "words", "day", "at"])
    owe_again([payout])
    messages.came_back(result)
