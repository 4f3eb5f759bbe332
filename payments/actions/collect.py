"""归集: every piece of confirmed work becomes one claim, and each claim one line at its price (Article 13)."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet

from experts.models import Appointment, Expert
from experts.rules import Status
from expertteam import clock
from expertteam.models import CalendarDay, CalendarYear, Counter
from expertteam.regulation import article
from payments import rules
from payments.models import Claim, Line, Payee, RateSchedule
from payments.pricing import Pricing, Unpayable, Work
from services.models import ReviewPanel, Seat, Service

CHUNK = 1000
AGAIN = timedelta(days=1)
SERIES = "collect"
FACTS = ("kind", "mode", "started_at", "minutes", "ruled_minutes", "expert", "pairing", "seat", "activity")
WhyNot, Outcome = Claim.WhyNot, Claim.Outcome


class Progress(NamedTuple):
    """How many were dealt with now, and how many are left."""

    done: int
    left: int


@article("13")
@transaction.atomic
def collect(limit: int = CHUNK) -> Progress:
    """给予一定的补贴: claim and price what is not yet, and try once more what had no price, at most so many.

    Safe to run at any time and by any number at once: one waits for the other, and a source is claimed once.
    """
    hold()
    claims = [*of_services(limit), *of_seats(limit)]
    lines = priced(claims)
    Claim.objects.bulk_create(claims)
    Line.objects.bulk_create(lines)
    again = list(to_try_again()[: max(limit - len(claims), 0)])
    try_again(again)
    done = len(claims) + len(again)
    return Progress(done, left() if done >= limit else 0)


def hold():
    """One at a time, and not while rates are being confirmed, until the transaction ends."""
    Counter.held(SERIES)
    list(RateSchedule.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def left() -> int:
    """How many wait to be dealt with."""
    return uncollected_services().count() + uncollected_seats().count() + to_try_again().count()


def uncollected_services() -> QuerySet:
    """Confirmed by the client, verified by a call, or ruled upon, and not yet claimed."""
    return Service.objects.counted().filter(claim=None).order_by("pk")


def uncollected_seats() -> QuerySet:
    """Whoever had signed in to a review that was called off, or had to stand down at its door for a tie."""
    called_off = Q(state=Seat.State.RELEASED, panel__state=ReviewPanel.State.CANCELLED)
    recused = Q(state=Seat.State.STOOD_DOWN, why=Seat.Why.RECUSED)
    return Seat.objects.filter(called_off | recused, claim=None, signed_in_at__isnull=False).order_by("pk")


def to_try_again() -> QuerySet:
    """Without a price, where something has changed since it was last tried; once a day in any case.

    Whoever changes rates or holidays does not wait for us: he may date his change before our try and commit it after.
    """
    tried_before = max(filter(None, [last_change(), clock.now() - AGAIN]))
    return Claim.objects.unpriced().filter(tried_at__lt=tried_before).order_by("pk")


def last_change() -> datetime | None:
    """When rates, holidays or title levels were last written; of a moved clock, nothing that is yet to come."""
    logs = [RateSchedule.history, CalendarYear.history, CalendarDay.history, Payee.history]
    written = [log.filter(history_date__lte=clock.now()).order_by("-history_date") for log in logs]
    moments = [log.values_list("history_date", flat=True).first() for log in written]
    return max(filter(None, moments), default=None)


def of_services(limit: int) -> list[Claim]:
    services = uncollected_services().only(*FACTS).prefetch_related("activity")[:limit]
    return [
        claim(
            each.expert_id, Claim.Kind.SERVICE, each.started_at, each.counted_minutes, service=each,
            activity=rules.kind_of(
                each.kind, mode=each.mode, activity=each.activity.kind if each.activity else "",
                paired=each.pairing_id is not None, seated=each.seat_id is not None,
            ),
        )
        for each in services
    ]  # fmt: skip


def of_seats(limit: int) -> list[Claim]:
    seats = uncollected_seats().select_related("panel")[:limit]
    found = []
    for seat in seats:
        outcome, minutes = came_to_nothing(seat)
        found.append(
            claim(
                seat.expert_id, Claim.Kind.SEAT, seat.signed_in_at, minutes, seat=seat, outcome=outcome,
                activity=rules.REVIEW,
            )
        )  # fmt: skip
    return found


def came_to_nothing(seat: Seat) -> tuple[str, int]:
    """How far the review had come for this member, and how many minutes he had sat.

    One that was called off on a later day, on paper, ended when it was to end.
    """
    panel = seat.panel
    if seat.state == Seat.State.STOOD_DOWN or panel.convened_at is None:
        return Outcome.VOID_BEFORE, 0
    same_day = clock.local(panel.cancelled_at).date() == clock.local(seat.signed_in_at).date()
    ended = panel.cancelled_at if same_day else panel.ends_at
    sat = int((ended - seat.signed_in_at).total_seconds() // 60) - panel.break_minutes
    return Outcome.VOID_AFTER, max(sat, 1)


def claim(expert: int, kind: str, started_at: datetime, minutes: int, *, activity: str, **source) -> Claim:
    return Claim(
        expert_id=expert, kind=kind, started_at=started_at, day=clock.local(started_at).date(), minutes=minutes,
        activity=activity, income=rules.income_of(activity), collected_at=clock.now(), **source,
    )  # fmt: skip


def try_again(claims: list[Claim]):
    """Lines for those that have a price by now, and for the others why there still is none."""
    lines = priced(claims)
    reasons = defaultdict(list)
    for each in claims:
        reasons[each.why_not].append(each.pk)
    for why_not, keys in reasons.items():
        Claim.objects.filter(pk__in=keys).update(why_not=why_not, tried_at=clock.now())
    Line.objects.bulk_create(lines)


def priced(claims: list[Claim]) -> list[Line]:
    """A line, not yet saved, for each that has a price; the others say why not."""
    if not claims:
        return []
    lines, pricing, terms, staff = [], Pricing(claims), terms_of(claims), staff_among(claims)
    for each in claims:
        each.tried_at = clock.now()
        try:
            each.why_not = barred(each, terms[each.expert_id], staff)
            if not each.why_not:
                lines.append(pricing.price(each, Work(each.minutes, each.outcome)).line(each))
        except Unpayable as reason:
            each.why_not = reason.why
    return lines


def terms_of(claims: list[Claim]) -> dict[int, list[Appointment]]:
    """The terms of their experts (Article 3)."""
    terms = defaultdict(list)
    for term in Appointment.objects.filter(expert__in={each.expert_id for each in claims}).order_by():
        terms[term.expert_id].append(term)
    return terms


def staff_among(claims: list[Claim]) -> set[int]:
    """The keys of their experts who work for the bureau, which nobody can tell from their records."""
    experts = Expert.objects.filter(pk__in={each.expert_id for each in claims}, user__is_staff=True)
    return set(experts.order_by().values_list("pk", flat=True))


def barred(claim: Claim, terms: list[Appointment], staff: set[int]) -> str:
    """Why this is never paid, whatever the rates."""
    if claim.expert_id in staff:
        return WhyNot.STAFF
    return "" if any(term.status(claim.day) == Status.VALID for term in terms) else WhyNot.OUT_OF_TERM
