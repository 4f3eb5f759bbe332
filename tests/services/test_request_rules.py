"""What a promise to a client comes to (Article 10(3))."""

from datetime import date

import pytest

from expertteam.clock import instant
from services.rules.request import answer_by

FRIDAY = instant(date(2026, 3, 6), 18)  # the end of the period


@pytest.mark.parametrize(
    ("starts_at", "now", "due"),
    [
        (None, instant(date(2026, 3, 3), 9), FRIDAY),
        (instant(date(2026, 3, 10), 14), instant(date(2026, 3, 3), 9), FRIDAY),
        (instant(date(2026, 3, 5), 14), instant(date(2026, 3, 3), 9), instant(date(2026, 3, 4), 18)),
        (instant(date(2026, 3, 4), 21), instant(date(2026, 3, 3), 20), instant(date(2026, 3, 4), 19)),
        (instant(date(2026, 3, 3), 14), instant(date(2026, 3, 3), 11), instant(date(2026, 3, 3), 12)),
        (instant(date(2026, 3, 3), 14), instant(date(2026, 3, 3), 13), instant(date(2026, 3, 3), 14)),
    ],
)
def test_10_3_an_answer_comes_before_the_meeting(starts_at, now, due):
    assert answer_by(FRIDAY, starts_at, now) == due
