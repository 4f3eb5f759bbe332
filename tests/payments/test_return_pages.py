"""The pages of the bank's answers, of what hangs, and of files: who opens them, what they show, what they bring about."""

import hashlib
import re
from datetime import date

import pytest
from django.urls import reverse

from expertteam import clock
from expertteam.models import ROLES, Notification
from payments import actions, bank_rows, overdue, tasks
from payments.models import BankResult, BankReturn, Export, ReturnRow
from tests import make
from tests.acts import run
from tests.conftest import person
from tests.make import sign_in
from tests.payments import bank, pay

pytestmark = pytest.mark.django_db
OPEN, FORBIDDEN, MISSING, SIGN_IN = 200, 403, 404, 302
PAYING = {"cashier", "auditor", "leader"}
STRAY = ["BC260400010000000999", "12.00", "成功", "", ""]
LIST, READ, SUSPENSE, TAXES = (reverse(f"payments:{name}") for name in ("returns", "read_return", "suspense", "taxes"))


@pytest.fixture(autouse=True)
def _in_april():
    """Thursday 2026-04-02; Monday the 6th is a holiday."""
    with clock.at(date(2026, 4, 2)):
        yield


def paid(number, cashier, auditor, leader):
    """A released batch of so many payouts of 500.00."""
    for _ in range(number):
        expert = make.make_expert(user=make.make_user(name="韩砚秋"))
        pay.account(expert)
        pay.reviewed(expert)
    return pay.released(cashier, auditor, leader)


@pytest.fixture
def batch(cashier, auditor, leader):
    return paid(3, cashier, auditor, leader)


@pytest.fixture
def rows(batch):
    """One arrived, one came back, one says another sum, one nobody knows."""
    first, second, third = (bank.row(each) for each in batch.payouts.all())
    return [first, [*second[:2], "失败", "户名不符", ""], [third[0], "500.01", *third[2:]], STRAY]


@pytest.fixture
def checked(rows, cashier):
    return actions.check_return(bank.file(rows), by=cashier)


@pytest.fixture
def applied(checked, cashier):
    return actions.apply(checked, by=cashier)


def text(response):
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", response.text))


def send(http, rows):
    return http.post(READ, {"file": bank.file(rows)})


# Who opens what


@pytest.mark.parametrize("role", [*ROLES, "stranger", "nobody"])
def test_a_page_opens_for_whom_it_should(http, batch, applied, rows, cashier, role):
    waiting = actions.check_return(bank.file(rows[:1]), by=cashier)
    hanging = applied.rows.get(reference=STRAY[0])
    of_batch, of_month = [batch.pk], [2026, 4]
    doors = {  # page -> who opens it, and what everybody else is told
        LIST: (PAYING, FORBIDDEN),
        READ: ({"cashier"}, FORBIDDEN),
        applied.get_absolute_url(): (PAYING, MISSING),
        f"{waiting.get_absolute_url()}apply/": ({"cashier"}, FORBIDDEN if role in PAYING else MISSING),
        f"{waiting.get_absolute_url()}discard/": ({"cashier"}, FORBIDDEN if role in PAYING else MISSING),
        SUSPENSE: (PAYING, FORBIDDEN),
        reverse("payments:clear_row", args=[hanging.pk]): ({"auditor"}, FORBIDDEN),
        TAXES: (PAYING, FORBIDDEN),
        reverse("payments:bank_file", args=of_batch): ({"cashier"}, FORBIDDEN if role in PAYING else MISSING),
        reverse("payments:finance_file", args=of_batch): ({"cashier"}, FORBIDDEN if role in PAYING else MISSING),
        reverse("payments:tax_file", args=of_month): ({"cashier"}, FORBIDDEN),
        reverse("payments:people_file", args=of_month): ({"cashier"}, FORBIDDEN),
    }
    if role != "nobody":
        sign_in(http, person(f"another-{role}", *[role] if role in ROLES else []))

    found = {page: http.get(page).status_code for page in doors}

    assert found == {
        page: SIGN_IN if role == "nobody" else OPEN if role in who else other for page, (who, other) in doors.items()
    }


@pytest.mark.parametrize("role", [*sorted(set(ROLES) - {"cashier"}), "stranger"])
def test_an_act_of_somebody_else_does_nothing(http, checked, rows, role):
    sign_in(http, person(f"another-{role}", *[role] if role in ROLES else []))

    told = [send(http, rows[:1]).status_code]
    told += [http.post(f"{checked.get_absolute_url()}{verb}/").status_code for verb in ("apply", "discard")]

    checked.refresh_from_db()
    assert set(told) <= {FORBIDDEN, MISSING}
    assert (checked.state, BankReturn.objects.count(), BankResult.objects.count()) == ("checked", 1, 0)


# Reading and taking over


def test_the_cashier_reads_a_file_and_sees_three_groups(http, rows, cashier):
    sign_in(http, cashier)

    answer = http.post(READ, {"file": bank.file(rows)}, follow=True)

    read = BankReturn.objects.get()
    assert answer.redirect_chain == [(read.get_absolute_url(), 302)]
    said = text(answer)
    for words in (
        "到账1笔500.00元",
        "退回1笔500.00元",
        "对不上2笔512.01元",
        "金额对不上，发放的是500.00元",
        "参考号不认识",
    ):
        assert words in said
    assert "户名不符" in said
    assert pay.CARD not in answer.text


def test_the_same_file_leads_to_where_it_was_read(http, checked, rows, cashier):
    sign_in(http, cashier)

    answer = send(http, rows)

    assert answer.status_code == 422
    assert "已经导入过，编号HP26040001" in text(answer)
    assert f'href="{checked.get_absolute_url()}"' in answer.text
    assert BankReturn.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "words"),
    [({}, "请上传回盘文件"), ({"file": bank.file([["1", "2"]], head=["附言", "金额"])}, "第1行表头缺“结果”一列")],
)
def test_what_is_wrong_with_a_file_is_said(http, batch, cashier, sent, words):
    sign_in(http, cashier)

    answer = http.post(READ, sent)

    assert (answer.status_code, words in text(answer)) == (422, True)


def test_the_cashier_takes_it_over(http, batch, checked, cashier):
    sign_in(http, cashier)

    http.post(f"{checked.get_absolute_url()}apply/")

    checked.refresh_from_db()
    batch.refresh_from_db()
    assert (checked.state, BankResult.objects.count(), batch.state) == ("applied", 2, "released")
    assert "apply/" not in http.get(checked.get_absolute_url()).text


def test_the_cashier_puts_it_aside(http, checked, cashier):
    sign_in(http, cashier)

    http.post(f"{checked.get_absolute_url()}discard/")

    checked.refresh_from_db()
    assert (checked.state, BankResult.objects.count()) == ("discarded", 0)


# What hangs


def test_the_auditor_clears_what_hangs(http, applied, auditor):
    sign_in(http, auditor)
    row = applied.rows.get(reference=STRAY[0])
    assert text(http.get(SUSPENSE)).count(applied.number) >= 2

    answer = http.post(reverse("payments:clear_row", args=[row.pk]), {"clearing": "银行误发，已电话核实"}, follow=True)

    row.refresh_from_db()
    assert (row.cleared_by, row.clearing) == (auditor, "银行误发，已电话核实")
    assert "第5行已核销" in text(answer)
    assert http.get(reverse("payments:clear_row", args=[row.pk])).status_code == MISSING
    assert "已核销：银行误发，已电话核实" in text(http.get(applied.get_absolute_url()))


def test_what_has_hung_longest_stands_first(http, applied, cashier, auditor):
    later = actions.apply(
        actions.check_return(bank.file([STRAY, ["结息", "1.00", "成功", "", ""]]), by=cashier), by=cashier
    )
    sign_in(http, auditor)

    rows = [(row.bank_return, row.place) for row in http.get(SUSPENSE).context["object_list"]]

    assert rows == [(applied, 4), (applied, 5), (later, 2), (later, 3)]


def test_clearing_another_sum_says_that_the_payment_still_waits_for_its_answer(http, applied, auditor):
    sign_in(http, auditor)
    other, stray = applied.rows.get(fault="amount"), applied.rows.get(fault="unknown")

    words = "请银行另出一份对得上的结果，再导入"
    assert words in text(http.get(reverse("payments:clear_row", args=[other.pk])))
    assert words not in text(http.get(reverse("payments:clear_row", args=[stray.pk])))


def test_clearing_needs_words(http, applied, auditor):
    sign_in(http, auditor)
    row = applied.rows.get(reference=STRAY[0])

    answer = http.post(reverse("payments:clear_row", args=[row.pk]), {"clearing": ""})

    assert (answer.status_code, "请填写核销说明" in text(answer)) == (422, True)


# Files


@pytest.mark.parametrize(
    ("name", "kind", "filename"),
    [
        ("bank_file", "bank", "银行代发文件 BC26040001.xlsx"),
        ("finance_file", "finance", "报酬发放表 BC26040001.xlsx"),
    ],
)
def test_a_batch_gives_its_files(http, batch, cashier, name, kind, filename):
    sign_in(http, cashier)

    answer = http.get(reverse(f"payments:{name}", args=[batch.pk]))

    export = Export.objects.get()
    assert (export.kind, export.batch, export.by) == (kind, batch, cashier)
    assert export.digest == hashlib.sha256(answer.content).hexdigest()
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%")


def test_before_its_release_a_batch_says_that_there_is_none(http, cashier, auditor):
    expert = make.make_expert()
    pay.account(expert)
    pay.reviewed(expert)
    batch = pay.approved(cashier, auditor)
    sign_in(http, cashier)

    answer = http.get(reverse("payments:bank_file", args=[batch.pk]), follow=True)

    assert answer.redirect_chain == [(batch.get_absolute_url(), 302)]
    assert "批次还没有发放" in text(answer)


def test_a_month_gives_its_files_and_tells_who_took_them(http, batch, cashier):
    sign_in(http, cashier)
    for name in ("tax_file", "people_file"):
        assert http.get(reverse(f"payments:{name}", args=[2026, 4])).status_code == OPEN

    said = text(http.get(TAXES))
    for words in ("2026年4月", "1,500.00", "5月15日", "个人所得税申报文件：王经办", "人员信息采集文件：王经办"):
        assert words in said


@pytest.mark.parametrize("month", ["2026/13", "2026/0"])
def test_there_is_no_such_month(http, batch, cashier, month):
    sign_in(http, cashier)

    assert http.get(f"/admin/payments/tax/{month}/income.xlsx").status_code == MISSING


def test_a_month_without_pay_says_so(http, batch, cashier):
    sign_in(http, cashier)

    answer = http.get(reverse("payments:tax_file", args=[2026, 5]), follow=True)

    assert "2026年5月没有发放报酬" in text(answer)


# As many questions for many as for one


@pytest.mark.parametrize("number", [1, 3])
def test_pages_ask_as_much_for_many_rows_as_for_one(http, cashier, auditor, leader, django_assert_num_queries, number):
    batch = paid(number, cashier, auditor, leader)
    answers = [bank.row(each, result) for each in batch.payouts.all() for result in ("成功", "失败")]
    strays = [[f"BC26040001000000{n:04d}", "1.00", "成功", "", ""] for n in range(number)]
    for n in range(number):
        read = actions.check_return(bank.file([*answers, *strays, [f"X{n}", "1", "成功", "", ""]]), by=cashier)
        actions.apply(read, by=cashier)
    actions.export(date(2026, 4, 1), "tax", by=cashier)
    sign_in(http, auditor)
    http.get(LIST)

    for page, queries in ((LIST, 12), (SUSPENSE, 11), (TAXES, 13), (read.get_absolute_url(), 19)):
        with django_assert_num_queries(queries):
            http.get(page)


# What waits, and for whom


def told(user, subject):
    return Notification.objects.filter(to=user, channel="inapp", subject=subject)


def waiting(user):
    return {kind: [row(each) for each in open_(user)] for kind, open_, row in bank_rows.QUEUES}


def test_what_was_released_waits_until_its_file_is_taken_to_the_bank(batch, cashier, auditor):
    [row] = waiting(cashier)["待送银行"]

    assert (row.number, row.url) == (batch.number, batch.get_absolute_url())
    assert waiting(auditor)["待送银行"] == []
    actions.export(batch, "finance", by=cashier)
    assert len(waiting(cashier)["待送银行"]) == 1
    actions.export(batch, "bank", by=cashier)
    assert waiting(cashier)["待送银行"] == []


def test_what_was_read_waits_for_the_cashier(checked, cashier, auditor):
    [row] = waiting(cashier)["回盘待入账"]

    assert (row.number, row.url) == (checked.number, checked.get_absolute_url())
    assert waiting(auditor)["回盘待入账"] == []


def test_what_hangs_waits_for_an_auditor_who_had_no_hand_in_it(applied, cashier, auditor):
    assert [row.url for row in waiting(auditor)["挂账待核销"]] == [
        reverse("payments:clear_row", args=[row.pk]) for row in ReturnRow.objects.suspended()
    ]
    assert waiting(auditor)["挂账待核销"][0].whom == "HP 2604 0001第4行"
    assert waiting(cashier)["挂账待核销"] == []
    cashier.groups.add(*auditor.groups.all())
    assert waiting(type(cashier).objects.get(pk=cashier.pk))["挂账待核销"] == []


@pytest.mark.parametrize(
    ("day", "late"),
    [(date(2026, 4, 8), False), (date(2026, 4, 9), True)],  # the third working day after the 2nd, and the next
)
def test_a_batch_waits_three_working_days_for_the_bank(batch, cashier, auditor, day, late):
    with clock.at(day):
        assert bool(waiting(cashier)["批次没有回盘"]) is late
        assert waiting(auditor)["批次没有回盘"] == []


def test_the_cashier_is_reminded_once_a_week_until_the_bank_has_answered(batch, cashier):
    run(tasks.remind_of_returns, date(2026, 4, 8), date(2026, 4, 9), date(2026, 4, 10))
    once = told(cashier, "批次还没有回盘").count()
    run(tasks.remind_of_returns, date(2026, 4, 13))
    again = told(cashier, "批次还没有回盘").count()
    rows = [bank.row(each) for each in batch.payouts.all()]
    actions.apply(actions.check_return(bank.file(rows), by=cashier), by=cashier)
    run(tasks.remind_of_returns, date(2026, 4, 20))

    assert (once, again) == (1, 2)
    assert told(cashier, "批次还没有回盘").count() == 2


def test_the_auditor_is_reminded_of_what_hangs(applied, auditor):
    run(tasks.remind_of_suspense, date(2026, 4, 8), date(2026, 4, 9), date(2026, 4, 10))

    [message] = told(auditor, "回盘有挂账待核销")
    assert message.body == "HP26040001有2行对不上，已超过3个工作日，请查清后核销。"
    for row in applied.rows.exclude(fault=""):
        actions.clear_row(row, by=auditor, clearing="已向银行核实")
    with clock.at(date(2026, 4, 20)):
        assert not overdue.suspense(clock.today()).exists()


# The registers


@pytest.mark.parametrize("page", ["bankreturn", "export", "bankresult"])
def test_the_registers_show_no_account(http, applied, batch, cashier, page):
    actions.export(batch, "bank", by=cashier)
    sign_in(http, cashier)

    answer = http.get(f"/admin/payments/{page}/")

    assert answer.status_code == OPEN
    assert "王经办" in answer.text
    assert pay.CARD not in answer.text
