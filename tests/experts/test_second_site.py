"""A second website shows the directory, and loses an expert within ten minutes (Article 10)."""

from datetime import date, timedelta

import pytest

from expertteam import clock, consents
from expertteam.models import User
from tests.make import make_expert, make_partner, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
CHANGES, EMBED = "/api/v1/experts/changes", "/embed/experts/"
LAST_ASKED = clock.instant(date(2029, 2, 28), 23, 59)  # on the last day of a term of three years from 2026-03-01
TEN_MINUTES = timedelta(minutes=10)


class Site:
    """Keeps a copy by the feed of changes and shows the frame, as its guide tells; asks every ten minutes."""

    def __init__(self, http):
        self.http, self.copy, self.cursor, self.tag, self.frame = http, {}, "", "", ""

    def ask(self):
        more = True
        while more:
            said = self.http.get(CHANGES, {"since": self.cursor} if self.cursor else {}).json()
            self.copy |= {each["no"]: each["expert"] for each in said["changes"]}
            self.cursor, more = said["next"], said["more"]
        page = self.http.get(EMBED, headers={"If-None-Match": self.tag} if self.tag else {})
        if page.status_code == 200:
            self.tag, self.frame = page["ETag"], page.content.decode()

    def names(self) -> list[str]:
        return sorted(expert["name"] for expert in self.copy.values() if expert)


@pytest.fixture
def site(http):
    make_partner()
    make_expert(user=make_user(name="韩砚秋"))
    make_expert(user=make_user(name="武振川"), first_day=date(2026, 3, 2))
    return Site(http)


def test_a_term_that_ends_at_midnight_is_over_everywhere_ten_minutes_later(site):
    with clock.at(LAST_ASKED):
        site.ask()
        assert (site.names(), "韩砚秋" in site.frame, "武振川" in site.frame) == (["武振川", "韩砚秋"], True, True)
    with clock.at(LAST_ASKED + TEN_MINUTES):
        site.ask()
        assert (site.names(), "韩砚秋" in site.frame, "武振川" in site.frame) == (["武振川"], False, True)


def test_whoever_takes_back_the_consent_is_gone_ten_minutes_later(site):
    with clock.at(LAST_ASKED):
        site.ask()
        leaver = next(no for no, expert in site.copy.items() if expert["name"] == "韩砚秋")
        consents.withdraw(User.objects.get(name="韩砚秋"), "public_directory")
    with clock.at(LAST_ASKED + TEN_MINUTES):
        site.ask()
    assert (site.copy[leaver], "韩砚秋" in site.frame) == (None, False)
