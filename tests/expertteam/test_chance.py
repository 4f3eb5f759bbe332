"""Salts: unforeseeable, except within a rehearsal."""

from pathlib import Path

import pytest

from expertteam import chance


def test_a_salt_is_never_the_same_and_has_128_bits():
    salts = {chance.salt() for _ in range(100)}

    assert len(salts) == 100
    assert all(len(bytes.fromhex(salt)) == 16 for salt in salts)


def test_a_seed_gives_the_same_salts_until_its_block_ends(settings):
    settings.DEMO = True
    lives = []
    for _ in range(2):
        with chance.seeded(7):
            lives.append([chance.salt(), chance.salt()])

    assert lives[0] == lives[1]
    assert lives[0][0] != lives[0][1]
    assert chance.salt() not in lives[0]


def test_a_real_portal_takes_no_seed(settings):
    settings.DEMO = False

    with pytest.raises(ValueError, match="demo"), chance.seeded(7):
        chance.salt()


def test_nothing_else_than_a_rehearsal_asks_for_salts_that_can_be_foretold():
    house = Path(chance.__file__).resolve().parent.parent
    apps = ["expertteam", "experts", "recruitment", "services", "evaluations", "payments"]
    asking = [path for app in apps for path in (house / app).rglob("*.py") if "chance.seeded" in path.read_text("utf8")]

    assert [path.relative_to(house).as_posix() for path in asking] == ["expertteam/rehearsal/life.py"]
