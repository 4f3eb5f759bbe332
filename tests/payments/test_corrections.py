"""What was priced is taken back by two people, never edited; what was paid too much is set off (Article 13)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from expertteam import clock
from expertteam.models import CalendarYear
from expertteam.regulation import Refused
from payments import actions
from payments.models import Batch, Claim, Correction, Line, Payout
from tests import make
from tests.conftest import person
from tests.faults import sweep as sweep_of
from tests.payments import pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def expert(_in_april):
    expert = make.make_expert()
    pay.account(expert)
    return expert


@pytest.fixture
def service(expert):
    """Four hours: 500 yuan, collected."""
    service = pay.reviewed(expert, minutes=240)
    actions.collect()
    return service


def proposed(service, cashier, **asked):
    return actions.propose_correction(pay.line_of(service), by=cashier, reason="签到表不符", **asked)


def corrected(service, cashier, auditor, **asked):
    return actions.sign(proposed(service, cashier, **asked), by=auditor)


def amounts(service):
    return [str(each.amount) for each in pay.claim_of(service).lines.order_by("pk")]


def waiting():
    return [str(each.amount) for each in Line.objects.waiting().order_by("pk")]


# What it comes to


@pytest.mark.parametrize(
    ("minutes", "asked", "amount"),
    [
        (570, {"extended": True}, "1000.00"),  # 9.5 h: the half hour counts as one, ten hours
        (569, {"extended": True}, "900.00"),
        (540, {"extended": True}, "900.00"),
        (660, {"extended": True}, "1000.00"),
        (480, {"minutes": 540}, "800.00"),  # nobody approved the ninth hour
        (480, {"minutes": 540, "extended": True}, "900.00"),
        (240, {"minutes": 60}, "300.00"),
        (240, {"minutes": 149}, "300.00"),
        (240, {"minutes": 150}, "400.00"),
        (240, {"outcome": "void_after_review"}, "400.00"),
        (120, {"outcome": "void_after_review"}, "300.00"),
        (240, {"outcome": "void_before_review"}, "100.00"),
    ],
)
def test_the_price_is_that_of_the_work_as_it_was(expert, cashier, auditor, minutes, asked, amount):
    service = pay.reviewed(expert, minutes=minutes)
    actions.collect()
    before = amounts(service)

    corrected(service, cashier, auditor, **asked)

    assert amounts(service) == [*before, f"-{before[0]}", amount]
    assert str(pay.line_of(service).amount) == amount
    assert waiting() == [amount]


def test_9_hours_and_a_half_pay_800_before_anybody_approved_the_extension(expert):
    service = pay.reviewed(expert, minutes=570)
    actions.collect()

    assert amounts(service) == ["800.00"]


def test_void_leaves_nothing(service, cashier, auditor):
    corrected(service, cashier, auditor, void=True)

    assert (amounts(service), waiting()) == (["500.00", "-500.00"], [])
    assert pay.claim_of(service).why_not == "voided"
    assert actions.collect() == (0, 0)


def test_a_corrected_line_leaves_the_day_to_others(expert, cashier, auditor):
    first, second = (pay.reviewed(expert, hour=hour, minutes=240) for hour in (8, 13))
    actions.collect()
    corrected(first, cashier, auditor, void=True)
    third = pay.reviewed(expert, hour=18, minutes=240)
    actions.collect()

    assert [str(pay.line_of(each).amount) for each in (second, third)] == ["300.00", "500.00"]


def test_a_line_that_another_held_down_can_be_worked_out_again(expert, cashier, auditor):
    first, second = (pay.reviewed(expert, hour=hour, minutes=240) for hour in (8, 13))
    actions.collect()
    corrected(first, cashier, auditor, minutes=60)

    corrected(second, cashier, auditor, minutes=240)

    assert [str(pay.line_of(each).amount) for each in (first, second)] == ["300.00", "500.00"]


def test_a_correction_keeps_to_the_standard_of_the_day(service, cashier, auditor):
    corrected(service, cashier, auditor, minutes=180)

    assert pay.line_of(service).schedule.document_number == "晋财购〔2021〕24号"
    assert pay.line_of(service).trace == "3小时：300＋1×100"


def test_a_correction_of_an_unknown_year_is_refused_until_it_is_entered(expert, cashier, auditor):
    service = pay.reviewed(expert, day=date(2026, 12, 31), hour=20, minutes=180)
    with clock.at(date(2027, 1, 4)):
        actions.collect()
        correction = proposed(service, cashier, minutes=300)
        with pytest.raises(Refused, match="放假安排"):
            actions.sign(correction, by=auditor)
        assert amounts(service) == ["400.00"]

        CalendarYear.objects.create(year=2027, source="国办通知")
        actions.sign(correction, by=auditor)

    assert str(pay.line_of(service).amount) == "800.00"  # 4 h 500, and 1 h 300


# Two people, neither the payee


def test_nobody_signs_his_own(service, auditor):
    both = person("both", "cashier", "auditor")
    correction = proposed(service, both, minutes=180)

    for move in (actions.sign, actions.refuse):
        with pytest.raises(Refused, match="不能自己复核"):
            move(correction, by=both, opinion="同意")
    assert amounts(service) == ["500.00"]
    actions.sign(correction, by=auditor)
    assert amounts(service) == ["500.00", "-500.00", "400.00"]


def test_the_payee_neither_proposes_nor_signs(service, expert, cashier, auditor):
    expert.user.groups.set([*cashier.groups.all(), *auditor.groups.all()])
    payee = type(cashier).objects.get(pk=expert.user.pk)

    with pytest.raises(Refused, match="与您本人有关"):
        proposed(service, payee, extended=True)
    correction = proposed(service, cashier, minutes=300)
    with pytest.raises(Refused, match="与您本人有关"):
        actions.sign(correction, by=payee)


@pytest.mark.parametrize("role", ["auditor", "leader", "admin", "expert"])
def test_only_the_cashier_proposes(service, role):
    with pytest.raises(PermissionDenied):
        proposed(service, person("other", role), minutes=180)


@pytest.mark.parametrize("role", ["cashier", "leader", "admin", "expert"])
def test_only_the_auditor_signs(service, cashier, role):
    correction = proposed(service, cashier, minutes=180)

    with pytest.raises(PermissionDenied):
        actions.sign(correction, by=person("other", role))


def test_what_was_not_agreed_changes_nothing_and_may_be_proposed_again(service, cashier, auditor):
    actions.refuse(proposed(service, cashier, minutes=180), by=auditor, opinion="没有依据")
    assert amounts(service) == ["500.00"]

    with pytest.raises(Refused, match="现在的状态是"):
        actions.sign(Correction.objects.get(), by=auditor)
    corrected(service, cashier, auditor, minutes=180)
    assert waiting() == ["400.00"]


# When


def test_one_at_a_time(service, cashier):
    proposed(service, cashier, minutes=180)

    with pytest.raises(Refused, match="已有更正"):
        proposed(service, cashier, minutes=300)


def test_what_was_corrected_is_corrected_by_its_new_line(service, cashier, auditor):
    old = pay.line_of(service)
    corrected(service, cashier, auditor, minutes=180)

    with pytest.raises(Refused, match="请更正新的一笔"):
        actions.propose_correction(old, by=cashier, reason="再改", minutes=60)
    corrected(service, cashier, auditor, minutes=60)

    assert amounts(service) == ["500.00", "-500.00", "400.00", "-400.00", "300.00"]
    assert waiting() == ["300.00"]


@pytest.mark.parametrize("asked", [{}, {"minutes": 240}, {"outcome": "completed"}, {"minutes": 240, "extended": False}])
def test_what_changes_nothing_is_refused(service, cashier, asked):
    with pytest.raises(Refused, match="没有要改的"):
        proposed(service, cashier, **asked)


def test_what_would_have_no_price_is_not_proposed(cashier):
    make.make_rate_schedule(
        "confirmed", effective_from=date(2026, 3, 1), rates={"guidance": {"unit": "session", "amount": "150.00"}}
    )
    service = make.make_service(state="confirmed", kind="guidance", confirmed_via="link", minutes=60)
    actions.collect()

    with pytest.raises(Refused, match="按更正后的情况不能计价：这类活动还没有支付标准"):
        proposed(service, cashier, outcome="void_before_review")


@pytest.mark.parametrize("minutes", [0, -60])
def test_no_work_has_no_length(service, cashier, minutes):
    with pytest.raises(Refused, match="至少1分钟"):
        proposed(service, cashier, minutes=minutes)


@pytest.mark.parametrize("stage", ["make", "submit", "approve"])
def test_not_while_it_is_in_a_batch_on_its_way(service, cashier, auditor, stage):
    batch = actions.make(by=cashier, title="3月", until=date(2026, 3, 31))
    if stage != "make":
        actions.submit(batch, by=cashier)
    if stage == "approve":
        actions.approve(batch, by=auditor, lines=list(batch.lines.all()), check_note="已核对")

    with pytest.raises(Refused, match="在批次里"):
        proposed(service, cashier, minutes=180)
    with pytest.raises(IntegrityError, match="art13_line_never_changes"), transaction.atomic():
        Line.objects.update(live=False)
    assert amounts(service) == ["500.00"]

    if stage == "make":  # the control: out of the batch it goes through
        actions.dissolve(batch, by=cashier)
        corrected(service, cashier, auditor, minutes=180)
        assert waiting() == ["400.00"]


def test_not_before_the_bank_has_answered(service, cashier, auditor, leader):
    pay.released(cashier, auditor, leader)

    with pytest.raises(Refused, match="还没有回盘"):
        proposed(service, cashier, minutes=180)


def test_a_returned_line_is_corrected_by_the_one_that_is_owed_again(service, cashier, auditor, leader):
    old = pay.line_of(service)
    pay.released(cashier, auditor, leader)
    came_back(cashier)

    with pytest.raises(Refused, match="请更正新的一笔"):
        actions.propose_correction(old, by=cashier, reason="签到表不符", minutes=180)
    corrected(service, cashier, auditor, minutes=180)

    assert amounts(service) == ["500.00", "500.00", "-500.00", "400.00"]
    assert waiting() == ["400.00"]


def came_back(cashier):
    """The bank sends the newest payout back; what it was for is owed again."""
    pay.answered(Payout.objects.order_by("-pk").first(), cashier, paid=False)


# After the payment


@pytest.fixture
def paid(service, cashier, auditor, leader):
    """500 yuan released and received in April."""
    pay.released(cashier, auditor, leader)
    pay.answered(Payout.objects.get(), cashier)
    return service


def next_batch(cashier, auditor, leader, on):
    with clock.at(on):
        actions.collect()
        batch = actions.make(by=cashier, title="下一批", until=on)
        actions.submit(batch, by=cashier)
        actions.approve(batch, by=auditor, lines=list(batch.lines.all()), check_note="已核对")
        return actions.release(batch, by=leader)


def last_payout():
    payout = Payout.objects.order_by("-pk").first()
    return str(payout.gross), str(payout.tax), str(payout.amount)


def test_too_little_is_paid_later_and_taxed_with_the_month(paid, cashier, auditor, leader):
    corrected(paid, cashier, auditor, minutes=420)  # 500 → 800
    assert waiting() == ["-500.00", "800.00"]

    next_batch(cashier, auditor, leader, date(2026, 4, 20))

    assert last_payout() == ("300.00", "0.00", "300.00")  # 800 in April: nothing yet


def test_what_was_paid_too_much_is_set_off_in_the_month(paid, expert, cashier, auditor, leader):
    corrected(paid, cashier, auditor, minutes=60)  # 500 → 300
    pay.reviewed(expert, day=date(2026, 4, 3), minutes=480)

    next_batch(cashier, auditor, leader, date(2026, 4, 20))

    assert last_payout() == ("600.00", "60.00", "540.00")  # 1100 in April


def test_what_was_paid_too_much_is_set_off_in_the_next_month(paid, expert, cashier, auditor, leader):
    corrected(paid, cashier, auditor, void=True)
    pay.reviewed(expert, day=date(2026, 4, 3), minutes=600)
    pay.reviewed(expert, day=date(2026, 4, 4), minutes=480)

    next_batch(cashier, auditor, leader, date(2026, 5, 6))

    assert last_payout() == ("1100.00", "60.00", "1040.00")  # 800 + 800 - 500, alone in May


def test_what_is_not_enough_to_set_off_waits_for_more(paid, expert, cashier, auditor, leader):
    corrected(paid, cashier, auditor, void=True)
    pay.reviewed(expert, day=date(2026, 4, 3), minutes=120)  # 300 against 500
    with pytest.raises(Refused, match="抵扣后都不足"):
        next_batch(cashier, auditor, leader, date(2026, 4, 20))
    other = make.make_expert()
    pay.account(other)
    pay.reviewed(other, day=date(2026, 4, 3))
    actions.send_back(Batch.objects.get(state="submitted"), by=auditor, words="先不发")
    actions.dissolve(Batch.objects.get(state="draft"), by=cashier)

    batch = next_batch(cashier, auditor, leader, date(2026, 4, 21))

    assert list(batch.payouts.values_list("expert", flat=True)) == [other.pk]
    assert waiting() == ["-500.00", "300.00"]

    pay.reviewed(expert, day=date(2026, 4, 22), minutes=240)
    next_batch(cashier, auditor, leader, date(2026, 4, 23))
    assert last_payout() == ("300.00", "0.00", "300.00")
    assert waiting() == []


def test_nobody_is_paid_while_his_debt_is_left_out(paid, expert, cashier, auditor):
    corrected(paid, cashier, auditor, void=True)
    service = pay.reviewed(expert, day=date(2026, 4, 3), minutes=600)
    actions.collect()
    back = Line.objects.get(amount__lt=0)
    batch = actions.make(by=cashier, title="4月", until=date(2026, 4, 30))
    actions.submit(batch, by=cashier)

    with pytest.raises(Refused, match="500.00元要抵扣"):
        actions.approve(batch, by=auditor, lines=[pay.line_of(service)], check_note="已核对")
    actions.send_back(batch, by=auditor, words="先不发")
    actions.take_out(batch, by=cashier, lines=[back])
    actions.submit(batch, by=cashier)
    with pytest.raises(Refused, match="500.00元要抵扣"):
        actions.approve(batch, by=auditor, lines=list(batch.lines.all()), check_note="已核对")


def test_a_set_off_that_the_bank_returned_is_set_off_again(paid, expert, cashier, auditor, leader):
    corrected(paid, cashier, auditor, minutes=60)  # 500 → 300
    pay.reviewed(expert, day=date(2026, 4, 3), minutes=480)
    next_batch(cashier, auditor, leader, date(2026, 4, 20))  # 600 gross
    came_back(cashier)

    assert waiting() == ["-500.00", "300.00", "800.00"]
    next_batch(cashier, auditor, leader, date(2026, 4, 22))
    assert last_payout() == ("600.00", "60.00", "540.00")


# Done or not done


def test_sign_is_done_or_not_done(service, cashier, auditor):
    correction = proposed(service, cashier, minutes=180)

    def sign():
        actions.sign(Correction.objects.get(pk=correction.pk), by=auditor)

    faults = sweep_of(sign, [Claim, Line, Correction])

    assert faults > 10
    assert amounts(service) == ["500.00", "-500.00", "400.00"]


def test_propose_is_done_or_not_done(service, cashier):
    faults = sweep_of(lambda: proposed(service, cashier, minutes=180), [Correction])

    assert faults > 5
    assert Correction.objects.count() == 1
