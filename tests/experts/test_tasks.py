from datetime import date

import pytest

from experts import rules
from experts.tasks import warn_of_ending_terms
from expertteam import clock
from expertteam.models import Notification
from tests import make
from tests.make import make_appointment

FIRST, LAST = date(2026, 3, 1), date(2029, 2, 28)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2028, 8, 31), None),
        (date(2028, 9, 1), 180),
        (date(2028, 11, 29), 180),
        (date(2028, 11, 30), 90),
        (date(2028, 12, 29), 90),
        (date(2028, 12, 30), 60),
        (date(2029, 1, 28), 60),
        (date(2029, 1, 29), 30),
        (LAST, 30),
    ],
)
def test_3_an_end_is_announced_180_90_60_and_30_days_before(on, expected):
    assert rules.warning_due(LAST, on) == expected


def told_of(user):
    """Whatever the day on which the test asks."""
    return Notification.objects.filter(to=user, channel="inapp")


def told(user):
    return told_of(user).count()


def warn(*days):
    for day in days:
        with clock.at(day):
            warn_of_ending_terms()


def test_expert_and_reviewers_are_told_once_a_stage(reviewer, leader):
    user = make_appointment(first_day=FIRST).expert.user

    warn(date(2028, 8, 31))
    before = told(user), told(reviewer)
    warn(date(2028, 9, 1), date(2028, 9, 1), date(2028, 9, 2), date(2028, 11, 30), date(2028, 12, 30))
    warn(date(2029, 1, 29), LAST, date(2029, 3, 1))

    assert before == (0, 0)
    assert (told(user), told(reviewer), told(leader)) == (4, 4, 0)


def test_the_letters_lead_to_where_another_term_is_asked_for(reviewer):
    user = make_appointment(first_day=FIRST).expert.user

    warn(LAST)

    assert told_of(user).get().url == "/desk/renewal/"
    assert told_of(reviewer).get().url == "/admin/renewals/"


def test_after_a_pause_only_the_latest_stage_is_told(reviewer):
    user = make_appointment(first_day=FIRST).expert.user

    warn(date(2029, 2, 1))

    assert told(user) == 1


def test_reviewers_get_one_message_for_all_terms_of_a_day(reviewer):
    for _ in range(3):
        make_appointment(first_day=FIRST)
    make_appointment(first_day=date(2026, 3, 2))

    warn(date(2028, 9, 5))

    bodies = sorted(told_of(reviewer).values_list("body", flat=True))
    assert [body.partition("为止")[0] for body in bodies] == [
        "1位专家的聘期到2029年3月1日",
        "3位专家的聘期到2029年2月28日",
    ]


def test_nobody_is_warned_who_is_appointed_again(reviewer):
    term = make_appointment(first_day=FIRST)
    make_appointment(user=term.expert.user, first_day=date(2029, 3, 1))

    warn(LAST)

    assert (told(term.expert.user), told(reviewer)) == (0, 0)


def test_nobody_is_warned_whose_term_was_ended(reviewer):
    term = make_appointment(first_day=FIRST)
    make.end_early(type(term).objects.filter(pk=term.pk), date(2027, 6, 1))

    warn(LAST)

    assert told(term.expert.user) == 0
