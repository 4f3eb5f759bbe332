"""Seats: members are called, answer, stand down and are followed by the next ticket (Articles 8(4) and 10(4))."""

from datetime import date, timedelta
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction

from experts.actions import check_pledged
from experts.models import Expert
from expertteam import calendar, clock
from expertteam.models import Policy, User
from expertteam.regulation import Refused
from expertteam.workflow import SYSTEM, may, refuse_own, transition
from services import draw as protocol
from services import pool, summons, transcripts
from services.actions.availability import occupy
from services.actions.leaving import leave, rule_out, unable, vacate, vacated
from services.actions.selection import settle
from services.models import Attempt, Choice, Draw, Engagement, PanelReading, PoolEntry, ReviewPanel, Seat
from services.rules import panel as rules
from services.suspension import suspended

State = Seat.State
Course = ReviewPanel.State
SHOWN = timedelta(minutes=10)  # a name that was looked up stays on the page so long
NAME_SEEN = "查看待答复席位的姓名和号码"
BEFORE = "评审已经开始，请当面告诉工作人员"


def empty(panel: ReviewPanel) -> list[tuple[int, str]]:
    """The places without a member: number and stratum."""
    strata = [stratum for stratum, seats in panel.need for _ in range(seats)]
    taken = set(panel.seats.live().values_list("place", flat=True))
    return [(place, stratum) for place, stratum in enumerate(strata, 1) if place not in taken]


def call(panel: ReviewPanel, place: int, stratum: str, expert: Expert, **source) -> Seat:
    """Call this expert to this place; the first message goes out by itself.

    Whose turn it is chance has decided: if he cannot sit any more, he is on record and hands on his place at once.
    ``source``: ``draw`` and ``entry``, or ``choice``; ``follows``: the seat that was given up.
    """
    seat = Seat(
        panel=panel, place=place, stratum=stratum, expert=expert, called_at=clock.now(), answer_due=answer_due(panel), **source
    )  # fmt: skip
    seat._change_reason = "通知评审专家（第10(4)条）"
    seat.save()
    if reason := unable([seat]).get(seat):
        return leave(seat, by=SYSTEM, reason=reason)
    Attempt.objects.create(seat=seat, channel=Attempt.Channel.MESSAGE)
    summons.called(seat)
    return seat


def answer_due(panel: ReviewPanel):
    """Until when a member answers: some hours from now, yet not after the beginning, unless it has begun."""
    due = clock.now() + timedelta(hours=Policy.objects.number("panel_answer_hours", clock.today()))
    return due if panel.convened_at else min(due, panel.starts_at)


def call_drawn(draw: Draw, drawn: list[list[str]]):
    """Everybody whom the draw put on a seat."""
    called = draw.entries.pool().filter(h__in=[h for _, h in drawn]).select_related("expert__user")
    entries = {each.h: each for each in called}
    for place, (stratum, h) in enumerate(drawn, 1):
        call(draw.panel, place, stratum, entries[h].expert, draw=draw, entry=entries[h])


def call_chosen(choice: Choice):
    """Everybody whom the leader approved, in the empty places of their stratum."""
    places = empty(choice.panel)
    for each in choice.chosen.select_related("expert__user"):
        place = next(entry for entry in places if entry[1] == each.stratum)
        places.remove(place)
        call(choice.panel, *place, each.expert, choice=choice)


@transition(Seat, source=[State.CALLED], target=State.ACCEPTED, article="8(4)", own=True)
def accept(seat, *, by):
    """接受评审"""
    panel = seat.panel
    if clock.now() >= panel.ends_at:
        raise Refused("评审时间已过", "8(4)")
    if conflict := pool.conflict_of(seat.expert, panel):
        raise Refused(f"您现在有需要回避的情形（{conflict}），请答复“需要回避”", "14")
    if not seat.expert.appointments.in_force(clock.local(panel.starts_at).date()).exists():
        raise Refused("评审那天不在您的聘期内", "3")
    if seat.expert_id in suspended(clock.today()):
        raise Refused("您现在暂停派任务，这个席位会由他人递补", "12¶2")
    check_pledged(seat.expert)
    minutes = int((panel.ends_at - panel.starts_at).total_seconds() // 60)
    seat.engagement = occupy(seat.expert, panel.starts_at, minutes, purpose=Engagement.Purpose.PANEL)
    seat.answered_at = clock.now()
    summons.no_longer_awaited(seat)
    return partial(settle, panel)


@transition(Seat, source=[State.CALLED, State.ACCEPTED], target=State.DECLINED, article="8(4)", own=True)
def decline(seat, *, by, why, reason):
    """来不了或需要回避"""
    if seat.state == State.ACCEPTED and seat.panel.convened_at:
        raise Refused(BEFORE, "8(4)")
    vacate(seat)
    seat.why, seat.reason, seat.answered_at = why, reason, clock.now()
    summons.no_longer_awaited(seat)
    return partial(vacated, seat)


@transaction.atomic
def try_again(seat: Seat, *, by: User, note: str) -> Attempt:
    """登记电话联系: another try to reach who has not answered."""
    seat.refresh_from_db(from_queryset=Seat.objects.select_for_update())
    if not may(by, report_unreachable.permission):
        raise PermissionDenied(report_unreachable.permission)
    refuse_own(seat.bars(by), "10(4)")
    report_unreachable.check_state(seat)
    return Attempt.objects.create(seat=seat, channel=Attempt.Channel.PHONE, by=by, note=note)


@transition(Seat, source=[State.CALLED], target=State.PASSING, article="10(4)")
def report_unreachable(seat, *, by):
    """登记联系不上"""
    tries = list(seat.attempts.filter(at__gte=seat.called_at).values_list("at", flat=True))
    if reason := rules.not_reached(tries, seat.answer_due, clock.now()):
        raise Refused(reason, "10(4)")
    seat.why, seat.reason, seat.passed_by = Seat.Why.UNREACHABLE, "三次联系没有答复", by


@transition(Seat, source=[State.DECLINED], target=State.PASSING, article="10(4)")
def pass_on(seat, *, by):
    """提请递补"""
    seat.passed_by = by


@transition(Seat, source=[State.ACCEPTED], target=State.PASSING, article="10(4)")
def report_absent(seat, *, by):
    """登记没有到场"""
    if clock.now() < seat.panel.starts_at:
        raise Refused("还没有到评审时间", "10(4)")
    vacate(seat)
    seat.why, seat.reason, seat.passed_by = Seat.Why.ABSENT, "评审开始时没有到场", by
    return partial(vacated, seat)


@transition(Seat, source=[State.PRESENT], target=State.PASSING, article="10(4)")
def excuse(seat, *, by, why, reason):
    """登记中途离开"""
    if seat.panel.state not in (Course.SEATED, Course.OPEN):
        raise Refused("评分已经截止", "8(4)")
    vacate(seat)
    seat.why, seat.reason, seat.passed_by = why, reason, by
    return partial(vacated, seat)


@transition(Seat, source=[State.PASSING], target=State.CALLED, article="10(4)")
def send_back(seat, *, by):
    """退回，继续联系"""
    if seat.why != Seat.Why.UNREACHABLE:
        raise Refused("本人已答复或没有到场，不能退回", "10(4)")
    if unable([seat]):
        raise Refused("这位专家现在不能参加评审，不用再联系", "10(4)")
    seat.why, seat.reason, seat.passed_by, seat.answer_due = "", "", None, answer_due(seat.panel)
    seat.called_at = clock.now()
    return partial(summons.called, seat)


@transition(
    Seat, source=[State.PASSING], target=State.STOOD_DOWN, article="10(4)",
    apart_from=[report_unreachable, pass_on, report_absent, excuse, rule_out],
)  # fmt: skip
def stand_down(seat, *, by):
    """同意递补"""
    seat.stood_down_by, seat.stood_down_at = by, clock.now()
    seat.stood_down_no = seat.panel.seats.filter(state=State.STOOD_DOWN).count() + 1
    return partial(hand_on, seat, by)


def hand_on(seat: Seat, by):
    """Exactly this place passes to the next ticket; nobody else moves, and whoever stood down is told."""
    summons.stood_down(seat)
    if seat.draw:
        record_skip(seat.draw, by=by)
        _, h = transcripts.record(seat.draw)["panel"][seat.place - 1]
        if h != protocol.VACANT:
            entry = PoolEntry.objects.select_related("expert__user").get(draw=seat.draw, h=h)
            call(seat.panel, seat.place, seat.stratum, entry.expert, draw=seat.draw, entry=entry, follows=seat)
    settle(seat.panel)


@transition(Draw, source=[Draw.State.DRAWN], target=None, article="10(4)", follows=True)
def record_skip(draw, *, by):
    """记入递补"""
    draw.record_hash = transcripts.record(draw)["record_hash"]


@transition(Seat, source=[State.STOOD_DOWN], target=None, article="10(4)", own=True)
def object_to(seat, *, by, words):
    """对递补提出异议"""
    if seat.objected_at:
        raise Refused("您已经提出过异议", "10(4)")
    if clock.today() > objection_until(seat):
        raise Refused("提出异议的期限已过", "10(4)")
    seat.objection, seat.objected_at = words, clock.now()
    return partial(summons.objected, seat)


def objection_until(seat: Seat):
    """The last day on which whoever stood down may object."""
    return objection_days([seat])[0]


def objection_days(seats: list[Seat]) -> list[date]:
    """The same of several, the number and the calendar read once."""
    days, schedule = Policy.objects.number("seat_objection_days", clock.today()), calendar.Schedule()
    handed_on = [clock.local(seat.stood_down_at).date() for seat in seats]
    return [calendar.deadline(day, days, start_counts=False, schedule=schedule).day for day in handed_on]


@transition(Seat, source=[State.STOOD_DOWN], target=None, article="10(4)", apart_from=[stand_down])
def answer_objection(seat, *, by, answer):
    """答复递补异议"""
    if not seat.objected_at or seat.objection_answer:
        raise Refused("没有等待答复的异议", "10(4)")
    seat.objection_answer = answer
    return partial(summons.objection_answered, seat)


@transition(Seat, source=[State.ACCEPTED], target=State.PRESENT, article="8(4)", own=True)
def sign_in(seat, *, by):
    """签到"""
    if clock.now() < seat.panel.starts_at - rules.DOORS_OPEN:
        raise Refused("评审开始前一小时起可以签到", "8(4)")
    if seat.panel.state not in (Course.SEATED, Course.SELECTING, Course.OPEN):
        raise Refused("这场评审现在不能签到", "8(4)")
    seat.signed_in_at = clock.now()


@transition(
    Seat, source=[each for each in State if each not in (State.STOOD_DOWN, State.RELEASED, State.SIGNED)],
    target=State.RELEASED, article="10(4)", follows=True,
)  # fmt: skip
def release(seat, *, by):
    """取消席位"""
    vacate(seat)
    summons.released(seat)


@transaction.atomic
def look_up(seat: Seat, *, by: User) -> PanelReading:
    """查看姓名和号码: of one seat that has not answered, so that it can be called; on record (Article 10(4))."""
    if not may(by, "services.look_up_seat") or seat.panel.concerns(by):
        raise PermissionDenied("services.look_up_seat")
    if seat.state != State.CALLED:
        raise Refused("已经答复的席位，名单在评审开始前保密", "10(4)")
    return PanelReading.objects.create(panel=seat.panel, seat=seat, reader=by, what=NAME_SEEN)


def is_shown(seat: Seat, user: User) -> bool:
    """Whether this is the one seat that this person has just looked up."""
    last = seat.panel.readings.filter(reader=user, at__gt=clock.now() - SHOWN).first()
    return seat.state == State.CALLED and last is not None and last.seat_id == seat.pk
