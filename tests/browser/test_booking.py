"""A stranger gets to an expert: on a phone, in three screens, with script and without; then looks, and calls it off."""

import re
import secrets

import pytest

from tests.browser.places import presses
from tests.browser.test_journeys import Journey

pytestmark = pytest.mark.browser
QUESTION = "想在清徐开一家醋坊体验店，创业担保贷款要准备哪些材料？"
NUMBER = r"YY \d{4} \d{4}"


@pytest.fixture(params=[True, False], ids=["with script", "without"])
def phone(request, visitor):
    return visitor("phone", java_script_enabled=request.param)


@pytest.fixture
def number():
    """A mobile number of a range that no carrier has been given."""
    return f"1540008{secrets.randbelow(10**4):04}"


@pytest.fixture
def free(places):
    """The page of an expert who gives away times."""
    page = places.come().page
    return next(
        each for each in places.experts if page.goto(each).ok and page.locator("input[name=slot]:enabled").count()
    )


def fill_in(way, number):
    way.choose("融资贷款")
    way.type("想问的问题", QUESTION)
    way.choose("返乡入乡人员")
    way.type("怎么称呼您", "刘新禾")
    way.type("手机号", number)
    way.choose("我看过并同意")


def test_known_expert_is_booked_in_three_screens(phone, free, number):
    way = Journey(phone, free)

    way.page.locator("label.slot:has(input:enabled)").first.click()
    way.tap("button", "用这个时间预约")
    phone.picture("book")
    fill_in(way, number)
    way.tap("button", "提交预约")
    phone.picture("book-done")

    phone.says("预约已提交")
    phone.says(f"{number[:3]}****{number[-4:]}")
    assert re.search(NUMBER, way.page.locator("main").inner_text())
    assert (way.screens, way.fields, way.taps) == (3, 6, 2)


def test_whoever_does_not_know_whom_is_two_screens_from_home(phone, number):
    way = Journey(phone, "/")

    way.tap("link", "说不清，请中心帮我匹配")
    fill_in(way, number)
    way.tap("button", "提交预约")

    phone.says("预约已提交")
    assert (way.screens - 1, way.taps) == (2, 2)


def test_what_is_wrong_is_said_and_nothing_is_lost(phone, number):
    page = phone.go("/book/")
    page.get_by_label("怎么称呼您").fill("刘新禾")
    page.get_by_label("手机号").fill(number[:10])

    phone.press("提交预约")
    phone.picture("book-error")

    assert page.title().startswith("有错误：")
    phone.says("有4处需要改一下")
    phone.says("手机号少了1位，应为11位数字")
    assert page.get_by_label("怎么称呼您").input_value() == "刘新禾"


def test_where_to_call_is_asked_of_who_wants_a_visit(phone):
    page = phone.go("/book/")
    before = page.get_by_label("上门地址").is_visible()

    page.get_by_label("申请专家上门").check()

    assert (before, page.get_by_label("上门地址").is_visible()) == (False, True)


def test_a_request_is_found_by_its_number_and_called_off(phone, number):
    way = Journey(phone, "/book/")
    fill_in(way, number)
    way.tap("button", "提交预约")
    written = re.search(NUMBER, way.page.locator("main").inner_text())[0]

    way.page.get_by_role("contentinfo").get_by_role("link", name="查看我的预约").click()
    presses("查预约", 预约号=written, 手机号=number)(way.page)
    phone.says("匹配中")
    phone.picture("my")
    way.tap("link", "取消预约")
    phone.picture("my-cancel")
    way.tap("button", "取消预约")

    phone.says("已取消")


def test_another_time_is_taken_for_one_that_is_held(phone, free, number):
    way = Journey(phone, free)
    way.page.locator("label.slot:has(input:enabled)").first.click()
    way.tap("button", "用这个时间预约")
    fill_in(way, number)
    way.tap("button", "提交预约")
    way.tap("link", "改期或取消")
    before = way.page.locator("main dd").nth(1).inner_text()

    way.tap("link", "改时间")
    phone.picture("my-change")
    way.page.locator("label.slot:has(input:enabled)").last.click()
    way.tap("button", "保存新的时间")

    phone.says("时间已改")
    assert way.page.locator("main dd").nth(1).inner_text() != before
