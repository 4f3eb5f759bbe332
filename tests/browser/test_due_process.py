"""What follows from a service: a rating in two taps, the call after a poor one, a dismissal that skips nothing.

The journeys J6, J11 and J12 in browsers of those whom they are about (Articles 10(1) and 12).
"""

import re

import pytest

from tests.browser.test_journeys import PAPER, Journey

pytestmark = pytest.mark.browser
LINK = re.compile(r"/r/[\w-]+/")


@pytest.fixture
def to_rate(visitor):
    """The link to a service that nobody has rated yet, sent once more and read where the demo shows what it sends."""
    clerk = visitor("desk").sign_in("intake")
    clerk.go("/admin/ratings/")
    clerk.follow("待评价")
    clerk.page.locator("main tbody tr a").first.click()
    clerk.page.wait_for_load_state()
    clerk.follow("重发评价短信")
    clerk.press("重发评价短信")
    return LINK.search(clerk.go("/demo/outbox/").locator("main").inner_text())[0]


def test_j6_a_rating_takes_one_screen_and_two_taps_and_a_poor_one_a_reason(visitor, to_rate):
    way = Journey(visitor("phone", java_script_enabled=False), to_rate)
    assert way.page.locator("input:checked").count() == 0

    way.page.locator("label.face", has_text="很满意").first.click()
    way.tap("button", "提交评价")

    way.visitor.says("您的评价")
    assert (way.screens, way.taps) == (2, 1)  # the second screen says thanks; the face was the other tap

    way.tap("link", "改一改评价")
    way.page.locator("label.face", has_text="很不满意").click()
    way.page.locator("label.chip:has(:checked)").evaluate_all("all => all.forEach(each => each.click())")
    way.tap("button", "改成这样")
    way.visitor.says("请至少选一项不满意的地方")
    way.page.locator("label.chip", has_text="没解决问题").click()
    way.tap("button", "改成这样")
    way.visitor.says("服务中心会在")
    way.visitor.picture("rated-poorly")


def test_j11_a_poor_rating_is_called_back_about_on_one_screen(visitor):
    clerk = visitor("desk").sign_in("intake")
    page = clerk.go("/admin/")
    page.locator("main tr", has_text="回访差评").first.get_by_role("link").first.click()
    page.wait_for_load_state()
    clerk.follow("登记回访")
    page.get_by_label("对方怎么说的").fill("希望知道找哪个窗口办理。")
    clerk.press("登记回访")

    clerk.says("待专家说明")
    clerk.says("希望知道找哪个窗口办理。")


class Office:
    """The four who take part, each at a desk of their own, and where the case stands."""

    def __init__(self, visitor):
        roles = ("inspector", "intake", "reviewer", "leader")
        self.people = {role: visitor("desk").sign_in(role) for role in roles}
        self.case = ""

    def does(self, role, move, press=None, upload=None, **fields):
        """Open the case, follow the move, fill its form in and press its button."""
        who = self.people[role]
        page = who.go(self.case)
        who.follow(move, exact=True)
        for label, words in fields.items():
            field = page.get_by_label(label).first
            field.check() if words is True else field.fill(words)
        if upload:
            page.get_by_label(upload).set_input_files(PAPER)
        who.press(press or move)
        return who


def test_j12_a_dismissal_passes_every_gate_and_takes_effect_at_once(visitor, places):
    number = places.experts[-1].strip("/").rpartition("/")[2]
    office = Office(visitor)
    inspector = office.people["inspector"]
    page = inspector.go("/admin/dismissals/propose/")
    page.get_by_label("专家编号或姓名").fill(number)
    page.get_by_label("利用专家身份谋取私利").check()
    page.get_by_label("线索").fill("来访者反映他推销自己公司的记账服务。")
    page.locator("main form button").last.click()
    page.wait_for_load_state()
    office.case = page.url

    office.does("intake", "立案")
    office.does("intake", "补充证据", upload="证据", 证明什么="收费凭证")
    office.does("intake", "制发告知书", 事实="向来访者收取记账服务费。", 理由="以专家身份谋取私利。")
    leader = office.people["leader"]
    leader.go(office.case)
    assert leader.page.locator("main .btn[aria-disabled=true]", has_text="确认解聘").count() == 1
    leader.picture("dismissal-locked")
    office.does("intake", "登记告知书送达", upload="送达证明", 直接送达=True)
    office.does("intake", "登记陈述申辩", upload="签字材料", 有陈述申辩=True, 第1点="只是介绍，没有强迫。")
    office.does(
        "reviewer",
        "复核申辩",
        不采纳=True,
        第1点的答复="凭证显示已经收费，不予采纳。",
        复核意见="事实清楚。",
        建议解聘=True,
    )
    office.does("leader", "确认解聘", 决定意见="同意解聘。")
    assert visitor("phone").go(f"/experts/{number}/")  # until the decision is served he is an expert
    done = office.does("intake", "登记决定书送达", upload="送达证明", 直接送达=True)

    done.says("已解聘")
    done.picture("dismissal-done")
    visitor("phone").go(f"/experts/{number}/", status=410)


def test_j12_an_expert_asks_to_leave_and_takes_it_back(visitor):
    own = visitor("phone").sign_in("expert")
    own.go("/desk/resign/").get_by_label("为什么不再担任").fill("下月起到外地工作。")
    assert not own.page.get_by_label("我放弃陈述申辩").is_checked()
    own.page.locator("main form button").last.click()
    own.page.wait_for_load_state()
    own.says("申请已提交")
    own.picture("resigned")
    own.follow("撤回辞任申请")
    own.press("撤回辞任申请")

    own.says("申请已撤回")
