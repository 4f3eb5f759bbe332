"""What is looked at when an application is assessed, and how the outcome is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from recruitment.categories import TITLE_LEVELS


class Verdict(StrEnum):
    """What a rule can say of an applicant."""

    PASS = "pass"
    FAIL = "fail"
    PERSON = "person"

    @property
    def label(self) -> str:
        return LABELS[self]


PASS, FAIL, PERSON = Verdict
LABELS = {PASS: "符合", FAIL: "不符合", PERSON: "需人工核实"}


class Finding(NamedTuple):
    """One condition, what was looked at, and the outcome, in words for applicant and officer."""

    article: str
    statement: str
    inputs: str
    verdict: Verdict
    reason: str


Outcome = tuple[str, Verdict, str]  # inputs, verdict and reason, as a rule returns them


class Period(NamedTuple):
    """One entry of the work history; without ``last`` it goes on.

    ``in_field``: work of the kind that the chosen item of Article 5 speaks of.
    ``managed``: founded, ran or managed the enterprise, or headed a core department of it.
    """

    first: date
    last: date | None = None
    in_field: bool = False
    managed: bool = False


@dataclass(frozen=True)
class Facts:
    """All that the rules look at.  Region, status and age are not here: Article 5 forbids it.

    The names of professions, titles, declarations and evidence are those of ``categories``.
    """

    on: date
    category: int | None = None
    periods: tuple[Period, ...] = ()
    profession: str = ""  # asked in category 2 only
    title_level: str = "none"
    title_series: str = ""
    licensed: bool = False  # holds a practising licence that may stand for a title
    award: bool = False  # prize in a provincial or city final of 创业星火大赛
    specialities: int = 0
    success_cases: int = 0
    declarations: frozenset[str] = frozenset()
    evidence_received: frozenset[str] = frozenset()

    @property
    def in_field(self) -> list[Period]:
        return [period for period in self.periods if period.in_field]

    @property
    def managed(self) -> list[Period]:
        return [period for period in self.periods if period.managed]

    def has_title(self, level: str) -> bool:
        """Of that level or above."""
        levels = list(TITLE_LEVELS)
        return levels.index(self.title_level) >= levels.index(level)

    def declared(self, code: str) -> Outcome:
        """Whether the applicant has signed that declaration."""
        if code in self.declarations:
            return "已作承诺", PASS, "本人已承诺"
        return "没有承诺", FAIL, "还没有作出这项承诺"

    def received(self, code: str, document: str) -> str:
        """Whether that evidence has come, in words."""
        return f"{'已' if code in self.evidence_received else '还没有'}收到{document}"


def months_of(first: date, last: date) -> range:
    """The calendar months from one day to another, both included, numbered through the years."""
    return range(first.year * 12 + first.month, last.year * 12 + last.month + 1)


def duration(months: int) -> str:
    """Months as people say them: 76 → 6年4个月."""
    years, rest = divmod(months, 12)
    return (f"{years}年" if years else "") + (f"{rest}个月" if rest or not years else "")


def history(periods: Iterable[Period], months: int, on: date) -> str:
    """The entries as given, and the ``months`` they come to: 2020年6月至今，共6年4个月."""
    ordered = sorted(periods, key=lambda period: period.first)
    if not ordered:
        return "没有填写相关经历"
    spans = "、".join(f"{_month(each.first)}至{_end(each, on)}" for each in ordered)
    merged = "合并重叠后" if len(ordered) > 1 else ""
    return f"{spans}，{merged}共{duration(months)}"


def _end(period: Period, on: date) -> str:
    return _month(period.last) if period.last and period.last < on else "今"


def _month(day: date) -> str:
    return f"{day.year}年{day.month}月"
