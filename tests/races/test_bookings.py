"""One hour of one expert is given away once, whoever and however many want it at the same moment (Article 10(3))."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from services import actions
from services.models import Engagement, Pause
from tests.make import make_expert
from tests.races.bookings import FIRST_HOUR, TAKEN, overlaps, wants
from tests.races.contest import crowd, kinds, together, without_guard_locks, without_guards

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("today"),
]
GUARD = "art10_3_engagements_never_overlap"
CLIENTS = 32


@pytest.fixture
def experts():
    return [make_expert() for _ in range(2)]


def test_10000_attempts_by_32_clients_book_nothing_twice(experts):
    came = crowd(CLIENTS, 10_000, wants(experts, CLIENTS))

    assert set(came) == {"done", TAKEN}
    assert came.total() == 10_000
    assert Engagement.objects.live().count() == came["done"] > 300
    assert overlaps() == 0


def test_without_the_guard_they_would_book_twice(experts):
    with without_guards(GUARD):
        crowd(CLIENTS, 320, wants(experts, CLIENTS))

    assert overlaps() > 0


def test_without_the_guards_lock_those_of_one_moment_would_book_twice(experts):
    with without_guard_locks():
        came = crowd(CLIENTS, 1600, wants(experts, CLIENTS))

    assert set(came) == {"done", TAKEN}
    assert overlaps() > 0


def test_two_acts_that_both_refer_to_the_expert_do_not_wait_for_each_other_for_ever(experts):
    """Each holds the expert's row for its foreign key when its booking asks for the guard's lock."""

    @transaction.atomic
    def act(n):
        Pause.objects.create(expert=experts[0], first_day=date(2026, 5, n))
        return actions.occupy(experts[0], FIRST_HOUR + timedelta(hours=n), 60, purpose="panel")

    results = together(
        lambda: act(1), lambda: act(2), meet='INSERT INTO "services_pause"', moment=date(2026, 3, 2)
    )  # fmt: skip

    assert kinds(results) == ["done", "done"]
