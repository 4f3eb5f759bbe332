"""What time brings about in evaluation; every job may run twice, or late."""

from contextlib import suppress

from celery import shared_task

from evaluations import actions, overdue, overdue_messages
from evaluations.models import RatingCase, Refusal
from expertteam import clock
from expertteam.regulation import Refused
from expertteam.workflow import SYSTEM


@shared_task
def lapse_statements():
    """Daily: an expert who has not explained himself in time does not hold up the finding."""
    for case in RatingCase.objects.silent(clock.today()):
        actions.lapse_statement(case, by=SYSTEM)


@shared_task
def collect_refusals():
    """Daily: what was asked of an expert and not done is listed for a person to look at; nothing counts by it."""
    actions.collect_refusals()


@shared_task
def lapse_reasons():
    """Daily: an expert who has not explained himself in time is judged by what is known."""
    for refusal in Refusal.objects.silent(clock.today()):
        with suppress(Refused):  # explained a moment ago, or the holidays of that year are still unknown
            actions.lapse_reason(refusal, by=SYSTEM)


@shared_task
def remind_of_calls():
    """Daily: a poor rating whose client was not rung up in time, once a day."""
    for case in overdue.calls(clock.today()):
        overdue_messages.call_late(case)


@shared_task
def remind_of_findings():
    """Daily: a case that waits too long for its finding, once a week."""
    for case in overdue.findings(clock.today()):
        overdue_messages.finding_late(case)
