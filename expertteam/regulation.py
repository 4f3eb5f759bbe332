"""The Measures (创业就业指导专家团管理办法) as something code can cite.

A function that enforces a provision wears ``@article("12(2)")``.  The number is the
paragraph as printed: ``12(2)`` is item （二） of Article 12, ``12¶2`` its second
unnumbered paragraph.  ``manage.py articles`` prints the whole map.
"""

import re
import tomllib
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

ENFORCED: dict[str, list] = defaultdict(list)
TEXT = tomllib.loads((Path(__file__).parent / "articles.toml").read_text(encoding="utf8"))
IN_FORCE: tuple[date, date] = (TEXT["effective_from"], TEXT["effective_to"])
ANNOUNCED = (1, 3, 6, 12)  # months before the last day; ours, the Measures name none
DIGITS = "零一二三四五六七八九十"


class Provision(NamedTuple):
    """One printed piece of the Measures: its anchor (``a12-2``), its name, its text."""

    anchor: str
    name: str
    text: list[str]


def article(*numbers: str) -> Callable:
    """Enter the decorated function in the map of provisions as the place that enforces them."""

    def cite(function):
        function.articles = numbers
        for number in numbers:
            ENFORCED[number].append(function)
        return function

    return cite


@article("15")
def in_force(on: date) -> bool:
    """本办法自2026年2月1日起施行，有效期5年。 Both days inclusive: to 2031-01-31."""
    return IN_FORCE[0] <= on <= IN_FORCE[1]


@article("15")
def months_left(on: date) -> int | None:
    """本办法……有效期5年: so its end is announced a year, half a year, a quarter and a month before.

    The stage (months before the last day) whose word is due, the latest one reached; ``None`` before the
    first, and after the end, when there is nothing left to announce.
    """
    last_day = IN_FORCE[1]
    return next((each for each in ANNOUNCED if _months_before(last_day, each) <= on <= last_day), None)


class Refused(Exception):
    """An act that the Measures do not allow now, with the provision that forbids it."""

    def __init__(self, reason: str, article: str | None = None):
        self.reason, self.article = reason, article
        super().__init__(f"{reason}（{named(article)}）" if article else reason)


def numeral(number: int) -> str:
    """Chinese numeral of 1 to 19, as the Measures number their articles and items."""
    tens, ones = divmod(number, 10)
    return ("十" if tens else "") + (DIGITS[ones] if ones or not tens else "")


def named(number: str) -> str:
    """``12(2)`` → 第十二条第二项; ``12¶2`` → 第十二条第二款."""
    base, kind, part = re.fullmatch(r"(\d+)(?:([(¶])(\d+)\)?)?", number).groups()
    tail = f"第{numeral(int(part))}{'项' if kind == '(' else '款'}" if part else ""
    return f"第{numeral(int(base))}条{tail}"


def anchor(number: str) -> str:
    """``12(2)`` → ``a12-2``; a paragraph without a number leads to its article."""
    base, _, item = number.partition("(")
    return f"a{base.partition('¶')[0]}" + (f"-{item.rstrip(')')}" if item else "")


def provision(where: str) -> Provision:
    """The provision behind an anchor, or ``KeyError``."""
    return PROVISIONS[where]


def _months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _provisions():
    for chapter in TEXT["chapters"]:
        for entry in chapter["articles"]:
            number, items = entry["number"], entry.get("items", [])
            lead = entry["paragraphs"]
            numbered = [f"（{numeral(n)}）{text}" for n, text in enumerate(items, 1)]
            yield Provision(f"a{number}", named(str(number)), lead + numbered + entry.get("closing", []))
            for n, text in enumerate(items, 1):
                yield Provision(f"a{number}-{n}", named(f"{number}({n})"), [text])


PROVISIONS: dict[str, Provision] = {each.anchor: each for each in _provisions()}
