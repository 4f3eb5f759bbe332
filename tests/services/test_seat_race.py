"""The seats of an activity are given once on the embedded database as well (Article 8(3))."""

import pytest
from django.db import connection

from tests.make import make_activity
from tests.races.contest import crowd
from tests.races.seats import SEATS, taken, wants_a_seat
from tests.services.test_booking_race import aside

pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="is about the embedded database"),
    pytest.mark.django_db,
    pytest.mark.usefixtures("today"),
]
CLIENTS, ATTEMPTS = 8, 120


def test_120_visitors_by_8_clients_take_40_seats_in_their_order(monkeypatch, tmp_path):
    activity = make_activity(capacity=SEATS)
    copy = tmp_path / "copy.sqlite3"
    copy.write_bytes(connection.connection.serialize())
    monkeypatch.setitem(connection.settings_dict, "NAME", copy)

    came = crowd(CLIENTS, ATTEMPTS, wants_a_seat(activity))

    assert came == {"done": ATTEMPTS}
    assert aside(lambda: taken(activity)) == (SEATS, ATTEMPTS * 2 // 3 - SEATS, False)
