"""To stand inside a move, as those do that come with another one; to run a job as beat does; to write past every verb."""

from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from expertteam import clock, workflow


@contextmanager
def acting(move):
    """What is done here is part of this move."""
    outer = workflow._act.set(move)
    try:
        yield
    finally:
        workflow._act.reset(outer)


def run(task, *days):
    """The job as beat starts it, twice on each of these days."""
    for day in days:
        with clock.at(day):
            task()
            task()


def owner_of(record):
    """The person who makes his own moves on it: an applicant, an expert."""
    whose = getattr(record, "rating", None) or getattr(record, "seat", None) or record
    return record.applicant if hasattr(record, "applicant") else whose.expert.user


@contextmanager
def refused(guard):
    """What is written here is refused by this guard of the database."""
    with pytest.raises(IntegrityError, match=guard), transaction.atomic():
        yield


def execute(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
