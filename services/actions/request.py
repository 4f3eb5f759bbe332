"""Asking for an expert, changing and calling it off, and finding somebody for it (Articles 7, 10(3) and 14)."""

from django.db import transaction

from experts.models import Expert
from expertteam import clock, consents
from expertteam.models import Counter, Policy, User
from expertteam.numbering import monthly
from expertteam.regulation import Refused, article
from expertteam.workflow import LINK, transition
from services import access, messages
from services.actions.availability import occupy
from services.actions.following import fix, withdraw
from services.actions.holding import answer_due, free_time, hold_time, live_offer, put_before
from services.models import Acknowledgement, Call, Engagement, Place, ServiceRequest
from services.rules import request as rules

State = ServiceRequest.State
TEXTS = ("advice", "secrecy", "privacy")  # of Article 14, of Article 4, and what is done with personal data


@article("10(3)", "14")
@transaction.atomic
def ask(*, by: User | None, channel: str, wanted: Expert | None = None, starts_at=None, **said) -> ServiceRequest:
    """可通过电话、线上平台预约……预约申请创业就业专家; 服务关系基于自愿原则建立.

    Takes in one request: ``by`` the clerk who takes it by telephone or at the counter, or the client
    himself where he has an account.  With ``wanted`` and ``starts_at`` the expert's time is held at
    once.  ``partner`` is the site on whose page he asked.  ``Refused`` when the time is taken, or this
    number has too many requests.
    """
    spoken = channel in (ServiceRequest.Channel.PHONE, ServiceRequest.Channel.COUNTER)
    request = ServiceRequest(
        channel=channel, taken_by=by if spoken else None, client=None if spoken else by, wanted=wanted,
        starts_at=starts_at, answer_due=answer_due(starts_at), **said,
    )  # fmt: skip
    request.submitted_at = clock.now()
    request.number = next_number()
    count(request)
    if spoken and request.concerns(by):
        raise Refused("这是您本人的预约，应由他人受理", "10(3)")
    if wanted and (reason := unfit(request, wanted)):
        raise Refused(reason, "10(3)")
    request._change_reason = "提交预约（第10(3)条）"
    request._history_user = by
    request.save()
    if wanted and starts_at:
        occupy(wanted, starts_at, request.minutes, purpose=Engagement.Purpose.SESSION, request=request)
    ticked = Acknowledgement.How.PARTNER if request.partner_id else Acknowledgement.How.TICKED
    acknowledge(request, Acknowledgement.How.READ_OUT if spoken else ticked)
    messages.received(request)
    return request


def next_number() -> str:
    """``YY26100042``: the requests of a month are numbered without gaps or doubles."""
    return monthly("YY", "request")


def count(request: ServiceRequest):
    """Limits for one number; the counter's lock lets no two requests of one number pass at once."""
    index = ServiceRequest._meta.get_field("phone_index").pre_save(request, add=True)
    today = clock.today()
    taken = Counter.take(f"asked-{today:%y%m%d}-{index[:32]}")
    if taken > Policy.objects.number("bookings_a_day", today):
        raise Refused("今天这个手机号预约的次数太多了，请明天再约或打电话")
    limit = Policy.objects.number("open_bookings", today)
    if ServiceRequest.objects.open().of_phone(index).count() >= limit:
        raise Refused(f"这个手机号已有{limit}个预约在进行，办完一个再约")


def unfit(request: ServiceRequest, expert: Expert) -> str:
    """Why this expert cannot be asked for at all; empty when he can."""
    if not Expert.objects.serving(clock.today()).filter(pk=expert.pk).exists():
        return "这位专家已不在聘，请另选一位"
    own = expert.user_id == request.client_id or expert.user.phone_index == request.phone_index
    return "不能预约自己" if own else ""


@article("14", "4")
def acknowledge(request: ServiceRequest, how: str):
    """仅供服务对象决策参考……商业秘密承担保密义务: what the client was told beforehand, which version, how."""
    for kind in TEXTS:
        text = consents.TEXTS[kind]
        Acknowledgement.objects.create(
            request=request, kind=kind, version=text.version, digest=text.digest, how=how, given_at=clock.now()
        )


def spoke(by: User, what: str, *, note="", reached=True, **matter) -> Call:
    """Enter a telephone call in the matter it was about: a ``request``, a ``service`` or a ``sign_up``."""
    return Call.objects.create(by=by, what=what, note=note, reached=reached, at=clock.now(), **matter)


@transition(ServiceRequest, source=[State.SUBMITTED], target=State.SUBMITTED, article="10(3)")
def allow_visit(request, *, by, note=""):
    """同意上门"""
    if request.place != Place.VISIT:
        raise Refused("这不是上门的预约", "10(3)")
    request.visit_allowed_by, request.note = by, note


@transition(ServiceRequest, source=[State.SUBMITTED], target=State.UNPLACED, article="10(3)")
def turn_away(request, *, by, note):
    """暂时约不到"""
    request.note = note
    free_time(request)
    messages.turned_away(request)


@transition(ServiceRequest, source=[State.ACCEPTED], target=State.ARRANGED, article="10(3)")
def arrange(request, *, by, starts_at, room=""):
    """约定时间地点"""
    if starts_at <= clock.now():
        raise Refused("这个时间已经过去，请另选", "10(3)")
    fix(request, starts_at, room)
    messages.appointed(live_offer(request))


@transition(ServiceRequest, source=[State.SUBMITTED], target=State.SUBMITTED, article="10(3)", guest=True)
def change_time(request, *, by, starts_at=None, wishes=()):
    """改时间"""
    move(request, by, starts_at, wishes)


@transition(
    ServiceRequest, source=[State.OFFERED, State.ACCEPTED, State.ARRANGED], target=State.OFFERED, article="10(3)",
    guest=True,
)  # fmt: skip
def reschedule(request, *, by, starts_at):
    """改约，等专家再确认"""
    earlier = live_offer(request)
    if not earlier.expert.appointments.in_force(clock.local(starts_at).date()).exists():
        raise Refused("那天不在这位专家的聘期内，请另选时间，或取消后重新预约", "3")
    move(request, by, starts_at, expert=earlier.expert)
    withdraw(earlier, by=by)
    access.revoke(request)
    request.expert = None
    put_before(request, earlier.expert, by=None, why=["对方改了时间"], alternates=earlier.alternates)


def move(request, by, starts_at, wishes=(), expert=None):
    """Another time: that of the expert is held, else it is only noted."""
    alone(request, by)
    expert = expert or request.wanted
    if starts_at and expert:
        hold_time(request, expert, starts_at, request.minutes)
    else:
        free_time(request)
    request.starts_at, request.wishes = starts_at, list(wishes) or request.wishes
    request.answer_due = answer_due(starts_at)


def alone(request, by):
    """On his own the client changes and calls off in time only; later he rings up."""
    hours = Policy.objects.number("change_hours", clock.today())
    if by is LINK and not rules.may_change_alone(request.starts_at, clock.now(), hours):
        raise Refused(f"离见面不到{hours}小时，请打电话办理", "10(3)")


@transition(ServiceRequest, source=ServiceRequest.OPEN, target=State.CANCELLED, article="14", guest=True)
def cancel(request, *, by, note=""):
    """取消预约"""
    alone(request, by)
    if request.state == State.ARRANGED and request.ends_at < clock.now():
        raise Refused("约定的时间已过，不能再取消", "14")
    request.note = note
    offer = live_offer(request)
    if offer:
        withdraw(offer, by=by)
    free_time(request)
    access.revoke(request)
    messages.cancelled(request, offer)
