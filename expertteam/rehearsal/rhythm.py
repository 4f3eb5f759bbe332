"""How often things begin: so many a year for each expert in term, on any days, told month by month."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from experts.models import Expert
from expertteam import calendar, clock
from expertteam.demo_life.agenda import Story


def all_along(it, each_year: float, begun: Callable[[date], Story]) -> Story:
    """From month to month; ``begun`` is the story that begins on the working day after that one."""
    for first in months(it):
        yield clock.instant(first, 7)
        team = Expert.objects.serving(first).count()
        for day in it.days(by_chance(it, each_year * team / 12), first, last_of(first)):
            it.agenda.tell(begun(day))


def months(it) -> Iterator[date]:
    """The first day that is lived, then the first of every month after it."""
    day = it.first
    while True:
        yield day
        day = last_of(day) + calendar.ONE_DAY


def last_of(day: date) -> date:
    """The last day of its month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - calendar.ONE_DAY


def by_chance(it, number: float) -> int:
    """A whole number that is this one on the average."""
    return int(number) + it.happens(number % 1)
