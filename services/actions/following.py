"""The moves that come with another one, which has asked who may make it (Articles 4, 8, 10(1) and 10(3))."""

from experts.rules import related
from expertteam import clock, notify
from expertteam.regulation import Refused
from expertteam.workflow import transition
from services import access, messages
from services.actions.holding import answer_due, code_of, free_time, hold_time, live_offer, put_before
from services.models import Offer, ServiceRequest
from services.rules.service import UNDO

State = ServiceRequest.State


@transition(ServiceRequest, source=[State.OFFERED], target=State.ACCEPTED, article="10(3)", follows=True)
def take_up(request, *, by, expert):
    """专家接受"""
    request.expert = expert
    access.grant(request, expert)


@transition(ServiceRequest, source=[State.ACCEPTED], target=State.ARRANGED, article="10(3)", follows=True)
def settle(request, *, by, starts_at, room=""):
    """按专家接受的时间约定"""
    fix(request, starts_at, room)


def unbound(request, expert):
    """What he has declared since he was asked keeps him away as well (Article 14)."""
    who = {"name": request.name, "enterprise": request.enterprise, "code": request.enterprise_code}
    if tie := related(expert.interests, on=clock.today(), **who):
        raise Refused(f"专家需回避：{tie}，由别的专家来谈", "14")


def fix(request, starts_at, room):
    """Time and place stand, and the expert's offer says the same; the client hears of it when nothing is undone."""
    offer = live_offer(request)
    unbound(request, request.expert)
    if not request.expert.appointments.in_force(clock.local(starts_at).date()).exists():
        raise Refused("见面那天不在这位专家的聘期内，请另选时间", "3")
    hold_time(request, request.expert, starts_at, request.minutes)
    request.starts_at, request.room = starts_at, room or request.room
    if (offer.starts_at, offer.room) != (starts_at, request.room):
        offer.starts_at, offer.room = starts_at, request.room
        offer._change_reason = "约定时间地点（第10(3)条）"
        offer.save()
    messages.arranged(request, offer, code_of(request), wait=UNDO)


@transition(
    ServiceRequest, source=[State.ACCEPTED, State.ARRANGED], target=State.OFFERED, article="10(3)", follows=True
)
def reopen(request, *, by, starts_at):
    """专家撤回接受"""
    request.expert, request.starts_at = None, starts_at
    if not starts_at:
        free_time(request)
    access.revoke(request)


@transition(
    ServiceRequest,
    source=[State.OFFERED, State.ACCEPTED, State.ARRANGED],
    target=State.SUBMITTED,
    article="10(3)",
    follows=True,
)
def return_to_queue(request, *, by, note):
    """重新匹配"""
    request.expert, request.note = None, note
    if request.starts_at and request.starts_at <= clock.now():
        request.starts_at = None
    request.answer_due = answer_due(request.starts_at)  # a new promise, for a new search
    free_time(request)
    access.revoke(request)


@transition(ServiceRequest, source=[State.SUBMITTED], target=State.OFFERED, article="10(3)", follows=True)
def pass_to(request, *, by, expert, rest):
    """转给下一位专家"""
    if request.starts_at:
        hold_time(request, expert, request.starts_at, request.minutes)
    put_before(request, expert, by=None, why=["前一位来不了，按匹配人员排的顺序接上"], alternates=rest)


@transition(
    Offer,
    source=[Offer.State.OFFERED, Offer.State.ACCEPTED],
    target=Offer.State.WITHDRAWN,
    article="10(3)",
    follows=True,
)
def withdraw(offer, *, by):
    """撤销安排"""
    untell(offer)


def untell(offer):
    """It stands no more: the expert need not answer, and the client, if he has not yet been told, is not told."""
    messages.no_longer_asked(offer)
    notify.take_back(f"arranged:{offer.pk}:{offer.request.number}")


def unremind(offer):
    """Nobody need be reminded of it any more."""
    for told in ("unanswered", "unlogged"):
        notify.settle(f"{told}:{offer.pk}")
    if offer.starts_at:
        at = f"{offer.starts_at:%m%d%H%M}"
        notify.settle(f"appointed:{at}:{offer.pk}")
        notify.settle(f"remind:{at}:{offer.pk}")
        notify.take_back(f"remind:{at}:{offer.request.number}")


@transition(Offer, source=[Offer.State.ACCEPTED], target=Offer.State.DONE, article="10(3)", follows=True)
def complete(offer, *, by):
    """完成安排"""
    unremind(offer)


@transition(Offer, source=[Offer.State.DONE], target=Offer.State.ACCEPTED, article="10(3)", follows=True)
def resume(offer, *, by):
    """撤回服务记录，恢复安排"""


@transition(ServiceRequest, source=[State.ARRANGED], target=State.HELD, article="8(1)", follows=True)
def hold(request, *, by):
    """记录服务"""


@transition(ServiceRequest, source=[State.HELD], target=State.ARRANGED, article="10(3)", follows=True)
def take_back_held(request, *, by):
    """撤回服务记录"""


@transition(ServiceRequest, source=[State.ARRANGED], target=State.CLIENT_ABSENT, article="10(3)", follows=True)
def miss(request, *, by):
    """对方没来"""
    free_time(request)
    access.revoke(request)


@transition(ServiceRequest, source=[State.HELD], target=State.CONFIRMED, article="4", follows=True)
def close(request, *, by):
    """服务办结"""
    access.revoke(request)


@transition(ServiceRequest, source=[State.HELD], target=State.CANCELLED, article="4", follows=True)
def void(request, *, by):
    """核定服务不成立"""
    access.revoke(request)
    free_time(request)


@transition(ServiceRequest, source=[State.CONFIRMED], target=State.RATED, article="10(1)", automatic=True, inner=True)
def mark_rated(request, *, by):
    """服务对象已评价"""
