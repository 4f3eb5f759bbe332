"""What time brings about in evaluation; every job may run twice, or late."""

from contextlib import suppress

from celery import shared_task

from evaluations import actions, overdue, overdue_messages, thresholds
from evaluations.models import Dismissal, RatingCase, Refusal
from expertteam import clock
from expertteam.regulation import Refused
from expertteam.workflow import SYSTEM


def lapse(move, silent):
    """Make the move for each of these; not where something was said a moment ago, or the last day is provisional."""
    for record in silent:
        with suppress(Refused):
            move(record, by=SYSTEM)


@shared_task
def lapse_statements():
    """Daily: an expert who has not explained himself in time does not hold up the finding."""
    lapse(actions.lapse_statement, RatingCase.objects.silent(clock.today()))


@shared_task
def collect_refusals():
    """Daily: what was asked and not done becomes a lead for a person to look at; nothing counts by it."""
    actions.collect_refusals()


@shared_task
def lapse_reasons():
    """Daily: who gives no reason in time does not hold up the judgement."""
    lapse(actions.lapse_reason, Refusal.objects.silent(clock.today()))


@shared_task
def lapse_defences():
    """Daily: who has said nothing to the notice in time was heard by his silence."""
    lapse(actions.lapse_defence, Dismissal.objects.silent(clock.today()))


@shared_task
def weigh_up_ledgers():
    """Daily: a case for whoever stands at three and has none, a talk for whoever stands at two; once for each entry."""
    for standing in thresholds.pressing(clock.today()):
        actions.weigh_up(standing.expert)


@shared_task
def remind_of_calls():
    """Daily: a poor rating whose client was not rung up in time, once a day."""
    for case in overdue.calls(clock.today()):
        overdue_messages.call_late(case)


@shared_task
def remind_of_findings():
    """Daily: what waits too long for a person to find how it was, poor ratings and refusals alike, once a week."""
    for case in overdue.findings(clock.today()):
        overdue_messages.finding_late(case)
    for refusal in overdue.judgements(clock.today()):
        overdue_messages.judgement_late(refusal)


@shared_task
def remind_of_services():
    """Daily: a decision that has not reached its expert in time, once a week."""
    for dismissal in overdue.services(clock.today()):
        overdue_messages.service_late(dismissal)
