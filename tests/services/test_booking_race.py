"""One hour of one expert is given away once on the embedded database as well (Article 10(3)).

The tests' own database lies in memory and belongs to one connection at a time; the clients here work on a copy of it
in a file, each with a connection of his own, as the portal's threads do.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from expertteam.guards import GUARDS
from tests.make import make_expert
from tests.races.bookings import TAKEN, overlaps, wants
from tests.races.contest import crowd

pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="is about the embedded database"),
    pytest.mark.django_db,
    pytest.mark.usefixtures("today"),
]
CLIENTS = 8


@pytest.fixture
def experts(monkeypatch, tmp_path):
    """Two experts, and new connections lead to a copy of the database."""
    people = [make_expert() for _ in range(2)]
    copy = tmp_path / "copy.sqlite3"
    copy.write_bytes(connection.connection.serialize())
    monkeypatch.setitem(connection.settings_dict, "NAME", copy)
    return people


def aside(act):
    """Do it on a new connection."""

    def run():
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def take_guard_down():
    [guard] = [each for each in GUARDS if each.name == "art10_3_engagements_never_overlap"]
    with connection.cursor() as cursor:
        for statement in guard.down("sqlite"):
            cursor.execute(statement)


def test_10000_attempts_by_8_clients_book_nothing_twice(experts):
    came = crowd(CLIENTS, 10_000, wants(experts, CLIENTS))

    assert set(came) == {"done", TAKEN}
    assert (came.total(), came["done"] > 1000, aside(overlaps)) == (10_000, True, 0)


def test_without_the_guard_they_would_book_twice(experts):
    aside(take_guard_down)

    came = crowd(CLIENTS, 160, wants(experts, CLIENTS))

    assert (came["done"], aside(overlaps) > 0) == (160, True)
