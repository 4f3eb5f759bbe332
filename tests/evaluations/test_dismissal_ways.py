"""No way leads to a dismissal around the notice, the expert's word and its weighing: not in code, not in the database.

The verbs are walked exhaustively, and every pair of states is tried in plain SQL (Article 12¶2, I18).
"""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from evaluations.models import Delivery, Dismissal, Plea
from expertteam.workflow import TRANSITIONS
from tests import make

State = Dismissal.State
MOVES = [(move.verb, move.source, move.target) for move in TRANSITIONS[Dismissal] if move.target]
HEARD = {"defend", "waive", "record_defence", "lapse_defence", "record_hearing", "miss_hearing"}
GATES = [{"receive_notice", "serve_notice"}, HEARD, {"weigh"}, {"confirm"}, {"receive_decision", "serve_decision"}]
ON_REQUEST = [{"forward"}, *GATES[3:]]  # Article 12(1): the expert has asked for it and waived being heard
SHORTCUTS = [("examining", "told"), ("told", "weighed"), ("heard", "confirmed"), ("weighed", "dismissed")]


def ways(moves, state=State.PROPOSED, been=(State.PROPOSED,), verbs=()):
    """Every sequence of verbs from a proposal to a dismissal that comes twice to no state."""
    if state == State.DISMISSED:
        yield verbs
        return
    for verb, source, target in moves:
        if state in source and target not in been:
            yield from ways(moves, target, (*been, target), (*verbs, verb))


def is_lawful(way):
    """Through all the gates, in their order."""
    gates = ON_REQUEST if way[0] == "forward" else GATES
    places = [next((place for place, verb in enumerate(way) if verb in gate), -1) for gate in gates]
    return -1 not in places and places == sorted(places)


def test_12_2_every_way_to_a_dismissal_passes_all_gates_in_their_order():
    found = list(ways(MOVES))

    assert len(found) == 34  # told in 2 ways, heard in 8, served in 2; and at his own request, served in 2
    assert all(is_lawful(way) for way in found)


@pytest.mark.parametrize(("begins", "ends"), SHORTCUTS)
def test_12_2_the_walk_would_find_a_way_around_a_gate(begins, ends):
    found = list(ways([*MOVES, ("shortcut", {begins}, ends)]))

    assert not all(is_lawful(way) for way in found)


def write(dismissal, **values):
    """Past every verb and every check of Django."""
    names = ", ".join(f"{name} = %s" for name in values)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE evaluations_dismissal SET {names} WHERE id = %s", [*values.values(), dismissal.pk])


LAWFUL = {
    ("proposed", "examining"), ("proposed", "weighed"), ("proposed", "dropped"),
    ("examining", "notice_issued"), ("examining", "dropped"),
    ("notice_issued", "told"), ("notice_issued", "dropped"),
    ("told", "hearing_asked"), ("told", "heard"), ("told", "dropped"),
    ("hearing_asked", "hearing_set"), ("hearing_asked", "dropped"),
    ("hearing_set", "heard"), ("hearing_set", "dropped"),
    ("heard", "weighed"), ("heard", "dropped"),
    ("weighed", "heard"), ("weighed", "confirmed"), ("weighed", "kept"), ("weighed", "dropped"),
    ("confirmed", "dismissed"), ("confirmed", "dropped"),
}  # fmt: skip
PAIRS = [(one.value, other.value) for one in State for other in State if one != other]


@pytest.mark.parametrize(("begins", "ends"), [pair for pair in PAIRS if pair not in LAWFUL])
def test_12_2_the_database_refuses_every_step_that_leaves_one_out(db, begins, ends):
    dismissal = make.make_dismissal(begins)

    with pytest.raises(IntegrityError):
        write(dismissal, state=ends)

    dismissal.refresh_from_db()
    assert dismissal.state == begins


@pytest.mark.parametrize("state", list(make.WAYS))
def test_12_2_the_control_with_everything_in_place_each_state_is_reached(db, state):
    assert make.make_dismissal(state).state == state


@pytest.mark.parametrize(
    ("begins", "ends", "lacking"),
    [
        ("examining", "notice_issued", "facts"),
        ("notice_issued", "told", "notice"),
        ("heard", "weighed", "opinion"),
        ("weighed", "confirmed", "decision"),
        ("confirmed", "dismissed", "delivery"),
    ],
)
def test_12_2_the_database_refuses_a_step_without_what_it_takes(db, begins, ends, lacking):
    dismissal = make.make_dismissal(begins)
    taken = make.taken(dismissal, ends)  # enters the delivery of a paper on the way
    given = {name: value for name, value in taken.items() if name != lacking}
    for name, value in given.items():
        setattr(dismissal, name, value)
    dismissal.state = ends
    if lacking in ("notice", "delivery"):
        with make.unguarded("append_only_evaluations_delivery"):
            dismissal.deliveries.filter(paper="notice" if lacking == "notice" else "decision").delete()

    with pytest.raises(IntegrityError, match="art12_2_no_step_is_left_out"), transaction.atomic():
        dismissal.save()


def test_12_2_the_database_refuses_to_weigh_while_a_point_is_unanswered(db):
    dismissal = make.make_dismissal("heard")
    Plea.objects.create(dismissal=dismissal, place=1, words="课程是免费的", entered_by=dismissal.expert.user)
    for name, value in make.taken(dismissal, "weighed").items():
        setattr(dismissal, name, value)
    dismissal.state = "weighed"

    with pytest.raises(IntegrityError, match="art12_2_no_step_is_left_out"), transaction.atomic():
        dismissal.save()
    dismissal.pleas.update(answer="已核实，收过费")
    dismissal.save()


@pytest.mark.parametrize("ground", ["12(2)", "12(3)", "12(4)", "12(5)", "12(6)"])
def test_12_2_the_short_way_is_open_to_the_experts_own_request_alone(db, ground):
    with pytest.raises(IntegrityError, match="art12_1_only_whoever_asks_waives_at_once"), transaction.atomic():
        make.make_dismissal(ground=ground, waives=True)
    dismissal = make.make_dismissal(ground=ground)
    with pytest.raises(IntegrityError):
        write(dismissal, state="weighed", heard_how="waiver", heard_on=date(2026, 3, 5))


@pytest.mark.parametrize(
    ("day", "stands"), [(date(2026, 3, 11), False), (date(2026, 3, 12), True)], ids=["last day", "day after"]
)
def test_12_2_the_database_lets_silence_count_after_the_last_day(db, day, stands):
    dismissal = make.make_dismissal("told")
    dismissal.heard_how, dismissal.heard_on, dismissal.state = "lapse", day, "heard"

    if stands:
        dismissal.save()
    else:
        with pytest.raises(IntegrityError, match="art12_2_silence_counts_after_the_last_day"), transaction.atomic():
            dismissal.save()


@pytest.mark.parametrize("who", ["handler", "weighed_by", "opened_by"])
def test_12_the_database_lets_nobody_decide_who_took_part(db, who):
    dismissal = make.make_dismissal("weighed", opened_by=make.make_user())
    for name, value in make.taken(dismissal, "confirmed").items():
        setattr(dismissal, name, value)
    dismissal.state, dismissal.decided_by = "confirmed", getattr(dismissal, who)

    with pytest.raises(IntegrityError, match="art12_confirmed_by_neither"), transaction.atomic():
        dismissal.save()


@pytest.mark.parametrize("state", [state for state in make.WAYS if state != "dismissed"])
def test_12_no_term_ends_early_before_the_decision_is_served(db, state):
    dismissal = make.make_dismissal(state)

    with pytest.raises(IntegrityError, match="art12_no_term_ends_early"), transaction.atomic():
        dismissal.expert.appointments.update(void_from=date(2026, 3, 6))


def test_12_the_term_ends_on_the_day_of_the_decision_and_on_no_other(db):
    dismissal = make.make_dismissal("dismissed")

    with pytest.raises(IntegrityError, match="art12_no_term_ends_early"), transaction.atomic():
        dismissal.expert.appointments.update(void_from=date(2026, 3, 5))
    assert dismissal.expert.appointments.update(void_from=date(2026, 3, 6)) == 1


def test_12_2_service_without_proof_is_none(db):
    dismissal = make.make_dismissal("notice_issued")
    whole = {"dismissal": dismissal, "paper": "notice", "served_on": date(2026, 3, 4), "by": make.make_user()}

    with pytest.raises(IntegrityError, match="art12_2_service_has_its_proof"), transaction.atomic():
        Delivery.objects.create(channel="hand", **whole)
    Delivery.objects.create(channel="hand", proof=make.make_dismissal_file(dismissal, kind="proof"), **whole)


@pytest.mark.parametrize(
    "values",
    [
        {"notice_issued_at": None},
        {"defence_days": None},
        {"defence_until": date(2026, 3, 10)},
        {"heard_how": "lapse"},
        {"heard_on": date(2026, 3, 6)},
        {"decided_at": None},
        {"decided_by_id": None},
        {"opened_by_id": None},
        {"flag": ""},
    ],
    ids=lambda values: next(iter(values)),
)
def test_12_2_the_database_keeps_what_was_done_on_the_way(db, values):
    dismissal = make.make_dismissal("confirmed", opened_by=make.make_user(), flag="同一天有3次")

    with pytest.raises(IntegrityError):
        write(dismissal, **values)


def test_12_2_the_database_takes_no_answer_from_before_he_was_told(db):
    dismissal = make.make_dismissal("told")

    with pytest.raises(IntegrityError, match="art12_2_no_step_is_left_out"):
        write(dismissal, state="heard", heard_how="waiver", heard_on=date(2026, 3, 3))
    write(dismissal, state="heard", heard_how="waiver", heard_on=date(2026, 3, 4))


def test_12_2_the_database_takes_no_statement_without_a_point(db):
    dismissal = make.make_dismissal("told")

    with pytest.raises(IntegrityError, match="art12_2_no_step_is_left_out"):
        write(dismissal, state="heard", heard_how="statement", heard_on=date(2026, 3, 5))
    Plea.objects.create(dismissal=dismissal, place=1, words="课程是免费的", entered_by=dismissal.expert.user)
    write(dismissal, state="heard", heard_how="statement", heard_on=date(2026, 3, 5))


@pytest.mark.parametrize(("state", "paper"), [("examining", "notice"), ("told", "decision"), ("weighed", "decision")])
def test_12_2_no_paper_is_served_before_it_is_made(db, state, paper):
    dismissal = make.make_dismissal(state)
    whole = {"dismissal": dismissal, "paper": paper, "channel": "online", "by": make.make_user()}

    with pytest.raises(IntegrityError, match="art12_2_a_paper_is_served_once_it_is_made"), transaction.atomic():
        Delivery.objects.create(served_on=date(2026, 3, 4), **whole)


def test_12_1_nobody_else_enters_a_request_of_his(db):
    with pytest.raises(IntegrityError, match="art12_case_begins_as_a_proposal"), transaction.atomic():
        make.make_dismissal(ground="12(1)", waives=True, opened_by=make.make_user())
    make.make_dismissal(ground="12(1)", waives=True)


def test_12_2_what_he_said_and_what_it_rests_on_is_never_taken_away(db):
    dismissal = make.make_dismissal("told")
    plea = Plea.objects.create(dismissal=dismissal, place=1, words="课程是免费的", entered_by=dismissal.expert.user)
    kept = make.make_dismissal_file(dismissal)

    for record in (plea, kept):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(record).objects.filter(pk=record.pk).delete()
    with pytest.raises(IntegrityError, match="append_only"), transaction.atomic():
        type(kept).objects.filter(pk=kept.pk).update(open_to_expert=False)


def test_12_3_after_the_notice_its_entries_are_what_he_was_told_of(db):
    strike, other = make.make_strike(), make.make_strike()
    dismissal = make.make_dismissal(ground="12(3)", expert=strike.expert)
    with pytest.raises(IntegrityError, match="art12_2_a_case_rests_on"), transaction.atomic():
        dismissal.strikes.add(other)  # of another expert
    dismissal.strikes.add(strike)
    for state in ("examining", "notice_issued"):
        for name, value in make.taken(dismissal, state).items():
            setattr(dismissal, name, value)
        dismissal.state = state
        dismissal.save()

    with pytest.raises(IntegrityError, match="art12_2_what_he_was_told_of_stays"), transaction.atomic():
        dismissal.strikes.remove(strike)
    later = make.make_strike(refusal=make.make_refusal("judged", expert=strike.expert))
    with pytest.raises(IntegrityError, match="art12_2_a_case_rests_on"), transaction.atomic():
        dismissal.strikes.add(later)
