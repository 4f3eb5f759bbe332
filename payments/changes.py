"""如果执行新标准，会有什么变化: every claim it touches at its old and at its new price; nothing is written (Article 13)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from payments import rules
from payments.models import ActivityKind, Claim, Line, RateSchedule
from payments.money import ZERO
from payments.pricing import Pricing, Unpayable, Work, standing, work_of

SHOWN = 200


class Change(NamedTuple):
    """One claim: its price as it stands and by the new rates, None where there is none; ``said`` tells how, or why not."""

    claim: Claim
    old: Decimal | None
    new: Decimal | None
    said: str

    @property
    def difference(self) -> Decimal:
        """What has no price counts nothing."""
        return (self.new or ZERO) - (self.old or ZERO)


@dataclass
class Sum:
    """What it comes to for one kind of activity, or for all."""

    label: str
    count: int = 0
    old: Decimal = ZERO
    new: Decimal = ZERO
    unpriced: int = 0

    def add(self, change: Change):
        self.count += 1
        self.old += change.old or ZERO
        self.new += change.new or ZERO
        self.unpriced += change.new is None

    @property
    def difference(self) -> Decimal:
        return self.new - self.old


class Report(NamedTuple):
    """The first rows, those that change before all others, and the sums of all."""

    rows: list[Change]
    sums: list[Sum]
    total: Sum


def report(schedule: RateSchedule, user) -> Report:
    """What this person may see of it."""
    changes = would_change(schedule, user)
    sums, total = {}, Sum("合计")
    for change in changes:
        kind = change.claim.activity
        for each in (sums.setdefault(kind, Sum(ActivityKind(kind).label)), total):
            each.add(change)
    changes.sort(key=lambda change: (change.old == change.new, change.claim.day, change.claim.pk))
    kinds = rules.SCOPES[schedule.scope]
    return Report(changes[:SHOWN], [sums[kind] for kind in kinds if kind in sums], total)


def would_change(schedule: RateSchedule, user) -> list[Change]:
    """In the order in which claims are priced, so that the caps leave each what they would have left it."""
    claims = list(touched(schedule, user))
    pricing = Pricing(claims, in_its_place(schedule))
    for claim in claims:
        forget(pricing, claim)
    return [change(pricing, claim) for claim in claims]


def touched(schedule: RateSchedule, user) -> QuerySet:
    """Priced or not, of its scope and from the days on which it is in force, or would be."""
    lines = Prefetch("lines", Line.objects.live(), to_attr="standing")
    claims = Claim.objects.visible_to(user).filter(
        activity__in=rules.SCOPES[schedule.scope], day__gte=schedule.effective_from, why_not__in=["", *Claim.PASSING]
    )
    if last := schedule.last_day:
        claims = claims.filter(day__lte=last)
    return claims.select_related("expert__user").prefetch_related(lines).order_by("pk")


def in_its_place(schedule: RateSchedule) -> list[RateSchedule]:
    """All that is valid, with this one among them, the latest first."""
    prefetch_related_objects([schedule], "rates")
    others = [each for each in standing() if each.pk != schedule.pk]
    return sorted([schedule, *others], key=lambda each: each.effective_from, reverse=True)


def forget(pricing: Pricing, claim: Claim):
    """What is priced anew has not been earned yet."""
    had = pricing.had[claim.expert_id, claim.activity]
    for line in claim.standing:
        for day, amount in line.inputs["parts"]:
            had.remove((date.fromisoformat(day), Decimal(amount)))


def change(pricing: Pricing, claim: Claim) -> Change:
    line = next(iter(claim.standing), None)
    work = work_of(line) if line else Work(claim.minutes, claim.outcome)
    new, said = priced(pricing, claim, work)
    return Change(claim, line.amount if line else None, new, said)


def priced(pricing: Pricing, claim: Claim, work: Work) -> tuple[Decimal | None, str]:
    """The price by the new rates and how it comes about, or why there is none."""
    try:
        price = pricing.price(claim, work)
    except Unpayable as reason:
        return None, str(reason)
    return price.amount, price.trace
