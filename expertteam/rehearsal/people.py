"""Who applies in a rehearsal, made of the words in ``people.toml``; none of the numbers can belong to a real person."""

import tomllib
from dataclasses import replace
from pathlib import Path

from expertteam.demo_life import cast
from expertteam.demo_life.applicant import wanted
from expertteam.demo_life.cast import Person
from recruitment.categories import MANAGER

WORDS = tomllib.loads((Path(__file__).parent / "people.toml").read_text(encoding="utf8"))
KINDS = WORDS["kinds"]
FATES = {  # of whom the bureau will not appoint, of a hundred; the rest of a round are candidates
    "draft": 20,
    "withdrawn": 12,
    "lapsed": 12,
    "turned_down": 34,
    "declined": 22,
}
MENDED = 0.12  # of the candidates, sent back once
QUIET = 0.06  # no consent to the public directory
CYCLE = 420  # the least common multiple of the days, months and digits that an ID number is made of
YEARS_OF_BIRTH = 32
OLDEST = 1963


class Crowd:
    """Everybody who has applied so far, by user name; the first one is the expert whose account the demo prints."""

    def __init__(self, dice):
        self.dice, self.known = dice, {}

    def batch(self, round: int, chosen: int) -> list[Person]:
        """So many who will be appointed unless somebody objects, and a third as many, or at least one, who will not."""
        others = max(1, self.dice.randint(chosen // 3, (chosen + 2) // 3))
        fates = ["candidate"] * chosen + self.dice.choices(list(FATES), FATES.values(), k=others)
        return [self.enter(round, fate) for fate in fates]

    def enter(self, round: int, fate: str) -> Person:
        number = len(self.known) + 1
        person = made(self.dice, number, round, fate) if self.known else replace(cast.PEOPLE[0], round=round)
        self.known[person.username or f"user{number}"] = person
        return person


def made(dice, number: int, round: int, fate: str) -> Person:
    """One person of a kind drawn by its share."""
    kind = dice.choices(KINDS, [each["share"] for each in KINDS])[0]
    woman = dice.random() < 0.45
    # Two people of one cycle differ in day, month or digit; two of different cycles in the year.
    born = OLDEST + (number * 7 + number // CYCLE) % YEARS_OF_BIRTH
    began = dice.randint(max(2000, born + 22), 2017)
    person = Person(
        number=number,
        name=dice.choice(WORDS["surnames"]) + dice.choice(WORDS["women" if woman else "men"]),
        born=born,
        round=round,
        fate=fate,
        woman=woman,
        category=kind["category"],
        profession=kind.get("profession", ""),
        award=dice.choice(kind.get("awards", [""])),
        employer=employer(dice, kind["employers"]),
        position=kind["posts"][-1],
        district=dice.choice(WORDS["districts"]),
        topics=dice.choice(kind["topics"]),
        line=dice.choice(kind["lines"]),
        biography=dice.choice(kind["biographies"]).format(years=2026 - began),
        work=[],
        case=case(dice),
        visits=dice.random() < 0.3,
        public_fields=dice.choice([["employer", "biography"], ["employer", "biography", "district"], ["employer"]]),
        quiet=dice.random() < QUIET,
        **titled(dice, kind),
    )
    return fated(dice, replace(person, work=work(dice, person, kind, began)))


def employer(dice, suffixes: list[str]) -> str:
    return dice.choice(WORDS["places"]) + dice.choice(WORDS["words"]) + dice.choice(suffixes)


def case(dice) -> tuple[str, int, str]:
    told = dice.choice(WORDS["cases"])
    return dice.choice(told["clients"]), dice.randint(2021, 2025), dice.choice(told["stories"])


def titled(dice, kind: dict) -> dict[str, str]:
    """Level, series and name of the title; a manager, or somebody of practice, has none."""
    if kind.get("profession") == MANAGER or "titles" not in kind:
        return {}
    return dict(zip(("title_level", "title_series", "title"), dice.choice(kind["titles"]), strict=True))


def work(dice, person: Person, kind: dict, began: int) -> list[list[str]]:
    """Another firm first, then two posts with the present employer, of which the later one goes on."""
    rose = dice.randint(began + 1, 2020)
    month = dice.randint(1, 11)
    first, last = kind["posts"]
    return [
        [
            employer(dice, WORDS["firms"]),
            dice.choice(["店员", "业务员", "副经理"]),
            f"{began - 2}-03",
            f"{began}-01",
            "m",
        ],
        [person.employer, first, f"{began}-02", f"{rose}-{month:02d}", "f"],
        [person.employer, last, f"{rose}-{month + 1:02d}", "", kind["marks"]],
    ]


def fated(dice, person: Person) -> Person:
    """What his fate needs: the words of a refusal, the paper that cannot be read."""
    if person.fate in WORDS["reasons"]:
        return replace(person, reason=dice.choice(WORDS["reasons"][person.fate]))
    poor = dice.choice([each.code for each in wanted(person) if each.code != "photo"])
    if person.fate == "lapsed":
        return replace(person, sent_back=poor)
    if person.fate == "candidate" and dice.random() < MENDED:
        return replace(person, mended=poor)
    return person
