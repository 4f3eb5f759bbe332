"""What should have been done by a day and was not: each a query, for the reminders of ``tasks``."""

from datetime import date

from evaluations.models import RatingCase
from expertteam import calendar
from expertteam.models import Policy

State = RatingCase.State


def calls(on: date) -> list[RatingCase]:
    """Poor ratings whose client should have been rung up before that day."""
    return list(RatingCase.objects.filter(state=State.AWAITING_CALL, call_due__lt=on).order_by("call_due", "pk"))


def findings(on: date) -> list[RatingCase]:
    """Cases that wait for a finding longer than the period after the expert's time is over."""
    days, schedule = Policy.objects.number("finding_days", on), calendar.Schedule()
    silent = RatingCase.objects.filter(state=State.AWAITING_FINDING, statement_due__lt=on)
    return [
        case
        for case in silent.order_by("statement_due", "pk")
        if calendar.deadline(case.statement_due, days, start_counts=False, schedule=schedule).day < on
    ]
