"""Whatever an expert had in hand goes back to the centre when he leaves the team (Articles 3, 4, 8, 10(3) and 10(4)).

Nobody is told why: clients, organisers and matchers read that he does it no more, a review that somebody does not sit
in it any more.  What he has done stays: services that wait for their client's word, parts and sheets of what is over.
"""

from typing import NamedTuple

from experts.models import Expert
from expertteam import clock, notify
from expertteam.regulation import article
from expertteam.workflow import transition
from services import access, messages, summons
from services import announcements as say
from services.actions import leaving
from services.actions.activity_role import vacate
from services.actions.following import return_to_queue, unremind, withdraw
from services.actions.holding import free_time
from services.models import Activity, ActivityRole, Engagement, Offer, Pairing, ReviewPanel, Seat, ServiceRequest

NO_MORE = "不再承担这项服务"
NOT_ANY_MORE = "专家聘任关系已结束"  # what the inspector reads who signs for it, and the member himself
RUNNING = [Pairing.State.PROPOSED, Pairing.State.ACTIVE]
PROMISED = [ActivityRole.State.INVITED, ActivityRole.State.ACCEPTED]


class HandedOver(NamedTuple):
    """How many matters went back: counted by what became of them."""

    requests: int = 0  # in the queue again
    to_verify: int = 0  # of these, whose appointed time has passed: the centre asks the client what came of it
    times: int = 0  # held for somebody who had asked for him, and free again
    pairings: int = 0
    roles: int = 0
    seats: int = 0  # to be handed on
    grants: int = 0  # to read what a client has confided
    unsigned: int = 0  # seats whose sheets count, and whose signature the office enters
    halted: int = 0  # seats of reviews that stand still: they follow when those go on

    @property
    def said(self) -> str:
        """In words, of what there was."""
        told = {
            "件预约重新匹配": self.requests,
            "件要问对方是否见过面": self.to_verify,
            "个预留的时间空出": self.times,
            "组结对终止": self.pairings,
            "个活动角色撤回": self.roles,
            "个评审席位递补": self.seats,
            "个评审席位待登记未签字": self.unsigned,
            "个评审席位等恢复后递补": self.halted,
            "项查阅授权收回": self.grants,
        }
        return "，".join(f"{count}{words}" for words, count in told.items() if count) or "没有未办结的事项"


@article("3", "10(3)")
def hand_over(expert: Expert, *, by) -> HandedOver:
    """聘任关系……终止: everything open of this expert, as part of the act that ends his appointment.

    The rows are locked in one order: requests, activities, pairings, reviews, each by key.  So it comes first in that
    act, before anything locks the expert's own row, for which others wait while they hold a request.  A second time
    there is nothing left to do.  The next in line of the matcher's list are not asked by themselves: a person looks.
    """
    asked, wished = hold_requests(expert)
    roles, pairings, seats = hold_roles(expert), hold_pairings(expert), hold_seats(expert)
    grants = access.withdraw(expert)
    verified = [give_back(offer, by) for offer in asked]
    for request in wished:
        give_up_time(request, by=by, note=f"想约的{expert}{NO_MORE}")
    for role in roles:
        let_go(role, by=by)
    for pairing in pairings:
        discontinue(pairing, by=by)
    went = [leave_seat(seat, by) for seat in seats]
    return HandedOver(
        len(asked), sum(verified), len(wished), len(pairings), len(roles), went.count("seats"),
        grants, went.count("unsigned"), went.count("halted"),
    )  # fmt: skip


def held(model, keys) -> list[int]:
    """Lock these rows in the order of their keys."""
    return list(
        model._base_manager.select_for_update().filter(pk__in=set(keys)).order_by("pk").values_list("pk", flat=True)
    )


# Requests


def hold_requests(expert: Expert) -> tuple[list[Offer], list[ServiceRequest]]:
    """What he has before him or has taken on, and where his time is held for whoever asked for him."""
    live = Offer.objects.live().filter(expert=expert)
    chosen = Engagement.objects.live().filter(expert=expert, request__state=ServiceRequest.State.SUBMITTED)
    keys = held(ServiceRequest, [*live.values_list("request", flat=True), *chosen.values_list("request", flat=True)])
    offers = live.filter(request__in=keys).select_related("request", "expert__user").order_by("request")
    wished = ServiceRequest.objects.filter(pk__in=chosen.filter(request__in=keys).values("request"))
    return list(offers), list(wished.order_by("pk"))


def give_back(offer: Offer, by) -> bool:
    """Into the queue again; whether its appointed time has passed, so that the client is asked what came of it."""
    request, taken_on = offer.request, offer.state == Offer.State.ACCEPTED
    over = bool(taken_on and offer.starts_at and offer.starts_at <= clock.now())
    counts_on_him = taken_on or request.wanted_id == offer.expert_id
    note = f"{offer.expert}{NO_MORE}"
    if over:
        note += "；约定的时间已过，先打电话问对方是否见过面"
    withdraw(offer, by=by)
    unremind(offer)
    return_to_queue(request, by=by, note=note)
    if over:
        messages.to_verify(request)
    elif counts_on_him:
        messages.unsettled(request, "handed-back", f"这位专家{NO_MORE}")
    if taken_on and not over:
        messages.released(offer)
    messages.tell_matchers(request, f"handed-back:{offer.pk}", "请重新匹配", f"{request.number}：{note}。")
    return over


@transition(
    ServiceRequest, source=[ServiceRequest.State.SUBMITTED], target=None, article="10(3)", follows=True
)  # fmt: skip
def give_up_time(request, *, by, note):
    """所选专家不再承担，空出时间"""
    request.note = note
    free_time(request)
    messages.unsettled(request, "wished", f"您选的专家{NO_MORE}")
    messages.tell_matchers(request, "wished", "想约的专家不再承担", f"{request.number}：{note}，请另选专家。")


# Activities


def hold_roles(expert: Expert) -> list[ActivityRole]:
    """His parts to come; those that have begun are attested or not, as any other, when the activity is closed."""
    coming = ActivityRole.objects.filter(expert=expert, state__in=PROMISED, starts_at__gt=clock.now())
    keys = held(Activity, coming.values_list("activity", flat=True))
    return list(coming.filter(activity__in=keys).order_by("activity", "pk"))


@transition(ActivityRole, source=PROMISED, target=ActivityRole.State.RELEASED, article="8(3)", follows=True)
def let_go(role, *, by):
    """专家不再承担，空出角色"""
    vacate(role)
    notify.settle(f"role:{role.pk}")
    say.role_released(role)
    say.role_vacated(role)


# Pairings


def hold_pairings(expert: Expert) -> list[Pairing]:
    running = Pairing.objects.filter(expert=expert, state__in=RUNNING)
    keys = held(Pairing, running.values_list("pk", flat=True))
    return list(running.filter(pk__in=keys).order_by("pk"))


@transition(Pairing, source=RUNNING, target=Pairing.State.CALLED_OFF, article="8(2)", follows=True)
def discontinue(pairing, *, by):
    """专家不再承担，终止结对"""
    pairing.reason, pairing.closed_at = f"专家{NO_MORE}", clock.now()
    for told in ("pairing", "pairing-contact", "pairing-grew"):
        notify.settle(f"{told}:{pairing.pk}")
    say.pairing_discontinued(pairing)


# Reviews


def hold_seats(expert: Expert) -> list[Seat]:
    """His seats in reviews that are not over, unless somebody has already asked for a successor."""
    sits = Seat.objects.filter(expert=expert, state__in=leaving.TO_COME, panel__in=ReviewPanel.objects.live())
    keys = held(ReviewPanel, sits.values_list("panel", flat=True))
    return list(sits.filter(panel__in=keys).select_related("panel", "expert__user").order_by("panel"))


def leave_seat(seat: Seat, by) -> str:
    """What becomes of it, by the name of its count.

    Until the scoring is closed he leaves it, as somebody does who falls ill: what he has given does not count, the
    next ticket is called.  Afterwards his sheets are part of a result that he made as an expert; they stand, and the
    office enters that he has not signed.  While a review stands still nothing of it moves.
    """
    if seat.standstill():
        return "halted"
    if seat.panel.state not in leaving.JUDGING:
        summons.signature_missing(seat)
        return "unsigned"
    leaving.leave(seat, by=by, reason=NOT_ANY_MORE)
    return "seats"
