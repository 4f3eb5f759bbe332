"""Who is there, whatever a machine lives in."""

from datetime import date
from itertools import cycle

from expertteam import clock
from expertteam.models import User
from tests import make
from tests.conftest import person
from tests.invariants.machines.world import give, staff

START = clock.instant(date(2026, 3, 2), 9)


def office():
    """The staff, and somebody who has nothing to do with anything."""
    staff()
    person("stranger")


def he(username) -> User:
    return User.objects.get(username=username)


def experts(count: int) -> list:
    """The first works in the office as well, the second may decide there."""
    found = [
        make.make_expert(user=make.make_user(name=f"专家{n}", phone=f"1370000{n:04d}")) for n in range(1, count + 1)
    ]
    give(found[0].user, "intake", "matcher", "cashier")
    give(found[1].user, "leader", "inspector", "auditor")
    return found


NUMBERS = cycle(range(1, 9999))
