"""Twenty thousand steps of six machines: whoever does whatever whenever, no invariant is ever broken (T03).

Deeper, at random, and with what repeats a failure printed: ``pytest tests/invariants/test_machines.py
--hypothesis-profile=nightly``.
"""

import pytest
from django.db import connection
from hypothesis import settings

from expertteam import clock, verify
from expertteam.workflow import TRANSITIONS
from tests.invariants.machines.life import INVARIANTS, STEPS, Subject, Tally, live
from tests.invariants.machines.subjects import ALL, SUBJECTS

pytestmark = pytest.mark.django_db
NIGHTLY = settings.get_current_profile_name() == "nightly"
TIMES = 30 if NIGHTLY else 1 if connection.vendor == "sqlite" else 0.1

SEARCHES, SEARCH = 30, 8  # how often, and for how many lives, whatever did not come about is sought above all

UNREACHED = {  # and why
    "evaluations.inspect_origin_dismissal": "takes three upheld ratings of one network; test_sock_puppets.py walks there",
}
COMES_OF = {  # what nobody can do, or not yet: what is sought with it
    "expertteam.confirm_phone_accountchange": ["ask_for_another_number", "expertteam.prove_accountchange"],
    "expertteam.take_effect_accountchange": [
        "expertteam.prove_accountchange",
        "expertteam.confirm_phone_accountchange",
    ],
    "payments.give_up_account_bankaccount": ["enter_account"],
    "recruitment.settle_notice": ["enter_the_next_year"],
    "services.bear_out_service": ["services.publish_reviewpanel"],
    "services.discontinue_pairing": ["evaluations.receive_decision_dismissal"],
    "services.give_up_time_servicerequest": ["evaluations.receive_decision_dismissal"],
    "services.leave_seat": ["services.stand_down_seat"],
    "services.let_go_activityrole": ["evaluations.receive_decision_dismissal"],
    "services.publish_reviewpanel": ["services.conclude_reviewpanel"],
    "services.reopen_servicerequest": ["services.take_back_offer"],
    "services.unseal_draw": ["services.publish_reviewpanel"],
}


def test_the_machines_make_twenty_thousand_steps():
    assert sum(subject.steps for subject in SUBJECTS) == 20_000


def test_every_record_with_a_state_has_its_machine():
    assert {model for subject in SUBJECTS if subject is not ALL for model in subject.models} == set(TRANSITIONS)


@pytest.mark.parametrize("subject", [pytest.param(each, id=each.name) for each in SUBJECTS])
def test_no_invariant_is_ever_broken(subject):
    steps = int(subject.steps * TIMES)
    with clock.at(subject.start):
        subject.seed()
    assert {each.name: keys for each in INVARIANTS if (keys := verify.broken(each))} == {}

    tally = Tally()
    while tally.steps < steps:
        live(subject, -(-(steps - tally.steps) // STEPS), tally, at_random=NIGHTLY, print_blob=NIGHTLY)

    if TIMES >= 1 and subject is not ALL:
        assert not (missing := not_even_sought(subject, tally)), "\n".join(missing.values())


def not_even_sought(subject: Subject, tally: Tally) -> dict[str, str]:
    """What does not come about even where it is sought."""
    for _ in range(SEARCHES):
        if missing := unreached(subject, tally):
            live(subject, SEARCH, tally, frozenset(missing).union(*(COMES_OF.get(each, ()) for each in missing)))
    return unreached(subject, tally)


def unreached(subject: Subject, tally: Tally) -> dict[str, str]:
    """What was never tried, or never came about and is not excused: with how often it was tried, and why not."""
    acts = [begin.__name__ for begin in subject.beginnings]
    open_moves = [move.permission for move in subject.moves if not move.inner]
    elsewhere = {move for each in SUBJECTS for move in each.also if each is not subject}
    wanted = [*acts, *(move.permission for move in [*subject.moves, *subject.also] if move not in elsewhere)]
    missing = [each for each in wanted if not tally.done[each] and each not in UNREACHED]
    missing += [each for each in [*acts, *open_moves] if not tally.tried[each]]
    return {each: f"{each}: {tally.tried[each]}×, {tally.refusals[each].most_common(3)}" for each in missing}
