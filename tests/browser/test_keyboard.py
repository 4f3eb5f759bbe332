"""With a keyboard alone: every stop is seen, nothing is left out, and what opens can be closed again."""

import pytest

from tests.browser.conftest import SIZES
from tests.browser.places import PAGES

pytestmark = pytest.mark.browser
MOST = 260  # stops on a page; more can only be a circle
FROM_THE_TOP = """() => {
  const first = document.createElement('button');
  document.body.prepend(first); first.focus(); first.remove();
}"""
STOP = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === window.stops?.[0]) return null;
  (window.stops ??= []).push(e);
  const shown = e.closest('.chip, .slot') ?? e, style = getComputedStyle(shown), box = shown.getBoundingClientRect();
  const mine = at => at && (shown.contains(at) || at.contains(shown));
  const seen = [...e.getClientRects()].some(r => [.1, .3, .5, .7, .9].some(x => [.1, .3, .5, .7, .9].some(y =>
    mine(document.elementFromPoint(r.left + r.width * x, r.top + r.height * y)))));
  const before = window.stops.at(-2);
  return {
    name: `${e.tagName} ${(e.textContent || e.value || e.name).trim().slice(0, 16)}`,
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    seen,
    follows: !before || !!(before.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING),
    main: !!e.closest('main'), floats: !!e.closest('aside, .fold-go, nav'),
    top: box.top + scrollY, bottom: box.bottom + scrollY,
  };
}"""
MISSED = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
  .filter(e => e.checkVisibility() && e.tabIndex >= 0 && !e.disabled && !e.closest('[aria-hidden=true]'))
  .filter(e => !window.stops.includes(e) && !(e.type === 'radio' && window.stops.some(s => s.name === e.name)))
  .map(e => e.outerHTML.slice(0, 80))"""


def stops(page) -> list[dict]:
    """Every stop of the Tab key, from the top of the page to its end."""
    found = []
    page.evaluate(FROM_THE_TOP)
    for _ in range(MOST):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            return found
        found.append(stop)
    raise AssertionError(f"more than {MOST} stops on {page.url}")


def out_of_place(found: list[dict]) -> list[str]:
    """On a phone there is one column: within it no stop lies above the one before."""
    column = [stop for stop in found if stop["main"] and not stop["floats"]]
    return [b["name"] for a, b in zip(column, column[1:], strict=False) if b["bottom"] < a["top"]]


@pytest.mark.walk
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("sight", [pytest.param(sight, id=name) for name, sight in PAGES.items()])
def test_every_stop_is_seen(regular, places, sight, size):
    page = sight.show(regular(size=size), places)

    found = stops(page)

    assert [stop["name"] for stop in found if not stop["outlined"]] == [], "no focus ring"
    assert [stop["name"] for stop in found if not stop["seen"]] == [], "hidden behind something"
    assert [stop["name"] for stop in found if not stop["follows"]] == [], "out of order"
    assert page.evaluate(MISSED) == []
    if size == "phone":
        assert out_of_place(found) == []


def test_the_eye_sees_what_is_hidden(regular):
    page = regular().go("/privacy/")

    page.evaluate("""() => {
      const bar = document.body.appendChild(document.createElement('div')), sheet = new CSSStyleSheet();
      bar.style.cssText = 'position: fixed; inset: 0; z-index: 99';
      sheet.replaceSync(':focus { outline: 0 !important }');
      document.adoptedStyleSheets = [sheet];
    }""")

    found = stops(page)
    assert found
    assert not any(stop["seen"] or stop["outlined"] for stop in found)


def test_skip_link_leads_past_the_navigation(regular):
    page = regular().go("/rules/")

    page.keyboard.press("Tab")
    skip = page.evaluate(STOP)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert skip["name"] == "A 跳到正文"
    assert skip["seen"]
    assert page.evaluate("document.activeElement.closest('main') !== null")


def focused(page) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


def opened(page) -> int:
    return page.locator(":popover-open").count()


@pytest.mark.parametrize(("address", "button"), [("/", "菜单"), ("/experts/", "筛选")], ids=["menu", "sheet"])
def test_what_a_button_opens_is_closed_and_the_focus_returns(regular, address, button):
    page = regular(size="phone").go(address)
    opener = page.get_by_role("button", name=button)

    opener.press("Enter")
    assert opened(page) == 1
    page.keyboard.press("Tab")
    assert focused(page) == "关闭"
    page.keyboard.press("Enter")
    assert (opened(page), focused(page)) == (0, button)

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert (opened(page), focused(page)) == (0, button)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("way_out", ["Escape", "button"])
def test_citation_opens_and_the_focus_returns(regular, size, way_out):
    page = regular(size=size).go("/")
    link = page.locator("main .cite").first
    words = link.inner_text()

    link.press("Enter")
    assert opened(page) == 1
    assert page.url.endswith("/")
    assert page.evaluate("document.activeElement.closest(':popover-open') !== null")
    if way_out == "button":
        page.locator(":popover-open button").press("Enter")
    else:
        page.keyboard.press("Escape")

    assert (opened(page), focused(page)) == (0, words)


def test_sheet_of_filters_is_walked_and_sent(regular):
    page = regular(size="phone").go("/experts/")

    page.get_by_role("button", name="筛选").press("Enter")
    box = page.get_by_label("融资贷款")
    box.press("Space")
    page.get_by_role("button", name="看结果").press("Enter")
    page.wait_for_url("**topic=finance**")

    assert "融资贷款" in page.locator("ul[aria-label='已选条件']").inner_text()
