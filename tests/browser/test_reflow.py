"""At 320 px, which is what 400 % of 1280 px leaves: nothing to scroll sideways, nothing cut off.

As the pages come, in 大字版, and each with the spacing of WCAG 1.4.12 that a reader may set.
"""

import pytest

from tests.browser.former_places import FORMER
from tests.browser.pay_places import LISTS, PAY
from tests.browser.places import OPENED, PAGES, walk

pytestmark = [pytest.mark.browser, pytest.mark.walk]
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
AS_IT_COMES = "() => { document.adoptedStyleSheets = []; delete document.documentElement.dataset.size }"
LARGE = "() => { document.adoptedStyleSheets = []; document.documentElement.dataset.size = 'large' }"
OUTSIDE = """() => {
  const width = document.documentElement.clientWidth, found = [];
  const told = (why, e) => found.push(`${why}: ${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 20)}`);
  if (document.documentElement.scrollWidth > width) {
    for (const e of document.querySelectorAll('body *')) if (e.getBoundingClientRect().right > width + 1) told('too wide', e);
    found.push(`scrolls to ${document.documentElement.scrollWidth}`);
  }
  for (const e of document.querySelectorAll('body *:not(.vh, .vh *, svg, svg *, select, thead, thead *)')) {
    const style = getComputedStyle(e), cuts = way => ['hidden', 'clip'].includes(style[way]);
    if (style.display === 'none' || !e.clientWidth) continue;
    if (cuts('overflowX') && e.scrollWidth > e.clientWidth + 1 && e.innerText?.trim()) told('cut off sideways', e);
    if (cuts('overflowY') && e.scrollHeight > e.clientHeight + 1 && e.innerText?.trim()) told('cut off below', e);
  }
  return found.slice(0, 6);
}"""
FITTING = {name: sight for name, sight in (PAGES | OPENED).items() if "phone" in sight.sizes}
MODES = {
    "as it comes": [AS_IT_COMES],
    "spaced": [AS_IT_COMES, SPACED],
    "large": [LARGE],
    "large and spaced": [LARGE, SPACED],
}


def narrow(visitor):
    visitor.page.set_viewport_size({"width": 320, "height": 640})
    return visitor


def outside(page) -> list[str]:
    """What does not fit, in every mode."""
    found = []
    for mode, steps in MODES.items():
        for step in steps:
            page.evaluate(step)
        found += [f"{page.url}, {mode}: {each}" for each in page.evaluate(OUTSIDE)]
    return found


def test_the_ruler_sees_what_does_not_fit(regular):
    page = narrow(regular(size="phone")).go("/privacy/")

    page.evaluate("() => { document.querySelector('h1').style.cssText = 'inline-size: 30rem' }")
    page.evaluate("() => { document.querySelector('main p').style.cssText = 'block-size: 1rem; overflow: hidden' }")

    found = page.evaluate(OUTSIDE)
    assert any(each.startswith("too wide: H1") for each in found)
    assert any(each.startswith("cut off below: P") for each in found)


@pytest.mark.parametrize("sight", [pytest.param(sight, id=name) for name, sight in FITTING.items()])
def test_public_page_fits(regular, places, sight):
    page = sight.show(narrow(regular(size="phone")), places)

    found = outside(page)

    assert found == []


@pytest.mark.parametrize("sight", [pytest.param(sight, id=name) for name, sight in (PAY | LISTS | FORMER).items()])
def test_page_of_a_role_fits(regular, places, sight):
    page = sight.show(narrow(regular(sight.role)), places)

    found = outside(page)

    assert found == []


def test_on_a_phone_the_menu_shows_where_one_is(regular):
    page = narrow(regular("leader")).go("/admin/renewals/")

    shown = page.locator('.side [aria-current="page"]').bounding_box()

    assert shown["x"] >= 0
    assert shown["x"] + shown["width"] <= 320


def test_page_of_an_expert_fits(regular):
    expert = narrow(regular("expert"))

    found = [each for _, page in walk(expert, ["/desk/", "/accounts/"], set()) for each in outside(page)]

    assert found == []


def test_page_of_an_applicant_fits(visitor):
    applicant = narrow(visitor().sign_up())
    applicant.go("/apply/")
    applicant.press("开始报名")

    found = [each for _, page in walk(applicant, ["/apply/"], set()) for each in outside(page)]

    assert found == []
