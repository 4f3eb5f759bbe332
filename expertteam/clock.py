"""The only place that asks the time.

``at(moment)`` lets time stand at another moment for the code inside it (tests, and the life
that the demo lives); in the demo, and only there, recorded moves shift the clock forward.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.conf import settings
from django.utils import timezone

ONE_MINUTE = timedelta(minutes=1)
_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)
_offset: ContextVar[timedelta | None] = ContextVar("offset", default=None)


def now() -> datetime:
    """The present instant, aware, in the zone of the database (UTC)."""
    return _moment.get() or real() + demo_offset()


def real() -> datetime:
    """The present instant by the machine's clock, which only the record of the demo's moves asks for."""
    return timezone.now()


def today() -> date:
    """The present day in Asia/Shanghai."""
    return timezone.localdate(now())


@contextmanager
def at(moment: datetime | date) -> Iterator[datetime]:
    """Let the clock stand at ``moment``; a bare date means nine in the morning of that day."""
    if not isinstance(moment, datetime):
        moment = instant(moment, 9)
    token = _moment.set(moment)
    try:
        yield moment
    finally:
        _moment.reset(token)


def instant(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """That hour of that day in Asia/Shanghai, as an aware instant."""
    return datetime.combine(day, time(hour, minute), timezone.get_default_timezone())


def local(moment: datetime) -> datetime:
    """The same instant in Asia/Shanghai."""
    return timezone.localtime(moment, timezone.get_default_timezone())


def demo_offset() -> timedelta:
    """How far the demo's clock runs ahead; zero everywhere but in the demo."""
    if not settings.DEMO:
        return timedelta(0)
    kept = _offset.get()
    return recorded_offset() if kept is None else kept


def recorded_offset() -> timedelta:
    """The offset that the last recorded move left."""
    last = apps.get_model("expertteam", "ClockMove").objects.order_by("pk").last()
    return last.offset if last else timedelta(0)


@contextmanager
def steady() -> Iterator[None]:
    """In the demo: ask for the offset once for all the code inside."""
    token = _offset.set(recorded_offset())
    try:
        yield
    finally:
        _offset.reset(token)
