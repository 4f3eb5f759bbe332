"""The whole life: officers and applicants together, from the first day of the Measures to yesterday."""

import logging
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from math import inf

from django.db import transaction

from expertteam import clock
from expertteam.demo_life import accounts, clients, endings, former, gatherings, honours, office, pay, payees, reviews
from expertteam.demo_life.agenda import Agenda, Hours
from expertteam.demo_life.applicant import course
from expertteam.demo_life.cast import PEOPLE, Person
from expertteam.demo_life.seasons import Season, first_notice_day, last_day_lived, seasons
from expertteam.models import User
from expertteam.notify import deliver_pending, queue
from recruitment.models import Round


@dataclass
class Bureau:
    """What the stories share."""

    agenda: Agenda
    hours: Hours
    seasons: dict[int, Season]
    accounts: dict[str, User]
    turns: int  # how often each client asks
    rounds: dict[int, Round] = field(default_factory=dict)

    def not_before(self, person: Person) -> datetime:
        """In the open round those who miss the running notice are dealt with on its first day only."""
        if self.seasons[person.round].still_open and person.fate in ("approved", "returned"):
            return clock.instant(first_notice_day(clock.local(self.agenda.until).date()), 15, 10)
        return clock.now()


def begun() -> bool:
    """Whether the database already has a past."""
    return Round.objects.exists()


def live(
    password: str, *, people: Iterable[Person] = PEOPLE, turns: int = 4, seed: int = 2026, told: Callable = lambda: None
) -> Bureau:
    """Live from the first day to yesterday evening, into an empty database; all or nothing.

    ``told`` is called after every act, at its time.  ``ValueError`` when the database has a past.
    """
    with silence(), transaction.atomic():
        if begun():
            raise ValueError("a life is lived once")
        bureau = found(clock.today(), Hours(seed), password, turns)
        for story in stories(bureau, people):
            bureau.agenda.tell(story)

        def afterwards():
            deliver_pending()
            told()

        bureau.agenda.live(afterwards)
    return bureau


def found(today: date, hours: Hours, password: str, turns: int) -> Bureau:
    """The bureau on its first day, with its accounts."""
    rounds = seasons(today)
    with clock.at(clock.instant(rounds[1].opens, 8)):
        officers = accounts.enter(password)
        accounts.befriend(officers["admin"])
    return Bureau(Agenda(until=clock.instant(last_day_lived(today), 22)), hours, rounds, officers, turns)


def stories(bureau, people):
    """Everything that begins by itself."""
    for season in bureau.seasons.values():
        yield office.open_round(bureau, season)
    yield office.mornings(bureau.seasons[1].opens)
    yield from (course(bureau, person) for person in people)
    yield office.one_notice(bureau, 1, bureau.seasons[1])
    yield office.corrected_notice(bureau, 2, bureau.seasons[2])
    yield office.one_notice(bureau, 4, bureau.seasons[3])
    yield clients.keep_hours()
    last = clock.local(bureau.agenda.until).date()
    yield clients.year(bureau, bureau.seasons[1].release, last)
    yield clients.still_open(bureau, last)
    yield from gatherings.gatherings(bureau, last)
    yield from reviews.reviews(bureau, last)
    yield from endings.endings(bureau, last)
    yield from honours.honours(bureau, last)
    yield from payees.payees(bureau, last)
    yield pay.months(bureau, last)
    yield former.old_team(bureau, last)


@contextmanager
def silence():
    """What gateways and queue would print belongs to the past; nobody is woken to deliver what is delivered in turn."""
    asleep, queue.away_until = queue.away_until, inf
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
        queue.away_until = asleep
