"""An expert's time and attention, held for one request at a time (Article 10(3))."""

from datetime import datetime

from django.utils.crypto import salted_hmac

from experts.models import Expert
from expertteam import calendar, clock
from expertteam.models import Policy, User
from services import messages
from services.actions.availability import occupy, release
from services.models import Engagement, Offer, ServiceRequest
from services.rules.request import answer_by

ANSWER_HOUR = 18  # o'clock: we and the experts answer until the end of work


def code_of(request: ServiceRequest) -> str:
    """Six digits that the client alone is told and says aloud when the length is right; others at another time."""
    at = clock.local(request.starts_at)  # in whatever zone it comes from a form or from the database
    mark = salted_hmac("services.code", f"{request.number}@{at:%Y%m%d%H%M}", algorithm="sha256")
    return f"{int(mark.hexdigest(), 16) % 10**6:06d}"


def answer_due(starts_at: datetime | None) -> datetime:
    """Until when we answer: the end of work of the last day of the period, yet before the time that is asked for."""
    days = Policy.objects.number("answer_days", clock.today())
    ends = clock.instant(calendar.deadline(clock.today(), days, start_counts=False).day, ANSWER_HOUR)
    return answer_by(ends, starts_at and clock.local(starts_at), clock.now())


def live_offer(request: ServiceRequest) -> Offer | None:
    """The offer that an expert has before him or has taken on."""
    return Offer.objects.live().filter(request=request).first()


def free_time(request: ServiceRequest):
    """Whatever time was held for this request is free again."""
    for engagement in Engagement.objects.filter(request=request, live=True):
        release(engagement)


def hold_time(request: ServiceRequest, expert: Expert, starts_at: datetime, minutes: int):
    """This time of this expert is held for the request, and no other; ``Refused`` when it is taken."""
    held = Engagement.objects.filter(request=request, live=True)
    same = held.filter(expert=expert, starts_at=starts_at, ends_at=starts_at + minutes * clock.ONE_MINUTE)
    if not same.exists():
        free_time(request)
        occupy(expert, starts_at, minutes, purpose=Engagement.Purpose.SESSION, request=request)


def put_before(request: ServiceRequest, expert: Expert, *, by: User | None, **given) -> Offer:
    """Ask this expert; ``by`` nobody where time itself took the next on the list that a person had made.

    ``given``: ``why``, ``alternates``, ``override``.
    """
    days = Policy.objects.number("offer_days", clock.today())
    due = clock.instant(calendar.deadline(clock.today(), days, start_counts=False).day, ANSWER_HOUR)
    offer = Offer(
        request=request, expert=expert, starts_at=request.starts_at, minutes=request.minutes, room=request.room,
        offered_by=by, offered_at=clock.now(), answer_due=answer_by(due, request.starts_at and clock.local(request.starts_at), clock.now()), **given,
    )  # fmt: skip
    offer._change_reason, offer._history_user = "匹配专家（第10(3)条）", by
    offer.save()
    messages.offered(offer)
    return offer
