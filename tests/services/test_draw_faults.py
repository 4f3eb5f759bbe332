"""A server that dies at any statement of a draw: nothing is half done, and whoever takes it up comes to the same panel."""

import json
from functools import partial

import pytest
from django.db import connection

from expertteam.models import Notification
from services import draw as protocol
from services.actions import draw, seat
from services.models import Attempt, Draw, DrawParty, ReviewPanel, Seat
from services.transcripts import transcript
from tests.faults import sweep as sweep_of
from tests.services.panels import (
    SECRETS,
    commitment,
    drafted,
    drawn,
    experts,
    frozen,
    inspector,
    operator,
    promised,
    verify,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


sweep = partial(sweep_of, models=[Draw, DrawParty, ReviewPanel, Seat, Attempt, Notification])


def again(it):
    return Draw.objects.get(pk=it.pk)


@pytest.fixture(autouse=True)
def team():
    operator(), inspector()
    return experts(8)


def test_10_4_killed_anywhere_a_draw_resumes_to_the_same_result():
    it = promised()
    reveals = {"operator": SECRETS["operator"], "inspector": SECRETS["inspector"]}
    foreseen = protocol.Lots(json.loads(again(it).header), reveals).drawn()

    first = sweep(lambda: draw.reveal(again(it), by=inspector(), secret=SECRETS["inspector"]))
    last = sweep(lambda: draw.reveal(again(it), by=operator(), secret=SECRETS["operator"]))

    told = transcript(again(it))
    assert (first > 8, last > 40) == (True, True)
    assert told["panel"] == foreseen
    assert verify(told)
    assert again(it).seats.count() == 5


def test_10_4_every_step_before_is_done_or_not_done():
    review = drafted()

    steps = [
        lambda: draw.freeze(ReviewPanel.objects.get(pk=review.pk), by=operator(), profile="A"),
        lambda: draw.commit(mine(), by=operator(), commitment=commitment(mine(), "operator")),
        lambda: draw.read_pool(mine(), by=inspector()),
        lambda: draw.commit(mine(), by=inspector(), commitment=commitment(mine(), "inspector")),
        lambda: draw.fix(mine(), by=operator()),
    ]

    def mine():
        return Draw.objects.get(panel=review)

    assert all(sweep(step) > 4 for step in steps)
    assert mine().state == "fixed"


def test_10_4_a_stand_down_is_done_or_not_done():
    it = drawn()
    member = it.seats.get(place=4)
    seat.decline(member, by=member.expert.user, why="declined", reason="外地")
    seat.pass_on(member, by=operator())

    faults = sweep(lambda: seat.stand_down(Seat.objects.get(pk=member.pk), by=inspector()))

    assert faults > 20
    assert verify(transcript(again(it)))
    assert it.seats.live().count() == 5


def test_control_two_writes_without_one_transaction_are_left_half_done():
    it = frozen()
    with pytest.raises(AssertionError, match="half done"):
        sweep(lambda: torn(it))


def torn(it):
    """Two writes that do not belong together."""
    party = it.parties.get(role="operator")
    party.commitment = "a" * 64
    party.save()
    connection.cursor().execute("SELECT 1")
