"""Nobody stands on both sides of a matter, and nobody acts on his own (all through the Measures)."""

from expertteam.verify.invariant import Invariant

APART = {  # table -> what names the record, and columns of people of whom no two are one
    "services_choice": ("id", "proposed_by_id inspector_id approved_by_id"),
    "evaluations_refusal": ("number", "opened_by_id judged_by_id"),
    "evaluations_strike": ("number", "found_by_id reviewed_by_id"),
    "evaluations_ratingcase": ("number", "called_by_id found_by_id flag_seen_by_id"),
    "evaluations_dismissal": ("number", "handler_id weighed_by_id decided_by_id origin_seen_by_id"),
    "evaluations_assessment": ("id", "released_by_id decided_by_id"),
    "evaluations_honour": ("number", "nominated_by_id decided_by_id"),
    "recruitment_formerimport": ("number", "read_by_id taken_by_id"),
    "payments_rateschedule": ("id", "drafted_by_id confirmed_by_id"),
    "payments_correction": ("id", "proposed_by_id signed_by_id"),
    "payments_bankaccount": ("id", "entered_by_id confirmed_by_id"),
    "payments_batch": ("number", "made_by_id checked_by_id released_by_id"),
    "expertteam_accountchange": ("id", "proposed_by_id confirmed_by_id"),
}
OWN = {  # table with an expert -> what names the record, and columns of people who are not that expert
    "evaluations_refusal": ("number", "opened_by_id asked_by_id judged_by_id"),
    "evaluations_strike": ("number", "found_by_id reviewed_by_id"),
    "evaluations_dismissal": ("number", "handler_id weighed_by_id decided_by_id origin_seen_by_id"),
    "evaluations_assessment": ("id", "released_by_id decided_by_id"),
    "evaluations_honour": ("number", "nominated_by_id decided_by_id revoked_by_id"),
    "evaluations_merit": ("id", "by_id"),
    "evaluations_talk": ("id", "by_id"),
    "experts_appointment": ("number", "decided_by_id"),
    "payments_claim": ("id", "agreed_by_id"),
    "payments_payee": ("id", "consented_by_id"),
    "payments_bankaccount": ("id", "confirmed_by_id"),
    "services_offer": ("id", "offered_by_id"),
    "services_pairing": ("number", "proposed_by_id"),
    "services_seat": ("id", "passed_by_id stood_down_by_id"),
}
MATCHED = """EXISTS (SELECT 1 FROM services_offer o WHERE o.request_id = v.request_id AND o.offered_by_id = {who})
    OR EXISTS (SELECT 1 FROM services_pairing p WHERE p.id = v.pairing_id AND p.proposed_by_id = {who})"""
ACTED = """(SELECT h.history_user_id FROM {history} h WHERE h.id = t.id AND h.state = '{state}'
    ORDER BY h.history_id LIMIT 1)"""


def same_people() -> str:
    """The statement that finds records of ``APART`` with one person twice."""
    return " UNION ALL ".join(
        f"SELECT '{table} ' || CAST({key} AS TEXT) FROM {table} WHERE {' OR '.join(pairs(people.split()))}"
        for table, (key, people) in APART.items()
    )


def pairs(people: list[str]) -> list[str]:
    return [f"{one} = {other}" for place, one in enumerate(people) for other in people[place + 1 :]]


def own_people() -> str:
    """The statement that finds records of ``OWN`` with the expert among those who acted on them."""
    return " UNION ALL ".join(
        f"SELECT '{table} ' || CAST(t.{key} AS TEXT) FROM {table} t JOIN experts_expert e ON e.id = t.expert_id "
        f"WHERE e.user_id IN ({', '.join(f't.{person}' for person in people.split())})"
        for table, (key, people) in OWN.items()
    )


INVARIANTS = [
    Invariant("I26.apart", "12", "提出、经办、复核、决定一件事的不是同一个人", same_people()),
    Invariant("I26.own", "12", "没有人办理与本人有关的事", own_people()),
    Invariant(
        "I26.moves", "11", "历史里没有申请人核验自己的材料、审核自己的申请，没有专家核定自己的服务",
        """SELECT 'recruitment.document ' || CAST(h.id AS TEXT) FROM recruitment_historicaldocument h
              JOIN recruitment_application p ON p.id = h.application_id
              WHERE h.state IN ('verified', 'rejected') AND h.history_user_id = p.applicant_id
                AND h.replaced_at IS NULL
            UNION SELECT 'services.service ' || CAST(h.id AS TEXT) FROM services_historicalservice h
              JOIN experts_expert e ON e.id = h.expert_id
              WHERE h.state IN ('verified', 'ruled', 'rejected') AND h.history_user_id = e.user_id
            UNION SELECT 'recruitment.application ' || CAST(h.id AS TEXT) FROM recruitment_historicalapplication h
              WHERE h.state IN ('recommended', 'approved', 'on_notice', 'appointed')
                AND h.history_user_id = h.applicant_id""",
    ),
    Invariant(
        "I26.finding", "12(2)", "认定差评、认定推诿的人没有匹配过那次服务，也没有回访、登记过",
        f"""SELECT c.number FROM evaluations_ratingcase c JOIN evaluations_rating g ON g.id = c.rating_id
              JOIN services_service v ON v.id = g.service_id
              WHERE c.found_by_id IS NOT NULL AND ({MATCHED.format(who="c.found_by_id")})
            UNION SELECT r.number FROM evaluations_refusal r LEFT JOIN services_offer o ON o.id = r.offer_id
              WHERE r.judged_by_id IN (r.asked_by_id, o.offered_by_id)""",
    ),
    Invariant(
        "I26.dismissal", "12", "提出解聘、认定计次、匹配过所涉服务的人没有复核或决定解聘",
        """SELECT d.number FROM evaluations_dismissal d WHERE d.opened_by_id IN (d.weighed_by_id, d.decided_by_id)
            UNION SELECT d.number FROM evaluations_dismissal d
              JOIN evaluations_dismissal_strikes m ON m.dismissal_id = d.id
              JOIN evaluations_strike s ON s.id = m.strike_id LEFT JOIN services_service v ON v.id = s.service_id
              LEFT JOIN evaluations_refusal r ON r.id = s.refusal_id
              LEFT JOIN services_offer o ON o.id = r.offer_id OR o.request_id = v.request_id
              LEFT JOIN services_pairing p ON p.id = v.pairing_id
              WHERE s.found_by_id = d.decided_by_id OR o.offered_by_id IN (d.weighed_by_id, d.decided_by_id)
                OR p.proposed_by_id IN (d.weighed_by_id, d.decided_by_id)""",
    ),
    Invariant(
        "I26.objection", "11", "异议由核实人以外的人认定",
        f"""SELECT t.receipt FROM recruitment_objection t WHERE t.state IN ('decided', 'answered') AND (
            {ACTED.format(history="recruitment_historicalobjection", state="decided")} IS NULL
            OR {ACTED.format(history="recruitment_historicalobjection", state="decided")} IN (
              {ACTED.format(history="recruitment_historicalobjection", state="examining")},
              {ACTED.format(history="recruitment_historicalobjection", state="examined")}))""",
    ),
    Invariant(
        "I26.draw", "10(4)", "抽取的经办、纪检和批准人与参评项目无关，也不是评委",
        """SELECT d.draw_id FROM services_draw d JOIN expertteam_user u ON u.id IN (d.operator_id, d.inspector_id)
              JOIN services_reviewproject p ON p.panel_id = d.panel_id JOIN services_party y ON y.project_id = p.id
              WHERE y.phone_index = u.phone_index
            UNION SELECT d.draw_id FROM services_draw d JOIN services_seat s ON s.draw_id = d.id
              JOIN experts_expert e ON e.id = s.expert_id WHERE e.user_id IN (d.operator_id, d.inspector_id)
            UNION SELECT p.number FROM services_choice c JOIN services_reviewpanel p ON p.id = c.panel_id
              JOIN services_chosenexpert n ON n.choice_id = c.id JOIN experts_expert e ON e.id = n.expert_id
              WHERE e.user_id IN (c.proposed_by_id, c.inspector_id, c.approved_by_id)""",
    ),
    Invariant(
        "I26.roles", "12", "岗位由一人提出、另一人确认，都不是本人；直接设立的只在没有人担任过这个岗位时",
        """SELECT h.id FROM expertteam_historicalrolegrant h WHERE h.state = 'active' AND (
            (h.history_type <> '+' AND (h.history_user_id IS NULL OR h.history_user_id IN (h.proposed_by_id, h.user_id)
              OR h.proposed_by_id = h.user_id))
            OR (h.history_type = '+' AND EXISTS (SELECT 1 FROM expertteam_historicalrolegrant x
              WHERE x.role = h.role AND x.history_id < h.history_id)))""",
    ),
]  # fmt: skip
