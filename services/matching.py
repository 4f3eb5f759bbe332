"""Whom a request could be put before, with reasons (Article 10(3)); what that means is in ``services.rules.matching``.

candidates = matching.suggest(request)            # five, the best first
candidate = matching.explain(request, expert)     # anybody, also one who cannot be asked
lineup = matching.lineup(request)                 # all of it, read once
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q

from experts.models import Expert
from services.known import Known
from services.models import ServiceRequest
from services.rules import matching as rules
from services.rules.facts import Caution, Judged, Obstacle, Part

SUGGESTED = rules.SUGGESTED
CALLED = 5  # so many people of one name are looked at


@dataclass(frozen=True)
class Candidate:
    """One expert held against one request."""

    expert: Expert
    slot: datetime | None
    judged: Judged

    @property
    def score(self) -> int:
        return self.judged.score

    @property
    def parts(self) -> list[Part]:
        return self.judged.parts

    @property
    def obstacles(self) -> list[Obstacle]:
        return self.judged.obstacles

    @property
    def warnings(self) -> list[Caution]:
        return self.judged.cautions


class Left(NamedTuple):
    """Those whom one and the same kind of obstacle excludes first."""

    words: str
    article: str
    people: list[str]


class Lineup(Known):
    """The same, held against the rules."""

    @cached_property
    def ranked(self) -> list[Judged]:
        return rules.rank(self.need, self.people.values(), self.today)

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each stands among those who can be asked, by number."""
        return {judged.person.no: place for place, judged in enumerate(self.ranked)}

    def slot_of(self, expert: Expert) -> datetime | None:
        """The time that goes with this choice."""
        person = self.people.get(expert.pk)
        return self.request.starts_at or (person and person.soonest)

    def unusual(self, expert: Expert) -> str:
        """What a choice of this expert has to be justified for; empty when it needs no words."""
        judged = rules.judge(self.need, self.person(expert.pk), self.today)
        return rules.unusual(judged, self.places.get(expert.no))

    def suggested(self, count: int = SUGGESTED) -> list[Candidate]:
        """The best of those who can be asked."""
        return self.candidates(self.ranked[:count])

    def explained(self, expert: Expert) -> Candidate:
        """This one, whatever is to be said of him."""
        return self.candidates([rules.judge(self.need, self.person(expert.pk), self.today)])[0]

    def candidates(self, judged: list[Judged]) -> list[Candidate]:
        numbers = [each.person.no for each in judged]
        found = Expert.objects.select_related("user").filter(no__in=numbers)
        experts = {expert.no: expert for expert in found}
        asked = self.request.starts_at
        return [Candidate(experts[each.person.no], asked or each.person.soonest, each) for each in judged]

    def left_out(self) -> list[Left]:
        """Those who cannot be asked, by what excludes them first, most of them first."""
        groups = {}
        for rows, person in zip(self.rows.values(), self.people.values(), strict=True):
            if found := rules.obstacles(self.need, person, self.today):
                left = groups.setdefault(found[0].code, Left(rules.EXCLUDED[found[0].code], found[0].article, []))
                left.people.append(rows[0].name)
        return sorted(groups.values(), key=lambda left: (-len(left.people), left.words))


def lineup(request: ServiceRequest, also: Iterable[Expert] = ()) -> Lineup:
    return Lineup(request, also)


def suggest(request: ServiceRequest, count: int = SUGGESTED) -> list[Candidate]:
    """The experts to put this request before, the best first; the same facts give the same list."""
    return Lineup(request).suggested(count)


def explain(request: ServiceRequest, expert: Expert) -> Candidate:
    """What is to be said of this expert and this request: reasons, warnings, and what stands against it."""
    return Lineup(request, [expert]).explained(expert)


def called(text: str) -> list[Expert]:
    """The experts of this number or name, in term or not."""
    found = Expert.objects.select_related("user").filter(Q(no__iexact=text) | Q(user__name__contains=text))
    return list(found.order_by("no")[:CALLED])


def why_not(request: ServiceRequest) -> list[Left]:
    """Who is left out, and why."""
    return Lineup(request).left_out()
