"""Letters about terms that will end; a term that ends by itself needs no work done."""

from itertools import groupby

from celery import shared_task
from django.urls import reverse

from experts import rules
from experts.models import Appointment
from expertteam import clock
from expertteam.documents import in_chinese
from expertteam.notify import notify, notify_role


@shared_task
def warn_of_ending_terms():
    """Daily: tell each expert, and the reviewers once for all terms that end on one day."""
    today = clock.today()
    for last_day, ending in groupby(Appointment.objects.ending(today), key=lambda term: term.last_day):
        terms = list(ending)
        stage = rules.warning_due(last_day, today)
        for term in terms:
            tell_expert(term, stage)
        tell_reviewers(last_day, stage, len(terms))


def tell_expert(term, stage):
    body = f"您的聘期到{in_chinese(term.last_day)}为止，到期自动终止。想续聘的，请在工作台提出续聘意愿；已经提出的不用再办。"
    notify(f"term-ends:{term.pk}:{stage}", term.expert.user, "聘期快到了", body, reverse("recruitment:renewal"))


def tell_reviewers(last_day, stage, count):
    body = f"{count}位专家的聘期到{in_chinese(last_day)}为止。谁想续聘、办到哪一步，请看“聘期与续聘”；需要续聘的，请开一批。"
    key, who = f"terms-end:{last_day}:{stage}", "recruitment.approve_application"
    notify_role(key, who, "有聘期快到了", body, reverse("recruitment:renewals"))
