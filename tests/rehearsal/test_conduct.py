"""What a rehearsal makes of Article 12 and of a year: every ground, every way of being heard, and its papers."""

from datetime import date, timedelta

import pytest

from evaluations.models import Assessment, Dismissal, Honour, Merit, RatingCase, Refusal, Report, Scheme
from experts.models import Expert
from expertteam import clock
from expertteam.demo_life.clients import keep_hours
from expertteam.rehearsal import conduct, dismissals, findings, merits
from tests.make import make_expert
from tests.rehearsal.lives import MARCH, bureau, jobs, live

pytestmark = pytest.mark.django_db
CLOCKS = ["lapse reasons of refusals", "lapse statements on ratings", "lapse defences"]


def desks(it):
    """Those who look into things, and take up what the ledger opens."""
    yield from findings.stories(it)
    yield findings.every_working_day(it, 9, conduct.of_the_ledger, lambda case: dismissals.course(it, case))
    yield from jobs(it, *CLOCKS)


@pytest.mark.parametrize(
    ("way", "ground", "until"),
    [
        (conduct.resigned, "12(1)", date(2026, 4, 30)),
        (conduct.rude, "12(2)", date(2026, 9, 30)),
        (conduct.absent, "12(3)", date(2026, 8, 31)),
        (conduct.sold, "12(4)", date(2026, 7, 31)),
        (conduct.told_tales, "12(5)", date(2026, 6, 30)),
        (conduct.convicted, "12(6)", date(2026, 6, 30)),
    ],
)
def test_every_ground_comes_to_a_dismissal(way, ground, until):
    it = bureau(3, until)

    live(it, keep_hours(), *desks(it), conduct.begun(it, conduct.Chosen(it), way, MARCH))

    assert not it.agenda.refused
    assert [(each.ground, each.state) for each in Dismissal.objects.all()] == [(ground, "dismissed")]
    assert Expert.objects.serving(until).count() == 2


@pytest.mark.parametrize(
    ("way", "state"), [(conduct.warned, "kept"), (conduct.cleared, "dropped"), (conduct.stays, "dropped")]
)
def test_not_every_case_ends_so(way, state):
    it = bureau(3, date(2026, 6, 30))

    live(it, *desks(it), conduct.begun(it, conduct.Chosen(it), way, MARCH))

    assert Dismissal.objects.get().state == state
    assert Expert.objects.serving(date(2026, 6, 30)).count() == 3


def test_the_cases_of_a_life_are_heard_in_every_way():
    it, grounds = bureau(8, date(2026, 6, 30)), ["12(4)", "12(5)", "12(6)"]
    experts = Expert.objects.order_by("pk")[:7]

    def accused(expert, ground):
        yield clock.instant(MARCH, 10)
        yield from conduct.accused(it, expert, ground)

    live(it, *jobs(it, "lapse defences"), *(accused(expert, grounds[n % 3]) for n, expert in enumerate(experts)))

    ways = Dismissal.objects.values_list("heard_how", flat=True)
    assert set(ways) == {"statement", "waiver", "lapse", "hearing", "missed"}
    assert set(Dismissal.objects.values_list("state", flat=True)) == {"dismissed"}
    assert Dismissal.objects.exclude(extension="").exists()


def test_a_case_outlived_by_its_term_is_dropped():
    it = bureau(0, date(2026, 4, 30))
    leaves = make_expert(first_day=date(2023, 3, 10))

    def accused():
        yield clock.instant(MARCH, 10)
        yield from conduct.accused(it, leaves, "12(5)")

    live(it, accused())

    assert Dismissal.objects.get().state == "dropped"


def test_nobody_is_chosen_twice_nor_the_account_that_is_printed():
    it = bureau(3, date(2026, 4, 30))
    Expert.objects.filter(pk=Expert.objects.order_by("pk").first().pk).update(user=it.accounts["expert"])
    chosen = conduct.Chosen(it)

    with clock.at(MARCH):
        found = [chosen.another() for _ in range(3)]

    assert set(found[:2]) == set(Expert.objects.exclude(user__username="expert"))
    assert found[2] is None


@pytest.mark.parametrize(
    ("experts", "ways"),
    [(20, {*conduct.ENDINGS, *conduct.OTHERS, conduct.reported}), (1, {conduct.reported})],
    ids=["whole", "alone"],
)
def test_a_team_of_twenty_meets_every_ending_and_a_smaller_one_as_many_as_it_can_bear(monkeypatch, experts, ways):
    begun, it = [], bureau(experts, date(2027, 3, 1))
    monkeypatch.setattr(conduct, "begun", lambda it, chosen, way, day: begun.append(way) or iter([clock.now()]))

    live(it, conduct.misconduct(it, conduct.Chosen(it)))

    assert set(begun) == ways


def test_what_was_not_done_is_looked_into():
    it = bureau(4, date(2026, 5, 29))
    experts = list(Expert.objects.order_by("pk"))

    def missed(expert):
        yield clock.instant(MARCH, 10)
        conduct.actions.open_refusal(expert, by=it.accounts["intake"], day=MARCH, what="没有到会。")

    live(it, *desks(it), *(missed(expert) for expert in experts))

    assert set(Refusal.objects.values_list("state", "finding")) == {("judged", "no_reason")}


def test_a_report_is_answered_whatever_came_of_it():
    it = bureau(8, date(2026, 5, 29))
    chosen = conduct.Chosen(it)

    live(it, *(conduct.begun(it, chosen, conduct.reported, MARCH) for _ in range(8)))

    assert not it.agenda.refused
    assert list(Report.objects.values_list("state", flat=True)) == ["answered"] * 8
    assert set(Report.objects.values_list("upheld", flat=True)) >= {None, False}


def test_a_year_is_assessed_released_and_honoured():
    it = bureau(6, date(2027, 5, 31))

    live(it, *merits.stories(it))

    assert not it.agenda.refused
    sheets = Assessment.objects.filter(year=2026)
    assert sheets.current().count() == 6
    assert set(sheets.values_list("state", flat=True)) <= {"released", "contested", "settled"}
    assert Merit.objects.filter(year=2026).exists()
    assert Honour.objects.exists()
    assert Scheme.objects.of_year(2027).effective_year == 2027
    assert Scheme.objects.of_year(2026).effective_year == 2026


def test_poor_words_of_one_hand_count_for_nothing():
    it = bureau(1, date(2026, 6, 30))

    live(it, keep_hours(), *desks(it), conduct.begun(it, conduct.Chosen(it), conduct.smeared, MARCH))

    cases = RatingCase.objects.order_by("pk")
    assert [each.state for each in cases] == ["closed"] * 3
    assert [each.finding for each in cases if each.flag] == ["malicious"] * 3
    assert not Dismissal.objects.exists()


def test_poor_words_are_rung_up_explained_found_and_closed():
    it = bureau(2, date(2026, 6, 30))
    expert = Expert.objects.order_by("pk").first()
    chosen = conduct.Chosen(it)

    def complained():
        for _ in range(2):
            it.agenda.tell(conduct.consulting.request(it, chosen.clients.newcomer(it), clock.today(), sore=expert.pk))
            yield clock.now() + timedelta(days=9)

    live(it, keep_hours(), *desks(it), complained())

    assert list(RatingCase.objects.values_list("state", "finding")) == [("closed", "upheld_attitude")] * 2
