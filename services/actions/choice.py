"""定向选取: where a draw is not possible, on three people's word (Article 10(4))."""

from functools import partial

from expertteam.regulation import Refused
from expertteam.workflow import transition
from services import summons
from services.actions.panel import check_chosen, check_ready, start_over
from services.actions.seat import call_chosen
from services.models import Choice

State = Choice.State


@transition(Choice, source=[State.PROPOSED], target=State.SUPPORTED, article="10(4)")
def support(choice, *, by, opinion):
    """纪检同意定向选取"""
    apart(choice, by)
    choice.inspector, choice.opinion = by, opinion
    return partial(summons.choice_supported, choice)


@transition(Choice, source=[State.PROPOSED], target=State.OPPOSED, article="10(4)")
def oppose(choice, *, by, opinion):
    """纪检不同意定向选取"""
    apart(choice, by)
    choice.inspector, choice.opinion = by, opinion
    return partial(end, choice, by)


@transition(Choice, source=[State.SUPPORTED], target=State.APPROVED, article="10(4)", apart_from=[support])
def approve(choice, *, by, decision):
    """批准定向选取"""
    apart(choice, by)
    check_ready(choice.panel)
    check_chosen(choice.panel, [(each.stratum, each.expert) for each in choice.chosen.select_related("expert__user")])
    choice.approved_by, choice.decision = by, decision
    return partial(call_them, choice)


@transition(Choice, source=[State.SUPPORTED], target=State.REFUSED, article="10(4)", apart_from=[support])
def refuse(choice, *, by, decision):
    """不批准定向选取"""
    apart(choice, by)
    choice.approved_by, choice.decision = by, decision
    return partial(end, choice, by)


def apart(choice: Choice, by):
    if by.pk == choice.proposed_by_id:
        raise Refused("提出的人不能自己同意或批准", "10(4)")


def end(choice: Choice, by):
    """Without it, and with nobody on a seat, the review is as it was before: its conditions can be set anew."""
    if not choice.panel.seats.live().exists() and not choice.panel.draws.live().exists():
        start_over(choice.panel, by=by)
    summons.choice_decided(choice)


def call_them(choice: Choice):
    call_chosen(choice)
    summons.choice_decided(choice)
