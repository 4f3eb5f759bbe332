"""An officer from the first day to the last, and an expert's other number, as those who take part see it."""

import re
import secrets

import pytest

pytestmark = pytest.mark.browser


def test_officer_comes_gets_his_code_and_leaves(visitor):
    """Opened, given a role by two, given the code in person, closed; each on the page of whoever does it."""
    admin, inspector = visitor().sign_in("admin"), visitor().sign_in("inspector")
    name = f"zhao{secrets.token_hex(3)}"
    opens_an_account(admin, name)

    given_a_role(admin, name)
    grant = confirms(inspector, name)
    gets_his_code(inspector, grant)
    leaves(admin, name)


def opens_an_account(admin, name):
    page = admin.go("/admin/expertteam/user/add/")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("姓名").fill(f"赵{name}")
    page.get_by_label("手机号").fill(f"159{secrets.randbelow(10**8):08}")
    assert page.get_by_label("密码").count() == 0
    page.get_by_role("button", name="保存", exact=True).first.click()
    page.wait_for_load_state()


def given_a_role(admin, name):
    page = admin.go("/admin/expertteam/rolegrant/add/")
    page.get_by_label("账号").fill(name)
    page.get_by_label("岗位").select_option("cashier")
    page.get_by_role("button", name="保存", exact=True).first.click()
    page.wait_for_load_state()


def confirms(inspector, name):
    """From 今天; the address of the grant."""
    row = inspector.go("/admin/?kind=授权").get_by_role("row").filter(has_text=f"赵{name}")
    row.get_by_role("link").first.click()
    inspector.page.wait_for_load_state()
    grant = inspector.page.url
    inspector.says("手机号是不是他的")
    inspector.picture("grant")
    inspector.follow("确认授权")
    inspector.press("确认授权")
    return grant


def gets_his_code(inspector, grant):
    inspector.go(grant)
    inspector.follow("发开通码")
    inspector.page.get_by_label("怎样核对了本人").fill("本人到场，看了工作证")
    inspector.press("发开通码")
    inspector.picture("code")
    assert re.search(r"开通码\d{4} \d{4}", inspector.page.locator("body").inner_text())
    inspector.go(grant)
    assert not re.search(r"开通码\d{4} \d{4}", inspector.page.locator("body").inner_text())


def leaves(admin, name):
    page = admin.go(f"/admin/expertteam/user/?q={name}")
    page.get_by_role("link", name=name).first.click()
    page.get_by_role("link", name="停用账号").click()
    page.wait_for_load_state()
    admin.says("没有，不用交接")
    page.get_by_label("原因").fill("借调结束")
    admin.press("停用账号")
    admin.says(f"赵{name}的账号已停用")


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_expert_asks_for_another_number_and_stops_it(visitor, size):
    """The reviewer calls the old number; until the time is over the expert can stop it."""
    phone = f"159{secrets.randbelow(10**8):08}"
    expert, reviewer = visitor(size).sign_in("expert"), visitor(size).sign_in("reviewer")
    asks(expert, phone)
    calls_back(reviewer, phone)

    expert.go("/accounts/phone/new/")
    expert.says("在那以前仍用原手机号登录和收消息")
    expert.picture("number-cools")
    expert.press("停止更换")
    expert.says("已停止，手机号没有变")


def asks(expert, phone):
    expert.go("/accounts/phone/change/")
    if "reauthenticate" in expert.page.url:
        expert.page.get_by_label("密码", exact=True).fill(expert.demo.password)
        expert.page.locator("main form button").first.click()
        expert.page.wait_for_load_state()
    expert.picture("number")
    expert.page.get_by_label("新手机号").fill(phone)
    expert.press("获取验证码")
    to_new = expert.go("/demo/outbox/").locator("main li", has_text=phone[-4:])
    sent = to_new.filter(has_text="验证码").first.inner_text()
    expert.go("/accounts/phone/new/").get_by_label("验证码").fill(re.search(r"(?<!\d)\d{6}(?!\d)", sent)[0])
    expert.picture("number-code")
    expert.press("验证新手机号")
    expert.says("我们会打原手机号核对")


def calls_back(reviewer, phone):
    page = reviewer.go("/admin/changes/")
    reviewer.picture("changes")
    page.get_by_role("row").filter(has_text="待确认").get_by_role("link").first.click()
    page.wait_for_load_state()
    reviewer.says(f"{phone[:3]}****{phone[-4:]}")
    reviewer.picture("change")
    reviewer.follow("确认更换手机号")
    page.get_by_label("怎样核对的、结果怎样").fill("打了原号码，本人接的，说是要换")
    reviewer.picture("change-confirm")
    reviewer.press("确认更换手机号")


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_pages_of_accounts_are_looked_at(visitor, size):
    """What is asked for others; nothing is sent."""
    admin, inspector = visitor(size).sign_in("admin"), visitor(size).sign_in("inspector")
    page = admin.go("/admin/changes/phone/")
    admin.picture("ask-phone")
    admin.press("发验证码")
    admin.picture("ask-phone-refused")
    assert page.locator(".errs").is_visible()
    page = admin.go("/admin/expertteam/user/?q=intake")
    page.get_by_role("link", name="intake").first.click()
    page.wait_for_load_state()
    admin.picture("account")
    page.get_by_role("link", name="停用账号").click()
    page.wait_for_load_state()
    admin.picture("leave")
    admin.press("停用账号")
    admin.picture("leave-refused")
    inspector.go("/accounts/enrol/")
    inspector.picture("enrol")
