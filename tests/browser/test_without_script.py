"""With script switched off a visitor can do everything that a visitor can do."""

import re

import pytest

from tests.browser.places import says

pytestmark = pytest.mark.browser
NUMBER = r"YC \d{4} \d{4} \d{4}"


@pytest.fixture
def plain(visitor):
    """A phone that runs no script."""
    return visitor("phone", java_script_enabled=False)


def test_from_home_to_an_expert_who_can_be_called(plain):
    page = plain.go("/")

    page.locator("label", has_text="融资贷款").first.click()
    plain.press("找对口的专家")
    page.get_by_role("button", name="筛选").click()
    page.get_by_label("上门").check()
    plain.press("看结果")

    chosen = page.get_by_role("list", name="已选条件").inner_text()
    assert "融资贷款" in chosen
    assert "上门" in chosen
    page.locator("main article h3 a").first.click()
    assert page.locator("main a[href^='tel:']").first.is_visible()
    assert page.locator("h1").inner_text() in page.title()


def test_filter_is_taken_away_by_a_link(plain):
    page = plain.go("/experts/?topic=finance&q=没有这个人")

    page.get_by_role("list", name="已选条件").get_by_role("link", name="没有这个人").click()

    plain.says("找到")


def test_menu_opens_and_leads_on(plain):
    page = plain.go("/")

    page.get_by_role("button", name="菜单").click()
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="办法").click()

    assert page.locator("h1").inner_text() in page.title()


def test_named_objection_is_received_and_its_progress_found(plain, places):
    page = plain.go(places.running)

    says(phone="13800138000")(page)
    number = re.search(NUMBER, page.locator("main").inner_text())[0]
    page.get_by_role("contentinfo").get_by_role("link", name="查反映情况的进度").click()
    page.get_by_label("受理编号").fill(number)
    page.get_by_label("手机号").fill("138 0013 8000")
    plain.press("查进度")

    plain.says(number)
    assert page.locator("main [role=status] ol.line li").count() > 1


def test_anonymous_lead_is_received_and_found_by_its_number(plain, places):
    page = plain.go(places.running)

    says()(page)
    number = re.search(NUMBER, page.locator("main").inner_text())[0]
    plain.go("/notices/objection/").get_by_label("受理编号").fill(number)
    plain.press("查进度")

    plain.says("线索不逐件答复")


def test_refused_objection_keeps_what_was_written(plain, places):
    page = plain.go(places.running)

    page.get_by_label("具体情况").fill("太短")
    plain.press("提交")

    assert page.title().startswith("有错误：")
    assert page.get_by_label("具体情况").input_value() == "太短"
    assert page.locator(".errs").get_by_role("link").count() == page.locator(".f.bad .err").count()


def test_certificate_is_verified(plain, places):
    page = plain.go("/verify/")

    page.get_by_label("聘书编号").fill(places.certificate)
    plain.press("核验")

    plain.says("聘书有效")


def test_large_letters_are_remembered_until_switched_off(plain):
    page, large = plain.go("/rules/"), "html[data-size=large]"

    page.get_by_role("button", name="大字版").click()
    assert page.url.endswith("/rules/")
    assert page.locator(large).count() == 1
    assert plain.go("/notices/").locator(large).count() == 1
    page.get_by_role("button", name="大字版", pressed=True).click()

    assert page.url.endswith("/notices/")
    assert plain.go("/").locator(large).count() == 0


def test_citation_leads_to_the_provision(plain):
    page = plain.go("/")
    cite = page.locator("main .cite").first
    target = cite.get_attribute("data-cite")

    cite.click()

    assert page.url.endswith(f"/rules/#{target}")
    assert page.locator(f"#{target}").is_visible()


def test_what_needs_script_is_not_offered(plain, places):
    page = plain.go(places.running)

    assert page.locator("[data-print]").count() > 0
    assert not page.locator("[data-print]").first.is_visible()


def test_application_is_begun_and_kept(plain):
    plain.sign_up()
    page = plain.go("/apply/")
    plain.press("开始报名")

    page.get_by_role("link", name="以哪一类人员报名").click()
    page.get_by_label("职业经理人与专业技术人员").check()
    page.get_by_label("选第二类的，是哪方面的").select_option("职业经理人")
    plain.press("保存并返回清单")
    page.get_by_role("link", name="基本情况").click()
    page.get_by_label("姓名").fill("白若溪")
    page.get_by_label("工作单位").fill("太原某农机公司")
    plain.press("保存并返回清单")

    plain.says("已完成1项")
    assert plain.go("/apply/basics/").get_by_label("姓名").input_value() == "白若溪"
