"""Every move that is not declared is tried, for every record that has a state."""

import inspect
from contextlib import nullcontext

import pytest

from expertteam.models import STAFF_ROLES
from expertteam.regulation import Refused
from expertteam.workflow import LINK, SYSTEM, TRANSITIONS
from tests.acts import acting, owner_of
from tests.conftest import person
from tests.make import make_in_state

UNDECLARED = [
    pytest.param(move, state, id=f"{move.permission}-from-{state}")
    for model, moves in TRANSITIONS.items()
    for move in moves
    for state in model.State
    if state not in move.source
]
BEGINNINGS = {"draft", "received", "lead", "proposed", "waiting", "frozen", "standing"}  # no move leads there
BEGINNINGS |= {"computed", "nominated", "provisional", "entered", "checked"}
ENDS = {  # no move leads on
    *("appointed", "declined", "withdrawn", "annulled", "discarded", "answered", "filed", "revoked"),
    *("rated", "unplaced", "cancelled", "client_absent", "lapsed", "stood_down", "absent"),
    *("confirmed", "verified", "ruled", "rejected", "closed", "called_off", "released", "served"),
    *("judged", "set_aside", "maintained", "reversed", "kept", "dropped"),
    *("published", "opened", "aborted", "opposed", "approved", "refused", "upheld", "dismissed", "lifted", "signed"),
    *("settled", "dissolved", "disputed", "replaced", "applied", "aside", "undone", "done", "stopped"),
}


def actor_for(move, record):
    """Whoever could make the move if only the state allowed it."""
    if move.own:
        return owner_of(record)
    if move.guest:
        return LINK
    return SYSTEM if move.automatic or move.follows else person("everything", *STAFF_ROLES)


def asked_by(move):
    """Something for everything the move wants to know; the state is looked at before any of it."""
    names = list(inspect.signature(move.body).parameters)[2:]
    return dict.fromkeys(names)


@pytest.mark.parametrize(("move", "state"), UNDECLARED)
def test_no_move_starts_from_a_state_it_does_not_name(db, move, state):
    record = make_in_state(move.model, state)
    entries = record.history.count()
    within = acting(move) if move.follows else nullcontext()

    with within, pytest.raises(Refused, match="现在的状态是"):
        move(record, by=actor_for(move, record), **asked_by(move))

    record.refresh_from_db()
    assert (record.state, record.history.count()) == (state, entries)


@pytest.mark.parametrize("model", [pytest.param(model, id=model.__name__) for model in TRANSITIONS])
def test_every_state_but_the_last_leads_on_and_every_state_but_the_first_is_reached(model):
    sources = set().union(*(move.source for move in TRANSITIONS[model]))
    targets = {move.target for move in TRANSITIONS[model]} - {None}

    assert {str(state) for state in set(model.State) - targets} <= BEGINNINGS
    assert {str(state) for state in set(model.State) - sources} <= ENDS
