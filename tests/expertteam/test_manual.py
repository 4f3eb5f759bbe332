"""The staff manual: whole, true to the words of the portal, and one step away from every page of the office."""

import re
from functools import cache

import pytest
from django.conf import settings
from django.urls import URLPattern, get_resolver, reverse

from expertteam import manual
from tests import make

LISTED = sorted(manual.pages())
FOR_ALL = {"", "records/", "help/", "help/shots/", "jsi18n/", "autocomplete/", "r/", "login/", "logout/", "(?P"}
FOR_ALL |= {"password_change/", "password_change/done/"}  # explained by the first page


@cache
def interface() -> str:
    """All that the portal says: templates and code."""
    sources = (path for kind in ("html", "py", "toml") for path in settings.BASE_DIR.glob(f"[!.]*/**/*.{kind}"))
    said = (path for path in sources if path.relative_to(settings.BASE_DIR).parts[0] not in ("tests", "docs"))
    return "\n".join(path.read_text(encoding="utf8") for path in said)


def addresses(resolver, start=""):
    """Every address of the table of doors, with what varies in it left out."""
    for pattern in resolver.url_patterns:
        address = start + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield re.sub(r"<.*|\^.*", "", address)
        else:
            yield from addresses(pattern, address)


def test_every_page_is_listed_and_every_listed_page_is_there():
    assert {path.stem for path in manual.FOLDER.glob("*.md")} == set(LISTED)


@pytest.mark.parametrize("slug", LISTED)
def test_a_page_shows_its_pictures_and_no_others(slug):
    page = manual.pages()[slug]
    assert re.findall(r"\]\(shots/([\w-]+)\.png\)", page.text) == [each.name for each in page.shots]
    assert [each.name for each in page.shots if not (manual.FOLDER / "shots" / f"{each.name}.png").is_file()] == []


def test_every_picture_is_in_a_page():
    shown = {each.name for page in manual.pages().values() for each in page.shots}
    assert {path.stem for path in (manual.FOLDER / "shots").glob("*.png")} == shown


@pytest.mark.parametrize("slug", LISTED)
def test_what_a_page_tells_to_press_is_written_so_in_the_portal(slug):
    words = re.findall(r"\*\*(.+?)\*\*", manual.pages()[slug].text)
    assert [each for each in words if each not in interface()] == []


@pytest.mark.parametrize("slug", LISTED)
def test_what_is_to_be_pressed_stands_out_and_nothing_else(slug):
    body, _ = manual.rendered(slug)

    assert re.findall("<strong>(.+?)</strong>", body) == re.findall(r"\*\*(.+?)\*\*", manual.pages()[slug].text)


def test_a_word_that_the_portal_does_not_say_would_be_found():
    assert "一键审批" not in interface()


@pytest.mark.parametrize("slug", LISTED)
def test_a_link_leads_to_a_page_of_the_manual(slug):
    targets = re.findall(r"\]\(([\w-]+)\.md", manual.pages()[slug].text)
    assert set(targets) <= set(LISTED)


def test_an_address_is_explained_by_the_page_that_names_most_of_it():
    assert manual.explaining("/admin/").slug == "begin"
    assert manual.explaining("/admin/grants/12/").slug == "accounts"
    assert manual.explaining("/admin/recruitment/round/add/").slug == "rounds"


def test_every_page_of_the_office_has_one_about_it():
    office = {each for each in addresses(get_resolver()) if each.startswith("admin/")}
    general = {each.removeprefix("admin/") for each in office if manual.explaining(f"/{each}").slug == "begin"}
    assert general <= FOR_ALL


@pytest.mark.django_db
@pytest.mark.parametrize("slug", LISTED)
def test_staff_read_it(slug, http, intake):
    make.sign_in(http, intake)
    answer = http.get(reverse("manual_page", args=[slug]))
    assert answer.status_code == 200
    assert "](" not in answer.content.decode()


@pytest.mark.django_db
def test_nobody_else_does(http, stranger):
    make.sign_in(http, stranger)
    assert http.get(reverse("manual")).status_code == 302
