"""One event, several channels: messages are rows of the transaction that causes them.

``notify`` writes; ``deliver_pending`` hands over what is due and is safe to run twice or late.
Losing Redis loses nothing: the queue only says that there may be something to do.
"""

import logging
import time
from datetime import timedelta
from types import SimpleNamespace

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string

from expertteam import clock
from expertteam.logs import scrubbed
from expertteam.models import Notification, User

log = logging.getLogger(__name__)
Channel = Notification.Channel
AT_ONCE = 100  # rows of the outbox that are read together
REST = 30  # seconds without asking again after the queue could not be reached
queue = SimpleNamespace(away_until=0.0)


class ConsoleSms:
    """Development gateway: writes the message to the console."""

    def send(self, phone: str, text: str, key: str):
        log.warning("短信 %s：%s", phone, text)


def notify(key: str, to: User, subject: str, body: str, url: str = "", sms: bool = True, wait=timedelta(0)):
    """Tell one person of one event, once for this ``key``: in-app always, by SMS and mail where he has them.

    ``wait``: not before so long from now.
    """
    put(messages(key, to, sms, subject=subject, body=body, url=url, due=clock.now() + wait))


def messages(key: str, to: User, sms: bool, **said) -> list[Notification]:
    """What one person is told, not yet saved, channel by channel."""
    addresses = {Channel.INAPP: "", Channel.SMS: to.phone if sms else "", Channel.MAIL: to.email}
    return [
        Notification(key=f"{key}:{to.pk}:{channel}", channel=channel, to=to, address=address, **said)
        for channel, address in addresses.items()
        if address or channel == Channel.INAPP
    ]


def holders(permission: str) -> QuerySet:
    """Everybody with an open account in the roles that hold this permission."""
    app_label, codename = permission.split(".")
    groups = {"groups__permissions__codename": codename, "groups__permissions__content_type__app_label": app_label}
    return User.objects.filter(is_active=True, **groups).distinct().order_by("pk")


def notify_role(key: str, permission: str, subject: str, body: str, url: str = "", but: int | None = None):
    """Tell everybody in the roles that hold this permission, in-app and by mail: work that waits is no SMS.

    ``but``: the key of the person whom it concerns, who is told nothing by his office.
    """
    said = {"subject": subject, "body": body, "url": url, "due": clock.now()}
    people = holders(permission).exclude(pk=but).only("email")
    put([message for person in people for message in messages(key, person, sms=False, **said)])


def text(key: str, phone: str, subject: str, body: str, wait=timedelta(0)):
    """Send one SMS to a number that need not belong to an account; ``wait``: not before so long from now."""
    said = {"subject": subject, "body": body, "due": clock.now() + wait}
    put([Notification(key=f"{key}:sms", channel=Channel.SMS, address=phone, **said)])


def take_back(key: str):
    """A message that has not left yet, or that nobody sees yet, is never told."""
    unsent, unseen = Q(sent_at=None, attempts=0), Q(channel=Channel.INAPP, due__gt=clock.now())
    of_event(key).filter(unsent | unseen).delete()


def given_up() -> QuerySet:
    """Tried as often as anything is tried, and never handed over."""
    return Notification.objects.filter(sent_at=None, attempts__gte=Notification.ATTEMPTS)


def try_again(message: Notification):
    """A message that was given up is due again, with all its attempts before it."""
    given_up().filter(pk=message.pk).update(attempts=0, due=clock.now(), error="")
    transaction.on_commit(ask_for_delivery)


def settle(key: str):
    """What was told has been dealt with: nobody need read it any more."""
    of_event(key).filter(read_at=None).update(read_at=clock.now())


def of_event(key: str) -> QuerySet:
    """Whatever was told of this event; within a range, too, which SQLite finds by index where it can find no beginning."""
    found = Notification.objects.filter(key__startswith=f"{key}:")
    return found.filter(key__gte=f"{key}:", key__lt=f"{key};") if connection.vendor == "sqlite" else found


def put(messages: list[Notification]):
    """Write rows of the outbox, but for keys that are there already, and ask for delivery after the commit."""
    known = set(Notification.objects.filter(key__in=[each.key for each in messages]).values_list("key", flat=True))
    new = [each for each in messages if each.key not in known]
    for each in new:
        each.sent_at = clock.now() if each.channel == Channel.INAPP else None
    once = {"update_conflicts": True, "unique_fields": ["key"], "update_fields": ["key"]}
    Notification.objects.bulk_create(
        new, **once
    )  # another may be writing the same key just now; any other fault is told
    if any(each.channel != Channel.INAPP for each in new):
        transaction.on_commit(ask_for_delivery)


def ask_for_delivery():
    """Wake the worker; without Redis deliver at once, with Redis away leave it to the next beat.

    A hung Redis costs two seconds, so after a failure nobody asks again for a while.
    """
    if time.monotonic() < queue.away_until:
        return
    try:
        import_string("expertteam.tasks.deliver").delay()
    except Exception as error:  # the queue is a convenience: whatever it says, the row is safe
        queue.away_until = time.monotonic() + REST
        log.warning("queue not reached, delivery waits for the next beat: %s", error)


def deliver_pending() -> int:
    """Hand over everything that is due; returns how many rows were tried."""
    tried, whole = 0, True
    while whole:
        due = list(Notification.objects.pending(clock.now())[:AT_ONCE])
        whole = len(due) == AT_ONCE
        for message in filter(claim, due):
            tried += 1
            try:
                hand_over(message)
            except Exception as error:  # a gateway may fail in any way; the row keeps what it said
                Notification.objects.filter(pk=message.pk).update(error=scrubbed(repr(error))[:500])
            else:
                Notification.objects.filter(pk=message.pk).update(sent_at=clock.now(), error="")
    return tried


def claim(message: Notification) -> bool:
    """Take a due row, and put off its next attempt: 1, 2, 4 … minutes, at most an hour.

    False where another worker has taken it, or somebody has taken it back, since it was read.
    """
    as_read = Notification.objects.filter(pk=message.pk, sent_at=None, attempts=message.attempts, due=message.due)
    later = clock.now() + timedelta(minutes=min(60, 2**message.attempts))
    return as_read.update(attempts=message.attempts + 1, due=later) == 1


def hand_over(message: Notification):
    """Give the message to its gateway, with its key so that the gateway can see a repeat."""
    if message.channel == Channel.SMS:
        import_string(settings.SMS_BACKEND)().send(message.address, message.body, message.key)
    elif message.channel == Channel.MAIL:
        send_mail(message.subject, message.body, None, [message.address])
