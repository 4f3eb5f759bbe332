"""The protocol ``draw/1`` as the bureau's server speaks it (Article 10(4)): values in, values out.

Whoever doubts it asks ``services/verify_draw.py``, which shares nothing with this file.  A hash is 64 hex digits;
every text is UTF-8; ``algorithm`` is ``sha256`` or ``sm3``.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

VERSION = "draw/1"
VACANT = ""  # on a seat for which nobody is left


class Member(NamedTuple):
    """One in the pool, without a name: his hash, the strata he can be seated in, his employer's hash."""

    h: str
    s: tuple[str, ...]
    g: str


class StoodDown(NamedTuple):
    """A member who does not come: why, who signed for it, when."""

    h: str
    why: str
    by: tuple[str, str]
    at: str


def digest(algorithm: str, *parts: str) -> str:
    """``H``: over the length (four bytes, big-endian) and the bytes of each part."""
    found = hashlib.new(algorithm)
    for part in parts:
        said = part.encode()
        found.update(len(said).to_bytes(4, "big") + said)
    return found.hexdigest()


def canon(value) -> str:
    """Canonical JSON: sorted keys, no blanks."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def member_hash(algorithm: str, draw_id: str, code: str, employer: str, salt: str) -> str:
    return digest(algorithm, "member", draw_id, code, employer, salt)


def group_hash(algorithm: str, draw_id: str, employer: str, salt: str) -> str:
    return digest(algorithm, "group", draw_id, employer, salt)


def listed(pool: Iterable[Member]) -> list[dict]:
    """The pool as it stands in the header: by hash."""
    return [{"h": each.h, "s": sorted(each.s), "g": each.g} for each in sorted(pool)]


def pool_root(algorithm: str, pool: Iterable[Member]) -> str:
    return digest(algorithm, "pool", canon(listed(pool)))


def commitment(algorithm: str, draw_id: str, role: str, ident: str, root: str, secret: str) -> str:
    """What binds a party to its secret, to this draw and to this pool."""
    return digest(algorithm, "commit", draw_id, role, ident, root, secret)


def header_hash(header: dict) -> str:
    return digest(header["hash"], "header", canon(header))


def seed(header: dict, reveals: Mapping[str, str], public_value: str) -> str:
    """From all secrets in the order of the parties, and the public value."""
    secrets = [reveals[party["role"]] for party in header["parties"]]
    return digest(header["hash"], "seed", header_hash(header), *secrets, public_value)


class Lots:
    """The tickets of one draw, and who sits where by them."""

    def __init__(self, header: dict, reveals: Mapping[str, str], public_value: str = ""):
        self.header, self.algorithm = header, header["hash"]
        self.seed = seed(header, reveals, public_value)
        self.members = {each["h"]: each for each in header["pool"]}
        self.queues = {stratum: self.queue(stratum) for stratum, _ in header["need"]}

    def queue(self, stratum: str) -> list[str]:
        """Everybody of a stratum, the lowest ticket first."""
        eligible = (h for h, each in self.members.items() if stratum in each["s"])
        return sorted(eligible, key=lambda h: (digest(self.algorithm, "ticket", self.seed, stratum, h), h))

    def drawn(self) -> list[list[str]]:
        """``[stratum, h]`` of every seat, as the draw left them."""
        panel = []
        for stratum, seats in self.header["need"]:
            for _ in range(seats):
                panel.append([stratum, self.next(stratum, panel, ())])
        return panel

    def next(self, stratum: str, panel: list[list[str]], gone: Iterable[str]) -> str:
        """The lowest ticket that is not gone, not seated and of another employer than all who are."""
        seated = {h for _, h in panel if h != VACANT}
        employers = {self.members[h]["g"] for h in seated}
        for h in self.queues[stratum]:
            if h not in seated and h not in gone and self.members[h]["g"] not in employers:
                return h
        return VACANT

    def after(self, skips: Iterable[StoodDown]) -> list[list[str]]:
        """The panel once these have stood down, in this order: each hands on his own seat, nobody else moves."""
        panel, gone = self.drawn(), set()
        for skip in skips:
            at = next(n for n, (_, h) in enumerate(panel) if h == skip.h)
            gone.add(skip.h)
            stratum, panel[at] = panel[at][0], [panel[at][0], VACANT]
            panel[at] = [stratum, self.next(stratum, panel, gone)]
        return panel


def record(header: dict, reveals: Mapping[str, str], public_value: str, skips: Iterable[StoodDown]) -> dict:
    """The sealed transcript: all that is needed to compute the panel again, and no name."""
    skips = list(skips)
    told = {
        "header_hash": header_hash(header),
        "reveals": dict(reveals),
        "public_value": public_value,
        "skips": [{"h": each.h, "why": each.why, "by": list(each.by), "at": each.at} for each in skips],
        "panel": Lots(header, reveals, public_value).after(skips),
    }
    return {"header": header} | told | {"record_hash": digest(header["hash"], "record", canon(told))}
