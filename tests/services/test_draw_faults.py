"""A server that dies at any statement of a draw: nothing is half done, and whoever takes it up comes to the same panel."""

import json
from itertools import count

import pytest
from django.db import OperationalError, connection, transaction

from expertteam.models import Notification
from services import draw as protocol
from services.actions import draw, seat
from services.models import Attempt, Draw, DrawParty, ReviewPanel, Seat
from services.transcripts import transcript
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


def whole():
    """Every row that a draw writes, with what its histories say."""
    kept = [Draw, DrawParty, ReviewPanel, Seat, Attempt, Notification]
    kept += [model.history.model for model in kept if hasattr(model, "history")]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in kept}


def failing_at(k):
    numbers = count(1)

    def wrapper(execute, sql, *rest):
        if next(numbers) == k:
            raise OperationalError(f"planted at {k}: {sql}")
        return execute(sql, *rest)

    return wrapper


def sweep(step):
    """Let every statement of this step fail in turn, then let it go through; how many faults that took."""
    before, k = whole(), 0
    while True:
        k += 1
        try:
            with connection.execute_wrapper(failing_at(k)):
                step()
        except OperationalError:
            transaction.set_rollback(False)  # the fault was planted: the database itself can still be asked
            assert whole() == before, f"half done after statement {k}"
        else:
            return k - 1


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
