"""What time brings about in pay: each job does the right thing once, however often and however late it runs."""

from datetime import date

import pytest

from payments import actions, tasks
from payments.models import Claim, Line
from tests import make
from tests.payments import pay

pytestmark = pytest.mark.django_db


def test_whatever_was_confirmed_is_collected_once():
    expert = make.make_expert()
    for day in (10, 11, 12):
        pay.reviewed(expert, day=date(2026, 3, day), minutes=240)
    for _ in range(2):
        tasks.collect()

    assert [str(line.amount) for line in Line.objects.all()] == ["500.00", "500.00", "500.00"]


def test_it_goes_on_until_nothing_is_left():
    """One at a time: a single pass leaves two of the three."""
    expert = make.make_expert()
    for day in (10, 11, 12):
        pay.reviewed(expert, day=date(2026, 3, day))
    assert actions.collect(limit=1).left == 2

    tasks.collect(limit=1)

    assert Claim.objects.count() == 3


def test_what_has_no_price_does_not_keep_it_going():
    make.make_service(state="confirmed", confirmed_via="link")

    tasks.collect()

    assert Claim.objects.get().why_not == "unpriced"
