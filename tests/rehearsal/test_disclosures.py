"""Declarations of a rehearsal: made by the experts themselves, ended later, of relatives never."""

from datetime import date, timedelta

import pytest

from experts.models import Disclosure, Expert
from expertteam.models import Notification
from expertteam.rehearsal import disclosures
from tests.make import make_service
from tests.rehearsal.lives import MARCH, bureau, live

pytestmark = pytest.mark.django_db


def test_some_ties_end_and_kinship_lasts():
    it = bureau(5, date(2027, 12, 31))

    live(it, *(disclosures.declared(it, MARCH + timedelta(days=day)) for day in range(20)))

    assert not it.agenda.refused
    assert Disclosure.objects.count() == 20
    assert not Disclosure.objects.filter(kind="kin").exclude(ends_on=None).exists()
    ended = Disclosure.objects.exclude(ends_on=None)
    assert 0 < ended.count() < 20


def test_who_was_helped_is_told_of_a_tie_to_his_firm():
    it = bureau(1, MARCH + timedelta(days=60))
    make_service("confirmed", expert=Expert.objects.get(), enterprise="铁骑汽修部")

    live(it, *(disclosures.declared(it, MARCH + timedelta(days=5)) for _ in range(8)))

    assert "铁骑汽修部" in [each.name for each in Disclosure.objects.all()]
    assert Notification.objects.filter(subject="专家申报了利害关系").exists()


def test_nobody_declares_without_a_team():
    it = bureau(0, MARCH)

    live(it, disclosures.declared(it, MARCH))

    assert not Disclosure.objects.exists()
