"""Reviews and draws (Articles 8(4), 10(4) and 14)."""

from datetime import date, timedelta

from expertteam import clock
from services.models import PanelReading, PoolEntry, Recusal
from tests import make
from tests.invariants import past
from tests.invariants.lawless import Case, added, copied, forged, put, taken
from tests.services import panels

LATER = timedelta(hours=1)


def party(draw, role="operator"):
    return draw.parties.get(role=role)


def seat(draw, place=1):
    return draw.seats.filter(place=place).order_by("pk").last()


def sheet(panel):
    return panel.sheets.first()


def result(draw):
    """The seats of two members, exchanged."""
    one, other = seat(draw, 1), seat(draw, 2)
    mine, theirs = one.entry_id, other.entry_id
    put(one, entry_id=theirs)
    put(other, entry_id=mine)


def newcomer(draw):
    """Somebody in the pool whom no directory names."""
    return make.make_pool_entry(draw, make.make_expert(first_day=date(2026, 4, 1)))


def looked(panel, **fields):
    return added(PanelReading, panel=panel, what="候选池名单", **fields)


def recused(sheet):
    added(Recusal, seat=sheet.seat, project=sheet.project, reason="同门", at=sheet.submitted_at - LATER)


def frozen():
    panels.experts()
    with clock.at(past.MONDAY):
        return panels.frozen()


def refused_by_a_party(panel):
    return make.make_recusal_request("upheld", panel=panel, expert=panel.seats.first().expert)


def related(draw):
    """The inspector is the head of the firm that applies."""
    inspector = panels.inspector()
    inspector.phone = "13900000009"
    inspector.save()
    project = draw.panel.projects.first()
    project.parties.create(role="head", name="赵某", phone=inspector.phone)


CASES = [
    Case("I3.draw", past.drawn, lambda it: put(it, header=it.header.replace("TY", "ty") + " ")),
    Case("I3.draw", past.drawn, lambda it: forged(it, since="fixed", pool_root="0" * 64)),
    Case("I11.inspector", lambda: make.make_panel("open"), lambda it: put(it, inspector_id=None)),
    Case("I11.inspector", lambda: make.make_panel("open"), lambda it: put(it, inspector_id=it.drafted_by_id)),
    Case("I11.inspector", past.drawn, lambda it: put(it.panel, inspector_id=it.operator_id)),
    Case("I11.inspector", past.drawn, lambda it: put(it, record_hash="")),
    Case("I11.inspector", past.drawn, lambda it: put(it, inspector_id=it.operator_id)),
    Case("I11.source", lambda: make.make_seat("accepted"), lambda it: put(it, choice_id=None)),
    Case("I11.source", past.drawn, lambda it: put(it.seats.first(), draw_id=make.make_draw("drawn").pk)),
    Case("I12.pool", frozen, lambda it: taken(it.entries.first())),
    Case("I12.pool", frozen, newcomer),
    Case("I12.pool", frozen, lambda it: put(it.entries.first(), why="unwanted")),
    Case("I12.pool", frozen, lambda it: put(it.entries.first().expert.appointments.get(), first_day=date(2026, 3, 3))),
    Case("I12.pool", frozen, lambda it: put(it, directory=it.directory[1:])),
    Case("I12.seats", past.drawn, lambda it: put(it.seats.first().entry, why="employer")),
    Case("I12.seats", past.drawn, lambda it: put(it.seats.first(), expert_id=make.make_expert().pk)),
    Case("I12.seats", past.drawn, lambda it: refused_by_a_party(it.panel)),
    Case("I13.record", past.drawn, lambda it: put(it, record_hash="0" * 64)),
    Case("I13.record", past.drawn, lambda it: put(party(it), secret="4" * 64)),
    Case("I13.record", past.drawn, result),
    Case("I13.record", past.handed_on, lambda it: put(it.seats.get(state="stood_down"), why="absent")),
    Case("I13.record", past.handed_on, lambda it: put(
        seat(it), entry_id=PoolEntry.objects.filter(draw=it, seats=None).first().pk)),
    Case("I13.order", past.drawn, lambda it: put(party(it), revealed_at=it.fixed_at - LATER)),
    Case("I13.order", past.drawn, lambda it: put(party(it, "inspector"), committed_at=it.fixed_at + LATER)),
    Case("I13.order", past.drawn, lambda it: put(it.seats.first(), called_at=it.drawn_at - LATER)),
    Case("I13.order", past.drawn, lambda it: put(it, frozen_at=it.fixed_at + LATER)),
    Case("I14.draws", lambda: make.make_draw("drawn"), lambda it: copied(it, draw_id="once-more")),
    Case("I14.draws", lambda: make.make_draw("aborted"), lambda it: put(it, aborted_by_id=it.abort_asked_by_id)),
    Case("I15.readers", past.drawn, lambda it: looked(it.panel, reader=panels.operator())),
    Case("I15.readers", past.drawn, lambda it: looked(it.panel, reader=seat(it).expert.user)),
    Case("I15.readers", past.drawn, lambda it: looked(it.panel, reader=past.officer("reviewer"))),
    Case("I15.readers", past.drawn, lambda it: looked(it.panel, seat=seat(it), reader=past.officer("reviewer"))),
    Case("I15.sealed", past.drawn, lambda it: put(it, state="opened", opened_at=clock.now())),
    Case("I15.sealed", past.reviewed, lambda it: put(it.draws.get(), opened_at=it.convened_at - LATER)),
    Case("I15.sealed", past.drawn, lambda it: put(it, opened_at=clock.now())),
    Case("I16.scores", past.reviewed, lambda it: put(sheet(it).seat, signed_in_at=None)),
    Case("I16.scores", past.reviewed, lambda it: put(sheet(it), submitted_at=it.closed_at + LATER)),
    Case("I16.scores", past.reviewed, lambda it: recused(sheet(it))),
    Case("I16.unchanged", past.reviewed, lambda it: put(sheet(it), total="99.00")),
    Case("I16.unchanged", past.reviewed, lambda it: forged(sheet(it), history_date=it.closed_at + LATER)),
    Case("I16.result", past.reviewed, lambda it: put(it.projects.get(), score="99.00")),
    Case("I16.result", past.reviewed, lambda it: put(sheet(it), total="99.00")),
    Case("I16.result", past.reviewed, lambda it: put(it.projects.get(), passed=True)),
    Case("I16.ranks", past.reviewed, lambda it: put(it.projects.get(), rank=None)),
    Case("I16.ranks", past.reviewed, lambda it: copied(it.projects.get(), place=2, score="81.00")),
    Case("I26.draw", past.drawn, lambda it: put(it, operator_id=seat(it).expert.user_id)),
    Case("I26.draw", past.drawn, related),
    Case("I26.draw", lambda: make.make_seat("accepted").choice, lambda it: put(
        it, approved_by_id=it.chosen.get().expert.user_id)),
]  # fmt: skip
