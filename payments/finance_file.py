"""报酬发放表: every line of a batch with how it was worked out, and what each standard costs (Article 13)."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from expertteam.templatetags.terrace import duration
from expertteam.workbooks import book
from payments.models import Batch, Line, Payout
from payments.money import ZERO

LINES, SOURCES = "报酬发放表", "资金来源"  # the two sheets
COLUMNS = ["专家编号", "专家", "事项", "服务日期", "时长", "怎么算的", "应发（元）", "个人所得税（元）"]
COLUMNS += ["增值税及附加（元）", "实发（元）", "收款账户尾号", "标准文号", "支付参考号"]
SOURCE_COLUMNS = ["活动类型", "标准文号", "笔数", "应发（元）"]
GROSSED_UP = "税后标准折算为税前"


class Paid(NamedTuple):
    """A payout and the lines it is made of."""

    payout: Payout
    lines: list[Line]

    @property
    def added(self) -> Decimal:
        """What a standard after tax adds, so that tax can be taken off."""
        return self.payout.gross - sum((line.amount for line in self.lines), ZERO)


def content(batch: Batch) -> bytes:
    """The file itself: of one batch always the same, to the byte."""
    paid = list(paid_of(batch))
    return book(
        {LINES: (COLUMNS, rows(batch, paid)), SOURCES: (SOURCE_COLUMNS, sources(batch, paid))}, batch.released_at
    )


def paid_of(batch: Batch) -> Iterator[Paid]:
    """In the order of the bank's file."""
    lines = defaultdict(list)
    for line in batch.lines.select_related("claim", "schedule").order_by("claim__day", "pk"):
        lines[line.claim.expert_id, line.claim.income].append(line)
    for payout in batch.payouts.select_related("expert", "account").order_by("reference"):
        yield Paid(payout, lines[payout.expert_id, payout.income])


def rows(batch: Batch, paid: list[Paid]) -> Iterator[list]:
    """A row for each line; what is withheld of them together, and what is left, stands in the first: columns add up."""
    for each in paid:
        together = [each.payout.tax, each.payout.vat + each.payout.surcharges, each.payout.amount]
        for line in each.lines:
            yield [*told(line, each.payout), *together, *where(each.payout, line.schedule.document_number)]
            together = [None, None, None]
        if each.added:
            yield [
                each.payout.expert.no, each.payout.account.holder, GROSSED_UP, None, None, None, each.added, *together,
                *where(each.payout, ""),
            ]  # fmt: skip
    taxes = sum((each.payout.tax for each in paid), ZERO)
    yield ["合计", *[None] * 5, batch.gross, taxes, batch.tax - taxes, batch.paid_out]


def told(line: Line, payout: Payout) -> list:
    return [
        payout.expert.no, payout.account.holder, line.claim.get_activity_display(), line.claim.day,
        duration(line.inputs["minutes"]), line.trace, line.amount,
    ]  # fmt: skip


def where(payout: Payout, document: str) -> list:
    return [payout.account.tail, document, payout.reference]


def sources(batch: Batch, paid: list[Paid]) -> Iterator[list]:
    """What each kind of activity costs by each standard: out of which money it is paid."""
    sums, added = defaultdict(list), sum((each.added for each in paid), ZERO)
    for line in (line for each in paid for line in each.lines):
        sums[line.claim.get_activity_display(), line.schedule.document_number].append(line.amount)
    for (activity, document), amounts in sorted(sums.items()):
        yield [activity, document, len(amounts), sum(amounts, ZERO)]
    if added:
        yield [GROSSED_UP, None, None, added]
    yield ["合计", None, sum(map(len, sums.values())), batch.gross]
