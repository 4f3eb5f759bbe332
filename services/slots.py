"""Which times of which experts are free (Article 10(3)); what that means is decided in ``services.rules.slots``."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import DateField, IntegerField, TimeField, Value
from django.db.models.functions import Cast

from experts.models import Appointment, Expert
from expertteam import clock
from expertteam.models import CalendarDay, CalendarYear, Policy
from services.models import DayException, Engagement, Pause, PoolEntry, WeeklyHours
from services.rules import slots as rules

NUMBERS = ["slot_minutes", "monthly_cap", "booking_lead_hours", "booking_horizon_days"]
FARTHEST = timedelta(days=400)  # beyond it nothing is looked up, whatever an address says
LONGEST_HOLIDAY = timedelta(days=14)  # so far around a day its schedule is read
WEEKLY, PAUSE, HELD = "weekly", "pause", "held"


class Slot(NamedTuple):
    """A time at which an expert can be met; the id stands in addresses and forms: ``202610221400``."""

    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, starts_at: datetime, minutes: int) -> "Slot":
        return cls(starts_at, starts_at + timedelta(minutes=minutes))

    @property
    def id(self) -> str:
        return clock.local(self.starts_at).strftime("%Y%m%d%H%M")


class Facts(NamedTuple):
    """What holds for every expert alike."""

    now: datetime
    numbers: dict[str, int]
    years: set[int]
    named: dict[date, str]

    def kind(self, day: date) -> str | None:
        """What the published schedule says of a day; None where there is none."""
        return self.named.get(day, "") if day.year in self.years else None


class Timetable:
    """The times of one expert over the days that were read."""

    def __init__(self, facts: Facts):
        self.facts = facts
        self.terms: list[tuple[date, date, date | None]] = []
        self.pauses: list[tuple[date, date | None]] = []
        self.weekly: dict[int, list[rules.Span]] = {}
        self.days: dict[tuple[str, date], list[rules.Span]] = {}
        self.busy: list[tuple[datetime, datetime]] = []
        self.booked: list[date] = []
        self.cap, self.minutes = facts.numbers["monthly_cap"], facts.numbers["slot_minutes"]

    def slots(self, day: date) -> Iterator[tuple[Slot, bool]]:
        """Every slot of the day that could be booked, and whether it is taken."""
        facts, numbers = self.facts, self.facts.numbers
        if (
            not self.opens(day)
            or not rules.within_horizon(day, clock.local(facts.now).date(), numbers["booking_horizon_days"])
            or not rules.in_term(day, self.terms)
            or rules.paused(day, self.pauses)
            or rules.cap_reached(day, self.booked, self.cap)
        ):
            return
        for slot in self.pattern(day):
            if rules.bookable(slot.starts_at, facts.now, numbers["booking_lead_hours"]):
                yield slot, rules.clashes(slot.starts_at, slot.ends_at, self.busy)

    def free(self, day: date) -> Iterator[Slot]:
        return (slot for slot, taken in self.slots(day) if not taken)

    def closed(self, day: date) -> list[rules.Span]:
        """The hours of this one day that the expert closed."""
        return self.days.get((DayException.Kind.OFF, day), [])

    def opens(self, day: date) -> bool:
        """Whether the expert gave hours for it."""
        return day.weekday() in self.weekly or (DayException.Kind.EXTRA, day) in self.days

    def pattern(self, day: date) -> Iterator[Slot]:
        """The slots that the expert's hours make of the day."""
        if not self.opens(day):
            return
        extra = self.days.get((DayException.Kind.EXTRA, day), [])
        opening = rules.Opening(self.weekly.get(day.weekday(), []), self.closed(day), extra)
        for span in rules.open_spans(opening, rules.holiday(day, self.facts.kind)):
            for start in rules.starts(span, self.minutes):
                yield Slot.of(clock.instant(day, start.hour, start.minute), self.minutes)


def free(experts: Iterable[Expert | int], first_day: date, days: int, on_moment: datetime) -> dict[int, list[Slot]]:
    """The free slots of these experts (or their keys) on so many days, as they stand at that moment."""
    span = [first_day + timedelta(days=n) for n in range(days)]
    tables = timetables(experts, first_day, days, on_moment)
    return {expert: [slot for day in span for slot in table.free(day)] for expert, table in tables.items()}


def next_free(experts: Iterable[Expert | int]) -> dict[int, datetime]:
    """When each of them can be met next; whoever has no free slot is left out."""
    now = clock.now()
    first_day, days = window(now)
    span = [first_day + timedelta(days=n) for n in range(days)]
    found = {}
    for expert, table in timetables(experts, first_day, days, now).items():
        slot = next((slot for day in span for slot in table.free(day)), None)
        if slot:
            found[expert] = slot.starts_at
    return found


def slot_from(expert: Expert, id: str) -> Slot | None:
    """The free slot with this id, or None: taken by now, or never one."""
    try:
        day = date(int(id[:4]), int(id[4:6]), int(id[6:8]))
    except ValueError:
        return None
    if abs(day - clock.today()) > FARTHEST:
        return None
    return next((slot for slot in free([expert], day, 1, clock.now())[expert.pk] if slot.id == id), None)


def window(now: datetime) -> tuple[date, int]:
    """The days among which one can choose at that moment: the first, and how many."""
    today = clock.local(now).date()
    return today, Policy.objects.number("booking_horizon_days", today) + 1


def timetables(
    experts: Iterable[Expert | int], first_day: date, days: int, on_moment: datetime
) -> dict[int, Timetable]:
    """Everything that decides about the times of these experts on these days, in six queries for however many."""
    last_day = first_day + timedelta(days=days - 1)
    facts = read_facts(first_day, last_day, on_moment)
    tables = {getattr(expert, "pk", expert): Timetable(facts) for expert in experts}
    read_terms(tables, first_day, last_day)
    read_hours(tables, first_day, last_day)
    read_engagements(tables, first_day, last_day)
    return tables


def read_facts(first_day: date, last_day: date, now: datetime) -> Facts:
    around = first_day - LONGEST_HOLIDAY, last_day + LONGEST_HOLIDAY
    years = CalendarYear.objects.filter(year__range=(around[0].year, around[1].year)).values_list("year", flat=True)
    named = CalendarDay.objects.filter(date__range=around).values_list("date", "kind")
    return Facts(now, Policy.objects.numbers(NUMBERS, clock.local(now).date()), set(years), dict(named))


def read_terms(tables: dict[int, Timetable], first_day: date, last_day: date):
    """The terms that reach into these days, and with them how the expert keeps his diary."""
    terms = Appointment.objects.overlapping(first_day, last_day).filter(expert__in=tables).values_list(
        "expert", "first_day", "last_day", "void_from", "expert__diary__monthly_cap", "expert__diary__slot_minutes"
    )  # fmt: skip
    for expert, first, last, void, cap, minutes in terms:
        table = tables[expert]
        table.terms.append((first, last, void))
        table.cap = table.cap if cap is None else cap
        table.minutes = minutes or table.minutes


def read_hours(tables: dict[int, Timetable], first_day: date, last_day: date):
    """Weekly hours, days that differ, pauses: three tables of one shape, read in one query."""
    day, clock_time, number = (Cast(None, field()) for field in (DateField, TimeField, IntegerField))
    weekly = WeeklyHours.objects.values_list("expert", Value(WEEKLY), "weekday", day, day, "begins", "ends")
    special = DayException.objects.filter(date__range=(first_day, last_day)).values_list(
        "expert", "kind", number, "date", "date", "begins", "ends"
    )
    pauses = Pause.objects.standing(first_day).filter(first_day__lte=last_day).values_list(
        "expert", Value(PAUSE), number, "first_day", "last_day", clock_time, clock_time
    )  # fmt: skip
    chosen = [rows.filter(expert__in=tables).order_by() for rows in (weekly, special, pauses)]
    for expert, kind, weekday, first, last, begins, ends in chosen[0].union(*chosen[1:], all=True):
        table, span = tables[expert], rules.Span(begins, ends) if begins else rules.WHOLE_DAY
        if kind == WEEKLY:
            table.weekly.setdefault(weekday, []).append(span)
        elif kind == PAUSE:
            table.pauses.append((first, last))
        else:
            table.days.setdefault((kind, first), []).append(span)


def read_engagements(tables: dict[int, Timetable], first_day: date, last_day: date):
    """What is taken in the months of these days, so that the bookings of a month can be counted.

    The hour of a review is taken for its whole pool, but for those who have something else then (Article 10(4)).
    """
    begins = clock.instant(first_day.replace(day=1))
    ends = clock.instant((last_day.replace(day=1) + timedelta(days=32)).replace(day=1))
    taken = Engagement.objects.between(begins, ends).filter(expert__in=tables).order_by()
    pool = PoolEntry.objects.held(begins, ends).filter(expert__in=tables).order_by()
    held = pool.values_list("expert", "draw__panel__starts_at", "draw__panel__ends_at", Value(HELD))
    rows = taken.values_list("expert", "starts_at", "ends_at", "purpose").union(held, all=True)
    for expert, starts_at, ends_at, purpose in sorted(rows, key=lambda row: row[3] == HELD):
        if purpose == HELD and rules.clashes(starts_at, ends_at, tables[expert].busy):
            continue
        tables[expert].busy.append((starts_at, ends_at))
        if purpose == Engagement.Purpose.SESSION:
            tables[expert].booked.append(clock.local(starts_at).date())
