"""What becomes of a panel as its seats are taken and given up (Article 10(4))."""

from functools import partial

from expertteam.workflow import SYSTEM, transition
from services import summons
from services.models import ReviewPanel, Seat

State = ReviewPanel.State


@transition(ReviewPanel, source=[State.SELECTING], target=State.SEATED, article="10(4)", follows=True)
def complete(panel, *, by):
    """评审组组成"""
    return partial(summons.panel_complete, panel)


@transition(ReviewPanel, source=[State.SEATED], target=State.SELECTING, article="10(4)", follows=True)
def lose_member(panel, *, by):
    """有席位空出"""


def settle(panel: ReviewPanel):
    """The panel is complete once everybody who is called has accepted, and they are enough to judge.

    It follows by itself: whose answer it was stands nowhere but on his own seat.
    """
    seats = panel.seats.live()
    coming = seats.filter(state__in=[Seat.State.ACCEPTED, Seat.State.PRESENT]).count()
    complete_now = panel.quorum <= coming == seats.count() and not panel.choices.open().exists()
    if panel.state == State.SELECTING and complete_now:
        complete(panel, by=SYSTEM)
    elif panel.state == State.SEATED and not complete_now:
        lose_member(panel, by=SYSTEM)
