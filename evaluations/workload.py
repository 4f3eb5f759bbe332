"""What an expert did in a period, in numbers: of one, or of all at once, in the same number of queries.

A service belongs to the day on which it began, and what its client said of it to that same day; a stand-down to
the day on which the expert said so.  Days are those of Asia/Shanghai, both ends inclusive.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from evaluations.models import Rating, RatingCase, Refusal, Strike
from experts.models import Appointment, Expert
from expertteam import clock
from services.models import ActivityRole, Kind, Offer, Pairing, Seat, Service
from services.rules.pairing import followed_for_half_a_year

LEAST_MINUTES = 30  # of a session that counts as one
ADVISING = [Kind.CONSULTING, Kind.GUIDANCE]
FOLLOWED = [Pairing.State.ACTIVE, Pairing.State.CLOSED, Pairing.State.CALLED_OFF]
LEDGER = {"strikes": Strike.Ground.ATTITUDE, "refusals": Strike.Ground.REFUSAL}


@dataclass(frozen=True)
class Workload:
    """The facts of one expert in a period; ``ratings`` are the valid ones, by grade from 5 down to 1.

    ``minutes`` are those of every counted service, whatever its kind; ``sessions`` the consultations and guidances of
    thirty minutes and more; ``upheld`` the poor ratings found right; ``strikes`` and
    ``refusals`` what counts in the ledger of Article 12(2) and (3) by its day; ``pairings`` those followed for six months.
    """

    sessions: int = 0
    minutes: int = 0
    activities: int = 0
    reviews: int = 0
    late_logs: int = 0
    stand_downs: int = 0
    ratings: dict[int, int] = field(default_factory=dict)
    upheld: int = 0
    strikes: int = 0
    refusals: int = 0
    pairings: int = 0
    invited: bool = False

    @property
    def rated(self) -> int:
        """How many valid ratings there are."""
        return sum(self.ratings.values())


def of(expert: Expert, first: date, last: date) -> Workload:
    """What this expert did from the first day to the last."""
    return gathered(first, last, [expert.pk]).get(expert.pk, Workload())


def of_all(first: date, last: date) -> dict[int, Workload]:
    """The same of everybody with a day in office in that time, by the key of the expert."""
    serving = Appointment.objects.overlapping(first, last).values_list("expert", flat=True)
    found = gathered(first, last)
    return {pk: found.get(pk, Workload()) for pk in set(serving.order_by())}


def gathered(first: date, last: date, experts: Iterable[int] | None = None) -> dict[int, Workload]:
    """Whoever has anything to show, or all of it that these have."""

    def narrowed(found: QuerySet, whose="expert") -> QuerySet:
        return (found if experts is None else found.filter(**{f"{whose}__in": experts})).order_by()

    facts: dict[int, dict] = {}
    for read in [services, offers, ratings, upheld, ledger, pairings, invitations]:
        for pk, counted in read(narrowed, first, last):
            kept = facts.setdefault(pk, {})
            kept |= counted | {"invited": kept.get("invited", False) or counted.get("invited", False)}
    return {pk: Workload(**counted) for pk, counted in facts.items()}


def during(moment: str, first: date, last: date) -> Q:
    """Whose ``moment`` lies on one of these days."""
    ends = clock.instant(last + timedelta(days=1))
    return Q(**{f"{moment}__gte": clock.instant(first), f"{moment}__lt": ends})


def services(narrowed, first: date, last: date):
    """A service of any kind says that he was asked; only what somebody stands for counts."""
    length = Coalesce(F("ruled_minutes"), F("minutes"))
    counts = Q(state__in=Service.COUNTED)
    told = Service.objects.exclude(state__in=[Service.State.DRAFT, Service.State.REJECTED])
    grouped = narrowed(told.filter(during("started_at", first, last))).values("expert").annotate(
        sessions=Count("pk", counts & Q(kind__in=ADVISING) & (
            Q(ruled_minutes__gte=LEAST_MINUTES) | Q(ruled_minutes=None, minutes__gte=LEAST_MINUTES)
        )),
        minutes_counted=Coalesce(Sum(length, filter=counts), 0),
        activities=Count("pk", counts & Q(kind=Kind.ACTIVITY)),
        reviews=Count("pk", counts & Q(kind=Kind.REVIEW)),
        late_logs=Count("pk", Q(late=True)),
    )  # fmt: skip
    for row in grouped:
        yield row.pop("expert"), row | {"minutes": row.pop("minutes_counted"), "invited": True}


def offers(narrowed, first: date, last: date):
    """Who stood down because he is tied to the other side did as Article 14 asks, and it is not held against him.

    Nor is what was found to have had a proper reason; found without one it is a refusal, and not counted twice.
    """
    judged = Refusal.objects.filter(finding__gt="", offer__isnull=False).values("offer")
    stood_down = Q(state=Offer.State.STOOD_DOWN) & ~Q(reason_kind=Offer.Reason.RELATED) & ~Q(pk__in=judged)
    at = during("answered_at", first, last)
    asked = Offer.objects.exclude(state=Offer.State.WITHDRAWN).filter(during("offered_at", first, last) | at)
    for pk, count in narrowed(asked).values_list("expert").annotate(count=Count("pk", stood_down & at)):
        yield pk, {"stand_downs": count, "invited": True}


def ratings(narrowed, first: date, last: date):
    valid = Rating.objects.averaged().filter(during("service__started_at", first, last))
    levels: dict[int, dict[int, int]] = {}
    for pk, grade, count in narrowed(valid).values_list("expert", "grade").annotate(count=Count("pk")):
        levels.setdefault(pk, {})[grade] = count
    for pk, found in levels.items():
        yield pk, {"ratings": dict(sorted(found.items(), reverse=True))}


def upheld(narrowed, first: date, last: date):
    """What was found right and has not been taken out again by an appeal."""
    found = RatingCase.objects.filter(finding__in=RatingCase.UPHELD).exclude(strike__state=Strike.State.REVERSED)
    found = narrowed(found.filter(during("rating__service__started_at", first, last)), "rating__expert")
    for pk, count in found.values_list("rating__expert").annotate(count=Count("pk")):
        yield pk, {"upheld": count}


def ledger(narrowed, first: date, last: date):
    of_ground = {name: Count("pk", Q(ground=ground)) for name, ground in LEDGER.items()}
    standing = Strike.objects.counted().filter(day__range=(first, last))
    for row in narrowed(standing).values("expert").annotate(**of_ground):
        yield row.pop("expert"), row


def pairings(narrowed, first: date, last: date):
    """Each that was met in the period and had been followed for six months before it, or the pairing, was over."""
    met = Service.objects.counted().filter(during("started_at", first, last)).values("pairing")
    ran = Pairing.objects.filter(state__in=FOLLOWED, starts_on__lte=last, ends_on__gte=first, pk__in=met)
    counted: dict[int, int] = {}
    for pk, starts_on, ends_on, closed_at in narrowed(ran).values_list("expert", "starts_on", "ends_on", "closed_at"):
        until = min([last, ends_on, *([clock.local(closed_at).date()] if closed_at else [])])
        counted[pk] = counted.get(pk, 0) + followed_for_half_a_year(starts_on, until)
    for pk, count in counted.items():
        yield pk, {"pairings": count, "invited": True}


def invitations(narrowed, first: date, last: date):
    """Whoever was asked to an activity, a review or a pairing, whatever came of it, unless it was taken back."""
    roles = ActivityRole.objects.exclude(state=ActivityRole.State.RELEASED).filter(during("starts_at", first, last))
    seats = Seat.objects.exclude(state=Seat.State.RELEASED).filter(during("called_at", first, last))
    paired = Pairing.objects.filter(starts_on__range=(first, last))
    for asked in [roles, seats, paired]:
        for pk in narrowed(asked).values_list("expert", flat=True).distinct():
            yield pk, {"invited": True}
