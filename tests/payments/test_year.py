"""A year's pay and taxes of everybody: what was released and not sent back, by the month of payment (Article 13)."""

import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from expertteam import clock
from expertteam.models import CalendarYear
from expertteam.regulation import Refused
from payments import actions
from payments.models import Export
from tests import make
from tests.conftest import person
from tests.payments import pay
from tests.payments.pay import answered

pytestmark = pytest.mark.django_db
PAGE, FILE = "/admin/payments/year/2026/", "/admin/payments/year/2026/export/"


@pytest.fixture
def people(cashier, auditor, leader):
    """Who makes, who checks, who releases."""
    return cashier, auditor, leader


@pytest.fixture
def two(people):
    """800 in March's batch and 500 a week later for one, 1300 at once for another."""
    experts = [make.make_expert(), make.make_expert()]
    for expert in experts:
        pay.account(expert)
    pay.reviewed(experts[0], day=date(2026, 3, 10), minutes=420)
    pay.reviewed(experts[1], day=date(2026, 3, 10), minutes=420)
    pay.reviewed(experts[1], day=date(2026, 3, 11), minutes=240)
    pay.released(*people)
    pay.reviewed(experts[0], day=date(2026, 3, 12), minutes=240)
    with clock.at(date(2026, 4, 9)):
        pay.released(*people)
    return experts


def page(http, user, address=PAGE):
    make.sign_in(http, user)
    answer = http.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(html):
    """The figures of each row: number of payouts, gross, value-added tax, income tax, net."""
    return [[cell.split("<")[0] for cell in row.split('class="n">')[1:]] for row in html.split("<tr>")[2:]]


def test_each_expert_has_his_year_and_all_have_theirs(http, cashier, two):
    html = page(http, cashier)

    assert rows(html) == [
        ["2", "1,300.00", "0.00", "100.00", "1,200.00"],
        ["1", "1,300.00", "0.00", "100.00", "1,200.00"],
        ["3", "2,600.00", "0.00", "200.00", "2,400.00"],
    ]
    assert all(expert.no in html for expert in two)
    assert "已发放2人3笔" in html


def test_what_the_bank_sent_back_is_no_income(http, cashier, two):
    answered(two[1].payouts.get(), cashier, paid=False, words="户名不符")

    assert rows(page(http, cashier)) == [
        ["2", "1,300.00", "0.00", "100.00", "1,200.00"],
        ["2", "1,300.00", "0.00", "100.00", "1,200.00"],
    ]


def test_what_is_not_released_is_no_income(http, cashier, auditor):
    expert = make.make_expert()
    pay.account(expert)
    pay.reviewed(expert)
    pay.approved(cashier, auditor)

    assert "这一年还没有发放过报酬" in page(http, cashier)


def test_a_year_is_that_of_the_payment(http, cashier, people, two):
    CalendarYear.objects.create(year=2027, source="国务院办公厅关于2027年部分节假日安排的通知")
    pay.reviewed(two[0], day=date(2026, 3, 30), minutes=120)
    with clock.at(date(2027, 1, 11)):
        pay.released(*people)
        first, second = page(http, cashier), page(http, cashier, "/admin/payments/year/2027/")

    assert rows(first)[-1] == ["3", "2,600.00", "0.00", "200.00", "2,400.00"]
    assert rows(second)[-1] == ["1", "300.00", "0.00", "0.00", "300.00"]
    assert '<a class="chip on" href="/admin/payments/year/2027/" aria-current="page">2027年</a>' in second


def test_the_batches_lead_to_the_year_that_runs(http, cashier):
    assert '<a class="chip" href="/admin/payments/year/">年度汇总</a>' in page(http, cashier, "/admin/payments/")
    assert http.get("/admin/payments/year/").url == PAGE


# Who sees it, and when it is


def test_finance_and_the_leader_see_it_and_nobody_else(http, two):
    roles = ["cashier", "auditor", "leader", "intake", "reviewer", "matcher", "inspector", "admin"]
    seen = {}
    for role in roles:
        make.sign_in(http, person(f"{role}2", role))
        seen[role] = http.get(PAGE).status_code

    assert seen == dict.fromkeys(roles[:3], 200) | dict.fromkeys(roles[3:], 403)


def test_an_expert_and_a_stranger_do_not_see_it(http, two, stranger):
    answers = []
    for user in (two[0].user, stranger):
        http.force_login(user)
        answers.append(http.get(PAGE).status_code)

    assert answers == [403, 403]


@pytest.mark.parametrize("year", [2025, 2027])
def test_there_is_no_such_year(http, cashier, year):
    make.sign_in(http, cashier)

    assert http.get(f"/admin/payments/year/{year}/").status_code == 404


# The workbook


def taken(http, user):
    make.sign_in(http, user)
    return http.post(FILE)


def test_the_workbook_has_the_same_figures(http, cashier, two):
    answer = taken(http, cashier)

    cells = [list(row) for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)]
    assert cells[0][:4] == ["专家编号", "姓名", "所得性质", "笔数"]
    assert [row[3:] for row in cells[1:]] == [
        [2, 1300, 0, 100, 1200],
        [1, 1300, 0, 100, 1200],
        [3, 2600, 0, 200, 2400],
    ]
    assert [row[0] for row in cells[1:]] == [two[0].no, two[1].no, "合计"]


def test_that_it_was_taken_is_on_record(http, cashier, two):
    taken(http, cashier)

    export = Export.objects.get()
    assert (export.kind, export.period, export.by, export.batch) == ("year", "2026", cashier, None)
    assert len(export.digest) == 64


def test_twice_the_same_is_the_same_file(http, cashier, two):
    first = taken(http, cashier).content
    with clock.at(date(2026, 9, 1)):
        second = taken(http, cashier).content
    answered(two[1].payouts.get(), cashier, paid=False)
    third = taken(http, cashier).content

    assert first == second
    assert first != third


@pytest.mark.parametrize("role", ["auditor", "leader", "intake"])
def test_only_the_cashier_takes_it(http, two, role):
    assert taken(http, person(f"{role}2", role)).status_code == 403
    assert not Export.objects.exists()


def test_the_button_stands_where_it_may_be_pressed(http, cashier, auditor, two):
    assert "下载年度汇总表" in page(http, cashier)
    assert "下载年度汇总表" not in page(http, auditor)


def test_of_a_year_without_pay_there_is_no_file(cashier):
    with pytest.raises(Refused, match="没有发放过报酬"):
        actions.export_year(2026, by=cashier)


def paid(experts, people):
    for _ in range(experts):
        expert = make.make_expert()
        pay.account(expert)
        pay.reviewed(expert)
    pay.released(*people)


def cost(http) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert http.get(PAGE).status_code == 200
    return len(queries)


def test_it_costs_the_same_for_few_and_many(http, people):
    """The side menu counts what waits elsewhere as well, so the number itself is not ours to state."""
    make.sign_in(http, people[0])
    paid(1, people)
    page(http, people[0])
    one = cost(http)
    paid(2, people)

    assert cost(http) == one
    assert len(rows(http.get(PAGE).content.decode())) == 4
