"""The second factor: who must have one, how it is set up and used, and how its secret lies."""

import base64
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import transaction
from django.test import Client

from expertteam import clock, enrolment
from expertteam.models import Notification, User
from tests import make
from tests.conftest import person

pytestmark = pytest.mark.django_db

SECRET = "山西老陈醋配刀削面46度"
LOGIN, INDEX, ENROL = "/accounts/login/", "/accounts/2fa/", "/accounts/2fa/totp/activate/"
OPEN, PASSKEY = "/accounts/enrol/", "/accounts/2fa/webauthn/add/"


@pytest.fixture
def officer():
    return person("officer", "intake", "admin", password=SECRET)


def sign_in(http, user):
    return http.post(LOGIN, {"login": user.username, "password": SECRET})


def current(secret, later=0):
    """What the authenticator shows; ``later`` counts its periods of thirty seconds."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


@transaction.atomic
def given(user):
    """The code that the inspector gave him."""
    return enrolment.issue(user.pk)


def enrol(http):
    """From the page to the recovery codes; returns the secret shown."""
    http.post(OPEN, {"code": given(User.objects.get(pk=http.session["_auth_user_id"]))})
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


def test_staff_without_a_second_factor_changes_no_number(http, officer):
    sign_in(http, officer)

    assert http.get("/accounts/phone/change/").url == INDEX
    assert http.post("/accounts/phone/change/", {"phone": "13900000002"}).url == INDEX


@pytest.mark.parametrize("url", ["/accounts/2fa/totp/deactivate/", "/accounts/phone/change/"])
def test_password_alone_is_not_enough_where_there_is_a_factor(http, officer, url):
    """An open session and the password neither take the factor off nor change the number."""
    Authenticator.objects.create(user=officer, type=Authenticator.Type.TOTP, data={})
    http.force_login(officer)

    asked = http.post(url, {"phone": "13900000002"}).url
    refused = http.post(f"/accounts/reauthenticate/?next={url}", {"password": SECRET})

    assert asked.startswith("/accounts/2fa/reauthenticate/")
    assert refused.url.startswith("/accounts/2fa/reauthenticate/")
    assert http.post(url, {"phone": "13900000002"}).url.startswith("/accounts/2fa/reauthenticate/")
    assert Authenticator.objects.filter(user=officer).exists()


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


def test_whoever_shows_a_second_factor_comes_in_while_a_lost_number_is_changed(http, officer):
    """An officer who lost his phone works on; of whoever has no factor the number alone would be believed."""
    sign_in(http, officer)
    secret = enrol(http)
    later = clock.now() + timedelta(days=3)
    make.make_account_change("cooling", user=officer, former="13800000001", effective_at=later)
    there = Client()

    sign_in(there, officer)
    there.post("/accounts/2fa/authenticate/", {"code": current(secret)})

    assert there.session["_auth_user_id"] == str(officer.pk)


# With the code that was given in person


@pytest.mark.parametrize("url", [ENROL, PASSKEY])
def test_password_alone_sets_up_no_factor_of_somebody_in_the_office(http, officer, url):
    """Else whoever knows or has set it could come in first as that person."""
    sign_in(http, officer)

    refused = http.get(url).url, http.post(url, {"code": "000000"}).url
    done = http.post(OPEN, {"code": given(officer)}, follow=True)

    assert refused == (OPEN, OPEN)
    assert "开通码对上了" in done.text
    assert http.get(url).url.startswith("/accounts/reauthenticate/")
    assert not Authenticator.objects.exists()


def test_code_opens_once_and_for_its_person_alone(http, officer):
    other, later = person("other", "intake", password=SECRET), Client()
    code = given(officer)
    sign_in(http, other)
    foreign = http.post(OPEN, {"code": code})
    sign_in(later, officer)
    first = later.post(OPEN, {"code": f"{code[:4]} {code[4:]}"})
    again = later.post(OPEN, {"code": code})

    assert [answer.status_code for answer in (foreign, first, again)] == [422, 302, 422]
    assert "开通码不对，或已失效" in foreign.text


@pytest.mark.parametrize(("minutes", "opens"), [(29, True), (30, False)])
def test_code_ends_after_half_an_hour(officer, minutes, opens):
    given_at = clock.now()
    with clock.at(given_at):
        code = given(officer)
    with clock.at(given_at + timedelta(minutes=minutes)):
        assert enrolment.redeem(officer.pk, code) is opens


def test_fifth_wrong_code_ends_it(officer):
    code = given(officer)

    wrong = [enrolment.redeem(officer.pk, "00000000" if code != "00000000" else "1" * 8) for _ in range(5)]

    assert not any(wrong)
    assert not enrolment.redeem(officer.pk, code)


def test_a_new_code_voids_the_one_before(officer):
    first, second = given(officer), given(officer)

    assert first == second or not enrolment.redeem(officer.pk, first)
    assert enrolment.redeem(officer.pk, second)


def test_code_lies_as_a_fingerprint_and_in_no_history(officer):
    code = given(officer)

    officer.refresh_from_db()
    assert code not in officer.enrol_code
    assert not hasattr(officer.history.first(), "enrol_code")


def test_who_takes_his_factor_off_may_set_up_the_next(http, officer):
    sign_in(http, officer)
    enrol(http)

    http.post("/accounts/2fa/totp/deactivate/")

    assert http.get(ENROL).status_code == 200


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
