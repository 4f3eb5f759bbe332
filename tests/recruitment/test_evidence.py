"""What a term shows to whoever decides on another one (Articles 3, 10(1) and 12)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from expertteam import clock
from recruitment import evidence
from tests.make import (
    make_activity,
    make_appointment,
    make_assessment,
    make_dismissal,
    make_expert,
    make_rating,
    make_refusal,
    make_service,
    make_strike,
    make_wish,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
SPRING = date(2026, 4, 1)  # after the services of the builders


@pytest.fixture
def term():
    """From 2026-03-01 to 2029-02-28."""
    return make_expert().appointments.get()


def of(term, on=SPRING):
    with clock.at(on):
        return evidence.of(term)


def rate(term, *grades):
    for grade in grades:
        make_rating("given", service=make_service("confirmed", expert=term.expert), grade=grade)


@pytest.mark.parametrize(("grades", "average"), [([], None), ([5, 5, 5, 5], None), ([5, 5, 5, 5, 1], Decimal("4.2"))])
def test_an_average_is_told_from_five_ratings_on(term, grades, average):
    rate(term, *grades)

    found = of(term)

    assert (found.average, found.work.rated) == (average, len(grades))


def test_work_is_that_of_the_term_up_to_today(term):
    make_service("confirmed", expert=term.expert, minutes=90)
    make_service("confirmed", expert=term.expert, started_at=clock.instant(date(2026, 2, 27), 9))
    make_service("confirmed", expert=term.expert, started_at=clock.instant(date(2026, 4, 2), 9))

    found = of(term)

    assert (found.work.sessions, found.hours, found.until) == (1, Decimal("1.5"), SPRING)


@pytest.mark.parametrize(
    ("on", "until"), [(date(2029, 2, 28), date(2029, 2, 28)), (date(2029, 3, 1), date(2029, 2, 28))]
)
def test_after_its_last_day_it_shows_the_whole_term(term, on, until):
    assert of(term, on).until == until


def test_lectures_and_trainings_stand_each_by_itself(term):
    for kind in ("training", "training", "lecture"):
        activity = make_activity(kind=kind)
        make_service("confirmed", expert=term.expert, kind="activity", activity=activity, phone="", name="")

    assert of(term).activities == [("创业讲座", 1), ("创业培训", 2)]


def test_strikes_of_this_term_are_listed_and_those_that_stand_counted(term):
    for state in ("standing", "maintained", "reversed", "appealed"):
        make_strike(state, refusal=make_refusal("judged", expert=term.expert))
    make_strike()

    found = of(term)

    assert ([strike.state for strike in found.strikes], found.counted) == (
        ["standing", "maintained", "reversed", "appealed"],
        2,
    )


def test_what_is_still_open_is_named(term):
    make_dismissal("examining", expert=term.expert)
    make_strike("appealed", refusal=make_refusal("judged", expert=term.expert))
    make_refusal("awaiting_judgement", expert=term.expert)
    make_dismissal()

    assert of(term).pending == [("解聘案件", 1), ("不履职核实", 1), ("计次申诉", 1)]


def test_nothing_is_open_once_it_is_closed(term):
    make_dismissal("kept", expert=term.expert)
    make_refusal("set_aside", expert=term.expert)

    assert of(term).pending == []


@pytest.mark.parametrize(
    ("years", "mean", "suggests"),
    [
        ([], None, None),
        ([("80.00", "good")], Decimal("80.00"), True),
        ([("79.98", "good"), ("80.00", "good")], Decimal("79.99"), False),
        ([("90.00", "excellent"), ("60.00", "adequate")], Decimal("75.00"), True),
        ([("90.00", "excellent"), ("59.00", "failed")], Decimal("74.50"), False),
        ([("0.00", "undetermined")], None, None),
        ([("0.00", "undetermined"), ("81.00", "good")], Decimal("81.00"), True),
    ],
)
def test_3_what_the_annual_evaluations_suggest(term, years, mean, suggests):
    for year, (total, grade) in enumerate(years, 2026):
        make_assessment("released", year=year, expert=term.expert, total=total, grade=grade)

    found = of(term, date(2029, 2, 1))

    assert (len(found.years), found.mean, found.suggests) == (len(years), mean, suggests)


def test_a_year_that_was_not_told_to_him_or_lies_outside_is_left_out(term):
    make_assessment("computed", year=2027, expert=term.expert)
    make_assessment("released", year=2030, expert=term.expert)

    assert of(term, date(2029, 2, 1)).years == []


def test_the_hint_is_told_as_a_hint(http, intake, term):
    make_assessment("released", expert=term.expert, total="85.00", grade="good")
    sign_in(http, intake)

    with clock.at(date(2028, 10, 9)):
        html = http.get(f"/admin/renewals/{term.pk}/").content.decode()

    assert "平均85.00分，达到参考线（平均80分以上，或各年都在合格以上且有1年优秀）" in html
    assert "只作参考，是否续聘由办理的人决定" in html


def test_a_page_costs_the_same_however_much_a_term_shows(http, intake):
    sign_in(http, intake)
    idle, busy = make_wish().term, make_appointment(first_day=date(2026, 3, 1))
    rate(busy, 5, 5, 4, 4, 1)
    for year in (2026, 2027):
        make_assessment("released", year=year, expert=busy.expert)
    for state in ("standing", "appealed"):
        make_strike(state, refusal=make_refusal("judged", expert=busy.expert))

    def queries(term, on):
        with clock.at(on), CaptureQueriesContext(connection) as counted:
            assert http.get(f"/admin/renewals/{term.pk}/").status_code == 200
        return len(counted)

    queries(idle, SPRING)
    assert queries(busy, date(2028, 10, 9)) == queries(idle, SPRING)
