"""What a machine can find of the WCAG (2.0 to 2.2, A and AA) and of good practice: nothing, on any page."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import SIZES
from tests.browser.places import OPENED, PAGES, everything_open

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
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
    reader = regular()
    resize(reader.page, sight.sizes[0])
    page = sight.show(reader, places)

    found = faults(page, sight.sizes)

    assert not found, "\n".join(found)


OFFICERS = ["intake", "reviewer", "leader", "inspector", "matcher", "cashier", "auditor", "admin"]
LINKS = "all => all.filter(a => !a.hasAttribute('download')).map(a => a.pathname)"
NO_PAGE = re.compile(r"logout|\.pdf$|\.csv$|/files/|/evidence/|/download/|/jsi18n/")


@pytest.fixture(scope="module")
def seen():
    """The kinds of pages that somebody looked at: pages of one kind differ in a number only."""
    return set()


def walk(visitor, doors, seen):
    """Open one page of every kind that can be reached behind these doors and was not seen yet.

    A register links to people whom not every reader of it may look up; he is told so, and that is fine.
    """
    ahead, refused = list(doors), set()
    while ahead:
        path = ahead.pop(0)
        kind = re.sub(r"\d+", "0", path)
        if kind in seen | refused:
            continue
        answer = visitor.page.goto(path)
        if answer.status == 403 and kind == "/admin/expertteam/user/0/change/":
            refused.add(kind)
            continue
        assert answer.status == 200, f"{path}: {answer.status}"
        seen.add(kind)
        everything_open(visitor.page)
        links = visitor.page.locator("a[href]").evaluate_all(LINKS)
        ahead += [link for link in links if link.startswith(tuple(doors)) and not NO_PAGE.search(link)]
        yield path, visitor.page


@pytest.mark.parametrize("role", OFFICERS)
def test_page_of_an_officer_has_no_fault(regular, seen, role):
    seen.discard("/admin/")  # this one is another one for each

    found = [
        f"{path} {fault}" for path, page in walk(regular(role), ["/admin/"], seen) for fault in faults(page, SIZES)
    ]

    assert not found, "\n".join(found)


def test_page_of_an_expert_has_no_fault(regular):
    doors = ["/desk/", "/apply/", "/accounts/"]

    found = [f"{path} {fault}" for path, page in walk(regular("expert"), doors, set()) for fault in faults(page, SIZES)]

    assert not found, "\n".join(found)


def test_page_of_an_applicant_has_no_fault(visitor):
    applicant = visitor(reduced_motion="reduce").sign_up()
    applicant.go("/apply/")
    applicant.press("开始报名")

    found = [
        f"{path} {fault}"
        for path, page in walk(applicant, ["/apply/", "/desk/"], set())
        for fault in faults(page, SIZES)
    ]

    assert not found, "\n".join(found)
