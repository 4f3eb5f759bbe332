"""Roles: one person proposes, another confirms, either takes back.  The Measures leave this to the bureau."""

import secrets

from django.apps import apps
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from guardian.models import UserObjectPermissionBase

from expertteam import account_changes, enrolment, sessions
from expertteam.models import STAFF_ROLES, AccountChange, RoleGrant, User
from expertteam.regulation import Refused
from expertteam.workflow import may, transition

State = RoleGrant.State
LIVE = [State.PROPOSED, State.ACTIVE]


def check_proposal(user: User, *, by: User, role: str):
    """Whether this may be proposed now, or ``Refused`` with the reason."""
    if not may(by, "expertteam.propose_rolegrant"):
        raise PermissionDenied("expertteam.propose_rolegrant")
    if user == by:
        raise Refused("不能给自己提出岗位，请另一位管理员提出")
    if role not in STAFF_ROLES:
        raise Refused("这个身份随注册或聘任取得，不用授权")
    if not user.is_active:
        raise Refused("这个账号已停用")
    if RoleGrant.objects.filter(user=user, role=role, state__in=LIVE).exists():
        raise Refused("已经有这个岗位，或正等待确认")


@transaction.atomic
def propose(user: User, *, by: User, role: str) -> RoleGrant:
    """Propose a role of the office for this person; it counts once another person confirms it."""
    user = User.objects.select_for_update().get(pk=user.pk)
    check_proposal(user, by=by, role=role)
    return enter(RoleGrant(user=user, role=role, proposed_by=by), by, "提出授权")


@transition(RoleGrant, source=[State.PROPOSED], target=State.ACTIVE)
def confirm(grant, *, by):
    """确认授权"""
    if by.pk == grant.proposed_by_id:
        raise Refused("提出授权的人不能再确认")
    if not grant.user.is_active:
        raise Refused("这个账号已停用")
    if not grant.proposed_by.is_active:
        raise Refused("提出人的账号已停用，请收回后由另一位管理员重新提出")
    if not grant.user.is_staff:  # a second factor set up before is of no office: whoever opened the account may hold it
        enrolment.take_factors(grant.user)
    settle(grant.user_id, by, given=grant.role)


@transition(RoleGrant, source=[State.ACTIVE], target=None)
def issue_code(grant, *, by, identity):
    """发开通码"""
    if by.pk == grant.proposed_by_id:
        raise Refused("提出授权的人不能发开通码")
    if not grant.user.is_active:
        raise Refused("这个账号已停用")
    if enrolment.has_factor(grant.user):
        raise Refused("这个账号已有两步验证；丢了的由系统管理员提出重置")
    account_changes.tail_only(identity)
    grant.identity = identity
    grant.issued = enrolment.issue(grant.user_id)  # in clear this once


@transition(RoleGrant, source=LIVE, target=State.REVOKED)
def revoke(grant, *, by):
    """收回授权"""
    if grant.state == State.ACTIVE:
        settle(grant.user_id, by, taken=grant.role)
        sessions.end_all(grant.user)


@transaction.atomic
def shut_out(user: User, *, by: User, reason: str):
    """停用账号: from now on no way in, no role, no grant on any record, no session, no code; all in one transaction.

    The person's next request is nobody's: sessions lie in the database, whether the queue answers or not.
    """
    for grant in RoleGrant.objects.filter(user=user, state__in=LIVE):
        revoke(grant, by=by)
    for change in AccountChange.objects.open().filter(user=user):
        account_changes.stop(change, by=by, stop_note="账号已停用")
    for model in apps.get_models():
        if issubclass(model, UserObjectPermissionBase):
            model.objects.filter(user=user).delete()
    enrolment.clear(user.pk)
    user = User.objects.select_for_update().get(pk=user.pk)
    user.groups.remove(*Group.objects.filter(name__in=STAFF_ROLES))  # however he came by them
    user.is_active = user.is_staff = False
    user._history_user, user._change_reason = by, f"停用账号：{reason}"
    user.save(update_fields=["is_active", "is_staff"])
    sessions.end_all(user)


@transaction.atomic
def install(username: str, *, name: str, password: str | None, role: str) -> User:
    """The first holder of a role in a new installation, where nobody is there yet to propose or confirm."""
    user = User.objects.create_user(username, name=name, password=password)
    enter(RoleGrant(user=user, role=role, proposed_by=user, state=State.ACTIVE), None, "首次设立")
    settle(user.pk, None, given=role)
    return user


def enter(grant: RoleGrant, by: User | None, reason: str) -> RoleGrant:
    grant._history_user, grant._change_reason = by, reason
    grant.save()
    return grant


def settle(user_id: int, by: User | None, given: str = "", taken: str = ""):
    """Give or take the role's group; staff is who holds any role of the office."""
    user = User.objects.select_for_update().get(pk=user_id)
    if given:
        user.groups.add(Group.objects.get(name=given))
    if taken:
        user.groups.remove(Group.objects.get(name=taken))
    user.is_staff = user.groups.filter(name__in=STAFF_ROLES).exists()
    user._history_user, user._change_reason = by, "岗位变动"
    user.save(update_fields=["is_staff"])


def open_account(account: User | None, *, by: User, reason: str, **person) -> User:
    """An account for somebody whom the office knows, or the one he has with what it does not say yet.

    A new one has no password and a number that nobody has proved: he comes in by a code to it.  Part of the act that
    has asked who may.
    """
    if account is None:
        account = User(username=f"u{secrets.token_hex(6)}")
        account.set_unusable_password()
    missing = {name: value for name, value in person.items() if not getattr(account, name)}
    for name, value in missing.items():
        setattr(account, name, value)
    if missing:
        account._history_user, account._change_reason = by, reason
        account.save()
    return account
