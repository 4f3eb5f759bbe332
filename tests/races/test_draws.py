"""Two at once in a draw: one freezes, both show their secrets, one seat is handed on once, no sheet after the close."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from expertteam import clock
from expertteam.regulation import Refused
from services.actions import conclusion, draw, scoring, seat
from services.models import Draw, ReviewPanel, ScoreSheet, Seat
from services.transcripts import transcript
from tests.races.contest import together, without_row_locks
from tests.services import panels
from tests.services.panels import BEGINS, SECRETS, inspector, operator, verify

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("today"),
]
NOW = clock.instant(date(2026, 3, 2), 10)
FIRST_LOCK = "FOR UPDATE"


@pytest.fixture(autouse=True)
def team(db):
    return panels.experts(8)


def freeze_twice(review):
    return together(
        *[lambda: draw.freeze(ReviewPanel.objects.get(pk=review.pk), by=operator(), profile="A") for _ in range(2)],
        meet=FIRST_LOCK,
        moment=NOW,
    )


def test_a_review_is_frozen_once():
    review = panels.drafted()

    done = freeze_twice(review)

    assert sorted(type(each).__name__ for each in done) == ["Refused", "ReviewPanel"]
    assert review.draws.count() == 1


def show_both(it):
    return together(
        lambda: draw.reveal(Draw.objects.get(pk=it.pk), by=operator(), secret=SECRETS["operator"]),
        lambda: draw.reveal(Draw.objects.get(pk=it.pk), by=inspector(), secret=SECRETS["inspector"]),
        meet="UPDATE .services_drawparty.",
        moment=NOW,
    )


def test_both_secrets_shown_at_the_same_moment_make_one_draw():
    it = panels.promised()

    show_both(it)

    assert Draw.objects.get(pk=it.pk).state == "drawn"
    assert it.seats.count() == 5
    assert verify(transcript(Draw.objects.get(pk=it.pk)))


def test_control_without_row_locks_each_misses_the_others_secret(monkeypatch):
    it = panels.promised()
    with without_row_locks(monkeypatch):
        show_both(it)

    assert Draw.objects.get(pk=it.pk).state == "fixed"  # both are shown, and nobody draws


def test_a_seat_is_handed_on_once():
    it = panels.drawn()
    member = it.seats.get(place=2)
    seat.decline(member, by=member.expert.user, why="declined", reason="外地")
    seat.pass_on(member, by=operator())

    done = together(
        *[lambda: seat.stand_down(Seat.objects.get(pk=member.pk), by=inspector()) for _ in range(2)],
        meet=FIRST_LOCK,
        moment=NOW,
    )

    assert sorted(type(each).__name__ for each in done) == ["Refused", "Seat"]
    assert it.seats.live().count() == 5
    assert verify(transcript(Draw.objects.get(pk=it.pk)))


def test_no_sheet_changes_at_the_moment_the_scoring_closes():
    review = panels.convened()
    with clock.at(BEGINS + timedelta(hours=1)):
        for member in review.seats.all():
            sheet = scoring.sheet_of(member, review.projects.get())
            scoring.submit(sheet, by=member.expert.user, marks={"team": Decimal(30), "plan": Decimal(50)})
    sheet = ScoreSheet.objects.first()

    closed, taken = together(
        lambda: conclusion.close_scoring(ReviewPanel.objects.get(pk=review.pk), by=operator()),
        lambda: scoring.take_back(ScoreSheet.objects.get(pk=sheet.pk), by=sheet.seat.expert.user),
        meet=FIRST_LOCK,
        moment=BEGINS + timedelta(hours=2),
    )

    state = ReviewPanel.objects.get(pk=review.pk).state
    assert {state, ScoreSheet.objects.get(pk=sheet.pk).state} in ({"signing", "submitted"}, {"open", "draft"})
    assert [type(each) for each in (closed, taken)].count(Refused) == 1
