"""What waits for a person: the rows of 今天, whichever app they come from."""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from expertteam import clock
from expertteam.templatetags.terrace import due as lateness
from expertteam.templatetags.terrace import short_day
from expertteam.workflow import Transition, may

LIMIT = 50  # rows of one kind that are worked out at once


class Waiting(NamedTuple):
    """One open thing: until when (None: no day is set), what, whom it is about, what is suggested, the way to it."""

    due: datetime | None
    what: str
    number: str
    whom: str
    tip: str
    verb: str
    url: str

    @property
    def badge(self) -> str:
        """Class of the badge: ``late``, ``soon`` or none."""
        return lateness(self.due) if self.due else ""

    @property
    def until(self) -> str:
        """What the badge says."""
        if self.due is None:
            return "不限期"
        days = (clock.local(self.due).date() - clock.today()).days
        if self.badge == "late":
            return f"超时{-days}天" if days else "今天已超时"
        return short_day(self.due) if days else "今天到期"


class Lot(NamedTuple):
    """The open things of one kind: how many there are, and the first of them."""

    kind: str
    total: int
    rows: list[Waiting]


class Reminder(NamedTuple):
    """What a rule reminds of; ``tone`` is the class of its tag."""

    tone: str
    tag: str
    words: str
    url: str = ""
    article: str = ""


def lot(kind: str, records: QuerySet, row: Callable[..., Waiting]) -> Lot:
    """These records as rows, the first of them worked out."""
    return Lot(kind, records.count(), [row(record) for record in records[:LIMIT]])


def open_to(move: Transition, user) -> QuerySet:
    """The records on which this person may make this move now, those about himself not yet left out.

    Chooses in the database what ``available`` decides one by one.
    """
    if not may(user, move.permission):
        return move.model.objects.none()
    earlier = [each.reason for each in move.apart_from]
    acted = move.model.history.filter(id=OuterRef("pk"), history_user=user, history_change_reason__in=earlier)
    return move.model.objects.filter(~Exists(acted), state__in=move.source)


def end_of(day: date) -> datetime:
    """The last minute of a day that still counts."""
    return clock.instant(day, 23, 59)
