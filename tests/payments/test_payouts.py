"""What each expert gets of a batch, and what is withheld of it: by the month, to the fen (Article 13)."""

from datetime import date
from decimal import Decimal

import pytest

from expertteam import clock
from expertteam.models import Policy
from expertteam.regulation import Refused
from payments import actions
from payments.models import Line, Payee, Payout
from payments.money import Total
from payments.payouts import reference
from tests import make
from tests.payments import pay

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 6)


@pytest.fixture(autouse=True)
def _in_may():
    with clock.at(MAY):
        yield


@pytest.fixture
def expert(_in_may):
    expert = make.make_expert()
    pay.account(expert)
    return expert


@pytest.fixture
def send(cashier, auditor, leader):
    """All that is owed, made, checked and released: the payouts as gross, tax, amount."""

    def send(on=MAY):
        with clock.at(on):
            pay.confirm_rates()
            batch = pay.submitted(cashier, until=on)
            actions.approve(batch, by=auditor, lines=list(batch.lines.all()), check_note="已核对")
            actions.release(batch, by=leader)
            return [figures(each) for each in batch.payouts.all()]

    return send


def figures(payout):
    return tuple(str(getattr(payout, name)) for name in ("gross", "tax", "amount"))


def priced(kind, amount, **numbers):
    """The bureau has entered what an activity pays."""
    rates = {kind: {"unit": "session", "amount": amount} | numbers}
    make.make_rate_schedule("confirmed", rates=rates, effective_from=date(2026, 2, 1))


def held(expert, kind="consulting", day=date(2026, 4, 8), **fields):
    """An hour of something else than a review."""
    return make.make_service(
        state="confirmed", confirmed_via="link", expert=expert, kind=kind, started_at=clock.instant(day, 14), **fields
    )


def lectured(expert, day=date(2026, 4, 8)):
    lecture = make.make_activity("closed", kind="lecture")
    return held(expert, "activity", day, activity=lecture)


@pytest.fixture
def come_back(cashier):
    """The bank sends a payout back; what it was for is owed again."""
    return lambda payout: pay.answered(payout, cashier, paid=False)


# Income tax of a month


def test_the_months_payments_are_taxed_as_one(expert, send):
    """domain.md §2.1, example 2: 300, 800, 400, 900 in one month."""
    sent = []
    for day, minutes in ((8, 120), (11, 480), (12, 180)):
        pay.reviewed(expert, day=date(2026, 4, day), minutes=minutes)
        sent += send(date(2026, 5, day))
    priced("consulting", "900")
    held(expert)
    sent += send(date(2026, 5, 20))

    assert sent == [
        ("300.00", "0.00", "300.00"),
        ("800.00", "60.00", "740.00"),
        ("400.00", "80.00", "320.00"),
        ("900.00", "180.00", "720.00"),
    ]


def test_each_month_begins_anew(expert, send):
    pay.reviewed(expert, day=date(2026, 4, 8), minutes=480)
    first = send(date(2026, 5, 29))
    pay.reviewed(expert, day=date(2026, 4, 9), minutes=480)

    assert [first, send(date(2026, 6, 1))] == [[("800.00", "0.00", "800.00")]] * 2


def test_lecturing_is_an_income_of_its_own(expert, send):
    priced("lecture", "4800")
    lectured(expert)
    pay.reviewed(expert, day=date(2026, 4, 9), minutes=480)

    assert send() == [("800.00", "0.00", "800.00"), ("4800.00", "768.00", "4032.00")]


def test_30000_in_a_month_take_5200(expert, send):
    priced("lecture", "30000")
    lectured(expert)

    assert send() == [("30000.00", "5200.00", "24800.00")]


def test_one_who_is_no_resident_pays_by_his_own_table(expert, send):
    Payee.objects.create(expert=expert, resident=False)
    priced("consulting", "5000")
    held(expert)

    assert send() == [("5000.00", "190.00", "4810.00")]


def test_what_was_paid_to_one_who_was_no_resident_is_none_of_a_residents_income(expert, send):
    payee = Payee.objects.create(expert=expert, resident=False)
    priced("consulting", "4000")
    held(expert)
    first = send(date(2026, 5, 8))
    payee.resident = True
    payee.save()
    pay.reviewed(expert, day=date(2026, 4, 9), minutes=120)

    assert first == [("4000.00", "110.00", "3890.00")]
    assert send(date(2026, 5, 9)) == [("300.00", "0.00", "300.00")]


# Rates after tax


def test_2400_after_tax_are_2800_before(expert, send):
    priced("consulting", "2400", net=True)
    held(expert)

    assert send() == [("2800.00", "400.00", "2400.00")]
    assert str(Line.objects.get().amount) == "2400.00"


def test_after_tax_means_after_that_of_the_whole_month(expert, send):
    """800 were paid, untaxed: 3000 more are taxed with 600, and 2400 are left."""
    pay.reviewed(expert, day=date(2026, 4, 8), minutes=480)
    first = send(date(2026, 5, 8))
    priced("consulting", "2400", net=True)
    held(expert)

    assert first == [("800.00", "0.00", "800.00")]
    assert send(date(2026, 5, 9)) == [("3000.00", "600.00", "2400.00")]


def test_before_and_after_tax_in_one_batch(expert, send):
    priced("consulting", "2400", net=True)
    held(expert)
    pay.reviewed(expert, day=date(2026, 4, 8), minutes=480)

    assert send() == [("3800.00", "600.00", "3200.00")]  # 800 untaxed, 3000 that leave 2400


def test_after_tax_is_what_it_says_though_tax_was_withheld_for_what_came_back(expert, send, come_back):
    """800 are left untaxed, 800 more of 1000. The first come back: of 1000 no tax is due, 200 were withheld."""
    priced("consulting", "800", net=True)
    sent = []
    for day in (8, 9):
        held(expert, day=date(2026, 4, day))
        sent += send(date(2026, 5, day))
    come_back(Payout.objects.order_by("pk").first())

    assert sent == [("800.00", "0.00", "800.00"), ("1000.00", "200.00", "800.00")]
    assert send(date(2026, 5, 12)) == [("800.00", "0.00", "800.00")]


# What was paid too much, of the one before tax and of the other after it


def take_back(service, cashier, auditor):
    """It should not have been paid at all."""
    correction = actions.propose_correction(pay.line_of(service), by=cashier, reason="没有这次服务", void=True)
    actions.sign(correction, by=auditor)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 5, 12), ("2300.00", "400.00", "1900.00")),  # 500 and 1900 are the 2400 of 2800 before tax
        (date(2026, 6, 8), ("2175.00", "275.00", "1900.00")),
    ],
)
def test_a_sum_before_tax_is_set_off_against_one_after_tax(expert, send, cashier, auditor, on, expected):
    wrong = pay.reviewed(expert, day=date(2026, 4, 8), minutes=240)
    first = send(date(2026, 5, 8))
    pay.answered(Payout.objects.get(), cashier)
    take_back(wrong, cashier, auditor)
    priced("consulting", "2400", net=True)
    held(expert)

    assert (first, send(on)) == ([("500.00", "0.00", "500.00")], [expected])


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 5, 12), ("400.00", "80.00", "320.00")),  # 2400 and 320 are what is left of 3200
        (date(2026, 6, 8), ("320.00", "0.00", "320.00")),
    ],
)
def test_a_sum_after_tax_is_set_off_against_one_before_tax(expert, send, cashier, auditor, on, expected):
    priced("consulting", "2400", net=True)
    wrong = held(expert)
    first = send(date(2026, 5, 8))
    pay.answered(Payout.objects.get(), cashier)
    take_back(wrong, cashier, auditor)
    for day in (9, 10, 13, 14):
        pay.reviewed(expert, day=date(2026, 4, day), minutes=480)

    assert (first, send(on)) == ([("2800.00", "400.00", "2400.00")], [expected])


def test_what_is_taken_back_after_tax_waits_where_tax_leaves_less(expert, send, cashier, auditor):
    """Of 2000 before tax 1760 are left, of which 1800 cannot be taken back."""
    priced("consulting", "1800", net=True)
    wrong = held(expert)
    send(date(2026, 5, 8))
    pay.answered(Payout.objects.get(), cashier)
    take_back(wrong, cashier, auditor)
    for day, minutes in ((9, 480), (10, 480), (13, 180)):
        pay.reviewed(expert, day=date(2026, 4, day), minutes=minutes)

    with pytest.raises(Refused, match="没有可以发放的"):
        send(date(2026, 6, 8))


# What the bank sent back


def test_what_its_own_tax_would_eat_up_waits_for_more(expert, send, come_back, cashier, auditor):
    """Of 800, 3200 and 4000 the second come back: of 4800 left, 128 too little were withheld, more than 100 can bear."""
    sent = []
    for on, days in ((8, [1]), (11, [2, 3, 7, 8]), (12, [9, 10, 13, 14, 15])):
        for day in days:
            pay.reviewed(expert, day=date(2026, 4, day), minutes=480)
        sent += send(date(2026, 5, on))
    come_back(Payout.objects.order_by("pk")[1])
    priced("consulting", "100")
    held(expert)
    batch = pay.submitted(cashier, until=MAY)

    with pytest.raises(Refused, match="没有可以发放的"):
        actions.approve(batch, by=auditor, lines=list(batch.lines.filter(amount=100)), check_note="已核对")

    assert sent == [("800.00", "0.00", "800.00"), ("3200.00", "640.00", "2560.00"), ("4000.00", "640.00", "3360.00")]
    actions.approve(batch, by=auditor, lines=list(batch.lines.all()), check_note="已核对")
    assert [figures(each) for each in batch.payouts.all()] == [("3300.00", "656.00", "2644.00")]


def test_what_came_back_is_no_income_of_the_month(expert, send, come_back):
    pay.reviewed(expert, day=date(2026, 4, 8), minutes=480)
    pay.reviewed(expert, day=date(2026, 4, 9), minutes=420)
    first = send(date(2026, 5, 8))
    come_back(Payout.objects.get())

    assert first == send(date(2026, 5, 12)) == [("1600.00", "160.00", "1440.00")]


def test_what_was_withheld_for_what_came_back_is_not_withheld_again(expert, send, come_back):
    """500 sent, then 800 taxed with them as 1300: 100. The 500 come back and go out again: no more is due."""
    pay.reviewed(expert, day=date(2026, 4, 8), minutes=240)
    first = send(date(2026, 5, 8))
    pay.reviewed(expert, day=date(2026, 4, 9), minutes=480)
    second = send(date(2026, 5, 11))
    come_back(Payout.objects.order_by("pk").first())

    third = send(date(2026, 5, 12))

    assert first == [("500.00", "0.00", "500.00")]
    assert second == [("800.00", "100.00", "700.00")]
    assert third == [("500.00", "0.00", "500.00")]


# Value added tax


@pytest.fixture
def vat(db):
    Policy.objects.create(key="withhold_vat", value=1, effective_from=date(2026, 5, 1), source="税务通知")


def of(payout):
    return tuple(str(getattr(payout, name)) for name in ("gross", "vat", "surcharges", "tax", "amount"))


def test_until_it_is_switched_on_nothing_is_withheld(expert, send):
    pay.reviewed(expert, day=date(2026, 5, 1), minutes=480)
    send()

    assert of(Payout.objects.get()) == ("1600.00", "0.00", "0.00", "160.00", "1440.00")


def test_1600_of_a_holiday_as_the_illustration_says(expert, send, vat):
    pay.reviewed(expert, day=date(2026, 5, 1), minutes=480)
    send()

    assert of(Payout.objects.get()) == ("1600.00", "15.84", "0.95", "156.64", "1426.57")


def test_a_usual_day_stays_below_the_threshold(expert, send, vat):
    for day in (8, 9):
        pay.reviewed(expert, day=date(2026, 4, day), minutes=480)
    send()

    assert of(Payout.objects.get()) == ("1600.00", "0.00", "0.00", "160.00", "1440.00")


@pytest.mark.parametrize(("amount", "tax"), [("1009.99", "0.00"), ("1010.00", "10.00")])
def test_the_threshold_to_the_fen(expert, send, vat, amount, tax):
    priced("consulting", amount)
    held(expert)
    send()

    assert str(Payout.objects.get().vat) == tax


def test_all_of_one_day_counts_together_over_kinds_and_batches(expert, send, vat):
    priced("lecture", "800")
    pay.reviewed(expert, day=date(2026, 4, 8), minutes=480)
    send(date(2026, 5, 8))
    lectured(expert)
    send(date(2026, 5, 11))

    assert [of(each)[:3] for each in Payout.objects.order_by("pk")] == [
        ("800.00", "0.00", "0.00"),
        ("800.00", "15.84", "0.95"),  # of 1600 together
    ]


def test_what_is_taken_back_takes_no_tax(expert, send, vat, cashier, auditor):
    """1600 paid and taxed; corrected to 600, with 2000 of another holiday: no tax is due of a day twice."""
    pay.reviewed(expert, day=date(2026, 5, 1), minutes=480)
    send()
    pay.answered(Payout.objects.get(), cashier)
    line = Line.objects.live().get()
    actions.sign(actions.propose_correction(line, by=cashier, reason="不符", minutes=60), by=auditor)
    pay.reviewed(expert, day=date(2026, 5, 2), minutes=480)

    send(date(2026, 5, 12))

    # -1600 + 600 + 1600 = 600: of the 1st nothing more, of the 2nd 15.84
    assert of(Payout.objects.order_by("-pk").first())[:3] == ("600.00", "15.84", "0.95")


def test_of_a_day_that_came_back_the_tax_is_due_once_more_and_not_of_twice_the_sum(expert, send, vat, come_back):
    pay.reviewed(expert, day=date(2026, 5, 1), minutes=480)
    first = send()
    come_back(Payout.objects.get())

    assert first == send(date(2026, 5, 12)) == [("1600.00", "156.64", "1426.57")]
    assert [of(each)[1] for each in Payout.objects.all()] == ["15.84", "15.84"]


# The bank's remark


def test_references_are_twenty_characters_and_never_alike():
    batches = [make.make_batch(number=f"BC2604{n:04d}") for n in range(1, 5)]
    found = [reference(batch, place) for batch in batches for place in range(1, 400)]

    assert {len(each) for each in found} == {20}
    assert len(set(found)) == len(found)
    assert reference(batches[0], 1) == "BC260400010000000165"


def test_one_wrong_or_exchanged_digit_is_another_reference():
    batch = make.make_batch(number="BC26040001")
    all_ = {reference(batch, place) for place in range(1, 100)}
    for each in list(all_)[:20]:
        for place in range(2, 20):
            for digit in "0123456789":
                wrong = each[:place] + digit + each[place + 1 :]
                assert wrong == each or wrong not in all_


def test_sums_are_kept_to_the_fen(expert, send):
    priced("consulting", "1234.56")
    held(expert)

    assert send() == [("1234.56", "86.91", "1147.65")]
    assert Payout.objects.get().amount == Decimal("1147.65")


def test_the_database_adds_money_to_the_fen():
    """0.1 + 0.2, and fen that take each other away: SQLite alone says 0.00999999999999091."""
    for amount in ("300.10", "500.20", "0.01"):
        make.make_line(amount=amount)
    lines = Line.objects.all()

    assert str(lines.aggregate(sum=Total("amount"))["sum"]) == "800.31"
    assert str(lines.exclude(amount=0).annotate(own=Total("amount")).values_list("own", flat=True)[0]).endswith(".10")
    assert lines.none().aggregate(sum=Total("amount"))["sum"] is None
