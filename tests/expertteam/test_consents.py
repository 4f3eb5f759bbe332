from datetime import date
from hashlib import sha256

import pytest

from expertteam import clock, consents
from expertteam.models import Consent
from recruitment.progress import PLEDGES
from tests.make import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def test_a_signature_says_which_version_of_which_words_and_when():
    consent = consents.sign(make_user(), "confidentiality")

    text = consents.TEXTS["confidentiality"]
    assert (consent.version, consent.digest) == (
        text.version,
        sha256(f"{text.title}\n{text.body}".encode()).hexdigest(),
    )
    assert consent.given_at == clock.instant(date(2026, 3, 2), 9)


def test_signing_twice_keeps_the_first_signature():
    user = make_user()
    first = consents.sign(user, "public_directory")

    with clock.at(date(2026, 4, 1)):
        second = consents.sign(user, "public_directory")

    assert (second.pk, second.given_at) == (first.pk, first.given_at)


def test_a_new_version_is_signed_anew(monkeypatch):
    user = make_user()
    consents.sign(user, "bank_data")
    newer = consents.TEXTS["bank_data"]._replace(version="2027-1", body="新的文本")
    monkeypatch.setitem(consents.TEXTS, "bank_data", newer)

    consents.sign(user, "bank_data")

    assert sorted(Consent.objects.filter(user=user).values_list("version", flat=True)) == ["2026-1", "2027-1"]


def test_who_signed_an_earlier_version_is_shown_the_words_of_that_one():
    earlier, standing = consents.VERSIONS["public_directory", "2026-1"], consents.TEXTS["public_directory"]
    consent = Consent.objects.create(
        user=make_user(), kind=earlier.kind, version=earlier.version, digest=earlier.digest
    )

    assert (consents.words_of(consent), standing.version) == (earlier, "2026-2")
    assert ("合作网站" in earlier.body, "合作网站" in standing.body) == (False, True)
    assert consents.signed(consent.user) == {"public_directory"}


@pytest.mark.parametrize("kind", ["public_directory", "bank_data"])
def test_a_consent_can_be_taken_back_and_given_again(kind):
    user = make_user()
    first = consents.sign(user, kind)

    consents.withdraw(user, kind)
    taken_back = consents.signed(user)
    consents.sign(user, kind)

    first.refresh_from_db()
    assert (taken_back, consents.signed(user)) == (set(), {kind})
    assert first.withdrawn_at == clock.now()
    assert Consent.objects.filter(user=user).count() == 2


@pytest.mark.parametrize("kind", ["confidentiality", "truthful", "public_notice"])
def test_an_undertaking_cannot_be_taken_back(kind):
    user = make_user()
    consents.sign(user, kind)

    with pytest.raises(ValueError, match="cannot be withdrawn"):
        consents.withdraw(user, kind)

    assert consents.signed(user) == {kind}


def test_taking_back_one_consent_leaves_the_others_and_other_people():
    user, other = make_user(), make_user()
    for person in (user, other):
        consents.sign(person, "public_directory")
    consents.sign(user, "bank_data")

    consents.withdraw(user, "public_directory")

    assert (consents.signed(user), consents.signed(other)) == ({"bank_data"}, {"public_directory"})


def test_everything_an_applicant_pledges_has_a_text():
    assert set(PLEDGES) <= set(consents.TEXTS)


def test_a_signature_leaves_a_trace():
    consent = consents.sign(make_user(), "bank_data")
    consents.withdraw(consent.user, "bank_data")

    assert [entry.history_type for entry in consent.history.order_by("pk")] == ["+", "~"]
