"""What a visitor looks for in the directory, as conditions on what the experts agreed to show."""

from collections.abc import Callable
from datetime import date

from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.db.models.lookups import Contains

from experts.models import Appointment, Expert, ExpertQuerySet, PublicField, Speciality, Topic


def shown(field: PublicField) -> Q:
    """Where the person agreed to show this field; written as text because SQLite cannot look into JSON lists."""
    return Q(Contains(Cast("public_fields", TextField()), f'"{field}"'))


def advising_in(topics: list[str], on: date) -> Q:
    """In any of these fields of Article 8(1)."""
    return Q(Exists(Speciality.objects.filter(expert=OuterRef("pk"), topic__in=topics)))


def of_category(number: int, on: date) -> Q:
    """Appointed under this item of Article 5 in the term that runs on that day."""
    return Q(Exists(Appointment.objects.in_force(on).filter(expert=OuterRef("pk"), category=number)))


def in_district(code: str, on: date) -> Q:
    return Q(district=code) & shown(PublicField.DISTRICT)


def visiting(wanted: bool, on: date) -> Q:
    return Q(visits=True)


def mentioning(words: str, on: date) -> Q:
    """Every word occurs somewhere in what the page shows."""
    found = Q()
    for word in words.split():
        found &= mention(word, on)
    return found


def mention(word: str, on: date) -> Q:
    topics = [value for value, label in Topic.choices if word in label]
    return (
        Q(user__name__icontains=word)
        | Q(line__icontains=word)
        | Q(title__icontains=word) & shown(PublicField.TITLE)
        | (Q(employer__icontains=word) | Q(position__icontains=word)) & shown(PublicField.EMPLOYER)
        | Q(biography__icontains=word) & shown(PublicField.BIOGRAPHY)
        | advising_in(topics, on)
    )


CONDITIONS: dict[str, Callable[..., Q]] = {
    "q": mentioning,
    "topic": advising_in,
    "kind": of_category,
    "area": in_district,
    "visit": visiting,
}


class Search:
    """The experts listed on a day who meet what is wanted: values by the names of ``CONDITIONS``, empty ones left out."""

    def __init__(self, wanted: dict, on: date):
        self.listed = Expert.objects.listed(on)
        self.conditions = {name: CONDITIONS[name](value, on) for name, value in wanted.items() if value}

    def found(self, without: str = "") -> ExpertQuerySet:
        """Those who meet every condition, or all but one."""
        return self.listed.filter(*(each for name, each in self.conditions.items() if name != without))

    def best_removal(self) -> tuple[str, int]:
        """The condition that costs most, and how many are found without it; ``("", 0)`` if dropping one never helps."""
        counts = {name: self.found(without=name).count() for name in self.conditions}
        name = max(counts, key=counts.get, default="")
        return (name, counts[name]) if counts.get(name) else ("", 0)
