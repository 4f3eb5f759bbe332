"""Rounds, sized by who is in term, their notices and what is said about them, appointments (Article 11)."""

from collections.abc import Iterator
from datetime import date, timedelta

from experts.models import Expert
from expertteam import clock
from expertteam.demo_life import office
from expertteam.demo_life.agenda import Story
from expertteam.demo_life.applicant import course
from expertteam.demo_life.seasons import FLOOR, Season, past
from expertteam.rehearsal import renewals
from expertteam.rehearsal.people import WORDS, Crowd
from recruitment import actions
from recruitment.models import Application, Candidate, Notice

AHEAD = timedelta(days=10)  # a round is announced before it opens
FIRST = Season(1, date(2026, 2, 4), date(2026, 2, 27), date(2026, 3, 16), date(2026, 3, 26), date(2026, 3, 27))
SECOND = date(2026, 4, 20)
EVERY_YEAR = [(3, 12), (8, 25)]  # month and day on which a round opens
AT_FIRST = 0.7  # of the team, in the first round
OBJECTED, OPPOSED = 0.03, 0.25  # of those on a notice; of notices, as a whole
ALREADY = timedelta(days=90)  # from the announcement of a round to its appointments


def stories(it) -> Iterator[Story]:
    crowd = Crowd(it.hours.random)
    for number, (opens, renews) in enumerate(openings(it.last), 1):
        yield season(it, crowd, number, opens, renews)
    yield renewals.wishes(it, crowd)


def openings(last: date) -> list[tuple[date, bool]]:
    """The days on which rounds open, and whether it is one for further terms alone.

    One of those is held before the terms of an earlier round end.
    """
    opened = [FIRST.opens, SECOND, date(FLOOR.year, *EVERY_YEAR[1])]
    opened += [date(year, *day) for year in range(FLOOR.year + 1, last.year + 1) for day in EVERY_YEAR]
    again = [renewals.opens_after(each) for each in opened]
    both = [(each, False) for each in opened] + [(each, True) for each in again]
    return sorted(each for each in both if each[0] <= last)


def season(it, crowd: Crowd, number: int, opens: date, renews: bool) -> Story:
    """One round from its announcement to the appointments."""
    yield clock.instant(max(FLOOR, opens - AHEAD), 8, 40)
    it.seasons[number] = FIRST if number == 1 else past(number, opens, renews)
    office.announce_round(it, it.seasons[number])
    for person in [] if renews else crowd.batch(number, wanted(it, number)):
        it.agenda.tell(course(it, person))
    yield clock.instant(it.seasons[number].release, 10, 15)
    yield from noticed(it, it.seasons[number])


def wanted(it, number: int) -> int:
    """How many the round is to bring: who will be in term when it ends is there already, or on his way to another term."""
    if number == 1:
        return max(1, round(AT_FIRST * it.experts))
    by_then = clock.today() + ALREADY
    again = Application.objects.live().filter(renews__last_day__lt=by_then, renews__void_from=None)
    return max(0, it.experts - Expert.objects.serving(by_then).count() - again.count())


def noticed(it, season: Season) -> Story:
    """Whoever is approved is announced, the second notice of a year turns out wrong; then the leader appoints."""
    if not Application.objects.awaiting_notice().filter(round=it.rounds[season.number]).exists():
        return
    second = Notice.objects.filter(begins_at__year=clock.today().year).count() == 1
    notice = (yield from office.corrected(it, season)) if second else office.announce(it, season)
    hear_objections(it, notice)
    yield it.hours.office(clock.local(notice.ends_at).date())
    all_appointed(it, notice)


def all_appointed(it, notice: Notice):
    """One after another, a minute each."""
    for place, candidate in enumerate(notice.candidates.select_related("application")):
        it.agenda.tell(appointed(it, candidate, after=timedelta(minutes=place)))


def hear_objections(it, notice: Notice):
    """Some are objected to, with a real name or without, and now and then the whole list."""
    if it.happens(OPPOSED):
        it.agenda.tell(opposed(it, notice, it.any_of(WORDS["opposed"])))
    for candidate in notice.candidates.select_related("notice", "application"):
        if it.happens(OBJECTED):
            it.agenda.tell(objection(it, candidate, it.any_of(WORDS["objections"])))


def objection(it, candidate: Candidate, entry: dict) -> Story:
    """As in the demo; who signed it is answered before the leader appoints."""
    yield from office.heard(it, candidate.notice, candidate, entry, f"154{10**7 + candidate.pk}")
    if "name" in entry:
        yield it.hours.office(max(clock.today(), clock.local(candidate.notice.ends_at).date()))
        yield from appointed(it, candidate, after=clock.ONE_MINUTE)


def opposed(it, notice: Notice, entry: dict) -> Story:
    """What is said of the whole list keeps everybody on it waiting until it is answered."""
    yield from office.heard(it, notice, None, entry, f"155{10**7 + notice.pk}")
    yield it.hours.office(max(clock.today(), clock.local(notice.ends_at).date()))
    all_appointed(it, notice)


def appointed(it, candidate: Candidate, after: timedelta) -> Story:
    """By the leader, one by one; whom an objection stands against waits for its end."""
    yield clock.now() + after
    application = candidate.application
    application.refresh_from_db()
    blocked = Candidate.objects.blocked().filter(pk=candidate.pk).exists()
    if application.state == Application.State.ON_NOTICE and not blocked:
        actions.appoint(application, by=it.accounts["leader"])
