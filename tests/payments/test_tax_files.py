"""A month for the tax office: income, people, and what the portal withheld beside it (Article 13)."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from openpyxl import load_workbook

from expertteam import clock
from expertteam.models import Policy, User
from expertteam.regulation import Refused
from payments import actions, tax_files, tax_months
from payments.models import Batch, Export, Payee, Payout
from tests import make
from tests.conftest import person
from tests.payments import bank, pay

pytestmark = pytest.mark.django_db
APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)
ID, PHONE = "11010519491231002X", "13800138000"


def known(name, **fields):
    """An expert whose papers and account are known."""
    papers = {"id_kind": "resident_id", "id_number": ID, "phone": PHONE} | fields
    expert = make.make_expert(user=make.make_user(name=name, **papers))
    pay.account(expert)
    return expert


@pytest.fixture
def expert():
    return known("韩砚秋")


@pytest.fixture
def april(expert, cashier, auditor, leader):
    """1300.00 in one batch, tax 100.00, and then 500.00 in another, tax 100.00: together 200.00 of 1800.00."""
    pay.reviewed(expert, day=date(2026, 3, 10), minutes=240)
    pay.reviewed(expert, day=date(2026, 3, 11), minutes=420)
    first = pay.released(cashier, auditor, leader)
    pay.reviewed(expert, day=date(2026, 3, 12), minutes=240)
    return first, pay.released(cashier, auditor, leader)


def answer(batch, result, by):
    rows = [bank.row(each, result) for each in batch.payouts.all()]
    return actions.apply(actions.check_return(bank.file(rows), by=by), by=by)


def income(month):
    return bank.sheets(tax_files.tax_file(month))


# Income


def test_a_person_has_one_row_a_month_however_often_he_was_paid(april, expert):
    content = tax_files.tax_file(APRIL)

    assert bank.head(content, "劳务报酬所得") == [
        "工号", "*姓名", "*证件类型", "*证件号码", "*所得项目", "*收入", "免税收入", "商业健康保险", "税延养老保险", "其他",
        "允许扣除的税费", "减免税额", "协定减免", "备注",
    ]  # fmt: skip
    assert bank.sheets(content)["劳务报酬所得"] == [
        [expert.no, "韩砚秋", "居民身份证", ID, "一般劳务报酬所得", 1800, *[None] * 8]
    ]
    assert bank.sheets(content)["非居民个人"] == []


def test_what_was_withheld_stands_beside_what_the_month_demands(april, expert):
    assert income(APRIL)["核对"] == [
        [expert.no, "韩砚秋", "咨询", "是", 1800, 0, 200, 200, 0, None],
    ]  # fmt: skip


def test_the_number_of_the_papers_is_text(april):
    cell = load_workbook(io.BytesIO(tax_files.tax_file(APRIL)))["劳务报酬所得"]["D2"]

    assert (cell.data_type, cell.number_format) == ("s", "@")


def test_what_the_bank_sent_back_is_no_income(april, cashier):
    answer(april[1], "失败", cashier)

    assert income(APRIL)["劳务报酬所得"][0][5] == 1300


def test_a_difference_after_a_return_is_pointed_out(april, cashier):
    """The first 1300.00 came back; of the other 500.00 a tax of 100.00 was withheld that alone is not due."""
    answer(april[0], "失败", cashier)

    assert income(APRIL)["核对"][0][4:] == [500, 0, 100, 0, -100, "当月有退回或重发，请按累计数补扣或退还"]


def test_another_month_is_another_file(april, expert, cashier, auditor, leader):
    with clock.at(date(2026, 5, 6)):
        pay.reviewed(expert, day=date(2026, 3, 13), minutes=180)
        pay.released(cashier, auditor, leader)

    assert [row[5] for month in (APRIL, MAY) for row in income(month)["劳务报酬所得"]] == [1800, 400]


def test_income_is_without_value_added_tax_and_its_surcharges_are_deducted(expert, cashier, auditor, leader):
    Policy.objects.create(key="withhold_vat", value=1, effective_from=date(2026, 3, 1), source="财务科通知")
    with clock.at(date(2026, 5, 6)):
        pay.reviewed(expert, day=MAY, minutes=480)
        bank.released(cashier, auditor, leader, until=MAY)

    found = income(MAY)
    assert found["劳务报酬所得"][0][5:11] == [1584.16, None, None, None, None, 0.95]
    assert found["核对"][0][4:9] == [1584.16, 0.95, 156.64, 156.64, 0]


def test_who_is_no_resident_has_his_own_sheet(expert, cashier, auditor, leader):
    Payee.objects.create(expert=expert, resident=False)
    pay.reviewed(expert, minutes=420)
    pay.released(cashier, auditor, leader)

    found = income(APRIL)
    assert (found["劳务报酬所得"], [row[1:6] for row in found["非居民个人"]]) == (
        [], [["韩砚秋", "居民身份证", ID, "一般劳务报酬所得", 800]],
    )  # fmt: skip
    assert found["核对"][0][3:8] == ["否", 800, 0, 19.2, 19.2]


def test_two_kinds_of_income_are_one_row_to_declare_and_two_to_compare(expert):
    """30000.00 of lectures with 5200.00 of tax, 300.00 of reviews without."""
    sums = {"vat": Decimal(0), "surcharges": Decimal(0), "resident": True, "expert": expert}
    paid = [
        Payout(income="consulting", gross=Decimal("300.00"), tax=Decimal("0.00"), **sums),
        Payout(income="lecturing", gross=Decimal("30000.00"), tax=Decimal("5200.00"), **sums),
    ]

    checks = list(tax_files.checks(paid))

    assert [row[5] for row in tax_files.declared(paid)] == [Decimal("30300.00")]
    assert [(row[2], str(row[6]), str(row[8])) for row in checks] == [
        ("咨询", "0.00", "0.00"), ("讲学", "5200.00", "0.00"),
    ]  # fmt: skip
    assert {row[9] for row in checks} == {"咨询和讲学分两次计税，扣缴端合并计算会不同"}


# People


def test_who_is_paid_for_the_first_time_is_made_known(april, expert):
    content = tax_files.people_file(APRIL)

    assert bank.head(content, "人员信息采集") == [
        "工号", "*姓名", "*证件类型", "*证件号码", "*国籍(地区)", "*性别", "*出生日期", "*任职受雇从业类型", "手机号码", "开户银行", "银行账号",
    ]  # fmt: skip
    assert bank.sheets(content) == {
        "人员信息采集": [
            [expert.no, "韩砚秋", "居民身份证", ID, "中国", "女", "1949-12-31", "其他", PHONE, "中国工商银行", "6222020502001234567"]
        ],
        "要补填": [],
    }  # fmt: skip


def test_whom_the_office_knows_is_not_told_again(april, expert, cashier, auditor, leader):
    with clock.at(date(2026, 5, 6)):
        pay.reviewed(expert, day=date(2026, 3, 13))
        pay.reviewed(known("郭蕴之", id_number="140105199001011234", phone="13800138001"))
        pay.released(cashier, auditor, leader)

    assert [row[1] for row in bank.sheets(tax_files.people_file(MAY))["人员信息采集"]] == ["郭蕴之"]


def test_whose_first_money_came_back_is_made_known_with_the_next(expert, cashier, auditor, leader):
    pay.reviewed(expert)
    answer(pay.released(cashier, auditor, leader), "失败", cashier)
    with clock.at(date(2026, 5, 6)):
        pay.released(cashier, auditor, leader)

    assert [bank.sheets(tax_files.people_file(month))["人员信息采集"] != [] for month in (APRIL, MAY)] == [False, True]


@pytest.mark.parametrize(
    ("kind", "number", "told"),
    [
        ("resident_id", "140105199001011234", ("居民身份证", "中国", "男", date(1990, 1, 1))),
        ("resident_id", "140105199001011224", ("居民身份证", "中国", "女", date(1990, 1, 1))),
        ("residence_permit", "810000199408230021", ("港澳居民居住证", "中国香港", "女", date(1994, 8, 23))),
        ("residence_permit", "820000199408230011", ("港澳居民居住证", "中国澳门", "男", date(1994, 8, 23))),
        ("residence_permit", "830000199408230011", ("台湾居民居住证", "中国台湾", "男", date(1994, 8, 23))),
        ("travel_permit", "H12345678", ("港澳居民来往内地通行证", "中国香港", "", None)),
        ("travel_permit", "M12345678", ("港澳居民来往内地通行证", "中国澳门", "", None)),
        ("travel_permit", "12345678", ("台湾居民来往大陆通行证", "中国台湾", "", None)),
        ("permanent_resident_card", "911124198108030024", ("外国人永久居留身份证", "", "", None)),
        ("passport", "E12345678", ("", "", "", None)),
        ("", "", ("", "", "", None)),
    ],
)
def test_papers_are_called_as_the_tax_office_calls_them(kind, number, told):
    user = User(id_kind=kind, id_number=number)

    assert (*tax_files.papers(user), *tax_files.life(user)) == told


def test_what_is_lacking_is_listed(cashier, auditor, leader):
    pay.reviewed(known("Anna", id_kind="passport", id_number="X1234567"))
    pay.released(cashier, auditor, leader)

    [row] = bank.sheets(tax_files.people_file(APRIL))["要补填"]
    assert row[1:] == ["Anna", "证件类型、国籍(地区)、性别、出生日期"]


# Taking them


@pytest.mark.parametrize(
    ("kind", "name"), [("tax", "个人所得税申报文件 2026-04"), ("people", "人员信息采集文件 2026-04")]
)
def test_a_hundred_times_it_is_the_same_file(april, cashier, kind, name):
    files = set()
    for minute in range(100):
        with clock.at(clock.instant(date(2026, 4, 2 + minute % 20), 9 + minute % 8)):
            files.add(actions.export(APRIL, kind, by=cashier))

    assert [each for each, _ in files] == [f"{name}.xlsx"]
    assert Export.objects.filter(batch=None, kind=kind, period="2026-04", by=cashier).count() == 100


def test_of_a_month_without_pay_there_is_none(april, cashier):
    with pytest.raises(Refused, match="2026年5月没有发放报酬"):
        actions.export(MAY, "tax", by=cashier)


@pytest.mark.parametrize("role", ["auditor", "leader", "admin", "expert"])
def test_nobody_but_the_cashier_takes_them(april, role):
    with pytest.raises(PermissionDenied):
        actions.export(APRIL, "tax", by=person("another", role))


def test_no_cell_is_a_formula(cashier, auditor, leader):
    pay.reviewed(known("=1+1", id_kind="passport", id_number="+X123456", phone=""))
    pay.released(cashier, auditor, leader)

    files = [tax_files.tax_file(APRIL), tax_files.people_file(APRIL)]

    assert all(cell.data_type in "sn" for content in files for cell in bank.cells(content))
    assert bank.sheets(files[0])["劳务报酬所得"][0][1:4] == ["=1+1", None, "+X123456"]


# The months


def test_each_month_says_what_was_paid_withheld_and_by_when_it_is_declared(april):
    [month] = tax_months.months(Batch.objects.all())

    told = (month.first, month.payouts, month.gross, month.tax, month.due, month.is_over, month.exports)
    assert told == (APRIL, 2, Decimal("1800.00"), Decimal("200.00"), date(2026, 5, 15), False, [])


def test_december_is_declared_in_january():
    december = tax_months.Month(date(2026, 12, 1), 0, Decimal(0), Decimal(0), clock.now(), [])

    assert december.due == date(2027, 1, 15)


def test_a_file_is_stale_once_something_came_back(april, cashier):
    with clock.at(date(2026, 4, 3)):
        actions.export(APRIL, "tax", by=cashier)
    fresh = tax_months.months(Batch.objects.all())[0].is_stale
    with clock.at(date(2026, 4, 4)):
        answer(april[1], "失败", cashier)

    [month] = tax_months.months(Batch.objects.all())
    assert (fresh, month.is_stale, month.payouts, [each.kind for each in month.exports]) == (False, True, 1, ["tax"])
