"""专题活动: drafted, announced, held, closed with its attendance list (Articles 8(3) and 8(6))."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction

from expertteam import clock
from expertteam.models import User
from expertteam.numbering import monthly
from expertteam.regulation import Refused
from expertteam.workflow import SYSTEM, may, transition
from services import announcements as say
from services.actions import activity_role, sign_up
from services.actions.service import record_activity
from services.models import Activity, ActivityRole, SignUp
from services.rules import activity as rules

State = Activity.State
Role = ActivityRole.State


@transaction.atomic
def draft(*, by: User, **facts) -> Activity:
    """拟活动: not yet seen by the public."""
    if not may(by, "services.draft_activity"):
        raise PermissionDenied("services.draft_activity")
    activity = Activity(number=monthly("HD", "activity"), drafted_by=by, **facts)
    activity._history_user, activity._change_reason = by, "拟活动（第8(3)条）"
    activity.save()
    return activity


@transition(Activity, source=[State.DRAFT], target=State.DRAFT, article="8(3)")
def revise(activity, *, by, **facts):
    """修改拟稿"""
    moved = "starts_at" in facts and facts["starts_at"] != activity.starts_at
    write(activity, facts)
    return partial(ask_anew, activity, by) if moved else None


def write(activity, facts):
    for field in ("kind", "title", "text", "starts_at", "ends_at", "place", "capacity"):
        if field in facts:
            setattr(activity, field, facts[field])


@transition(Activity, source=[State.DRAFT], target=State.OPEN, article="8(3)")
def publish(activity, *, by):
    """发布活动"""
    roles = activity.roles.values_list("state", flat=True)
    if reason := rules.why_not_announced(activity.starts_at, clock.now(), roles):
        raise Refused(reason, activity.article)
    activity.published_at = clock.now()


@transition(Activity, source=[State.OPEN], target=State.OPEN, article="8(3)")
def amend(activity, *, by, amendment, **facts):
    """变更活动"""
    if clock.now() >= activity.starts_at:
        raise Refused("活动已经开始，不能再变更", activity.article)
    if facts["starts_at"] <= clock.now():
        raise Refused("新的开始时间已过", activity.article)
    seated = activity.sign_ups.filter(state__in=SignUp.SEATED).count()
    if facts["capacity"] < seated:
        raise Refused(f"已报上{seated}人，名额不能再少", activity.article)
    moved = facts["starts_at"] != activity.starts_at
    told = moved or facts["ends_at"] != activity.ends_at or facts["place"] != activity.place
    write(activity, facts)
    activity.amendment = amendment
    return partial(carry_out, activity, by, moved, told)


def carry_out(activity, by, moved, told):
    """What follows from a change once it stands: others are asked and told, and free seats are taken."""
    if moved:
        ask_anew(activity, by)
    for each in activity.sign_ups.filter(state__in=[SignUp.State.SEATED, SignUp.State.WAITING]) if told else ():
        say.amended(activity, each)
    sign_up.move_up(activity)


def ask_anew(activity, by):
    """Another time: whoever is to take part begins with the activity and is asked again."""
    for role in activity.roles.live():
        activity_role.ask_again(role, by=by, starts_at=activity.starts_at)


@transition(Activity, source=[State.OPEN], target=State.HELD, article="8(3)")
def hold(activity, *, by):
    """登记已举办"""
    if clock.now() < activity.starts_at:
        raise Refused("活动还没有开始", activity.article)


@transition(Activity, source=[State.HELD], target=State.CLOSED, article="8(3)")
def close(activity, *, by, attended: dict[int, int | None]):
    """办结活动"""
    credited = any(minutes is not None for minutes in attended.values())
    if credited and not activity.sign_ups.filter(state=SignUp.State.ATTENDED).exists():
        raise Refused("签到名单还是空的，不能确认专家的时长", activity.article)
    for role in activity.roles.filter(state__in=[Role.INVITED, Role.ACCEPTED]):
        minutes = attended.get(role.pk)
        if role.state == Role.INVITED:
            activity_role.release(role, by=by)
        elif minutes is None:
            activity_role.miss(role, by=by)
        else:
            activity_role.attest(role, by=by, minutes=minutes)
            credit(role, by)
    for each in activity.sign_ups.filter(state=SignUp.State.SEATED):
        sign_up.miss(each, by=SYSTEM)


def credit(role, by):
    """The expert's part as a service, confirmed by the attendance list of whoever closes the activity."""
    activity = role.activity
    record_activity(
        activity, expert=role.expert, started_at=role.starts_at, minutes=role.minutes, by=by,
        kind=rules.service_kind(activity.kind), summary=f"{activity.title}（{role.get_role_display()}）",
    )  # fmt: skip


@transition(Activity, source=[State.DRAFT, State.OPEN], target=State.CANCELLED, article="8(3)")
def cancel(activity, *, by, reason):
    """取消活动"""
    activity.cancelled_reason = reason
    for role in activity.roles.filter(state__in=[Role.INVITED, Role.ACCEPTED]):
        activity_role.release(role, by=by)
    for each in activity.sign_ups.filter(state__in=[SignUp.State.SEATED, SignUp.State.WAITING]):
        say.cancelled(activity, each)
