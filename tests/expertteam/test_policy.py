from datetime import date

import pytest
from django.db import IntegrityError, transaction

from expertteam.models import Policy
from expertteam.policy import OPEN_NUMBERS

pytestmark = pytest.mark.django_db


def fix(value, effective_from, key="notice_days"):
    return Policy.objects.create(key=key, value=value, effective_from=effective_from, source="并人社发〔2026〕1号")


@pytest.mark.parametrize(
    ("on", "days"),
    [
        (date(2026, 3, 31), 5),
        (date(2026, 4, 1), 7),
        (date(2026, 6, 30), 7),
        (date(2026, 7, 1), 10),
    ],
)
def test_the_latest_number_in_force_holds_and_before_any_the_default(on, days):
    fix(10, date(2026, 7, 1))
    fix(7, date(2026, 4, 1))

    assert Policy.objects.number("notice_days", on) == days


def test_one_number_does_not_touch_another():
    fix(7, date(2026, 1, 1), key="objection_days")

    assert Policy.objects.number("notice_days", date(2026, 3, 1)) == 5


def test_several_numbers_are_asked_for_at_once(django_assert_num_queries):
    fix(7, date(2026, 4, 1))
    fix(9, date(2026, 3, 1))
    fix(20, date(2026, 5, 1), key="objection_days")

    with django_assert_num_queries(1):
        found = Policy.objects.numbers(["notice_days", "objection_days"], date(2026, 4, 30))

    assert found == {"notice_days": 7, "objection_days": 10}


def test_a_day_has_one_number():
    fix(7, date(2026, 4, 1))

    with pytest.raises(IntegrityError), transaction.atomic():
        fix(8, date(2026, 4, 1))


def test_every_open_number_says_why_its_default():
    numbers = OPEN_NUMBERS.values()

    assert all(number.label and number.ground and number.least <= number.default <= number.most for number in numbers)


def test_a_number_that_is_not_open_is_an_error():
    with pytest.raises(KeyError):
        Policy.objects.number("term_years", date(2026, 3, 1))
