"""A double click on “提交” is one objection with one receipt."""

from datetime import date

import pytest

from recruitment.models import Objection
from tests.make import make_listed, make_objection
from tests.races.contest import kinds, together, without_row_locks

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("today"),
]


def press_twice(candidate):
    """Both in requests of their own."""
    copies = [type(candidate).objects.get(pk=candidate.pk) for _ in range(2)]
    return together(
        *(lambda copy=copy: make_objection(copy, key="k1") for copy in copies),
        meet='FROM "recruitment_objection" WHERE "recruitment_objection"."receipt"', moment=date(2026, 3, 4),
    )  # fmt: skip


def test_a_double_click_is_one_objection(reviewer):
    [candidate] = make_listed(by=reviewer)

    results = press_twice(candidate)

    assert len({each.receipt for each in results}) == 1
    assert Objection.objects.count() == 1


def test_without_the_lock_the_second_click_would_fail(reviewer, monkeypatch):
    [candidate] = make_listed(by=reviewer)

    with without_row_locks(monkeypatch):
        results = press_twice(candidate)

    assert kinds(results) == ["IntegrityError", "done"]
