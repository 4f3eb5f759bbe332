"""The life: so many experts, so many years from the first day of the Measures, and everything that happens to them."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction

from experts.models import Expert
from expertteam import calendar, chance, clock, memory
from expertteam.checks import REHEARSED
from expertteam.demo_life import accounts
from expertteam.demo_life.agenda import Agenda, Hours, Story
from expertteam.demo_life.life import Bureau, silence
from expertteam.demo_life.seasons import FLOOR
from expertteam.models import CalendarDay, CalendarYear, ClockMove, Policy, User
from expertteam.rehearsal import (
    clocks,
    conduct,
    consulting,
    diaries,
    disclosures,
    gatherings,
    holidays,
    panels,
    pay,
    selection,
)

SUBJECTS = [holidays, selection, diaries, clocks, consulting, gatherings, panels, disclosures, conduct, pay]
AFTERWARDS = timedelta(days=89)  # to the end of the terms with which the first year began
MOST_YEARS = 4  # the Measures end on 2031-01-31


@dataclass
class Rehearsal(Bureau):
    """What the stories share: as the demo's bureau, and how large the life is to be."""

    experts: int = 0  # so many are to be in term
    fired: Counter[str] = field(default_factory=Counter)  # job -> how often it ran

    @property
    def first(self) -> date:
        return FLOOR

    @property
    def last(self) -> date:
        """The last day that is lived."""
        return clock.local(self.agenda.until).date()

    def somebody(self, but=()) -> Expert | None:
        """One of those in term now, but for these keys, by the seed; nobody else's account is read and decrypted."""
        able = Expert.objects.serving(clock.today()).exclude(pk__in=but).order_by("no")
        key = self.any_of(list(able.values_list("pk", flat=True)))
        return key and Expert.objects.select_related("user").get(pk=key)

    def any_of(self, choices: list):
        """One of them, by the seed; None of none."""
        return self.hours.random.choice(choices) if choices else None

    def happens(self, share: float) -> bool:
        """What happens in that share of all cases: whether it does in this one."""
        return self.hours.random.random() < share

    def per_year(self, share: float) -> int:
        """So many in a year, where it is so many for each expert; at least one."""
        return max(1, round(share * self.experts))

    def days(self, number: int, first: date, last: date) -> list[date]:
        """So many days between these two, in order; none where the first lies after the last."""
        return sorted(self.hours.day(first, last) for _ in range(number)) if first <= last else []


def last_day(years: int) -> date:
    """The day to which so many years are lived."""
    return date(FLOOR.year + years, 1, 31) + AFTERWARDS


def rehearse(
    *, experts: int, last: date, seed: int, told: Callable[["Rehearsal"], object] = lambda it: None
) -> Rehearsal:
    """Live to that day with so many experts, into an empty database, a day in one transaction.

    ``told`` is called at the end of every day, at its time.  ``ValueError`` when the database has a past.
    """
    if User.objects.exists():
        raise ValueError("a life is lived once")
    with silence(), chance.seeded(seed), memory.alone(CalendarYear, CalendarDay, Policy):
        it = found(experts, last, seed)
        for story in stories(it):
            it.agenda.tell(story)
        day = it.first
        while day <= it.last:
            evening = clock.instant(day, 23)
            with clock.at(evening), transaction.atomic():
                it.agenda.live(until=evening)
            with clock.at(evening):
                told(it)
            day += calendar.ONE_DAY
    return it


def found(experts: int, last: date, seed: int) -> Rehearsal:
    """The bureau on its first day, with its accounts, to which nobody can sign in before he is given a password.

    From here on only a demo opens the database, however far the life goes.
    """
    with transaction.atomic(), clock.at(clock.instant(FLOOR, 8)):
        officers = accounts.enter(None)
        said = {"moved_at": clock.real(), "by": officers["admin"], "reason": f"{REHEARSED}开始"}
        ClockMove.objects.create(offset=timedelta(0), **said)
    agenda = Agenda(until=clock.instant(last, 22), sure=frozenset({clocks.runs.__name__, clocks.reads.__name__}))
    return Rehearsal(agenda, Hours(seed), {}, officers, turns=0, experts=experts)


def stories(it: Rehearsal) -> Iterator[Story]:
    """Everything that begins by itself, subject by subject."""
    for subject in SUBJECTS:
        yield from subject.stories(it)


def stand_still(it: Rehearsal):
    """From now on the demo's clock runs from the end of the life, so that nothing of it lies in the future."""
    real = clock.real()
    offset = it.agenda.until - real
    ClockMove.objects.create(offset=offset, moved_at=real, by=it.accounts["admin"], reason=f"{REHEARSED}结束")
