"""That nothing moved, appeared or went without leaving a trace (all through the Measures)."""

from collections.abc import Iterator

from expertteam.verify.invariant import Invariant
from expertteam.verify.rows import CIPHER, ask, clear, historical, schema, tracked

BROUGHT = {"services_scoretemplate": "1 = 1", "payments_rateschedule": "t.supersedes_id IS NULL"}  # by a migration
COURSES = {  # table -> for a state, the states that every record in it has gone through, each left by somebody
    "recruitment_application": {
        "appointed": "submitted recommended approved on_notice appointed",
        "on_notice": "submitted recommended approved on_notice",
    },
    "recruitment_notice": {"published": "published", "annulled": "published annulled"},
    "recruitment_objection": {
        "decided": "examining examined decided",
        "answered": "examining examined decided answered",
    },
    "recruitment_formerimport": {"taken": "taken", "undone": "taken undone"},
    "evaluations_strike": {"maintained": "appealed maintained", "reversed": "appealed reversed"},
    "evaluations_honour": {"conferred": "conferred", "revoked": "conferred revoked"},
    "services_reviewpanel": {"published": "selecting open signing concluded published"},
    "services_draw": {"drawn": "fixed drawn", "opened": "fixed drawn opened", "aborted": "aborted"},
    "services_choice": {"approved": "supported approved"},
    "payments_batch": {
        "released": "submitted approved released",
        "settled": "submitted approved released settled",
    },
    "payments_bankaccount": {"confirmed": "confirmed"},
    "payments_correction": {"signed": "signed"},
    "payments_bankreturn": {"applied": "applied"},
    "expertteam_rolegrant": {"revoked": "revoked"},
    "experts_partnerkey": {"revoked": "revoked"},
    "expertteam_accountchange": {"cooling": "cooling"},
}
SERIES = {  # letters a number begins with -> the counter, the table
    "YY": ("request", "services_servicerequest"),
    "HD": ("activity", "services_activity"),
    "JD": ("pairing", "services_pairing"),
    "BC": ("batch", "payments_batch"),
    "HP": ("bankreturn", "payments_bankreturn"),
    "PJ": ("rating-case", "evaluations_ratingcase"),
    "BZ": ("honour", "evaluations_honour"),
    "JC": ("strike", "evaluations_strike"),
    "JP": ("dismissal", "evaluations_dismissal"),
    "BL": ("refusal", "evaluations_refusal"),
    "DR": ("formerimport", "recruitment_formerimport"),
    "SQ": ("application", "recruitment_application"),
    "PS-": ("panel", "services_reviewpanel"),
}
KEPT = [  # records of which none is ever taken away
    "experts_appointment", "experts_disclosure", "recruitment_notice", "recruitment_objection", "services_servicerequest",
    "services_offer", "services_draw", "services_seat", "services_scoresheet", "services_reviewpanel",
    "evaluations_rating", "evaluations_ratingcase", "evaluations_report", "evaluations_refusal", "evaluations_strike",
    "evaluations_dismissal", "evaluations_plea", "evaluations_honour", "evaluations_assessment", "payments_batch",
    "payments_bankaccount", "payments_correction", "payments_bankreturn", "expertteam_rolegrant", "expertteam_user",
    "experts_partner", "experts_partnerkey", "recruitment_formerimport",
    "expertteam_accountchange",
]  # fmt: skip
UNDONE = {  # of these, what an import that was undone had brought in
    "experts_appointment": """r.number = h.number AND h.basis = 'former' AND (
        EXISTS (SELECT 1 FROM experts_appointment a WHERE a.number = h.number) OR NOT EXISTS (
          SELECT 1 FROM recruitment_formerrow o JOIN recruitment_formerimport n ON n.id = o.source_id
          WHERE n.state = 'taken' AND o.outcome = 'new' AND o.number = h.number))""",
    "expertteam_user": "r.account_key = h.id AND r.new_account = TRUE",
}


def altered() -> Iterator[str]:
    """Records that are not what the last entry of their history says, in whatever field."""
    for table, history in tracked():
        shared = [each for each in schema()[table] if each in schema()[history] and each != "id"]
        both = ", ".join(f't."{each}", h."{each}"' for each in shared)
        differ = " OR ".join(f't."{each}" IS DISTINCT FROM h."{each}"' for each in shared)
        last = f"SELECT MAX(x.history_id) FROM {history} x GROUP BY x.id"
        pairs = f"FROM {table} t JOIN {history} h ON h.id = t.id WHERE h.history_id IN ({last})"
        for key, *values in ask(f"SELECT t.id, {both} {pairs} AND ({differ})"):
            if not all(map(same, values[::2], values[1::2])):
                yield f"{table} {key}"


def same(live, last) -> bool:
    """Equal, or the same text encrypted twice."""
    if live == last or not (isinstance(live, str) and isinstance(last, str)):
        return live == last
    return live.startswith(CIPHER) and last.startswith(CIPHER) and clear(live) == clear(last) is not None


def untraced() -> Iterator[str]:
    """Records without a history, or whose history does not begin with their beginning."""
    for table, history in tracked():
        first = f"SELECT h.history_type FROM {history} h WHERE h.id = t.id ORDER BY h.history_id LIMIT 1"
        brought = BROUGHT.get(table, "1 = 0")
        without = f"SELECT t.id FROM {table} t WHERE NOT ({brought}) AND COALESCE(({first}), '') <> '+'"
        yield from (f"{table} {key}" for (key,) in ask(without))


def gone() -> Iterator[str]:
    """Records that are there no more and whose history does not say so; of some kinds, any that is there no more."""
    for table, history in tracked():
        said = f"EXISTS (SELECT 1 FROM {history} x WHERE x.id = h.id AND x.history_type = '-')"
        if table in UNDONE:
            said += f""" AND EXISTS (SELECT 1 FROM recruitment_formerrow r JOIN recruitment_formerimport i
                ON i.id = r.source_id WHERE i.state = 'undone' AND {UNDONE[table]})"""
        elif table in KEPT:
            said = "1 = 0"
        lost = f"SELECT h.id FROM {history} h LEFT JOIN {table} t ON t.id = h.id WHERE t.id IS NULL AND NOT ({said})"
        yield from (f"{table} {key}" for (key,) in ask(lost))


def skipped() -> str:
    """The statement that finds records whose history lacks a state they must have gone through, or who took them there."""
    return " UNION ALL ".join(
        f"""SELECT '{table} ' || CAST(t.id AS TEXT) FROM {table} t WHERE t.state = '{state}' AND NOT EXISTS (
            SELECT 1 FROM {historical(table)} h WHERE h.id = t.id AND h.state = '{passed}' AND h.history_user_id IS NOT NULL)"""
        for table, courses in COURSES.items()
        for state, course in courses.items()
        for passed in course.split()
    )


def missing() -> Iterator[str]:
    """Series of which more numbers were given out than there are records."""
    counters = dict(ask("SELECT key, value FROM expertteam_counter"))
    for letters, (series, table) in SERIES.items():
        for key, given in counters.items():
            name, _, period = key.rpartition("-")
            if (
                name == series
                and ask(f"SELECT COUNT(*) FROM {table} WHERE number LIKE '{letters}{period}%'")[0][0] < given
            ):
                yield f"{table} {period}"


INVARIANTS = [
    Invariant("I27.last", "12", "每条记录的每一项都和最后一条历史一致", altered, sealed=True),
    Invariant("I27.trace", "12", "每条记录都有从头开始的历史", untraced),
    Invariant("I27.course", "12", "到了某一步的记录，历史里走过的每一步都有，都有人办理", skipped()),
    Invariant("I28.numbers", "12", "发出的每个编号都有记录在", missing),
    Invariant("I34.gone", "12", "没有记录无声消失，应当长期保存的一条不少", gone),
]
