"""What an expert did in a period, in numbers (Article 10(1))."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluations import workload
from evaluations.workload import Workload
from expertteam import clock
from services.rules.pairing import followed_for_half_a_year
from tests import make
from tests.make import THURSDAY

pytestmark = pytest.mark.django_db
YEAR = date(2026, 1, 1), date(2026, 12, 31)


def of(expert, first=YEAR[0], last=YEAR[1]) -> Workload:
    """The same whether one is asked about or all."""
    found = workload.of(expert, first, last)
    assert workload.of_all(first, last)[expert.pk] == found
    return found


def moment(month, day, hour=9, minute=0, year=2026):
    return clock.instant(date(year, month, day), hour, minute)


def test_who_did_nothing_was_not_invited():
    assert of(make.make_expert()) == Workload()


@pytest.mark.parametrize(
    ("state", "kind", "minutes", "sessions", "counted"),
    [
        ("confirmed", "consulting", 30, 1, 30),
        ("confirmed", "consulting", 29, 0, 29),
        ("verified", "guidance", 90, 1, 90),
        ("ruled", "consulting", 60, 1, 45),  # 45 minutes by the ruling
        ("confirmed", "technical", 60, 0, 60),
        ("logged", "consulting", 60, 0, 0),
        ("unanswered", "consulting", 60, 0, 0),
    ],
)
def test_a_session_is_half_an_hour_that_somebody_confirmed(state, kind, minutes, sessions, counted):
    service = make.make_service(state, kind=kind, minutes=minutes)

    assert of(service.expert) == Workload(sessions=sessions, minutes=counted, invited=True)


def test_a_ruling_below_half_an_hour_leaves_no_session():
    service = make.make_service("ruled", minutes=60, ruled_minutes=29)

    assert of(service.expert) == Workload(minutes=29, invited=True)


@pytest.mark.parametrize("state", ["draft", "rejected"])
def test_what_was_never_handed_in_or_was_not_true_is_nothing(state):
    assert of(make.make_service(state).expert) == Workload()


@pytest.mark.parametrize(
    ("at", "sessions"),
    [
        (moment(1, 1, 0), 1),
        (moment(12, 31, 23, 59), 1),
        (moment(12, 31, 23, 59, year=2025), 0),
        (moment(1, 1, 0, year=2027), 0),
    ],
)
def test_a_day_of_the_year_is_a_day_in_taiyuan(at, sessions):
    assert of(make.make_service("confirmed", started_at=at).expert).sessions == sessions


def test_activities_and_reviews_are_counted_apart():
    expert = make.make_expert()
    make.make_service("confirmed", expert=expert, kind="activity", minutes=120)
    make.make_service("confirmed", expert=expert, kind="review", minutes=180)
    make.make_service("confirmed", expert=expert, kind="other", minutes=10)

    assert of(expert) == Workload(minutes=310, activities=1, reviews=1, invited=True)


def test_a_late_log_is_one_whether_or_not_it_is_confirmed():
    expert = make.make_expert()
    make.make_service("logged", expert=expert, late=True)
    make.make_service("confirmed", expert=expert, late=True)
    make.make_service("rejected", expert=expert, late=True)

    assert of(expert).late_logs == 2


@pytest.mark.parametrize(
    ("state", "reason", "stand_downs"),
    [("stood_down", "busy", 1), ("stood_down", "related", 0), ("declined", "busy", 0), ("lapsed", "", 0)],
)
def test_a_stand_down_counts_but_not_a_recusal(state, reason, stand_downs):
    offer = make.make_offer(state, reason_kind=reason, answered_at=THURSDAY)

    assert of(offer.expert) == Workload(stand_downs=stand_downs, invited=True)


def test_an_offer_that_was_taken_back_invited_nobody():
    assert of(make.make_offer("withdrawn").expert) == Workload()


def test_a_stand_down_belongs_to_the_day_on_which_he_said_so():
    offer = make.make_offer("stood_down", offered_at=moment(12, 30), answered_at=moment(1, 2, year=2027))

    assert (of(offer.expert).stand_downs, of(offer.expert).invited) == (0, True)
    assert of(offer.expert, date(2027, 1, 1), date(2027, 12, 31)).stand_downs == 1


def test_ratings_are_the_clients_own_and_valid_by_grade():
    expert = make.make_expert()
    for grade in [5, 5, 4]:
        make.make_rating(expert=expert, grade=grade)
    make.make_rating(expert=expert, grade=1, channel="phone")
    make.make_rating("open", expert=expert)
    voided = make.make_rating(expert=expert, grade=1, wrong=["attitude"])
    make.make_rating_case("found", rating=voided, finding="malicious")

    assert of(expert).ratings == {5: 2, 4: 1}
    assert of(expert).rated == 3


@pytest.mark.parametrize(
    ("finding", "upheld"),
    [
        ("upheld_attitude", 1),
        ("upheld_competence", 1),
        ("absence", 1),
        ("other", 1),
        ("not_upheld", 0),
        ("mistaken", 0),
    ],
)
def test_a_poor_rating_found_right_is_upheld(finding, upheld):
    case = make.make_rating_case("found", finding=finding)

    assert of(case.rating.expert).upheld == upheld


@pytest.mark.parametrize(
    ("starts_on", "until", "whole"),
    [
        (date(2026, 3, 2), date(2026, 9, 1), True),
        (date(2026, 3, 2), date(2026, 8, 31), False),
        (date(2026, 7, 1), date(2026, 12, 31), True),
        (date(2026, 7, 1), date(2026, 12, 30), False),
        (date(2026, 8, 31), date(2027, 2, 28), True),
        (date(2026, 8, 31), date(2027, 2, 27), False),
        (date(2027, 8, 31), date(2028, 2, 28), False),  # a leap year
        (date(2027, 8, 31), date(2028, 2, 29), True),
    ],
)
def test_half_a_year_is_six_whole_months(starts_on, until, whole):
    assert followed_for_half_a_year(starts_on, until) is whole


@pytest.mark.parametrize(
    ("state", "ends_on", "closed_at", "met", "pairings"),
    [
        ("active", date(2026, 9, 1), None, True, 1),
        ("active", date(2026, 9, 1), None, False, 0),
        ("active", date(2026, 8, 31), None, True, 0),
        ("closed", date(2026, 12, 31), moment(8, 31), True, 0),
        ("called_off", date(2026, 12, 31), moment(9, 1), True, 1),
        ("declined", date(2026, 12, 31), None, False, 0),
    ],
)
def test_a_pairing_counts_once_it_was_followed_for_six_months(state, ends_on, closed_at, met, pairings):
    pairing = make.make_pairing(state, ends_on=ends_on, **{"closed_at": closed_at} if closed_at else {})
    if met:
        make.make_service("confirmed", expert=pairing.expert, pairing=pairing)

    assert of(pairing.expert).pairings == pairings


@pytest.mark.parametrize("state", ["invited", "declined", "absent"])
def test_who_was_asked_to_an_activity_was_invited(state):
    assert of(make.make_activity_role(state).expert) == Workload(invited=True)


def test_who_was_called_to_a_review_was_invited():
    assert of(make.make_seat("declined", called_at=moment(3, 2)).expert) == Workload(invited=True)


def test_only_those_with_a_day_in_office_are_among_all():
    expert = make.make_expert()  # in term from 2026-03-01

    assert expert.pk in workload.of_all(date(2026, 1, 1), date(2026, 3, 1))
    assert expert.pk not in workload.of_all(date(2026, 1, 1), date(2026, 2, 28))


def test_all_are_read_in_a_fixed_number_of_queries():
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            workload.of_all(*YEAR)
        return len(captured)

    make.make_rating_case("found")
    one = queries()
    for _ in range(3):
        make.make_rating_case("found")
        make.make_offer("stood_down", answered_at=THURSDAY)

    assert queries() == one == 10
