"""What the team did for whom in a year: services by kind, group, district and month (Articles 7 and 8)."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce, ExtractMonth

from experts.models import District
from expertteam import clock
from expertteam.figures import NO_CLIENT, UNKNOWN, Figure, Row, bars, columns, parted
from services.models import ClientGroup, Kind, Service

FIELDS = ("kind", "group", "mode", "request__district", "month")
APART = {NO_CLIENT, *(kind.label for kind in Service.FOR_MANY)}
LENGTH = Sum(Coalesce("ruled_minutes", "minutes"))
COUNTED = "服务对象已确认、回访属实或经核定的服务，按服务日期"


class Part(NamedTuple):
    """The services that have all of this in common, in words; ``minutes`` is the length that counts."""

    kind: str
    group: str
    mode: str
    district: str
    month: int
    number: int
    minutes: int


class Served:
    """The services of a year that count, by the day on which they took place, in one query."""

    def __init__(self, year: int, months: int):
        self.months = months
        self.parts = sorted(part(*row) for row in alike(year))

    def by(self, *names: str) -> Counter:
        """How many there are, by one of the fields or by a pair of them."""
        counts = Counter()
        for part in self.parts:
            key = tuple(getattr(part, name) for name in names)
            counts[key if len(names) > 1 else key[0]] += part.number
        return counts

    def rows(self, name: str) -> list[Row]:
        """The groups of one field as they may be told beside those of any other."""
        return parted(self.by(name), APART)

    @property
    def monthly(self) -> list[int]:
        """How many in each month that has begun."""
        counts = self.by("month")
        return [counts[month] for month in range(1, self.months + 1)]

    @property
    def number(self) -> int:
        return sum(part.number for part in self.parts)

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)

    @property
    def figures(self) -> list[Figure | None]:
        """What everybody may see of them."""
        if not self.parts:
            return []
        return [
            columns("每月服务", "{}的服务最多", COUNTED, "次", self.monthly),
            bars("各类服务", "{}的服务最多", f"{COUNTED}，按服务类型（第八条）", "次", self.rows("kind")),
            bars("各类服务对象", "服务{}最多", f"{COUNTED}，按服务对象类别（第七条）", "次", self.rows("group")),
            bars("各区县服务", "{}的服务最多", f"{COUNTED}，按预约时填的区县", "次", self.rows("district")),
        ]


def alike(year: int) -> QuerySet:
    """The services of the year that count, those together that have everything in common."""
    found = Service.objects.counted().filter(**within("started_at", year)).order_by()
    return found.annotate(month=ExtractMonth("started_at")).values_list(*FIELDS).annotate(Count("pk"), length=LENGTH)


def part(kind: str, group: str, mode: str, district: str | None, *numbers: int) -> Part:
    """The same in words; a talk or a review has no client of its own, everybody else may have said nothing."""
    unsaid = NO_CLIENT if kind in Service.FOR_MANY else UNKNOWN
    whom = ClientGroup(group).label if group and unsaid == UNKNOWN else unsaid
    where = District(district).label if district and unsaid == UNKNOWN else unsaid
    return Part(Kind(kind).label, whom, Service.Mode(mode).label, where, *numbers)


def within(field: str, year: int) -> dict:
    """A filter: the moment in this field lies in that year."""
    return {f"{field}__gte": clock.instant(date(year, 1, 1)), f"{field}__lt": clock.instant(date(year + 1, 1, 1))}
