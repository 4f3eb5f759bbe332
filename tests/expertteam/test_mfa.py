"""The second factor: who must have one, how it is set up and used, and how its secret lies."""

import base64
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from expertteam.models import Notification
from tests.conftest import person

pytestmark = pytest.mark.django_db

SECRET = "山西老陈醋配刀削面46度"
LOGIN, INDEX, ENROL = "/accounts/login/", "/accounts/2fa/", "/accounts/2fa/totp/activate/"


@pytest.fixture
def officer():
    return person("officer", "intake", "admin", password=SECRET)


def sign_in(http, user):
    return http.post(LOGIN, {"login": user.username, "password": SECRET})


def current(secret, later=0):
    """What the authenticator shows; ``later`` counts its periods of thirty seconds."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def enrol(http):
    """From the page to the recovery codes; returns the secret shown."""
    stopped = http.get(ENROL)
    http.post(stopped.url, {"password": SECRET})
    secret = http.get(ENROL).context["form"].secret
    done = http.post(ENROL, {"code": current(secret)})
    assert done.url == "/accounts/2fa/recovery-codes/"
    return secret


# Who must


@pytest.mark.parametrize("url", ["/admin/", "/admin/applications/", "/admin/expertteam/user/", "/", "/after-sign-in/"])
def test_staff_without_a_second_factor_can_only_set_one_up(http, officer, url):
    sign_in(http, officer)

    answer = http.get(url)

    assert answer.url == INDEX
    assert "必须先开通两步验证" in http.get(INDEX).text


@pytest.mark.parametrize("url", ["/accounts/", INDEX, "/accounts/password/change/", "/accounts/sessions/"])
def test_staff_without_a_second_factor_reaches_the_account(http, officer, url):
    sign_in(http, officer)

    assert http.get(url).status_code == 200


def test_staff_without_a_second_factor_can_leave(http, officer):
    sign_in(http, officer)

    http.post("/accounts/logout/")

    assert "_auth_user_id" not in http.session


def test_nothing_is_done_by_a_post_either(http, officer):
    sign_in(http, officer)

    assert http.post("/admin/expertteam/user/add/", {"username": "somebody"}).url == INDEX


def test_others_are_not_asked(http, client):
    http.force_login(client)

    assert http.get("/rules/").status_code == 200


def test_demo_opens_the_door(http, officer, settings):
    settings.DEMO = True
    sign_in(http, officer)

    assert http.get("/after-sign-in/").url == "/admin/"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", True),
        ("MFA_SUPPORTED_TYPES", []),
        ("MFA_TRUST_ENABLED", True),
        ("MFA_ADAPTER", "tests.expertteam.test_mfa.Satisfied"),
        ("MFA_PASSKEY_LOGIN_ENABLED", False),
        ("KEYS_GIVEN", False),
        ("SITE_URL", "http://127.0.0.1:8000"),
    ],
)
def test_no_other_setting_opens_the_door(http, officer, settings, name, value):
    http.force_login(officer)

    setattr(settings, name, value)

    assert http.get("/after-sign-in/").url == INDEX


class Satisfied:
    """An adapter that would call everybody protected."""

    def is_mfa_enabled(self, user, types=None):
        return True


# Setting it up and using it


def test_authenticator_is_set_up_and_then_asked_for(http, officer):
    sign_in(http, officer)
    secret = enrol(http)
    codes = http.get("/accounts/2fa/recovery-codes/")
    http.post("/accounts/logout/")

    asked = sign_in(http, officer)
    meanwhile = http.get("/admin/")
    wrong = http.post(asked.url, {"code": "000000"})
    right = http.post(asked.url, {"code": current(secret)})

    assert len(codes.context["unused_codes"]) == 10
    assert asked.url == "/accounts/2fa/authenticate/"
    assert meanwhile.url == "/admin/login/?next=/admin/"
    assert "动态码不对" in wrong.text
    assert right.url == "/after-sign-in/"
    assert http.get("/after-sign-in/").url == "/admin/"


def test_code_of_the_authenticator_works_once(http, officer):
    sign_in(http, officer)
    secret = enrol(http)
    first, second = Client(), Client()
    shown = current(secret)

    asked = sign_in(first, officer)
    first.post(asked.url, {"code": shown})
    sign_in(second, officer)
    replayed = second.post(asked.url, {"code": shown})

    assert "_auth_user_id" in first.session
    assert "动态码不对" in replayed.text


def test_recovery_code_opens_once(http, officer):
    sign_in(http, officer)
    enrol(http)
    code = http.get("/accounts/2fa/recovery-codes/").context["unused_codes"][0]
    first, second = Client(), Client()

    asked = sign_in(first, officer)
    first.post(asked.url, {"code": code})
    sign_in(second, officer)
    second.post(asked.url, {"code": code})

    assert "_auth_user_id" in first.session
    assert "_auth_user_id" not in second.session


def test_sms_code_does_not_get_past_the_second_factor(http, officer):
    officer.phone, officer.phone_verified = "13800000001", True
    officer.save()
    sign_in(http, officer)
    enrol(http)
    later = Client()

    later.post("/accounts/login/code/", {"phone": officer.phone})
    code = Notification.objects.filter(channel="sms").first().body[3:9]
    answer = later.post("/accounts/login/code/confirm/", {"code": code})

    assert answer.url == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in later.session


def test_sixth_wrong_code_of_a_person_is_refused(http, officer):
    sign_in(http, officer)
    secret = enrol(http)
    for turn in range(5):
        browser = Client(REMOTE_ADDR=f"10.0.0.{turn}")
        browser.post(sign_in(browser, officer).url, {"code": "000000"})
    late = Client(REMOTE_ADDR="10.0.0.9")

    answer = late.post(sign_in(late, officer).url, {"code": current(secret, later=1)})

    assert "试的次数太多了" in answer.text


def test_session_opened_before_the_second_factor_ends_with_it(http, officer, django_capture_on_commit_callbacks):
    """Else whoever had the password alone would stay inside."""
    intruder = Client()
    sign_in(intruder, officer)
    sign_in(http, officer)

    with django_capture_on_commit_callbacks(execute=True):
        enrol(http)

    assert "_auth_user_id" in http.session
    assert intruder.get("/accounts/").url == "/accounts/login/?next=/accounts/"


def test_staff_who_stop_the_authenticator_are_outside_again(http, officer):
    sign_in(http, officer)
    enrol(http)

    http.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.exists()
    assert http.get("/admin/").url == INDEX


# How it lies


def test_secrets_lie_encrypted(http, officer):
    """allauth stores them in clear by default."""
    sign_in(http, officer)
    secret = enrol(http)

    stored = {each.type: each.data for each in Authenticator.objects.all()}

    assert secret not in str(stored)
    assert base64.urlsafe_b64decode(stored["totp"]["secret"])[0] == 0x80  # a Fernet token
    assert base64.urlsafe_b64decode(stored["recovery_codes"]["seed"])[0] == 0x80


def test_secrets_survive_a_new_key_in_front(http, officer, settings):
    sign_in(http, officer)
    secret = enrol(http)
    settings.FIELD_KEYS = [base64.urlsafe_b64encode(b"n" * 32).decode(), *settings.FIELD_KEYS]
    later = Client()

    answer = later.post(sign_in(later, officer).url, {"code": current(secret)})

    assert answer.url == "/after-sign-in/"


# The pages


@pytest.mark.parametrize(
    "url",
    [
        INDEX,
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/recovery-codes/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/reauthenticate/",
        "/accounts/reauthenticate/",
        "/accounts/sessions/",
    ],
)
def test_page_is_ours(http, officer, url):
    sign_in(http, officer)
    enrol(http)

    answer = http.get(url)

    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    assert "太原市人力资源和社会保障局" in answer.text
    assert "style=" not in answer.text


def test_person_ends_his_other_sessions(http, officer):
    elsewhere = Client()
    sign_in(elsewhere, officer)
    sign_in(http, officer)

    seen = http.get("/accounts/sessions/")
    http.post("/accounts/sessions/")

    assert seen.context["session_count"] == 2
    assert "_auth_user_id" in http.session
    assert elsewhere.get("/accounts/").url.startswith(LOGIN)
