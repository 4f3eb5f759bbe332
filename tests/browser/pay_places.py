"""The pages of pay: as each role sees them, in the states that the demo leaves things in."""

from tests.browser.places import Sight, follows, nothing, presses


class OfRow(Sight):
    """The page that a list leads to from the first of its rows with these words, as that role sees it."""

    def __init__(self, role, address, words="", act=nothing):
        super().__init__(address, act)
        self.role, self.words = role, words

    def show(self, visitor, places):
        page = visitor.go(self.address)
        if self.words:
            row = page.locator("main tbody tr", has_text=self.words).first
            row.locator("a[href]").first.click()
            page.wait_for_load_state()
        self.act(page)
        return page


BATCHES, ITEMS, ACCOUNTS = "/admin/payments/", "/admin/payments/items/", "/admin/payments/accounts/"
RETURNS = "/admin/payments/returns/"
PAY = {  # pages that differ with who looks and with how far things have come
    "pay of the cashier": OfRow("cashier", BATCHES),
    "pay of the auditor": OfRow("auditor", BATCHES),
    "pay of the leader": OfRow("leader", BATCHES),
    "batch that its maker waits for": OfRow("cashier", BATCHES, "待复核"),
    "batch to check": OfRow("auditor", BATCHES, "待复核"),
    "batch to go back": OfRow("auditor", BATCHES, "待复核", follows("退回")),
    "batch that is not the leader's yet": OfRow("leader", BATCHES, "待复核"),
    "batch settled": OfRow("cashier", BATCHES, "已核对"),
    "batch settled, line by line": OfRow("auditor", BATCHES, "已核对", follows("明细")),
    "item paid": OfRow("cashier", f"{ITEMS}?state=paid", "已发放"),
    "item to correct": OfRow("cashier", f"{ITEMS}?state=paid", "已发放", follows("提出更正")),
    "item waiting": OfRow("auditor", f"{ITEMS}?state=waiting", "待发放"),
    "item without a price": OfRow("auditor", f"{ITEMS}?state=unpriced", "没有价格"),
    "item being corrected": OfRow("auditor", f"{ITEMS}?state=correcting", "更正中"),
    "correction to sign": OfRow("auditor", f"{ITEMS}?state=correcting", "更正中", follows("同意更正")),
    "account to check": OfRow("reviewer", ACCOUNTS, "待核实"),
    "account being checked": OfRow("reviewer", ACCOUNTS, "待核实", follows("核实通过")),
    "account that cools": OfRow("cashier", ACCOUNTS, "观察期"),
    "account replaced": OfRow("leader", ACCOUNTS, "已更换"),
    "whoever cannot be paid": OfRow("cashier", "/admin/payments/payees/", "没有登记单位同意"),
    "consent to be recorded": OfRow("leader", "/admin/payments/payees/", "没有登记单位同意", follows("登记单位同意")),
    "return with a row that is none of ours": OfRow("cashier", RETURNS, "已入账"),
    "list to be taken out": OfRow("cashier", f"{ITEMS}?export=1"),
    "list without a reason": OfRow("cashier", f"{ITEMS}?export=1", act=presses("导出Excel")),
    "register to be taken out": OfRow("inspector", "/admin/recruitment/notice/export/"),
    "rates in force": OfRow("auditor", "/admin/payments/rates/", "演示"),
}
LISTS = {  # pages that are the same for every officer who may see them
    "batch to be made": OfRow("cashier", f"{BATCHES}make/"),
    "accounts of the clerk": OfRow("intake", ACCOUNTS),
    "suspense": OfRow("auditor", "/admin/payments/suspense/"),
    "taxes": OfRow("cashier", "/admin/payments/tax/"),
    "rates": OfRow("cashier", "/admin/payments/rates/"),
    "annual report with pay": OfRow("leader", "/admin/annual/"),
}
