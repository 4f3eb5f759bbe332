"""What a machine can find of the WCAG (2.0 to 2.2, A and AA) and of good practice: nothing, on any page."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import SIZES
from tests.browser.former_places import FORMER
from tests.browser.pay_places import PAY
from tests.browser.places import OPENED, PAGES, walk

pytestmark = [pytest.mark.browser, pytest.mark.walk]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
LEFT_OUT = "有一个条件没有用上"  # what the directory says of an address it does not understand
HEIGHT = "Math.max(document.documentElement.scrollHeight, innerHeight)"


def faults(page, sizes) -> list[str]:
    """What axe finds at these sizes, light and dark.

    The window is as high as the page: what sticks to its lower edge would cover a link at any other height.
    """
    found = []
    for size in sizes:
        resize(page, size)
        page.set_viewport_size({"width": SIZES[size][0], "height": page.evaluate(HEIGHT)})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for fault in Axe().run(page, options=OPTIONS).response["violations"]:
                where = [
                    f"{node['target']} {node['html'][:120]} {node['failureSummary']}" for node in fault["nodes"][:3]
                ]
                found.append(f"{size}, {scheme}: {fault['id']} ({len(fault['nodes'])})\n" + "\n".join(where))
    return found


def resize(page, size):
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})


@pytest.mark.parametrize("sight", [pytest.param(sight, id=name) for name, sight in (PAGES | OPENED).items()])
def test_public_page_has_no_fault(regular, places, sight):
    reader = regular(bypass_csp=True)
    resize(reader.page, sight.sizes[0])
    page = sight.show(reader, places)

    found = faults(page, sight.sizes)

    assert not found, "\n".join(found)


OFFICERS = ["intake", "reviewer", "leader", "inspector", "matcher", "cashier", "auditor", "admin"]


@pytest.fixture(scope="module")
def seen():
    """The kinds of pages that somebody looked at: pages of one kind differ in a number only."""
    return set()


@pytest.mark.parametrize("role", OFFICERS)
def test_page_of_an_officer_has_no_fault(regular, seen, role):
    seen.discard("/admin/")  # this one is another one for each

    found = [
        f"{path} {fault}"
        for path, page in walk(regular(role, bypass_csp=True), ["/admin/"], seen)
        for fault in faults(page, SIZES)
    ]

    assert not found, "\n".join(found)


def test_page_of_an_expert_has_no_fault(regular):
    doors = ["/desk/", "/apply/", "/accounts/"]

    found = [
        f"{path} {fault}"
        for path, page in walk(regular("expert", bypass_csp=True), doors, set())
        for fault in faults(page, SIZES)
    ]

    assert not found, "\n".join(found)


def test_page_of_an_applicant_has_no_fault(visitor):
    applicant = visitor(reduced_motion="reduce", bypass_csp=True).sign_up()
    applicant.go("/apply/")
    applicant.press("开始报名")

    found = [
        f"{path} {fault}"
        for path, page in walk(applicant, ["/apply/", "/desk/"], set())
        for fault in faults(page, SIZES)
    ]

    assert not found, "\n".join(found)


@pytest.mark.parametrize("sight", [pytest.param(sight, id=name) for name, sight in (PAY | FORMER).items()])
def test_page_of_a_role_has_no_fault(regular, places, sight):
    page = sight.show(regular(sight.role, bypass_csp=True), places)

    found = faults(page, sight.sizes)

    assert not found, "\n".join(found)


@pytest.mark.parametrize("sight", [pytest.param(sight, id=name) for name, sight in PAGES.items()])
def test_public_page_says_what_it_is(regular, places, sight):
    page = sight.show(regular(), places)

    name, _, house = page.title().rpartition(" · ")

    assert house == "太原市创业就业指导专家团"
    assert name
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    assert name.startswith("有错误：") == page.locator(f".errs, :text('{LEFT_OUT}')").first.is_visible()


@pytest.mark.parametrize("name", [name for name in PAGES if name.endswith("refused")])
def test_refused_form_says_so_first_and_at_the_field(regular, places, name):
    page = PAGES[name].show(regular(), places)

    summary = page.locator(".errs")
    links = summary.get_by_role("link").all()

    assert page.evaluate("document.activeElement.className") == "errs"
    assert summary.locator("h2").inner_text() == f"有{len(links)}处需要改一下"
    for link in links:
        link.click()
        field = page.locator(".f.bad", has=page.locator(":focus"))
        assert field.locator(".err").first.inner_text() == link.inner_text()
