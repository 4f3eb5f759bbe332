"""Matching an expert, and what he answers (Articles 10(3), 12(3) and 14)."""

from functools import partial

from django.core.exceptions import PermissionDenied

from experts.actions import check_pledged
from experts.models import Expert
from expertteam import calendar, clock, notify
from expertteam.models import Policy
from expertteam.regulation import Refused
from expertteam.workflow import SYSTEM, transition
from services import matching, messages
from services.actions.following import miss, pass_to, reopen, return_to_queue, settle, take_up, unbound, untell
from services.actions.holding import free_time, hold_time, put_before
from services.models import Offer, Place, ServiceRequest
from services.rules import request as rules
from services.rules.service import may_take_back

State = Offer.State
Asked = ServiceRequest.State


@transition(ServiceRequest, source=[Asked.SUBMITTED], target=Asked.OFFERED, article="10(3)")
def offer(request, *, by, expert, starts_at=None, room="", alternates=(), override=""):
    """匹配专家"""
    check_visit(request)
    if Expert.objects.filter(user=by, pk__in=[expert.pk, *alternates]).exists():
        raise Refused("不能匹配给自己，应由他人办理", "10(3)")
    if starts_at and starts_at <= clock.now():
        raise Refused("这个时间已经过去，请另选", "10(3)")
    request.starts_at = starts_at
    lineup = matching.lineup(request, [expert])
    candidate = lineup.explained(expert)
    if candidate.obstacles:
        raise Refused(candidate.obstacles[0].words, candidate.obstacles[0].article)
    if not override and (unusual := lineup.unusual(expert)):
        raise Refused(f"{unusual}，要约请写另选理由", "10(3)")
    request.room = room or request.room
    if starts_at:
        hold_time(request, expert, starts_at, request.minutes)
    else:
        free_time(request)
    put_before(
        request, expert, by=by, why=[part.words for part in candidate.parts if part.words], override=override,
        alternates=list(alternates),
    )  # fmt: skip


def check_visit(request):
    """An expert calls at the door for the key groups of Article 7, or for a need that the centre has recognised."""
    if not visit_is_settled(request):
        raise Refused("上门需要先由受理人员同意", "10(3)")


def visit_is_settled(request) -> bool:
    """Nobody is to be visited, or whoever is may be."""
    allowed = request.visit_allowed_by_id is not None
    return request.place != Place.VISIT or rules.visit_is_open_to(request.group, request.visit_reason, allowed)


def answered(offer, by):
    """The expert himself, in term, and once."""
    if offer.expert.user_id != by.pk:
        raise PermissionDenied
    if not Expert.objects.serving(clock.today()).filter(pk=offer.expert_id).exists():
        raise Refused("您的聘期已结束，不能再接受或答复安排", "3")
    offer.answered_at = clock.now()
    messages.no_longer_asked(offer)


@transition(Offer, source=[State.OFFERED], target=State.ACCEPTED, article="14", own=True)
def accept(offer, *, by, starts_at=None):
    """接受"""
    answered(offer, by)
    if offer.answer_due < clock.now():
        raise Refused("已过答复时间，服务中心会另找专家", "10(3)")
    check_pledged(offer.expert)
    unbound(offer.request, offer.expert)
    starts_at = offer.starts_at or starts_at
    if starts_at and starts_at <= clock.now():
        raise Refused("这个时间已经过去，请另选", "10(3)")
    take_up(offer.request, by=by, expert=offer.expert)
    if starts_at:
        return partial(settle, offer.request, by=by, starts_at=starts_at, room=offer.room)
    return None


@transition(Offer, source=[State.ACCEPTED], target=State.OFFERED, article="14", own=True)
def take_back(offer, *, by):
    """撤回接受"""
    answered_at = offer.answered_at
    answered(offer, by)
    if not may_take_back(answered_at, clock.now()):
        raise Refused("接受已超过10分钟，来不了请写明原因", "14")
    offer.answered_at, offer.starts_at = None, offer.history.earliest("pk").starts_at  # as it was put before him
    notify.take_back(f"arranged:{offer.pk}:{offer.request.number}")
    reopen(offer.request, by=by, starts_at=offer.starts_at)


@transition(Offer, source=[State.OFFERED], target=State.DECLINED, article="14", own=True)
def decline(offer, *, by, reason_kind, reason=""):
    """来不了"""
    answered(offer, by)
    offer.reason_kind, offer.reason = reason_kind, reason
    return_to_queue(offer.request, by=by, note=f"{offer.expert}来不了：{offer.get_reason_kind_display()}")
    return partial(pass_on, offer)


@transition(Offer, source=[State.ACCEPTED], target=State.STOOD_DOWN, article="14", own=True)
def stand_down(offer, *, by, reason_kind, reason=""):
    """接受后来不了"""
    answered(offer, by)
    if offer.starts_at and offer.starts_at < clock.now():
        raise Refused("约定的时间已到，请记录服务或联系服务中心", "10(3)")
    offer.reason_kind, offer.reason = reason_kind, reason
    untell(offer)
    messages.unsettled(offer.request, "stood-down", "专家临时来不了")
    return_to_queue(offer.request, by=by, note=f"{offer.expert}接受后来不了：{offer.get_reason_kind_display()}")
    return partial(pass_on, offer)


@transition(Offer, source=[State.OFFERED], target=State.LAPSED, article="10(3)", automatic=True)
def lapse(offer, *, by):
    """逾期未答复"""
    if offer.answer_due >= clock.now():
        raise Refused("答复期限还没有到", "10(3)")
    if calendar.deadline(clock.local(offer.answer_due).date(), 1, start_counts=True).provisional:
        raise Refused("这一年的放假安排还没有录入，答复期限只是暂定", "10(3)")
    messages.no_longer_asked(offer)
    return_to_queue(offer.request, by=by, note=f"{offer.expert}逾期没有答复")
    return partial(pass_on, offer)


@transition(Offer, source=[State.ACCEPTED], target=State.ABSENT, article="10(3)", guest=True)
def report_absence(offer, *, by, reason=""):
    """登记专家未到"""
    if not offer.starts_at or offer.starts_at > clock.now():
        raise Refused("约定的时间还没有到", "10(3)")
    offer.reason = reason
    untell(offer)
    messages.unsettled(offer.request, "absent", "专家没有到，我们会核实")
    return_to_queue(offer.request, by=by, note=f"{offer.expert}没有到")
    messages.tell_matchers(
        offer.request, "absent", "专家没有到", f"{offer.request.number}：{offer.expert}没有到，请重新匹配。"
    )


@transition(Offer, source=[State.OFFERED, State.ACCEPTED], target=State.WITHDRAWN, article="10(3)")
def replace(offer, *, by, note):
    """换专家"""
    offer.reason = note
    untell(offer)
    if offer.state == State.ACCEPTED:
        messages.unsettled(offer.request, "replaced", "这位专家来不了")
    messages.released(offer)
    return_to_queue(offer.request, by=by, note=f"{offer.expert}已换下")
    return partial(pass_on, offer)


@transition(Offer, source=[State.ACCEPTED], target=State.CLIENT_ABSENT, article="10(3)", own=True)
def report_client_absent(offer, *, by, reason=""):
    """登记对方没来"""
    answered(offer, by)
    if not offer.starts_at or offer.starts_at > clock.now():
        raise Refused("约定的时间还没有到", "10(3)")
    offer.reason = reason
    miss(offer.request, by=by)
    messages.missed(offer.request)


def pass_on(offer):
    """The next of those whom the matcher had named takes the place by itself; the matcher is told either way.

    Where the asked time is too near by now, or past, a person has to find another one.
    """
    request = offer.request
    hours = Policy.objects.number("booking_lead_hours", clock.today())
    in_time = rules.may_change_alone(request.starts_at, clock.now(), hours)
    for position, number in enumerate(offer.alternates if in_time else [], 1):
        following = Expert.objects.filter(pk=number).first()
        if following and not matching.explain(request, following).obstacles:
            pass_to(request, by=SYSTEM, expert=following, rest=offer.alternates[position:])
            messages.tell_matchers(
                request, f"passed-on:{offer.pk}", "已转给下一位专家", f"{request.note}，已转给{following}。"
            )
            return
    messages.tell_matchers(request, f"to-match:{offer.pk}", "请重新匹配", f"{request.number}：{request.note}。")
