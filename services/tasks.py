"""What time brings about in the service: each task asks what is due, and is safe to run late or twice."""

from contextlib import suppress

from celery import shared_task

from expertteam import clock
from expertteam.calendar import ONE_DAY
from expertteam.regulation import Refused
from expertteam.tasks import KEPT
from expertteam.workflow import SYSTEM
from services import actions, announcements, messages
from services.actions.holding import code_of
from services.models import Link, Offer, Pairing, Service, ServiceRequest, SignUp


@shared_task
def lapse_offers():
    """Every ten minutes: who has not answered in time gives way to the next on the matcher's list."""
    for offer in Offer.objects.overdue(clock.now()):
        with suppress(Refused):  # answered a moment ago
            actions.lapse(offer, by=SYSTEM)


@shared_task
def pass_to_call_back():
    """Daily: a service that its client has not confirmed in time is not approved by silence; somebody rings up."""
    for service in Service.objects.unconfirmed(clock.today()):
        with suppress(Refused):  # answered a moment ago
            actions.leave_unanswered(service, by=SYSTEM)


@shared_task
def remind_of_appointments():
    """Daily in the afternoon: both sides of what is arranged for tomorrow, once for each appointed time."""
    for request in ServiceRequest.objects.arranged_on(clock.today() + ONE_DAY):
        messages.remind_client(request, code_of(request))
        messages.remind_expert(request.offers.get(state=Offer.State.ACCEPTED))


@shared_task
def remind_of_answers():
    """Daily in the morning: an expert whose time to answer ends today."""
    for offer in Offer.objects.due_on(clock.today()):
        messages.remind_of_answer(offer)


@shared_task
def remind_of_logs():
    """Daily: an expert whose appointed time is over, and who has not written what came of it."""
    for offer in Offer.objects.unlogged(clock.now() - ONE_DAY):
        messages.remind_of_log(offer)


@shared_task
def remind_of_pairing_contacts():
    """Daily: a pairing whose next contact is near or late, once for each due day."""
    for pairing in Pairing.objects.near(clock.today()).dated():
        announcements.contact_is_due(pairing)


@shared_task
def remind_of_activities():
    """Daily in the afternoon: who has a seat at what is on tomorrow, once for each day."""
    for sign_up in SignUp.objects.seated_on(clock.today() + ONE_DAY):
        announcements.soon(sign_up)


@shared_task
def forget_links():
    """Daily: one-time links that have opened nothing for thirty days."""
    Link.objects.filter(expires_at__lt=clock.now() - KEPT).delete()
