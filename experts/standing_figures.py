"""How content the clients of an expert were, as the floor above tells it.

Here nobody knows about ratings; ``evaluations`` enters one ``Provider``.  As long as there is none,
pages say nothing of them.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import NamedTuple


class Level(NamedTuple):
    """One grade: its words, how many gave it, and what share of all that is in percent."""

    label: str
    count: int
    share: int


class Figures(NamedTuple):
    """How many ratings there are; the average is None while they are too few for one."""

    count: int = 0
    average: Decimal | None = None
    levels: list[Level] = []


class Quote(NamedTuple):
    """What a client let everybody read, the group he belongs to, and when."""

    text: str
    who: str
    month: str


class Provider(NamedTuple):
    """The figures of these experts, in queries that do not grow with them; the quotes of one."""

    figures: Callable[[Iterable[int]], dict[int, Figures]]
    quotes: Callable[[int], list[Quote]]


PROVIDERS: list[Provider] = []


def told(experts: Iterable[int]) -> dict[int, Figures]:
    """The figures of these experts by their keys; nothing as long as nobody tells."""
    return PROVIDERS[0].figures(experts) if PROVIDERS else {}


def quotes(expert: int) -> list[Quote]:
    return PROVIDERS[0].quotes(expert) if PROVIDERS else []
