"""The link of an SMS opens one task: to answer for the expert, never to read what was confided (Articles 4 and 10(3))."""

from datetime import date, timedelta

import pytest

from experts.models import Appointment
from expertteam import clock
from services.models import Link, Offer, Reading, ServiceRequest
from tests import make
from tests.make import THURSDAY, make_expert, make_offered, make_service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
QUESTION, NAME = "担保贷款和合伙出资怎么搭配？", "刘小满"
HOUR = timedelta(hours=1)


@pytest.fixture
def own(expert, matcher):
    return make_expert(user=expert)


@pytest.fixture
def offer(own):
    return make_offered(own)


@pytest.fixture
def address(offer):
    """Where the SMS leads."""
    return f"/t/{Link.issue('task', timedelta(hours=72), offer=offer)}/"


def state():
    return Offer.objects.get().state


def test_the_page_tells_what_is_asked_and_nothing_confided(http, offer, address):
    response = http.get(address)

    html = response.content.decode()
    assert response.status_code == 200
    assert "3月5日（周四）14:00，2号洽谈室" in html
    assert "退役军人，想聊融资贷款" in html
    assert QUESTION not in html
    assert NAME not in html
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] in ("no-referrer", "same-origin")
    assert (state(), offer.history.count()) == ("offered", 1)


def test_one_tap_accepts_in_the_experts_name(http, own, offer, address):
    response = http.post(address, follow=True)

    html = response.content.decode()
    assert response.redirect_chain == [(address, 302)]
    assert (state(), ServiceRequest.objects.get().expert) == ("accepted", own)
    assert offer.history.latest().history_user == own.user
    assert "已接受，我们会短信告诉对方" in html
    assert "可以撤回" in html
    assert QUESTION not in html
    assert not Reading.objects.exists()


def test_what_was_accepted_is_taken_back_by_the_same_link(http, offer, address):
    http.post(address)

    http.post(address + "take_back/")

    assert state() == "offered"


def test_declining_takes_a_reason(http, offer, address):
    nothing = http.post(address + "decline/", {})
    right = http.post(address + "decline/", {"reason_kind": "ill"})

    assert (nothing.status_code, right.status_code) == (422, 302)
    assert "请选择原因" in nothing.content.decode()
    assert (state(), Offer.objects.get().reason_kind) == ("declined", "ill")
    page = http.get(address).content.decode()
    assert "来不了" in page
    assert "登录查看" not in page  # what was confided is not for him any more


def test_without_a_time_one_is_chosen_here_as_well(http, own):
    offer = make_offered(own, None)
    address = f"/t/{Link.issue('task', timedelta(hours=72), offer=offer)}/"

    empty = http.post(address, {})
    http.post(address, {"starts_at": "2026-03-05T14:00"})

    assert empty.status_code == 422
    assert ServiceRequest.objects.get().starts_at == THURSDAY


@pytest.mark.parametrize("rest", ["", "decline/"])
def test_looking_changes_nothing(http, offer, address, rest):
    http.get(address + rest)

    assert (state(), offer.history.count()) == ("offered", 1)


@pytest.mark.parametrize("rest", ["", "decline/", "take_back/"])
@pytest.mark.parametrize("case", ["unknown", "expired", "another purpose", "after the term"])
def test_any_other_link_opens_nothing(http, own, offer, address, rest, case):
    if case == "unknown":
        address = f"/t/{'x' * 22}/"
    if case == "another purpose":
        address = f"/t/{Link.issue('confirm', timedelta(hours=72), service=make_service(expert=own))}/"
    if case == "after the term":
        make.end_early(Appointment.objects.filter(expert=own), date(2026, 3, 2))
    later = clock.now() + (72 * HOUR if case == "expired" else timedelta(0))

    with clock.at(later):
        response = http.post(address + rest, {"reason_kind": "busy"})

    assert response.status_code == 410
    assert "这个链接打不开了" in response.content.decode()
    assert (state(), offer.history.count()) == ("offered", 1)


def test_after_the_period_the_answer_comes_too_late_and_the_page_says_so(http, offer, address):
    with clock.at(offer.answer_due + HOUR):
        html = http.get(address).content.decode()
        response = http.post(address)

    assert "已过答复时间" in html
    assert response.status_code == 422
    assert state() == "offered"


def test_a_second_tap_does_no_harm(http, offer, address):
    http.post(address)

    response = http.post(address)

    assert response.status_code == 422
    assert state() == "accepted"


def test_the_link_opens_this_one_task_and_no_desk(http, own, address):
    http.get(address)

    for door in ("/desk/", f"/desk/tasks/{Offer.objects.get().pk}/", "/desk/records/"):
        assert http.get(door)["Location"].startswith("/accounts/login/")


def test_whoever_guesses_is_slowed_down(http, db):
    answers = [http.get(f"/t/{number:022d}/").status_code for number in range(31)]

    assert set(answers[:30]) == {410}
    assert answers[30] == 429
