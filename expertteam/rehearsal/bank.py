"""What the bank answers, and what is put right afterwards: sent back, in suspense, corrected (Article 13)."""

from datetime import timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from expertteam import clock
from expertteam.demo_life.agenda import Story
from expertteam.demo_life.pay import BACK, HEAD, LONGER, TWICE
from expertteam.demo_life.payees import working_day
from expertteam.rehearsal.payees import account
from expertteam.workbooks import XLSX, book
from payments import actions, bank_file
from payments.models import BankReturn, Batch, Line, Payout, ReturnRow

LATER = 10  # turns of the cards that somebody brings after the bank has sent his money back
DECIDED = 8  # working days after which every correction has its answer
TOO_SOON = 0.12  # of the bank's files
ARRIVED, CAME_BACK = ("成功", ""), ("失败", BACK)


def told(it, batch: Batch) -> Story:
    """The bank has the file the same day and answers within a week; then follows what follows from it."""
    cashier = it.accounts["cashier"]
    yield clock.now() + timedelta(minutes=20)
    actions.export(batch, "bank", by=cashier)
    actions.export(batch, "finance", by=cashier)
    yield clock.instant(working_day(clock.today(), it.hours.random.randint(2, 4)), 10, 30)
    rows = [
        (each.reference, each.holder, each.amount, *(CAME_BACK if it.happens(0.01) else ARRIVED))
        for each in bank_file.rows(batch.payouts.select_related("account"))
    ]
    if it.happens(0.2):
        rows.append((f"往来款{clock.today():%Y%m%d}", "", Decimal("96.00"), *ARRIVED))
    yield from taken_over(it, batch, rows)
    for payout in Payout.objects.filter(batch=batch, result__paid=False).select_related("expert__user"):
        if it.happens(0.7):
            it.agenda.tell(account(it, payout.expert, turn=LATER + batch.pk))
    yield from corrected(it, batch)
    yield from sent_back_later(it, batch)


def taken_over(it, batch: Batch, rows: list[tuple]) -> Story:
    """Read, then entered by the cashier; what answers nothing of ours the auditor clears up.

    Now and then it is read before the bank has rung up about it: given up, and read once more.
    """
    if it.happens(TOO_SOON):
        actions.discard(read(it, batch, rows), by=it.accounts["cashier"])
        yield it.hours.soon(1)
    returned = read(it, batch, rows)
    yield clock.now() + timedelta(minutes=10)
    actions.apply(returned, by=it.accounts["cashier"])
    yield it.hours.soon(3)
    for row in ReturnRow.objects.suspended().filter(bank_return=returned).told():
        cleared(it, row)


def read(it, batch: Batch, rows: list[tuple]) -> BankReturn:
    """The bank's file, as it is uploaded."""
    lines = [(place, *row, f"{clock.today()}") for place, row in enumerate(rows, 1)]
    content = book({"代发结果": (HEAD, lines)}, clock.now())
    upload = SimpleUploadedFile(f"代发结果{batch.number}.xlsx", content, XLSX)
    return actions.check_return(upload, by=it.accounts["cashier"])


def cleared(it, row: ReturnRow):
    """What had arrived and came back after all is owed again; the rest has nothing to do with the experts."""
    again = row.fault == ReturnRow.Fault.KNOWN and row.came_back_late and not corrected_since(row.payout)
    words = "银行来函：到账后退回，列入下月重发。" if again else "已和财务核对，不是专家报酬，另行处理。"
    actions.clear_row(row, by=it.accounts["auditor"], clearing=words, owed_again=again)


def corrected_since(payout: Payout) -> bool:
    """Whether something of it was put right after it had arrived."""
    return payout.lines.filter(live=False, reverses=None).exists()


def corrected(it, batch: Batch) -> Story:
    """A few lines were wrong: reviews that had lasted longer, services entered twice; most are signed for."""
    wrong = [each for each in batch.lines.live().order_by("pk").select_related("claim") if it.happens(0.01)]
    for line in wrong:
        it.agenda.tell(correction(it, line))
    yield it.hours.office(clock.today(), DECIDED)


def correction(it, line: Line) -> Story:
    """Proposed by the cashier; the auditor looks at the lists, and agrees or does not."""
    yield it.hours.soon(3)
    longer = line.claim.activity == "review"
    work = {"minutes": line.inputs["minutes"] + 75} if longer else {"void": True}
    proposed = actions.propose_correction(line, by=it.accounts["cashier"], reason=LONGER if longer else TWICE, **work)
    yield it.hours.soon(3)
    if it.happens(0.8):
        actions.sign(proposed, by=it.accounts["auditor"], opinion="已核对签到签退表，属实。")
    else:
        actions.refuse(proposed, by=it.accounts["auditor"], opinion="签到表上是两次，没有重复。")


def sent_back_later(it, batch: Batch) -> Story:
    """Once in a while the bank sends back after all what it had said had arrived."""
    if not it.happens(0.15):
        return
    arrived = batch.payouts.filter(result__paid=True).select_related("account").order_by("reference")
    unlucky = it.any_of(list(arrived))
    if unlucky and not corrected_since(unlucky):
        yield it.hours.soon(4)
        row = (unlucky.reference, unlucky.account.holder, unlucky.amount, "退回", BACK)
        yield from taken_over(it, batch, [row])
