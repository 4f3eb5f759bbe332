"""结对帮扶: proposed at a founder's commission, accepted by the expert, followed up, closed with its outcome."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from experts.actions import check_pledged
from experts.models import Expert
from experts.rules import related
from expertteam import clock
from expertteam.models import User
from expertteam.numbering import monthly
from expertteam.regulation import Refused
from expertteam.workflow import may, refuse_own, transition
from services import announcements as say
from services.models import Pairing, PairingMember
from services.rules import pairing as rules
from services.suspension import ask_anew

State = Pairing.State


@transaction.atomic
def propose(
    *, by: User, expert: Expert, goals: str, cadence_days: int, starts_on: date, ends_on: date, members: list[dict]
) -> Pairing:
    """提出结对: each of ``members`` has commissioned it (``commissioned_on``, ``channel``)."""
    allowed(by, "services.propose_pairing", expert)
    day = clock.today()
    if starts_on < day:
        raise Refused("开始日期不能早于今天", "8(2)")
    check(expert, [member.get("commissioned_on") for member in members], starts_on, ends_on)
    ask_anew(expert)
    for member in members:
        unrelated(expert, member, starts_on)
    pairing = Pairing(
        number=monthly("JD", "pairing"),
        expert=expert, proposed_by=by, goals=goals, cadence_days=cadence_days, starts_on=starts_on, ends_on=ends_on,
    )  # fmt: skip
    pairing._history_user, pairing._change_reason = by, "提出结对（第8(2)条）"
    pairing.save()
    for member in members:
        enter(pairing, member, by, starts_on)
    say.pairing_proposed(pairing)
    return pairing


def allowed(by: User, permission: str, expert: Expert):
    """Whoever keeps the pairings, unless he is the expert himself."""
    if not may(by, permission):
        raise PermissionDenied(permission)
    refuse_own(expert.user_id == by.pk, "8(2)")


def check(expert: Expert, commissioned_on: list, starts_on: date, ends_on: date):
    """``Refused`` where Article 8(2) or the term stands against it."""
    term = expert.appointments.in_force(starts_on).values_list("first_day", "last_day").first()
    if reason := rules.why_not_paired(commissioned_on, starts_on, ends_on, term):
        raise Refused(*reason)


def unrelated(expert: Expert, member: dict, on: date):
    """``Refused`` for a founder in whose firm the expert has a stake or a post, or who is his kin."""
    who = {
        "name": member["name"],
        "enterprise": member.get("enterprise", ""),
        "code": member.get("enterprise_code", ""),
    }
    if tie := related(expert.interests, on=on, **who):
        raise Refused(f"专家应回避：{tie}", "14")


def enter(pairing: Pairing, member: dict, by: User, joined_on: date):
    """One founder more; his number once in a pairing."""
    record = PairingMember(pairing=pairing, joined_on=joined_on, **member)
    record._history_user, record._change_reason = by, "加入结对"
    record.save()


def hold(pairing: Pairing, by: User, permission: str) -> Pairing:
    """Lock a pairing that is proposed or runs, for a change of its members."""
    pairing.refresh_from_db(from_queryset=Pairing.objects.select_for_update())
    allowed(by, permission, pairing.expert)
    if pairing.state not in (State.PROPOSED, State.ACTIVE):
        raise Refused("结对已经结束，不能再增减对象", "8(2)")
    return pairing


@transaction.atomic
def add_member(pairing: Pairing, *, by: User, **member):
    """增加结对对象: one more founder who asks to be helped along with the others."""
    hold(pairing, by, "services.add_member_pairing")
    joined_on = max(clock.today(), pairing.starts_on)
    check(pairing.expert, [member.get("commissioned_on")], joined_on, pairing.ends_on)
    ask_anew(pairing.expert)
    unrelated(pairing.expert, member, joined_on)
    current = pairing.members.current()
    if any(each.phone == member["phone"] for each in current):
        raise Refused("这个手机号已经在这组结对里", "8(2)")
    enter(pairing, member, by, joined_on)
    say.pairing_grew(pairing)


@transaction.atomic
def release_member(member: PairingMember, *, by: User):
    """移出结对对象: he no longer takes part; the last one cannot leave, then the whole is called off."""
    pairing = hold(member.pairing, by, "services.release_member_pairing")
    member.refresh_from_db()
    if member.left_on:
        raise Refused("已经移出", "8(2)")
    if pairing.members.current().count() == 1:
        raise Refused("只剩一位对象，不再帮扶请办理终止结对", "8(2)")
    member.left_on = clock.today()
    member._history_user, member._change_reason = by, "移出结对"
    member.save()


@transition(Pairing, source=[State.PROPOSED], target=State.ACTIVE, article="8(2)", own=True)
def accept(pairing, *, by):
    """接受结对"""
    check_pledged(pairing.expert)
    pairing.starts_on = max(pairing.starts_on, clock.today())
    commissions = [member.commissioned_on for member in pairing.members.current()]
    check(pairing.expert, commissions, pairing.starts_on, pairing.ends_on)
    say.pairing_accepted(pairing)


@transition(Pairing, source=[State.PROPOSED], target=State.DECLINED, article="8(2)", own=True)
def decline(pairing, *, by, reason):
    """不接受结对"""
    pairing.reason = reason
    say.pairing_declined(pairing)


@transition(Pairing, source=[State.ACTIVE], target=State.ACTIVE, article="8(2)", own=True)
def report_outcome(pairing, *, by, outcome):
    """写帮扶成效"""
    pairing.outcome, pairing.reported_at = outcome, clock.now()
    say.pairing_reported(pairing)


@transition(Pairing, source=[State.ACTIVE], target=State.CLOSED, article="8(2)")
def close(pairing, *, by, result):
    """办结结对"""
    if not pairing.outcome:
        raise Refused("专家还没有写帮扶成效", "8(2)")
    if not pairing.contacts():
        raise Refused("还没有一次联系的服务记录，不能办结", "8(2)")
    pairing.result, pairing.closed_at = result, clock.now()
    say.pairing_closed(pairing)


@transition(Pairing, source=[State.PROPOSED, State.ACTIVE], target=State.CALLED_OFF, article="8(2)")
def call_off(pairing, *, by, reason):
    """终止结对"""
    pairing.reason, pairing.closed_at = reason, clock.now()
    say.pairing_called_off(pairing)
