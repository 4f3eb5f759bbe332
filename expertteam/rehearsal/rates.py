"""By which rates a rehearsal pays: the first circulars as the demo has them, then a new one every summer (Article 13)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from expertteam.demo_life.agenda import Story
from expertteam.demo_life.papers import paper
from expertteam.demo_life.payees import CHECKED, rates
from payments import actions
from payments.models import RateSchedule

NOTE = "演练标准：金额只为演练，不是局里的标准。"
NEW = [  # kinds that the first circular had left open: unit, yuan in the first year, what it rises by in each later one
    ("training", "class_hour", 300, 20),
    ("contest", "event", 500, 50),
    ("other", "event", 200, 20),
    ("technical", "session", 400, 20),
    ("following", "session", 100, 10),
    ("consulting", "session", 160, 10),
    ("guidance", "session", 160, 10),
    ("pairing", "session", 160, 10),
]
RANGES = {"contest": 300}  # kinds paid within a range: by how many yuan the most lies above the least


def stories(it) -> Iterator[Story]:
    yield rates(it)
    for year in range(it.first.year + 1, it.last.year + 1):
        yield circular(it, year)


def circular(it, year: int) -> Story:
    """Drafted in May, its document attached, compared by another, and in force from the first of July on.

    The first of them is begun with the wrong number, dropped, and typed in anew.
    """
    yield it.hours.office(date(year, 5, 20), it.hours.random.randint(1, 5))
    number = f"演练〔{year}〕{year % 100}号"
    if year == it.first.year + 1:
        mistyped = typed(it, year, number.replace("〔", "["))
        yield it.hours.soon(2)
        actions.drop(mistyped, by=it.accounts["cashier"])
    draft = typed(it, year, number)
    yield it.hours.soon(5)
    actions.attach(draft, by=it.accounts["cashier"], files=[paper(number, [NOTE])])
    yield it.hours.soon(5)
    actions.confirm_schedule(draft, by=it.accounts["auditor"], note=CHECKED)


def typed(it, year: int, number: str) -> RateSchedule:
    """The circular of that year as the cashier types it in."""
    return actions.draft_schedule(
        by=it.accounts["cashier"], scope="guidance", title=f"创业指导活动补贴标准（{year}年）", document_number=number,
        effective_from=date(year, 7, 1), note=NOTE,
        rates=[row(kind, unit, first + rise * (year - it.first.year - 1)) for kind, unit, first, rise in NEW],
    )  # fmt: skip


def row(kind: str, unit: str, yuan: int) -> dict:
    """One rate; within a range it is at least so much."""
    most = {"most": Decimal(yuan + RANGES[kind])} if kind in RANGES else {}
    return {"kind": kind, "unit": unit, "amount": Decimal(yuan)} | most
