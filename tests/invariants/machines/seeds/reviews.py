"""What reviews begin with."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from evaluations import actions as evaluations
from experts.models import Expert
from expertteam import clock
from services.actions import choice, conclusion, draw, scoring, seat
from services.actions import panel as reviewing
from tests.invariants.machines.seeds.office import experts, he, office
from tests.services import panels

LATER = {"starts_at": clock.instant(date(2026, 3, 4), 14), "ends_at": clock.instant(date(2026, 3, 4), 17)}


def reviews():
    """Drafted, frozen, promised, drawn, chosen; in the room, all sheets in, a tie to vote on, signed by all but one, and by all; at ten on that day."""
    office()
    with clock.at(date(2026, 3, 2)):
        experts(38)
        panels.drafted(**LATER)
        to_be_drawn()
        called = to_be_called()
        rooms = [panels.convened(panels.drafted(projects=2)) for _ in range(5)]
    with clock.at(clock.instant(date(2026, 3, 2), 14)):
        not_reached(called)
        to_be_chosen()
    with clock.at(clock.instant(date(2026, 3, 2), 15)):
        ready = panels.drawn(panels.promised(panels.frozen()))
        for who in (panels.operator(), panels.inspector()):
            draw.sign(ready, by=who)
        panels.accepted(ready.panel)
    with clock.at(panels.BEGINS):
        in_the_rooms(*rooms)
        panels.arrived(ready.panel)


def to_be_drawn():
    """Frozen, with a witness, promised, fixed, and waiting for a public value."""
    panels.frozen(panels.drafted(**LATER))
    witnessed = panels.frozen(
        panels.drafted(**LATER), witness="刘公证", organisation="太原某公证处", phone="13900005555"
    )
    draw.ask_abort(witnessed, by=panels.operator(), reason="见证人没有到场")
    promised = panels.frozen(panels.drafted(**LATER))
    for role in ("operator", "inspector"):
        panels.promise(promised, role)
    panels.promised(panels.frozen(panels.drafted(**LATER)))
    due = clock.instant(date(2026, 3, 3), 20)
    overnight = {"profile": "B", "source": "sse", "issue": "2026-03-03", "due_at": due}
    shown = panels.promised(panels.frozen(panels.drafted(**LATER), **overnight))
    for role, who in (("operator", panels.operator()), ("inspector", panels.inspector())):
        draw.reveal(shown, by=who, secret=panels.SECRETS[role])


def to_be_chosen():
    """Proposed, and supported: of those whom the lot has called to nothing at that hour."""
    free = Expert.objects.filter(dismissals=None, user__is_staff=False)
    people = free.exclude(seats__panel__starts_at=LATER["starts_at"]).order_by("pk")
    for supported in (False, True):
        it = panels.drafted(**LATER)
        reviewing.choose(it, by=panels.operator(), reason="只有一个项目", chosen=[("any", each) for each in people[:5]])
        if supported:
            choice.support(it.choices.get(), by=panels.inspector(), opinion="属实")


def to_be_called():
    """Two draws are done: of one all but one have accepted."""
    called, answered = (panels.drawn(panels.promised(panels.frozen(panels.drafted(**LATER)))).panel for _ in range(2))
    for member in answered.seats.order_by("place")[1:]:
        seat.accept(member, by=member.expert.user)
    return called


def not_reached(called):
    """Three are rung up in vain, one of them handed on; one has stood down and objects, one and who is next in line are to be dismissed."""
    first, second, third, fourth, fifth = called.seats.order_by("place")
    for minutes in (0, 15, 31):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            for each in (first, second, third):
                seat.try_again(each, by=panels.operator(), note="没有人接")
            if minutes == 31:
                seat.report_unreachable(first, by=panels.operator())
    panels.stand_down(fourth)
    seat.object_to(fourth, by=fourth.expert.user, words="我可以来")
    for expert in {fifth.expert, next_in_line(first)}:
        case = evaluations.propose(expert, by=he("intake"), ground="12(4)", clue="有人反映他卖课")
        evaluations.take_up(case, by=he("intake2"))


def next_in_line(member) -> Expert:
    """Who would be called, were this member to stand down now."""
    with transaction.atomic():
        seat.stand_down(member, by=panels.inspector())
        found = member.panel.seats.get(follows=member).expert
        transaction.set_rollback(True)
    return found


def in_the_rooms(room, voted, tied, signed, agreed):
    for member in room.seats.filter(state="present"):
        scoring.sheet_of(member, room.projects.first())
    for panel, points in ((voted, (50, 50)), (tied, (50, 50)), (signed, (40, 50)), (agreed, (40, 50))):
        all_give(panel, points)
    for panel in (tied, signed, agreed):
        conclusion.close_scoring(panel, by=panels.operator())
    for panel, missing in ((signed, 1), (agreed, 0)):
        for member in panel.seats.filter(state="present").order_by("place")[missing:]:
            conclusion.sign(member, by=member.expert.user)


def all_give(panel, points):
    """Every member gives these to both projects."""
    for member in panel.seats.filter(state="present"):
        for project, plan in zip(panel.projects.all(), points, strict=True):
            sheet = scoring.sheet_of(member, project)
            scoring.submit(sheet, by=member.expert.user, marks={"team": Decimal(30), "plan": Decimal(plan)})
