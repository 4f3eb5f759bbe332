"""Ten thousand draws of the server, each checked by the program that shares nothing with it (Article 10(4))."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from services import draw
from tests.services.panels import verify

PROGRAM = Path(__file__).parents[2] / "services" / "verify_draw.py"
DRAW_ID = "PS-2026-0042-R1"
STRATA = ["finance", "policy", "any"]


def people(dice, algorithm):
    """Up to forty experts, some of one employer, and the salt of employers."""
    salt = f"{dice.getrandbits(128):032x}"
    for n in range(dice.randint(24, 40)):
        code = f"TY-{n:04d}"
        employer = dice.choice([f"person:{code}", f"91{dice.randrange(30):016d}"])
        own = f"{dice.getrandbits(128):032x}"
        h = draw.member_hash(algorithm, DRAW_ID, code, employer, own)
        g = draw.group_hash(algorithm, DRAW_ID, employer, salt)
        strata = tuple(each for each in STRATA if each == "any" or dice.random() < 0.8)
        yield draw.Member(h, strata, g), [code, employer, own], salt


def transcript(dice) -> dict:
    """A draw of any size, with or without a witness, a public value, stand-downs, names; as a browser would get it."""
    algorithm = dice.choice(["sha256", "sm3"])
    found = list(people(dice, algorithm))
    out = sorted(member.h for member, *_ in found if dice.random() < 0.1)
    pool = [member for member, *_ in found if member.h not in out]
    root, roles = draw.pool_root(algorithm, pool), ["operator", "inspector", "witness"][: dice.randint(2, 3)]
    reveals = {role: f"{dice.getrandbits(256):064x}" for role in roles}
    header = {
        "v": "draw/1", "hash": algorithm, "draw_id": DRAW_ID, "frozen_at": "2026-05-12T10:00:00+08:00",
        "pool": draw.listed(pool), "pool_root": root, "excluded": [{"h": h, "why": dice.choice(["mentor", "cap"])} for h in out],
        "need": [[stratum, dice.randint(1, 2)] for stratum in STRATA],
        "parties": [
            {"role": r, "id": f"u{n}", "commit": draw.commitment(algorithm, DRAW_ID, r, f"u{n}", root, reveals[r])}
            for n, r in enumerate(roles)
        ],
        "public": dice.choice([None, {"source": "kl8", "issue": "2026123", "due": "2026-05-12T21:30:00+08:00"}]),
    }  # fmt: skip
    value = "03 07 11" if header["public"] else ""
    skips, lots = [], draw.Lots(header, reveals, value)
    for n in range(dice.randint(0, 3)):
        seated = [h for _, h in lots.after(skips) if h]
        skips.append(draw.StoodDown(dice.choice(seated), "declined", ("u0", "u1"), f"2026-05-12T1{n}:00:00+08:00"))
    told = draw.record(header, reveals, value, skips)
    if dice.random() < 0.5:
        told["opened"] = {"salt": found[0][2], "who": {member.h: facts for member, facts, _ in found}}
    return json.loads(json.dumps(told))


@pytest.mark.parametrize("part", range(8))
def test_10_4_of_10_000_transcripts_every_one_verifies(part):
    dice = random.Random(part)

    for _ in range(1250):
        told = transcript(dice)
        assert [seat[:2] for seat in verify(told)] == told["panel"]


def leaves(value, path=()):
    """Every single value, with the way to it."""
    if isinstance(value, dict | list):
        for key, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(below, (*path, key))
    elif value is not None:
        yield path, value


def changed(value):
    """Another value of the same kind: a digit more, another last character."""
    if isinstance(value, int):
        return value + 1
    return value[:-1] + ("0" if value[-1:] != "0" else "1")


@pytest.mark.parametrize("part", range(8))
def test_10_4_of_200_transcripts_every_single_change_is_noticed(part):
    dice = random.Random(1000 + part)
    for _ in range(25):
        told = transcript(dice)
        for path, value in list(leaves(told)):
            within = told
            for key in path[:-1]:
                within = within[key]
            within[path[-1]] = changed(value)

            with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
                verify(told)
            within[path[-1]] = value
        assert verify(told)  # the control


def run(*arguments):
    """The program as an auditor runs it: nothing of ours in reach."""
    return subprocess.run([sys.executable, "-I", PROGRAM, *arguments], capture_output=True, text=True, check=False)


def test_the_program_says_ok_and_who_or_what_is_wrong(tmp_path):
    told = transcript(random.Random(5))
    told["opened"] = told.get("opened") or opened_of(random.Random(5))
    good, bad, listed = tmp_path / "t.json", tmp_path / "bad.json", tmp_path / "d.json"
    good.write_text(json.dumps(told), encoding="utf8")
    bad.write_text(json.dumps(told | {"record_hash": "0" * 64}), encoding="utf8")
    listed.write_text(json.dumps(sorted(code for code, _, _ in told["opened"]["who"].values())), encoding="utf8")

    fine, wrong, broken = run(good, listed), run(bad), run(tmp_path / "nothing.json")

    assert (fine.returncode, fine.stdout.startswith("OK finance ")) == (0, True)
    assert (wrong.returncode, "record_hash does not fit the record" in wrong.stderr + wrong.stdout) == (1, True)
    assert (broken.returncode, "Traceback" in broken.stderr) == (1, False)


def opened_of(dice):
    algorithm = dice.choice(["sha256", "sm3"])
    found = list(people(dice, algorithm))
    return {"salt": found[0][2], "who": {member.h: facts for member, facts, _ in found}}


def test_the_program_is_a_page_long_and_stands_alone():
    source = PROGRAM.read_text(encoding="utf8")

    assert len(source.splitlines()) <= 60
    assert [line for line in source.splitlines() if line.startswith(("import", "from"))] == [
        "import hashlib, json, sys"
    ]
