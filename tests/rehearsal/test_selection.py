"""The team of a rehearsal: chosen round by round, brought to its number, renewed when terms end, and nobody's own doing."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import override_settings

from experts.models import Appointment, Expert
from expertteam import calendar, clock
from expertteam.models import Consent
from expertteam.rehearsal import diaries, holidays, life, selection
from recruitment import tasks
from recruitment.models import Application, Notice, Round, Wish
from services.models import DayException, Diary, Pause, WeeklyHours

TEAM = 12
LAST = date(2029, 5, 31)  # the terms of the first round have ended by then


def mornings():
    """What time itself does in selection."""
    day = date(2026, 2, 2)
    while True:
        yield clock.instant(day, 8)
        tasks.carry_wishes()
        tasks.lapse_supplements()
        day += 4 * calendar.ONE_DAY


@pytest.fixture(scope="module")
def whole_life(django_db_setup, django_db_blocker, tmp_path_factory):
    """Three years of selection alone, lived once for all tests here and taken back after them."""
    quick = override_settings(
        DEMO=True,
        MEDIA_ROOT=tmp_path_factory.mktemp("uploads"),
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    with django_db_blocker.unblock(), quick, transaction.atomic(), life.silence():
        it = life.found(experts=TEAM, last=LAST, seed=4)
        for story in [mornings(), *holidays.stories(it), *selection.stories(it), *diaries.stories(it)]:
            it.agenda.tell(story)
        it.agenda.live()
        yield it
        transaction.set_rollback(True)


@pytest.fixture
def it(whole_life, db):
    with clock.at(clock.instant(LAST, 22)):
        yield whole_life


def test_nothing_was_refused(it):
    assert it.agenda.refused == {}
    assert it.agenda.acts > 500


def test_the_team_comes_in_two_rounds_and_stays_whole(it):
    sizes = [Expert.objects.serving(day).count() for day in [date(2026, 4, 30), date(2026, 7, 31), date(2028, 6, 1)]]

    assert sizes == [8, TEAM, TEAM]
    assert TEAM <= Expert.objects.serving(LAST).count() <= TEAM + 3


def test_the_first_round_appoints_in_april(it):
    first = Appointment.objects.order_by("pk").first()

    assert first.first_day == date(2026, 4, 7)
    assert first.expert.user == it.accounts["expert"]


def test_some_do_not_get_so_far(it):
    states = Counter(Application.objects.values_list("state", flat=True))

    assert states["appointed"] > 2 * states["declined"] > 0
    assert states["draft"] > 0


def test_terms_that_end_are_followed_by_others_or_by_none(it):
    ended = Appointment.objects.filter(last_day__lt=LAST)
    renewed = [term for term in ended if term.renewals.filter(state="appointed").exists()]

    assert len(ended) == 8
    assert 1 <= len(renewed) < len(ended)
    for term in renewed:
        again = term.expert.appointments.get(first_day__gt=term.last_day)
        assert again.first_day == max(term.last_day + calendar.ONE_DAY, clock.local(again.decided_at).date())
        assert again.application.documents.exclude(carried_from=None).exists()


def test_a_wish_is_spoken_in_the_last_half_year(it):
    for wish in Wish.objects.all():
        assert wish.term.last_day - timedelta(days=180) <= clock.local(wish.at).date() <= wish.term.last_day


def test_rounds_for_renewal_are_held_before_terms_end(it):
    opened = Round.objects.filter(purpose="renewal").values_list("name", "opens_on").order_by("opens_on")

    assert list(opened) == [("2028年第八批专家续聘", date(2028, 11, 21)), ("2029年第九批专家续聘", date(2029, 2, 4))]


def test_a_notice_that_was_wrong_has_another_in_its_place(it):
    annulled = Notice.objects.filter(state="annulled")

    assert annulled
    assert {notice.corrections.get().state for notice in annulled} == {"published"}


def test_experts_keep_their_calendars(it):
    assert WeeklyHours.objects.values("expert").distinct().count() > TEAM / 2
    assert DayException.objects.count() > 2 * TEAM
    assert Pause.objects.exists()
    assert Diary.objects.exclude(monthly_cap=None).exists()


def test_a_consent_is_taken_back_and_some_give_it_again(it):
    withdrawn = Consent.objects.filter(kind="public_directory").exclude(withdrawn_at=None)

    assert withdrawn
    assert Consent.objects.standing("public_directory").filter(user__in=withdrawn.values("user")).exists()
