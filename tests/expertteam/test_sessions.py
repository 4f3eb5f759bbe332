"""What the doorkeeper asks of every request, and what every answer carries."""

from datetime import timedelta

import pytest

from expertteam import clock
from expertteam.models import User
from expertteam.templatetags.terrace import device
from tests.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return person("owner")


def at_work(http, user):
    http.force_login(user)
    http.get("/accounts/")


def age(http, stamp, minutes):
    """The session as it would be had its stamp been set that long ago."""
    session = http.session
    session[stamp] = int((clock.real() - timedelta(minutes=minutes)).timestamp())
    session.save()


@pytest.mark.parametrize(
    ("role", "minutes", "stays"),
    [("client", 29, True), ("client", 31, False), ("intake", 14, True), ("intake", 16, False)],
)
def test_idle_session_ends(http, role, minutes, stays):
    at_work(http, person("someone", role))
    age(http, "seen", minutes)

    http.get("/accounts/")

    assert ("_auth_user_id" in http.session) is stays


def test_session_ends_after_eight_hours_however_busy(http, owner):
    at_work(http, owner)
    age(http, "started", 8 * 60 + 1)

    answer = http.get("/accounts/", follow=True)

    assert answer.redirect_chain == [("/accounts/login/?next=/accounts/", 302)]
    assert "太久没有操作" in answer.text


def test_session_without_stamps_is_none(http, owner):
    at_work(http, owner)
    session = http.session
    del session["started"]
    session.save()

    assert http.get("/accounts/").url.startswith("/accounts/login/")


def test_moved_clock_signs_nobody_out(http, owner, today):
    at_work(http, owner)

    with clock.at(clock.now() + timedelta(days=30)):
        assert http.get("/accounts/").status_code == 200


def test_busy_session_is_written_at_most_once_a_minute(http, owner, django_assert_num_queries):
    at_work(http, owner)
    before = http.session["seen"]

    with django_assert_num_queries(2):  # the session and the person
        http.get("/privacy/")
    unwritten = http.session["seen"]
    age(http, "seen", 2)
    http.get("/privacy/")

    assert unwritten == before
    assert http.session["seen"] >= before


def test_disabled_person_is_signed_out_with_his_next_request(http, owner):
    at_work(http, owner)
    User.objects.filter(pk=owner.pk).update(is_active=False)

    assert http.get("/accounts/").url == "/accounts/login/?next=/accounts/"


def test_pages_of_the_signed_in_are_kept_nowhere(http, owner):
    public = http.get("/privacy/").headers.get("Cache-Control", "")
    at_work(http, owner)

    assert "no-store" not in public
    assert http.get("/privacy/")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("url", ["/", "/nowhere/", "/accounts/login/", "/healthz", "/experts/?q=%00"])
def test_every_answer_forbids_what_the_portal_never_asks(http, url):
    assert "geolocation=()" in http.get(url)["Permissions-Policy"]


@pytest.mark.parametrize("url", ["/experts/?q=%00", "/experts/%00/", "/accounts/login/?next=%00"])
def test_nul_in_an_address_is_a_bad_request(http, url):
    assert http.get(url).status_code == 400


def test_nul_in_a_form_is_said_at_the_field(http):
    answer = http.post("/accounts/login/", {"login": "owner\0", "password": "不是这个密码"})

    assert "看不见的字符" in answer.context["form"].errors["login"][0]


def test_visitor_without_a_session_costs_no_query(http, django_assert_num_queries):
    with django_assert_num_queries(0):
        http.get("/healthz")


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36",
            "Windows上的Chrome",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 MicroMessenger/8.0 Safari", "iPhone上的微信"),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 Edg/130",
            "安卓手机上的Edge",
        ),
        ("curl/8.0", "认不出的设备"),
        ("", "认不出的设备"),
    ],
)
def test_device_is_called_as_people_call_it(user_agent, name):
    assert device(user_agent) == name
