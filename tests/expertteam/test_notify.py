from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.db import IntegrityError, connection, transaction

from expertteam import clock, notify
from expertteam.celery import app, how_it_works
from expertteam.models import Notification
from tests.conftest import person
from tests.make import make_user

NINE = clock.instant(date(2026, 3, 2), 9)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def text_one(key="k"):
    notify.text(key, "13800000000", "验证码", "您的验证码是123456")
    return Notification.objects.get(key=f"{key}:sms")


def test_a_person_is_told_in_the_portal_and_by_every_address_he_has():
    user = make_user(phone="13800000000", email="wang@example.com")

    notify.notify("event", user, "标题", "内容", "/apply/")

    told = Notification.objects.values_list("key", "channel", "address", "url")
    assert sorted(told) == [
        (f"event:{user.pk}:inapp", "inapp", "", "/apply/"),
        (f"event:{user.pk}:mail", "mail", "wang@example.com", "/apply/"),
        (f"event:{user.pk}:sms", "sms", "13800000000", "/apply/"),
    ]


def test_a_message_in_the_portal_is_there_at_once():
    user = make_user()

    notify.notify("event", user, "标题", "内容")

    assert Notification.objects.inbox(user).get().sent_at == NINE
    assert not Notification.objects.pending(NINE).exists()


def test_one_event_is_told_once_however_often_it_is_said():
    user = make_user(phone="13800000000")

    for words in ("一", "二"):
        notify.notify("event", user, "标题", words)

    assert {message.body for message in Notification.objects.all()} == {"一"}


def test_of_two_who_say_it_at_the_same_moment_one_is_heard():
    """Another writes the same key after we have looked for it."""
    user, written = make_user(), []

    def first(execute, statement, *rest):
        if statement.startswith("INSERT INTO") and not written:
            written.append(f"event:{user.pk}:inapp")
            Notification.objects.create(key=written[0], channel="inapp", to=user, subject="标题", body="一")
        return execute(statement, *rest)

    with connection.execute_wrapper(first):
        notify.notify("event", user, "标题", "二")

    assert Notification.objects.get().body == "一"


def test_a_message_that_lacks_something_is_an_error():
    with pytest.raises(IntegrityError), transaction.atomic():
        notify.notify("event", make_user(), None, "内容")

    assert not Notification.objects.exists()


def test_a_role_is_told_person_by_person():
    people = [person("one", "intake"), person("two", "intake", "reviewer")]
    person("away", "intake", is_active=False)
    person("other", "leader")
    people[0].user_permissions.set(Group.objects.get(name="intake").permissions.all())

    notify.notify_role("event", "recruitment.recommend_application", "标题", "内容")

    assert sorted(Notification.objects.values_list("to__username", flat=True)) == ["one", "two"]


@pytest.fixture
def in_process():
    """As without Redis, also where the tests run with one."""
    before = app.conf.task_always_eager
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = before


def test_without_redis_delivery_follows_the_commit(gateway, in_process, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        text_one()
        before = list(gateway.SENT)

    assert (before, len(gateway.SENT)) == ([], 1)
    assert Notification.objects.get().sent_at == NINE


def test_what_is_rolled_back_is_never_sent(gateway, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks, transaction.atomic():
        text_one()
        transaction.set_rollback(True)

    assert (callbacks, gateway.SENT, Notification.objects.count()) == ([], [], 0)


def test_a_message_in_the_portal_alone_wakes_nobody(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        notify.notify("event", make_user(), "标题", "内容")

    assert callbacks == []


def test_a_mail_goes_out_by_mail(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    notify.notify("event", make_user(email="wang@example.com"), "标题", "内容")

    notify.deliver_pending()

    (letter,) = mail.outbox
    assert (letter.subject, letter.body, letter.to) == ("标题", "内容", ["wang@example.com"])


def test_an_sms_carries_its_key_so_that_the_gateway_can_see_a_repeat(gateway):
    text_one("code")

    notify.deliver_pending()

    assert gateway.SENT == [("13800000000", "您的验证码是123456", "code:sms")]


def test_a_failure_is_kept_with_the_message_and_tried_again_later(gateway):
    text_one()
    gateway.FAILURES.append(TimeoutError("gateway"))

    tried = notify.deliver_pending()

    message = Notification.objects.get()
    assert (tried, message.sent_at, message.error, message.attempts) == (1, None, "TimeoutError('gateway')", 1)
    assert message.due == NINE + timedelta(minutes=1)


def test_one_failure_does_not_hold_the_others_up(gateway):
    text_one("first")
    text_one("second")
    gateway.FAILURES.append(TimeoutError())

    notify.deliver_pending()

    assert [key for _, _, key in gateway.SENT] == ["second:sms"]


def test_of_a_failure_no_address_is_kept(gateway):
    text_one()
    gateway.FAILURES.append(TimeoutError("550 wang@example.org, 13800001234 refused"))

    notify.deliver_pending()

    assert Notification.objects.get().error == "TimeoutError('550 …, … refused')"


def test_a_later_success_clears_the_error(gateway):
    text_one()
    gateway.FAILURES.append(TimeoutError())
    notify.deliver_pending()

    with clock.at(NINE + timedelta(minutes=1)):
        notify.deliver_pending()

    message = Notification.objects.get()
    assert (message.error, message.sent_at) == ("", NINE + timedelta(minutes=1))


def test_attempts_are_put_off_longer_and_longer_and_end(gateway):
    text_one()
    gateway.FAILURES += [TimeoutError()] * 20
    now, waits = NINE, []

    while due := Notification.objects.pending(now).first():
        with clock.at(now):
            notify.deliver_pending()
        due.refresh_from_db()
        waits.append((due.due - now) // timedelta(minutes=1))
        now = due.due

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert Notification.objects.get().attempts == Notification.ATTEMPTS


@pytest.mark.parametrize(("minutes", "tried"), [(-1, 0), (0, 1)])
def test_nothing_goes_out_before_it_is_due(gateway, minutes, tried):
    text_one()

    with clock.at(NINE + timedelta(minutes=minutes)):
        assert notify.deliver_pending() == tried


def test_running_twice_sends_once(gateway):
    text_one()

    assert [notify.deliver_pending(), notify.deliver_pending()] == [1, 0]
    assert len(gateway.SENT) == 1


def test_the_console_gateway_shows_the_message(caplog):
    text_one()

    notify.deliver_pending()

    assert "短信 13800000000：您的验证码是123456" in caplog.text


def test_the_database_sees_neither_number_nor_words():
    text_one()

    with connection.cursor() as cursor:
        cursor.execute("SELECT address, body FROM expertteam_notification")
        (address, body) = cursor.fetchone()

    assert "138" not in address
    assert "123456" not in body


@pytest.mark.parametrize(("url", "eager"), [("", True), ("redis://127.0.0.1:6379/0", False)])
def test_without_redis_tasks_run_at_once(settings, url, eager):
    settings.REDIS_URL = url

    assert how_it_works()["task_always_eager"] is eager
