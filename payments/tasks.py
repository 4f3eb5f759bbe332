"""What time brings about in pay; every job may run twice, or late (Article 13)."""

from celery import shared_task

from expertteam import clock
from payments import actions, bank_messages, overdue
from payments.actions.collect import CHUNK


@shared_task
def collect(limit: int = CHUNK):
    """Daily: whatever was confirmed is claimed and priced, until nothing is left or nothing more can be done."""
    left = None
    while (now := actions.collect(limit).left) and now != left:
        left = now


@shared_task
def remind_of_returns():
    """Daily: a batch that the bank has not answered in three working days, once a week."""
    for batch in overdue.returns(clock.today()):
        bank_messages.unanswered(batch)


@shared_task
def remind_of_suspense():
    """Daily: rows of the bank that match nothing and that nobody has cleared in three working days, once a week."""
    for bank_return in overdue.suspense(clock.today()):
        bank_messages.suspended(bank_return)
