"""The queue is a convenience: with Redis refused, hung or stopped no page waits and no message is lost."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import connection
from django.urls import reverse
from kombu import pools

from expertteam import notify
from expertteam.celery import app
from expertteam.models import Notification, User
from tests.make import make_application, make_user, sign_in

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds for a worker to start and to hand over
A_PAGE_MAY_WAIT = 15  # seconds: two, and the rest for a busy machine; without a limit it is for ever


@contextmanager
def broker(url):
    """Celery sends its tasks there."""
    before = {name: app.conf[name] for name in ("broker_url", "task_always_eager")}
    try:
        connect(broker_url=url, task_always_eager=False)
        yield
    finally:
        connect(**before)
        notify.queue.away_until = 0.0


def connect(**conf):
    app.conf.update(conf)
    pools.reset()
    app._pool = app.amqp._producer_pool = None


@contextmanager
def silent():
    """A server that takes every connection and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(16)
        yield server.getsockname()[1]


@contextmanager
def nobody():
    """A port where nobody listens."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        yield server.getsockname()[1]


@contextmanager
def stopped():
    """A real Redis that answered a moment ago and is stopped now."""
    with nobody() as port:
        pass
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for(lambda: socket.create_connection(("127.0.0.1", port), 1).close() is None)
        server.send_signal(signal.SIGSTOP)
        yield port
    finally:
        server.send_signal(signal.SIGCONT)
        server.terminate()
        server.wait(10)


def wait_for(arrived):
    """Until it is so, or ``PATIENCE`` is at its end."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if arrived():
                return True
        except OSError:
            pass
        time.sleep(0.1)
    return False


@pytest.fixture
def send_back(http, intake, today, django_capture_on_commit_callbacks):
    """An officer sends an application back, which tells the applicant by SMS; how long the page took."""
    sign_in(http, intake)

    def press():
        applicant = make_user(phone=f"138{User.objects.count():08d}")
        application = make_application(state="submitted", applicant=applicant)
        began = time.monotonic()
        with django_capture_on_commit_callbacks(execute=True):
            response = http.post(
                reverse("recruitment:send_back", args=[application.pk]), {"items": ["history"], "note": "请补全"}
            )
        application.refresh_from_db()
        assert (response.status_code, application.state) == (302, "returned")
        return time.monotonic() - began

    return press


@pytest.mark.parametrize(
    "redis", [nobody, silent, pytest.param(stopped, marks=pytest.mark.redis)], ids=lambda redis: redis.__name__
)
def test_without_redis_no_page_waits_and_nothing_is_lost(db, send_back, gateway, redis):
    with redis() as port, broker(f"redis://127.0.0.1:{port}/0"):
        waited = [send_back(), send_back()]

    assert max(waited) < A_PAGE_MAY_WAIT
    assert Notification.objects.filter(channel="sms", sent_at=None).count() == 2
    assert (notify.deliver_pending(), len(gateway.SENT)) == (2, 2)


def test_a_queue_that_was_away_is_not_asked_again_at_once(db, send_back, caplog):
    with silent() as port, broker(f"redis://127.0.0.1:{port}/0"):
        for _ in range(3):
            send_back()

    assert caplog.text.count("queue not reached") == 1


def test_many_messages_of_one_act_wait_once(db, today, django_capture_on_commit_callbacks):
    people = [make_user(phone=f"138{n:08d}", email=f"p{n}@example.com") for n in range(10)]
    with silent() as port, broker(f"redis://127.0.0.1:{port}/0"):
        began = time.monotonic()
        with django_capture_on_commit_callbacks(execute=True):
            for person in people:
                notify.notify("event", person, "标题", "内容")

        assert time.monotonic() - began < A_PAGE_MAY_WAIT


@pytest.fixture
def worker():
    """A real worker on the database of the test, with its keys."""
    base = connection.settings_dict
    url = f"postgres://{base['USER']}:{base['PASSWORD']}@{base['HOST']}:{base['PORT']}/{base['NAME']}"
    keys = {"SECRET_KEY": configured.SECRET_KEY, "FIELD_KEYS": ",".join(configured.FIELD_KEYS)}
    command = [sys.executable, "-m", "celery", "-A", "expertteam", "worker", "--pool", "solo", "--loglevel", "WARNING"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | keys | {"DATABASE_URL": url}, stderr=subprocess.PIPE)
    yield process
    process.terminate()
    process.wait(20)
    process.stderr.close()


@pytest.mark.redis
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_real_worker_delivers_what_a_request_left_in_the_outbox(worker):
    def handed_over():
        notify.ask_for_delivery()  # as beat does, only more often
        time.sleep(1)
        return Notification.objects.filter(key="code:sms", sent_at__isnull=False).exists()

    notify.text("code", "13800000000", "验证码", "您的验证码是123456")

    assert wait_for(handed_over)
    assert worker.poll() is None


@pytest.mark.redis
def test_a_worker_without_keys_does_not_start():
    keyless = {name: value for name, value in os.environ.items() if name not in ("SECRET_KEY", "FIELD_KEYS")}
    command = [sys.executable, "-m", "celery", "-A", "expertteam", "worker", "--pool", "solo"]

    ended = subprocess.run(command, cwd=ROOT, env=keyless, capture_output=True, timeout=PATIENCE, check=False)

    assert ended.returncode != 0
    assert "SECRET_KEY" in ended.stderr.decode()
