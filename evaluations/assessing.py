"""A year's facts of everybody in office, as they are frozen with an assessment, and what follows from them (Article 10(1))."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from evaluations import workload
from evaluations.actions.report import uphold
from evaluations.models import Assessment, Dismissal, Merit, RatingCase, Refusal, Report, Scheme, Strike
from evaluations.rules import assessment as rules
from evaluations.rules import attitude_strikes_reached, refusals_reached
from evaluations.workload import Workload, during
from experts.models import Appointment
from expertteam.calendar import period
from expertteam.regulation import named

PLAIN = [Report.Kind.GAIN, Report.Kind.SECRETS, Report.Kind.UNLAWFUL]  # one fact found is enough
FOUND = [RatingCase.State.FOUND, RatingCase.State.RECTIFYING, RatingCase.State.CLOSED]
DONE_WITH = [Refusal.State.JUDGED, Refusal.State.SET_ASIDE]
DISMISSED = [Dismissal.State.CONFIRMED, Dismissal.State.DISMISSED]
COUNTS = ["sessions", "activities", "reviews", "late_logs", "stand_downs", "refusals", "pairings"]


def inputs_of_all(year: int, scheme: Scheme) -> dict[int, dict]:
    """What an assessment of that year rests on, for everybody with a day in office, by the expert's key.

    Plain JSON.  Means of the whole bureau stand only with those whom they are used for, so that nobody's sheet
    changes because of what another's client says.
    """
    first, last = period(year)
    work, found = workload.of_all(first, last), vetoes(year)
    days, merits = days_in_office(first, last), merits_of(year)
    mean = bureau_mean(work.values(), scheme)
    sample = mean_of([Decimal(each["points"]) for own in merits.values() for each in own if each["points"]])
    return {
        pk: {
            "workload": frozen(own),
            "days": days[pk],
            "year_days": (last - first).days + 1,
            "merits": merits.get(pk, []),
            "bureau_mean": None if own.rated >= scheme.data["fewest_ratings"] else mean,
            "bureau_sample": None if any(each["points"] for each in merits.get(pk, [])) else sample,
            "vetoes": found.get(pk, []),
            "adjustment": "0",
        }
        for pk, own in work.items()
    }


def frozen(own: Workload) -> dict:
    """A grade is a key, and a key of JSON is text."""
    return asdict(own) | {"ratings": {str(grade): count for grade, count in own.ratings.items()}}


def bureau_mean(work: Iterable[Workload], scheme: Scheme) -> str | None:
    """Of all valid ratings of all experts, each rating alike."""
    levels: dict[int, int] = {}
    for own in work:
        for grade, count in own.ratings.items():
            levels[grade] = levels.get(grade, 0) + count
    mean = rules.mean_satisfaction(levels, scheme.data)
    return None if mean is None else str(mean)


def mean_of(points: list[Decimal]) -> str | None:
    return str(sum(points) / len(points)) if points else None


def days_in_office(first: date, last: date) -> dict[int, int]:
    """How many of these days each was in office: terms of one person never overlap."""
    terms = Appointment.objects.overlapping(first, last).values_list("expert", "first_day", "last_day", "void_from")
    days: dict[int, int] = {}
    for pk, begins, ends, void_from in terms.order_by():
        ends = min(ends, void_from - timedelta(days=1)) if void_from else ends
        days[pk] = days.get(pk, 0) + (min(ends, last) - max(begins, first)).days + 1
    return days


def merits_of(year: int) -> dict[int, list[dict]]:
    """What was entered of each and not taken back, oldest first."""
    found: dict[int, list[dict]] = {}
    for merit in Merit.objects.counting().filter(year=year).order_by("pk"):
        points = None if merit.points is None else str(merit.points)
        found.setdefault(merit.expert_id, []).append({"id": merit.pk, "kind": merit.kind, "points": points})
    return found


def vetoes(year: int) -> dict[int, list[str]]:
    """Whom the year fails whatever his points, in words: a fact of Article 12 found, or a count of it reached."""
    found: dict[int, set[str]] = {}
    for pk, ground in [*facts_found(year), *counts_reached(year)]:
        found.setdefault(pk, set()).add(ground)
    return {pk: [f"{named(ground)}的情形已认定" for ground in sorted(grounds)] for pk, grounds in found.items()}


def facts_found(year: int) -> Iterable[tuple[int, str]]:
    """Reports of items (4) to (6) found true in that year, and dismissals decided in it on any ground but one's own."""
    days = period(year)
    upheld = Report.history.filter(during("history_date", *days), history_change_reason=uphold.reason)
    reports = Report.objects.filter(pk__in=upheld.values("id"), upheld=True, kind__in=PLAIN, expert__isnull=False)
    decided = Dismissal.objects.filter(during("decided_at", *days), state__in=DISMISSED)
    yield from reports.order_by().values_list("expert", "kind")
    yield from decided.exclude(ground=Dismissal.Ground.OWN_REQUEST).order_by().values_list("expert", "ground")


def counts_reached(year: int) -> Iterable[tuple[int, str]]:
    """Whose entries in the ledger had, with one of that year, come to three as items (2) and (3) count them."""
    first, last = period(year)
    entries = Strike.objects.counted().filter(day__range=(date(year - 3, 1, 1), last)).order_by("expert", "day", "pk")
    told = entries.values_list(
        "expert", "ground", "day", "service", "appointment__first_day", "appointment__last_day", named=True
    )
    for pk, own in groupby(told, key=lambda entry: entry.expert):
        own = list(own)
        attitude = [entry for entry in own if entry.ground == Strike.Ground.ATTITUDE]
        terms = {
            (entry.appointment__first_day, entry.appointment__last_day) for entry in attitude if entry.day >= first
        }
        if any(attitude_strikes_reached([(each.day, each.service) for each in attitude], *term) for term in terms):
            yield pk, Strike.Ground.ATTITUDE
        days = [entry.day for entry in own if entry.ground == Strike.Ground.REFUSAL]
        last_of_three = [triple for triple in zip(days, days[1:], days[2:], strict=False) if triple[-1] >= first]
        if any(refusals_reached(list(triple)) for triple in last_of_three):
            yield pk, Strike.Ground.REFUSAL


def pending(year: int) -> dict[int, str]:
    """Of whom something of that year is still being looked into that could change his grade, in words."""
    days = period(year)
    cases = RatingCase.objects.filter(during("rating__service__started_at", *days)).exclude(state__in=FOUND)
    refusals = Refusal.objects.filter(day__range=days).exclude(state__in=DONE_WITH)
    appeals = Strike.objects.filter(day__range=days, state=Strike.State.APPEALED)
    said: dict[int, list[str]] = {}
    for words, found in [
        ("差评还没有认定", cases.values_list("rating__expert", flat=True)),
        ("不履职情况还没有认定", refusals.values_list("expert", flat=True)),
        ("计次的申诉还没有复核", appeals.values_list("expert", flat=True)),
    ]:
        for pk in found.order_by().distinct():
            said.setdefault(pk, []).append(words)
    return {pk: "，".join(words) for pk, words in said.items()}


def facts_of(inputs: dict) -> rules.Facts:
    """The frozen inputs as the rules read them."""
    work = inputs["workload"]
    counts = {key: work[key] for key in COUNTS}
    for merit in inputs["merits"]:
        if item := Merit.ITEMS.get(merit["kind"]):
            counts[item] = counts.get(item, 0) + 1
    return rules.Facts(
        counts=counts,
        minutes=work["minutes"],
        ratings={int(grade): count for grade, count in work["ratings"].items()},
        samples=[Decimal(merit["points"]) for merit in inputs["merits"] if merit["points"]],
        bureau_mean=as_decimal(inputs["bureau_mean"]),
        bureau_sample=as_decimal(inputs["bureau_sample"]),
        days=inputs["days"],
        year_days=inputs["year_days"],
        upheld=work["upheld"],
        invited=work["invited"],
        vetoes=inputs["vetoes"],
        adjustment=Decimal(inputs["adjustment"]),
    )


def as_decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def worked_out(inputs: dict, scheme: Scheme) -> dict:
    """What follows from these inputs by this scheme: the fields of an ``Assessment`` that hold its result."""
    facts = facts_of(inputs)
    lines = rules.sheet(facts, scheme.data)
    total = rules.total(lines)
    return {
        "inputs": inputs,
        "lines": [line._asdict() | {"points": str(line.points)} for line in lines],
        "remarks": rules.remarks(total, facts, scheme.data),
        "total": total,
        "grade": str(rules.standing(total, facts, scheme.data)),
    }


def share_of_excellent(year: int) -> tuple[int, int]:
    """How many of the year have the highest grade, and how many have any."""
    grades = Assessment.objects.current().graded().filter(year=year).order_by()
    return grades.filter(grade=Assessment.Grade.EXCELLENT).count(), grades.count()


def quota_warning(year: int) -> str:
    """In words, where there are more of the highest grade than the scheme has room for; else empty."""
    excellent, assessed = share_of_excellent(year)
    scheme = Scheme.objects.of_year(year)
    if scheme is None or not rules.over_quota(excellent, assessed, scheme.data):
        return ""
    percent = scheme.data["quota_percent"]
    return (
        f"{year}年度评出优秀{excellent}位，占{assessed}位的{100 * excellent / assessed:.1f}%，超过评价办法的{percent}%"
    )
