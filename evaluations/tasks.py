"""What time brings about in evaluation; every job may run twice, or late."""

from celery import shared_task

from evaluations import actions
from evaluations.models import RatingCase
from expertteam import clock
from expertteam.workflow import SYSTEM


@shared_task
def lapse_statements():
    """Daily: an expert who has not explained himself in time does not hold up the finding."""
    for case in RatingCase.objects.silent(clock.today()):
        actions.lapse_statement(case, by=SYSTEM)
