"""What time brings about in evaluation; every job may run twice, or late."""

from celery import shared_task

from evaluations import actions, overdue, overdue_messages
from evaluations.models import RatingCase
from expertteam import clock
from expertteam.workflow import SYSTEM


@shared_task
def lapse_statements():
    """Daily: an expert who has not explained himself in time does not hold up the finding."""
    for case in RatingCase.objects.silent(clock.today()):
        actions.lapse_statement(case, by=SYSTEM)


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
