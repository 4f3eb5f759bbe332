"""What was published stays what it was: notices, objections, conditions of a draw (Articles 10(4) and 11)."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator

from expertteam.verify.invariant import Invariant
from expertteam.verify.rows import ask, instant
from expertteam.verify.selection import TAIYUAN

PRINTED = "position, name, employer, category, topics"
FIXED = [
    "draw_id",
    "panel_id",
    "profile",
    "algorithm",
    "operator_id",
    "frozen_at",
    "pool_root",
    "header",
    "header_hash",
]


def rewritten_notices() -> Iterator[str]:
    """Those whose title, text, rule, period and list do not give the fingerprint taken at their publication."""
    lists = defaultdict(list)
    for key, *row in ask(f"SELECT notice_id, {PRINTED} FROM recruitment_candidate ORDER BY notice_id, position"):
        lists[key].append(row)
    published = """SELECT id, title, statement, days, end_hour, begins_at, digest FROM recruitment_notice
        WHERE state IN ('published', 'annulled')"""
    for key, title, statement, days, hour, begins, digest in ask(published):
        frozen = [title, statement, days, hour, instant(begins).astimezone(TAIYUAN).isoformat(), lists[key]]
        if hashlib.sha256(json.dumps(frozen, ensure_ascii=False).encode()).hexdigest() != digest:
            yield key


INVARIANTS = [
    Invariant("I3.notice", "11", "公示的标题、说明、规则、期限和名单与发布时的摘要一致", rewritten_notices),
    Invariant(
        "I3.period", "11", "公示发布后的历史里，规则没有改过，截止没有提前",
        """SELECT DISTINCT n.id FROM recruitment_notice n JOIN recruitment_historicalnotice h ON h.id = n.id
            WHERE h.state IN ('published', 'annulled') AND (h.title <> n.title OR h.statement <> n.statement
              OR h.days <> n.days OR h.end_hour <> n.end_hour OR h.released_at <> n.released_at
              OR h.begins_at <> n.begins_at OR h.digest <> n.digest OR h.ends_at > n.ends_at)""",
    ),
    Invariant(
        "I3.objection", "11", "异议受理后，反映谁、哪份公示、何时收到、是否计入都没有改过",
        """SELECT DISTINCT o.receipt FROM recruitment_objection o
            JOIN recruitment_historicalobjection h ON h.id = o.id
            WHERE h.receipt <> o.receipt OR h.notice_id <> o.notice_id OR h.counts <> o.counts
              OR COALESCE(h.candidate_id, 0) <> COALESCE(o.candidate_id, 0) OR h.received_at <> o.received_at""",
    ),
    Invariant(
        "I3.draw", "10(4)", "抽取条件固定后没有改过",
        f"""SELECT DISTINCT d.draw_id FROM services_draw d JOIN services_historicaldraw h ON h.id = d.id
            WHERE h.state IN ('fixed', 'drawn', 'opened')
              AND ({" OR ".join(f"h.{each} <> d.{each}" for each in FIXED)})""",
    ),
]  # fmt: skip
