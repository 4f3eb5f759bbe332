"""What should have come from the bank, or been cleared up, and was not (Article 13)."""

from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from expertteam import calendar, clock
from payments.models import BankReturn, Batch, ReturnRow

PATIENCE = 3  # working days


def returns(on: date) -> QuerySet[Batch]:
    """Released, and the bank has not said of all of it what became of it."""
    waiting = Batch.objects.filter(state=Batch.State.RELEASED, released_at__lt=long_ago(on))
    return waiting.order_by("released_at", "pk")


def suspense(on: date) -> QuerySet[BankReturn]:
    """Taken over with rows that match nothing and that nobody has cleared: how many is ``hanging``."""
    rows = ReturnRow.objects.suspended()
    waiting = BankReturn.objects.filter(pk__in=rows.values("bank_return"), applied_at__lt=long_ago(on))
    return waiting.annotate(hanging=Count("rows", filter=Q(rows__in=rows))).order_by("pk")


def long_ago(on: date) -> datetime:
    """Whatever is older has waited more than three working days, as it stands on that day."""
    schedule, day = calendar.Schedule(), on - calendar.ONE_DAY
    while calendar.deadline(day, PATIENCE, start_counts=False, schedule=schedule).day >= on:
        day -= calendar.ONE_DAY
    return clock.instant(day + calendar.ONE_DAY)
