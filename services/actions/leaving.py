"""Members who cannot sit any more: they have left the team, or are given nothing new (Articles 3, 10(4) and 12¶2).

Their place passes on like any other: somebody asks for it, the inspector signs, the next ticket is called.  So the record
of the draw can be checked afterwards as ever.
"""

from collections.abc import Iterable
from functools import partial

from experts.models import Appointment
from expertteam import clock, notify
from expertteam.regulation import Refused
from expertteam.workflow import SYSTEM, transition
from services import summons
from services.actions.availability import release as give_back
from services.actions.selection import settle
from services.models import ReviewPanel, Seat
from services.pool import gathered
from services.rules.slots import in_term
from services.suspension import suspended

State = Seat.State
Course = ReviewPanel.State
FORMER, SUSPENDED = "评审那天不在聘期内", "暂停派任务"
TO_COME = [State.CALLED, State.ACCEPTED, State.PRESENT]
JUDGING = [Course.SELECTING, Course.SEATED, Course.OPEN]  # until the scoring is closed


def vacate(seat: Seat):
    """Give the time back to the expert."""
    if seat.engagement:
        give_back(seat.engagement)
        seat.engagement = None


def vacated(seat: Seat):
    settle(seat.panel)
    summons.seat_vacated(seat)


def former(seats: Iterable[Seat]) -> dict[Seat, str]:
    """Those who are not in term on the day of their review, or today if that has come."""
    days = {seat: max(clock.today(), clock.local(seat.panel.starts_at).date()) for seat in seats}
    known = Appointment.objects.filter(expert__in={seat.expert_id for seat in days})
    terms = gathered(known.values_list("expert", "first_day", "last_day", "void_from"))
    return {seat: FORMER for seat, day in days.items() if not in_term(day, terms.get(seat.expert_id, []))}


def unable(seats: Iterable[Seat]) -> dict[Seat, str]:
    """Those who cannot be called and cannot begin a review as things stand, with why."""
    members = list(seats)
    barred = suspended(clock.today()) if members else {}
    return {seat: SUSPENDED for seat in members if seat.expert_id in barred} | former(members)


def go(seat: Seat, reason: str):
    """Whoever was called is told that he need not come; why is for the inspector and for himself."""
    vacate(seat)
    seat.why, seat.reason = Seat.Why.LEFT, reason
    notify.settle(f"seat:{seat.pk}")
    if seat.attempts.exists():
        summons.released(seat)


@transition(Seat, source=TO_COME, target=State.DECLINED, article="10(4)", follows=True)
def leave(seat, *, by, reason):
    """不再参加评审"""
    go(seat, reason)
    return partial(vacated, seat)


@transition(Seat, source=TO_COME, target=State.PASSING, article="10(4)")
def rule_out(seat, *, by):
    """登记不能参加"""
    if seat.panel.convened_at:
        raise Refused("评审已经开始，离开的请登记中途离开", "8(4)")
    reason = unable([seat]).get(seat)
    if not reason:
        raise Refused("这位专家可以参加评审", "10(4)")
    go(seat, reason)
    seat.passed_by = by
    return partial(vacated, seat)


def check_able(panel: ReviewPanel):
    """``Refused`` while somebody is in the room who cannot sit any more; the places alone are told."""
    found = unable(panel.seats.judging().select_related("panel").order_by("place"))
    if found:
        places = "、".join(f"第{seat.place}席" for seat in sorted(found, key=lambda seat: seat.place))
        raise Refused(f"{places}现在不能参加评审，请先登记不能参加", "10(4)")


def clear(panel: ReviewPanel):
    """Whoever left the team while the review stood still leaves it now; part of the act that lets it go on."""
    if panel.state in JUDGING:
        for seat in former(panel.seats.filter(state__in=TO_COME).select_related("panel")):
            leave(seat, by=SYSTEM, reason=FORMER)
