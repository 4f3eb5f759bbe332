"""报酬单: every sum of a payout in words, on a page and on paper, for its expert and for whoever keeps the pay (Article 13)."""

import io
from datetime import date

import pytest
from pypdf import PdfReader

from expertteam import clock
from expertteam.models import Policy
from payments import actions
from payments.models import Payee
from tests import make
from tests.payments import pay
from tests.payments.pay import answered

pytestmark = pytest.mark.django_db


@pytest.fixture
def expert():
    expert = make.make_expert()
    pay.account(expert)
    return expert


@pytest.fixture
def people(cashier, auditor, leader):
    """Who makes, who checks, who releases."""
    return cashier, auditor, leader


def paid(expert, people, on, *minutes, first=10):
    """Reviews from the tenth of March on, one a day, released together on that day."""
    for day, each in enumerate(minutes, first):
        pay.reviewed(expert, day=date(2026, 3, day), minutes=each)
    with clock.at(on):
        batch = pay.released(*people)
    return batch.payouts.get(expert=expert)


def page(http, payout, user):
    make.sign_in(http, user)
    answer = http.get(f"/desk/pay/{payout.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def written(http, address, user):
    """The words of the paper, without its line breaks."""
    make.sign_in(http, user)
    answer = http.get(address)
    assert answer["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(b"".join(answer.streaming_content))).pages
    return "".join("".join(each.extract_text() for each in pages).split())


def slip(http, payout, user):
    return written(http, f"/desk/pay/{payout.pk}/payslip.pdf", user)


# Example 2 of the law: 300, 800, 400 and 900 in one month


@pytest.fixture
def four(expert, people):
    """Four payments of April 2026: two hours; seven; three; four and three."""
    return [
        paid(expert, people, date(2026, 4, 2), 120, first=10),
        paid(expert, people, date(2026, 4, 9), 420, first=11),
        paid(expert, people, date(2026, 4, 16), 180, first=12),
        paid(expert, people, date(2026, 4, 23), 240, 180, first=13),
    ]


def test_payments_of_one_month_are_taxed_as_one_sum(four):
    assert [(str(each.gross), str(each.tax), str(each.amount)) for each in four] == [
        ("300.00", "0.00", "300.00"),
        ("800.00", "60.00", "740.00"),
        ("400.00", "80.00", "320.00"),
        ("900.00", "180.00", "720.00"),
    ]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "本月累计300.00元，累计应扣0.00元，此前已扣0.00元，本次0.00元"),
        (1, "本月累计1,100.00元，累计应扣60.00元，此前已扣0.00元，本次60.00元"),
        (2, "本月累计1,500.00元，累计应扣140.00元，此前已扣60.00元，本次80.00元"),
        (3, "本月累计2,400.00元，累计应扣320.00元，此前已扣140.00元，本次180.00元"),
    ],
)
def test_each_slip_says_how_its_tax_came_about(http, expert, four, number, words):
    html = page(http, four[number], expert.user)

    assert words in html


def test_the_paper_says_the_same(http, expert, four):
    paper = slip(http, four[3], expert.user)

    for words in (
        "劳务报酬单", "应发900.00元", "当月此前收入1,500.00元（咨询所得）", "个人所得税180.00元", "实发720.00元",
        "本月累计2,400.00元，累计应扣320.00元，此前已扣140.00元，本次180.00元", "发放日期2026年4月23日", four[3].reference,
        "2026-03-13项目评审4小时", "4小时：300＋2×100", "500.00", "2026-03-14项目评审3小时", "400.00",
    ):  # fmt: skip
        assert words in paper, words


def test_a_payment_that_came_back_leaves_what_was_withheld(http, expert, people):
    """800, then 800 with a tax of 160; the first comes back, and is sent once more: 160 of 1600 are enough."""
    first = paid(expert, people, date(2026, 4, 2), 420, first=10)
    second = paid(expert, people, date(2026, 4, 9), 420, first=11)
    earlier = page(http, second, expert.user)
    with clock.at(date(2026, 4, 10)):
        answered(first, people[0], paid=False)
    third = paid(expert, people, date(2026, 4, 16))

    assert [str(each.tax) for each in (first, second, third)] == ["0.00", "160.00", "0.00"]
    assert "本月累计1,600.00元，累计应扣160.00元，此前已扣160.00元，本次0.00元" in page(http, third, expert.user)
    words = "本月累计1,600.00元，累计应扣160.00元，此前已扣0.00元，本次160.00元"
    assert (words in earlier, words in page(http, second, expert.user)) == (True, True)


def test_more_was_withheld_than_is_left_to_tax(http, expert, people):
    """The same, but what is owed once more was but 300: of 1100 only 60 are due, and 160 were withheld."""
    first = paid(expert, people, date(2026, 4, 2), 420, first=10)
    second = paid(expert, people, date(2026, 4, 9), 420, first=11)
    with clock.at(date(2026, 4, 10)):
        answered(first, people[0], paid=False)
        line = first.batch.lines.get().replaced_by
        correction = actions.propose_correction(line, by=people[0], reason="签到早了五小时", minutes=120)
        actions.sign(correction, by=people[1])
    third = paid(expert, people, date(2026, 4, 16))

    assert (str(second.tax), str(third.gross), str(third.tax)) == ("160.00", "300.00", "0.00")
    words = "本月累计1,100.00元，累计应扣60.00元，此前已扣160.00元，已扣的够了，本次0.00元"
    assert words in page(http, third, expert.user)


def test_another_month_begins_anew(expert, people):
    paid(expert, people, date(2026, 4, 30), 420, first=10)
    may = paid(expert, people, date(2026, 5, 6), 420, first=11)

    assert (str(may.before), str(may.tax)) == ("0.00", "0.00")


# What a slip says


def test_the_page_says_who_paid_whom_and_whom_to_ask(http, expert, people, settings):
    settings.SITE = settings.SITE | {"payer": "太原市创业就业服务中心", "payer_code": "12140100MB1234567X"}
    payout = paid(expert, people, date(2026, 4, 2), 240)

    html = page(http, payout, expert.user)

    for words in (
        "实发500.00元", "太原市创业就业服务中心", "12140100MB1234567X", "中国工商银行，尾号4567", payout.reference,
        "2026年4月2日", "年度汇算", 'href="tel:0351-5550100"', "4小时：300＋2×100", "晋财购〔2021〕24号",
    ):  # fmt: skip
        assert words in html, words
    assert pay.CARD not in html


def test_the_paper_is_the_same_however_often_it_is_printed(http, expert, people):
    payout = paid(expert, people, date(2026, 4, 2), 240)
    http.force_login(expert.user)

    papers = []
    for on in (date(2026, 4, 2), date(2026, 9, 1)):
        with clock.at(on):
            papers.append(b"".join(http.get(f"/desk/pay/{payout.pk}/payslip.pdf").streaming_content))

    assert papers[0] == papers[1]
    assert pay.CARD.encode() not in papers[0]


def test_a_non_resident_reads_of_no_yearly_settlement(http, expert, people):
    Payee.objects.create(expert=expert, resident=False)
    payout = paid(expert, people, date(2026, 4, 2), 420)

    html = page(http, payout, expert.user)

    assert (str(payout.tax), str(payout.amount)) == ("19.20", "780.80")
    assert "本月累计800.00元，累计应扣19.20元，此前已扣0.00元，本次19.20元" in html
    assert "不办理年度汇算" in html


def test_value_added_tax_stands_by_itself(http, expert, cashier, auditor, leader):
    """Seven hours on a statutory holiday: 1600 yuan, as the illustration of the law has it."""
    Policy.objects.create(key="withhold_vat", value=1, effective_from=date(2026, 1, 1), source="财务科确认")
    pay.confirm_rates()
    pay.reviewed(expert, day=date(2026, 4, 5), minutes=420)
    with clock.at(date(2026, 4, 9)):
        batch = pay.submitted(cashier, until=date(2026, 4, 8))
        actions.approve(batch, by=auditor, lines=list(batch.lines.all()), check_note="已核对节假日")
        actions.release(batch, by=leader)

    html = page(http, batch.payouts.get(), expert.user)

    for words in (
        "<dt>应发</dt><dd>1,600.00元</dd>", "<dt>增值税和附加税费</dt><dd>15.84元，附加0.95元</dd>",
        "本月累计1,584.16元，累计应扣156.64元，此前已扣0.00元，本次156.64元", "<dt>实发</dt><dd>1,426.57元</dd>",
    ):  # fmt: skip
        assert words in html, words


def test_what_was_set_off_is_a_line_below_zero(http, expert, people):
    """Three hours were paid as four: 500 taken back, 400 owed, and 800 of the next day."""
    first = paid(expert, people, date(2026, 4, 2), 240)
    answered(first, people[0])
    line = first.batch.lines.get()
    correction = actions.propose_correction(line, by=people[0], reason="签到早了一小时", minutes=180)
    actions.sign(correction, by=people[1])
    second = paid(expert, people, date(2026, 4, 9), 420, first=11)

    html, paper = page(http, second, expert.user), slip(http, second, expert.user)

    assert [sum_.split("<")[0] for sum_ in html.split('class="n">')[2:]] == ["-500.00", "400.00", "800.00"]
    assert "冲销：4小时：300＋2×100" in html
    assert "<dt>应发</dt><dd>700.00元</dd>" in html
    assert "本月累计1,200.00元，累计应扣80.00元，此前已扣0.00元，本次80.00元" in html
    assert "-500.00" in paper


def test_a_slip_of_money_that_came_back_says_so(http, expert, people):
    payout = paid(expert, people, date(2026, 4, 2), 240)
    before = page(http, payout, expert.user)
    answered(payout, people[0], paid=False, words="账户已注销")

    assert "被银行退回" not in before
    assert "账户已注销，请核对收款账户" in page(http, payout, expert.user)
    assert "这一笔被银行退回，不计入收入" in slip(http, payout, expert.user)


# Who sees it


def statuses(http, payout, user):
    make.sign_in(http, user)
    return [http.get(f"/desk/pay/{payout.pk}/{part}").status_code for part in ("", "payslip.pdf")]


def test_only_its_expert_and_finance_see_it(http, expert, people, stranger, intake):
    payout = paid(expert, people, date(2026, 4, 2), 240)
    others = make.make_expert().user

    seen = {
        str(user.username): statuses(http, payout, user) for user in (expert.user, *people, others, stranger, intake)
    }

    assert seen == {
        expert.user.username: [200, 200], "cashier": [200, 200], "auditor": [200, 200], "leader": [200, 200],
        others.username: [404, 404], "stranger": [404, 404], "intake": [404, 404],
    }  # fmt: skip


def test_whoever_is_not_signed_in_is_asked_to(http, expert, people):
    payout = paid(expert, people, date(2026, 4, 2), 240)

    assert http.get(f"/desk/pay/{payout.pk}/").status_code == 302


def test_before_the_release_there_is_no_slip_for_the_expert_and_no_paper_at_all(http, expert, cashier, auditor):
    pay.reviewed(expert)
    payout = pay.approved(cashier, auditor).payouts.get()

    assert statuses(http, payout, expert.user) == [404, 404]
    assert statuses(http, payout, cashier) == [200, 404]


def test_an_expert_who_holds_an_office_as_well_keeps_his_own_slips(http, expert, people):
    payout = paid(expert, people, date(2026, 4, 2), 240)
    expert.user.groups.set(people[0].groups.all())

    assert statuses(http, payout, expert.user) == [200, 200]


def test_after_his_term_it_is_still_there(http, expert, people):
    payout = paid(expert, people, date(2026, 4, 2), 240)

    with clock.at(date(2029, 4, 2)):
        assert statuses(http, payout, expert.user) == [200, 200]


def test_finance_is_led_back_to_the_batch(http, expert, people):
    payout = paid(expert, people, date(2026, 4, 2), 240)

    assert f'<a href="/admin/payments/{payout.batch_id}/">' in page(http, payout, people[0])
    assert '<a href="/desk/pay/">' in page(http, payout, expert.user)


# The paper of a year


def test_the_year_of_an_expert_adds_up(http, expert, four):
    paper = written(http, "/desk/pay/year/2026.pdf", expert.user)

    for words in (
        "2026年度报酬和扣税情况", f"{expert.no}-2026", "2026-04", "300.00", "740.00", "320.00", "720.00",
        "总计4笔，应发2,400.00元，个人所得税320.00元，实发2,080.00元",
    ):  # fmt: skip
        assert words in paper, words


def test_a_year_without_pay_has_no_paper(http, expert, four):
    http.force_login(expert.user)

    assert http.get("/desk/pay/year/2025.pdf").status_code == 404


def test_the_paper_of_a_year_is_everybodys_own(http, four):
    http.force_login(make.make_expert().user)

    assert http.get("/desk/pay/year/2026.pdf").status_code == 404


@pytest.mark.parametrize("reviews", [1, 3])
def test_a_slip_costs_the_same_for_few_lines_and_many(http, expert, people, django_assert_num_queries, reviews):
    payout = paid(expert, people, date(2026, 4, 2), *[240] * reviews)
    page(http, payout, expert.user)

    with django_assert_num_queries(12):
        page(http, payout, expert.user)
