"""What is known of every expert with regard to one request, read for all of them at once (Articles 3, 7, 10(3), 14)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, Exists, FilteredRelation, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from experts.actions import SECRECY
from experts.models import Disclosure, District, Expert, Topic
from experts.rules import Interest, Tie, related
from expertteam import clock
from expertteam.models import Consent
from services import slots
from services.models import ClientGroup, Offer, Place, Service, ServiceRequest, Wish
from services.rules.facts import Need, Person
from services.rules.slots import clashes
from services.suspension import suspended

ASKED = [Offer.State.DECLINED, Offer.State.LAPSED, Offer.State.STOOD_DOWN, Offer.State.ABSENT]
NOT_DONE = [Service.State.DRAFT, Service.State.REJECTED]
FORENOTICE = timedelta(hours=48)  # whoever left the time to the centre can then still change it by himself
DAYS_READ = 60  # how far times are looked at, and terms that follow the present one


class Row(NamedTuple):
    """What one query says of an expert; he has a row for each of his topics."""

    pk: int
    no: str
    name: str
    district: str
    visits: bool
    employer: str
    employer_code: str
    user: int
    phone_index: str | None
    pledged: bool
    topic: str | None
    asked: str | None
    held_from: datetime | None
    held_to: datetime | None
    pending: int


class Known:
    """Every expert in term, and whoever else is asked about, as things stand now for this request."""

    def __init__(self, request: ServiceRequest, also: Iterable[Expert] = ()):
        self.request, self.today = request, clock.today()
        self.rows = self.read(also)
        self.need = need_of(request)
        self.records = records_of(request, self.month)
        self.interests = interests_of(self.rows)
        self.suspended = suspended(self.today)
        self.tables = self.read_times()

    def read(self, also) -> dict[int, list[Row]]:
        """Everybody in term today, with what became of this request where he was asked, and his hold on it."""
        untimed = Offer.objects.live().filter(expert=OuterRef("pk"), starts_at=None).exclude(request=self.request)
        counted = untimed.order_by().values("expert").annotate(n=Count("pk")).values("n")
        held = Q(engagements__request=self.request, engagements__live=True)
        before = Q(offers__request=self.request, offers__state__in=ASKED)
        everybody = Expert.objects.serving(self.today)
        if also:
            everybody = everybody | Expert.objects.filter(pk__in=[expert.pk for expert in also])
        pledged = Consent.objects.standing(SECRECY).filter(user=OuterRef("user"))
        found = everybody.alias(
            hold=FilteredRelation("engagements", condition=held), before=FilteredRelation("offers", condition=before)
        ).values_list(
            "pk", "no", "user__name", "district", "visits", "employer", "employer_code", "user", "user__phone_index", Exists(pledged),
            "specialities__topic", "before__state", "hold__starts_at", "hold__ends_at",
            Coalesce(Subquery(counted, IntegerField()), Value(0)),
        ).order_by("no")  # fmt: skip
        rows = {}
        for each in map(Row._make, found):
            rows.setdefault(each.pk, []).append(each)
        return rows

    def read_times(self) -> dict[int, slots.Timetable]:
        """Their times; what they hold for this very request takes nothing from them."""
        asked = clock.local(self.request.starts_at).date() if self.request.starts_at else self.today
        first_day, last_day = min(self.today, asked), max(self.today, asked) + timedelta(days=DAYS_READ)
        self.span = [self.today + timedelta(days=n) for n in range(DAYS_READ)]
        tables = slots.timetables(self.rows, first_day, (last_day - first_day).days, clock.now())
        for pk, (row, *_) in self.rows.items():
            if row.held_from and (row.held_from, row.held_to) in tables[pk].busy:
                tables[pk].busy.remove((row.held_from, row.held_to))
                tables[pk].booked.remove(clock.local(row.held_from).date())
        return tables

    @property
    def month(self) -> date:
        """The first day of the month in which the meeting is to be."""
        return clock.local(self.request.starts_at or clock.now()).date().replace(day=1)

    @cached_property
    def served(self) -> dict[int, int]:
        """What each has done and arranged in that month: meetings, services without a booking, offers without a time."""
        month = (self.month.year, self.month.month)
        return {
            pk: sum((day.year, day.month) == month for day in self.tables[pk].booked)
            + self.record(pk)["unbooked"]
            + rows[0].pending
            for pk, rows in self.rows.items()
        }

    @cached_property
    def average(self) -> float:
        return sum(self.served.values()) / len(self.served) if self.served else 0.0

    @cached_property
    def people(self) -> dict[int, Person]:
        """All of them, as the rules look at them."""
        return {pk: self.person(pk) for pk in self.rows}

    def record(self, pk) -> dict:
        return self.records.get(pk, {"unbooked": 0, "services": 0, "helped": 0, "displeased": 0})

    def person(self, pk: int) -> Person:
        """What the rules look at."""
        rows, table, record = self.rows[pk], self.tables[pk], self.record(pk)
        row, request = rows[0], self.request
        own_phone = row.phone_index is not None and row.phone_index == request.phone_index
        return Person(
            no=row.no,
            topics=frozenset(Topic(each.topic).label for each in rows if each.topic),
            district=District(row.district).label if row.district else "",
            visits=row.visits,
            terms=tuple(table.terms),
            pauses=tuple(table.pauses),
            is_client=row.user == request.client_id or own_phone,
            related=related(
                self.interests.get(pk, []), name=request.name, enterprise=request.enterprise,
                code=request.enterprise_code, on=self.today,
            ) or "",
            answered=Offer.State(row.asked).label if row.asked else "",
            suspended=pk in self.suspended,
            pledged=row.pledged,
            cap=table.cap,
            booked=tuple(table.booked),
            served=self.served[pk],
            average=self.average,
            helped=record["helped"],
            services=record["services"],
            displeased=bool(record["displeased"]),
            free=self.is_free(table),
            soonest=self.soonest(table),
        )  # fmt: skip

    def is_free(self, table: slots.Timetable) -> bool | None:
        """Whether the asked time is free; None where none is asked or no hours are published."""
        begins, ends = self.request.starts_at, self.request.ends_at
        if not begins:
            return None
        if clashes(begins, ends, table.busy):
            return False
        if not publishes(table):
            return None
        return covered(begins, ends, table.pattern(clock.local(begins).date()))

    def soonest(self, table: slots.Timetable) -> datetime | None:
        """The first free time in good time that suits the client, or else the first; an asked time is that or none."""
        if self.request.starts_at or not publishes(table):
            return None
        in_time = None
        for slot in self.free(table, clock.now() + FORENOTICE):
            if suits(slot.starts_at, self.request.wishes):
                return clock.local(slot.starts_at)
            in_time = in_time or slot
        found = in_time or next(self.free(table, clock.now()), None)
        return found and clock.local(found.starts_at)

    def free(self, table: slots.Timetable, since: datetime) -> Iterator[slots.Slot]:
        """The free times from that moment on, one after the other."""
        first = clock.local(since).date()
        return (slot for day in self.span if day >= first for slot in table.free(day) if slot.starts_at >= since)


def need_of(request: ServiceRequest) -> Need:
    """What the request asks for, as the rules read it."""
    named = request.group and request.group != ClientGroup.OTHER
    return Need(
        topics=tuple(Topic(topic).label for topic in request.topics),
        group=ClientGroup(request.group).label if named else "",
        district=District(request.district).label if request.district else "",
        visit=request.place == Place.VISIT,
        online=request.place == Place.ONLINE,
        starts_at=request.starts_at and clock.local(request.starts_at),
        wanted=request.wanted.no if request.wanted else "",
    )


def records_of(request: ServiceRequest, month: date) -> dict[int, dict]:
    """What each expert has done: in all, for this group, for this client who was dissatisfied, unbooked that month."""
    begins, ends = clock.instant(month), clock.instant((month + timedelta(days=32)).replace(day=1))
    done = Service.objects.exclude(state__in=NOT_DONE).order_by()
    same_group = done.filter(group=request.group, state__in=Service.COUNTED)
    kinds = {
        "services": done,
        "unbooked": done.filter(request=None, activity=None, started_at__gte=begins, started_at__lt=ends),
        "helped": same_group.exclude(satisfied=False).exclude(group=""),
        "displeased": done.filter(phone_index=request.phone_index, phone_index__isnull=False, satisfied=False),
    }
    first, *others = [
        rows.values_list("expert", Value(kind)).annotate(times=Count("pk")) for kind, rows in kinds.items()
    ]
    found: dict[int, dict] = {}
    for expert, kind, times in first.union(*others, all=True):
        found.setdefault(expert, dict.fromkeys(kinds, 0))[kind] = times
    return found


def interests_of(rows: dict[int, list[Row]]) -> dict[int, list[Interest]]:
    """What each declared, and where he works."""
    found = {
        pk: [Interest(Tie.EMPLOYER, row.employer, row.employer_code)] for pk, (row, *_) in rows.items() if row.employer
    }
    for disclosure in Disclosure.objects.filter(expert__in=rows).order_by("pk"):
        found.setdefault(disclosure.expert_id, []).append(disclosure.interest)
    return found


def publishes(table: slots.Timetable) -> bool:
    """Whether there are hours that anybody can choose from."""
    return bool(table.weekly) or any(kind == "extra" for kind, _ in table.days)


def covered(begins: datetime, ends: datetime, pattern: Iterable[slots.Slot]) -> bool:
    """Whether one slot, or several without a gap, hold the whole of it."""
    reached = begins
    for slot in pattern:
        if slot.starts_at <= reached < slot.ends_at:
            reached = slot.ends_at
    return reached >= ends


def suits(starts_at: datetime, wishes: list[str]) -> bool:
    """Whether the client, who leaves the time to the centre, likes this one."""
    at = clock.local(starts_at)
    if at.weekday() >= 5:
        return not wishes or Wish.WEEKEND in wishes
    return not wishes or (Wish.MORNING if at.hour < 12 else Wish.AFTERNOON) in wishes
