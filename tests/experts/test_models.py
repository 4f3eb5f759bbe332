"""Article 3 and 10 where SQL decides: who is in term, and who is listed, on which day."""

from datetime import date

import pytest

from experts.models import Appointment, Expert
from expertteam import consents
from tests import make
from tests.make import make_appointment, make_expert

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 3, 1), date(2029, 2, 28)
TERMS = [
    (date(2026, 2, 28), None, False),
    (FIRST, None, True),
    (LAST, None, True),
    (date(2029, 3, 1), None, False),
    (date(2027, 5, 31), date(2027, 6, 1), True),
    (date(2027, 6, 1), date(2027, 6, 1), False),
    (FIRST, FIRST, False),
    (LAST, date(2029, 3, 1), True),
]


@pytest.mark.parametrize(("on", "void_from", "expected"), TERMS)
def test_3_a_term_holds_from_its_first_to_its_last_day_or_until_it_is_ended(on, void_from, expected):
    make.end_early(Appointment.objects.filter(pk=make_appointment(first_day=FIRST).pk), void_from)

    assert Appointment.objects.in_force(on).exists() is expected


@pytest.mark.parametrize(("on", "void_from", "expected"), TERMS)
def test_10_the_directory_lists_exactly_those_in_term(on, void_from, expected):
    expert = make_expert(first_day=FIRST)
    make.end_early(Appointment.objects.filter(expert=expert), void_from)

    assert Expert.objects.listed(on).exists() is expected


@pytest.mark.parametrize(("on", "void_from", "expected"), TERMS)
def test_3_query_and_rule_never_disagree(on, void_from, expected):
    term = make_appointment(first_day=FIRST)
    term.void_from = void_from

    assert (term.status(on) == "valid") is expected


def test_10_without_consent_nobody_is_listed():
    make_appointment()

    assert not Expert.objects.listed(FIRST).exists()


def test_10_a_consent_taken_back_and_given_again_counts_at_once():
    expert = make_expert()

    consents.withdraw(expert.user, "public_directory")
    withdrawn = Expert.objects.listed(FIRST).count()
    consents.sign(expert.user, "public_directory")

    assert (withdrawn, Expert.objects.listed(FIRST).count()) == (0, 1)


def test_two_terms_list_a_person_once():
    expert = make_expert(first_day=FIRST)
    make_appointment(user=expert.user, first_day=date(2029, 3, 1))

    assert Expert.objects.listed(date(2029, 3, 1)).count() == 1


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2028, 8, 31), False),  # 181 days before
        (date(2028, 9, 1), True),
        (LAST, True),
        (date(2029, 3, 1), False),
    ],
)
def test_3_ending_begins_half_a_year_before_the_last_day(on, expected):
    make_appointment(first_day=FIRST)

    assert Appointment.objects.ending(on).exists() is expected


def test_ending_leaves_out_whoever_is_appointed_again():
    term = make_appointment(first_day=FIRST)
    make_appointment(user=term.expert.user, first_day=date(2029, 3, 1))

    assert not Appointment.objects.ending(LAST).exists()


def test_title_line_shows_only_what_was_agreed():
    expert = make_expert(title="会计师", employer="某事务所", position="合伙人")

    shown = {}
    for fields in ([], ["title"], ["employer"], ["title", "employer"]):
        expert.public_fields = fields
        shown[tuple(fields)] = expert.title_line

    assert shown == {
        (): "",
        ("title",): "会计师",
        ("employer",): "某事务所合伙人",
        ("title", "employer"): "会计师，某事务所合伙人",
    }
