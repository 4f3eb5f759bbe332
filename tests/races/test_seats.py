"""The seats of an activity are given once, in the order of signing up, however many come at once (Article 8(3))."""

from datetime import date

import pytest

from expertteam import clock
from expertteam.workflow import LINK
from services.actions import activity as activities
from services.actions import sign_up as seats
from services.models import Activity, SignUp
from tests.make import make_activity, make_sign_up
from tests.races.contest import crowd, kinds, together, without_guards, without_row_locks
from tests.races.seats import GUARDS, SEATS, taken, wants_a_seat

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("today"),
]
CLIENTS, ATTEMPTS = 16, 480
DAY = date(2026, 3, 2)


def test_480_visitors_by_16_clients_take_40_seats_in_their_order():
    activity = make_activity(capacity=SEATS)

    came = crowd(CLIENTS, ATTEMPTS, wants_a_seat(activity))

    assert came == {"done": ATTEMPTS}
    assert taken(activity) == (SEATS, ATTEMPTS * 2 // 3 - SEATS, False)


def test_without_locks_and_guards_there_would_be_too_many(monkeypatch):
    activity = make_activity(capacity=SEATS)

    with without_row_locks(monkeypatch), without_guards(*GUARDS):
        came = crowd(CLIENTS, ATTEMPTS, wants_a_seat(activity))

    assert set(came) != {"done"} or taken(activity)[0] != SEATS


def test_a_seat_given_back_and_a_place_in_line_given_up_do_not_wait_for_each_other_for_ever():
    activity = make_activity(capacity=1)
    seated, waiting = make_sign_up(activity=activity), make_sign_up(activity=activity, state="waiting")

    def leave(entry):
        return lambda: seats.cancel(SignUp.objects.get(pk=entry.pk), by=LINK)

    results = together(leave(seated), leave(waiting), meet='FROM "services_signup"', moment=DAY)

    assert kinds(results) == ["done", "done"]
    assert set(activity.sign_ups.values_list("state", flat=True)) == {"cancelled"}


def test_checking_in_and_closing_at_the_same_moment_do_not_wait_for_each_other_for_ever(matcher):
    activity = make_activity(state="held")
    make_sign_up(activity=activity, state="attended")
    entry = make_sign_up(activity=activity)

    results = together(
        lambda: seats.mark(SignUp.objects.get(pk=entry.pk), by=matcher, came=True),
        lambda: activities.close(Activity.objects.get(pk=activity.pk), by=matcher, attended={}),
        meet='FROM "services_activity"', moment=clock.instant(date(2026, 3, 20), 17),
    )  # fmt: skip

    entry.refresh_from_db()
    assert kinds(results) in (["done", "done"], ["Refused", "done"])
    assert entry.state in ("attended", "absent")
