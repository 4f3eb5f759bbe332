"""No record in a state that there is not, or without what its state stands for (all through the Measures)."""

from expertteam.verify.invariant import Invariant

STATES = {
    "expertteam_rolegrant": "proposed active revoked",
    "experts_partnerkey": "proposed active revoked",
    "expertteam_accountchange": "proposed cooling done stopped",
    "services_servicerequest": "submitted offered accepted arranged held confirmed rated unplaced cancelled client_absent",
    "services_activity": "draft open held closed cancelled",
    "services_activityrole": "invited accepted declined released served absent",
    "services_signup": "seated waiting cancelled attended absent",
    "services_scoresheet": "draft submitted",
    "services_reviewpanel": "draft selecting seated open signing concluded published cancelled",
    "services_draw": "frozen fixed drawn opened aborted",
    "services_offer": "offered accepted declined lapsed withdrawn stood_down absent client_absent done",
    "services_service": "draft logged confirmed queried unanswered verified ruled rejected",
    "services_pairing": "proposed active closed declined called_off",
    "services_choice": "proposed supported opposed approved refused",
    "services_seat": "called accepted declined passing stood_down present signed released",
    "services_recusalrequest": "received upheld dismissed",
    "services_halt": "standing lifted",
    "evaluations_assessment": "computed released contested settled",
    "evaluations_rating": "open given",
    "evaluations_ratingcase": "awaiting_call awaiting_statement awaiting_finding found rectifying closed",
    "evaluations_report": "received examining found dismissed shelved answered",
    "evaluations_refusal": "lead awaiting_reason awaiting_judgement judged set_aside",
    "evaluations_strike": "standing appealed maintained reversed",
    "evaluations_dismissal": "proposed examining notice_issued told hearing_asked hearing_set heard weighed confirmed "
    "dismissed kept dropped",
    "evaluations_honour": "nominated conferred refused revoked",
    "recruitment_application": "draft submitted returned recommended approved on_notice appointed declined withdrawn",
    "recruitment_document": "received verified rejected",
    "recruitment_notice": "draft published annulled discarded",
    "recruitment_formerimport": "checked taken aside undone",
    "recruitment_objection": "received lead examining examined decided answered filed",
    "payments_rateschedule": "draft provisional confirmed dropped",
    "payments_correction": "proposed signed refused",
    "payments_bankaccount": "entered confirmed refused disputed replaced",
    "payments_batch": "draft submitted approved released settled dissolved",
    "payments_bankreturn": "checked applied discarded",
}
LACKING = {  # table -> what no row of it may look like
    "services_servicerequest": [
        "state IN ('accepted', 'arranged', 'held', 'confirmed', 'rated') AND expert_id IS NULL",
        "state IN ('arranged', 'held', 'confirmed', 'rated') AND starts_at IS NULL",
        "channel IN ('phone', 'counter') AND taken_by_id IS NULL",
    ],
    "services_offer": ["state IN ('declined', 'stood_down') AND reason_kind = ''", "minutes < 1"],
    "services_service": [
        "state <> 'draft' AND (started_at IS NULL OR minutes IS NULL OR minutes < 1 OR logged_at IS NULL)",
        "state = 'confirmed' AND confirmed_via = ''",
        "state = 'ruled' AND ruled_minutes IS NULL",
    ],
    "services_draw": [
        "state IN ('fixed', 'drawn', 'opened') AND (inspector_id IS NULL OR fixed_at IS NULL OR header_hash = '')",
        "state IN ('drawn', 'opened') AND (drawn_at IS NULL OR record_hash = '')",
    ],
    "services_seat": [
        "state IN ('present', 'signed') AND signed_in_at IS NULL",
        "state = 'stood_down' AND (passed_by_id IS NULL OR stood_down_by_id IS NULL OR passed_by_id = stood_down_by_id)",
        "state = 'stood_down' AND (stood_down_at IS NULL OR stood_down_no IS NULL OR why = '')",
    ],
    "services_choice": [
        "state = 'approved' AND (inspector_id IS NULL OR approved_by_id IS NULL OR opinion = '' OR reason = '')"
    ],
    "evaluations_rating": ["(state = 'open') <> (grade IS NULL)", "grade NOT BETWEEN 1 AND 5"],
    "evaluations_ratingcase": [
        "state IN ('found', 'rectifying', 'closed') AND (finding = '' OR found_by_id IS NULL OR found_at IS NULL)"
    ],
    "evaluations_refusal": [
        "state = 'judged' AND (finding = '' OR judged_by_id IS NULL OR asked_at IS NULL)",
        "state = 'set_aside' AND aside = ''",
    ],
    "evaluations_strike": ["state IN ('maintained', 'reversed') AND (reviewed_by_id IS NULL OR appealed_at IS NULL)"],
    "evaluations_dismissal": [
        "(state = 'dismissed') <> (effective_on IS NOT NULL)",
        "state IN ('confirmed', 'dismissed', 'kept') AND (decided_by_id IS NULL OR decided_at IS NULL)",
        "state IN ('confirmed', 'dismissed') AND decision_number = ''",
    ],
    "recruitment_application": [
        "state NOT IN ('draft', 'withdrawn') AND (submitted_at IS NULL OR category IS NULL)",
        "(state = 'appointed') <> (appointment_id IS NOT NULL)",
    ],
    "recruitment_document": ["state = 'rejected' AND reason = ''"],
    "recruitment_notice": [
        "state IN ('published', 'annulled') AND (days IS NULL OR released_at IS NULL OR ends_at IS NULL OR digest = '')",
        "state = 'annulled' AND (annulled_at IS NULL OR annulled_reason = '')",
    ],
    "recruitment_formerimport": [
        "state IN ('taken', 'undone') AND (taken_by_id IS NULL OR taken_at IS NULL)",
        "state = 'undone' AND reason = ''",
    ],
    "recruitment_objection": [
        "state IN ('decided', 'answered') AND upheld IS NULL",
        "state IN ('lead', 'filed') AND counts = TRUE",
    ],
    "payments_bankaccount": [
        "state IN ('confirmed', 'replaced') AND (confirmed_by_id IS NULL OR usable_from IS NULL)",
        "usable_from <= confirmed_at",
    ],
    "payments_batch": [
        "state IN ('approved', 'released', 'settled') AND (checked_by_id IS NULL OR gross IS NULL OR paid_out IS NULL)",
        "state IN ('released', 'settled') AND (released_by_id IS NULL OR released_at IS NULL OR digest = '')",
    ],
    "payments_line": [
        "(reverses_id IS NOT NULL) <> (amount < 0) AND amount <> 0",
        "reverses_id IS NOT NULL AND live = TRUE",
    ],
    "payments_correction": ["(state = 'proposed') <> (signed_by_id IS NULL)"],
}


def quoted(states: str) -> str:
    return ", ".join(f"'{each}'" for each in states.split())


def unheard_of() -> str:
    """The statement that finds records in a state that there is not."""
    return " UNION ALL ".join(
        f"SELECT '{table} ' || CAST(id AS TEXT) FROM {table} WHERE state NOT IN ({quoted(states)})"
        for table, states in STATES.items()
    )


def lacking() -> str:
    """The statement that finds records without what their state stands for."""
    return " UNION ALL ".join(
        f"SELECT '{table} ' || CAST(id AS TEXT) FROM {table} WHERE {' OR '.join(f'({each})' for each in wrong)}"
        for table, wrong in LACKING.items()
    )


INVARIANTS = [
    Invariant("I31.states", "12", "每条记录都在一个确有的状态里", unheard_of()),
    Invariant("I31.fields", "12", "每条记录都有它的状态应有的内容", lacking()),
]
