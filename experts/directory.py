"""What a visitor looks for in the directory, among those who are listed and in what they agreed to show.

Everybody listed stands on a ``Roll`` in memory, made anew after every change of a public fact; filters,
the counts beside them, words and ranks cost the database nothing.  ``docs/decisions/0004-search.md``
has the measurements.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache, reduce
from itertools import chain, compress
from operator import and_, or_

from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast

from experts import openings, standing_figures
from experts.cards import Card
from experts.models import Appointment, Expert, PublicField, Speciality, Topic
from expertteam import clock, freshness, search

SOONEST, ABLE = "soonest", ("free", "full")
NEVER = datetime.max.replace(tzinfo=UTC)  # comes after everybody who can be met
CARD = ["no", "employer", "position", "title", "line", "biography", "district", "visits", "public_fields", "user__name"]


def advising_in(topics: list[str]) -> Q:
    """In any of these fields of Article 8(1)."""
    return Q(Exists(Speciality.objects.filter(expert=OuterRef("pk"), topic__in=topics)))


class Roll:
    """Everybody listed on a day in the order of their names, and who of them each choice of a filter means.

    A person is known here by the place on the roll.  A set of people is a number with one bit for each
    place: to combine and to count such sets takes microseconds however many people there are.
    """

    def __init__(self, on: date):
        place, members = {}, defaultdict(set)
        for pk, topic, category, district, visits, shown in rows(on):
            here = place.setdefault(pk, len(place))
            members["topic", topic].add(here)
            members["kind", category].add(here)
            if f'"{PublicField.DISTRICT}"' in shown:
                members["area", district].add(here)
            if visits:
                members["visit", True].add(here)
        self.people, self.everybody = list(place), (1 << len(place)) - 1
        texts = dict(Expert.objects.filter(pk__in=Expert.objects.listed(on)).values_list("pk", "search_text"))
        self.texts = [texts.get(pk, "") for pk in self.people]
        self.choices = {"topic": {}, "area": {}, "kind": {}, "visit": {}}
        for (name, value), places in members.items():
            self.choices[name][value] = self.bits(places)
        self.cards: dict[int, str] = {}  # by place, as far as they were asked for with nothing to mark in them
        self.openings: dict[int, openings.Opening] = {}  # by place, as far as anybody asked
        self.figures: dict[int, standing_figures.Figures | None] = {}  # by place, likewise

    def bits(self, places: Iterable[int]) -> int:
        """These places as a set."""
        octets = bytearray(len(self.people) // 8 + 1)
        for place in places:
            octets[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(octets, "little")

    def places(self, members: int) -> Iterable[int]:
        """The places of this set, in order."""
        return compress(range(len(self.people)), map(int, reversed(f"{members:b}")))

    def mentioning(self, words: list[str]) -> list[int]:
        """The places of those whose public text has every one of the words, the best first, equals by name."""
        places = range(len(self.people)) if words else ()
        for word in words:
            places = [place for place in places if word in self.texts[place]]
        ranked = [[] for _ in search.RANKS]
        for place in places:
            ranked[search.rank(self.texts[place], words)].append(place)
        return [*chain(*ranked)]

    def rated(self, places: Sequence[int]) -> dict[int, standing_figures.Figures | None]:
        """How content the clients of the people at these places were; asked as rarely."""
        asked = [place for place in places if place not in self.figures]
        found = standing_figures.told(self.people[place] for place in asked) if asked else {}
        self.figures |= {place: found.get(self.people[place]) for place in asked}
        return self.figures

    def told(self, places: Sequence[int]) -> dict[int, openings.Opening]:
        """When the people at these places can be met; asked once for each as long as this roll lasts."""
        asked = [place for place in places if place not in self.openings]
        found = openings.told(self.people[place] for place in asked)
        self.openings |= {place: found[self.people[place]] for place in asked if found}
        return self.openings

    def free(self, when: openings.When, today: date) -> int:
        """Who has a free time in this part of the coming days, as a set."""
        told = self.told(range(len(self.people))).items()
        return self.bits(place for place, opening in told if any(when.holds(day, today) for day in opening.days))

    def soonest(self, places: Iterable[int]) -> list[int]:
        """The places by when their people can be met, equals as they stood; of whom no time is known come last."""
        told = self.told(range(len(self.people)))
        able = {place: opening.next for place, opening in told.items() if opening.state in ABLE}
        return sorted(places, key=lambda place: able.get(place, NEVER))

    def experts(self, places: list[int]) -> dict[int, Expert]:
        """As much as a card shows of the people at these places, by place."""
        people = Expert.objects.select_related("user").only(*CARD).in_bulk(self.people[place] for place in places)
        experts = {place: people[self.people[place]] for place in places}
        for place, expert in experts.items():
            expert.topics = [topic for topic in Topic if self.choices["topic"].get(topic, 0) >> place & 1]
        return experts


def rows(on: date):
    """Each listed person once for each field, by name."""
    terms = Appointment.objects.in_force(on).filter(expert__in=Expert.objects.listed(on))
    ordered = terms.order_by("expert__reading", "expert__no")
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


class Search:
    """The experts listed on a day who meet what is wanted: ``q`` and the filters by name, empty ones left out."""

    def __init__(self, wanted: dict, on: date):
        self.roll = roll(freshness.revision(), clock.now().replace(second=0, microsecond=0), on)
        self.words = search.words(wanted.get("q") or "")
        self.ranked = self.roll.mentioning(self.words)
        self.by_time, self.on = wanted.get("sort") == SOONEST, on
        self.sets = {name: self.meaning(name, value) for name, value in wanted.items() if value and name != "sort"}

    def meaning(self, name: str, value) -> int:
        """Whom one condition leaves; several values of a filter mean any of them."""
        if name == "q":
            return self.roll.bits(self.ranked)
        if name == "when":
            return self.roll.free(openings.When(value), self.on)
        people = self.roll.choices[name]
        return reduce(or_, (people.get(each, 0) for each in (value if isinstance(value, list) else [value])))

    def meeting(self, without: str = "") -> int:
        """Who meets every condition, or all but one."""
        return reduce(and_, (people for name, people in self.sets.items() if name != without), self.roll.everybody)

    def found(self) -> Sequence[int]:
        """Their places on the roll, by name, by how well the words fit, or by when they can be met."""
        return self.roll.soonest(self.by_name()) if self.by_time else self.by_name()

    def by_name(self) -> Sequence[int]:
        members = self.meeting()
        if members == self.sets.get("q", self.roll.everybody):
            return self.ranked if "q" in self.sets else range(len(self.roll.people))
        met = set(self.roll.places(members))
        return [place for place in self.ranked if place in met] if "q" in self.sets else sorted(met)

    def few(self, count: int, turn: int) -> list[Expert]:
        """The first who can be met; while no times are known others at every turn, so that nobody is always first."""
        total = len(self.roll.people)
        told = self.roll.told(range(total))
        able = [place for place in self.roll.soonest(range(total)) if place in told and told[place].state in ABLE]
        others = [(turn * count + n) % total for n in range(min(count, total))]
        experts = self.roll.experts(able[:count] or others)
        rated = self.roll.rated(list(experts))
        for place, expert in experts.items():
            expert.card = Card(expert, opening=told.get(place), figures=rated[place])
        return list(experts.values())

    def counts(self) -> dict[str, dict]:
        """By filter and value: how many there would be with it, all other conditions kept."""
        return {name: count(people, self.meeting(without=name)) for name, people in self.roll.choices.items()}

    def best_removal(self) -> tuple[str, int]:
        """The condition that costs most, and how many are found without it; ``("", 0)`` if dropping one never helps."""
        counts = {name: self.meeting(without=name).bit_count() for name in self.sets}
        name = max(counts, key=counts.get, default="")
        return (name, counts[name]) if counts.get(name) else ("", 0)


def count(people: dict, others: int) -> dict:
    """How many of those who meet the other conditions each value means."""
    return {value: (members & others).bit_count() for value, members in people.items()}
