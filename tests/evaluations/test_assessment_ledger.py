"""What the ledger of Article 12 does to a year: points lost, a year failed, a release that waits (Article 10(1))."""

from datetime import date

import pytest

from evaluations import actions, assessing, workload
from evaluations.models import Assessment, Strike
from expertteam import clock
from expertteam.regulation import Refused
from tests import make
from tests.evaluations import ledger

pytestmark = pytest.mark.django_db
YEAR = date(2026, 1, 1), date(2026, 12, 31)


@pytest.fixture(autouse=True)
def january():
    with clock.at(date(2027, 1, 20)):
        yield


def vetoes(expert, year=2026):
    return assessing.vetoes(year).get(expert.pk, [])


def refuses(expert, *days):
    for day in days:
        ledger.refusal(expert, day)


@pytest.mark.parametrize(("state", "counted"), [("standing", 1), ("maintained", 1), ("appealed", 0), ("reversed", 0)])
def test_what_stands_in_the_ledger_counts_by_its_day(state, counted):
    expert = make.make_expert()
    ledger.refusal(expert, date(2026, 12, 31), state)
    ledger.attitude(expert, date(2026, 12, 31), state)
    ledger.refusal(expert, date(2027, 1, 1), state)

    found = workload.of(expert, *YEAR)
    assert (found.refusals, found.strikes) == (counted, counted)


@pytest.mark.parametrize(
    ("finding", "stand_downs", "refusals"),
    [("", 1, 0), ("no_reason", 0, 1), ("proper_reason", 0, 0), ("untrue", 0, 0)],
)
def test_a_stand_down_is_one_until_it_is_judged_and_never_counted_twice(finding, stand_downs, refusals):
    expert = make.make_expert()
    offer = make.make_offer("stood_down", expert=expert, answered_at=make.THURSDAY)
    if finding:
        judged = make.make_refusal("judged", kind="stood_down", expert=expert, offer=offer, finding=finding)
        if finding == "no_reason":
            make.make_strike(refusal=judged)

    found = workload.of(expert, *YEAR)
    assert (found.stand_downs, found.refusals) == (stand_downs, refusals)


def test_three_refusals_within_a_year_fail_the_year_of_the_third():
    expert = make.make_expert()
    refuses(expert, date(2026, 6, 1), date(2026, 11, 1), date(2027, 1, 5))

    assert (vetoes(expert, 2026), vetoes(expert, 2027)) == ([], ["第十二条第三项的情形已认定"])


@pytest.mark.parametrize(("third", "reached"), [(date(2027, 3, 1), True), (date(2027, 3, 2), False)])
def test_the_year_of_three_refusals_ends_before_the_anniversary(third, reached):
    expert = make.make_expert()
    refuses(expert, date(2026, 3, 2), date(2026, 4, 1), third)

    assert bool(vetoes(expert, 2027)) is reached


def test_two_refusals_fail_nothing_and_cost_ten_points(reviewer):
    expert = make.make_expert()
    refuses(expert, date(2026, 6, 1), date(2026, 7, 1))
    actions.assess(2026, by=reviewer)
    sheet = Assessment.objects.get()

    assert sheet.inputs["vetoes"] == []
    assert {"无正当理由拒绝2次，每次扣5分": "-10.00"}.items() <= {
        each["words"]: each["points"] for each in sheet.lines
    }.items()


def test_three_of_attitude_fail_the_year_of_the_third_and_each_further_one():
    expert = make.make_expert()
    for day in [date(2026, 3, 5), date(2026, 12, 30), date(2027, 1, 4)]:
        ledger.attitude(expert, day)

    assert (vetoes(expert, 2026), vetoes(expert, 2027)) == ([], ["第十二条第二项的情形已认定"])
    assert vetoes(expert, 2028) == []  # nothing of that year
    ledger.attitude(expert, date(2028, 1, 4))
    assert vetoes(expert, 2028) == ["第十二条第二项的情形已认定"]


def test_an_appeal_that_is_won_takes_the_veto_away():
    expert = make.make_expert()
    for state in ("standing", "standing", "reversed"):
        ledger.attitude(expert, date(2026, 5, 4), state)

    assert vetoes(expert) == []
    ledger.attitude(expert, date(2026, 5, 5), "maintained")
    assert vetoes(expert) == ["第十二条第二项的情形已认定"]


def test_a_year_waits_for_an_appeal(reviewer, leader):
    expert = make.make_expert()
    ledger.refusal(expert, date(2026, 5, 4), "appealed")
    actions.assess(2026, by=reviewer)

    with pytest.raises(Refused, match="计次的申诉还没有复核"):
        actions.release(Assessment.objects.get(), by=leader)


def test_all_vetoes_are_read_in_as_many_queries_as_one(django_assert_num_queries):
    for _ in range(3):
        ledger.attitude(make.make_expert(), date(2026, 5, 4))
    with django_assert_num_queries(3):
        assessing.vetoes(2026)
    assert Strike.objects.count() == 3


@pytest.mark.parametrize(("ground", "vetoed"), [("12(4)", ["第十二条第四项的情形已认定"]), ("12(1)", [])])
@pytest.mark.parametrize("state", ["confirmed", "dismissed"])
def test_a_dismissal_that_was_decided_fails_the_year_of_the_decision_but_not_ones_own_request(state, ground, vetoed):
    case = make.make_dismissal(state, ground=ground)
    year = clock.local(case.decided_at).year

    assert (vetoes(case.expert, year), vetoes(case.expert, year + 1)) == (vetoed, [])


def test_a_case_that_is_not_decided_fails_nothing():
    case = make.make_dismissal("weighed", ground="12(4)")

    assert vetoes(case.expert, 2026) == []


@pytest.mark.parametrize(
    ("state", "waits"), [("lead", True), ("awaiting_reason", True), ("judged", False), ("set_aside", False)]
)
def test_a_year_waits_for_what_was_not_done_to_be_judged(state, waits):
    refusal = make.make_refusal(state)

    assert assessing.pending(2026).get(refusal.expert_id) == ("不履职情况还没有认定" if waits else None)
