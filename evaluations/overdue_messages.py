"""Reminders of what is late: a number and a day, never what was said or by whom."""

from evaluations.messages import CALLERS, FINDERS
from evaluations.models import RatingCase
from expertteam import calendar, clock
from expertteam.notify import notify_role
from expertteam.templatetags.terrace import short_day


def call_late(case: RatingCase):
    """Once a day: the page of ratings promises a call within one working day."""
    body = f"{case.number}应在{short_day(case.call_due)}前回访，请尽快打电话。"
    key = f"call-late:{case.number}:{clock.today()}"
    notify_role(key, CALLERS, "差评回访已超期", body, case.get_absolute_url())


def finding_late(case: RatingCase):
    """Once a week."""
    body = f"{case.number}专家说明期已满，还没有认定，请尽快认定。"
    key = f"find-late:{case.number}:{calendar.week(clock.today())}"
    notify_role(key, FINDERS, "差评认定已超期", body, case.get_absolute_url())
