"""The worker, and every periodic job of the house on one screen."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from expertteam.checks import refuse_rehearsal
from expertteam.keys import require_keys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "expertteam.settings")

app = Celery("expertteam")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "deliver notifications": {"task": "expertteam.tasks.deliver", "schedule": 60},
    "settle account changes": {"task": "expertteam.tasks.settle_account_changes", "schedule": crontab(minute="*/5")},
    "tell of missing years": {
        "task": "expertteam.tasks.tell_of_missing_years",
        "schedule": crontab(hour=8, minute=10),
    },
    "tell of the Measures' end": {
        "task": "expertteam.tasks.tell_of_the_measures_end",
        "schedule": crontab(hour=8, minute=15),
    },
    "forget sessions and form keys": {"task": "expertteam.tasks.forget", "schedule": crontab(hour=3, minute=30)},
    "forget one-time links": {"task": "services.tasks.forget_links", "schedule": crontab(hour=3, minute=40)},
    "settle provisional notices": {"task": "recruitment.tasks.settle_notices", "schedule": crontab(minute=10)},
    "lapse overdue supplements": {"task": "recruitment.tasks.lapse_supplements", "schedule": crontab(minute=15)},
    "tell leaders of finished notices": {
        "task": "recruitment.tasks.tell_of_finished_notices",
        "schedule": crontab(minute=20),
    },
    "lapse statements on ratings": {
        "task": "evaluations.tasks.lapse_statements",
        "schedule": crontab(hour=0, minute=20),
    },
    "collect refusals": {"task": "evaluations.tasks.collect_refusals", "schedule": crontab(hour=0, minute=30)},
    "lapse reasons of refusals": {"task": "evaluations.tasks.lapse_reasons", "schedule": crontab(hour=0, minute=25)},
    "lapse defences": {"task": "evaluations.tasks.lapse_defences", "schedule": crontab(hour=0, minute=35)},
    "weigh up ledgers": {"task": "evaluations.tasks.weigh_up_ledgers", "schedule": crontab(hour=7, minute=30)},
    "remind of call-backs": {"task": "evaluations.tasks.remind_of_calls", "schedule": crontab(hour=8, minute=20)},
    "remind of findings": {"task": "evaluations.tasks.remind_of_findings", "schedule": crontab(hour=8, minute=25)},
    "remind of decisions to be served": {
        "task": "evaluations.tasks.remind_of_services",
        "schedule": crontab(hour=8, minute=35),
    },
    "remind of missing bank returns": {
        "task": "payments.tasks.remind_of_returns",
        "schedule": crontab(hour=8, minute=40),
    },
    "remind of rows in suspense": {
        "task": "payments.tasks.remind_of_suspense",
        "schedule": crontab(hour=8, minute=45),
    },
    "lapse offers": {"task": "services.tasks.lapse_offers", "schedule": crontab(minute="*/10")},
    "pass unconfirmed services to call-back": {
        "task": "services.tasks.pass_to_call_back",
        "schedule": crontab(hour=7, minute=0),
    },
    "remind of appointments": {
        "task": "services.tasks.remind_of_appointments",
        "schedule": crontab(hour=15, minute=0),
    },
    "remind of answers": {"task": "services.tasks.remind_of_answers", "schedule": crontab(hour=8, minute=30)},
    "remind of logs": {"task": "services.tasks.remind_of_logs", "schedule": crontab(hour=9, minute=0)},
    "remind of pairing contacts": {
        "task": "services.tasks.remind_of_pairing_contacts",
        "schedule": crontab(hour=8, minute=30),
    },
    "remind of activities": {"task": "services.tasks.remind_of_activities", "schedule": crontab(hour=15, minute=10)},
    "carry wishes for another term": {"task": "recruitment.tasks.carry_wishes", "schedule": crontab(hour=8, minute=5)},
    "collect pay": {"task": "payments.tasks.collect", "schedule": crontab(hour=1, minute=0)},
    "warn of ending terms": {"task": "experts.tasks.warn_of_ending_terms", "schedule": crontab(hour=8, minute=0)},
}


def how_it_works() -> dict:
    """Redis when there is one, in-process otherwise; a queue that does not answer costs no page two seconds."""
    return {
        "broker_url": settings.REDIS_URL or "memory://localhost",
        "task_always_eager": not settings.REDIS_URL,
        "task_eager_propagates": not settings.REDIS_URL,
        "task_publish_retry_policy": {"max_retries": 0},
        "broker_transport_options": {
            "socket_connect_timeout": 1,
            "socket_timeout": 2,
            "max_retries": 0,
            "visibility_timeout": 3600,
        },
        "broker_connection_retry_on_startup": True,
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_time_limit": 300,
        "worker_prefetch_multiplier": 1,
        "timezone": settings.TIME_ZONE,
    }


app.add_defaults(how_it_works)


@worker_init.connect
def refuse_to_start(**_):
    """On throw-away keys, or on a rehearsal.  ``SystemExit``: Celery logs every other error of a receiver and goes on."""
    try:
        require_keys()
        refuse_rehearsal()
    except ImproperlyConfigured as lacking:
        raise SystemExit(str(lacking)) from lacking


def run_due_jobs():
    """Every periodic job once, here and now: for the demo's moved clock, and where neither worker nor beat runs."""
    for job in app.conf.beat_schedule.values():
        import_string(job["task"])()
