"""The stand-alone verifier against draws that are made from the text of the protocol (draw/1, Article 10(4))."""

import copy
import importlib.util
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import transcripts
from tests.services.transcripts import canon, fingerprint, made

PROGRAM = Path(__file__).parents[2] / "services" / "verify_draw.py"
MANY = int(os.environ.get("DRAWS", "2000"))  # DRAWS=10000 for the long run
ZEROS = "0" * 64


def program():
    spec = importlib.util.spec_from_file_location("verify_draw_alone", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verify = program().verify


def problem(whole, *directory) -> str:
    """What the program finds wrong, empty where nothing; any other exception than its own fails the test."""
    try:
        verify(whole, *directory)
    except ValueError as wrong:
        return str(wrong)
    return ""


def test_10_4_draws_made_from_the_text_alone_verify():
    dice = random.Random(10_4)
    vacant = profiles = 0

    for _ in range(MANY):
        whole, listed = made(dice)
        assert problem(whole, *([listed] if "opened" in whole else [])) == ""
        vacant += any(h == "" for _, h in whole["panel"])
        profiles += whole["header"]["public"] is None
    assert (vacant > 0, 0 < profiles < MANY) == (True, True)  # the makers of draws do reach these


def places(value, path=()):
    """The way to everything in a transcript, from the outside in."""
    if isinstance(value, dict | list):
        for key, below in list(value.items() if isinstance(value, dict) else enumerate(value)):
            yield (*path, key)
            yield from places(below, (*path, key))


def others(value):
    """What else could stand there: another of its kind, other kinds, more and less."""
    yield from (None, True, 1.0, "", [], {})
    if isinstance(value, str):
        yield from (value[:-1] + ("0" if value[-1:] != "0" else "1"), value.upper(), value + " ", value + "\ud800")
    elif isinstance(value, int):
        yield from (value + 1, 0, -value, float(value), str(value), value == 1)
    elif isinstance(value, dict):
        yield value | {"more": "1"}
    elif isinstance(value, list):
        yield from (value[::-1], value + value[:1], value[1:], value[:-1], value + [None])


def changes(whole):
    """Every transcript with one change, and where it is; what comes out equal is left out."""
    for path in places(whole):
        within = whole
        for key in path[:-1]:
            within = within[key]
        value = within[path[-1]]
        for other in others(value):
            if json.dumps(other, sort_keys=True) != json.dumps(value, sort_keys=True):
                within[path[-1]] = other
                yield path
        within[path[-1]] = value
        if isinstance(within, dict) and path != ("opened",):
            del within[path[-1]]
            yield path
            within[path[-1]] = value


@pytest.mark.parametrize("seed", range(20))
def test_10_4_every_change_is_noticed(seed):
    whole, listed = made(random.Random(seed), opened=True, size=5 + seed % 4)
    before = canon(whole)

    unnoticed = [path for path in changes(whole) if not problem(whole, listed)]

    assert unnoticed == []
    assert (canon(whole), problem(whole, listed)) == (before, "")  # the control


def sealed_again(whole: dict) -> dict:
    """With all fingerprints made anew, as a cheat with the server in his hands would."""
    head = whole["header"]
    algorithm, draw_id = head["hash"], head["draw_id"]
    root = head["pool_root"] = fingerprint(algorithm, "pool", canon(head["pool"]))
    for party in head["parties"]:
        secret = whole["reveals"].get(party["role"], "")
        party["commit"] = fingerprint(algorithm, "commit", draw_id, party["role"], party["id"], root, secret)
    whole["header_hash"] = fingerprint(algorithm, "header", canon(head))
    told = {key: whole[key] for key in transcripts.RECORD}
    whole["record_hash"] = fingerprint(algorithm, "record", canon(told))
    return whole


def cheat(path: str, value):
    def change(whole):
        *way, last = path.split(".")
        within = whole
        for key in way:
            within = within[int(key) if key.isdigit() else key]
        within[int(last) if last.isdigit() else last] = value(within[int(last) if last.isdigit() else last])

    return change


def twice(items):
    return [items[0], *items]


CHEATS = [
    ("header.v", lambda _: "draw/2", "transcript.header.v is not as draw/1 writes it"),
    ("header.pool", lambda pool: pool[::-1], "pool or exclusions not in order, or a member twice"),
    ("header.pool", twice, "pool or exclusions not in order, or a member twice"),
    ("header.pool.0.g", lambda _: "A" * 64, "transcript.header.pool.0.g is not as draw/1 writes it"),
    ("header.pool.0.s", lambda _: ["law", "finance"], "strata not in order, or one twice"),
    ("header.need", lambda need: [need[0], *need], "strata not in order, or one twice"),
    ("header.need.0.1", lambda _: True, "transcript.header.need.0.1 is not as draw/1 writes it"),
    ("header.need.0.1", lambda _: 10**12, "the pool is too small for law"),
    ("header.excluded", lambda _: [{"h": ZEROS, "why": "friend"}], "transcript.header.excluded.0.why is not as draw/1 writes it"),
    ("header.parties.0.role", lambda _: "inspector", "reveals is not as draw/1 writes it"),
    ("header.parties.1.id", lambda _: "u12", "a party missing or twice"),
    ("header.public", lambda _: dict(transcripts.PUBLIC), "the announcement of public_value is not as draw/1 writes it"),
    ("public_value", lambda _: "03 07", "the announcement of public_value is not as draw/1 writes it"),
    ("skips", lambda _: [{"h": ZEROS, "why": "ill", "by": ["a", "b"], "at": "2026-05-13T09:00:00+08:00"}],
     "a stand-down without a seat or two signatures"),
    ("panel.0.1", lambda _: ZEROS, "the panel is not what the tickets say"),
    ("panel", lambda panel: panel[::-1], "the panel is not what the tickets say"),
]  # fmt: skip


def simple() -> dict:
    """Six experts of their own, two seats for law and one for finance, operator u12 and inspector u31, profile A."""
    return copy.deepcopy(KNOWN)


@pytest.mark.parametrize(("path", "value", "sentence"), CHEATS)
def test_10_4_a_cheat_who_makes_all_fingerprints_anew_is_still_found(path, value, sentence):
    whole = simple()
    cheat(path, value)(whole)

    assert problem(sealed_again(whole)) == sentence
    assert problem(sealed_again(simple())) == problem(simple()) == ""  # the control


def without_inspector(whole):
    del whole["header"]["parties"][1], whole["reveals"]["inspector"]


def promised_otherwise(whole):
    whole["reveals"]["operator"] = "9" * 64


def listed_twice(whole):
    """One expert under two codes, each with a salt of its own."""
    head, who = whole["header"], whole["opened"]["who"]
    code, employer, _ = who[head["pool"][0]["h"]]
    h = fingerprint("sha256", "member", head["draw_id"], code, employer, "7" * 32)
    head["excluded"], who[h] = [{"h": h, "why": "busy"}], [code, employer, "7" * 32]


def other_name(whole):
    whole["opened"]["who"][whole["header"]["pool"][0]["h"]][0] = "TY-9999"


def other_employer(whole):
    """A member whose employer is hidden from the draw, so that two of one firm may sit."""
    whole["header"]["pool"][0]["g"] = "1" * 64


def person_of_another(whole):
    head, who = whole["header"], whole["opened"]["who"]
    h = fingerprint("sha256", "member", head["draw_id"], "TY-0077", "person:TY-0001", "7" * 32)
    head["excluded"], who[h] = [{"h": h, "why": "busy"}], ["TY-0077", "person:TY-0001", "7" * 32]


def nobody_named(whole):
    whole["opened"]["who"].popitem()


OTHERS = [
    (without_inspector, "a party missing or twice"),
    (listed_twice, "somebody is listed twice"),
    (person_of_another, "TY-0077 has another person as employer"),
    (nobody_named, "opened.who is not as draw/1 writes it"),
]


@pytest.mark.parametrize(("change", "sentence"), OTHERS)
def test_10_4_what_the_names_show_once_they_are_opened(change, sentence):
    whole = simple()
    change(whole)
    whole = seated_again(sealed_again(whole))

    assert problem(whole) == sentence


def seated_again(whole):
    """The panel that the new seed gives, so that only what was changed is wrong."""
    head = whole["header"]
    shown = [whole["reveals"][party["role"]] for party in head["parties"]]
    seed = fingerprint("sha256", "seed", whole["header_hash"], *shown, "")
    whole["panel"], whole["skips"], taken = [], [], set()
    for stratum, count in head["need"]:
        tickets = sorted((fingerprint("sha256", "ticket", seed, stratum, m["h"]), m["h"]) for m in head["pool"])
        able = {m["h"] for m in head["pool"] if stratum in m["s"]}
        for h in [h for _, h in tickets if h in able and h not in taken][:count]:
            taken.add(h)
            whole["panel"].append([stratum, h])
    return sealed_again(whole)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (promised_otherwise, "operator did not show what was promised"),
        (other_employer, "pool_root does not fit the pool"),
        (cheat("header.frozen_at", lambda _: "2026-05-12T10:00:01+08:00"), "header_hash does not fit the header"),
        (cheat("record_hash", lambda _: ZEROS), "record_hash does not fit the record"),
        (cheat("opened.salt", lambda _: "0" * 32), "wrong employer of TY-0004"),
        (cheat("opened.salt", lambda _: "s"), "transcript.opened.salt is not as draw/1 writes it"),
    ],
)
def test_10_4_a_change_that_leaves_the_fingerprints_alone(change, sentence):
    whole = simple()
    change(whole)

    assert problem(whole) == sentence


def test_10_4_a_wrong_name_is_found_behind_its_code():
    whole = simple()
    other_name(whole)

    assert problem(whole) == f"wrong name behind {whole['header']['pool'][0]['h']}"


def test_10_4_the_directory_must_name_exactly_the_same():
    whole, listed = simple(), [f"TY-000{n}" for n in range(1, 7)]
    sealed = {key: value for key, value in whole.items() if key != "opened"}
    wrong = "not exactly the experts in term are listed"

    assert [problem(whole, each) for each in (listed, listed[::-1])] == ["", ""]
    assert [problem(whole, each) for each in (listed[1:], [*listed, "TY-0007"], [*listed, "TY-0001"])] == [wrong] * 3
    assert [problem(whole, each) for each in ({}, None, [1])] == [
        "directory is not as draw/1 writes it", "directory is not as draw/1 writes it", "directory.0 is not as draw/1 writes it"
    ]  # fmt: skip
    assert (problem(sealed), problem(sealed, listed)) == ("", wrong)  # asked to compare names, it does not say OK


@pytest.mark.parametrize("nothing", [None, 1, 1.5, True, "x", [], {}, {"header": 1}, {"opened": None}])
def test_what_is_no_transcript_is_refused_in_a_sentence(nothing):
    assert problem(nothing).startswith("transcript")


def run(folder, text, *more):
    """The program as an auditor runs it: nothing of ours in reach.  Exit status, and what it prints."""
    path = folder / "transcript.json"
    path.write_text(text, encoding="utf8")
    done = subprocess.run([sys.executable, "-I", PROGRAM, path, *more], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout.strip()


def test_the_program_prints_the_panel_with_names(tmp_path):
    listed = tmp_path / "directory.json"
    listed.write_text(json.dumps([f"TY-000{n}" for n in range(1, 7)]), encoding="utf8")
    (first, h), *_ = KNOWN["panel"]

    status, said = run(tmp_path, json.dumps(KNOWN, indent=1), listed)

    assert (status, said.split("; ")[0]) == (0, f"OK {first} {h} {KNOWN['opened']['who'][h][0]}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"header": 1, "header": 2}', "wrong: a key is written twice"),
        ("[" * 100_000, "wrong: "),
        ("{", "wrong: "),
        ("", "wrong: "),
        ("null", "wrong: transcript is not as draw/1 writes it"),
        ("NaN", "wrong: transcript is not as draw/1 writes it"),
    ],
)
def test_the_program_answers_rubbish_in_a_sentence(tmp_path, text, said):
    assert [*run(tmp_path, text)][0] == 1
    assert run(tmp_path, text)[1].startswith(said)


def test_10_4_one_draw_is_known_to_the_byte():
    assert KNOWN["record_hash"] == "7615147c76a4fd9b5ceeac4f4563a290bd731ccf0ba1ffec206a510748d54869"
    assert problem(simple()) == ""


KNOWN = json.loads("""
{
 "header": {
  "v": "draw/1",
  "hash": "sha256",
  "draw_id": "PS-2026-0042-R1",
  "frozen_at": "2026-05-12T10:00:00+08:00",
  "pool": [
   {
    "h": "1544091ed4052efda83126febfce5d1abfcc4c821bc264b442b941558e0e5b56",
    "s": ["law"],
    "g": "5d312daf203a105762ecc2824b8e2a5ca1029238c34248ae21821ccd0c4345cc"
   },
   {
    "h": "2e33cc5b68c5820eff061cbfa9a3df018674aaceae19dd0944795fd671a7438f",
    "s": ["law"],
    "g": "47abd7a5744460c7ca4473f8dae580e99f33f7e02b4f23582915c8d84c47ec2b"
   },
   {
    "h": "5d3264c31145ac5a8aa34dc31ee2b57bdaa64821af67523fa8ee2373024faec5",
    "s": ["finance", "law"],
    "g": "c55f57eb580ebe458233656081e20a08fd99ac85da908080b18ade598cf8ca75"
   },
   {
    "h": "83bfc009fa1e95fe371f0a13247159116e7e6cc1886d99b1ae07e54aa014c96f",
    "s": ["finance", "law"],
    "g": "1d33df0498e32a885eff20b53a1116c9ef71ddc9c92e6d681c2bd9a7221e6a93"
   },
   {
    "h": "a5194b4695e050a0abfa1fef151fd45e977ed426fddbfef75a671b3013b148a6",
    "s": ["law"],
    "g": "eec2c52e39233546891b232783f1bbd823badd5e29fbb9d8c110f18ce49a5bde"
   },
   {
    "h": "c3e937571654a7d7a94014cb1baf03970f447fc07047ded10b978843cbe7aa34",
    "s": ["finance", "law"],
    "g": "dbebeb832bbbe67cac481fb064fbb466c1457992d45726b39392205a2905ee1d"
   }
  ],
  "pool_root": "4c792f93bf5019ef3e444cf9cbbb5720aa1e03e0a5b030160014ad3c90945a7f",
  "excluded": [],
  "need": [["law", 2], ["finance", 1]],
  "parties": [
   {"role": "operator", "id": "u12", "commit": "bd2ede352d3ba02a21bd27fb4cf993e6a72e4c650fea409a142054d0dc000a7c"},
   {"role": "inspector", "id": "u31", "commit": "5cde535690915d062a5af6020f97a8ed6d416ce9d4f68dd9aa40701cb54ddf1e"}
  ],
  "public": null
 },
 "header_hash": "79fecdf8bbe467b82ae1579496508795a9b209ab6aec4b8489780dc8f396ed5b",
 "reveals": {
  "operator": "1111111111111111111111111111111111111111111111111111111111111111",
  "inspector": "骰子4261 3352 1646 2216 5324 1"
 },
 "public_value": "",
 "skips": [
  {
   "h": "5d3264c31145ac5a8aa34dc31ee2b57bdaa64821af67523fa8ee2373024faec5",
   "why": "declined",
   "by": ["u12", "u31"],
   "at": "2026-05-12T11:00:00+08:00"
  }
 ],
 "panel": [
  ["law", "a5194b4695e050a0abfa1fef151fd45e977ed426fddbfef75a671b3013b148a6"],
  ["law", "83bfc009fa1e95fe371f0a13247159116e7e6cc1886d99b1ae07e54aa014c96f"],
  ["finance", "c3e937571654a7d7a94014cb1baf03970f447fc07047ded10b978843cbe7aa34"]
 ],
 "record_hash": "7615147c76a4fd9b5ceeac4f4563a290bd731ccf0ba1ffec206a510748d54869",
 "opened": {
  "salt": "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee",
  "who": {
   "1544091ed4052efda83126febfce5d1abfcc4c821bc264b442b941558e0e5b56": ["TY-0004", "person:TY-0004", "44444444444444444444444444444444"],
   "2e33cc5b68c5820eff061cbfa9a3df018674aaceae19dd0944795fd671a7438f": ["TY-0002", "单位03", "22222222222222222222222222222222"],
   "5d3264c31145ac5a8aa34dc31ee2b57bdaa64821af67523fa8ee2373024faec5": ["TY-0001", "person:TY-0001", "11111111111111111111111111111111"],
   "83bfc009fa1e95fe371f0a13247159116e7e6cc1886d99b1ae07e54aa014c96f": ["TY-0005", "person:TY-0005", "55555555555555555555555555555555"],
   "a5194b4695e050a0abfa1fef151fd45e977ed426fddbfef75a671b3013b148a6": ["TY-0006", "person:TY-0006", "66666666666666666666666666666666"],
   "c3e937571654a7d7a94014cb1baf03970f447fc07047ded10b978843cbe7aa34": ["TY-0003", "person:TY-0003", "33333333333333333333333333333333"]
  }
 }
}
""")
