"""A draw between two people in browsers of their own, and a third who runs it again in his (Article 10(4))."""

import re
from datetime import datetime, timedelta

import pytest

pytestmark = pytest.mark.browser
SECRET = re.compile(r"[0-9a-f]{64}")


@pytest.fixture
def operator(visitor):
    return visitor("desk").sign_in("intake")


@pytest.fixture
def inspector(visitor):
    return visitor("phone").sign_in("inspector")


def draft(operator):
    """A review of one project tomorrow, with five seats for anybody."""
    page = operator.go("/admin/draws/new/")
    now = datetime.fromisoformat(page.locator("aside.demo time").get_attribute("datetime"))
    begins = (now + timedelta(days=1)).replace(hour=9, minute=0)
    page.get_by_label("名称").fill("创业实训基地评审")
    page.get_by_label("评审对象").select_option(label="创业实训基地")
    page.get_by_label("评分表").select_option(label="立项评审表")
    page.get_by_label("开始时间").fill(f"{begins:%Y-%m-%dT%H:%M}")
    page.get_by_label("预计结束").fill(f"{begins + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    page.get_by_label("地点").fill("三层评审室")
    page.get_by_label("备选人数").fill("1")
    operator.press("保存条件")
    operator.follow("登记参评项目")
    page.get_by_label("项目名称").fill("焊工实训基地")
    page.get_by_label("申报单位或申报人", exact=True).fill("太原某职业培训学校")
    operator.press("登记参评项目")


def freeze(operator) -> str:
    """The number of the draw."""
    operator.follow("锁定候选池")
    operator.page.get_by_label("当场抽取").check()
    operator.press("锁定候选池")
    operator.says("候选池已锁定")
    return operator.page.url.rstrip("/").rpartition("/")[2]


def promise(who):
    """One's own browser makes the secret; only its promise is sent."""
    page = who.page
    page.get_by_role("button", name="生成随机数").click()
    page.wait_for_function("document.querySelector('[name=commitment]').value.length === 64")
    secret = page.locator("input[data-secret]").input_value()
    assert SECRET.fullmatch(secret)
    assert page.locator("input[data-secret]").get_attribute("name") is None
    if who.page.get_by_label("已看过条件").count():
        who.page.get_by_label("已看过条件").check()
    with page.expect_navigation():
        who.press("提交承诺")
    return secret


def test_two_people_draw_a_panel_and_a_third_runs_it_again(operator, inspector, visitor):
    draft(operator)
    number = freeze(operator)
    operator.picture("draw-frozen")
    own = promise(operator)
    assert operator.page.get_by_role("button", name="开始抽取").get_attribute("aria-disabled") == "true"

    inspector.go(f"/admin/draws/{number}/")
    inspector.follow("看名单")
    inspector.says("每位在聘专家应恰好出现一次")
    inspector.go(f"/admin/draws/{number}/")
    inspector.picture("draw-inspector")
    other = promise(inspector)

    operator.go(f"/admin/draws/{number}/")
    operator.press("开始抽取")
    for who, secret in ((operator, own), (inspector, other)):
        who.go(f"/admin/draws/{number}/")
        assert who.page.get_by_label("随机数").first.input_value() == secret  # kept in this browser since the promise
        with who.page.expect_navigation():  # after the browser has looked at the secret once more
            who.press("公开随机数")
    for who in (operator, inspector):
        who.go(f"/admin/draws/{number}/")
        who.says("名单在评审开始前保密")
        who.follow("在抽取记录上签字")
        who.press("在抽取记录上签字")
    operator.picture("draw-signed")

    third = visitor("phone")
    third.go(f"/draws/{number}/")
    third.says("名单在评审结果公布以前保密")
    third.page.get_by_role("button", name="在本机核验").click()
    third.page.get_by_text("核验通过").wait_for()
    third.picture("draw-verified")


def test_a_secret_that_was_not_promised_is_stopped_in_the_browser(operator, inspector):
    draft(operator)
    number = freeze(operator)
    promise(operator)
    inspector.go(f"/admin/draws/{number}/pool/")
    inspector.go(f"/admin/draws/{number}/")
    promise(inspector)
    operator.go(f"/admin/draws/{number}/")
    operator.press("开始抽取")

    operator.page.get_by_label("随机数").first.fill("0" * 64)
    operator.page.get_by_role("button", name="公开随机数").click()

    operator.page.get_by_text("这不是您承诺时的随机数").wait_for()


def test_names_of_a_published_draw_are_checked_against_the_directory(visitor):
    third = visitor("desk")
    third.go("/draws/")
    third.page.locator("main tr", has_text="已公开名单").first.get_by_role("link").click()
    third.page.get_by_role("button", name="在本机核验").click()

    third.page.get_by_text("在聘专家一个不多，一个不少").wait_for()
    third.page.get_by_text("核验通过").wait_for()
