"""Check a draw of experts without the bureau's server: python verify_draw.py transcript.json [directory.json]
Computes again (protocol draw/1) every fingerprint, promise, ticket, seat and stand-down; once names are opened also who is
behind each code and that exactly the experts of directory.json (a list of numbers) are listed.  Prints OK, or what is wrong."""
import hashlib, json, re, sys
HEX, SALT, WORD, TEXT, TIME = "[0-9a-f]{64}", "[0-9a-f]{32}", "[a-z0-9_-]+", "[^\ud800-\udfff]+", "[0-9-]{10}T[0-9:]{8}[+]08:00"
WHY, ROLE = "employer|mentor|relative|investor|declared|suspended|leave|cap|busy", "operator|inspector|witness"
HEADER = {"v": "draw/1", "hash": "sha256|sm3", "draw_id": TEXT, "frozen_at": TIME, "need": [(WORD, 1)], "public": any,
          "pool": [{"h": HEX, "s": [WORD], "g": HEX}], "pool_root": HEX, "excluded": [{"h": HEX, "why": WHY}],
          "parties": [{"role": ROLE, "id": TEXT, "commit": HEX}]}
FORM = {"header": HEADER, "header_hash": HEX, "reveals": any, "public_value": "|" + TEXT, "panel": [(WORD, "|" + HEX)],
        "skips": [{"h": HEX, "why": TEXT, "by": (TEXT, TEXT), "at": TIME}], "record_hash": HEX}
def sure(holds, wrong):
    if not holds: raise ValueError(wrong)
def fits(x, form, at):  # form: a pattern for text; 1 a number from 1; {key: form} these keys; [form] any number; (form, form)
    kind, form = list if type(form) is tuple else type(form), form * len(x) if type(form) is type(x) is list else form
    right = type(x) is kind and (kind is not str or re.fullmatch(form, x)) and (kind is not int or x > 0)
    keys = dict.keys if kind is dict else lambda c: range(len(c)) if kind is list else ()
    sure(form is any or right and keys(x) == keys(form), at + " is not as draw/1 writes it")
    for key in keys(form): fits(x[key], form[key], "%s.%s" % (at, key))
def canon(x): return json.dumps(x, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
def verify(t, *directory):  # [stratum, h or "" where vacant, number once opened] of every seat; ValueError where wrong
    fits(t, dict(FORM, opened={"salt": SALT, "who": any}) if type(t) is dict and "opened" in t else FORM, "transcript")
    head, reveals, value, who = t["header"], t["reveals"], t["public_value"], t["opened"]["who"] if "opened" in t else {}
    draw_id, root, pool, need, parties = map(head.get, ("draw_id", "pool_root", "pool", "need", "parties"))
    out, group = [m["h"] for m in head["excluded"]], {m["h"]: m["g"] for m in pool}
    H = lambda *p: hashlib.new(head["hash"], b"".join(len(x).to_bytes(4, "big") + x for x in map(str.encode, p))).hexdigest()
    sure([m["h"] for m in pool] + out == sorted(group) + sorted({*out} - {*group}), "pool or exclusions not in order, or a member twice")
    sure(all(s == sorted({*s}) for s in [m["s"] for m in pool] + [sorted(s for s, _ in need)]), "strata not in order, or one twice")
    sure(root == H("pool", canon(pool)), "pool_root does not fit the pool")
    fits(reveals, {p["role"]: TEXT for p in parties}, "reveals")
    sure({*reveals} >= {"operator", "inspector"} and len({p["id"] for p in parties}) == len(reveals) == len(parties), "a party missing or twice")
    for p in parties:
        sure(p["commit"] == H("commit", draw_id, p["role"], p["id"], root, reveals[p["role"]]), p["role"] + " did not show what was promised")
    sure(t["header_hash"] == H("header", canon(head)), "header_hash does not fit the header")
    fits(head["public"], {"source": TEXT, "issue": TEXT, "due": TIME} if value else None, "the announcement of public_value")
    seats, gone, seed = [], {""}, H("seed", t["header_hash"], *[reveals[p["role"]] for p in parties], value)
    def lowest(s):  # of those who have not stood down and share no employer with the other seats
        taken = gone | {group[h] for _, h in seats if h not in gone}
        return min(([H("ticket", seed, s, m["h"]), m["h"]] for m in pool if s in m["s"] and not taken & {m["h"], m["g"]}), default=[""])[-1]
    for s in (s for s, n in need for _ in range(n)): seats.append([s, lowest(s) or sure(False, "the pool is too small for " + s)])
    for skip in t["skips"]:  # exactly this seat passes on; vacant where nobody is left
        sure(skip["h"] in [h for _, h in seats] and len({*skip["by"]}) == 2, "a stand-down without a seat or two signatures")
        gone.add(skip["h"])
        seats = [[s, lowest(s) if h == skip["h"] else h] for s, h in seats]
    sure(t["panel"] == seats, "the panel is not what the tickets say")
    sure(t["record_hash"] == H("record", canon({key: t[key] for key in [*FORM][1:-1]})), "record_hash does not fit the record")
    fits(who, dict.fromkeys([*group, *out] if "opened" in t else [], ("[!-~]+", TEXT, SALT)), "opened.who")
    codes = sorted(code for code, _, _ in who.values())
    for h, (code, employer, salt) in who.items():
        sure(h == H("member", draw_id, code, employer, salt), "wrong name behind " + h)
        sure(group.get(h) in (None, H("group", draw_id, employer, t["opened"]["salt"])), "wrong employer of " + code)
        sure(employer == "person:" + code or employer[:7] != "person:", code + " has another person as employer")
    sure(len({*codes}) == len(codes), "somebody is listed twice")
    for listed in directory: sure(fits(listed, [TEXT], "directory") or sorted(listed) == codes, "not exactly the experts in term are listed")
    return [[s, h, who[h][0] if h in who else ""] for s, h in seats]
def once(pairs): return sure(len(dict(pairs)) == len(pairs), "a key is written twice") or dict(pairs)
if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace"); sys.excepthook = lambda kind, wrong, trace: print("wrong:", wrong)
    told = verify(*[json.load(open(name, encoding="utf-8"), object_pairs_hook=once) for name in sys.argv[1:3] or ["transcript.json"]])
    print("OK", "; ".join(" ".join([s, h or "vacant", code]).strip() for s, h, code in told))
