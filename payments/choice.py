"""The lines of a batch as somebody looks at them and chooses: what to look at first, what is ticked, on all pages together."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from expertteam.models import User
from payments.actions.batch import check_changers, makers, to_set_off
from payments.barring import words
from payments.checking import Looked, look
from payments.models import Batch, Line
from payments.money import ZERO

State = Batch.State
PAGE = 50  # rows of a page
SHORT = {  # what forbids to pay, beside a row; the whole sentence stands above the table
    "no_account": "没有收款账户",
    "cooling": "收款账户在观察期",
    "official": "没有登记单位同意",
}
MOST = 20  # things to look at that are told in sentences; their rows stand on the first page


@dataclass
class Row:
    """A line in the table; ``why`` says what forbids to tick it, ``preselected`` how it comes, ``ticked`` how it is."""

    looked: Looked
    why: str = ""
    preselected: bool = False
    ticked: bool = False

    @property
    def line(self) -> Line:
        return self.looked.line

    @property
    def mark(self) -> str:
        """How far anything is doubtful."""
        return "hard" if self.looked.hard else "doubt" if self.looked.doubts else ""


class Sight(NamedTuple):
    """One thing to look at, as a sentence: its first words lead to the first row that it is about."""

    lead: str
    rest: str
    row: Row
    count: int


class Choice:
    """All lines of a batch that this person may see, each ticked or not.

    While a batch is made, what cannot be paid is ticked, to be taken out; while it is checked, what nothing is
    doubtful about, to be passed.  ``seen`` is the fingerprint of what was looked at.
    """

    def __init__(self, batch: Batch, user: User):
        self.batch, self.user = batch, user
        lines = list(batch.lines.visible_to(user).told().order_by("claim__day", "pk"))
        self.looked = look(lines)
        self.rows = [self.row(each) for each in self.looked]
        first = {id(sight.row) for sight in self.sights}
        if len(self.rows) > PAGE:
            self.rows.sort(key=lambda row: (id(row) not in first, not row.mark))

    def row(self, looked: Looked) -> Row:
        making = self.batch.state == State.DRAFT
        why = "" if making else self.why_not(looked)
        ticked = looked.hard if making else not (why or looked.doubts)
        return Row(looked, why, ticked, ticked)

    @cached_property
    def owing(self) -> set[tuple[int, str]]:
        """Who, by expert and income, was paid too much that is to be set off and does not stand in this batch."""
        elsewhere = to_set_off([each.line for each in self.looked]).exclude(batch=self.batch)
        return {(line.claim.expert_id, line.claim.income) for line in elsewhere}

    def why_not(self, looked: Looked) -> str:
        """Why this line cannot be passed by this person, in words."""
        if stop := next((doubt for doubt in looked.doubts if doubt.hard), None):
            return SHORT.get(stop.code, stop.words)
        if (looked.line.claim.expert_id, looked.line.claim.income) in self.owing:
            return "要抵扣的不在这个批次"
        return words(check_changers, [looked.account], self.payers)

    @cached_property
    def payers(self) -> set[int]:
        """None of whom may have had a hand in an account."""
        return makers(self.batch) | {self.user.pk}

    @cached_property
    def sights(self) -> list[Sight]:
        """What to look at, the same for several lines told once; what forbids to pay comes first."""
        told: dict[str, list[Row]] = {}
        hard: set[str] = set()
        for row in self.rows:
            for doubt in row.looked.doubts:
                told.setdefault(doubt.words, []).append(row)
                hard |= {doubt.words} if doubt.hard else set()
        found = [sight(each, rows) for each, rows in told.items() if each in hard]
        return found + [sight(each, rows) for each, rows in told.items() if each not in hard]

    @property
    def first_sights(self) -> list[Sight]:
        return self.sights[:MOST]

    @cached_property
    def seen(self) -> str:
        told = "".join(sorted(f"{row.line.pk}{row.mark};" for row in self.rows))
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def tick(self, kept: Iterable[int], shown: Iterable[int], ticked: Iterable[int]):
        """What was changed on other pages (``kept``) stays so; of the lines ``shown`` those in ``ticked`` are chosen."""
        kept, shown, ticked = set(kept), set(shown), set(ticked)
        for row in self.rows:
            key = row.line.pk
            changed = (key in ticked) != row.preselected if key in shown else key in kept
            row.ticked = (row.preselected != changed) and not row.why

    @property
    def changed(self) -> list[int]:
        """The lines that are ticked otherwise than they came."""
        return [row.line.pk for row in self.rows if row.ticked != row.preselected]

    @property
    def lines(self) -> list[Line]:
        return [row.line for row in self.rows if row.ticked]

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def doubtful(self) -> int:
        """How many of the chosen are doubtful."""
        return sum(bool(row.ticked and row.mark) for row in self.rows)


def sight(told: str, rows: list[Row]) -> Sight:
    lead, mark, rest = told.partition("：")
    for other in "，。":
        if not mark:
            lead, mark, rest = told.partition(other)
    return Sight(lead, mark + rest, rows[0], len(rows))
