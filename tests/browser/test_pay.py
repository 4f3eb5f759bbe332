"""A month of confirmed services becomes money on people's accounts, through three pairs of hands and the bank (Article 13)."""

import re
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook, load_workbook

pytestmark = pytest.mark.browser
OWN = "韩砚秋"  # the expert whose account the demo prints
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CARD = "9999 0000 0000 0000 004"  # no bank has given it; its check digit is right
CHECKED = "逐笔对照了签到表和服务记录，第一次付款的账户核对了户名和尾号。"
CALLED = "打登记的手机，本人接听，说出的户名、开户银行和尾号一致。"


def today() -> str:
    return f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m-%d}"


def yuan(text: str) -> Decimal:
    """1,300.00 as a number."""
    return Decimal(text.strip().replace(",", ""))


def sums(page) -> dict[str, Decimal]:
    """What the page of a batch counts in several ways, by what stands before it."""
    rows = page.locator("section[aria-labelledby=checked] tbody tr").all()
    return {row.locator("th").inner_text(): yuan(row.locator("td").inner_text()) for row in rows}


class Money:
    """One batch on its way, and everybody who has a hand in it."""

    def __init__(self, visitor, tmp_path):
        self.visitor, self.folder = visitor, tmp_path
        self.cashier = visitor("desk").sign_in("cashier")

    def make(self):
        """All that is owed up to today; what cannot be paid is taken out, and one line more, the rest is submitted."""
        page = self.cashier.go("/admin/payments/")
        self.cashier.follow("编制批次")
        page.get_by_label("名称").fill("浏览器里走一遍的报酬")
        page.get_by_label("服务日期截至").fill(today())
        self.cashier.press("编制批次")
        self.batch = page.url
        others = page.locator("tr:has(input.tick)").filter(has_not_text=OWN)
        if others.count():
            others.first.locator("input.tick").check()
            page.locator("main").get_by_role("button", name=re.compile("^移出所选")).click()
            page.wait_for_load_state()
        self.cashier.picture("pay-made")
        self.does(self.cashier, "提交复核")

    def does(self, who, move):
        who.go(self.batch)
        who.follow(move, exact=True)
        who.press(move)

    def check(self):
        """Without script: what is to be looked at is read first, then the lines are chosen, and it is said how."""
        auditor = self.visitor("desk", java_script_enabled=False).sign_in("auditor")
        page = auditor.go(self.batch)
        sights = page.locator("section[aria-labelledby=sights] a").all()
        count = page.locator("dl.facts div").filter(has_text="需要看").locator("dd").inner_text()
        assert bool(sights) == (count != "0处")
        for sight in sights:
            assert page.locator(sight.get_attribute("href")).is_visible()
        auditor.picture("pay-to-check")
        for box in page.locator("input.tick:enabled").all():
            box.check()
        page.get_by_label("复核说明").fill(CHECKED)
        page.locator("main").get_by_role("button", name=re.compile("^复核通过所选")).click()
        page.wait_for_load_state()
        auditor.says("等局领导发放")
        return page

    def release(self):
        leader = self.visitor("desk").sign_in("leader")
        self.does(leader, "发放")
        leader.picture("pay-released")
        return sums(leader.go(self.batch))

    def bank_file(self) -> list[tuple]:
        """What the bank is told, as a spreadsheet program reads it: the cells below the head."""
        page = self.cashier.go(self.batch)
        with page.expect_download() as kept:
            page.locator("main").get_by_role("link", name="银行代发文件").first.click()
        path = self.folder / "bank.xlsx"
        kept.value.save_as(path)
        return list(load_workbook(path)["代发"].iter_rows(min_row=2))

    def answer(self, rows):
        """The bank paid all of it, and says so in a file with its own titles."""
        book = Workbook()
        book.active.append(["交易附言", "附言", "金额", "处理结果", "日期"])
        for row in rows:
            book.active.append(["代发", row[6].value, row[5].value, "成功", today()])
        book.save(self.folder / "answer.xlsx")
        page = self.cashier.go("/admin/payments/returns/")
        self.cashier.follow("导入回盘")
        page.get_by_label("回盘文件").set_input_files(self.folder / "answer.xlsx")
        self.cashier.press("试读回盘")
        return page


def test_a_month_of_services_becomes_a_batch_a_bank_file_its_answer_and_payslips(visitor, tmp_path):
    money = Money(visitor, tmp_path)
    money.make()
    money.check()
    counted = money.release()
    rows = money.bank_file()

    paid_out = sum((Decimal(f"{row[5].value}") for row in rows), Decimal("0.00"))
    assert counted["明细合计"] == counted["发放应发合计"]
    assert counted["发放应发合计"] - counted["代扣税额"] == counted["银行文件合计"] == paid_out
    assert counted["差额（明细－应发）"] == counted["差额（应发－税额－银行文件）"] == 0
    for _, holder, number, _, _, amount, reference in rows:
        assert (holder.data_type, number.data_type, reference.data_type, amount.data_type) == ("s", "s", "s", "n")
        assert number.number_format == "@"
        assert re.fullmatch(r"[0-9]{12,19}", number.value)
        assert re.fullmatch(r"[A-Z]{2}[0-9]{18}", reference.value)

    page = money.answer(rows)
    money.cashier.says("这是试读的结果，还没有入账")
    assert page.locator("dl.facts dd.big").all_inner_texts()[0] == f"{len(rows)}笔"
    money.cashier.picture("pay-dry-run")
    assert "等回盘" in money.cashier.go(money.batch).locator("main").inner_text()
    page.go_back()
    money.cashier.follow("回盘入账")
    money.cashier.press("回盘入账")

    page = money.cashier.go(money.batch)
    money.cashier.says("已核对")
    assert page.locator("td[data-l=银行]").all_inner_texts() == ["已到账"] * len(rows)
    money.cashier.picture("pay-settled")
    own = next(row[5].value for row in rows if row[1].value == OWN)
    expert_reads(visitor("phone").sign_in("expert"), Decimal(f"{own}"))


def expert_reads(expert, amount: Decimal):
    """On his phone: that it has arrived, and how it came about, line by line to the same sum."""
    page = expert.go("/desk/pay/")
    expert.says("已到账")
    expert.picture("pay-own")
    page.locator("section[aria-labelledby=slips] a").first.click()
    page.wait_for_load_state()
    assert page.locator("h1").inner_text() == f"实发{amount:,.2f}元"
    expert.says("浏览器里走一遍的报酬")
    expert.picture("payslip")
    lines = sum(yuan(each) for each in page.locator("td[data-l='金额（元）']").all_inner_texts())
    figures = dict(zip(page.locator("dl dt").all_inner_texts(), page.locator("dl dd").all_inner_texts(), strict=False))
    assert lines - yuan(figures["个人所得税"].removesuffix("元")) == amount


def test_an_expert_changes_the_account_it_is_checked_by_a_call_and_he_denies_it(visitor):
    expert = visitor("phone").sign_in("expert")
    page = expert.go("/desk/pay/account/")
    expert.follow("变更账户")
    page.get_by_label("密码").fill(expert.demo.password)
    expert.press("确认")
    page.get_by_label("开户银行").fill("中国建设银行")
    page.get_by_label("银行账号").fill(CARD)
    expert.press("提交账户")
    expert.says("账户正在变更")
    expert.picture("account-waits")

    reviewer = visitor("desk").sign_in("reviewer")
    desk = reviewer.go("/admin/")
    desk.locator("main tr", has_text=OWN).filter(has_text="核实收款账户").get_by_role("link").first.click()
    desk.wait_for_load_state()
    assert CARD.replace(" ", "") not in desk.content()
    reviewer.follow("核实通过")
    desk.get_by_label("核实情况").fill(CALLED)
    reviewer.picture("account-check")
    reviewer.press("核实通过")
    reviewer.says("观察期")

    expert.go("/desk/pay/account/")
    expert.says("账户已核实")
    expert.follow(re.compile("^否认"))
    expert.press("否认账户")
    expert.says("账户已停用")
    expert.picture("account-denied")
