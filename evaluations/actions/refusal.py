"""What was asked of an expert and not done: noticed, asked about, judged by a second person (Article 12(3))."""

from datetime import date, datetime
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet

from evaluations import ledger_messages as messages
from evaluations import rules
from evaluations.actions.strike import count
from evaluations.models import Refusal, Strike
from experts.models import Expert
from expertteam import calendar, clock
from expertteam.models import Notification, Policy, User
from expertteam.notify import of_event
from expertteam.numbering import monthly
from expertteam.regulation import Refused, article
from expertteam.workflow import may, refuse_own, transition
from services.models import ActivityRole, Offer, Seat

State, Kind = Refusal.State, Refusal.Kind
OPEN = "evaluations.open_refusal"
NOT_DONE = {  # an offer in this state -> what that was, and the field with the moment it happened
    Offer.State.LAPSED: (Kind.LAPSED, "answer_due"),
    Offer.State.STOOD_DOWN: (Kind.STOOD_DOWN, "answered_at"),
    Offer.State.ABSENT: (Kind.ABSENT, "starts_at"),
    Offer.State.DECLINED: (Kind.DECLINED, "answered_at"),
}


@article("12(3)")
def collect_refusals() -> list[Refusal]:
    """不履行工作职责或拒绝工作安排的: every such event once, as a lead that a person looks at; nothing counts by it.

    Whoever declined with one of the reasons that the form offers is believed; a clerk may still open it by hand.
    Safe to run twice: one lead for one offer, seat or role.
    """
    found = []
    for offer in offers_not_done():
        kind, moment = NOT_DONE[offer.state]
        found.append(lead(offer.expert, kind, getattr(offer, moment), offer=offer, delivered_at=delivered(offer)))
    seats = Seat.objects.filter(refusal=None, state=Seat.State.STOOD_DOWN, why=Seat.Why.ABSENT)
    for seat in seats.select_related("expert", "panel").order_by("pk"):
        found.append(lead(seat.expert, Kind.SEAT, seat.panel.starts_at, seat=seat, delivered_at=seat.answered_at))
    for role in ActivityRole.objects.filter(refusal=None, state=ActivityRole.State.ABSENT).order_by("pk"):
        found.append(lead(role.expert, Kind.ROLE, role.starts_at, role=role, delivered_at=role.answered_at))
    return [each for each in found if each]


def offers_not_done() -> QuerySet[Offer]:
    """Let lapse, given up after accepting, not come to, or declined for a reason of his own."""
    declined = Q(state=Offer.State.DECLINED, reason_kind=Offer.Reason.OTHER)
    others = [state for state in NOT_DONE if state != Offer.State.DECLINED]
    return (
        Offer.objects.filter(declined | Q(state__in=others), refusal=None).select_related("expert__user").order_by("pk")
    )


def deliveries(offer: Offer) -> QuerySet[Notification]:
    """The messages by which the offer was put before the expert, and left this house; what lies in the portal did not."""
    sent = of_event(f"offered:{offer.pk}").filter(sent_at__isnull=False)
    return sent.exclude(channel=Notification.Channel.INAPP).order_by("sent_at", "pk")


def delivered(offer: Offer) -> datetime | None:
    """When the offer is known to have reached the expert: he answered it, or a message left for him."""
    return offer.answered_at or deliveries(offer).values_list("sent_at", flat=True).first()


@transaction.atomic
def lead(expert: Expert, kind: str, moment: datetime, **source) -> Refusal | None:
    """Enter one event; nothing for a day on which he was no expert, nor a second time."""
    day = clock.local(moment).date()
    expert.hold()  # of two at once the second sees the first
    asked = {name: each for name, each in source.items() if name != "delivered_at"}
    if not expert.appointments.in_force(day).exists() or Refusal.objects.filter(**asked).exists():
        return None
    return enter(Refusal(expert=expert, kind=kind, day=day, **source), None)


def enter(refusal: Refusal, by: User | None) -> Refusal:
    refusal.number = monthly("BL", "refusal")
    refusal.opened_by = by
    refusal._history_user, refusal._change_reason = by, "登记不履职线索（第12(3)条）"
    refusal.save()
    return refusal


@article("12(3)")
@transaction.atomic
def open_refusal(expert: Expert, *, by: User, day: date, what: str, offer: Offer | None = None) -> Refusal:
    """不履行工作职责或拒绝工作安排的: entered by hand, ``what`` being what the clerk knows of it.

    ``offer``: one of this expert's that came to nothing by him, for whatever reason he gave; once, and the day is then
    its own.  Without it the day is as typed: no offer, seat or invitation stands for what was not done.
    """
    if not may(by, OPEN):
        raise PermissionDenied(OPEN)
    refuse_own(expert.user_id == by.pk, "12(3)")
    expert.hold()  # of two at once the second sees the first
    source = of_offer(offer, expert) if offer else {"kind": Kind.OTHER, "day": day}
    if source["day"] > clock.today():
        raise Refused("发生日期还没有到", "12(3)")
    if not expert.appointments.in_force(source["day"]).exists():
        raise Refused("那天不在这位专家的聘期内", "12(3)")
    return enter(Refusal(expert=expert, what=what, **source), by)


def of_offer(offer: Offer, expert: Expert) -> dict:
    """What an offer that came to nothing says of itself."""
    if offer.expert_id != expert.pk or offer.state not in NOT_DONE:
        raise Refused("这次安排没有因为这位专家落空", "12(3)")
    if earlier := Refusal.objects.filter(offer=offer).first():
        raise Refused(f"这次安排已经登记过，编号{earlier.number}", "12(3)")
    kind, moment = NOT_DONE[offer.state]
    happened = clock.local(getattr(offer, moment)).date()
    return {"kind": kind, "day": happened, "offer": offer, "delivered_at": delivered(offer)}


@transition(Refusal, source=[State.LEAD], target=State.AWAITING_REASON, article="12(3)")
def ask_reason(refusal, *, by):
    """请专家说明"""
    refusal.asked_by, refusal.asked_at = by, clock.now()
    days = Policy.objects.number("refusal_statement_days", clock.today())
    refusal.reason_due = calendar.deadline(clock.today(), days, start_counts=False).day
    return partial(messages.reason_asked, refusal)


@transition(Refusal, source=[State.LEAD], target=State.SET_ASIDE, article="12(3)")
def set_aside(refusal, *, by, aside):
    """不再追究"""
    refusal.aside = aside


@transition(Refusal, source=[State.AWAITING_REASON], target=State.AWAITING_JUDGEMENT, article="12(3)", own=True)
def give_reason(refusal, *, by, statement):
    """说明原因"""
    refusal.statement = statement
    return partial(messages.to_be_judged, refusal)


@transition(Refusal, source=[State.AWAITING_REASON], target=State.AWAITING_JUDGEMENT, article="12(3)", automatic=True)
def lapse_reason(refusal, *, by):
    """逾期未说明原因"""
    if not rules.is_over(refusal.reason_due, clock.today()):
        raise Refused("说明期限还没有到", "12(3)")
    if calendar.deadline(refusal.reason_due, 1, start_counts=True).provisional:
        raise Refused("这一年的放假安排还没有录入，说明期限只是暂定", "12(3)")
    return partial(messages.to_be_judged, refusal)


@transition(
    Refusal, source=[State.AWAITING_JUDGEMENT], target=State.JUDGED, article="12(3)",
    apart_from=[ask_reason, lapse_reason],
)  # fmt: skip
def judge(refusal, *, by, finding, reasons):
    """认定有无正当理由"""
    if took_part(refusal, by):
        raise Refused("安排或登记这件事的人不能认定", "12(3)")
    if finding == Refusal.Finding.NO_REASON and not rules.reached_him(refusal.kind, refusal.delivered_at):
        raise Refused("没有通知已经送达的证明，不能认定为无正当理由", "12(3)")
    refusal.finding, refusal.reasons = finding, reasons
    refusal.judged_by, refusal.judged_at = by, clock.now()
    return partial(settle, refusal)


def took_part(refusal: Refusal, by: User) -> bool:
    """Whoever matched, invited or reported does not judge what came of it."""
    offer, seat = refusal.offer, refusal.seat
    taken = {refusal.opened_by_id, offer and offer.offered_by_id}
    taken |= {seat.passed_by_id, seat.stood_down_by_id} if seat else set()
    invited = refusal.role and refusal.role.history.order_by("pk").values_list("history_user", flat=True).first()
    reported = offer and offer.history.filter(history_user=by, state=Offer.State.ABSENT).exists()
    return by.pk in taken | {invited} or bool(reported)


def settle(refusal: Refusal):
    """The expert is told; without proper reason it goes into the ledger."""
    if refusal.finding == Refusal.Finding.NO_REASON:
        count(
            refusal.expert, Strike.Ground.REFUSAL, refusal.day, refusal=refusal,
            found_by=refusal.judged_by, found_at=refusal.judged_at,
        )  # fmt: skip
    messages.judged(refusal)
