"""What the inspector does beside the draw: halts, and decides who has to stay away (Articles 10(4) and 14)."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction

from expertteam import clock
from expertteam.models import User
from expertteam.regulation import Refused
from expertteam.workflow import may, refuse_own, transition
from services import summons
from services.actions.leaving import clear
from services.models import Halt, RecusalRequest, ReviewPanel, Seat

State = RecusalRequest.State


@transaction.atomic
def halt(panel: ReviewPanel, *, by: User, reason: str) -> Halt:
    """叫停评审: from now on nothing of it moves, until an inspector lifts it."""
    panel.refresh_from_db(from_queryset=ReviewPanel.objects.select_for_update())
    if not may(by, "services.call_halt"):
        raise PermissionDenied("services.call_halt")
    refuse_own(panel.concerns(by), "10(4)")
    if not ReviewPanel.objects.live().filter(pk=panel.pk).exists() or panel.standstill():
        raise Refused("评审已经结束，或已经叫停", "10(4)")
    standing = Halt(panel=panel, by=by, reason=reason, at=clock.now())
    standing._history_user, standing._change_reason = by, "叫停评审（第10(4)条）"
    standing.save()
    summons.halted(standing)
    return standing


@transition(Halt, source=[Halt.State.STANDING], target=Halt.State.LIFTED, article="10(4)")
def lift(halt, *, by, reason):
    """恢复评审"""
    halt.lifted_because, halt.lifted_at = reason, clock.now()
    return partial(go_on, halt)


def go_on(halt: Halt):
    """Whoever was called has the time that was taken from him."""
    for seat in halt.panel.seats.filter(state=Seat.State.CALLED):
        seat.answer_due += halt.lifted_at - halt.at
        seat._change_reason = "叫停的时间不算在答复期限里"
        seat.save()
    clear(halt.panel)
    summons.lifted(halt)


@transaction.atomic
def record_recusal(panel: ReviewPanel, *, by: User, project, expert, reason: str) -> RecusalRequest:
    """登记当事人申请回避: a party asks that somebody stays away; before the pool is frozen."""
    panel.refresh_from_db(from_queryset=ReviewPanel.objects.select_for_update())
    if not may(by, "services.record_recusalrequest"):
        raise PermissionDenied("services.record_recusalrequest")
    refuse_own(panel.concerns(by), "14")
    if panel.state != ReviewPanel.State.DRAFT:
        raise Refused("候选池锁定以前才能登记", "14")
    asked = RecusalRequest(panel=panel, project=project, expert=expert, reason=reason, recorded_by=by)
    asked._history_user, asked._change_reason = by, "登记当事人申请回避（第14条）"
    asked.save()
    summons.recusal_asked(asked)
    return asked


@transition(RecusalRequest, source=[State.RECEIVED], target=State.UPHELD, article="14")
def uphold(request, *, by, ruling):
    """认定回避申请成立"""
    rule(request, by, ruling)


@transition(RecusalRequest, source=[State.RECEIVED], target=State.DISMISSED, article="14")
def dismiss(request, *, by, ruling):
    """认定回避申请不成立"""
    rule(request, by, ruling)


def rule(request: RecusalRequest, by, ruling: str):
    if by.pk == request.recorded_by_id:
        raise Refused("登记的人不能自己审查", "14")
    request.ruling = ruling
