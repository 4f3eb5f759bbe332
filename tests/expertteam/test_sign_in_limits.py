"""How often one may try to get in: whom a limit stops, and that it stops nobody else."""

import logging

import pytest
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.test import Client

from expertteam.models import Notification
from tests.conftest import person

pytestmark = pytest.mark.django_db

PHONE, SECRET = "13800000001", "山西老陈醋配刀削面46度"
LOGIN, SIGNUP, ASK = "/accounts/login/", "/accounts/signup/", "/accounts/login/code/"
TOO_MANY = ["试的次数太多了，请过15分钟再试"]


@pytest.fixture
def owner():
    return person("owner", phone=PHONE, phone_verified=True, password=SECRET)


def try_to_sign_in(login, password="不是这个密码", ip="10.0.0.1"):
    return Client(REMOTE_ADDR=ip).post(LOGIN, {"login": login, "password": password})


def refused(answer):
    return answer.context["form"].non_field_errors()


def sign_up(phone=PHONE):
    return Client().post(SIGNUP, {"phone": phone, "password1": SECRET, "password2": SECRET})


def test_five_unknown_numbers_do_not_lock_out_an_innocent_person(owner):
    """allauth leaves the phone out of its key, so that all sign-ins by phone shared one limit."""
    for number in range(5):
        try_to_sign_in(f"1390000000{number}", ip=f"10.0.0.{number}")

    assert try_to_sign_in(PHONE, SECRET, ip="10.0.0.9").url == "/after-sign-in/"


@pytest.mark.parametrize("login", [PHONE, "owner"])
def test_five_wrong_passwords_lock_one_account_for_a_while(owner, login):
    for turn in range(5):
        assert refused(try_to_sign_in(login, ip=f"10.0.0.{turn}")) == ["手机号（用户名）或密码不对"]

    assert refused(try_to_sign_in(login, SECRET, ip="10.0.0.9")) == TOO_MANY


@pytest.mark.parametrize(
    "writings",
    [
        [PHONE, "138 0000 0001", "+86 13800000001", "138-0000-0001", "１３８００００００01"],
        ["owner", "Owner", "OWNER", " owner", "owneR "],
    ],
)
def test_another_writing_of_the_login_opens_no_new_count(owner, writings):
    for turn, login in enumerate(writings):
        try_to_sign_in(login, ip=f"10.0.0.{turn}")

    assert refused(try_to_sign_in(writings[0], SECRET, ip="10.0.0.9")) == TOO_MANY


def test_eleventh_failure_of_one_address_within_a_minute_is_refused(owner):
    for number in range(10):
        try_to_sign_in(f"139000000{number:02d}")

    assert refused(try_to_sign_in("13900000099")) == TOO_MANY
    assert try_to_sign_in(PHONE, SECRET, ip="10.0.0.9").url == "/after-sign-in/"


def test_success_uses_up_no_attempt(owner):
    answers = [try_to_sign_in(PHONE, SECRET) for _ in range(12)]

    assert {answer.url for answer in answers} == {"/after-sign-in/"}


@pytest.mark.parametrize("known", [True, False])
def test_second_sign_up_for_a_number_at_once_is_asked_to_wait(known):
    """allauth lets ``RateLimited`` through: an error page, and a way to tell numbers that have an account."""
    if known:
        person("owner", phone=PHONE, phone_verified=True)

    first, second = sign_up(), sign_up()

    assert first.url == "/accounts/phone/verify/"
    assert (second.status_code, second["Retry-After"]) == (429, "60")
    assert "操作太快了" in second.text
    assert Notification.objects.filter(channel="sms").count() == 1


@pytest.mark.parametrize("phone", [PHONE, "13900000009"])
def test_one_code_a_minute_for_a_number_from_wherever(owner, phone):
    first = Client(REMOTE_ADDR="10.0.0.1").post(ASK, {"phone": phone})
    second = Client(REMOTE_ADDR="10.0.0.2").post(ASK, {"phone": phone})

    assert first.url == "/accounts/login/code/confirm/"
    assert second.context["form"].errors["phone"] == TOO_MANY
    assert Notification.objects.filter(channel="sms").count() == 1


@pytest.mark.parametrize("phone", [PHONE, "13900000009"])
def test_code_is_not_sent_again_past_the_limit(owner, phone):
    """allauth's own way to send again asks no limit, and breaks off with an error for a number without an account."""
    http = Client()
    http.post(ASK, {"phone": phone})

    again = http.post("/accounts/login/code/confirm/", {"action": "resend"})

    assert again.status_code == 200
    assert Notification.objects.filter(channel="sms").count() == 1


def test_limits_live_in_the_database_and_are_not_pushed_out():
    """In the memory of a process they would count for that process alone."""
    assert isinstance(caches["default"], DatabaseCache)
    assert caches["default"]._max_entries >= 50_000


def test_log_tells_attempts_on_one_account_together_and_never_what_was_typed(owner, caplog):
    caplog.set_level(logging.INFO, "expertteam.sessions")

    for _ in range(6):
        try_to_sign_in(PHONE)
    http = Client()
    http.post(LOGIN, {"login": "owner", "password": SECRET})
    http.post("/accounts/logout/")

    lines = [record.getMessage() for record in caplog.records if record.name == "expertteam.sessions"]
    events = [line.partition(" user=")[0] for line in lines]
    assert events == [*["sign-in failed"] * 5, "locked out", "signed in", "signed out"]
    assert len(set(lines[:5])) == 1
    assert lines[0].rpartition("login=")[2] == lines[5].rpartition("login=")[2]
    assert f"user={owner.pk} network=127.0.0.0/24" in lines[-1]
    assert not [typed for typed in (PHONE, "不是这个密码", SECRET) if typed in " ".join(lines)]
