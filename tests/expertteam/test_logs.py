"""Every line names its request, and none names a person."""

import json
import logging
import re

import pytest
from celery import shared_task
from celery.signals import before_task_publish, task_prerun
from kombu import pools

from expertteam import logs
from expertteam.celery import app
from tests.make import make_user, sign_in

FIRST, SECOND = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PHONE, CARD, ID = "13812345678", "6222020502001234567", "14010519900307123X"
SECRET = "Vq3kz9dGm2pYxT4uAa_8"


@pytest.fixture
def written():
    """The lines that were written, as JSON."""
    lines, handler = [], logging.Handler()
    handler.setFormatter(logs.Json())
    handler.emit = lambda record: lines.append(json.loads(handler.format(record)))
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


def broken(request):
    raise ValueError(f"拨打 {PHONE} 无人接听；DETAIL: Failing row contains (7, 刘小满)")


@pytest.mark.parametrize(
    ("given", "proxies", "kept"),
    [
        (FIRST, 1, True),
        (FIRST, 0, False),  # nobody stands in front, so whoever says it is a visitor
        ("short", 1, False),
        ("x" * 65, 1, False),
        ('a"}\n{"level":"forged', 1, False),
        ("", 1, False),
    ],
)
def test_a_number_is_taken_from_a_trusted_proxy_alone(http, settings, given, proxies, kept):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies

    answer = http.get("/healthz", headers={"X-Request-ID": given, "X-Forwarded-For": "203.0.113.7"})

    assert (answer["X-Request-ID"] == given) is kept
    assert re.fullmatch(r"[0-9a-f-]{16,64}", answer["X-Request-ID"])


def test_each_request_has_its_own(http):
    assert http.get("/healthz")["X-Request-ID"] != http.get("/healthz")["X-Request-ID"]


def test_a_line_carries_the_number_of_its_answer_and_no_words_of_the_address(db, http, written):
    answer = http.get(f"/nowhere/?phone={PHONE}")

    line = next(line for line in written if line["logger"] == "django.request")
    assert (line["request_id"], line["level"]) == (answer["X-Request-ID"], "WARNING")
    assert line["message"] == "Not Found: /nowhere/"


def test_the_secret_of_a_link_is_told_by_its_route(db, http, written):
    answer = http.get("/my/abcdef/")

    assert answer.status_code in (404, 410)
    assert "abcdef" not in json.dumps(written)
    assert "/my/<str:token>/" in json.dumps(written)
    assert answer.wsgi_request.environ["portal.told"]["route"] == "/my/<str:token>/"


def test_what_gunicorn_writes_names_record_network_and_account_number(db, http):
    person = make_user()
    sign_in(http, person)

    told = http.get("/activities/7/", REMOTE_ADDR="203.0.113.7").wsgi_request.environ["portal.told"]

    assert told == {"route": "/activities/7/", "network": "203.0.113.0/24", "user": person.pk}


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        (f"GET /experts/?q={PHONE}&page=2 HTTP/1.1", "GET /experts/?… HTTP/1.1"),
        (f"电话{PHONE}，或 +86{PHONE}", "电话…，或 …"),
        (f"卡号{CARD}，证件{ID}", "卡号…，证件…"),
        (f"/t/{SECRET}/decline/", "/t/…/decline/"),
        ("insert failed\nDETAIL: Key (phone)=(a) exists.\nCONTEXT: x", "insert failed\nDETAIL:…\nCONTEXT: x"),
        ("受理编号JB000123456789和YC123456789012", "受理编号…和…"),
        ("JC26030001 JB00012345678 PJB000123456789", "JC26030001 JB00012345678 PJB000123456789"),  # no receipts
        ("给 liu.xm@mail.example.cn 的信", "给 … 的信"),
        (
            "/experts/20260012/ 第11条 2026-03-02 10:00:00.123456",
            "/experts/20260012/ 第11条 2026-03-02 10:00:00.123456",
        ),
    ],
)
def test_numbers_of_persons_and_secrets_are_left_out(text, scrubbed):
    assert logs.scrubbed(text) == scrubbed


def test_so_they_are_of_what_went_wrong(written):
    try:
        broken(None)
    except ValueError:
        logging.getLogger("anything").exception("没有办成：%s", PHONE)

    [line] = written
    assert line["message"] == "没有办成：…"
    assert "ValueError" in line["error"]
    assert PHONE not in line["error"]
    assert "刘小满" not in line["error"]


def test_a_line_is_a_line_whatever_is_in_it():
    record = logging.makeLogRecord({"msg": 'a\r\n{"level": "forged"}\x1b[31m', "levelname": "INFO"})

    written = logs.Json().format(record)

    assert len(written.splitlines()) == 1
    assert "\x1b" not in written
    assert json.loads(written)["level"] == "INFO"


@pytest.fixture
def published():
    """The headers of what is published, to a broker within this process."""
    kept = []
    pools.reset()
    before = app.conf.task_always_eager
    app.conf.update(broker_url="memory://", task_always_eager=False)
    app._pool = app.amqp._producer_pool = None

    def keep(headers, **_):
        kept.append(headers)

    before_task_publish.connect(keep)
    yield kept
    before_task_publish.disconnect(keep)
    app.conf.update(task_always_eager=before)
    app._pool = app.amqp._producer_pool = None
    pools.reset()


@shared_task
def nothing():
    """A task."""


def test_a_task_carries_the_number_of_the_request_that_asked_for_it(published):
    logs.request_id.set(FIRST)
    nothing.delay()
    nothing.push_request(**published[0], is_eager=False)
    logs.request_id.set(SECOND)
    try:
        task_prerun.send(sender=nothing, task=nothing)
        assert logs.request_id.get() == FIRST
    finally:
        nothing.pop_request()


def test_what_beat_asks_for_has_the_number_of_the_task(published):
    logs.request_id.set("")
    nothing.delay()
    nothing.push_request(**published[0], is_eager=False)
    try:
        task_prerun.send(sender=nothing, task=nothing)
        assert logs.request_id.get() == published[0]["id"]
    finally:
        nothing.pop_request()
