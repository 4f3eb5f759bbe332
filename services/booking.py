"""From what somebody typed to his request and the link to it (Article 10(3))."""

from datetime import datetime

from experts.models import Expert
from expertteam import clock
from expertteam.models import Notification, User
from expertteam.once import once
from expertteam.regulation import Refused
from services import actions, slots
from services.actions.availability import TAKEN
from services.messages import LINK_LASTS
from services.models import Link, ServiceRequest
from services.slots import Slot

NEAREST = 3


def book(key: str, *, by: User | None, wanted: Expert | None, slot: str, said: dict) -> str:
    """Ask, once for this form; returns the token of the link to the request."""

    def ask() -> str:
        times = open_time(wanted, slot) if slot else {}
        request = actions.ask(by=by, channel=ServiceRequest.Channel.WEB, wanted=wanted, **times, **said)
        return link_to(request)

    return once(f"book:{key}", [wanted and wanted.pk, slot, said], ask)


def take(key: str, *, by: User, wanted: Expert | None, slot: str, note: str, said: dict) -> str:
    """The same as a clerk takes it from whoever is on the line, once for this form; returns its number."""

    def ask() -> str:
        times = open_time(wanted, slot) if slot else {}
        return actions.ask_by_phone(by=by, wanted=wanted, note=note, **times, **said).number

    return once(f"take:{key}", [wanted and wanted.pk, slot, said], ask)


def open_time(expert: Expert, id: str) -> dict:
    """When it begins and how long it lasts, of a time that the expert gives away; ``Refused`` when it is taken."""
    slot = slots.slot_from(expert, id)
    if slot is None:
        raise Refused(TAKEN, "10(3)")
    return {"starts_at": slot.starts_at, "minutes": (slot.ends_at - slot.starts_at) // clock.ONE_MINUTE}


def link_to(request: ServiceRequest) -> str:
    return Link.issue(Link.Purpose.PROGRESS, LINK_LASTS, request=request)


def is_unsent(request: ServiceRequest) -> bool:
    """Whether the gateway has been tried with the first SMS, in vain."""
    return Notification.objects.filter(key=f"received:{request.number}:sms", sent_at=None, attempts__gt=0).exists()


def free(expert: Expert) -> list[Slot]:
    """Every time that he still gives away."""
    now = clock.now()
    return slots.free([expert], *slots.window(now), now)[expert.pk]


def nearest(expert: Expert, id: str) -> list[Slot]:
    """The free times of this expert next to one that is taken, in their order."""
    asked = moment(id)
    if asked is None:
        return free(expert)[:NEAREST]
    return sorted(sorted(free(expert), key=lambda slot: abs(slot.starts_at - asked))[:NEAREST])


def moment(id: str) -> datetime | None:
    """What an id says, whether it is a time of somebody or not."""
    try:
        return datetime.strptime(f"{id}+0800", "%Y%m%d%H%M%z")
    except ValueError:
        return None
