"""What one person alone must not change of an account (the Measures leave this to the bureau).

A lost second factor: one who knows the officer sees him and proposes, another sees him and confirms.  Another mobile
number: a code proves the new one, a second person calls the old one (or, where that is gone, looks at the papers too),
and then it cools: both numbers are told, the change can be stopped, and messages go where they went before.
Where the old number is gone somebody else may have it: it stops nothing, and nobody comes in by it meanwhile.
"""

import secrets
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from expertteam import account_messages as messages
from expertteam import clock, enrolment, sessions
from expertteam.fields import blind
from expertteam.identifiers import LONG
from expertteam.models import AccountChange, Policy, User
from expertteam.regulation import Refused
from expertteam.workflow import LINK, SYSTEM, may, refuse_own, transition

State, Kind, Way = AccountChange.State, AccountChange.Kind, AccountChange.Way
PROPOSE, ASK = "expertteam.propose_factor_accountchange", "expertteam.ask_phone_accountchange"
KEEPS, SECONDS = "expertteam.propose_rolegrant", "expertteam.reset_factor_accountchange"
CODE_LASTS, TRIES = timedelta(minutes=10), 5


@transaction.atomic
def propose_factor(user: User, *, by: User, note: str) -> AccountChange:
    """The owner has been here in person, his second factor is lost; ``note``: how he was recognised."""
    if not may(by, PROPOSE):
        raise PermissionDenied(PROPOSE)
    refuse_own(user.pk == by.pk)
    tail_only(note)
    user = held(user, Kind.FACTOR)
    if user.is_staff and not enrolment.has_factor(user):
        raise Refused("这个账号没有两步验证；开通码由局纪检在岗位授权页上发")
    change = AccountChange(user=user, kind=Kind.FACTOR, proposed_by=by, proposed_at=clock.now(), note=note)
    enter(change, by, "提出重置两步验证")
    messages.factor_proposed(change)
    return change


@transaction.atomic
def ask_phone(user: User, *, by: User, phone: str, way: str = Way.CALL, note: str = "") -> AccountChange:
    """Another mobile number: asked for by its owner, or by the office for him; a code goes to the new one."""
    own = user.pk == by.pk
    if not own and not may(by, ASK):
        raise PermissionDenied(ASK)
    if not own and user.is_staff and not may(by, KEEPS):
        raise Refused("工作人员的手机号由系统管理员代办更换")
    tail_only(note)
    user = held(user, Kind.PHONE, closed=not own and way == Way.COUNTER)
    if own or not user.phone:
        way = Way.CALL if user.phone else Way.COUNTER
    if phone == user.phone:
        raise Refused("这就是现在登记的手机号")
    check_free(phone, user)
    change = AccountChange(
        user=user, kind=Kind.PHONE, proposed_by=by, proposed_at=clock.now(), note=note, way=way,
        former=user.phone, phone=phone,
    )  # fmt: skip
    new_code(change)
    enter(change, by, "申请更换手机号" if own else "代办更换手机号")
    messages.phone_asked(change)
    return change


def tail_only(words: str):
    """What is said of a check stays on record in clear: no whole number of anything, with or without blanks."""
    if LONG.search("".join(words.split())):
        raise Refused("请不要写完整的电话、证件号和账号，只写尾号")


def held(user: User, kind: str, closed: bool = False) -> User:
    """The account under a lock, if a change of this kind may begin; ``closed``: even if it is, where its number is lost."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active and not (closed and user.phone):
        raise Refused("这个账号已停用")
    if AccountChange.objects.open().filter(user=user, kind=kind).exists():
        raise Refused("已有一件同样的变更在办，办完或停止以后再提")
    return user


def check_free(phone: str, user: User):
    if User.objects.filter(phone_index=blind(phone, "mobile")).exclude(pk=user.pk).exists():
        raise Refused("这个手机号已经用在另一个账号上")


def enter(change: AccountChange, by: User, reason: str):
    change._history_user, change._change_reason = by, reason
    change.save()


# The new number


def new_code(change: AccountChange):
    """Send a code to the new number; the one before it is void."""
    code = f"{secrets.randbelow(10**6):06}"
    change.code, change.code_until, change.tries = digest(change, code), clock.now() + CODE_LASTS, 0
    messages.code(change, code)


def digest(change: AccountChange, code: str) -> str:
    return blind(f"{change.user_id}:{change.phone}:{code}", "new number")


def about_phone(change: AccountChange):
    if change.kind != Kind.PHONE:
        raise Refused("这一步只用于更换手机号")


@transition(AccountChange, source=[State.PROPOSED], target=None, guest=True)
def send_code(change, *, by):
    """重发验证码"""
    about_phone(change)
    if change.proved_at:
        raise Refused("新手机号已经验证过")
    if clock.now() < change.code_until - CODE_LASTS + timedelta(minutes=1):
        raise Refused("刚发过验证码，请等1分钟再发")
    new_code(change)


@transition(AccountChange, source=[State.PROPOSED], target=None, guest=True)
def prove(change, *, by, code):
    """验证新手机号"""
    about_phone(change)
    if change.proved_at:
        raise Refused("新手机号已经验证过")
    if clock.now() >= change.code_until or change.tries >= TRIES:
        raise Refused("验证码已失效，请重发一次")
    change.tries += 1  # counts, so a wrong one is no refusal: that would undo it
    if secrets.compare_digest(change.code, digest(change, code)):
        change.code, change.proved_at = "", clock.now()


# The second person


def check_second(change: AccountChange, by: User):
    """Another than who proposed; for an account of the office the inspector, for his own matters the leader."""
    if by.pk == change.proposed_by_id:
        raise Refused("提出的人不能再确认")
    check_officers(change)
    if not change.user.is_active and not change.at_counter:
        raise Refused("这个账号已停用")
    if not change.user.is_staff:
        return
    if not may(by, SECONDS):
        raise Refused("工作人员的账号变更由局纪检确认")
    concerned = {change.user_id, change.proposed_by_id}
    if not may(by, "expertteam.confirm_rolegrant") and not inspectors().filter(pk__in=concerned).exists():
        raise Refused("由局纪检确认；只有涉及局纪检自己的才由局领导确认")


def check_officers(change: AccountChange):
    """What somebody proposed or confirmed ends with his account."""
    if not change.proposed_by.is_active or (change.confirmed_by and not change.confirmed_by.is_active):
        raise Refused("提出或确认的人账号已停用，请停止这件，重新提出")


def inspectors():
    return User.objects.filter(groups__name="inspector")


@transition(AccountChange, source=[State.PROPOSED], target=State.DONE)
def reset_factor(change, *, by, check_note):
    """确认重置两步验证"""
    if change.kind != Kind.FACTOR:
        raise Refused("这一步只用于重置两步验证")
    check_second(change, by)
    confirmed(change, by, check_note)
    change.effective_at = clock.now()
    enrolment.take_factors(change.user)
    change.issued = enrolment.issue(change.user_id) if change.user.is_staff else ""  # in clear this once
    messages.factor_reset(change)


@transition(AccountChange, source=[State.PROPOSED], target=State.COOLING)
def confirm_phone(change, *, by, check_note):
    """确认更换手机号"""
    about_phone(change)
    check_second(change, by)
    if not change.proved_at:
        raise Refused("新手机号还没有用验证码验证")
    if change.user.phone != change.former:
        raise Refused("登记的手机号已经变动，请停止这件，重新提出")
    check_free(change.phone, change.user)
    confirmed(change, by, check_note)
    change.effective_at = change.confirmed_at + cooling()
    if change.at_counter:
        sessions.end_all(change.user)
    messages.phone_cools(change)


def confirmed(change: AccountChange, by: User, check_note: str):
    if not check_note.strip():
        raise Refused("请写明怎样核对的、结果怎样")
    tail_only(check_note)
    change.confirmed_by, change.confirmed_at, change.check_note = by, clock.now(), check_note


def cooling() -> timedelta:
    """How long the owner has to say that it was not he."""
    return timedelta(hours=Policy.objects.number("phone_cooling_hours", clock.today()))


@transition(AccountChange, source=[State.COOLING], target=State.DONE, automatic=True)
def take_effect(change, *, by):
    """更换生效"""
    if clock.now() < change.effective_at:
        raise Refused("观察期还没有满")
    check_officers(change)
    user = User.objects.select_for_update().get(pk=change.user_id)
    if (not user.is_active and not change.at_counter) or user.phone != change.former:
        raise Refused("账号已停用，或登记的手机号已经变动")
    check_free(change.phone, user)
    user.phone, user.phone_verified = change.phone, True
    if change.at_counter:
        forget_keys(user)
    user._history_user, user._change_reason = None if by is SYSTEM else by, "更换手机号"
    user.save(update_fields=["phone", "phone_index", "phone_verified", "password"])
    sessions.end_all(user)
    messages.phone_changed(change)


def forget_keys(user: User):
    """Whoever had the old number could set a password and, but in the office, a second factor: both are void."""
    user.set_unusable_password()
    if not user.is_staff:
        enrolment.take_factors(user)


@transition(AccountChange, source=[State.PROPOSED, State.COOLING], target=State.STOPPED, guest=True, automatic=True)
def stop(change, *, by, stop_note=""):
    """停止变更"""
    if by is LINK and change.at_counter:
        raise Refused("当面核对过证件，原手机号停不了；不是您本人要换的，请打电话或到窗口")
    if by not in (LINK, SYSTEM) and not stop_note.strip():
        raise Refused("请写明为什么停止")
    tail_only(stop_note)
    change.stop_note = stop_note or "本人停止"
    messages.stopped(change)


def settle():
    """Whatever has cooled takes effect; what cannot any more is stopped, and its owner is told."""
    for change in AccountChange.objects.filter(state=State.COOLING, effective_at__lte=clock.now()).order_by("pk"):
        try:
            take_effect(change, by=SYSTEM)
        except Refused as reason:
            change.refresh_from_db()
            if change.state == State.COOLING:
                stop(change, by=SYSTEM, stop_note=str(reason))
