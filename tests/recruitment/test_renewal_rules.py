"""When another term may be asked for, when it begins, who has to wait (Articles 3 and 12)."""

from datetime import date

import pytest

from recruitment import rules

LAST = date(2029, 2, 28)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2028, 8, 31), False),
        (date(2028, 9, 1), True),  # 180 days are left
        (date(2029, 2, 27), True),
        (LAST, True),
        (date(2029, 3, 1), False),  # the term has ended by itself
    ],
)
def test_3_another_term_is_asked_for_in_the_last_days_of_the_present_one(on, expected):
    assert rules.renewal_open(LAST, None, on, 180) is expected


@pytest.mark.parametrize(("days", "expected"), [(59, False), (60, True), (61, True)])
def test_3_how_many_days_is_for_the_bureau_to_say(days, expected):
    assert rules.renewal_open(LAST, None, date(2028, 12, 30), days) is expected


@pytest.mark.parametrize("void_from", [date(2027, 6, 1), date(2029, 2, 28), date(2029, 3, 1)])
def test_3_a_term_that_was_ended_early_cannot_be_followed_by_another(void_from):
    assert rules.renewal_open(LAST, void_from, date(2029, 1, 1), 180) is False


@pytest.mark.parametrize(
    ("last_day", "on", "expected"),
    [
        (LAST, date(2028, 12, 1), date(2029, 3, 1)),
        (LAST, LAST, date(2029, 3, 1)),
        (LAST, date(2029, 3, 1), date(2029, 3, 1)),
        (LAST, date(2029, 3, 2), date(2029, 3, 2)),  # that day has gone by: no term begins in the past
        (date(2028, 2, 28), date(2028, 2, 1), date(2028, 2, 29)),  # a leap year
        (date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 1)),
    ],
)
def test_3_the_new_term_begins_the_day_after_the_old_one(last_day, on, expected):
    assert rules.renewal_begins(last_day, on) == expected


@pytest.mark.parametrize(("opinion", "expected"), [("", False), (" \n", False), ("工作量和满意度都好", True)])
def test_3_a_renewal_is_recommended_with_reasons(opinion, expected):
    assert rules.renewal_reasoned(opinion) is expected


@pytest.mark.parametrize(
    ("dismissed_on", "on", "years", "expected"),
    [
        (date(2026, 3, 5), date(2026, 3, 5), 3, False),
        (date(2026, 3, 5), date(2029, 3, 4), 3, False),
        (date(2026, 3, 5), date(2029, 3, 5), 3, True),
        (date(2028, 2, 29), date(2031, 2, 28), 3, False),  # no 29 February: the day after 28 February
        (date(2028, 2, 29), date(2031, 3, 1), 3, True),
        (date(2028, 2, 29), date(2032, 2, 28), 4, False),
        (date(2028, 2, 29), date(2032, 2, 29), 4, True),
        (date(2026, 3, 5), date(2027, 3, 4), 1, False),
        (date(2026, 3, 5), date(2027, 3, 5), 1, True),
        (date(2026, 3, 5), date(2026, 3, 5), 0, True),  # the bureau bars nobody
    ],
)
@pytest.mark.parametrize("ground", ["12(2)", "12(3)", "12(4)", "12(5)", "12(6)"])
def test_12_whoever_was_dismissed_waits(ground, dismissed_on, on, years, expected):
    assert rules.reapply_open(ground, dismissed_on, on, years) is expected


def test_12_1_whoever_left_at_his_own_request_does_not_wait():
    assert rules.reapply_open("12(1)", date(2026, 3, 5), date(2026, 3, 5), 3)
