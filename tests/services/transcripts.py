"""Draws made from the text of the protocol alone: nothing here comes from the server's half (draw/1, Article 10(4))."""

import hashlib
import json

STRATA = ["finance", "industry", "law", "policy"]
REASONS = ["employer", "mentor", "relative", "investor", "declared", "suspended", "leave", "cap", "busy"]
WHY_DOWN = ["declined", "recused", "unreachable", "absent", "ill"]
PUBLIC = {"source": "kl8", "issue": "2026123", "due": "2026-05-12T21:30:00+08:00"}
VALUE = "03 07 11 14 15 22 26 31 33 38 41 47 52 55 59 60 68 71 77 80"
RECORD = ("header_hash", "reveals", "public_value", "skips", "panel")


def canon(value) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf8")


def fingerprint(algorithm: str, *parts: str | bytes) -> str:
    """The hash over every part behind its length in four bytes."""
    made = hashlib.new(algorithm)
    for part in parts:
        raw = part if isinstance(part, bytes) else part.encode("utf8")
        made.update(len(raw).to_bytes(4, "big") + raw)
    return made.hexdigest()


def hexes(dice, digits: int) -> str:
    return f"{dice.getrandbits(4 * digits):0{digits}x}"


def experts(dice, count: int) -> list[dict]:
    """Experts with what they can fill; every third of a firm that others come from, some with a name in Chinese."""
    firms = [f"91140100MA{n:08d}" for n in range(max(3, count // 4))] + ["单位03", "太原 𠮷 “工坊”"]
    found = []
    for n in range(count):
        code = f"TY-{n + 1:04d}"
        employer = dice.choice(firms) if dice.random() < 0.4 else f"person:{code}"
        strata = sorted(s for s in STRATA if dice.random() < 0.6)
        found.append({"code": code, "employer": employer, "salt": hexes(dice, 32), "strata": strata})
    return found


class Maker:
    """One draw on its way; ``whole`` is the transcript, ``lists`` the numbers of all in term."""

    def __init__(self, dice, size: int | None = None):
        self.dice, self.algorithm = dice, dice.choice(["sha256", "sha256", "sm3"])
        self.draw_id, self.salt = f"PS-2026-{dice.randrange(10000):04d}-R{dice.randint(1, 3)}", hexes(dice, 32)
        self.team = experts(dice, size or dice.randint(5, 60))
        self.lists = sorted(each["code"] for each in self.team)
        self.gone, self.seats = [], []
        self.header = self.conditions()
        self.reveals = {role: hexes(dice, 64) if dice.random() < 0.8 else self.typed(role) for role in self.roles}
        self.promise()
        self.value = VALUE if self.header["public"] else ""
        self.header_hash = fingerprint(self.algorithm, "header", canon(self.header))
        shown = [self.reveals[party["role"]] for party in self.header["parties"]]
        self.seed = fingerprint(self.algorithm, "seed", self.header_hash, *shown, self.value)

    def typed(self, role: str) -> str:
        return f"骰子“{role}” 4 2 6 1\\{self.dice.randrange(10**20)}"

    def conditions(self) -> dict:
        """The header, as yet without promises; as many seats as the pool is sure to fill or fewer."""
        members = []
        for each in self.team:
            each["h"] = fingerprint(
                self.algorithm, "member", self.draw_id, each["code"], each["employer"], each["salt"]
            )
            each["g"] = fingerprint(self.algorithm, "group", self.draw_id, each["employer"], self.salt)
            members.append(each)
        members.sort(key=lambda each: each["h"])
        out = {each["h"] for each in members[5:] if self.dice.random() < 0.15}
        pool = [{"h": m["h"], "s": m["strata"], "g": m["g"]} for m in members if m["h"] not in out]
        self.roles = ["operator", "inspector"] + ["witness"] * (self.dice.random() < 0.5)
        self.dice.shuffle(self.roles)
        wanted = self.dice.sample(STRATA, self.dice.randint(1, 3))
        return {
            "v": "draw/1", "hash": self.algorithm, "draw_id": self.draw_id, "frozen_at": "2026-05-12T10:00:00+08:00",
            "pool": pool, "pool_root": fingerprint(self.algorithm, "pool", canon(pool)),
            "excluded": [{"h": h, "why": self.dice.choice(REASONS)} for h in sorted(out)],
            "need": [[stratum, self.dice.randint(1, 3)] for stratum in wanted],
            "parties": [], "public": dict(PUBLIC) if self.dice.random() < 0.5 else None,
        }  # fmt: skip

    def promise(self):
        root = self.header["pool_root"]
        for n, role in enumerate(self.roles):
            ident = f"u{12 + n}" if role != "witness" else "公证员甲"
            commit = fingerprint(self.algorithm, "commit", self.draw_id, role, ident, root, self.reveals[role])
            self.header["parties"].append({"role": role, "id": ident, "commit": commit})

    def next_for(self, stratum: str, others: list[str]) -> str:
        """The lowest ticket that has not stood down and is of no employer among the others; empty if there is none."""
        groups = {member["h"]: member["g"] for member in self.header["pool"]}
        taken = {groups[h] for h in others if h}
        ranked = sorted(
            (fingerprint(self.algorithm, "ticket", self.seed, stratum, member["h"]), member["h"])
            for member in self.header["pool"]
            if stratum in member["s"]
        )
        return next((h for _, h in ranked if h not in self.gone and groups[h] not in taken), "")

    def seated(self) -> bool:
        """Fill all seats; false where the pool is too small."""
        for stratum, count in self.header["need"]:
            for _ in range(count):
                self.seats.append([stratum, self.next_for(stratum, [h for _, h in self.seats])])
        return all(h for _, h in self.seats)

    def stand_down(self, count: int) -> list[dict]:
        skips = []
        for n in range(count):
            place = self.dice.choice([at for at, (_, h) in enumerate(self.seats) if h] or [None])
            if place is None:
                break
            stratum, h = self.seats[place]
            self.gone.append(h)
            others = [other for at, (_, other) in enumerate(self.seats) if at != place]
            self.seats[place] = [stratum, self.next_for(stratum, others)]
            at = f"2026-05-13T09:{n:02d}:30+08:00"
            skips.append({"h": h, "why": self.dice.choice(WHY_DOWN), "by": ["u12", "u31"], "at": at})
        return skips

    def told(self, skips: list[dict], opened: bool) -> dict:
        whole = {"header": self.header, "header_hash": self.header_hash, "reveals": self.reveals}
        whole |= {"public_value": self.value, "skips": skips, "panel": self.seats}
        whole["record_hash"] = fingerprint(self.algorithm, "record", canon({key: whole[key] for key in RECORD}))
        if opened:
            who = {each["h"]: [each["code"], each["employer"], each["salt"]] for each in self.team}
            whole["opened"] = {"salt": self.salt, "who": who}
        return whole


def made(dice, *, opened: bool | None = None, size: int | None = None) -> tuple[dict, list[str]]:
    """A draw that every verifier must accept, and the numbers of all in term.

    Five to sixty experts, profile A or B, either hash, none to four stand-downs (a seat may stay vacant), sealed or opened.
    """
    while True:
        draw = Maker(dice, size)
        if draw.seated():
            skips = draw.stand_down(dice.randint(0, 4))
            return draw.told(skips, dice.random() < 0.5 if opened is None else opened), draw.lists
