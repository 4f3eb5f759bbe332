"""What the database refuses by itself, past every rule and every action."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from experts.models import Appointment
from tests import make
from tests.make import make_appointment, make_user

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 3, 1), date(2029, 2, 28)


def write(term, **fields):
    """A second term of the same person, written without any action, as if it had come through an import."""
    copied = {name: getattr(term, name) for name in ("expert", "name", "category", "basis", "decided_by", "decided_at")}
    with make.unguarded("art15_former_terms_come_by_import_alone"):
        return Appointment.objects.create(**copied | {"number": "并创专〔2026〕900号"} | fields)


@pytest.mark.parametrize(
    ("first_day", "last_day"),
    [
        (date(2029, 2, 28), date(2032, 2, 27)),  # begins on the last day
        (date(2023, 3, 2), date(2026, 3, 1)),  # ends on the first day
        (date(2027, 1, 1), date(2027, 2, 1)),  # lies within
        (date(2026, 2, 28), date(2029, 2, 27)),  # begins a day earlier
        (FIRST, LAST),
    ],
)
def test_art3_terms_of_one_person_never_overlap(first_day, last_day):
    term = make_appointment(first_day=FIRST)

    with pytest.raises(IntegrityError, match="art3_terms_never_overlap"), transaction.atomic():
        write(term, first_day=first_day, last_day=last_day)


@pytest.mark.parametrize(
    ("first_day", "last_day"), [(date(2029, 3, 1), date(2032, 2, 29)), (date(2023, 3, 1), date(2026, 2, 28))]
)
def test_art3_adjacent_terms_stand(first_day, last_day):
    term = make_appointment(first_day=FIRST)

    write(term, first_day=first_day, last_day=last_day)

    assert term.expert.appointments.count() == 2


def test_art3_terms_of_two_persons_may_overlap():
    make_appointment(first_day=FIRST)

    make_appointment(first_day=FIRST)

    assert Appointment.objects.in_force(FIRST).count() == 2


@pytest.mark.parametrize(("first_day", "stands"), [(date(2027, 5, 31), False), (date(2027, 6, 1), True)])
def test_art3_a_new_term_may_begin_on_the_day_the_old_one_was_ended(first_day, stands):
    term = make_appointment(first_day=FIRST)
    make.end_early(Appointment.objects.filter(pk=term.pk), date(2027, 6, 1))

    written = True
    try:
        with transaction.atomic():
            write(term, first_day=first_day, last_day=date(2030, 5, 30))
    except IntegrityError:
        written = False

    assert written is stands


@pytest.mark.parametrize("end", [None, date(2028, 1, 1)])
def test_art11_an_end_by_decision_is_final(end):
    term = make_appointment(first_day=FIRST)
    make.end_early(Appointment.objects.filter(pk=term.pk), date(2027, 6, 1))

    with pytest.raises(IntegrityError, match="art11_certificate_never_changes"), transaction.atomic():
        make.end_early(Appointment.objects.filter(pk=term.pk), end)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "另一人"},
        {"number": "并创专〔2026〕777号"},
        {"token": "another"},
        {"first_day": date(2026, 3, 2)},
        {"last_day": date(2029, 3, 1)},
        {"basis": "measures"},
        {"category": 3},
    ],
    ids=lambda change: next(iter(change)),
)
def test_art11_what_a_certificate_says_never_changes(change):
    term = make_appointment(first_day=FIRST)

    with pytest.raises(IntegrityError, match="art11_"), transaction.atomic():
        Appointment.objects.filter(pk=term.pk).update(**change)


def test_art11_only_the_end_by_decision_can_be_entered():
    term = make_appointment(first_day=FIRST)

    make.end_early(Appointment.objects.filter(pk=term.pk), date(2027, 6, 1))

    term.refresh_from_db()
    assert term.void_from == date(2027, 6, 1)


def test_art11_a_certificate_is_never_deleted():
    term = make_appointment(first_day=FIRST)

    with pytest.raises(IntegrityError, match="art11_certificate_is_never_deleted"), transaction.atomic():
        Appointment.objects.filter(pk=term.pk)._raw_delete("default")


def test_one_account_is_one_expert():
    user = make_user()
    term = make_appointment(user=user, first_day=FIRST)

    again = make_appointment(user=user, first_day=date(2029, 3, 1))

    assert again.expert == term.expert
