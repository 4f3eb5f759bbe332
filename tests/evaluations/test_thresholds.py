"""Who has reached Article 12(2) or (3), and who is near it; at every boundary (reliability.md B1, B2)."""

from datetime import date, timedelta

import pytest

from evaluations import rules, thresholds
from evaluations.models import Talk
from tests.evaluations.ledger import attitude, refusal
from tests.make import end_early, make_appointment, make_expert, make_user

ATTITUDE, REFUSAL = "12(2)", "12(3)"
ON = date(2028, 6, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def own():
    """In term from 2026-03-01 to 2029-02-28."""
    return make_expert()


def reached(on=ON):
    """Experts and grounds, of everybody."""
    return [(each.expert, ground) for each in thresholds.reached(on) for ground in each.reached if each.reached[ground]]


def near(on=ON):
    return [(each.expert, ground) for each in thresholds.near(on) for ground in each.reached if each.is_near(ground)]


# The rules


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 3, 1), date(2027, 2, 28), True),  # the 365th day
        (date(2026, 3, 1), date(2027, 3, 1), False),  # the 366th
        (date(2027, 3, 1), date(2028, 2, 29), True),  # the 366th day of a year with a leap day
        (date(2027, 3, 1), date(2028, 3, 1), False),
        (date(2028, 2, 29), date(2029, 2, 28), True),
        (date(2028, 2, 29), date(2029, 3, 1), False),
        (date(2028, 1, 1), date(2028, 1, 1), True),
    ],
)
def test_12_3_one_year_ends_before_the_anniversary(first, last, expected):
    assert rules.of_one_year(first, last) is expected


# Article 12(3): any one year


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([date(2026, 3, 1), date(2026, 9, 1)], False),
        ([date(2026, 3, 1), date(2026, 9, 1), date(2027, 2, 28)], True),  # within 365 days
        ([date(2026, 3, 1), date(2026, 9, 1), date(2027, 3, 1)], False),  # one more
        ([date(2027, 3, 1), date(2027, 9, 1), date(2028, 2, 29)], True),  # within 366, one of them 29 February
        ([date(2027, 3, 1), date(2027, 9, 1), date(2028, 3, 1)], False),
        ([date(2028, 2, 29), date(2028, 9, 1), date(2029, 2, 28)], True),
        ([date(2027, 3, 5), date(2027, 3, 5), date(2027, 3, 5)], True),  # three on one day are three
        ([date(2026, 3, 2), date(2027, 2, 1), date(2027, 8, 1), date(2028, 1, 31)], True),  # the last three of four
        ([date(2026, 3, 2), date(2026, 12, 1), date(2027, 3, 2), date(2028, 1, 1)], False),
    ],
)
def test_12_3_three_refusals_of_any_one_year_are_reached(own, days, expected):
    for day in days:
        refusal(own, day)

    on = date(2029, 2, 28)
    assert reached(on) == [(own, REFUSAL)] * expected
    assert thresholds.of(own, on).reached == {ATTITUDE: False, REFUSAL: expected}


@pytest.mark.parametrize(("on", "expected"), [(date(2026, 12, 9), False), (date(2026, 12, 10), True)])
def test_12_3_what_has_not_happened_yet_does_not_count(own, on, expected):
    for day in (date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 10)):
        refusal(own, day)

    assert (reached(on) != []) is expected


def test_12_3_the_entries_are_those_of_the_years_that_are_full(own):
    days = [date(2026, 3, 2), date(2027, 6, 1), date(2027, 7, 1), date(2027, 8, 1), date(2028, 5, 31)]
    made = [refusal(own, day) for day in days]

    assert thresholds.of(own, ON).entries[REFUSAL] == made[1:]


# Article 12(2): within the term


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([date(2026, 3, 1), date(2027, 9, 1)], False),
        ([date(2026, 3, 1), date(2027, 9, 1), date(2029, 2, 28)], True),  # first and last day of the term
    ],
)
def test_12_2_three_poor_attitudes_of_one_term_are_reached(own, days, expected):
    for day in days:
        attitude(own, day)

    assert reached(date(2029, 2, 28)) == [(own, ATTITUDE)] * expected


def renewed(own):
    """The next term, from 2029-03-01 on."""
    return make_appointment(user=own.user, first_day=date(2029, 3, 1))


def test_12_2_a_new_term_begins_anew(own):
    for day in (date(2028, 12, 1), date(2029, 2, 28)):
        attitude(own, day)
    renewed(own)
    for day in (date(2029, 3, 1), date(2029, 3, 2)):
        attitude(own, day)

    assert reached(date(2029, 4, 1)) == []
    assert near(date(2029, 4, 1)) == [(own, ATTITUDE)]
    attitude(own, date(2029, 3, 31))
    assert reached(date(2029, 4, 1)) == [(own, ATTITUDE)]


def test_12_2_three_of_a_term_that_is_over_are_nothing_any_more(own):
    for day in (date(2028, 1, 3), date(2028, 2, 1), date(2029, 2, 28)):
        attitude(own, day)
    assert reached(date(2029, 2, 28)) == [(own, ATTITUDE)]

    assert reached(date(2029, 3, 1)) == []
    renewed(own)
    assert reached(date(2029, 3, 1)) == []


def test_12_3_a_year_goes_on_into_the_next_term(own):
    for day in (date(2028, 12, 1), date(2029, 2, 28)):
        refusal(own, day)
    renewed(own)

    assert near(date(2029, 3, 1)) == [(own, REFUSAL)]
    refusal(own, date(2029, 3, 1))
    assert reached(date(2029, 3, 1)) == [(own, REFUSAL)]


def test_12_3_a_year_that_was_full_before_the_new_term_was_known_when_he_was_appointed(own):
    for day in (date(2028, 12, 1), date(2029, 1, 15), date(2029, 2, 28)):
        refusal(own, day)
    assert reached(date(2029, 2, 28)) == [(own, REFUSAL)]
    renewed(own)

    assert reached(date(2029, 3, 1)) == []


def test_nobody_reaches_anything_once_his_term_was_ended(own):
    for day in (date(2026, 4, 1), date(2026, 4, 2), date(2026, 4, 3)):
        attitude(own, day)
    end_early(own.appointments, date(2026, 5, 1))

    assert (reached(date(2026, 4, 30)), reached(date(2026, 5, 1))) == ([(own, ATTITUDE)], [])
    assert thresholds.of(own, date(2026, 5, 1)).term is None


# What counts at all


@pytest.mark.parametrize(
    ("state", "expected"), [("standing", True), ("maintained", True), ("appealed", False), ("reversed", False)]
)
@pytest.mark.parametrize(("enter", "ground"), [(attitude, ATTITUDE), (refusal, REFUSAL)])
def test_12_neither_what_is_under_appeal_counts_nor_what_was_reversed(own, state, expected, enter, ground):
    enter(own, date(2026, 4, 1))
    enter(own, date(2026, 5, 1))
    enter(own, date(2026, 6, 1), state)

    assert reached() == [(own, ground)] * expected
    assert len(thresholds.of(own, date(2026, 7, 1)).entries[ground]) == 2 + expected


def test_12_one_ground_does_not_help_the_other(own):
    for day in (date(2026, 4, 1), date(2026, 5, 1)):
        attitude(own, day)
        refusal(own, day)

    assert reached(date(2026, 6, 1)) == []
    assert near(date(2026, 6, 1)) == [(own, ATTITUDE), (own, REFUSAL)]


def test_12_nobody_reaches_it_by_the_entries_of_another(own):
    other = make_expert()
    attitude(own, date(2026, 4, 1))
    attitude(own, date(2026, 5, 1))
    attitude(other, date(2026, 6, 1))

    assert reached() == []


# Near


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 9, 30), False),
        (date(2026, 10, 1), True),
        (date(2027, 9, 30), True),
        (date(2027, 10, 1), False),  # a year after the latest none can join it
    ],
)
def test_12_3_two_refusals_of_one_year_are_near_for_a_year(own, on, expected):
    refusal(own, date(2026, 4, 1))
    refusal(own, date(2026, 10, 1))

    assert near(on) == [(own, REFUSAL)] * expected


def test_12_3_two_refusals_a_year_apart_are_not_near(own):
    refusal(own, date(2026, 4, 1))
    refusal(own, date(2027, 4, 1))

    assert near(date(2027, 4, 2)) == []


def test_12_2_whoever_has_reached_it_is_not_near_any_more(own):
    for day in (date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)):
        attitude(own, day)

    assert near() == []


@pytest.mark.parametrize(
    ("held_on", "due"),
    [(None, True), (date(2026, 4, 30), True), (date(2026, 5, 1), False), (date(2026, 6, 2), True)],
)
def test_12_a_talk_is_due_until_it_was_held_after_the_second_finding(own, held_on, due):
    attitude(own, date(2026, 4, 1))
    attitude(own, date(2026, 5, 1))
    if held_on:
        Talk.objects.create(expert=own, ground=ATTITUDE, held_on=held_on, note="谈了", by=make_user())

    assert thresholds.of(own, date(2026, 6, 1)).talk_due(ATTITUDE) is due
    assert not thresholds.of(own, date(2026, 6, 1)).talk_due(REFUSAL)


# What is pointed out to the inspector


def three(own, **each):
    """Three entries a month apart; ``each``: what of them differs or does not."""
    for n, day in enumerate([date(2026, 4, 1), date(2026, 5, 6), date(2026, 6, 3)]):
        attitude(own, day, **{name: values[n] for name, values in each.items()})
    return thresholds.of(own, ON)


def test_12_2_three_by_different_clients_are_reached_and_nothing_is_marked(own):
    standing = three(own, network=["n1", "n1", "n2"])

    assert (standing.reached[ATTITUDE], standing.mark) == (True, "")


@pytest.mark.parametrize(
    ("clients", "mark"),
    [
        (["13600000001"] * 3, "3次计次来自1位服务对象"),
        (["13600000001", "13600000001", "13600000002"], "3次计次来自2位服务对象"),
    ],
)
def test_12_2_three_by_one_client_on_three_services_are_reached_and_marked(own, clients, mark):
    standing = three(own, client=clients)

    assert (standing.reached[ATTITUDE], standing.mark) == (True, mark)


@pytest.mark.parametrize(("source", "mark"), [("network", "3条差评来自同一网络"), ("device", "3条差评来自同一设备")])
def test_12_2_three_from_one_network_or_device_are_reached_and_marked(own, source, mark):
    standing = three(own, **{source: ["n1"] * 3})

    assert (standing.reached[ATTITUDE], standing.mark) == (True, mark)


def test_12_2_three_rated_on_one_day_are_reached_and_marked(own):
    standing = three(own, rated_on=[date(2026, 6, 4)] * 3)

    assert (standing.reached[ATTITUDE], standing.mark) == (True, "同一天有3次")


def test_12_2_all_that_catches_the_eye_is_said(own):
    standing = three(own, client=["13600000001"] * 3, network=["n1"] * 3, rated_on=[date(2026, 6, 4)] * 3)

    assert standing.mark == "3次计次来自1位服务对象；3条差评来自同一网络；同一天有3次"


def test_12_3_three_refusals_of_one_day_are_reached_and_marked(own):
    for _ in range(3):
        refusal(own, date(2026, 4, 1))

    assert thresholds.of(own, ON).mark == "同一天有3次"


def test_12_2_two_by_one_client_are_not_marked_yet(own):
    for day in (date(2026, 4, 1), date(2026, 5, 1)):
        attitude(own, day, client="13600000001")

    assert thresholds.of(own, ON).mark == ""


# For all in the same number of queries


@pytest.mark.parametrize("people", [1, 4])
def test_everybody_is_worked_out_in_the_same_number_of_queries(django_assert_num_queries, people):
    for n in range(people):
        expert = make_expert()
        for day in (date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)):
            (attitude, refusal)[n % 2](expert, day + timedelta(days=n))

    with django_assert_num_queries(4):
        found = thresholds.reached(ON)
    assert len(found) == people
    with django_assert_num_queries(4):
        thresholds.near(ON)


def test_an_expert_without_entries_stands_at_nothing(own):
    standing = thresholds.of(own, ON)

    assert (standing.expert, standing.mark) == (own, "")
    assert [list(each.values()) for each in (standing.reached, standing.talks)] == [[False, False], [None, None]]


def test_one_and_all_say_the_same(own):
    for day in (date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)):
        attitude(own, day, client="13600000001")

    assert thresholds.reached(ON) == [thresholds.of(own, ON)]
