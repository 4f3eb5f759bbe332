"""Activities and pairings of a rehearsal: they begin, go as people go, and come to an end."""

from datetime import date, timedelta

import pytest

from expertteam import clock
from expertteam.rehearsal import gatherings, pairings
from expertteam.rehearsal.founders import MANY, founder, founders
from expertteam.rehearsal.rhythm import all_along
from services.models import Activity, ActivityRole, Pairing, Service, SignUp
from tests.make import make_expert
from tests.rehearsal.lives import MARCH, bureau, live

pytestmark = pytest.mark.django_db


def test_every_activity_comes_to_an_end():
    it = bureau(8, date(2026, 5, 29))

    live(it, *(gatherings.gathering(it, MARCH + timedelta(days=day)) for day in range(15)))

    assert not it.agenda.refused
    assert set(Activity.objects.values_list("state", flat=True)) <= {"closed", "cancelled"}
    assert Activity.objects.filter(state="closed").count() > 7
    assert ActivityRole.objects.filter(state="served").count() == Service.objects.filter(state="confirmed").count() > 10
    assert set(SignUp.objects.values_list("state", flat=True)) >= {"attended", "absent"}


def test_nothing_is_held_without_an_expert():
    it = bureau(0, date(2026, 5, 29))

    live(it, gatherings.gathering(it, MARCH))

    assert not Activity.objects.exists()


def test_paired_they_keep_in_touch_to_the_last_day_and_the_outcome():
    it = bureau(4, date(2027, 4, 30))

    live(it, *(pairings.paired(it, MARCH) for _ in range(5)))

    assert not it.agenda.refused
    assert set(Pairing.objects.values_list("state", flat=True)) <= {"closed", "declined", "called_off"}
    for each in Pairing.objects.filter(state="closed"):
        assert each.outcome
        assert len(each.contacts()) >= 5
    assert Pairing.objects.filter(state="closed").exists()


def test_a_pairing_ends_with_the_term_of_its_expert():
    it = bureau(0, date(2026, 4, 1))
    make_expert(first_day=date(2023, 6, 1))

    live(it, pairings.paired(it, MARCH), pairings.paired(it, date(2026, 4, 1) - timedelta(days=1)))

    assert [each.ends_on for each in Pairing.objects.all()] == [date(2026, 5, 31), date(2026, 5, 31)]


def test_nobody_is_paired_who_leaves_in_a_month():
    it = bureau(0, date(2026, 4, 1))
    make_expert(first_day=date(2023, 4, 1))

    live(it, pairings.paired(it, MARCH))

    assert not Pairing.objects.exists()


def test_so_many_begin_in_a_year_as_there_are_experts():
    it, begun = bureau(6, date(2027, 2, 27)), []

    def story(day):
        begun.append(day)
        yield clock.instant(day, 23)

    live(it, all_along(it, 2, story))

    assert len(begun) == 12
    assert min(begun) >= date(2026, 3, 1)
    assert max(begun) <= date(2027, 2, 28)


def test_founders_are_the_same_people_under_their_numbers_and_have_numbers_of_their_own():
    assert founder(7) == founder(7)
    assert founder(MANY - 1).phone == "15420009999"
    assert founder(3).enterprise == ""
    it = bureau(0, MARCH)
    assert len({each.phone for each in founders(it, 50)}) == 50
