"""Who comes to an activity: signed up while there is room, else in line; present or not (Article 8(3)).

Every act on a seat holds the activity first, so that two of them never wait for each other.
"""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from expertteam import clock
from expertteam.consents import TEXTS
from expertteam.fields import blind
from expertteam.regulation import Refused
from expertteam.workflow import LINK, SYSTEM, may, transition
from services import announcements as say
from services.models import Activity, ServiceRequest, SignUp
from services.rules import activity as rules

State = SignUp.State
CONSENT = "activity_data"


@transaction.atomic
def sign_up(activity: Activity, *, by, name: str, phone: str, group="", channel="web") -> SignUp:
    """报名: a seat, or a place in line.  ``by`` is ``LINK`` for a visitor, else the clerk who does it for a caller."""
    if by is not LINK and not may(by, "services.take_signup"):
        raise PermissionDenied("services.take_signup")
    if (by is LINK) != (channel == ServiceRequest.Channel.WEB):
        raise ValueError("what a clerk enters did not come by the web")
    hold(activity)
    open_now = activity.state == Activity.State.OPEN
    if reason := rules.why_no_sign_up(open_now, activity.starts_at, clock.now()):
        raise Refused(reason, activity.article)
    if activity.sign_ups.live().filter(phone_index=blind(phone, "mobile")).exists():
        raise Refused("这个手机号已经报过名", activity.article)
    last = activity.sign_ups.aggregate(last=Max("line"))["last"] or 0
    consent = TEXTS[CONSENT]
    entry = SignUp(
        activity=activity, name=name, phone=phone, group=group, channel=channel, taken_by=None if by is LINK else by,
        consent_version=consent.version, consent_digest=consent.digest, line=last + 1,
        state=State.SEATED if seats(activity) else State.WAITING,
    )  # fmt: skip
    entry._history_user, entry._change_reason = entry.taken_by, "报名（第8(3)条）"
    entry.save()
    say.signed_up(entry)
    return entry


def hold(activity: Activity):
    """Lock the activity and read it anew."""
    activity.refresh_from_db(from_queryset=Activity.objects.select_for_update())


def seats(activity: Activity) -> int:
    """How many are free."""
    return rules.seats_left(activity.capacity, activity.sign_ups.filter(state__in=SignUp.SEATED).count())


@transaction.atomic
def cancel(entry: SignUp, *, by) -> SignUp:
    """取消报名: whoever is first in line takes the seat."""
    hold(entry.activity)
    return give_up(entry, by=by)


@transition(SignUp, source=[State.SEATED, State.WAITING], target=State.CANCELLED, article="8(3)", guest=True)
def give_up(entry, *, by):
    """取消报名"""
    if clock.now() >= entry.activity.starts_at:
        raise Refused("活动已经开始，不用再取消", entry.activity.article)
    say.given_up(entry)
    return partial(move_up, entry.activity)


def move_up(activity: Activity):
    """Seat those in line in their order, as many as there is room for, until it begins."""
    hold(activity)
    if activity.state != Activity.State.OPEN or clock.now() >= activity.starts_at:
        return
    waiting = activity.sign_ups.filter(state=State.WAITING).order_by("line")
    for entry in waiting[: seats(activity)]:
        seat(entry, by=SYSTEM)


@transition(SignUp, source=[State.WAITING], target=State.SEATED, article="8(3)", follows=True)
def seat(entry, *, by):
    """候补上座"""
    say.moved_up(entry)


@transaction.atomic
def mark(entry: SignUp, *, by, came: bool) -> SignUp:
    """登记签到 or 没来: on the organiser's list."""
    hold(entry.activity)
    return (check_in if came else miss)(entry, by=by)


@transition(SignUp, source=[State.SEATED, State.ABSENT], target=State.ATTENDED, article="8(3)", guest=True)
def check_in(entry, *, by):
    """签到"""
    listed(entry)
    activity = entry.activity
    if by is LINK and not rules.can_check_in(activity.starts_at, activity.ends_at, clock.now()):
        raise Refused("现在不是签到时间，开始前1小时到结束后2小时可以签到", activity.article)
    entry.attended_at = clock.now()


@transition(SignUp, source=[State.SEATED, State.ATTENDED], target=State.ABSENT, article="8(3)", automatic=True)
def miss(entry, *, by):
    """登记没来"""
    if by is not SYSTEM:
        listed(entry)
    entry.attended_at = None


def listed(entry):
    """The list is written around the activity, until it is closed."""
    if entry.activity.state not in (Activity.State.OPEN, Activity.State.HELD):
        raise Refused("活动已经办结或取消，名单不能再改", entry.activity.article)
    if clock.now() < entry.activity.starts_at - rules.EARLY:
        raise Refused("还没有到签到时间，开始前1小时起可以签到", entry.activity.article)
