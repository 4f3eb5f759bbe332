"""What waits for whom in the services (Articles 7, 8 and 10(3))."""

from django.db.models import Q, QuerySet
from django.urls import reverse

from expertteam.waiting import Lot, Waiting, lot, open_to
from services import actions, events
from services.models import Place, ServiceRequest
from services.rules.request import KEY_GROUPS


def queue(user) -> list[Lot]:
    """Everything in the services that this person can move now, by kind."""
    lots = [
        lot("匹配", to_match_of(user), to_match),
        lot("定时间", apart(actions.arrange, user).order_by("answer_due", "pk"), to_arrange),
        lot("上门", visits_of(user), to_allow),
        *events.queue(user),
    ]
    return [each for each in lots if each.total]


def apart(move, user) -> QuerySet:
    """The requests open to this move that are not this person's own."""
    own = Q(client=user) | Q(expert__user=user)
    if user.phone_index:
        own |= Q(phone_index=user.phone_index)
    return (
        open_to(move, user)
        .exclude(pk__in=ServiceRequest.objects.filter(own))
        .select_related("wanted__user", "expert__user")
    )


def to_match_of(user) -> QuerySet:
    return apart(actions.offer, user).order_by("answer_due", "pk")


def visits_of(user) -> QuerySet:
    """Visits that need somebody's word before anybody can be matched."""
    asked = apart(actions.allow_visit, user).filter(place=Place.VISIT, visit_allowed_by=None)
    return asked.exclude(group__in=KEY_GROUPS).order_by("answer_due", "pk")


def to_match(request) -> Waiting:
    again = f"{request.note}；" if request.note else ""
    return Waiting(
        request.answer_due, "重新匹配" if request.note else "匹配预约", request.number, whom(request),
        f"{again}{'、'.join(request.topic_labels)}{wanted(request)}", "匹配", reverse("services:match", args=[request.pk]),
    )  # fmt: skip


def to_arrange(request) -> Waiting:
    return Waiting(
        request.answer_due, "约定时间", request.number, whom(request), f"{request.expert}老师已接受，时间待定", "约定",
        reverse("services:arrange", args=[request.pk]),
    )  # fmt: skip


def to_allow(request) -> Waiting:
    return Waiting(
        request.answer_due, "同意上门", request.number, whom(request), request.visit_reason or "没有写原因", "核实",
        reverse("services:allow_visit", args=[request.pk]),
    )  # fmt: skip


def whom(request) -> str:
    """Whom it is about, without a name."""
    said = [request.get_group_display() or "没有说类别", request.get_channel_display()]
    return "，".join([*said, "申请上门"] if request.place == Place.VISIT else said)


def wanted(request) -> str:
    return f"，想约{request.wanted}老师" if request.wanted else ""
