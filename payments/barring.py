"""Why somebody who holds the post may not do it with this batch: asked of the verbs' own checks, told in a sentence."""

from collections.abc import Callable

from expertteam.models import User
from expertteam.regulation import Refused
from expertteam.workflow import Transition, may
from payments import actions
from payments.actions.batch import apart, check_changers, check_still_right, not_checked_before, not_checker, third
from payments.models import Batch

OWN = "批次里有您本人的报酬，应由他人办理"


def words(check: Callable, *asked) -> str:
    """What the check would refuse with; empty where it lets pass."""
    try:
        check(*asked)
    except Refused as refusal:
        return refusal.reason
    return ""


def barred(batch: Batch, user: User) -> dict[Transition, str]:
    """The moves that the state of the batch and the post of this person would allow, and why they are not his."""
    if batch.concerns(user):
        moves = [actions.submit, actions.approve, actions.release]
        return {move: OWN for move in moves if batch.state in move.source and may(user, move.permission)}
    found = {}
    for check, moves in CHECKS.items():
        open_ = [move for move in moves if batch.state in move.source and may(user, move.permission)]
        if open_ and (why := words(check, batch, user)):
            found |= dict.fromkeys(open_, why)
    return found


def releaser(batch: Batch, user: User):
    third(batch, user)
    payouts = batch.payouts.select_related("account__expert__user", "expert__user").defer("account__number")
    check_changers([each.account for each in payouts], {user.pk})
    check_still_right(batch, payouts)


CHECKS = {
    not_checked_before: [actions.submit, actions.take_out],
    apart: [actions.approve, actions.send_back],
    releaser: [actions.release],
    not_checker: [actions.hold_back],
}
