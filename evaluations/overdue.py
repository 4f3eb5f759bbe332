"""What should have been done by a day and was not: each a query, for the reminders of ``tasks``."""

from datetime import date

from django.db.models import F, QuerySet

from evaluations.models import Dismissal, RatingCase, Refusal
from expertteam import calendar
from expertteam.models import Policy


def calls(on: date) -> QuerySet[RatingCase]:
    """Poor ratings whose client should have been rung up before that day."""
    waiting = RatingCase.objects.filter(state=RatingCase.State.AWAITING_CALL, call_due__lt=on)
    return waiting.select_related("rating__expert").order_by("call_due", "pk")


def findings(on: date) -> list[RatingCase]:
    """Poor ratings that nobody has found on in the period after the expert's time."""
    waiting = RatingCase.objects.filter(state=RatingCase.State.AWAITING_FINDING)
    return too_long(waiting.select_related("rating__expert"), "statement_due", on)


def judgements(on: date) -> list[Refusal]:
    """What was not done and nobody has judged in the period after the expert's time."""
    waiting = Refusal.objects.filter(state=Refusal.State.AWAITING_JUDGEMENT)
    return too_long(waiting.select_related("expert"), "reason_due", on)


def too_long(waiting: QuerySet, asked_until: str, on: date) -> list:
    """Those whose last day for a finding is over, counted in working days from the last day of the expert's time."""
    days, schedule = Policy.objects.number("finding_days", on), calendar.Schedule()
    due = waiting.filter(**{f"{asked_until}__lt": on}).annotate(since=F(asked_until)).order_by(asked_until, "pk")
    return [each for each in due if calendar.deadline(each.since, days, start_counts=False, schedule=schedule).day < on]


def services(on: date) -> QuerySet[Dismissal]:
    """Decisions that should have reached their expert before that day."""
    waiting = Dismissal.objects.filter(state=Dismissal.State.CONFIRMED, decision_due__lt=on)
    return waiting.select_related("expert").order_by("decision_due", "pk")
