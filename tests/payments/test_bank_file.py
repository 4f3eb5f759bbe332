"""Files of a released batch: for the bank and for finance, the same to the byte each time (Article 13)."""

import hashlib
import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from openpyxl import Workbook, load_workbook

from expertteam import clock
from expertteam.models import Policy
from expertteam.regulation import Refused
from payments import actions, bank_file, finance_file
from payments.models import BankAccount, Export
from tests import make
from tests.conftest import person
from tests.payments import bank, pay

pytestmark = pytest.mark.django_db
HOLIDAY = date(2026, 5, 1)
HARMFUL = "=cmd|' /C calc'!A0"


@pytest.fixture
def batch(cashier, auditor, leader):
    """韩砚秋 with two reviews in a month, and so with tax, 郭蕴之 with one."""
    people = {"韩砚秋": [(10, 240), (11, 420)], "郭蕴之": [(12, 240)]}
    for name, work in people.items():
        expert = make.make_expert(user=make.make_user(name=name))
        pay.account(expert)
        for day, minutes in work:
            pay.reviewed(expert, day=date(2026, 3, day), minutes=minutes)
    return pay.released(cashier, auditor, leader)


def test_lines_payouts_and_the_banks_file_agree_to_the_fen(batch):
    lines = [each.amount for each in batch.lines.all()]
    payouts = list(batch.payouts.all())
    table = bank.sheets(bank_file.content(batch))["代发"]

    assert sorted(map(str, lines)) == ["500.00", "500.00", "800.00"]
    assert sum(lines) == sum(each.gross for each in payouts) == batch.gross == Decimal("1800.00")
    assert sum(each.tax for each in payouts) == batch.tax == Decimal("100.00")
    assert sum(Decimal(str(row[5])) for row in table) == batch.paid_out == Decimal("1700.00")
    assert sum(each.amount for each in payouts) == Decimal("1700.00")


def test_the_bank_is_told_whom_how_much_and_what_to_send_back(batch):
    content = bank_file.content(batch)

    assert bank.head(content, "代发") == ["序号", "户名", "账号", "开户银行", "开户网点", "金额（元）", "附言"]
    assert bank.sheets(content)["代发"] == [
        [1, "韩砚秋", "6222020502001234567", "中国工商银行", "太原迎泽支行", 1200, "BC260400010000000165"],
        [2, "郭蕴之", "6222020502001234567", "中国工商银行", "太原迎泽支行", 500, "BC260400010000000262"],
    ]


def test_account_numbers_are_text_and_sums_are_numbers(batch):
    page = load_workbook(io.BytesIO(bank_file.content(batch)))["代发"]

    assert [(cell.data_type, cell.number_format) for cell in (page["C2"], page["F2"], page["G2"])] == [
        ("s", "@"), ("n", "#,##0.00"), ("s", "@"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["bank", "finance"])
def test_a_hundred_times_it_is_the_same_file(batch, cashier, kind):
    files = set()
    for day in range(1, 101):
        with clock.at(clock.instant(date(2026, 4, 2), 10 + day % 12, day % 60)):
            files.add(actions.export(batch, kind, by=cashier))

    assert len(files) == 1
    assert Export.objects.filter(batch=batch, kind=kind).count() == 100


def test_another_batch_is_another_file(batch, cashier, auditor, leader):
    """The control: the comparison can fail."""
    pay.reviewed(batch.payouts.first().expert, day=date(2026, 3, 20))
    other = pay.released(cashier, auditor, leader)

    assert bank_file.content(other) != bank_file.content(batch)


def test_a_batch_that_was_settled_gives_the_same_file(batch, cashier):
    before = actions.export(batch, "bank", by=cashier)
    rows = [bank.row(each) for each in batch.payouts.all()]
    actions.apply(actions.check_return(bank.file(rows), by=cashier), by=cashier)

    assert batch.payouts.filter(result__paid=True).count() == 2
    assert actions.export(batch, "bank", by=cashier) == before


def test_each_file_that_leaves_is_on_record_with_its_fingerprint(batch, cashier):
    name, content = actions.export(batch, "bank", by=cashier)

    export = Export.objects.get()
    assert name == "银行代发文件 BC26040001.xlsx"
    assert (export.batch, export.kind, export.period, export.by) == (batch, "bank", "", cashier)
    assert export.digest == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("kind", ["bank", "finance"])
def test_nothing_leaves_before_it_was_released(cashier, auditor, kind):
    expert = make.make_expert()
    pay.account(expert)
    pay.reviewed(expert)
    approved = pay.approved(cashier, auditor)

    with pytest.raises(Refused, match="还没有发放"):
        actions.export(approved, kind, by=cashier)

    assert not Export.objects.exists()


def test_what_differs_from_what_was_released_does_not_leave(batch, cashier):
    actions.export(batch, "bank", by=cashier)  # the control
    account = batch.payouts.first().account
    with make.unguarded("art13_account_never_changes"):
        BankAccount.objects.filter(pk=account.pk).update(number="6222020502009999999")

    with pytest.raises(Refused, match="指纹不一致，请立即报告"):
        actions.export(batch, "bank", by=cashier)

    assert Export.objects.count() == 1


@pytest.mark.parametrize("role", ["auditor", "leader", "intake", "admin", "expert"])
def test_nobody_but_the_cashier_takes_files(batch, role):
    with pytest.raises(PermissionDenied):
        actions.export(batch, "bank", by=person("another", role))


@pytest.mark.parametrize("sql", ["UPDATE payments_export SET digest = '0'", "DELETE FROM payments_export"])
def test_the_record_of_files_only_grows(batch, cashier, sql):
    actions.export(batch, "bank", by=cashier)

    with pytest.raises(IntegrityError, match="append_only_payments_export"), transaction.atomic():
        connection.cursor().execute(sql)


def test_no_cell_is_a_formula_whatever_people_are_called(cashier, auditor, leader):
    expert = make.make_expert(user=make.make_user(name=HARMFUL))
    pay.account(expert, bank="+1+1", branch="@SUM(A1:A9)")
    pay.reviewed(expert)
    batch = pay.released(cashier, auditor, leader)
    naive = Workbook()
    naive.active.append([HARMFUL])
    control = io.BytesIO()
    naive.save(control)

    files = [bank_file.content(batch), finance_file.content(batch)]

    assert {cell.data_type for cell in bank.cells(control.getvalue())} == {"f"}
    assert all(cell.data_type in "sn" for content in files for cell in bank.cells(content))
    assert bank.sheets(files[0])["代发"][0][1:5] == [HARMFUL, "6222020502001234567", "+1+1", "@SUM(A1:A9)"]


# For finance


def test_finance_sees_every_line_and_how_it_was_worked_out(batch):
    content = finance_file.content(batch)
    nos = [each.expert.no for each in batch.payouts.order_by("reference")]

    assert bank.head(content, "报酬发放表") == [
        "专家编号", "专家", "事项", "服务日期", "时长", "怎么算的", "应发（元）", "个人所得税（元）", "增值税及附加（元）", "实发（元）",
        "收款账户尾号", "标准文号", "支付参考号",
    ]  # fmt: skip
    circular, first, second = "晋财购〔2021〕24号", "BC260400010000000165", "BC260400010000000262"
    assert bank.sheets(content)["报酬发放表"] == [
        [nos[0], "韩砚秋", "项目评审", "2026-03-10", "4小时", "4小时：300＋2×100", 500, 100, 0, 1200, "4567", circular, first],
        [nos[0], "韩砚秋", "项目评审", "2026-03-11", "7小时", "7小时：300＋5×100", 800, *[None] * 3, "4567", circular, first],
        [nos[1], "郭蕴之", "项目评审", "2026-03-12", "4小时", "4小时：300＋2×100", 500, 0, 0, 500, "4567", circular, second],
        ["合计", *[None] * 5, 1800, 100, 0, 1700, None, None, None],
    ]  # fmt: skip


def test_finance_sees_out_of_which_money_it_is_paid(batch):
    assert bank.sheets(finance_file.content(batch))["资金来源"] == [
        ["项目评审", "晋财购〔2021〕24号", 3, 1800],
        ["合计", None, 3, 1800],
    ]


def test_value_added_tax_stands_in_its_own_column(cashier, auditor, leader):
    """On a holiday eight hours are 1600.00: 15.84 and 0.95 of value added tax, 156.64 of income tax."""
    Policy.objects.create(key="withhold_vat", value=1, effective_from=date(2026, 3, 1), source="财务科通知")
    with clock.at(date(2026, 5, 6)):
        expert = make.make_expert(user=make.make_user(name="韩砚秋"))
        pay.account(expert)
        pay.reviewed(expert, day=HOLIDAY, minutes=480)
        batch = bank.released(cashier, auditor, leader, until=HOLIDAY)

    table = bank.sheets(finance_file.content(batch))["报酬发放表"]
    assert [row[6:10] for row in table] == [[1600, 156.64, 16.79, 1426.57], [1600, 156.64, 16.79, 1426.57]]


def test_what_a_standard_after_tax_adds_has_a_row_of_its_own(batch):
    """Were the two lines sums after tax, the gross would be more than they are."""
    first, second = finance_file.paid_of(batch)
    first.payout.gross, first.payout.amount = Decimal("1425.00"), Decimal("1300.00")
    batch.gross = Decimal("1925.00")

    rows = list(finance_file.rows(batch, [first, second]))
    sources = list(finance_file.sources(batch, [first, second]))

    assert (rows[2][2], str(rows[2][6])) == ("税后标准折算为税前", "125.00")
    assert sum(row[6] for row in rows[:-1]) == rows[-1][6] == Decimal("1925.00")
    assert [row[3] for row in sources] == [Decimal("1800.00"), Decimal("125.00"), Decimal("1925.00")]
