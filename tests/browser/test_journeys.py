"""What people come for takes no more screens and taps than promised; each is counted while it is done, on a phone."""

import secrets

import pytest

from tests.browser.places import FACTS
from tests.make import PDF

pytestmark = pytest.mark.browser
PAPER = {"name": "材料.pdf", "mimeType": "application/pdf", "buffer": PDF}
APPLY = ["kind", "basics", "history", "skills", "proof", "pledge", "check"]


class Journey:
    """Counts: a screen is a page that was loaded, a field is what was typed or chosen, a tap what was pressed."""

    def __init__(self, visitor, start):
        self.visitor, self.page, self.taps, self.fields, self.seen = visitor, visitor.page, 0, 0, []
        self.page.on("domcontentloaded", lambda page: self.seen.append(page.url.removeprefix(visitor.demo.url)))
        visitor.go(start)

    @property
    def screens(self):
        return len(self.seen)

    def tap(self, role, name, exact=True):
        self.taps += 1
        self.page.locator("main").get_by_role(role, name=name, exact=exact).first.click()
        self.page.wait_for_load_state()

    def type(self, label, words):
        self.fields += 1
        self.page.get_by_label(label).first.fill(words)

    def choose(self, label, option=None):
        self.fields += 1
        field = self.page.get_by_label(label).first
        field.select_option(option) if option else field.check()

    def hand_in(self, label):
        self.fields += 1
        self.page.get_by_label(label).set_input_files(PAPER)


def number(page):
    """Where the service centre's number can be tapped."""
    return page.locator("main a[href='tel:0351-5550100']").first


def test_known_expert_is_called_from_his_page(visitor, places):
    way = Journey(visitor("phone"), places.expert)

    assert (way.screens, way.taps) == (1, 0)
    assert number(way.page).is_visible()  # below his free times


def test_expert_is_found_from_home(visitor):
    way = Journey(visitor("phone"), "/")

    way.choose("融资贷款")
    way.tap("button", "找对口的专家")
    way.page.locator("main article h3 a").first.click()
    way.page.wait_for_load_state()

    assert way.screens == 3
    assert number(way.page).is_visible()


def test_who_does_not_know_whom_calls_from_home(visitor):
    way = Journey(visitor("phone"), "/")

    assert (way.screens, way.taps) == (1, 0)
    assert number(way.page).is_visible()


def test_objection_takes_two_screens(visitor, places):
    way = Journey(visitor("phone"), places.running)

    way.choose("反映哪位", "整份名单或程序")
    way.choose("材料不真实")
    way.type("具体情况", FACTS)
    way.type("姓名", "王一问")
    way.type("手机号", "13800138001")
    way.tap("button", "提交")

    way.visitor.says("已收到您反映的情况")
    assert (way.screens, way.fields, way.taps) == (2, 3 + 2, 1)  # how to be reached is preset, then name and number


def test_certificate_is_verified_with_one_field(visitor, places):
    way = Journey(visitor("phone"), "/verify/")

    way.type("聘书编号", places.certificate)
    way.tap("button", "核验")

    way.visitor.says("聘书有效")
    assert (way.fields, way.taps) == (1, 1)
    assert {address.partition("?")[0] for address in way.seen} == {"/verify/"}


def test_application_takes_one_list_and_seven_tasks(visitor):
    way = Journey(visitor("phone").sign_up(), "/apply/")
    way.tap("button", "开始报名")

    fill_in_the_tasks(way)
    way.tap("link", "检查并提交")
    way.tap("button", "提交报名")

    way.visitor.says("报名已提交")
    tasks = {address.split("/")[2] for address in way.seen} - {"", "done"}
    assert tasks == set(APPLY)
    beyond = 2 + 2  # one period and one case, each entered on a page of its own
    assert way.taps == 1 + 2 * len(APPLY) + beyond  # begin; open and save each task
    assert way.screens == 1 + way.taps


def fill_in_the_tasks(way):
    way.tap("link", "以哪一类人员报名")
    way.choose("职业经理人与专业技术人员")
    way.choose("选第二类的，是哪方面的", "职业经理人")
    way.tap("button", "保存并返回清单")

    way.tap("link", "基本情况")
    for label, words in {
        "姓名": "白若溪",
        "证件号码": identity(),
        "工作单位": "太原某农机公司",
        "职务": "总经理",
    }.items():
        way.type(label, words)
    way.choose("证件类型", "居民身份证")
    way.choose("所在区县", "小店区")
    way.tap("button", "保存并返回清单")

    way.tap("link", "工作经历")
    way.tap("link", "添加一段经历")
    for label, words in {"单位": "太原某农机公司", "职务或工作内容": "总经理", "开始年月": "2016-03"}.items():
        way.type(label, words)
    way.choose("至今")
    way.choose("创办或经营管理过这家单位")
    way.tap("button", "保存这段经历")
    way.tap("link", "返回清单")

    way.tap("link", "擅长和成功案例")
    way.choose("经营管理")
    way.type("一句话介绍", "农机和加工企业怎么管，能帮您理顺")
    way.type("个人经历", "经营农机企业十年。")
    way.tap("button", "保存并添加案例")
    story = {"被辅导的创业者或企业": "清徐一家醋坊", "年份": "2024", "做了什么，结果怎样": "理清成本和账期，当年扭亏。"}
    for label, words in story.items():
        way.type(label, words)
    way.tap("button", "保存这个案例")
    way.tap("link", "返回清单")

    way.tap("link", "证明材料")
    for label in ["身份证件", "近照", "学历证书", "成功案例确认", "劳动合同或任职文件"]:
        way.hand_in(label)
    way.tap("button", "保存并返回清单")

    way.tap("link", "承诺和同意")
    for box in way.page.get_by_role("checkbox").all():
        way.fields += 1
        box.check()
    way.tap("button", "保存并返回清单")


def identity() -> str:
    """The number of an identity card that nobody has: born in 1970, with a check digit that is right."""
    digits = f"11010519700315{secrets.randbelow(1000):03}"
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11]
