"""银行回盘文件: what each row of a bank's file says, whatever the bank calls its columns (Article 13)."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.core.exceptions import ValidationError

COLUMNS = {  # what we ask for → what banks print above it; where several stand, the first is meant, and none of the
    # other results and reasons may say otherwise
    "reference": ["附言", "支付参考号", "参考号", "摘要", "用途", "备注"],
    "amount": ["金额", "交易金额", "代发金额", "实发金额", "发生额"],
    "result": ["结果", "状态", "交易结果", "交易状态", "处理结果", "处理状态", "支付结果", "支付状态", "代发结果"],
    "words": ["原因", "说明", "失败原因", "退回原因", "结果说明", "处理说明", "银行说明", "错误信息"],
    "day": ["交易日期", "日期", "入账日期", "记账日期", "处理日期"],
}
NEEDED = ["reference", "amount", "result"]
PAID = {"成功", "交易成功", "处理成功", "支付成功", "代发成功", "入账成功", "已入账", "已到账", "已支付", "SUCCESS"}
FAILED = {"失败", "交易失败", "处理失败", "支付失败", "代发失败", "入账失败", "FAIL", "FAILED"}
FAILED |= {"退回", "已退回", "退汇", "已退汇"}
BACK = re.compile("失败|未成功|退回|退汇|退票|FAIL")  # wherever it stands beside 成功, the money may not be there
SUMS = re.compile("(合计|总计|小计)")  # a row that adds up the others
REFERENCE = re.compile("(?<![0-9A-Z])[A-Z]{2}[0-9]{18}(?![0-9A-Z])")
AMOUNT = re.compile(r"[¥￥]?([0-9]{1,10}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(\.[0-9]{1,2}0*)?元?")
DAY = re.compile(r"([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?")
DEPTH = 20  # rows above the table that a bank may use for its own


class Said(NamedTuple):
    """A row of the file; None where it cannot be understood."""

    place: int
    reference: str
    amount: Decimal | None
    paid: bool | None
    words: str
    day: date | None


def said(rows: list[list[str]]) -> list[Said]:
    """What the bank says, row by row; ``ValidationError`` says which column is missing where."""
    top, columns = head(rows)
    beside = answers_beside(rows[top - 1], columns)
    found = []
    for place, row in enumerate(rows[top:], top + 1):
        cells = {name: row[number] for name, number in columns.items()}
        if any(row) and not is_sum(row, cells):
            found.append(understood(place, cells, [row[number] for number in beside]))
    if not found:
        raise ValidationError(f"第{top}行是表头，下面没有明细，请核对文件")
    return found


def head(rows: list[list[str]]) -> tuple[int, dict[str, int]]:
    """How many rows stand above the first of the bank's answers, and which column is which."""
    seen = [(top, titles(row)) for top, row in enumerate(rows[:DEPTH], 1)]
    top, columns = max(seen, key=lambda each: sum(name in each[1] for name in NEEDED))
    missing = [name for name in NEEDED if name not in columns]
    if len(missing) == len(NEEDED):
        raise ValidationError("没有找到表头，要有附言、金额、结果三列，请核对文件")
    if missing:
        words = "；".join(f"第{top}行表头缺“{COLUMNS[name][0]}”一列" for name in missing)
        raise ValidationError(f"{words}。请补上列名再导入，也可写作“{'”“'.join(COLUMNS[missing[0]][1:4])}”")
    return top, columns


def titles(row: list[str]) -> dict[str, int]:
    """Which of our columns stand in this row, and where; ``ValidationError`` where two are called the same."""
    printed, found = printed_in(row), {}
    for name, words in COLUMNS.items():
        title = next((word for word in words if word in printed), None)
        if title is None:
            continue
        if name in NEEDED and printed.count(title) > 1:
            raise ValidationError(f"有{printed.count(title)}列都叫“{title}”，请只留一列再导入")
        found[name] = printed.index(title)
    return found


def printed_in(row: list[str]) -> list[str]:
    """The titles as they are compared: without remarks in brackets, stars and colons."""
    return [re.sub(r"\(.*?\)|[*:]", "", plain(cell)) for cell in row]


def answers_beside(row: list[str], columns: dict[str, int]) -> list[int]:
    """Where else in the table the bank says what became of a payment, and why."""
    titles_of_answers = {*COLUMNS["result"], *COLUMNS["words"]}
    found = [number for number, title in enumerate(printed_in(row)) if title in titles_of_answers]
    return [number for number in found if number != columns["result"]]


def is_sum(row: list[str], cells: dict[str, str]) -> bool:
    answers = cells["result"] or REFERENCE.search(plain(cells["reference"]))
    return not answers and any(SUMS.match(plain(cell)) for cell in row)


def understood(place: int, cells: dict[str, str], beside: list[str]) -> Said:
    paid = result(cells["result"], beside)
    words = cells.get("words", "")
    if paid is None:
        words = " ".join(filter(None, [cells["result"], *beside]))
    return Said(
        place, reference(cells["reference"])[:60], amount(cells["amount"]), paid, words[:200], day(cells.get("day", ""))
    )


def plain(text: str) -> str:
    """Half width, upper case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def reference(text: str) -> str:
    """The one reference in the bank's remark; where there is none, or there are two, the remark itself."""
    written = plain(text)
    found = set(REFERENCE.findall(written))
    return found.pop() if len(found) == 1 else written


def amount(text: str) -> Decimal | None:
    """A sum in yuan above nothing, to the fen."""
    if not (match := AMOUNT.fullmatch(plain(text))):
        return None
    yuan = Decimal("".join(filter(None, match.groups())).replace(",", "")).quantize(Decimal("0.01"))
    return yuan or None


def result(text: str, beside: Iterable[str] = ()) -> bool | None:
    """Only words we know count, and only as a whole: 未成功 is no 成功; none where another column says otherwise."""
    word, others = plain(text), [plain(each) for each in beside]
    if word in PAID and not any(BACK.search(each) for each in others):
        return True
    return False if word in FAILED and not PAID.intersection(others) else None


def day(text: str) -> date | None:
    """The day, whatever time stands behind it."""
    match = DAY.match(unicodedata.normalize("NFKC", text).strip())
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
