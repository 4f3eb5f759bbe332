"""When experts can be met, as the floor above tells it.

Here nobody knows about hours and meetings; ``services`` enters one ``Provider``.  As long as there is
none, pages lead to the service centre and no time is shown anywhere.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from experts.models import Expert


class Slot(NamedTuple):
    """A time of an expert: its id in an address (``202610221400``), when, and whether it has been given away."""

    id: str
    starts_at: datetime
    taken: bool = False


class Opening(NamedTuple):
    """When an expert can be met next, as a card says it."""

    next: datetime | None = None
    paused: bool = False
    paused_until: date | None = None  # the last day of the pause; None while nobody knows it
    week_full: bool = False  # the hours of this week are all given away
    published: bool = False  # he has hours that anybody may choose from
    days: tuple[date, ...] = ()  # the days with a free time, as far ahead as times are given away

    @property
    def state(self) -> str:
        """``paused``, ``full`` (nothing is left of this week), ``free``, or ``asked``: the centre arranges it."""
        if self.paused:
            return "paused"
        if not self.published or self.next is None:
            return "asked"
        return "full" if self.week_full else "free"


class When(StrEnum):
    """A part of the coming days in which somebody wants to come."""

    THIS_WEEK = "this_week", "本周"
    NEXT_WEEK = "next_week", "下周"
    WEEKEND = "weekend", "周末"

    def __new__(cls, value, label):
        member = str.__new__(cls, value)
        member._value_, member.label = value, label
        return member

    def holds(self, day: date, today: date) -> bool:
        """Whether the day lies in it; weeks begin on Monday."""
        if self is When.WEEKEND:
            return day.weekday() >= 5
        monday = today - timedelta(days=today.weekday())
        return (day - monday).days // 7 == (self is When.NEXT_WEEK)


class Provider(NamedTuple):
    """What the floor above tells: the opening of each of these experts, in queries that do not grow with them;
    the times of one expert from a day on, day by day; and the name of the address at which a time is asked for.
    """

    openings: Callable[[Iterable[int]], dict[int, Opening]]
    days: Callable[[Expert, date], list[tuple[date, list[Slot]]]]
    book: str


PROVIDERS: list[Provider] = []


def provider() -> Provider | None:
    return PROVIDERS[0] if PROVIDERS else None


def told(experts: Iterable[int]) -> dict[int, Opening]:
    """The openings of these experts by their keys; nothing as long as nobody tells."""
    return PROVIDERS[0].openings(experts) if PROVIDERS else {}
