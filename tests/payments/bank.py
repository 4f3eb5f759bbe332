"""What a bank sends back, as a file; what is in it stands in the tests."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from payments import actions
from payments.models import Payout
from tests.payments import pay

HEAD = ["附言", "金额", "结果", "原因", "交易日期"]
DAY = "2026-04-03"


def file(rows, head=HEAD, name="回盘.csv"):
    """These rows under these titles."""
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return SimpleUploadedFile(name, text.getvalue().encode())


def row(payout: Payout, result="成功", words=""):
    """What an honest bank says of this payout."""
    return [payout.reference, f"{payout.amount}", result, words, DAY]


def sheets(content: bytes) -> dict[str, list[list]]:
    """What a spreadsheet program shows: rows of values without the head, by sheet."""
    book = load_workbook(io.BytesIO(content))
    return {page.title: [list(row) for row in page.iter_rows(min_row=2, values_only=True)] for page in book}


def head(content: bytes, sheet: str) -> list[str]:
    return [cell.value for cell in load_workbook(io.BytesIO(content))[sheet][1]]


def cells(content: bytes) -> list:
    """Every cell of every sheet."""
    return [cell for page in load_workbook(io.BytesIO(content)) for row in page.iter_rows() for cell in row]


def released(cashier, auditor, leader, *, until):
    """All that is owed up to that day."""
    pay.confirm_rates()
    batch = pay.submitted(cashier, until=until)
    actions.approve(batch, by=auditor, lines=list(batch.lines.all()), check_note="已逐笔核对")
    return actions.release(batch, by=leader)
