"""A whole small life: lawful to a program that trusts nobody, and the same whenever it is lived."""

from datetime import date

import pytest
from django.db import transaction
from django.test import override_settings

from experts.models import Appointment
from expertteam import clock, verify
from expertteam.rehearsal.life import rehearse
from expertteam.rehearsal.report import report
from services.models import Service

LAST = date(2026, 7, 20)


def lived(folder):
    """What came of it."""
    quick = override_settings(MEDIA_ROOT=folder, DEMO=True)
    with quick, transaction.atomic():
        told = report(rehearse(experts=5, last=LAST, seed=7))
        with clock.at(clock.instant(LAST, 22)):
            broken = {each.name: keys for each, keys in verify.run().items() if keys}
            team, services = Appointment.objects.in_force(LAST).count(), Service.objects.counted().count()
        transaction.set_rollback(True)
    return told, broken, team, services


@pytest.fixture(scope="module")
def once(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        return lived(tmp_path_factory.mktemp("uploads"))


def test_a_life_keeps_to_the_measures(once):
    _, broken, team, services = once

    assert broken == {}
    assert team >= 3
    assert services >= 1


def test_the_same_seed_lives_the_same_life(once, db, tmp_path):
    again = lived(tmp_path)

    assert again == once
    assert once[0].startswith("# 演练报告：专家5位，2026-02-02至2026-07-20")
