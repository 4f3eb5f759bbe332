"""Every public page with real data in it: how heavy it is, and that it asks nothing of anybody else."""

import gzip
import random
import re
from datetime import date
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import caches

from expertteam import clock, consents
from recruitment import actions
from tests import make

pytestmark = pytest.mark.django_db
HTML, CSS, OWN_SCRIPT = 20_480, 12_288, 2_048  # bytes, gzipped
FOREIGN_SCRIPT = ("mfa/", "django_htmx/")  # from packages, so not ours to keep short
A_PAGE = 20  # experts in the directory
ON_NOTICE = 40
INLINE = r"<style|\sstyle=|<script(?![^>]*\ssrc=)[^>]*>|\son\w+=|javascript:"
FOREIGN = r"(?:src|srcset|action|formaction|poster)=\"(?:https?:)?//[^\"]*|<link[^>]*href=\"(?:https?:)?//[^\"]*"
FOREIGN += r"|@import|url\(|<(?:iframe|object|embed|base)\b"


def prose(characters):
    """As hard to press as real text."""
    dice = random.Random(characters)
    return "".join(chr(dice.randrange(0x4E00, 0x7000)) for _ in range(characters))


def a_full_house(reviewer):
    """A page of experts who show everything, one who left, and notices in every state."""
    for number in range(A_PAGE + 1):
        expert = make.make_expert(user=make.make_user(name=prose(number + 3)[:3]), topics=["finance", "management"])
        expert.employer, expert.position, expert.title = prose(30), prose(10), prose(8)
        expert.line, expert.biography, expert.district = prose(40), prose(1000), "140105"
        expert.public_fields = ["employer", "title", "biography", "district"]
        expert.save()
    gone = make.make_expert()
    consents.withdraw(gone.user, "public_directory")
    running = make.make_notice(*(approved(number) for number in range(ON_NOTICE)), by=reviewer)
    ended = make.make_bare_notice()
    annulled = make.make_bare_notice(state="annulled", annulled_reason=prose(100))
    return expert, gone, running, ended, annulled


def approved(number):
    applicant = make.make_user(name=prose(number + 3)[:3])
    consents.sign(applicant, "confidentiality")
    said = {"employer": prose(20 + number), "position": prose(10), "topics": ["finance", "management"]}
    return make.make_application(state="approved", applicant=applicant, **said)


def paths_of(expert, gone, running, ended, annulled):
    term = expert.appointments.get()
    return {
        200: [
            *("/", "/experts/", "/experts/?topic=finance&area=140105", expert.get_absolute_url()),
            *("/notices/", running.get_absolute_url(), ended.get_absolute_url(), annulled.get_absolute_url()),
            *(f"{running.get_absolute_url()}objection/", f"{ended.get_absolute_url()}objection/"),
            *("/notices/objection/", "/verify/", f"/verify/?no={term.number}", f"/verify/{term.token}/"),
            *("/rules/", "/rules/cite/a12-2/", "/apply/", "/stats/", "/stats/?year=2010", "/stats/method/"),
            *("/accessibility/", "/privacy/", "/accounts/login/", "/accounts/signup/", "/accounts/login/code/"),
        ],
        404: ["/nowhere/", "/verify/nothing/", "/experts/TY-9999/"],
        410: [gone.get_absolute_url()],
        422: ["/verify/?no="],
    }


@pytest.fixture
def answers(http, reviewer):
    """What a visitor gets: address to answer."""
    caches["pages"].clear()
    with clock.at(date(2026, 3, 2)):
        house = a_full_house(reviewer)
    with clock.at(date(2026, 3, 10)):
        make.make_round(opens_on=date(2026, 3, 9))
        actions.lodge(house[2], candidate=None, kind="procedure", facts=prose(500), name="高明", phone="13900000001")
    found = {}
    with clock.at(date(2026, 3, 9)):
        for status, paths in paths_of(*house).items():
            found |= {path: http.get(path) for path in paths}
            assert {path: found[path].status_code for path in paths} == dict.fromkeys(paths, status)
        found["429"] = [http.post("/notices/objection/", {}) for _ in range(11)][-1]
    assert found["429"].status_code == 429
    return found


def test_every_public_page_is_light_and_keeps_to_itself(answers):
    too_heavy = {path: weight for path, page in answers.items() if (weight := len(gzip.compress(page.content))) > HTML}
    assert too_heavy == {}

    assert {path: found for path, page in answers.items() if (found := linked(page, "css", CSS))} == {}
    assert {path: found for path, page in answers.items() if (found := linked(page, "js", OWN_SCRIPT))} == {}

    unguarded = [path for path, page in answers.items() if not guarded(page.get("Content-Security-Policy", ""))]
    assert unguarded == []

    assert {path: found for path, page in answers.items() if (found := re.findall(INLINE, text(page)))} == {}
    assert {path: found for path, page in answers.items() if (found := re.findall(FOREIGN, text(page)))} == {}


def text(page):
    return page.content.decode()


def linked(page, kind, limit):
    """How heavy our files of this kind are on the page, if they are too heavy together."""
    names = set(re.findall(rf'(?:src|href)="/static/([^"]+\.{kind})"', text(page)))
    weight = sum(
        len(gzip.compress(Path(finders.find(name)).read_bytes()))
        for name in names
        if not name.startswith(FOREIGN_SCRIPT)
    )
    return weight if weight > limit else 0


def guarded(policy):
    """Whether the browser is told to run and fetch nothing but ours."""
    kept = dict(part.strip().split(" ", 1) for part in policy.split(";") if part.strip())
    ours = {"default-src": "'self'", "script-src": "'self'", "style-src": "'self'", "frame-ancestors": "'none'"}
    return ours.items() <= kept.items()
