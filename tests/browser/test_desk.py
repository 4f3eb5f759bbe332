"""The expert on the phone: accepting takes one tap, logging six taps and one sentence, with and without script."""

import re
import time

import pytest

pytestmark = pytest.mark.browser
SENTENCE = "理出申请贷款要备的材料，缺的两样写在单子上。"
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])


@pytest.fixture
def expert(regular):
    """Somebody at the desk of the expert whose account is printed, the taps counted."""

    def come(script):
        who = regular("expert", "phone", java_script_enabled=script)
        who.go("/desk/")
        return Taps(who)

    return come


class Taps:
    """A thumb that counts."""

    def __init__(self, visitor):
        self.visitor, self.page, self.count = visitor, visitor.page, 0

    def tap(self, role, name):
        self.count += 1
        self.page.locator("main").get_by_role(role, name=name).first.click()
        self.page.wait_for_load_state()

    def write(self, label, text):
        self.count += 1
        self.page.get_by_label(label).fill(text)


@SCRIPT
def test_one_tap_accepts_and_one_takes_it_back(expert, script):
    who = expert(script)

    who.tap("button", re.compile("^接受(?!.*评审)"))

    assert who.count == 1
    who.visitor.says("已接受，我们会短信告诉对方")
    who.visitor.picture("desk-accepted")
    who.tap("button", re.compile(r"撤回\s*刚才的接受"))
    who.visitor.says("仍等您答复")


@SCRIPT
def test_declining_is_three_taps_with_its_reason(expert, script):
    who = expert(script)

    who.tap("link", re.compile("^来不了(?!.*评审)"))
    who.tap("radio", "身体原因")

    assert who.page.get_by_role(
        "button", name="告诉服务中心"
    ).is_visible()  # the third tap; the task is kept for others
    assert who.count == 2


@SCRIPT
def test_a_service_is_logged_in_six_taps_and_one_sentence(expert, script):
    who, began = expert(script), time.monotonic()

    who.tap("button", "记一笔，不到1分钟")
    who.write("一句话小结", SENTENCE)
    if script:
        who.page.get_by_role("status").filter(has_text="已存草稿").wait_for()
    who.visitor.picture("log")
    who.tap("button", "保存并请对方确认")

    assert who.count <= 6
    assert time.monotonic() - began < 60
    who.visitor.says("已保存，辛苦了")
    who.tap("button", re.compile(r"撤回\s*刚才的记录"))
    who.visitor.says("已撤回，记录变回草稿")
    assert who.page.get_by_label("一句话小结").input_value() == SENTENCE


def test_what_is_typed_while_the_line_is_down_stays_on_the_page_and_is_kept_later(expert):
    who = expert(script=True)
    who.tap("button", "记一笔，不到1分钟")

    who.visitor.context.set_offline(True)
    who.write("一句话小结", "断网时写的")
    who.page.get_by_role("status").filter(has_text="还没上传").wait_for()
    who.page.get_by_role("button", name="保存并请对方确认").click()
    kept = who.page.get_by_label("一句话小结").input_value()
    who.visitor.context.set_offline(False)
    who.page.get_by_role("status").filter(has_text="已存草稿").wait_for()

    assert kept == "断网时写的"
    who.visitor.complaints.clear()  # Chromium's own words about the broken line


@SCRIPT
def test_of_somebody_who_did_not_come_nothing_else_is_asked(expert, script):
    who = expert(script)
    who.tap("button", "记一笔，不到1分钟")

    who.page.get_by_role("radio", name="对方没来").check()

    assert who.page.get_by_label("一句话小结").is_visible() is False
    who.page.get_by_role("radio", name="服务中心面谈").check()
    assert who.page.get_by_label("一句话小结").is_visible()
