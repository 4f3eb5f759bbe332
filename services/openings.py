"""What the pages of experts say of their times (Article 10(3)): told downward, where nobody knows of hours."""

from collections.abc import Iterable
from datetime import date, timedelta

from experts.models import Expert
from experts.openings import LOOKED_AT, Opening, Provider, Slot, next_monday
from expertteam import clock
from expertteam.models import Policy
from services import slots
from services.models import DayException, Pause, WeeklyHours
from services.rules import slots as rules


def openings(experts: Iterable[int]) -> dict[int, Opening]:
    """When each of these experts can be met; only of those who keep hours or pause is there anything to work out."""
    now, today, asked = clock.now(), clock.today(), list(experts)
    numbers = Policy.objects.numbers(["booking_horizon_days", "answer_days"], today)
    days = [today + timedelta(days=n) for n in range(numbers["booking_horizon_days"] + 1)]
    keeping = keeping_hours(today) & set(asked)
    tables = slots.timetables(keeping, today, len(days), now) if keeping else {}
    unknown = Opening(answer_days=numbers["answer_days"])
    found = {expert: opening(table, days)._replace(answer_days=unknown.answer_days) for expert, table in tables.items()}
    return {expert: found.get(expert, unknown) for expert in asked}


def keeping_hours(today: date) -> set[int]:
    """The experts of whom the calendar knows anything: hours of the week, days opened, pauses."""
    weekly = WeeklyHours.objects.order_by().values_list("expert")
    extra = DayException.objects.filter(kind=DayException.Kind.EXTRA, date__gte=today).order_by().values_list("expert")
    paused = Pause.objects.standing(today).order_by().values_list("expert")
    return {expert for (expert,) in weekly.union(extra, paused)}


def opening(table: slots.Timetable, days: list[date]) -> Opening:
    """What a card says of these times: the first free one, the days of the next weeks that have one."""
    today, seen, first = days[0], [], None
    for day in days:
        if day - today >= LOOKED_AT and first:
            break
        free = next(iter(table.free(day)), None)
        if free:
            first = first or free.starts_at
            seen += [day] if day - today < LOOKED_AT else []
    pauses = [last for begins, last in table.pauses if rules.paused(today, [(begins, last)])]
    return Opening(
        next=first,
        paused=bool(pauses),
        paused_until=None if None in pauses else max(pauses, default=None),
        week_full=week_full(table, days, seen),
        published=bool(table.weekly) or any(kind == DayException.Kind.EXTRA for kind, _ in table.days),
        days=tuple(seen),
    )


def week_full(table: slots.Timetable, days: list[date], free: list[date]) -> bool:
    """Nothing of this week is free any more, though early enough to be asked for he has hours in it."""
    week = [day for day in days if day < next_monday(days[0])]
    if not week or (free and free[0] in week):
        return False
    lead = table.facts.numbers["booking_lead_hours"]
    in_time = (slot for day in week for slot in table.pattern(day) if not rules.paused(day, table.pauses))
    return any(rules.bookable(slot.starts_at, table.facts.now, lead) for slot in in_time)


def days(expert: Expert, first_day: date) -> list[tuple[date, list[Slot]]]:
    """The days from this one on that have a free time, each with all its times."""
    now = clock.now()
    today, count = slots.window(now)
    table = slots.timetables([expert], today, count, now)[expert.pk]
    span = [day for n in range(count) if (day := today + timedelta(days=n)) >= first_day]
    found = [(day, [Slot(slot.id, slot.starts_at, taken) for slot, taken in table.slots(day)]) for day in span]
    return [(day, times) for day, times in found if not all(each.taken for each in times)]


PROVIDER = Provider(openings=openings, days=days, book="services:book")
