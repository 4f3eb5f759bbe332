"""Logging a service, and the client's word on it (Articles 8, 9 and 10(1))."""

import secrets
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction

from experts.models import Expert
from expertteam import calendar, clock, notify
from expertteam.fields import blind
from expertteam.models import Policy, User
from expertteam.regulation import Refused, article
from expertteam.workflow import LINK, transition
from services import access, messages
from services.actions.following import close, complete, hold, resume, take_back_held, void
from services.actions.holding import code_of, live_offer
from services.models import Kind, Offer, Seat, Service, ServiceRequest
from services.rules import request as request_rules
from services.rules import service as rules
from services.rules.panel import SIGNING, minutes_served

State = Service.State
TRIES = 3  # at the code that the client says aloud
COUNTED: list[Callable[[Service], None]] = []  # what the floors above do once a service counts
WHO = ("name", "phone", "group", "enterprise")
COPIED = ("kind", "topics", "minutes", *WHO)


@article("9")
@transaction.atomic
def start_log(*, by: User, request: ServiceRequest | None = None, **given) -> Service:
    """为创业者和就业人员提供……帮助与服务: the expert opens the entry of a service, prefilled from its request.

    The same entry again while it is there, but never what another expert began; an entry in which nothing stands yet
    serves for the next one.  Without a request ``given`` are fields of ``Service``.
    """
    expert = Expert.objects.filter(user=by).first()
    matter = request or given.get("pairing")
    if expert is None or (matter and matter.expert_id != expert.pk):
        raise PermissionDenied
    in_office(expert)
    begun = None
    if request:
        request.refresh_from_db(from_queryset=ServiceRequest.objects.select_for_update(of=["self"]))
        begun = Service.objects.filter(request=request).first()
        if begun and begun.expert_id == expert.pk:
            return begun
        if request.state != ServiceRequest.State.ARRANGED:
            raise Refused("这项预约还没有约定时间，或已经办结", "10(3)")
        given |= {field: getattr(request, field) for field in COPIED} | {"started_at": request.starts_at}
        given["mode"] = request.place
    elif not given:
        empty = {"request": None, "pairing": None, "activity": None, "phone_index": None}
        begun = Service.objects.filter(expert=expert, state=State.DRAFT, **empty).first()
    service = Service(pk=begun and begun.pk, expert=expert, request=request, created_by=by, **given)
    service._change_reason, service._history_user = "开始记录", by
    service.save()
    return service


def in_office(expert: Expert):
    """Only who is on the team logs (Article 3)."""
    if not Expert.objects.serving(clock.today()).filter(pk=expert.pk).exists():
        raise Refused("您的聘期已结束，不能再记录", "3")


@transaction.atomic
def keep_draft(service: Service, *, by: User, **entered) -> Service:
    """Keep what the expert has typed so far; only while it is a draft."""
    service.refresh_from_db(from_queryset=Service.objects.select_for_update(of=["self"]))
    only_expert(service, by)
    if service.state != State.DRAFT:
        raise Refused("这条记录已经提交")
    for field, value in entered.items():
        setattr(service, field, value)
    service._change_reason, service._history_user = "保存草稿", by
    service.save()
    return service


@article("8(3)", "8(6)")
def record_activity(activity, *, expert: Expert, started_at, minutes: int, by: User, kind: str, summary="") -> Service:
    """参与创业就业专题活动: what the organiser's attendance list says an expert did; part of closing the activity."""
    if expert.user_id == by.pk:
        raise Refused("不能确认自己的服务，请由他人办结", "10(1)")
    service = Service(
        activity=activity, expert=expert, started_at=started_at, minutes=minutes, kind=kind, summary=summary,
        created_by=by, logged_at=clock.now(),
    )  # fmt: skip
    within_term(service)
    service._change_reason, service._history_user = "办结活动时记录（第8(3)条）", by
    service.save()
    return attest(service, by=by)


@article("8(4)", "13")
def record_review(seat: Seat, *, by: User) -> Service:
    """参与……项目评审: what a member gave to it, from signing in to signing the opinion; part of publishing the result."""
    panel = seat.panel
    service = Service(
        seat=seat, expert=seat.expert, started_at=seat.signed_in_at, kind=Kind.REVIEW, created_by=by, logged_at=clock.now(),
        minutes=minutes_served(seat.signed_in_at, done_at(seat), panel.break_minutes),
        summary=f"{panel.get_kind_display()}评审（{panel.number}）",
    )  # fmt: skip
    service._change_reason, service._history_user = "公布评审结果时记录（第8(4)条）", by
    service.save()
    return bear_out(service, by=by)


def done_at(seat: Seat) -> datetime:
    """When a member had done his part; where the scoring was closed on a later day, when the review was to end."""
    panel = seat.panel
    if clock.local(panel.closed_at).date() != clock.local(seat.signed_in_at).date():
        return panel.ends_at  # nobody sits there overnight
    return min(seat.signed_at, panel.closed_at + SIGNING)


@transition(Service, source=[State.DRAFT], target=State.CONFIRMED, article="8(4)", follows=True)
def bear_out(service, *, by):
    """按评审签到和签字记入"""
    service.confirmed_via, service.confirmed_at = Service.Via.REVIEW, clock.now()
    return partial(settle_matter, service, by)


@transition(Service, source=[State.DRAFT], target=State.CONFIRMED, article="8(3)", follows=True)
def attest(service, *, by):
    """按签到名单记入"""
    service.confirmed_via, service.confirmed_at = Service.Via.ATTENDANCE, clock.now()
    return partial(settle_matter, service, by)


@transition(Service, source=[State.DRAFT], target=State.LOGGED, article="8(1)", own=True)
def log(service, *, by, code="", **entered):
    """记录服务"""
    only_expert(service, by)
    for field, value in entered.items():
        setattr(service, field, value)
    if service.request:
        as_arranged(service, by)
    check(service)
    stamp(service)
    if code and service.request:
        right = secrets.compare_digest(code.encode(), code_of(service.request).encode())
        if right and service.code_tries < TRIES:
            return partial(confirm, service, by=LINK, via=Service.Via.CODE)
        service.code_tries += 1
    return partial(ask_client, service) if service.phone else None


def only_expert(service, by):
    """Among those whom a record concerns, the expert alone logs it."""
    if service.expert.user_id != by.pk:
        raise PermissionDenied
    in_office(service.expert)


def as_arranged(service, by):
    """What was arranged with this expert has been held, for whom the request says."""
    offer = live_offer(service.request)
    if offer is None or offer.expert_id != service.expert_id:
        raise Refused("这项预约现在不由您承办", "10(3)")
    for field in WHO:
        setattr(service, field, getattr(service.request, field))
    hold(service.request, by=by)
    complete(offer, by=by)


def check(service):
    """A service of Article 8, that has taken place, with somebody who asked for it and can say so."""
    if not rules.is_a_service(service.kind):
        raise Refused("请选择服务类型", "8(1)")
    wrong = rules.can_have_been(service.started_at, service.minutes, clock.now())
    if wrong:
        raise Refused(wrong, "9")
    within_term(service)
    if service.phone and blind(service.phone, "mobile") == service.expert.user.phone_index:
        raise Refused("服务对象不能是您本人", "10(1)")
    asked = bool(service.request or service.pairing_id or service.activity_id or service.phone)
    if not request_rules.is_voluntary(asked, accepted=True):
        raise Refused("没有预约的服务，要填服务对象的手机号，由对方确认", "14")


def within_term(service):
    """Only what he did while he was on the team is a service of the team (Article 3)."""
    if not service.expert.appointments.in_force(clock.local(service.started_at).date()).exists():
        raise Refused("服务那天不在专家的聘期内", "3")


def stamp(service):
    """When it was logged, whether late, until when the client is to answer."""
    today = clock.today()
    ended = clock.local(service.started_at + service.minutes * clock.ONE_MINUTE).date()
    days = {key: Policy.objects.number(key, today) for key in ("log_days", "confirm_days")}
    due = calendar.deadline(ended, days["log_days"], start_counts=False).day
    service.late = rules.is_late(ended, due, today)
    service.logged_at = clock.now()
    service.confirm_due = calendar.deadline(today, days["confirm_days"], start_counts=False).day


def ask_client(service):
    """A new link to the client for his word."""
    messages.logged(service)


@transition(Service, source=[State.LOGGED], target=State.DRAFT, article="9", own=True)
def retract(service, *, by):
    """撤回记录"""
    only_expert(service, by)
    if not rules.may_take_back(service.logged_at, clock.now()):
        raise Refused("提交已超过10分钟，有误请联系服务中心", "9")
    service.links.all().delete()
    notify.take_back(f"logged:{service.pk}")
    if service.request:
        take_back_held(service.request, by=by)
        resume(service.request.offers.get(state=Offer.State.DONE), by=by)


@transition(Service, source=[State.LOGGED, State.UNANSWERED], target=State.CONFIRMED, article="10(1)", guest=True)
def confirm(service, *, by, via=Service.Via.LINK):
    """服务对象确认"""
    service.confirmed_via = via if by is LINK else Service.Via.PHONE
    service.confirmed_at = clock.now()
    return partial(settle_matter, service, by)


def settle_matter(service, by):
    """The matter is closed, and those who go on from it are told."""
    if service.request:
        close(service.request, by=by)
    for tell in COUNTED:
        tell(service)


@transition(Service, source=[State.LOGGED, State.UNANSWERED], target=State.QUERIED, article="10(1)", guest=True)
def query(service, *, by, claimed_minutes=None, client_note=""):
    """服务对象认为有出入"""
    service.claimed_minutes, service.client_note = claimed_minutes, client_note
    messages.queried(service)


@transition(Service, source=[State.LOGGED], target=State.UNANSWERED, article="10(1)", automatic=True)
def leave_unanswered(service, *, by):
    """逾期未确认，转电话回访"""
    if service.confirm_due >= clock.today():
        raise Refused("确认期限还没有到", "10(1)")
    days = Policy.objects.number("callback_days", clock.today())
    service.call_due = calendar.deadline(clock.today(), days, start_counts=False).day
    if service.request:
        access.revoke(service.request)  # what is asked now is asked of the client alone


@transition(Service, source=[State.UNANSWERED], target=State.VERIFIED, article="10(1)")
def verify(service, *, by, ruling):
    """回访属实"""
    service.ruling, service.confirmed_at = ruling, clock.now()
    return partial(settle_matter, service, by)


@transition(Service, source=[State.QUERIED], target=State.RULED, article="10(1)", apart_from=[query])
def rule(service, *, by, ruled_minutes, ruling):
    """核定时长"""
    matched_by_another(service, by)
    service.ruled_minutes, service.ruling = ruled_minutes, ruling
    return partial(tell_ruling, service, by)


def tell_ruling(service, by):
    """What was found, then what follows from it."""
    messages.ruled(service)
    if service.state == State.RULED:
        settle_matter(service, by)
    elif service.request:
        void(service.request, by=by)


@transition(Service, source=[State.QUERIED], target=State.REJECTED, article="10(1)", apart_from=[query])
def reject(service, *, by, ruling):
    """核定不成立"""
    matched_by_another(service, by)
    service.ruling = ruling
    return partial(tell_ruling, service, by)


def matched_by_another(service, by):
    """Whoever matched the expert does not rule on what became of it."""
    if service.request and service.request.offers.filter(offered_by=by).exists():
        raise Refused("匹配这位专家的人不能核定这次服务", "10(1)")
