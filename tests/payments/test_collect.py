"""Every piece of confirmed work is claimed once and priced by what was in force on its day (Article 13)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from expertteam import clock
from expertteam.models import CalendarDay, CalendarYear
from expertteam.regulation import Refused
from payments import actions
from payments.models import Claim, Line, Payee
from services.actions import panel as panels
from tests import make
from tests.conftest import person
from tests.payments import pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def expert(_in_april):
    return make.make_expert()


def standard(effective_from=date(2026, 1, 1), *, scope="review", kind="review", number="并财〔2026〕1号", **numbers):
    """A schedule in force with one priced rate, that supersedes the one the portal brings along."""
    rates = {kind: {"unit": "hour", "amount": "100"} | numbers}
    return make.make_rate_schedule(
        "confirmed", rates=rates, scope=scope, effective_from=effective_from, document_number=number
    )


def prices(*services):
    """Amount of the live line of each, None where there is none."""
    lines = dict(Line.objects.live().values_list("claim__service", "amount"))
    return [str(lines[each.pk]) if each.pk in lines else None for each in services]


def only_claim():
    return Claim.objects.get()


# Once


def test_a_source_is_claimed_once(expert):
    service = pay.reviewed(expert)
    actions.collect()
    first = only_claim()
    twin = Claim(
        kind="service", service=service, expert=expert, activity="review", income="consulting", day=first.day,
        started_at=first.started_at, minutes=first.minutes,
    )  # fmt: skip

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()

    other = pay.reviewed(expert, day=date(2026, 3, 12))  # the control: the same of another review is taken
    twin.service, twin.day, twin.started_at = other, date(2026, 3, 12), other.started_at
    twin.save()
    assert Claim.objects.count() == 2


def test_collecting_again_and_again_adds_nothing(expert):
    pay.reviewed(expert)
    make.make_service(state="confirmed", confirmed_via="link", expert=expert)
    done = [actions.collect() for _ in range(3)]

    assert [(each.done, each.left) for each in done] == [(2, 0), (0, 0), (0, 0)]
    assert (Claim.objects.count(), Line.objects.count()) == (2, 1)


def test_a_limit_leaves_the_rest_for_the_next_time(expert):
    for number in range(5):
        pay.reviewed(expert, day=date(2026, 3, 10 + number))

    assert [actions.collect(2) for _ in range(4)] == [(2, 3), (2, 1), (1, 0), (0, 0)]


@pytest.mark.parametrize("state", ["draft", "logged", "queried", "unanswered", "rejected"])
def test_what_nobody_confirmed_is_not_claimed(expert, state):
    make.make_service(state=state, kind="review", expert=expert)
    make.make_service(state="confirmed", kind="review", expert=expert)  # the control

    assert actions.collect().done == 1
    assert only_claim().service.state == "confirmed"


def test_the_bureaus_own_minutes_count_before_those_of_the_log(expert):
    service = make.make_service(state="ruled", kind="review", expert=expert, minutes=400, ruled_minutes=190)

    actions.collect()

    assert (pay.claim_of(service).minutes, prices(service)) == (190, ["400.00"])


# Never


def test_own_staff_is_never_paid():
    officer = person("officer", "matcher")
    service = pay.reviewed(make.make_expert(user=officer))
    control = pay.reviewed()

    actions.collect()

    assert (pay.claim_of(service).why_not, prices(service, control)) == ("staff", [None, "500.00"])


def test_out_of_term_is_never_paid(expert):
    before, first = (pay.reviewed(expert, day=day) for day in (date(2026, 2, 27), date(2026, 3, 1)))

    actions.collect()

    assert (pay.claim_of(before).why_not, prices(before, first)) == ("out_of_term", [None, "500.00"])


def test_after_a_term_was_ended_early_nothing_is_paid(expert):
    last, after = (pay.reviewed(expert, day=day) for day in (date(2026, 3, 10), date(2026, 3, 11)))
    make.end_early(expert.appointments.all(), date(2026, 3, 11))

    actions.collect()

    assert (prices(last, after), pay.claim_of(after).why_not) == (["500.00", None], "out_of_term")


# Reviews that came to nothing


@pytest.fixture
def arrived(expert):
    """A member has signed in at 09:30 to a review that is planned until 12:30."""
    return make.make_seat("present", expert=expert)


def cancelled(seat, leader, at):
    with clock.at(at):
        panels.cancel(seat.panel, by=leader, reason="项目撤回")


@pytest.mark.parametrize(
    ("ended", "minutes", "amount"),
    [
        (clock.instant(date(2026, 3, 3), 11, 29), 119, "300.00"),
        (clock.instant(date(2026, 3, 3), 11, 30), 120, "300.00"),
        (clock.instant(date(2026, 3, 3), 12, 30), 180, "400.00"),
        (clock.instant(date(2026, 3, 3), 18, 30), 540, "400.00"),
        (clock.instant(date(2026, 3, 30), 9), 180, "400.00"),  # on paper, weeks later: until it was to end
    ],
)
def test_called_off_in_the_room_pays_300_or_400(arrived, leader, ended, minutes, amount):
    cancelled(arrived, leader, ended)

    actions.collect()

    claim = only_claim()
    assert (claim.outcome, claim.minutes) == ("void_after_review", minutes)
    assert str(claim.lines.get().amount) == amount


def test_called_off_before_it_began_pays_100(expert, leader):
    panel = make.make_panel("seated")
    seat = make.make_seat("present", expert=expert, panel=panel)

    cancelled(seat, leader, clock.instant(date(2026, 3, 3), 10))
    actions.collect()

    assert (only_claim().outcome, str(only_claim().lines.get().amount)) == ("void_before_review", "100.00")


def test_recused_at_the_door_pays_100(expert):
    make.make_seat("stood_down", expert=expert, why="recused", signed_in_at=make.REVIEW)

    actions.collect()

    assert (only_claim().outcome, str(only_claim().lines.get().amount)) == ("void_before_review", "100.00")


@pytest.mark.parametrize("fields", [{"why": "recused"}, {"why": "left", "signed_in_at": make.REVIEW}])
def test_who_never_came_or_left_without_leave_has_no_claim(expert, fields):
    make.make_seat("stood_down", expert=expert, **fields)

    assert actions.collect() == (0, 0)
    assert not Claim.objects.exists()


def test_who_did_not_sign_in_to_a_review_that_was_called_off_has_no_claim(expert, leader):
    seat = make.make_seat("accepted", expert=expert)
    cancelled(seat, leader, clock.instant(date(2026, 3, 3), 11))

    assert actions.collect() == (0, 0)


def test_a_standard_silent_on_reviews_called_off_stops_nothing_else(expert):
    standard()
    make.make_seat("stood_down", expert=expert, why="recused", signed_in_at=make.REVIEW)
    service = pay.reviewed(expert)

    actions.collect()

    assert Claim.objects.get(kind="seat").why_not == "unpriced"
    assert prices(service) == ["400.00"]


# Days


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        (date(2026, 5, 1), "1000.00"),  # Labour Day: 500 doubled
        (date(2026, 5, 4), "500.00"),  # bridged
        (date(2026, 5, 9), "500.00"),  # a Saturday of work
        (date(2026, 4, 5), "1000.00"),  # a Sunday that is Tomb Sweeping Day
        (date(2026, 4, 6), "500.00"),
        (date(2026, 10, 3), "1000.00"),
        (date(2026, 10, 5), "500.00"),
    ],
)
def test_only_holidays_by_law_are_doubled(expert, day, amount):
    service = pay.reviewed(expert, day=day, minutes=240)

    actions.collect()

    assert prices(service) == [amount]


def test_an_unknown_year_waits_for_its_calendar(expert):
    service = pay.reviewed(expert, day=date(2028, 10, 1), minutes=240)
    with clock.at(date(2028, 11, 2)):
        actions.collect()
    waits = pay.claim_of(service).why_not

    with clock.at(date(2028, 11, 3)):
        year = CalendarYear.objects.create(year=2028, source="国务院办公厅通知")
        CalendarDay.objects.create(year=year, date=date(2028, 10, 1), kind="holiday", name="国庆节")
    with clock.at(date(2028, 11, 4)):
        actions.collect()

    assert (waits, pay.claim_of(service).why_not, prices(service)) == ("calendar", "", ["1000.00"])


def test_a_review_past_midnight_is_two_days(expert):
    service = pay.reviewed(expert, hour=21, minutes=420)  # 3 h on the 10th, 4 h on the 11th

    actions.collect()

    line = pay.line_of(service)
    assert str(line.amount) == "900.00"
    assert line.inputs["parts"] == [["2026-03-10", "400.00"], ["2026-03-11", "500.00"]]
    assert line.trace == "3月10日3小时：300＋1×100；3月11日4小时：300＋2×100"


def test_a_training_of_three_days_is_paid_less_from_the_third_on(expert):
    later = {"unit": "day", "amount": "800", "later_from": 3, "later_share": "0.50"}
    standard(scope="guidance", kind="training", number="并人社发〔2026〕9号", effective_from=date(2026, 3, 1), **later)
    training = make.make_activity("closed", kind="training")
    service = make.make_service(
        state="confirmed", confirmed_via="attendance", kind="activity", activity=training, expert=expert,
        started_at=clock.instant(date(2026, 3, 10), 9), minutes=3360,
    )  # fmt: skip

    actions.collect()

    assert str(pay.line_of(service).amount) == "2000.00"


def test_past_midnight_only_the_holiday_is_doubled(expert):
    service = pay.reviewed(expert, day=date(2026, 4, 30), hour=22, minutes=240)

    actions.collect()

    assert prices(service) == ["900.00"]  # 300, and 300 doubled


# Caps


def test_two_reviews_of_one_day_share_its_cap(expert):
    first, second, third = (pay.reviewed(expert, hour=hour, minutes=240) for hour in (8, 13, 18))
    other = pay.reviewed(minutes=240)  # somebody else has a day of his own

    actions.collect()

    assert prices(first, second, third, other) == ["500.00", "300.00", "0.00", "500.00"]


def test_the_day_counts_whenever_its_parts_are_collected(expert):
    next_day = pay.reviewed(expert, day=date(2026, 3, 11), hour=9, minutes=480)
    actions.collect()
    night = pay.reviewed(expert, day=date(2026, 3, 10), hour=22, minutes=360)  # 2 h, and 4 h of the 11th
    actions.collect()

    assert prices(next_day, night) == ["800.00", "300.00"]


def test_a_month_is_capped_whatever_the_order(expert):
    standard(unit="session", amount="400", month_cap="1000", part="half_up")
    late = pay.reviewed(expert, day=date(2026, 3, 25))
    actions.collect()
    early, april = pay.reviewed(expert, day=date(2026, 3, 10)), pay.reviewed(expert, day=date(2026, 4, 1))
    actions.collect()
    last = pay.reviewed(expert, day=date(2026, 3, 12))
    actions.collect()

    assert prices(late, early, last, april) == ["400.00", "400.00", "200.00", "400.00"]


def test_a_month_is_capped_within_one_night(expert):
    standard(amount="100", month_cap="500")
    service = pay.reviewed(expert, hour=20, minutes=480)  # 4 h and 4 h

    actions.collect()

    assert prices(service) == ["500.00"]


def test_a_year_is_capped(expert):
    standard(unit="session", amount="400", year_cap="600")
    first, second = pay.reviewed(expert, day=date(2026, 12, 31)), pay.reviewed(expert, day=date(2026, 3, 10))
    with clock.at(date(2027, 1, 8)):
        CalendarYear.objects.get_or_create(year=2027, defaults={"source": "国办通知"})
        actions.collect()
        january = pay.reviewed(expert, day=date(2027, 1, 4))
        actions.collect()

    assert prices(first, second, january) == ["400.00", "200.00", "400.00"]


# Standards


def test_the_standard_of_the_day_of_service_holds(expert):
    standard(date(2026, 3, 15), amount="150")
    before, after = pay.reviewed(expert, day=date(2026, 3, 14)), pay.reviewed(expert, day=date(2026, 3, 15))

    actions.collect()

    assert prices(before, after) == ["500.00", "600.00"]


def test_a_new_standard_prices_nothing_anew(expert):
    service = pay.reviewed(expert)
    actions.collect()

    standard(date(2026, 3, 1), amount="150")
    actions.collect()

    assert prices(service) == ["500.00"]
    assert Line.objects.count() == 1


def test_a_range_waits_for_an_agreed_sum_and_keeps_to_it(expert, cashier):
    standard(
        scope="guidance", kind="consulting", number="并人社发〔2026〕9号", unit="session", amount="300", most="500"
    )
    service = make.make_service(state="confirmed", confirmed_via="link", expert=expert)
    actions.collect()
    claim = only_claim()
    assert claim.why_not == "range"

    for outside in ("299.99", "500.01", "0.00"):
        with pytest.raises(Refused, match="幅度内"):
            actions.agree(claim, by=cashier, agreed=Decimal(outside), agreed_why="谈定")
    actions.agree(claim, by=cashier, agreed=Decimal("420.00"), agreed_why="谈定")

    assert prices(service) == ["420.00"]
    assert pay.claim_of(service).why_not == ""
    with pytest.raises(Refused, match="不用定金额"):
        actions.agree(claim, by=cashier, agreed=Decimal("430.00"), agreed_why="再谈")


def test_titles_have_their_own_rate(expert):
    schedule = standard(scope="guidance", kind="lecture", number="并人社发〔2026〕9号")
    with make.unguarded("art13_no_rate_is_added_later"):
        schedule.rates.create(kind="consulting", tier="senior", unit="session", amount="500", net=True)
        schedule.rates.create(kind="consulting", tier="other", unit="session", amount="300")
    Payee.objects.create(expert=expert, tier="senior")
    mine, other = (
        make.make_service(state="confirmed", confirmed_via="link", expert=each) for each in (expert, make.make_expert())
    )

    actions.collect()

    assert prices(mine, other) == ["500.00", "300.00"]
    assert [pay.line_of(each).net for each in (mine, other)] == [True, False]


def test_what_had_no_price_is_tried_again_when_a_standard_comes_and_else_once_a_day(expert):
    service = make.make_service(state="confirmed", confirmed_via="link", expert=expert)
    assert actions.collect() == (1, 0)
    assert actions.collect() == (0, 0)
    standard(scope="guidance", kind="consulting", number="并人社发〔2026〕9号", unit="session", amount="300")
    # Written before the last try by its date, committed after: it is found the day after at the latest.
    with clock.at(date(2026, 4, 4)):
        assert actions.collect() == (1, 0)
        assert actions.collect() == (0, 0)

    assert prices(service) == ["300.00"]


# As many questions for thirty as for three


def test_thirty_ask_no_more_than_three(expert, django_assert_max_num_queries):
    actions.collect()
    counts = []
    for many, month in ((3, 3), (30, 4)):
        for number in range(many):
            pay.reviewed(expert, day=date(2026, month, 1 + number % 30))
        with django_assert_max_num_queries(100) as asked:
            actions.collect()
        counts.append(len(asked))

    assert counts[0] == counts[1]
