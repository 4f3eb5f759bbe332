"""The old team's pages, as each role sees them in the demo."""

from tests.browser.pay_places import OfRow
from tests.browser.places import follows

LIST = "/admin/former/"
FORMER = {
    "old team": OfRow("intake", LIST),
    "old team's table to be sent in": OfRow("intake", f"{LIST}read/"),
    "old team's table to be mended": OfRow("intake", LIST, "第二批"),
    "old team's table taken in": OfRow("reviewer", LIST, "第一批"),
    "old team's table to be undone": OfRow("leader", LIST, "第一批", follows("撤销导入")),
}
