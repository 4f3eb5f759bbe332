"""更正: what was priced is never edited; a second person signs that it is taken back (Article 13)."""

from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from expertteam import clock
from expertteam.models import User
from expertteam.regulation import Refused, article
from expertteam.workflow import may, refuse_own, transition
from payments import messages
from payments.actions.collect import hold, try_again
from payments.models import Claim, Correction, Line
from payments.pricing import Price, Pricing, Unpayable, Work, work_of

State = Correction.State
PROPOSE = "payments.propose_correction"
AGREE = "payments.agree_claim"


@article("13")
@transaction.atomic
def propose_correction(line: Line, *, by: User, reason: str, void=False, **work) -> Correction:
    """提出更正: with what the work really was (``minutes``, ``outcome``, ``extended``), or that it is not paid.

    ``agreed``: what one unit of it pays, where the standard is a range.
    """
    hold()
    line.refresh_from_db(from_queryset=Line.objects.select_for_update(of=["self"]))
    not_his(line.claim, by, PROPOSE)
    check_correctable(line)
    if line.corrections.filter(state=State.PROPOSED).exists():
        raise Refused("这一笔已有更正在等复核", "13")
    given = {name: value for name, value in work.items() if value not in (None, "")}
    correction = Correction(
        line=line, void=void, reason=reason, proposed_by=by, proposed_at=clock.now(),
        **{} if void else asked_of(line, given),
    )  # fmt: skip
    correction._history_user, correction._change_reason = by, "提出更正（第13条）"
    correction.save()
    messages.correction_proposed(correction)
    return correction


def not_his(claim: Claim, by: User, permission: str):
    if not may(by, permission):
        raise PermissionDenied(permission)
    refuse_own(claim.expert.user_id == by.pk, "13")


def check_correctable(line: Line):
    """What stands, and is not on its way to the bank."""
    if not line.live:
        raise Refused("这一笔已经更正或重发，请更正新的一笔", "13")
    if line.batch and not line.batch.is_paid:
        raise Refused("这一笔在批次里，先移出批次或把批次退回", "13")
    if line.batch and not line.payout.is_answered:
        raise Refused("银行还没有回盘，等到账结果出来再更正", "13")


def asked_of(line: Line, given: dict) -> dict:
    """The work as the correction says it; ``Refused`` when nothing would come of it."""
    priced = work_of(line)._asdict()
    work = Work(**priced | given)
    if work.minutes < (work.outcome == Claim.Outcome.COMPLETED):
        raise Refused("完成的工作至少1分钟，没有做的请选不予支付", "13")
    worth = worth_now(line, work)
    if priced | given == priced and (worth is None or worth.amount == line.amount):
        raise Refused("更正后和原来一样，没有要改的", "13")
    return work._asdict()


def worth_now(line: Line, work: Work) -> Price | None:
    """Its price in place of this line, ``Refused`` where there is none; None while nobody knows the year's holidays.

    The same work has another price by now where new rates hold for its day, or what had left it less was corrected.
    """
    try:
        return Pricing([line.claim]).without(line).price(line.claim, work)
    except Unpayable as reason:
        if reason.why == Claim.WhyNot.CALENDAR:
            return None
        if reason.why == Claim.WhyNot.RANGE and work.agreed:
            raise Refused("每单位金额要在标准的幅度内", "13") from reason
        raise Refused(f"按更正后的情况不能计价：{reason}", "13") from reason


@transition(Correction, source=[State.PROPOSED], target=State.SIGNED, article="13")
def sign(correction, *, by, opinion=""):
    """同意更正"""
    second(correction, by, opinion)
    hold()
    line = Line.objects.select_for_update(of=["self"]).get(pk=correction.line_id)
    check_correctable(line)
    line.live = False
    line.save(update_fields=["live"])
    take_back(line).save()
    if correction.void:
        close(line.claim)
    else:
        price_anew(line, correction)
    messages.corrected(correction)


@transition(Correction, source=[State.PROPOSED], target=State.REFUSED, article="13")
def refuse(correction, *, by, opinion):
    """不同意更正"""
    second(correction, by, opinion)


def second(correction: Correction, by: User, opinion: str):
    if by.pk == correction.proposed_by_id:
        raise Refused("提出更正的人不能自己复核", "13")
    correction.opinion, correction.signed_by, correction.signed_at = opinion, by, clock.now()


def take_back(line: Line) -> Line:
    """The reversal: the same line with its sum below zero; it is set off where the money had been sent."""
    return Line(
        claim=line.claim, amount=-line.amount, net=line.net, schedule=line.schedule, rate=line.rate, inputs=line.inputs,
        trace=f"冲销：{line.trace}"[:200], priced_at=clock.now(), reverses=line, live=False,
    )  # fmt: skip


def close(claim: Claim):
    claim.why_not = Claim.WhyNot.VOIDED
    claim.save(update_fields=["why_not"])


def asked(correction: Correction) -> Work:
    """The work as this correction says it."""
    return Work(*(getattr(correction, name) for name in Work._fields))


def price_anew(line: Line, correction: Correction):
    """By the schedule of the day of the service, with the work as it really was."""
    try:
        Pricing([line.claim]).price(line.claim, asked(correction)).line(line.claim, replaces=line).save()
    except Unpayable as reason:
        raise Refused(f"按更正后的情况不能计价：{reason}", "13") from reason


@article("13")
@transaction.atomic
def agree(claim: Claim, *, by: User, agreed: Decimal, agreed_why: str) -> Claim:
    """定金额: where the standard is a range, what one unit of this work pays, and why; then it is priced."""
    hold()
    claim.refresh_from_db(from_queryset=Claim.objects.select_for_update(of=["self"]))
    not_his(claim, by, AGREE)
    if claim.why_not != Claim.WhyNot.RANGE:
        raise Refused("这一项不用定金额", "13")
    claim.agreed, claim.agreed_why, claim.agreed_by = agreed, agreed_why, by
    claim.save(update_fields=["agreed", "agreed_why", "agreed_by"])
    try_again([claim])
    if claim.why_not == Claim.WhyNot.RANGE:
        raise Refused("金额要在标准的幅度内", "13")
    return claim
