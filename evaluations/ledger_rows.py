"""What waits for whom in the ledger: leads to look at, reasons to judge, appeals, talks that are due (Article 12)."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from evaluations import actions, thresholds
from evaluations.models import Refusal, Strike
from experts.models import Expert
from expertteam import clock
from expertteam.waiting import Waiting, open_to
from expertteam.workflow import may
from services.models import ActivityRole, Offer


def leads_of(user) -> QuerySet:
    """Noticed, and nobody has looked at it."""
    leads = open_to(actions.ask_reason, user).exclude(expert__user=user)
    return leads.select_related("expert__user").order_by("day", "pk")


def to_judge_of(user) -> QuerySet:
    """Explained, or silent; those left out that this person matched, invited to, reported or opened."""
    taken = Q(expert__user=user) | Q(opened_by=user) | Q(offer__offered_by=user)
    taken |= Q(seat__passed_by=user) | Q(seat__stood_down_by=user)
    invited = ActivityRole.history.filter(id=OuterRef("role"), history_type="+", history_user=user)
    reported = Offer.history.filter(id=OuterRef("offer"), history_user=user, state=Offer.State.ABSENT)
    mine = Refusal.objects.filter(taken | Exists(invited) | Exists(reported)).values("pk")
    waiting = open_to(actions.judge, user).exclude(pk__in=mine)
    return waiting.select_related("expert__user").order_by("asked_at", "pk")


def appeals_of(user) -> QuerySet:
    """Those against what somebody else has found."""
    appeals = open_to(actions.maintain, user).exclude(expert__user=user).exclude(found_by=user)
    return appeals.select_related("expert__user").order_by("appealed_at", "pk")


def talks_of(user) -> QuerySet:
    """Whoever has two entries on a ground, and nobody has talked with him since the second."""
    if not may(user, actions.TALK):
        return Expert.objects.none()
    near = thresholds.near(clock.today())
    due = [each.expert.pk for each in near if any(each.talk_due(ground) for ground in Strike.Ground)]
    return Expert.objects.filter(pk__in=due).exclude(user=user).select_related("user").order_by("pk")


def to_look_at(refusal) -> Waiting:
    return Waiting(
        None, "初核不履职", refusal.number, f"{refusal.expert}老师", f"{refusal.get_kind_display()}，请专家说明，或写明理由不再追究", "初核",
        refusal.get_absolute_url(),
    )  # fmt: skip


def to_judge(refusal) -> Waiting:
    tip = "专家已说明，可以认定" if refusal.statement else "专家逾期没有说明，按已有情况认定"
    return Waiting(None, "认定不履职", refusal.number, f"{refusal.expert}老师", tip, "认定", refusal.get_absolute_url())


def to_review(strike) -> Waiting:
    return Waiting(
        None, "复核计次申诉", strike.number, f"{strike.expert}老师", "看认定和申诉理由，维持或者撤销", "复核",
        strike.get_absolute_url(),
    )  # fmt: skip


def to_talk(expert) -> Waiting:
    return Waiting(
        None, "约谈专家", expert.no, f"{expert}老师", "已有2次计次，谈过以后登记", "看台账",
        reverse("evaluations:ledger", args=[expert.pk]),
    )  # fmt: skip


REFUSALS = [("不履职初核", leads_of, to_look_at), ("不履职认定", to_judge_of, to_judge)]
STRIKES = [("计次申诉", appeals_of, to_review), ("约谈", talks_of, to_talk)]
QUEUES = [*REFUSALS, *STRIKES]
