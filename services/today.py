"""What waits for whom in the services (Articles 7, 8 and 10(3))."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from expertteam.templatetags.terrace import moment
from expertteam.waiting import Lot, Waiting, end_of, lot, open_to
from expertteam.workflow import may
from services import actions, events, sample
from services.actions.calls import CALLED_BACK
from services.actions.offer import visit_is_settled
from services.models import Call, Offer, Place, Service, ServiceRequest
from services.rules.request import KEY_GROUPS


def queue(user) -> list[Lot]:
    """Everything in the services that this person can move now, by kind."""
    lots = [
        lot("匹配", to_match_of(user), to_match),
        lot("定时间", apart(actions.arrange, user).order_by("answer_due", "pk"), to_arrange),
        lot("上门", visits_of(user), to_allow),
        lot("专家没来", absences_of(user), to_apologise),
        lot("回访", calls_of(user), to_call),
        lot("核定", queries_of(user), to_rule),
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
    again += "" if visit_is_settled(request) else "上门还没有同意；"
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


def absences_of(user) -> QuerySet:
    """Experts who did not come, as long as nobody has spoken with the client since and no other expert is found."""
    if not may(user, actions.report_absence.permission):
        return Offer.objects.none()
    spoken = Call.objects.spoken().filter(request=OuterRef("request"), at__gt=OuterRef("starts_at"), reached=True)
    gone = Offer.objects.filter(state=Offer.State.ABSENT, request__state=ServiceRequest.State.SUBMITTED)
    return apart_from(user, gone.filter(~Exists(spoken)), "request__phone_index").select_related(
        "request", "expert__user"
    )


def apart_from(user, records, phone) -> QuerySet:
    """These records without those about this very person; ``phone`` is where the client's number is found."""
    own = Q(request__client=user) | Q(expert__user=user)
    if user.phone_index:
        own |= Q(**{phone: user.phone_index})
    return records.exclude(pk__in=records.model.objects.filter(own).values("pk"))


def calls_of(user) -> QuerySet:
    """The call-backs that this person may make, each with how often it has been tried."""
    if not may(user, actions.verify.permission):
        return Service.objects.none()
    tried = Count("calls", filter=Q(calls__what=CALLED_BACK))
    return (
        apart_from(user, sample.to_call(), "phone_index")
        .select_related("expert__user", "request")
        .annotate(tried=tried)
    )


def queries_of(user) -> QuerySet:
    """What this person may rule on: neither his own, nor after he has matched it."""
    matched = Offer.objects.filter(request=OuterRef("request"), offered_by=user)
    open_ = apart_from(user, open_to(actions.rule, user).filter(~Exists(matched)), "phone_index")
    return open_.select_related("expert__user", "request").order_by("started_at", "pk")


def to_apologise(offer) -> Waiting:
    return Waiting(
        offer.request.answer_due, "专家没来", offer.request.number, whom(offer.request),
        f"{offer.expert}老师{moment(offer.starts_at)}没有到，请打电话说明，另约时间", "联系对方", reverse("services:request", args=[offer.request_id]),
    )  # fmt: skip


def to_call(service) -> Waiting:
    tried = f"，打过{service.tried}次" if service.tried else ""
    return Waiting(
        service.call_due and end_of(service.call_due), "电话回访", number_of(service), f"{service.expert}老师的服务",
        f"{moment(service.started_at)}，{service.minutes}分钟，对方没有答复{tried}", "回访", reverse("services:verify_service", args=[service.pk]),
    )  # fmt: skip


def to_rule(service) -> Waiting:
    claimed = "没有说时长" if service.claimed_minutes is None else f"说{service.claimed_minutes}分钟"
    return Waiting(
        None, "核定时长", number_of(service), f"{service.expert}老师的服务",
        f"专家记了{service.minutes}分钟，对方{claimed}", "核定", service.get_absolute_url(),
    )  # fmt: skip


def number_of(service) -> str:
    return service.request.number if service.request else "没有预约"
