"""Reminders of what is late: a number and a day, never what was said or by whom; nobody in office is told of his own."""

from evaluations.dismissal_messages import HANDLERS
from evaluations.ledger_messages import JUDGES
from evaluations.messages import CALLERS, FINDERS
from evaluations.models import Dismissal, RatingCase, Refusal
from experts.models import Expert
from expertteam import calendar, clock
from expertteam.notify import notify_role
from expertteam.templatetags.terrace import short_day


def call_late(case: RatingCase):
    """Once a day: the page of ratings promises a call within one working day."""
    body = f"{case.number}应在{short_day(case.call_due)}前回访，请尽快打电话。"
    key, own = f"call-late:{case.number}:{clock.today()}", case.rating.expert.user_id
    notify_role(key, CALLERS, "差评回访已超期", body, case.get_absolute_url(), but=own)


def finding_late(case: RatingCase):
    body = f"{case.number}还没有认定，请尽快认定。"
    once_a_week(f"find-late:{case.number}", FINDERS, "差评认定已超期", body, case, case.rating.expert)


def judgement_late(refusal: Refusal):
    body = f"{refusal.number}还没有认定，请尽快认定。"
    once_a_week(f"judge-late:{refusal.number}", JUDGES, "不履职认定已超期", body, refusal, refusal.expert)


def service_late(dismissal: Dismissal):
    body = f"{dismissal.number}的决定书应在{short_day(dismissal.decision_due)}前送达，送达前聘书仍然有效。"
    once_a_week(f"serve-late:{dismissal.number}", HANDLERS, "决定书还没有送达", body, dismissal, dismissal.expert)


def once_a_week(key: str, permission: str, subject: str, body: str, record, about: Expert):
    key = f"{key}:{calendar.week(clock.today())}"
    notify_role(key, permission, subject, body, record.get_absolute_url(), but=about.user_id)
