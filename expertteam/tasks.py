"""Periodic work of the cellar; every job may run twice, or late."""

from datetime import timedelta

from celery import shared_task
from django.urls import reverse

from expertteam import account_changes, calendar, clock, notify, regulation, sessions
from expertteam.models import Submission
from expertteam.templatetags.terrace import long_day

APPOINT, REVIEW = "recruitment.appoint_application", "recruitment.approve_application"
KEPT = timedelta(days=30)  # what served one visit and is a record of nothing


@shared_task
def deliver():
    """Every minute, and after every message: hand over what is due."""
    notify.deliver_pending()


@shared_task
def settle_account_changes():
    """Every five minutes: another mobile number takes effect once it has cooled."""
    account_changes.settle()


@shared_task
def tell_of_missing_years():
    """Daily: once a week, whoever enters holidays is told of a year that is still to be entered."""
    for missing in calendar.years_to_enter(clock.today()):
        body = f"{missing}年的放假安排还没有录入，跨到这一年的截止日只能暂定。国务院办公厅发出通知后请录入。"
        url = f"{reverse('admin:expertteam_calendaryear_add')}?year={missing}"
        key = f"year-missing:{missing}:{calendar.week(clock.today())}"
        notify.notify_role(key, "expertteam.add_calendaryear", "放假安排待录入", body, url)


@shared_task
def tell_of_the_measures_end():
    """Daily: leaders and reviewers are told once a stage that the Measures themselves will end (Article 15)."""
    if months := regulation.months_left(clock.today()):
        body = f"办法有效期到{long_day(regulation.IN_FORCE[1])}为止。请准备续期或修订，聘期超过这一天的也要有安排。"
        for permission in (APPOINT, REVIEW):
            notify.notify_role(
                f"measures-end:{months}", permission, "办法有效期快到了", body, reverse("rules") + "#a15"
            )


@shared_task
def forget():
    """Daily: sessions that have ended, and keys of public forms with what they were answered, older than thirty days."""
    sessions.forget()
    Submission.objects.filter(made_at__lt=clock.now() - KEPT).delete()
