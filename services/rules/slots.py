"""When an expert can be met (Article 10(3)): periods of a day in local time, the end never part of them."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from expertteam.regulation import article

ONE_DAY = timedelta(days=1)
OFF_DAYS = {"holiday", "rest"}  # how a published schedule calls the days off that it names


class Span(NamedTuple):
    """A period of one day, half open."""

    begins: time
    ends: time


class Opening(NamedTuple):
    """What an expert said of one day: the hours of its weekday, the day's own closed and additional ones."""

    weekly: list[Span]
    off: list[Span]
    extra: list[Span]


WHOLE_DAY = Span(time.min, time.max)


@article("10(3)")
def holiday(day: date, kind: Callable[[date], str | None]) -> bool | None:
    """在约定时间、地点进行面对面指导: nobody is met on the days of a holiday unless the expert opens the day himself.

    ``kind`` says of a day what its published schedule says (``holiday``, ``rest``, ``workday``, else nothing), and None
    where none is published; then nothing is known of the day.  A schedule names only days that differ from their
    weekday; the weekend days that adjoin them are part of the same holiday (of 1 to 7 October 2026 it does not name
    Sunday the 4th).  An ordinary weekend is none.
    """
    if kind(day) is None:
        return None
    if not is_off(day, kind):
        return False
    run = [kind(each) for each in (day, *adjoining(day, -ONE_DAY, kind), *adjoining(day, ONE_DAY, kind))]
    if any(each in OFF_DAYS for each in run):
        return True
    return None if None in run else False


def adjoining(day: date, step: timedelta, kind: Callable[[date], str | None]) -> Iterator[date]:
    """The days off that follow without a gap in one direction, up to the first one of which nothing is known."""
    while is_off(day := day + step, kind):
        yield day
    if kind(day) is None:
        yield day


def is_off(day: date, kind: Callable[[date], str | None]) -> bool:
    """Named as a day off, or a weekend that nothing is said of."""
    named = kind(day)
    return named in OFF_DAYS or (named == "" and day.weekday() >= 5)


@article("10(3)")
def open_spans(opening: Opening, holiday: bool | None) -> list[Span]:
    """在约定时间、地点进行面对面指导: the periods of a day in which the expert can be met.

    The hours of the weekday without those closed that day, and those opened that day, which also open a holiday.  Where
    nobody knows whether the day is one (None), it is not offered.  A Saturday or Sunday worked in place of another day
    goes by the hours of its own weekday: whose place it takes binds offices, not experts.
    """
    if holiday is None:
        return []
    weekly = [] if holiday else opening.weekly
    for closed in opening.off:
        weekly = [rest for span in weekly for rest in without(span, closed)]
    return joined([*weekly, *opening.extra])


def without(span: Span, closed: Span) -> list[Span]:
    """What is left of a period when another is taken out."""
    before = Span(span.begins, min(span.ends, closed.begins))
    after = Span(max(span.begins, closed.ends), span.ends)
    return [each for each in (before, after) if each.begins < each.ends]


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same periods in order, those that touch made one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.begins <= found[-1].ends:
            found[-1] = Span(found[-1].begins, max(found[-1].ends, span.ends))
        else:
            found.append(span)
    return found


@article("10(3)")
def starts(span: Span, minutes: int) -> Iterator[time]:
    """约定时间: the beginnings of the slots of a period, one after the other from its start; a rest is no slot.

    Taken time does not move them, so that they stay on the hours that the expert wrote.
    """
    at, length = datetime.combine(date.min, span.begins), timedelta(minutes=minutes)
    end = datetime.combine(date.min, span.ends)
    while at + length <= end:
        yield at.time()
        at += length


@article("10(3)")
def clashes(begins: datetime, ends: datetime, busy: Iterable[tuple[datetime, datetime]]) -> bool:
    """约定时间: one expert meets one party at a time; where one meeting ends the next may begin."""
    return any(taken < ends and over > begins for taken, over in busy)


@article("10(3)")
def bookable(starts_at: datetime, now: datetime, lead_hours: int) -> bool:
    """预约: asked for early enough to be matched and answered; exactly so many hours ahead is early enough."""
    return starts_at >= now + timedelta(hours=lead_hours)


@article("10(3)")
def within_horizon(day: date, today: date, days: int) -> bool:
    """预约: from today to so many days ahead, that day included."""
    return today <= day <= today + timedelta(days=days)


@article("10(3)")
def paused(day: date, pauses: Iterable[tuple[date, date | None]]) -> bool:
    """由市创就业服务中心匹配创业就业专家: not one who takes no bookings on that day; both days of a pause belong to it."""
    return any(first <= day and (last is None or day <= last) for first, last in pauses)


@article("10(3)")
def cap_reached(day: date, booked: Iterable[date], cap: int) -> bool:
    """由市创就业服务中心匹配创业就业专家: within what he takes on in a calendar month, by the day of the meeting."""
    return sum((each.year, each.month) == (day.year, day.month) for each in booked) >= cap


@article("3", "10(3)")
def in_term(day: date, terms: Iterable[tuple[date, date, date | None]]) -> bool:
    """聘期届满后聘任关系自动终止: on the day of the meeting he must be an expert still.

    ``terms`` as first day, last day (inclusive) and the first day that no longer holds, if any.
    """
    return any(first <= day <= last and (void is None or day < void) for first, last, void in terms)
