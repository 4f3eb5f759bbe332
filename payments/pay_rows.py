"""What waits to be made, checked, signed and released, as rows of 今天 (Article 13)."""

from django.db.models import Count, QuerySet
from django.urls import reverse

from expertteam.templatetags.terrace import day, yuan
from expertteam.waiting import Lot, Waiting, open_to
from expertteam.workflow import may
from payments import actions
from payments.models import Batch, Correction, Line
from payments.money import Total

MAKE = "待发放报酬"


def to_make(user) -> Lot:
    """All that is owed and in no batch, as one row."""
    if not may(user, actions.MAKE):
        return Lot(MAKE, 0, [])
    owed = Line.objects.ready().exclude(claim__expert__user=user).aggregate(count=Count("pk"), amount=Total("amount"))
    if not owed["count"]:
        return Lot(MAKE, 0, [])
    row = Waiting(
        None, "编制报酬批次", f"{owed['count']}笔待发放", f"合计{yuan(owed['amount'])}元", "编制批次，核对后提交复核", "去编制",
        reverse("payments:batches"),
    )  # fmt: skip
    return Lot(MAKE, 1, [row])


def batches(move, user) -> QuerySet:
    """Open to this move; not those from which he is paid."""
    own = Batch.objects.filter(lines__claim__expert__user=user).values("pk")
    return open_to(move, user).exclude(pk__in=own).select_related("made_by").order_by("pk")


def to_submit_of(user) -> QuerySet:
    return batches(actions.submit, user)


def to_submit(batch: Batch) -> Waiting:
    if batch.words:
        return row(batch, "批次退回", f"退回原因：{batch.words}", "去改")
    return row(batch, "提交批次复核", "核对明细，移出不能发放的，再提交复核", "去核对")


def to_check_of(user) -> QuerySet:
    return batches(actions.approve, user).exclude(made_by=user)


def to_check(batch: Batch) -> Waiting:
    return row(batch, "复核报酬批次", f"{batch.made_by}编制，先看要确认的几处", "复核")


def to_release_of(user) -> QuerySet:
    return batches(actions.release, user).exclude(made_by=user).exclude(checked_by=user)


def to_release(batch: Batch) -> Waiting:
    return row(batch, "发放报酬", f"{day(batch.checked_at)}复核通过，实发{batch.paid_out:,.2f}元", "去发放")


def row(batch: Batch, what: str, tip: str, verb: str) -> Waiting:
    return Waiting(None, what, batch.number, batch.title, tip, verb, batch.get_absolute_url())


def to_sign_of(user) -> QuerySet:
    """Neither of his own pay nor those that he proposed."""
    proposed = open_to(actions.sign, user).exclude(proposed_by=user).exclude(line__claim__expert__user=user)
    return proposed.select_related("line__claim__expert__user", "proposed_by").order_by("proposed_at", "pk")


def to_sign(correction: Correction) -> Waiting:
    claim = correction.line.claim
    return Waiting(
        None, "复核报酬更正", str(claim), f"{claim.expert}老师", f"{correction.proposed_by}提出：{correction.reason[:40]}", "复核",
        correction.get_absolute_url(),
    )  # fmt: skip


QUEUES = [
    ("报酬批次", to_submit_of, to_submit),
    ("报酬批次", to_check_of, to_check),
    ("报酬批次", to_release_of, to_release),
    ("报酬更正", to_sign_of, to_sign),
]
