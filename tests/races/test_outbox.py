"""Messages at once: one event is told once, and every message is handed over exactly once."""

from datetime import date

import pytest

from expertteam import notify
from expertteam.models import Notification
from tests.make import make_user
from tests.races.contest import together

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("today"),
]
DAY = date(2026, 3, 2)
READS_THE_OUTBOX = 'FROM "expertteam_notification"'


@pytest.fixture
def waiting(today):
    """Thirty messages whose delivery nobody has asked for yet."""
    for n in range(30):
        Notification.objects.create(key=f"m{n}", channel="sms", address="13800000000", subject="通知", body=str(n))


def drain(workers):
    return together(*[notify.deliver_pending] * workers, meet=READS_THE_OUTBOX, moment=DAY)


def test_four_workers_hand_every_message_over_once(waiting, gateway):
    tried = drain(4)

    assert sorted(key for _, _, key in gateway.SENT) == sorted(f"m{n}" for n in range(30))
    assert sum(tried) == 30


def test_unless_each_is_claimed_messages_would_go_out_twice(waiting, gateway, monkeypatch):
    monkeypatch.setattr(notify, "claim", lambda message: True)
    drain(4)

    assert len(gateway.SENT) > 30


def test_one_event_told_by_two_at_once_is_one_message(db, gateway):
    user = make_user(phone="13800000000")

    together(
        *(lambda: notify.notify("event", user, "通知", "内容") for _ in range(2)),
        meet=READS_THE_OUTBOX, moment=DAY,
    )  # fmt: skip

    assert sorted(Notification.objects.values_list("channel", flat=True)) == ["inapp", "sms"]
