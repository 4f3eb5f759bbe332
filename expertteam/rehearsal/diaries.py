"""How experts keep their calendars: weekly hours, days that differ, pauses, limits, and the consent to be listed (Article 10)."""

from collections.abc import Iterator
from datetime import date, time, timedelta

from experts.models import Expert
from expertteam import clock, consents
from expertteam.demo_life.agenda import Story
from expertteam.demo_life.clients import keep_hours
from expertteam.models import Consent
from services.actions.availability import except_day, pause, resume, set_limits
from services.models import DayException, Pause

Kind = DayException.Kind
EXCEPTIONS, PAUSES, LIMITS, CONSENTS = 1.5, 0.15, 0.08, 0.03  # of each expert in a year
REASONS = ["外出学习", "家里有事", "单位年终工作忙", "身体检查休养"]
LISTED = "public_directory"


def stories(it) -> Iterator[Story]:
    yield keep_hours()
    for share, act in [(EXCEPTIONS, differs), (PAUSES, pauses), (LIMITS, limits), (CONSENTS, unlisted)]:
        for year in range(it.first.year, it.last.year + 1):
            first, last = max(it.first, date(year, 1, 1)), min(it.last, date(year, 12, 31))
            for day in it.days(it.per_year(share), first, last):
                yield somebody(it, act, day)


def somebody(it, act, day: date) -> Story:
    """One of those in term sits down to his calendar, if there is anybody yet."""
    yield it.hours.evening(day)
    if expert := it.somebody():
        yield from act(it, expert)


def differs(it, expert: Expert) -> Story:
    """A day off, or some hours more than usual."""
    day = clock.today() + timedelta(days=it.hours.random.randint(3, 30))
    hours = {"begins": time(9), "ends": time(12)}
    said = {"kind": Kind.OFF} if it.happens(0.6) else {"kind": Kind.EXTRA} | hours
    except_day(expert, day, by=expert.user, **said)
    yield from ()


def pauses(it, expert: Expert) -> Story:
    """For some weeks, or until he comes back by himself."""
    first = clock.today() + timedelta(days=it.hours.random.randint(1, 10))
    if expert.pauses.standing(clock.today()).exists():
        return
    weeks = timedelta(weeks=it.hours.random.randint(2, 8))
    known = it.happens(0.5)
    entry = pause(
        expert, by=expert.user, first_day=first, last_day=first + weeks if known else None, reason=it.any_of(REASONS)
    )
    if known:
        return
    yield it.hours.evening(first + weeks)
    if Pause.objects.standing(clock.today()).filter(pk=entry.pk).exists():
        resume(entry, by=expert.user)


def limits(it, expert: Expert) -> Story:
    """Fewer in a month than the bureau would send, or longer talks."""
    cap, minutes = it.any_of([(4, None), (6, None), (8, 90), (None, 90)])
    set_limits(expert, by=expert.user, monthly_cap=cap, slot_minutes=minutes)
    yield from ()


def unlisted(it, expert: Expert) -> Story:
    """The consent to the public directory is taken back; half of them give it again."""
    if not Consent.objects.standing(LISTED).filter(user=expert.user).exists():
        return
    consents.withdraw(expert.user, LISTED)
    if it.happens(0.5):
        yield it.hours.evening(clock.today() + timedelta(days=it.hours.random.randint(20, 60)))
        consents.sign(expert.user, LISTED)
