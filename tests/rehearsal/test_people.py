"""The people of a rehearsal: as many as are wanted, no two with one number, each fit for the kind he applies as."""

from collections import Counter
from datetime import date
from random import Random

import pytest

from expertteam import identifiers
from expertteam.rehearsal.people import CYCLE, Crowd, made
from recruitment import rules
from recruitment.categories import CATEGORIES
from recruitment.facts import FAIL, Facts, Period

MANY = 4 * CYCLE


@pytest.fixture(scope="module")
def people():
    dice = Random(5)
    return [made(dice, number, 1, "candidate") for number in range(2, MANY)]


def test_no_two_have_one_number(people):
    assert len({person.id_number for person in people}) == len(people)
    assert len({person.phone for person in people}) == len(people)


def test_the_numbers_are_well_formed_and_nobodys(people):
    for person in people:
        assert identifiers.resident_id(person.id_number).startswith("140199")
        assert identifiers.mobile(person.phone).startswith("1540000")


def test_all_eight_kinds_are_there(people):
    kinds = Counter(person.category for person in people)

    assert set(kinds) == set(CATEGORIES)
    assert min(kinds.values()) > 10


def test_each_is_fit_for_the_kind_he_applies_as(people):
    for person in people:
        found = rules.assess(facts(person))
        assert [finding for finding in found if finding.verdict is FAIL] == [], person


def facts(person):
    """What the rules would look at when he submits early in 2026."""
    return Facts(
        on=date(2026, 2, 10),
        category=person.category,
        periods=tuple(
            Period(day(first), day(last), "f" in marks, "m" in marks) for *_, first, last, marks in person.work
        ),
        profession=person.profession,
        title_level=person.title_level,
        title_series=person.title_series,
        award=bool(person.award),
        specialities=len(person.topics),
        success_cases=1,
        declarations=frozenset(["truthful", "character", "willing", "devoted"]),
    )


def day(month):
    return date.fromisoformat(f"{month}-01") if month else None


def test_three_of_four_who_submit_will_be_appointed():
    fates = Counter(person.fate for person in Crowd(Random(1)).batch(1, 210))
    submitted = sum(fates.values()) - fates["draft"]

    assert fates["candidate"] == 210
    assert 0.72 <= 210 / submitted <= 0.82


def test_small_rounds_bring_whom_they_need_and_one_other():
    crowd = Crowd(Random(1))

    rounds = [crowd.batch(number, wanted) for number, wanted in enumerate([1, 0, 2], 1)]

    assert [sum(person.fate == "candidate" for person in batch) for batch in rounds] == [1, 0, 2]
    assert [len(batch) for batch in rounds] == [2, 1, 3]
    assert rounds[0][0].username == "expert"


def test_one_seed_gives_one_crowd():
    assert Crowd(Random(7)).batch(1, 9) == Crowd(Random(7)).batch(1, 9)
    assert Crowd(Random(7)).batch(1, 9) != Crowd(Random(8)).batch(1, 9)
