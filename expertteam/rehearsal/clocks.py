"""What time itself does: every periodic job at its hour, and people who read what they were told."""

from collections import deque
from collections.abc import Iterator
from datetime import date, datetime

from celery.schedules import crontab
from django.db.models import Max
from django.utils.module_loading import import_string

from expertteam import calendar, clock
from expertteam.celery import app
from expertteam.demo_life.agenda import Story
from expertteam.demo_life.office import read_messages
from expertteam.models import Notification

ALL_DAY = (9, 14)  # when a job is run that the worker runs every few minutes
SATURDAY = 5


def stories(it) -> Iterator[Story]:
    for name, entry in app.conf.beat_schedule.items():
        yield runs(it, name, import_string(entry["task"]), entry["schedule"])
    yield reads(it)


def runs(it, name: str, task, schedule) -> Story:
    """One periodic job, day after day."""
    day = it.first
    while True:
        for moment in moments(schedule, day):
            yield moment
            task()
            it.fired[name] += 1
        day += calendar.ONE_DAY


def moments(schedule, day: date) -> list[datetime]:
    """When that day: a daily one at its hour, Monday to Friday; a frequent one at two hours of every day."""
    if not isinstance(schedule, crontab):
        return [clock.instant(day, hour) for hour in ALL_DAY]
    if len(schedule.hour) > 1:
        return [clock.instant(day, hour, min(schedule.minute)) for hour in ALL_DAY]
    return [clock.instant(day, *schedule.hour, *schedule.minute)] if day.weekday() < SATURDAY else []


def reads(it) -> Story:
    """Everybody reads what he was told, day after day; what was told four days ago and before has been read."""
    day, newest = it.first, deque([0] * 4, maxlen=4)
    while True:
        yield clock.instant(day, 8, 50)
        read_messages(after=newest[0])
        newest.append(Notification.objects.aggregate(last=Max("pk"))["last"] or 0)
        day += calendar.ONE_DAY
