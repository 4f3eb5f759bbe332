"""Eight who open the page of pay at the same moment, on the embedded database in a file (Article 13)."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from expertteam import clock
from payments import actions
from payments.models import Claim, Line
from tests import make
from tests.payments import pay

pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="is about the embedded database"),
    pytest.mark.django_db,
]
CLERKS = 8
APRIL = clock.instant(date(2026, 4, 2), 9)


@pytest.fixture
def worked(monkeypatch, tmp_path):
    """Twelve reviews, and new connections lead to a copy of the database in a file."""
    expert = make.make_expert()
    for number in range(12):
        pay.reviewed(expert, day=date(2026, 3, 2 + number))
    copy = tmp_path / "copy.sqlite3"
    copy.write_bytes(connection.connection.serialize())
    monkeypatch.setitem(connection.settings_dict, "NAME", copy)


def apart(act):
    """Do it on a new connection, in April."""
    with clock.at(APRIL):
        try:
            return act()
        finally:
            connection.close()


def clerks(limit):
    """Each presses twice; how many were dealt with by each press."""
    start = Barrier(CLERKS)

    def press(_):
        start.wait()
        return apart(lambda: [actions.collect(limit).done for _ in range(2)])

    with ThreadPoolExecutor(CLERKS) as pool:
        return [done for each in pool.map(press, range(CLERKS)) for done in each]


def counted():
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(apart, lambda: (Claim.objects.count(), Line.objects.count())).result()


@pytest.mark.parametrize(("limit", "presses"), [(1000, {12: 1, 0: 15}), (5, {5: 2, 2: 1, 0: 13})])
def test_everything_is_claimed_once(worked, limit, presses):
    assert Counter(clerks(limit)) == presses
    assert counted() == (12, 12)


def test_control_the_clients_work_on_the_copy(worked):
    clerks(1000)

    assert Claim.objects.count() == 0
