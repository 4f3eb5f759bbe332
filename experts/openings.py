"""When experts can be met, as the floor above tells it.

Here nobody knows about hours and meetings; ``services`` enters one ``Provider``.  As long as there is
none, pages lead to the service centre and no time is shown anywhere.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.urls import reverse

LOOKED_AT = timedelta(days=14)  # this week and the next one lie in it whatever day it is


class Slot(NamedTuple):
    """A time of an expert: its id in an address (``202610221400``), when, and whether it has been given away."""

    id: str
    starts_at: datetime
    taken: bool = False


class Opening(NamedTuple):
    """When an expert can be met, as a card says it."""

    next: datetime | None = None
    paused: bool = False
    paused_until: date | None = None  # the last day of the pause; None while nobody knows it
    week_full: bool = False  # the hours left of this week are all given away
    published: bool = False  # he has hours from which anybody may choose
    days: tuple[date, ...] = ()  # those of the next fourteen days that have a free time
    answer_days: int = 3  # within how many working days the centre answers

    @property
    def state(self) -> str:
        """``paused``, ``full`` (nothing is left of this week), ``free``, or ``asked``: the centre arranges it."""
        if self.paused:
            return "paused"
        if not self.published or self.next is None:
            return "asked"
        return "full" if self.week_full else "free"


class When(StrEnum):
    """A part of the next fourteen days in which somebody wants to come."""

    THIS_WEEK = "this_week"
    NEXT_WEEK = "next_week"
    WEEKEND = "weekend"

    def holds(self, day: date, today: date) -> bool:
        """Whether the day lies in it; weeks begin on Monday."""
        if self is When.WEEKEND:
            return day.weekday() >= 5
        return next_monday(day) - next_monday(today) == timedelta(days=7 * (self is When.NEXT_WEEK))


WHEN = {When.THIS_WEEK: "本周", When.NEXT_WEEK: "下周", When.WEEKEND: "周末"}


class Provider(NamedTuple):
    """What the floor above tells.

    ``openings``: of each of these experts, by their keys, in queries that do not grow with them.  ``days``: the
    times of one expert from a day on, each day that has a free one.  ``book``: the name of the address at which
    a time is asked for.
    """

    openings: Callable[[Iterable[int]], dict[int, Opening]]
    days: Callable[..., list[tuple[date, list[Slot]]]]
    book: str


PROVIDERS: list[Provider] = []


def provider() -> Provider | None:
    return PROVIDERS[0] if PROVIDERS else None


def told(experts: Iterable[int]) -> dict[int, Opening]:
    """The opening of each of these experts; of nobody as long as nobody tells."""
    keys = list(experts)
    return PROVIDERS[0].openings(keys) if PROVIDERS and keys else {}


def booking(no: str) -> str:
    """Where one asks for a time with this expert."""
    return f"{reverse(PROVIDERS[0].book)}?expert={no}"


def next_monday(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())
