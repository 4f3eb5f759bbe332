"""What a visitor looks for in the directory, among those who are listed and in what they agreed to show.

Everybody listed is held in memory as a ``Roll``, so that filters and the counts beside them cost the
database nothing; words are looked for by the database, in one scan.  ``docs/decisions/0004-search.md``
has the measurements.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache, reduce
from itertools import compress
from operator import and_, or_

from django.db.models import Case, Exists, OuterRef, Q, TextField, Value, When
from django.db.models.functions import Cast, StrIndex
from django.db.models.lookups import LessThan

from experts.models import Appointment, Expert, PublicField, Speciality, Topic
from expertteam import clock, freshness, search


def advising_in(topics: list[str]) -> Q:
    """In any of these fields of Article 8(1)."""
    return Q(Exists(Speciality.objects.filter(expert=OuterRef("pk"), topic__in=topics)))


CARD = ["no", "employer", "position", "title", "line", "biography", "district", "visits", "public_fields", "user__name"]


class Roll:
    """Everybody listed on a day in the order of their names, and who of them each choice of a filter means.

    A set of people is a number with one bit for each place on the roll: to combine and to count such
    sets takes microseconds however many people there are.
    """

    def __init__(self, on: date):
        self.place, self.labels, places = {}, defaultdict(list), defaultdict(set)
        for pk, topic, category, district, visits, shown in rows(on):
            place = self.place.setdefault(pk, len(self.place))
            places["topic", topic].add(place)
            places["kind", category].add(place)
            if f'"{PublicField.DISTRICT}"' in shown:
                places["area", district].add(place)
            if visits:
                places["visit", True].add(place)
            if topic:
                self.labels[pk].append(Topic(topic).label)
        self.people = list(self.place)
        self.everybody = (1 << len(self.people)) - 1
        self.choices = {"topic": {}, "area": {}, "kind": {}, "visit": {}}
        for (name, value), members in places.items():
            self.choices[name][value] = self.bits(members)
        self.cards: dict[int, str] = {}  # as far as they were asked for without anything to mark in them

    def bits(self, places: Iterable[int]) -> int:
        """These places as a set."""
        octets = bytearray(len(self.place) // 8 + 1)
        for place in places:
            octets[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(octets, "little")

    def in_order(self, members: int) -> list[int]:
        """The primary keys of this set, by name."""
        if members == self.everybody:
            return self.people
        return list(compress(self.people, map(int, reversed(f"{members:b}"))))

    def experts(self, keys: list[int]) -> list[Expert]:
        """Of these people as much as a card shows, in no order."""
        experts = list(Expert.objects.filter(pk__in=keys).select_related("user").only(*CARD))
        for expert in experts:
            expert.topic_labels = self.labels[expert.pk]
        return experts


def rows(on: date):
    """Each listed person once for each field, by name: the one query behind a roll."""
    terms = Appointment.objects.in_force(on).filter(expert__in=Expert.objects.listed(on))
    ordered = terms.order_by("expert__reading", "expert__no", "expert__specialities__pk")
    return ordered.values_list(
        "expert_id",
        "expert__specialities__topic",
        "category",
        "expert__district",
        "expert__visits",
        Cast("expert__public_fields", TextField()),  # to read JSON takes half as long as all the rest
    )


@lru_cache(maxsize=2)
def roll(revision: str, minute: datetime, on: date) -> Roll:
    """The roll as it is at this revision of the public facts; made anew after every change and every minute."""
    return Roll(on)


def hits(words: list[str]) -> list[int]:
    """The primary keys of all whose public text has every one of the words, the best first."""
    if not words:
        return []
    found = Expert.objects.filter(each(words, and_, "contains")).order_by(rank(words), "no")
    return list(found.values_list("pk", flat=True))


def each(words, joined: Callable, lookup: str) -> Q:
    return reduce(joined, (Q(**{f"search_text__{lookup}": word}) for word in words))


def before(words: list[str], end: str) -> Q:
    """Any of the words stands before this mark in the text."""
    return reduce(
        or_, (Q(LessThan(StrIndex("search_text", Value(word)), StrIndex("search_text", Value(end)))) for word in words)
    )


def rank(words: list[str]) -> Case:
    """Whose name it is, whose name begins so, whose name or its reading has it, whose field it is, and the rest."""
    return Case(
        When(search_text__startswith="".join(words) + "\n", then=0),
        When(each(words, or_, "startswith"), then=1),
        When(before(words, search.FIRST_ENDS), then=2),
        When(before(words, search.SECOND_ENDS), then=3),
        default=4,
    )


class Search:
    """The experts listed on a day who meet what is wanted: ``q`` and the filters by name, empty ones left out."""

    def __init__(self, wanted: dict, on: date):
        self.roll = roll(freshness.revision(), clock.now().replace(second=0, microsecond=0), on)
        self.wanted = {name: value for name, value in wanted.items() if value}
        self.words = search.words(self.wanted.get("q", ""))
        self.ranked = hits(self.words) if "q" in self.wanted else None
        self.sets = {name: self.meaning(name, value) for name, value in self.wanted.items()}

    def meaning(self, name: str, value) -> int:
        """Whom one condition leaves; several values of a filter mean any of them."""
        if name == "q":
            return self.roll.bits(self.roll.place[pk] for pk in self.ranked if pk in self.roll.place)
        people = self.roll.choices[name]
        return reduce(or_, (people.get(each, 0) for each in (value if isinstance(value, list) else [value])))

    def meeting(self, without: str = "") -> int:
        """Who meets every condition, or all but one."""
        return reduce(and_, (people for name, people in self.sets.items() if name != without), self.roll.everybody)

    def found(self) -> list[int]:
        """Their primary keys by the name's reading, or by how well the words fit."""
        order = self.roll.in_order(self.meeting())
        if self.ranked is not None:
            chosen = set(order)
            return [pk for pk in self.ranked if pk in chosen]
        return order

    def counts(self) -> dict[str, dict]:
        """By filter and value: how many there would be with it, all other conditions kept."""
        return {name: self.counted(people, self.meeting(without=name)) for name, people in self.roll.choices.items()}

    def counted(self, people: dict, others: int) -> dict:
        return {value: (members & others).bit_count() for value, members in people.items()}

    def best_removal(self) -> tuple[str, int]:
        """The condition that costs most, and how many are found without it; ``("", 0)`` if dropping one never helps."""
        counts = {name: self.meeting(without=name).bit_count() for name in self.sets}
        name = max(counts, key=counts.get, default="")
        return (name, counts[name]) if counts.get(name) else ("", 0)
