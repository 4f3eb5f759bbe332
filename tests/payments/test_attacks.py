"""What a dishonest clerk tries: money twice, without its set-off, by fewer than three people, or a page that breaks (Article 13)."""

from datetime import date

import pytest
from django.urls import reverse

from expertteam.models import Notification
from expertteam.regulation import Refused
from payments import actions
from payments.checking import look
from payments.models import Correction, Line, Payout
from tests import make
from tests.conftest import person
from tests.payments import bank, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def expert(_in_april):
    expert = make.make_expert()
    pay.account(expert)
    return expert


@pytest.fixture
def paid(expert, cashier, auditor, leader):
    """Four hours of March, 500 yuan, which have arrived."""
    service = pay.reviewed(expert, day=date(2026, 3, 20), minutes=240)
    pay.released(cashier, auditor, leader)
    pay.answered(Payout.objects.get(), cashier)
    return service


@pytest.fixture
def owing(paid, expert, cashier, auditor):
    """Those 500 yuan are to be set off; 800 more are owed for ten days earlier."""
    asked = actions.propose_correction(pay.line_of(paid), by=cashier, reason="没有到场", void=True)
    actions.sign(asked, by=auditor)
    more = pay.reviewed(expert, day=date(2026, 3, 10), minutes=480)
    actions.collect()
    return pay.line_of(more)


def approve(batch, by, lines=None):
    return actions.approve(batch, by=by, lines=lines or list(batch.lines.all()), check_note="已核对")


def batch_of(by, until):
    return actions.make(by=by, title="4月", until=until)


# Set-offs


def test_a_set_off_hidden_in_another_open_batch_is_still_asked_for(owing, cashier, auditor):
    first = batch_of(cashier, date(2026, 4, 1))
    actions.take_out(first, by=cashier, lines=[Line.objects.get(amount__lt=0)])
    hidden = batch_of(cashier, date(2026, 4, 1))
    assert [str(line.amount) for line in hidden.lines.all()] == ["-500.00"]
    actions.submit(first, by=cashier)

    with pytest.raises(Refused, match="500.00元要抵扣"):
        approve(first, auditor)


def test_a_set_off_for_later_work_than_the_batch_is_about_is_still_asked_for(owing, cashier, auditor):
    batch = batch_of(cashier, date(2026, 3, 15))
    assert [str(line.amount) for line in batch.lines.all()] == ["800.00"]
    actions.submit(batch, by=cashier)

    with pytest.raises(Refused, match="500.00元要抵扣"):
        approve(batch, auditor)


def test_what_was_set_off_once_is_not_asked_for_again(owing, expert, cashier, auditor, leader):
    batch = batch_of(cashier, date(2026, 4, 1))
    actions.submit(batch, by=cashier)
    approve(batch, auditor)
    actions.release(batch, by=leader)
    pay.reviewed(expert, day=date(2026, 3, 11), minutes=120)

    approve(pay.submitted(cashier), auditor)

    assert [str(each.amount) for each in Payout.objects.order_by("pk")] == ["500.00", "300.00", "240.00"]


def test_what_was_paid_too_much_since_the_check_stops_the_release(paid, expert, cashier, auditor, leader):
    pay.reviewed(expert, day=date(2026, 3, 10), minutes=480)
    batch = pay.approved(cashier, auditor)
    asked = actions.propose_correction(pay.line_of(paid), by=cashier, reason="没有到场", void=True)
    actions.sign(asked, by=auditor)

    with pytest.raises(Refused, match="有500.00元要抵扣，不在这个批次里，请退回重新编制"):
        actions.release(batch, by=leader)

    actions.hold_back(batch, by=leader, words="要抵扣")
    actions.dissolve(batch, by=cashier)
    assert str(pay.released(cashier, auditor, leader).payouts.get().gross) == "300.00"


# Three people


def test_who_made_it_and_had_another_bring_it_forward_may_not_have_changed_an_account(auditor):
    maker, other = person("maker", "cashier", "intake"), person("other", "cashier")
    expert = make.make_expert()
    pay.account(expert, entered_by=maker)
    pay.reviewed(expert)
    actions.collect()
    batch = batch_of(maker, date(2026, 3, 31))
    actions.submit(batch, by=other)

    with pytest.raises(Refused, match="收款账户由您或制表人办理过"):
        approve(batch, auditor)


# Corrections


def test_a_line_whose_correction_waits_is_not_put_into_a_batch(expert, cashier, auditor):
    doubted, other = pay.reviewed(expert), pay.reviewed(expert, day=date(2026, 3, 12))
    actions.collect()
    asked = actions.propose_correction(pay.line_of(doubted), by=cashier, reason="没有到场", void=True)

    batch = batch_of(cashier, date(2026, 3, 31))

    assert list(batch.lines.all()) == [pay.line_of(other)]
    actions.sign(asked, by=auditor)
    assert not Line.objects.waiting().exists()


def test_a_correction_sent_without_an_outcome_leaves_it_as_it_was(http, expert, cashier, auditor):
    service = pay.reviewed(expert)
    actions.collect()
    make.sign_in(http, cashier)

    answer = http.post(
        pay.claim_of(service).get_absolute_url() + "correct/", {"minutes": "120", "reason": "签到表不符"}
    )

    assert answer.status_code == 302
    assert Correction.objects.get().outcome == "completed"
    actions.sign(Correction.objects.get(), by=auditor)
    assert str(pay.line_of(service).amount) == "300.00"


# The bank


def test_whoever_checks_is_told_that_the_bank_had_sent_it_back(expert, cashier, auditor, leader):
    pay.reviewed(expert)
    pay.released(cashier, auditor, leader)
    pay.answered(Payout.objects.get(), cashier, paid=False)
    again = actions.make(by=cashier, title="重发", until=date(2026, 3, 31))
    actions.submit(again, by=cashier)

    assert "again" in [doubt.code for each in look(list(again.lines.told())) for doubt in each.doubts]
    with pytest.raises(Refused, match="1笔要确认"):
        actions.approve(again, by=auditor, lines=list(again.lines.all()))


@pytest.mark.parametrize(
    "sum_",
    ["999,999,999,999.00", "9999999999.99", "-500.00", "0", "0.00", "1e6", "５００．００", "1,234.00", "٥٠٠", "NaN"],
)
def test_any_sum_the_bank_may_write_is_read_or_hangs(expert, cashier, auditor, leader, sum_):
    pay.reviewed(expert)
    pay.released(cashier, auditor, leader)
    reference, _, *rest = bank.row(Payout.objects.get())

    read = actions.check_return(bank.file([[reference, sum_, *rest]]), by=cashier)

    assert [row.fault for row in read.rows.all()] in ([""] if sum_ == "５００．００" else ["unreadable"], ["amount"])


# Pages


@pytest.mark.parametrize(
    "path",
    [
        "/admin/payments/tax/99999999999999999999/1/income.xlsx",
        "/admin/payments/tax/2026/99999999999999999999/people.xlsx",
        "/admin/payments/tax/0/1/income.xlsx",
        "/admin/payments/year/99999999999999999999/",
        "/desk/pay/year/99999.pdf",
        "/desk/pay/year/0.pdf",
        "/desk/pay/year/99999999999999999999.pdf",
        "/admin/payments/99999999999999999999/",
        "/admin/payments/items/99999999999999999999/",
        "/admin/payments/accounts/99999999999999999999/",
        "/admin/payments/payees/99999999999999999999/",
        "/desk/pay/99999999999999999999/",
    ],
)
def test_no_number_in_an_address_breaks_a_page(http, path):
    user = person("both", "cashier", "auditor", "leader")
    make.make_expert(user=user)
    make.sign_in(http, user)

    assert http.get(path).status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        "?page=99999999999999999999", "?page=-1", "?page=x", "?expert=%00", "?month=9999-99", "?done=99999999999999999999",
        "?q=%00", "?year=99999999999999999999", "?state=%00",
    ],
)  # fmt: skip
def test_no_question_breaks_a_list(http, asked):
    user = person("both", "cashier", "auditor", "leader", "reviewer")
    make.make_expert(user=user)
    make.sign_in(http, user)
    for name in ("batches", "items", "accounts", "payees", "returns", "suspense", "taxes", "schedules", "pay"):
        assert http.get(reverse(f"payments:{name}") + asked).status_code in (200, 400, 404)


def test_ticks_that_no_browser_sends_are_refused(http, expert, cashier):
    pay.reviewed(expert)
    actions.collect()
    batch = batch_of(cashier, date(2026, 3, 31))
    make.sign_in(http, cashier)
    for sent in ({"ticked": "9" * 5000}, {"kept": "9" * 5000}, {"shown": "9" * 5000}, {"ticked": "9" * 18}):
        assert http.post(batch.get_absolute_url() + "take_out/", sent).status_code == 422


def test_a_new_name_changes_no_file_of_what_was_released(expert, cashier, auditor, leader):
    pay.reviewed(expert)
    batch = pay.released(cashier, auditor, leader)
    kinds = ("bank", "finance")
    before = [actions.export(batch, kind, by=cashier)[1] for kind in kinds]
    expert.user.name = "另一个名字"
    expert.user.save()

    assert [actions.export(batch, kind, by=cashier)[1] for kind in kinds] == before


def test_sums_in_messages_have_two_places(expert, cashier, auditor, leader):
    """As much as SQLite adds them up in floats."""
    for day in (10, 11):
        pay.reviewed(expert, day=date(2026, 3, day), minutes=480)
    pay.released(cashier, auditor, leader)

    told = [each.body for each in Notification.objects.filter(subject__in=["有报酬批次待发放", "劳务报酬已发放"])]
    assert len(told) == 2
    assert all("实发1,440.00元" in body for body in told)


# Offices


def test_one_clerk_alone_does_not_make_an_official_payable(expert, cashier, leader):
    facts = {"resident": True, "tier": "other"}
    actions.record_facts(expert, by=cashier, official=True, **facts)

    for less in (False, None):
        with pytest.raises(Refused, match="由局领导办理"):
            actions.record_facts(expert, by=cashier, official=less, **facts)
    assert actions.record_facts(expert, by=leader, official=False, **facts).official is False


# Accounts


def entered(number=pay.CARD):
    expert = make.make_expert()
    return actions.enter_account(expert, by=expert.user, bank="中国工商银行", number=number)


def test_two_experts_are_not_paid_to_one_account(expert, reviewer):
    """The account that stands has the same number."""
    twin, other = entered(), entered("6217000130001234565")

    with pytest.raises(Refused, match="用在另一位专家名下"):
        actions.confirm_account(twin, by=reviewer, check_note="打电话核对过")
    actions.confirm_account(other, by=reviewer, check_note="打电话核对过")


def test_an_account_number_is_not_told_in_a_note(reviewer):
    account = entered()
    for note in ("核对账号6222020502001234567无误", "账号6222 0205 0200 1234 567不对"):
        for act in (actions.confirm_account, actions.refuse_account):
            with pytest.raises(Refused, match="只写尾号"):
                act(account, by=reviewer, check_note=note)
    actions.confirm_account(account, by=reviewer, check_note="打13900000000，本人接，尾号4567")
