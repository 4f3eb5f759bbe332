"""The directory with and without script: the same results, the same addresses, nothing lost when the line breaks."""

import pytest

pytestmark = pytest.mark.browser
FOUND, FOCUS = "#res", "document.activeElement.id"


@pytest.fixture
def words(places):
    """Two words that the directory finds somebody by: a field, and the name of somebody in it."""
    page = places.come().go("/experts/?topic=finance")
    return "融资", page.locator("#found h3").first.inner_text()


def look_for(page, text):
    page.get_by_label("搜姓名、行业或关键词").fill(text)
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    page.locator("#found mark").first.wait_for()


def choose_finance(page, size):
    if size == "phone":
        page.get_by_role("button", name="筛选").click()
    page.get_by_role("checkbox", name="融资贷款").check()
    page.get_by_role("button", name="看结果").click()
    page.wait_for_url("**topic=finance**")


@pytest.mark.parametrize("size", ["phone", "desk"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_words_and_filters_lead_to_the_same_results(visitor, words, size, script):
    page = visitor(size, java_script_enabled=script).go("/experts/")

    look_for(page, words[1])
    choose_finance(page, size)
    page.locator("#found .chip").nth(1).wait_for()

    assert page.locator("#found h3").first.inner_text() == words[1]
    assert page.locator("#found .chip").count() == 3  # the word, the field, and all of them
    assert "topic=finance" in page.url
    page.locator("#found .chip").first.click()
    page.wait_for_url(lambda address: "q=" not in address.replace("q=&", ""))


def test_results_are_swapped_announced_and_found_again_by_going_back(visitor, words):
    page = visitor().go("/experts/")
    everybody = page.inner_text(FOUND)
    page.evaluate("window.same = true")

    look_for(page, words[1])
    found = page.inner_text(FOUND)
    page.go_back()
    page.wait_for_function("said => document.querySelector('#res').textContent === said", arg=everybody)

    assert page.evaluate("window.same")
    assert found != everybody
    assert (page.evaluate(FOCUS), page.get_attribute(FOUND, "aria-live")) == ("res", "polite")
    assert page.get_by_label("搜姓名、行业或关键词").input_value() == ""
    page.go_forward()
    page.wait_for_function("said => document.querySelector('#res').textContent === said", arg=found)
    assert page.title().startswith("找专家（")


def test_when_the_line_breaks_nothing_is_lost(visitor, words):
    person = visitor()
    page = person.go("/experts/")
    cards = page.locator("#found h3").count()
    person.context.set_offline(True)

    page.get_by_label("搜姓名、行业或关键词").fill(words[1])
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    kept = page.get_by_label("搜姓名、行业或关键词").input_value(), page.locator("#found h3").count()
    person.context.set_offline(False)
    page.get_by_role("link", name="再试一次").click()
    page.locator("#found mark").first.wait_for()

    assert kept == (words[1], cards)
    assert not page.get_by_text("没有更新成功").is_visible()


def test_while_it_loads_the_old_list_stays_and_pales(visitor, words):
    page = visitor().go("/experts/")
    waiting = []
    page.route("**/experts/?q=*", lambda route: waiting.append(route))

    page.get_by_label("搜姓名、行业或关键词").fill(words[1])
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#res').textContent === '正在更新'")

    assert page.evaluate("getComputedStyle(document.querySelector('#found')).opacity") == "0.6"
    assert page.locator("#found h3").count() > 1
    waiting[0].continue_()
    page.locator("#found mark").first.wait_for()
    assert page.evaluate("getComputedStyle(document.querySelector('#found')).opacity") == "1"
