"""What the page of one claim shows: its source in words, its lines in their order, corrections, what may be done."""

from typing import NamedTuple

from expertteam import clock
from expertteam.models import User
from expertteam.templatetags.terrace import duration, long_day
from expertteam.workflow import available, may
from payments import actions
from payments.actions.correction import check_correctable
from payments.barring import words
from payments.models import Claim, Correction, Line, Payout
from payments.pricing import work_of

PROPOSER = "提出更正的人不能自己复核"


class Source(NamedTuple):
    """Where a claim comes from; ``url`` only for whoever may open the page."""

    words: str
    url: str


class Offer(NamedTuple):
    """What this person may begin here: the name of its page and the button, or in words why not."""

    name: str = ""
    label: str = ""
    why_not: str = ""


def source(claim: Claim, user: User) -> Source:
    """A service or a seat, in words that name no client."""
    at = f"{long_day(claim.day)}{clock.local(claim.started_at):%H:%M}开始，{duration(claim.minutes)}"
    if claim.service:
        via = claim.service.get_confirmed_via_display()
        told = f"服务记录，{at}，{f'{via}确认' if via else claim.service.get_state_display()}"
        return Source(told, claim.service.get_absolute_url() if may(user, "services.view_service") else "")
    told = f"评审{claim.seat.panel.number}，{claim.get_outcome_display()}，{at}"
    return Source(told, claim.seat.panel.get_absolute_url() if may(user, "services.view_reviewpanel") else "")


def lines(claim: Claim) -> list[Line]:
    """All lines, the first one first, each with ``paid_by``: the payout it went out with."""
    found = list(claim.lines.select_related("schedule", "batch", "reverses", "replaces").order_by("pk"))
    sent = Payout.objects.filter(batch__lines__in=found, expert=claim.expert_id, income=claim.income)
    by_batch = {each.batch_id: each for each in sent.select_related("account", "result")}
    for line in found:
        line.paid_by = by_batch.get(line.batch_id)
    return found


def corrections(claim: Claim, user: User) -> list[Correction]:
    """Each with ``moves`` open to this person, ``why_not`` where he proposed it, ``changes`` in words."""
    found = Correction.objects.filter(line__claim=claim).select_related(
        "line__claim__expert", "proposed_by", "signed_by"
    )
    told = list(found.order_by("pk"))
    for each in told:
        own = each.proposed_by_id == user.pk
        moves = available(each, user)
        each.moves, each.why_not = ([], PROPOSER if moves else "") if own else (moves, "")
        each.changes = changes(each)
    return told


def changes(correction: Correction) -> str:
    """What it changes, in words."""
    if correction.void:
        return "不予支付"
    was = work_of(correction.line)
    told = []
    if correction.minutes != was.minutes:
        told.append(f"时长{duration(was.minutes)}改为{duration(correction.minutes)}")
    if correction.outcome != was.outcome:
        told.append(f"结果改为{correction.get_outcome_display()}")
    if correction.extended != was.extended:
        told.append("延时经批准" if correction.extended else "延时没有批准")
    if correction.agreed and correction.agreed != was.agreed:
        told.append(f"每单位{f'{was.agreed:,.2f}元改为' if was.agreed else ''}{correction.agreed:,.2f}元")
    return "，".join(told) or "时长和结果不变，重新计算"


def offer(claim: Claim, lines: list[Line], user: User) -> Offer:
    """To fix a sum within a range, or to correct what stands."""
    if claim.why_not == Claim.WhyNot.RANGE:
        return Offer("agree", "定金额") if may(user, actions.AGREE) else Offer()
    standing = next((line for line in lines if line.live), None)
    if standing is None or not may(user, actions.PROPOSE) or claim.standing == "correcting":
        return Offer()
    why_not = words(check_correctable, standing)
    return Offer(why_not=why_not) if why_not else Offer("correct", "提出更正")
