"""银行代发文件: what the bank is told to pay, one row for each payout, a pure function of the released batch (Article 13)."""

import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from expertteam.workbooks import book
from payments.models import Batch, Payout

SHEET = "代发"
COLUMNS = ["序号", "户名", "账号", "开户银行", "开户网点", "金额（元）", "附言"]


class Row(NamedTuple):
    """One transfer; ``reference`` goes into the remark, so that the bank's answer can be matched."""

    place: int
    holder: str
    number: str
    bank: str
    branch: str
    amount: Decimal
    reference: str


def rows(payouts: Iterable[Payout]) -> list[Row]:
    """The transfers in the order of their references."""
    ordered = sorted(payouts, key=lambda each: each.reference)
    return [
        Row(
            place, each.account.holder, each.account.number, each.account.bank, each.account.branch, each.amount, each.reference
        )
        for place, each in enumerate(ordered, 1)
    ]  # fmt: skip


def digest(payouts: Iterable[Payout]) -> str:
    """Fingerprint of what the bank is told, whatever program writes the file."""
    told = json.dumps([list(map(str, row)) for row in rows(payouts)], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def content(batch: Batch) -> bytes:
    """The file itself: of one batch always the same, to the byte."""
    return book({SHEET: (COLUMNS, rows(batch.payouts.select_related("account")))}, batch.released_at)
