"""What an expert sees of his pay, in term and after, and nobody else (Articles 4 and 13)."""

from datetime import date

import pytest

from expertteam import clock
from expertteam.models import CalendarYear
from payments import actions, desk
from payments.models import Batch, Payout
from tests import make
from tests.payments import pay
from tests.payments.pay import answered

pytestmark = pytest.mark.django_db
DESK, PAGE = "/desk/", "/desk/pay/"


@pytest.fixture
def bare(http):
    """An expert without an account, at his desk."""
    expert = make.make_expert()
    http.force_login(expert.user)
    return expert


@pytest.fixture
def own(bare):
    """An expert with an account, at his desk."""
    pay.account(bare)
    return bare


def page(http, address=PAGE):
    answer = http.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(html):
    return html.count("<tr>")


# Each piece of work


def test_what_is_owed_says_how_it_was_worked_out(http, own):
    pay.reviewed(own, day=date(2026, 3, 10), minutes=180)
    actions.collect()

    html = page(http)

    assert "3月10日" in html
    assert "3小时" in html
    assert "300＋1×100" in html
    assert "400.00" in html
    assert "待发放" in html
    assert "等待归集" not in html


def test_what_is_not_collected_is_not_there(http, own):
    pay.reviewed(own)

    assert "还没有报酬" in page(http)


def test_each_step_is_said_in_plain_words(http, own, cashier, auditor, leader):
    pay.reviewed(own, minutes=240)
    pay.confirm_rates()
    batch = pay.submitted(cashier)
    said = ["在批次里，待复核" in page(http)]
    batch = actions.approve(batch, by=auditor, lines=list(batch.lines.all()), check_note="已逐笔核对")
    said.append("已复核，待发放" in page(http))
    actions.release(batch, by=leader)
    said.append("已发放，银行处理中" in page(http))
    answered(Payout.objects.get(), cashier)
    said.append("已到账 4月3日" in page(http))

    assert said == [True, True, True, True]


def test_money_that_came_back_says_why_and_what_to_do(http, own, cashier, auditor, leader):
    pay.reviewed(own)
    pay.released(cashier, auditor, leader)
    answered(Payout.objects.get(), cashier, paid=False, words="户名与账号不符")

    html, desk_ = page(http), page(http, DESK)
    pay.submitted(cashier)

    assert html.count('<span class="tag bad">银行退回</span>') == 1
    assert "户名与账号不符，请核对收款账户" in html
    assert figures(html) == ["0.00", "500.00", "0.00"]
    assert "<b>有报酬被银行退回，请核对收款账户</b>" in desk_
    assert "在批次里，待复核" in page(http)
    assert "有报酬被银行退回" not in page(http, DESK)


def test_what_has_no_price_says_why(http, own):
    make.make_service(state="confirmed", confirmed_via="link", expert=own, started_at=clock.instant(date(2026, 3, 9)))
    actions.collect()

    html = page(http)

    assert "暂不支付" in html
    assert "这类活动还没有支付标准" in html


def test_a_correction_is_told_with_its_reason(http, own, cashier, auditor):
    service = pay.reviewed(own, minutes=240)
    actions.collect()
    correction = actions.propose_correction(pay.line_of(service), by=cashier, reason="签到早了一小时", minutes=180)
    before = page(http)
    actions.sign(correction, by=auditor)

    html = page(http)

    assert "签到早了一小时" not in before
    assert "4月2日更正：签到早了一小时。原500.00元，改为400.00元" in html


def test_what_was_paid_too_much_is_set_off(http, own, cashier, auditor, leader):
    service = pay.reviewed(own, minutes=240)
    pay.released(cashier, auditor, leader)
    answered(Payout.objects.get(), cashier)
    correction = actions.propose_correction(pay.line_of(service), by=cashier, reason="签到早了一小时", minutes=180)
    actions.sign(correction, by=auditor)

    html = page(http)

    assert "原500.00元，改为400.00元，多发100.00元，从报酬里抵扣" in html
    assert figures(html) == ["500.00", "-100.00", "0.00"]


def test_no_client_is_named(http, own):
    make.make_service(state="confirmed", confirmed_via="link", expert=own, name="刘小满", enterprise="小满面馆")
    actions.collect()

    html = page(http)

    assert "刘小满" not in html
    assert "小满面馆" not in html


def test_one_year_of_several(http, own):
    CalendarYear.objects.create(year=2027, source="国务院办公厅关于2027年部分节假日安排的通知")
    with clock.at(date(2027, 1, 11)):
        pay.reviewed(own, day=date(2026, 12, 30), minutes=180)
        pay.reviewed(own, day=date(2027, 1, 5), minutes=240)
        actions.collect()
        both, first = page(http), page(http, PAGE + "?year=2026")
        nonsense = page(http, PAGE + "?year=1066")

    assert ("400.00" in both, "500.00" in both) == (True, True)
    assert "3小时：" in first
    assert "4小时：" not in first
    assert rows(nonsense) == rows(both) == 3


# Figures


def figures(html):
    """What stands at the head: arrived, owed, tax."""
    return [part.split("<small>")[0] for part in html.split('class="big">')[1:4]]


def test_the_head_has_this_years_money(http, own, cashier, auditor, leader):
    pay.reviewed(own, day=date(2026, 3, 10), minutes=420)
    pay.reviewed(own, day=date(2026, 3, 11), minutes=240)
    pay.released(cashier, auditor, leader)
    sent = page(http)
    answered(Payout.objects.get(), cashier)
    pay.reviewed(own, day=date(2026, 3, 12), minutes=120)
    actions.collect()

    html = page(http)

    assert figures(sent) == ["0.00", "0.00", "100.00"]
    assert "另有1,200.00元已发放，银行处理中" in sent
    assert figures(html) == ["1,200.00", "300.00", "100.00"]


def test_last_year_is_not_this_years_money(http, own, cashier, auditor, leader):
    pay.reviewed(own, minutes=420)
    pay.released(cashier, auditor, leader)
    answered(Payout.objects.get(), cashier)

    with clock.at(date(2027, 1, 4)):
        assert figures(page(http)) == ["0.00", "0.00", "0.00"]


# Who sees it


def test_after_his_term_it_is_still_there(http, own):
    pay.reviewed(own, minutes=180)
    actions.collect()

    with clock.at(date(2029, 4, 2)):
        html = page(http)
        desk = page(http, DESK)

    assert "400.00" in html
    assert '<a href="/desk/pay/">看每一笔怎么算的</a>' in desk


def test_who_is_no_expert_has_no_such_page(http, stranger, own):
    http.force_login(stranger)

    assert http.get(PAGE).status_code == 404
    assert http.get(PAGE + "year/2026.pdf").status_code == 404


def test_whoever_is_not_signed_in_is_asked_to(http, own):
    http.logout()

    assert http.get(PAGE).status_code == 302


def test_another_expert_sees_his_own(http, own):
    pay.reviewed(own, minutes=180)
    actions.collect()
    http.force_login(make.make_expert().user)

    assert "400.00" not in page(http)


# The account


def test_the_account_is_shown_by_its_tail(http, own):
    html = page(http)

    assert "中国工商银行，尾号4567" in html
    assert "已核实，可以收款" in html
    assert pay.CARD not in html


def test_an_account_that_cools_says_from_when(http, bare):
    pay.account(bare, usable_from=clock.instant(date(2026, 4, 5), 9))

    assert "已核实，4月5日 09:00起可以收款" in page(http)


def test_without_an_account_he_is_told(http, bare):
    assert "还没有登记，登记并核实以后才能发放" in page(http)


# The first page of the desk


def test_the_desk_leads_there(http, own):
    pay.reviewed(own, minutes=180)
    actions.collect()

    html = page(http, DESK)

    assert '<a href="/desk/pay/">报酬</a>' in html
    assert "<dt>待发放</dt><dd><b>400.00</b>元</dd>" in html
    assert "还没有收款账户" not in html


def test_the_desk_says_that_an_account_is_lacking(http, bare):
    pay.reviewed(bare)
    actions.collect()

    assert "<b>还没有收款账户，报酬发不出</b>" in page(http, DESK)


def test_nothing_stands_on_the_desk_of_whoever_was_never_to_be_paid(http, own):
    assert "看每一笔怎么算的" not in page(http, DESK)


def test_the_navigation_goes_by_the_day(http, own):
    nav = page(http, DESK).split("<main")[0]

    order = [nav.index(f">{label}</a>") for label in ("今天", "日程", "服务记录", "报酬", "我的资料")]
    assert order == sorted(order)


# What it costs


def paid(expert, times, *people):
    """So many months of work, each released in a batch of its own."""
    pay.confirm_rates()
    for day in range(times):
        service = pay.reviewed(expert, day=date(2026, 3, 10 + day), minutes=240)
        pay.released(*people)
        answered(Payout.objects.order_by("pk").last(), people[0])
        correction = actions.propose_correction(pay.line_of(service), by=people[0], reason="签到早了", minutes=180)
        actions.sign(correction, by=people[1])


@pytest.mark.parametrize("times", [1, 3])
def test_the_page_costs_the_same_for_much_and_little(
    http, own, cashier, auditor, leader, django_assert_num_queries, times
):
    paid(own, times, cashier, auditor, leader)
    page(http)

    with django_assert_num_queries(14):
        page(http)


@pytest.mark.parametrize("times", [1, 3])
def test_the_desk_costs_the_same_for_much_and_little(own, cashier, auditor, leader, django_assert_num_queries, times):
    paid(own, times, cashier, auditor, leader)

    with django_assert_num_queries(4):
        desk.section(own)


def test_the_batches_are_settled_apart(own, cashier, auditor, leader):
    """Control of the builder above: there really are three batches with money in them."""
    paid(own, 3, cashier, auditor, leader)

    assert Batch.objects.released().count() == 3
