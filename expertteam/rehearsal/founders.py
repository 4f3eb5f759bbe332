"""Founders who come to activities and are paired: made-up people with numbers that no carrier has been given."""

import tomllib
from pathlib import Path
from typing import NamedTuple

from services.models import ClientGroup

MANY = 10_000
WORDS = tomllib.loads((Path(__file__).parent / "founders.toml").read_text(encoding="utf8"))
FAMILY, GIVEN, TRADES = WORDS["family"], WORDS["given"], WORDS["trades"]
GROUPS = list(ClientGroup)


class Founder(NamedTuple):
    """One of them; who has not opened yet has no enterprise."""

    name: str
    phone: str
    group: str
    enterprise: str


def founder(number: int) -> Founder:
    """The same person for the same number below ``MANY``."""
    given = GIVEN[number // len(FAMILY) % len(GIVEN)]
    trade = TRADES[number % len(TRADES)]
    return Founder(
        name=FAMILY[number % len(FAMILY)] + given,
        phone=f"1542000{number:04d}",
        group=GROUPS[number % len(GROUPS)],
        enterprise=f"{given}{trade}" if number % 3 else "",
    )


def founders(it, count: int) -> list[Founder]:
    """So many different ones, by the seed."""
    return [founder(number) for number in it.hours.random.sample(range(MANY), count)]
