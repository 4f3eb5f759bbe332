"""Check a draw of experts without the bureau's server: python verify_draw.py transcript.json [directory.json]

Says OK with the panel if pool, promises, tickets, stand-downs and, once opened, names agree (protocol draw/1); else
what is wrong.  directory.json lists the numbers of all experts in term when the pool was frozen."""
import hashlib, json, sys
WHY = "employer mentor relative investor declared suspended leave cap busy".split()
def H(alg, *parts):
    return hashlib.new(alg, b"".join(len(p.encode()).to_bytes(4, "big") + p.encode() for p in parts)).hexdigest()
def canon(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
def sure(holds, wrong):
    if not holds: raise ValueError(wrong)
def verify(t, directory=None):
    """[stratum, h, number once opened] of every seat; an exception that says what is wrong."""
    head, reveals, value, opened = t["header"], t["reveals"], t["public_value"], t.get("opened", {"who": {}})
    alg, draw_id, pool, root, who = head["hash"], head["draw_id"], head["pool"], head["pool_root"], opened["who"]
    sure(head["v"] == "draw/1" and alg in ("sha256", "sm3"), "not a transcript of protocol draw/1")
    inside, codes = [m["h"] for m in pool], sorted(m["h"] for m in pool + head["excluded"])
    sure(inside == sorted(inside) and len(codes) == len(set(codes)), "pool not in order, or a member twice")
    sure(all(m["why"] in WHY for m in head["excluded"]), "an exclusion without a known reason")
    sure(root == H(alg, "pool", canon(pool)), "pool_root does not fit the pool")
    roles, ids = [p["role"] for p in head["parties"]], {p["id"] for p in head["parties"]}
    sure("inspector" in roles and len(set(roles)) == len(ids) == len(roles) > 1, "inspector and another must take part")
    sure(sorted(reveals) == sorted(roles), "reveals do not fit the parties")
    for p in head["parties"]:
        promised = H(alg, "commit", draw_id, p["role"], p["id"], root, reveals[p["role"]])
        sure(p["commit"] == promised, p["role"] + " did not show the secret that was promised")
    sure(t["header_hash"] == H(alg, "header", canon(head)), "header_hash does not fit the header")
    sure(bool((head.get("public") or {}).get("source")) == (value != ""), "public value missing, or not announced")
    seed, group = H(alg, "seed", t["header_hash"], *[reveals[r] for r in roles], value), {m["h"]: m["g"] for m in pool}
    seats, gone = [], set()
    def lowest(s):
        taken = gone | {group[h] for _, h in seats if h and h not in gone}
        free = [m["h"] for m in pool if s in m["s"] and not taken & {m["h"], m["g"]}]
        return min(free, key=lambda h: H(alg, "ticket", seed, s, h), default="")
    for s in [s for s, n in head["need"] for _ in range(n)]:
        seats.append([s, lowest(s)])
        sure(seats[-1][1], "the pool is too small for " + s)
    for skip in t["skips"]:  # exactly this seat passes on; vacant where nobody is left
        seat = next((each for each in seats if each[1] == skip["h"] != ""), None)
        sure(seat and skip["why"] and len(set(skip["by"])) == 2, "a stand-down without seat, reason or two signatures")
        gone.add(skip["h"])
        seat[1] = lowest(seat[0])
    sure(t["panel"] == seats, "the panel is not what the tickets say")
    told = {key: t[key] for key in ("header_hash", "reveals", "public_value", "skips", "panel")}
    sure(t["record_hash"] == H(alg, "record", canon(told)), "record_hash does not fit the record")
    sure("opened" not in t or sorted(who) == codes, "the opened names do not fit the pool")
    for h, (code, employer, salt) in who.items():
        sure(h == H(alg, "member", draw_id, code, employer, salt), "wrong name behind " + h)
        sure(group.get(h) in (None, H(alg, "group", draw_id, employer, opened["salt"])), "wrong employer: " + code)
        sure(employer in ("person:" + code, employer.replace("person:", "")), "employed by another person: " + code)
    names = sorted(code for code, _, _ in who.values())
    sure(len(names) == len(set(names)), "somebody is listed twice")
    sure(None in (directory, t.get("opened")) or sorted(directory) == names, "not exactly the experts in term are listed")
    return [[s, h, who[h][0] if h in who else ""] for s, h in seats]
if __name__ == "__main__":
    try:
        told = verify(*[json.load(open(name, encoding="utf-8")) for name in sys.argv[1:3]])
        print("OK", "; ".join(" ".join(filter(None, seat)) for seat in told))
    except Exception as wrong: sys.exit(print("wrong: %r" % wrong) or 1)
