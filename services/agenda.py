"""What an expert's time is taken up with, as he sees it; never whose matter it is or what it is about (Article 4)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.urls import reverse

from experts.models import Expert
from services.ical import Event
from services.models import Engagement, Offer, Place

KEPT, AHEAD = timedelta(days=30), timedelta(days=730)  # what a subscribed calendar holds, back and forth
PLACES = {Place.CENTRE: "市创就业服务中心", Place.VISIT: "上门", Place.ONLINE: "线上"}


class Entry(NamedTuple):
    """An engagement in words: what, where, the page about it, and whether the expert has still to say if he comes."""

    engagement: Engagement
    what: str
    where: str
    url: str
    open: bool


def coming(expert: Expert, begins: datetime, ends: datetime) -> list[Entry]:
    """The live engagements of this period, in their order, in two queries."""
    found = expert.engagements.between(begins, ends).select_related("request", "activity", "activity_role")
    rows = list(found.order_by("starts_at", "pk"))
    asked = Offer.objects.filter(expert=expert, state__in=Offer.LIVE, request__in=[row.request_id for row in rows])
    offers = {offer.request_id: offer for offer in asked}
    return [told(row, offers.get(row.request_id)) for row in rows]


def told(engagement: Engagement, offer: Offer | None) -> Entry:
    what, where, url, open_ = engagement.get_purpose_display(), "", "", False
    if engagement.request:
        where = engagement.request.room or PLACES[engagement.request.place]
        url = reverse("services:task", args=[offer.pk]) if offer else ""
        open_ = offer is not None and offer.state == Offer.State.OFFERED
    elif engagement.activity:
        where, role = engagement.activity.place, getattr(engagement, "activity_role", None)
        url = reverse("services:desk_activity", args=[role.pk]) if role else ""
        open_ = role is not None and role.state == role.State.INVITED
    return Entry(engagement, what, where, url, open_)


def feed(expert: Expert, now: datetime) -> Iterable[Event]:
    """All that is coming and what was lately, for the calendar on the expert's own phone."""
    for entry in coming(expert, now - KEPT, now + AHEAD):
        taken = entry.engagement
        what = f"{entry.what}（待您答复）" if entry.open else entry.what
        yield Event(f"engagement-{taken.pk}", taken.starts_at, taken.ends_at, what, entry.where)
