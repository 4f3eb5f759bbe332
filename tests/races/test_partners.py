"""Other sites while the office works: no change is skipped however late it is committed, nothing is booked twice."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Event

import pytest
from django.db import IntegrityError, connection, transaction

from experts import changes
from experts.models import DirectoryEntry, Expert
from expertteam import clock
from expertteam.models import Counter
from services.models import ServiceRequest
from tests.conftest import Browser
from tests.make import make_expert, make_partner_key
from tests.races.contest import kinds, together, without_row_locks
from tests.services.test_sent_in import SAID

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("today"),
]
NOW = clock.instant(date(2026, 3, 2), 10)


@pytest.fixture
def pair(db):
    return make_expert(), make_expert()


def poll(http, since="", at=NOW):
    with clock.at(at):
        said = json.loads(http.get(f"/api/v1/experts/changes?since={since}").content)
    return [each["no"] for each in said["changes"]], said["next"]


def rename(expert, at):
    expert.line = f"{expert.line}改"
    with clock.at(at):
        expert.save()


def test_what_began_first_and_is_committed_last_is_told_after_all(http, pair):
    """The control is in the last lines: a feed by time stamps or history numbers would have passed it over."""
    early, late = pair
    _, start = poll(http)
    written, seen = Event(), Event()

    def slow():
        try:
            with transaction.atomic():
                rename(Expert.objects.get(pk=early.pk), NOW)
                written.set()
                seen.wait(30)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(slow)
        written.wait(30)
        rename(late, NOW + timedelta(seconds=1))
        between, cursor = poll(http, start, NOW + timedelta(seconds=2))
        seen.set()
        done.result()
    after, _ = poll(http, cursor, NOW + clock.ONE_MINUTE)

    assert (between, after) == ([late.no], [early.no])
    first, second = early.history.latest(), late.history.latest()
    assert first.history_id < second.history_id
    assert first.history_date < second.history_date


def test_two_who_compare_at_once_give_no_place_out_twice(pair):
    together(changes.compare, changes.compare, meet="FOR UPDATE", moment=NOW)

    assert sorted(DirectoryEntry.objects.values_list("no", "place")) == [(pair[0].no, 1), (pair[1].no, 2)]
    assert Counter.objects.get(key=changes.SERIES).value == 2


def test_without_the_lock_they_would(pair, monkeypatch):
    Counter.objects.create(key=changes.SERIES)
    with without_row_locks(monkeypatch):
        results = together(changes.compare, changes.compare, meet="FROM .experts_directoryentry", moment=NOW)

    assert kinds(results) == [IntegrityError.__name__, "done"]


def send():
    headers = {"Authorization": "Bearer ty_cloud", "Idempotency-Key": "one"}
    response = Browser().post("/api/v1/requests", SAID, content_type="application/json", headers=headers)
    return response.status_code, response.content


def test_the_same_booking_twice_at_once_is_one(db):
    make_partner_key(text="ty_cloud")

    first, second = together(send, send, meet="INSERT INTO .expertteam_submission", moment=NOW)

    assert first == second
    assert (first[0], ServiceRequest.objects.count()) == (201, 1)
