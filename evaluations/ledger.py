"""The ledger of one expert as pages show it: one, two, three on each ground, and until when they count together."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from evaluations import rules
from evaluations.models import Strike
from evaluations.thresholds import Standing


class Count(NamedTuple):
    """What counts on one ground: the entries, oldest first, and what follows from how many they are.

    ``drops_on``: the day from which the oldest no longer joins a new one (12(3) alone, as long as three are not
    reached); ``lapsed``: whether that day has come.
    """

    ground: str
    label: str
    entries: Sequence[Strike]
    reached: bool
    talked_on: date | None
    talk_due: bool
    drops_on: date | None
    lapsed: bool

    @property
    def steps(self) -> list[Strike | None]:
        """The three that open a case, those to come as nothing; more where there are more."""
        return [*self.entries, *[None] * (rules.LIMIT - len(self.entries))]


def counts(standing: Standing, on: date) -> list[Count]:
    """On both grounds."""
    return [count(standing, ground, on) for ground in Strike.Ground]


def count(standing: Standing, ground: str, on: date) -> Count:
    entries, reached = standing.entries[ground], standing.reached[ground]
    yearly = ground == Strike.Ground.REFUSAL and entries and not reached
    drops_on = rules.counts_until(entries[0].day) if yearly else None
    return Count(
        ground, Strike.Ground(ground).label, entries, reached, standing.talks[ground], standing.talk_due(ground),
        drops_on, lapsed=drops_on is not None and drops_on <= on,
    )  # fmt: skip
