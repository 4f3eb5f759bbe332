"""Poor ratings of one expert that may come from one hand: who looks at them, and by what (Article 12(2))."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from evaluations import rules
from evaluations.models import Rating
from expertteam import clock

NEAR = timedelta(days=30)
KINDS = {  # what two ratings have in common: how so many of them are told, and the word of it
    "day": ("同一天有{}条差评", "同一天"),
    "network": ("30天内同一网络有{}条差评", "同一网络"),
    "device": ("30天内同一设备有{}条差评", "同一设备"),
    "client": ("同一服务对象有{}条差评", "同一服务对象"),
}


class Twin(NamedTuple):
    """Another poor rating of the same expert, and what it shares with the one that was looked at."""

    rating: int
    shares: frozenset[str]

    @property
    def words(self) -> str:
        return "、".join(word for kind, (_, word) in KINDS.items() if kind in self.shares)


def twins(rating: Rating) -> list[Twin]:
    """The other poor ratings of its expert that share a day, a network, a device or the client; in one query."""
    poor = Rating.objects.given().filter(grade__in=rules.POOR, expert=rating.expert_id).exclude(pk=rating.pk)
    here = traits(rating.changed_at or rating.given_at, rating.network, rating.device, rating.service.phone_index)
    seen = poor.order_by("pk").values_list("pk", "given_at", "changed_at", "network", "device", "service__phone_index")
    found = [(pk, traits(changed or given, *marks)) for pk, given, changed, *marks in seen]
    alike = [Twin(pk, frozenset(kind for kind in KINDS if shared(kind, here, there))) for pk, there in found]
    return [twin for twin in alike if twin.shares]


def traits(moment, network: str, device: str, client: str | None) -> dict:
    return {"at": moment, "day": clock.local(moment).date(), "network": network, "device": device, "client": client}


def shared(kind: str, one: dict, other: dict) -> bool:
    """Whether two ratings have this in common; network and device only when they are near in time."""
    if not one[kind] or one[kind] != other[kind]:
        return False
    return kind in ("day", "client") or abs(one["at"] - other["at"]) <= NEAR


def striking(alike: Iterable[Twin]) -> dict[str, int]:
    """What so many share, this one included, that somebody has to look: kind to count."""
    counts = Counter(kind for twin in alike for kind in twin.shares)
    return {kind: counts[kind] + 1 for kind in KINDS if rules.is_cluster(counts[kind] + 1)}


def common(found: dict[str, int], twin: Twin) -> dict[str, int]:
    """As far as this one of them shares it."""
    return {kind: count for kind, count in found.items() if kind in twin.shares}


def told(found: dict[str, int]) -> str:
    """The flag of a case."""
    return "；".join(KINDS[kind][0].format(count) for kind, count in found.items())
