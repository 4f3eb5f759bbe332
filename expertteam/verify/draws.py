"""Draws of experts, run again from what is stored (Article 10(4)).

``services/verify_draw.py`` is the program that anybody can run: it imports nothing, and shares nothing with the portal.
"""

import json
from collections import defaultdict
from collections.abc import Iterator

from expertteam.verify.invariant import Invariant
from expertteam.verify.rows import ask, clear, data, day, instant
from expertteam.verify.selection import TAIYUAN
from services.verify_draw import WHY, verify

LAST_ON_A_SEAT = """SELECT s.place, s.stratum, n.h, s.called_at FROM services_seat s
    JOIN services_poolentry n ON n.id = s.entry_id WHERE s.draw_id = {key} ORDER BY s.place, s.id"""
GONE = """SELECT n.h, s.why, s.passed_by_id, s.stood_down_by_id, s.stood_down_at FROM services_seat s
    JOIN services_poolentry n ON n.id = s.entry_id
    WHERE s.draw_id = {key} AND s.state = 'stood_down' ORDER BY s.stood_down_no"""
BEHIND = """SELECT n.h, e.no, n.employer, n.salt FROM services_poolentry n
    JOIN experts_expert e ON e.id = n.expert_id WHERE n.draw_id = {key}"""


def stamp(moment) -> str:
    """As the protocol writes it."""
    return instant(moment).astimezone(TAIYUAN).isoformat(timespec="seconds")


def panel(key, need: list) -> list[list[str]]:
    """Who sits where by the rows: a place that nobody came to after a stand-down is vacant."""
    last = {place: (stratum, h) for place, stratum, h, _ in ask(LAST_ON_A_SEAT.format(key=key))}
    gone = {h for h, *_ in ask(GONE.format(key=key))}
    strata = [stratum for stratum, seats in need for _ in range(seats)]
    sits = (last.get(place, (stratum, "")) for place, stratum in enumerate(strata, 1))
    return [[stratum, "" if h in gone else h] for stratum, h in sits]


def transcript(key, header: str, header_hash: str, public_value: str, record_hash: str, salt: str) -> dict:
    """Put together from the rows, with the names behind every code."""
    head = json.loads(header)
    return {
        "header": head,
        "header_hash": header_hash,
        "reveals": dict(ask(f"SELECT role, secret FROM services_drawparty WHERE draw_id = {key}")),
        "public_value": public_value,
        "skips": [
            {"h": h, "why": why, "by": [f"u{asked}", f"u{signed}"], "at": stamp(at)}
            for h, why, asked, signed, at in ask(GONE.format(key=key))
        ],
        "panel": panel(key, head["need"]),
        "record_hash": record_hash,
        "opened": {
            "salt": clear(salt),
            "who": {h: [code, clear(of), clear(grain)] for h, code, of, grain in ask(BEHIND.format(key=key))},
        },
    }


def unproved() -> Iterator[str]:
    """Draws whose record, run again, does not come out as it is stored."""
    drawn = """SELECT draw_id, directory, id, header, header_hash, public_value, record_hash, group_salt
        FROM services_draw WHERE state IN ('drawn', 'opened')"""
    for draw_id, directory, *record in ask(drawn):
        try:
            verify(transcript(*record), data(directory))
        except Exception:  # whatever it cannot follow it does not prove
            yield draw_id


def disordered() -> Iterator[str]:
    """Draws whose steps do not follow each other: frozen, promised, fixed, shown, drawn, called, opened."""
    for key, draw_id, frozen, fixed, drawn, opened in ask(
        "SELECT id, draw_id, frozen_at, fixed_at, drawn_at, opened_at FROM services_draw WHERE state IN ('drawn', 'opened')"
    ):
        parties = ask(f"SELECT committed_at, revealed_at FROM services_drawparty WHERE draw_id = {key}")
        promised, shown = zip(*parties, strict=True)
        called = [at for *_, at in ask(LAST_ON_A_SEAT.format(key=key))]
        steps = [[frozen], promised, [fixed], shown, [drawn], called, [opened] if opened else []]
        if None in [at for step in steps for at in step] or not follow(steps):
            yield draw_id


def follow(steps: list) -> bool:
    """Whether nothing of a step lies before anything of an earlier one."""
    times = [[instant(at) for at in step] for step in steps if step]
    return all(max(earlier) <= min(later) for earlier, later in zip(times, times[1:], strict=False))


def wrong_pools() -> Iterator[str]:
    """Draws whose pool and exclusions are not, each once and with a reason, all who were in term at the freeze.

    Somebody whose term became void on that very day is left out of doubt; one of the former document (Article 15) that
    was brought in after the freeze nobody could know.
    """
    terms = ask("""SELECT e.no, a.first_day, a.last_day, a.void_from FROM experts_appointment a
        JOIN experts_expert e ON e.id = a.expert_id""")
    unknown = set(
        ask("""SELECT d.id, e.no FROM services_draw d JOIN experts_appointment a
        ON a.basis = 'former' AND a.decided_at > d.frozen_at AND DAY(d.frozen_at) BETWEEN a.first_day AND a.last_day
        JOIN experts_expert e ON e.id = a.expert_id""")
    )
    listed = defaultdict(list)
    for key, code, why in ask("""SELECT n.draw_id, e.no, n.why FROM services_poolentry n
            JOIN experts_expert e ON e.id = n.expert_id"""):
        listed[key].append((code, why))
    for key, draw_id, directory, on in ask("SELECT id, draw_id, directory, DAY(frozen_at) FROM services_draw"):
        on = day(on)
        held = [(code, day(void)) for code, first, last, void in terms if day(first) <= on <= day(last)]
        could = {code for code, void in held if void is None or void >= on}
        must = {code for code, void in held if (void is None or void > on) and (key, code) not in unknown}
        codes = [code for code, _ in listed[key]]
        whole = sorted(data(directory)) == sorted(codes) and len(codes) == len(set(codes))
        if not (whole and must <= set(codes) <= could and all(why in ("", *WHY) for _, why in listed[key])):
            yield draw_id


INVARIANTS = [
    Invariant("I12.pool", "10(4)", "候选池加上排除的人，正好是锁定时在聘的全部专家，排除都有理由", wrong_pools),
    Invariant("I13.record", "10(4)", "每次抽取的记录都能用独立程序重新算出来", unproved, sealed=True),
    Invariant("I13.order", "10(4)", "锁定、承诺、固定、公开随机数、抽取、通知、公开名单依次进行", disordered),
]
