"""What time itself brings about in selection (Articles 3 and 11); every job may run twice, or late."""

from contextlib import suppress

from celery import shared_task
from django.urls import reverse

from expertteam import clock
from expertteam.notify import notify_role
from expertteam.regulation import Refused
from expertteam.workflow import SYSTEM
from recruitment import actions
from recruitment.models import Application, Notice, Round, Wish


@shared_task
def settle_notices():
    """Every hour: fix the end of provisional notices whose year has been entered by now."""
    for notice in Notice.objects.filter(state=Notice.State.PUBLISHED, provisional=True):
        with suppress(Refused):  # its year is still unknown
            actions.settle(notice, by=SYSTEM)


@shared_task
def lapse_supplements():
    """Every hour: close the applications that were returned and not supplemented in time."""
    for application in Application.objects.filter(state=Application.State.RETURNED):
        with suppress(Refused):  # still in time
            actions.lapse(application, by=SYSTEM)


@shared_task
def tell_of_finished_notices():
    """Every hour: tell the leaders, once for each notice, that people on it can be appointed."""
    on_notice = Application.objects.filter(state=Application.State.ON_NOTICE)
    if not on_notice.filter(candidacies__notice__ends_at__lt=clock.now()).exists():
        return
    for notice in Notice.objects.finished(clock.now()):
        url = reverse("recruitment:staff_notice", args=[notice.pk])
        body = f"“{notice.title}”公示期满，没有异议的人选可以聘任。"
        notify_role(f"finished:{notice.pk}", "recruitment.appoint_application", "公示期满，待聘任", body, url)


@shared_task
def carry_wishes():
    """Every morning: the wishes for another term that waited become applications in the round that has opened."""
    round = Round.objects.for_renewal(clock.today()).first()
    if round is None:
        return
    for wish in Wish.objects.waiting(clock.today()).select_related("term__expert__user"):
        with suppress(Refused):  # another application of his is being decided
            actions.carry(wish, round)
