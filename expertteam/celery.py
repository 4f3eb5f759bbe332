"""The worker, and every periodic job of the house on one screen."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from expertteam.keys import require_keys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "expertteam.settings")

app = Celery("expertteam")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "deliver notifications": {"task": "expertteam.tasks.deliver", "schedule": 60},
    "settle provisional notices": {"task": "recruitment.tasks.settle_notices", "schedule": crontab(minute=10)},
    "lapse overdue supplements": {"task": "recruitment.tasks.lapse_supplements", "schedule": crontab(minute=15)},
    "tell leaders of finished notices": {
        "task": "recruitment.tasks.tell_of_finished_notices",
        "schedule": crontab(minute=20),
    },
    "warn of ending terms": {"task": "experts.tasks.warn_of_ending_terms", "schedule": crontab(hour=8, minute=0)},
}


@worker_init.connect
def refuse_throw_away_keys(**_):
    """``SystemExit``: Celery logs every other error of a receiver and goes on."""
    try:
        require_keys()
    except ImproperlyConfigured as lacking:
        raise SystemExit(str(lacking)) from lacking


def run_due_jobs():
    """Every periodic job once, here and now: for the demo's moved clock, and where neither worker nor beat runs."""
    for job in app.conf.beat_schedule.values():
        import_string(job["task"])()
