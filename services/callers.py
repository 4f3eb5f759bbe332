"""Who is on the line: a caller is his number, typed once, and sealed into the addresses of the pages about him."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import NamedTuple

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from expertteam import clock
from expertteam.fields import blind, box
from expertteam.models import Notification
from services import actions
from services.actions import sign_up
from services.messages import discreet
from services.models import Service, ServiceRequest, SignUp

LASTS = 12 * 60 * 60  # seconds: a shift
JUST_SENT = timedelta(minutes=30)
LOOKED_AT = 100  # newest messages among which those to the caller are looked for
# What an SMS tells a client, by how its key begins; floors above enter theirs.  Nothing else is shown to the desk.
CLIENTS = {
    "received", "number-code", "arranged", "handed-back", "wished", "stood-down", "absent", "replaced", "to-verify", "cancelled",
    "missed", "unplaced", "remind", "logged", "tie", "pairing-accepted", "pairing-declined", "pairing-off", "pairing-discontinued",
    "sign-up", "moved-up", "given-up", "amended", "soon",
}  # fmt: skip


class Way(NamedTuple):
    """One thing that can be done for the caller: what the button says, and where it leads."""

    label: str
    url: str


# What the floors above do for a caller about services of his, e.g. rate one by telephone; by the key of the service.
AFTERWARDS: list[Callable[[list[Service]], dict[int, Way]]] = []
# What they do for him whatever he has asked for before; called with his sealed number.
BESIDES: list[Callable[[str], Way]] = []


class Sent(NamedTuple):
    """An SMS as staff may read it."""

    subject: str
    body: str
    message: Notification


def seal(phone: str) -> str:
    """The number as it stands in an address: only this house can open it."""
    return box(tuple(settings.FIELD_KEYS)).encrypt(phone.encode()).decode()


def unseal(sealed: str) -> str:
    """The number, or nothing when the seal is not ours or the shift is over."""
    try:
        return box(tuple(settings.FIELD_KEYS)).decrypt(sealed.encode(), ttl=LASTS).decode()
    except InvalidToken:
        return ""


def page_of(phone: str) -> str:
    return reverse("services:caller", args=[seal(phone)])


class Caller:
    """What this house has to do with a number, in as many queries for one matter as for many."""

    def __init__(self, phone: str):
        self.phone, self.index = phone, blind(phone, "mobile")

    def requests(self):
        asked = ServiceRequest.objects.of_phone(self.index)
        return asked.select_related("expert__user", "wanted__user", "taken_by").prefetch_related("offers__expert__user")

    def services(self):
        """Each with what the floors above do about it, in ``afterwards``."""
        logged = Service.objects.filter(phone_index=self.index).exclude(state=Service.State.DRAFT)
        found = list(logged.select_related("expert__user", "request__expert__user"))
        told = [tell(found) for tell in AFTERWARDS]
        for service in found:
            service.afterwards = [ways[service.pk] for ways in told if service.pk in ways]
        return found

    def sign_ups(self):
        return SignUp.objects.filter(phone_index=self.index).select_related("activity").order_by("-pk")

    def sent(self) -> list[Sent]:
        """What has just gone out to this number as a client's: told to the caller while he is on the line.

        What is told to a person, be he called to a review or asked about a report, has his account, and is his alone.
        """
        since = clock.now() - JUST_SENT
        as_client = Q(*[("key__startswith", f"{kind}:") for kind in sorted(CLIENTS)], _connector=Q.OR)
        texts = Notification.objects.filter(as_client, channel=Notification.Channel.SMS, to=None)
        return [
            Sent(message.subject, discreet(message.body), message)
            for message in texts.order_by("-pk")[:LOOKED_AT]
            if message.address == self.phone and message.created_at >= since
        ]


def ways_of_request(request: ServiceRequest, user) -> Iterator[Way]:
    """What can be done for him about a request, whose offers have been read."""
    moves = {
        actions.change_time: ("改时间", "services:phone_change"),
        actions.reschedule: ("改时间", "services:phone_change"),
        actions.cancel: ("取消预约", "services:phone_cancel"),
    }
    yield from ways(moves, request, user)
    begun = request.starts_at and request.starts_at <= clock.now()
    for offer in request.offers.all() if begun else ():
        if open_to(actions.report_absence, offer, user):
            yield Way("登记专家没来", reverse("services:phone_absent", args=[offer.pk]))
    yield Way("登记通话", reverse("services:request_talk", args=[request.pk]))


def ways_of_service(service: Service, user) -> Iterator[Way]:
    moves = {
        actions.confirm: ("代为确认", "services:phone_confirm"),
        actions.query: ("代为提出有出入", "services:phone_query"),
    }
    yield from ways(moves, service, user)
    yield from service.afterwards


def ways_of_seat(entry: SignUp, user) -> Iterator[Way]:
    if entry.activity.starts_at > clock.now():
        yield from ways({sign_up.give_up: ("取消报名", "services:phone_give_up")}, entry, user)


def ways_of_caller(sealed: str) -> list[Way]:
    return [way(sealed) for way in BESIDES]


def ways(moves: dict, record, user) -> Iterator[Way]:
    """Of these moves, each with its words and url name, those that this person may make on the record now."""
    for move, (label, name) in moves.items():
        if open_to(move, record, user):
            yield Way(label, reverse(name, args=[record.pk]))


def open_to(move, record, user) -> bool:
    return record.state in move.source and move.permits(record, user)
