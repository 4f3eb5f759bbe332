"""Whoever came from the former team signs the undertaking of Article 4 before anything else."""

import re
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from experts import actions
from experts.models import Expert
from expertteam import clock, consents
from expertteam.models import Consent, Notification, User
from expertteam.regulation import Refused
from services import actions as services
from services.actions import seat as seats
from tests import make
from tests.recruitment.former import PERSON, taken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
PAGE = "/desk/pledge/"
ASK, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"


@pytest.fixture
def own(intake, reviewer):
    """An expert of the old team who has never been here."""
    taken(intake, reviewer, PERSON)
    return Expert.objects.get()


def test_he_claims_his_account_by_a_code_to_his_number_and_is_asked_to_sign(http, own):
    http.post(ASK, {"phone": "13800000001"})
    code = re.search(r"\d{6}", Notification.objects.filter(channel="sms").first().body)[0]
    http.post(CONFIRM, {"code": code})
    page = http.get("/desk/", follow=True)

    assert page.redirect_chain == [(PAGE, 302)]
    assert all(words in page.text for words in ("保密承诺", "并创〔2024〕12号", "韩砚秋"))
    assert User.objects.get(pk=own.user_id).phone_verified


def test_without_the_tick_nothing_is_signed_and_the_page_says_so(http, own):
    http.force_login(own.user)
    response = http.post(PAGE, {})

    assert response.status_code == 422
    assert "请阅读保密承诺" in response.text
    assert not Consent.objects.exists()


@pytest.mark.parametrize("public", [True, False])
def test_signing_opens_the_desk_and_the_directory_if_he_likes(http, own, public):
    http.force_login(own.user)
    response = http.post(PAGE, {"confidentiality": "on"} | ({"public_directory": "on"} if public else {}), follow=True)

    assert response.redirect_chain == [("/desk/", 302)]
    assert consents.signed(own.user) == {"confidentiality"} | ({"public_directory"} if public else set())
    assert Expert.objects.listed(clock.today()).exists() is public


def test_whoever_has_signed_is_led_on_and_a_stranger_finds_no_page(http, own, client):
    http.force_login(make.make_user())
    assert http.get(PAGE).status_code == 404
    http.force_login(make.make_expert().user)
    assert http.get(PAGE).headers["Location"] == "/desk/"


def test_nobody_signs_for_him(own, intake):
    with pytest.raises(PermissionDenied):
        actions.pledge(own, by=intake)


def confided(own):
    """What would let him into something that is told in confidence."""
    offer = make.make_offer(expert=own)
    return {
        "offer": lambda: services.accept(offer, by=own.user),
        "pairing": lambda: services.pairing.accept(make.make_pairing("proposed", expert=own), by=own.user),
        "seat": lambda: seats.accept(make.make_seat("called", expert=own), by=own.user),
    }


@pytest.mark.parametrize("what", ["offer", "pairing", "seat"])
def test_4_nothing_is_confided_before_it_is_signed(own, what):
    with clock.at(date(2026, 3, 2)):
        act = confided(own)[what]
        with pytest.raises(Refused, match="先在专家工作台签署保密承诺"):
            act()
        actions.pledge(own, by=own.user)
        act()
