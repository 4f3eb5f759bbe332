"""What experts are asked to do at an activity, and whether they did (Articles 8(3) and 8(6))."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from experts.models import Expert
from expertteam import clock
from expertteam.models import User
from expertteam.regulation import Refused
from expertteam.workflow import may, transition
from services import announcements as say
from services.actions.availability import occupy
from services.actions.availability import release as give_back
from services.models import Activity, ActivityRole
from services.rules import activity as rules
from services.suspension import ask_anew

State = ActivityRole.State


@transaction.atomic
def invite(
    activity: Activity, *, by: User, expert: Expert, role: str, starts_at: datetime, minutes: int
) -> ActivityRole:
    """邀请专家: ask one expert in term on that day; he answers at his desk."""
    activity.refresh_from_db(from_queryset=Activity.objects.select_for_update())
    if not may(by, "services.invite_activityrole"):
        raise PermissionDenied("services.invite_activityrole")
    if activity.state not in (Activity.State.DRAFT, Activity.State.OPEN):
        raise Refused("活动已经举办或取消，不能再邀请", activity.article)
    if expert.user_id == by.pk:
        raise Refused("不能邀请自己，应由他人邀请", activity.article)
    within(activity, starts_at, minutes)
    in_term(expert, starts_at)
    ask_anew(expert)
    if activity.roles.live().filter(expert=expert).exists():
        raise Refused("已经邀请过这位专家", activity.article)
    asked = ActivityRole(activity=activity, expert=expert, role=role, starts_at=starts_at, minutes=minutes)
    asked._history_user, asked._change_reason = by, "邀请专家（第8(3)条）"
    asked.save()
    say.role_asked(asked)
    return asked


def within(activity: Activity, starts_at: datetime, minutes: int):
    """``Refused`` unless it lies within the activity and is still to come."""
    if starts_at <= clock.now():
        raise Refused("时间已过", activity.article)
    if starts_at < activity.starts_at or starts_at + timedelta(minutes=minutes) > activity.ends_at:
        raise Refused("专家的时间要在活动的开始和结束之间", activity.article)


def in_term(expert: Expert, starts_at: datetime):
    if not expert.appointments.in_force(clock.local(starts_at).date()).exists():
        raise Refused("活动那天不在这位专家的聘期内", "3")


@transition(ActivityRole, source=[State.INVITED], target=State.ACCEPTED, article="8(3)", own=True)
def accept(role, *, by):
    """接受邀请"""
    if role.activity.state not in (Activity.State.DRAFT, Activity.State.OPEN):
        raise Refused("活动已经举办或取消", role.activity.article)
    within(role.activity, role.starts_at, role.minutes)
    in_term(role.expert, role.starts_at)
    role.engagement = occupy(role.expert, role.starts_at, role.minutes, purpose="activity", activity=role.activity)
    role.answered_at = clock.now()
    say.role_answered(role)


@transition(ActivityRole, source=[State.INVITED, State.ACCEPTED], target=State.DECLINED, article="8(3)", own=True)
def decline(role, *, by, reason):
    """来不了"""
    if role.state == State.ACCEPTED and clock.now() >= role.starts_at:
        raise Refused("已经到开始时间，请打电话告诉服务中心", role.activity.article)
    vacate(role)
    role.reason, role.answered_at = reason, clock.now()
    say.role_answered(role)


@transition(ActivityRole, source=[State.INVITED, State.ACCEPTED], target=State.RELEASED, article="8(3)")
def release(role, *, by):
    """撤回邀请"""
    vacate(role)
    if clock.now() < role.starts_at:
        say.role_released(role)


@transition(ActivityRole, source=[State.INVITED, State.ACCEPTED], target=State.INVITED, article="8(3)", follows=True)
def ask_again(role, *, by, starts_at):
    """改时间，重新邀请"""
    vacate(role)
    longest = int((role.activity.ends_at - starts_at).total_seconds() // 60)
    role.starts_at, role.minutes, role.answered_at = starts_at, min(role.minutes, longest), None
    say.role_asked(role)


@transition(ActivityRole, source=[State.ACCEPTED], target=State.SERVED, article="8(3)", follows=True)
def attest(role, *, by, minutes):
    """确认到场"""
    if reason := rules.why_not_attested(minutes, role.starts_at, role.activity.ends_at, clock.now()):
        raise Refused(f"{role.expert}：{reason}", role.activity.article)
    role.minutes = minutes


@transition(ActivityRole, source=[State.ACCEPTED], target=State.ABSENT, article="8(3)", follows=True)
def miss(role, *, by):
    """登记没到场"""


def vacate(role):
    """Give the time back to the expert."""
    if role.engagement:
        give_back(role.engagement)
        role.engagement = None
