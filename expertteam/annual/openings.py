"""Where the rows stand that a number of the annual report counts: a register, and what its address has to ask."""

from collections.abc import Collection, Mapping
from itertools import combinations_with_replacement
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib.auth import get_permission_codename
from django.db.models import Model
from django.urls import reverse

from expertteam.figures import REST, span
from expertteam.workflow import may

ALL = "合计"
Asked = Mapping[str, list]  # filters of a register: what each of them is asked for, any of it


class Rows(NamedTuple):
    """The rows behind the numbers of one table: ``fixed`` holds for all of them, ``groups`` for one label each."""

    model: type[Model]
    fixed: Asked
    groups: Mapping[str, Asked] = {}

    def narrowed(self, **more) -> "Rows":
        """The same, asked for more."""
        return self._replace(fixed=self.fixed | {name: listed(value) for name, value in more.items()})

    def of(self, label: str, shown: Collection[str] = ()) -> "Opening | None":
        """The rows of one group; of all that is put together those whose group is not ``shown``."""
        if label in ("", ALL):
            return Opening(self.model, self.fixed)
        if label == REST:
            return Opening(self.model, self.fixed | joined(self.rest(shown)))
        return Opening(self.model, self.fixed | self.groups[label]) if label in self.groups else None

    def rest(self, shown: Collection[str]) -> list[Asked]:
        """What the groups ask for that no shown one stands for."""
        known = set().union(*(pairs(self.groups[label]) for label in shown if label in self.groups))
        return [asked for asked in self.groups.values() if not pairs(asked) & known]


class Opening(NamedTuple):
    """One address: the register of ``model``, asked for these values."""

    model: type[Model]
    asked: Asked

    def seen_by(self, user) -> str:
        """The address, for whoever may look at the register; "" for anybody else."""
        meta = self.model._meta
        if not may(user, f"{meta.app_label}.{get_permission_codename('view', meta)}"):
            return ""
        register = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        return f"{register}?{urlencode(self.asked, doseq=True)}"


def rows(model: type[Model], groups: Mapping[str, Asked] | None = None, /, **fixed) -> Rows:
    """The rows of a register with what holds for all of them, a value or several for each filter."""
    return Rows(model, {name: listed(value) for name, value in fixed.items()}, groups or {})


def by(name: str, codes: Mapping[str, object]) -> dict[str, Asked]:
    """Groups that one filter tells apart: each label with its code, or with several."""
    return {label: {name: listed(code)} for label, code in codes.items()}


def by_choice(name: str, choices) -> dict[str, Asked]:
    """The same for a vocabulary of codes and labels."""
    return by(name, {label: code for code, label in choices})


def by_month(field: str) -> dict[str, Asked]:
    """Months, and stretches of them, of a field that the register has its calendar for."""
    spans = combinations_with_replacement(range(1, 13), 2)
    return {span(first, last): months(field, first, last) for first, last in spans}


def months(field: str, first: int, last: int) -> Asked:
    if first == last:
        return {f"{field}__month": [first]}
    return {f"{field}__month__in": [",".join(map(str, range(first, last + 1)))]}


def pairs(asked: Asked) -> set[tuple[str, object]]:
    return {(name, value) for name, values in asked.items() for value in values}


def joined(every: list[Asked]) -> Asked:
    """Any of what each of these asks for."""
    found: dict[str, list] = {}
    for asked in every:
        for name, values in asked.items():
            found.setdefault(name, []).extend(value for value in values if value not in found.get(name, []))
    return found


def listed(value) -> list:
    return list(value) if isinstance(value, list | tuple | set | frozenset) else [value]
