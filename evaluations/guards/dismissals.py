"""What the database itself refuses about dismissals, and about terms that end early (Article 12)."""

from expertteam.guards import Guard, append_only

append_only("evaluations_delivery")
append_only("evaluations_dismissalfile")
# 解聘: step by step, and no step without what it takes.
STEPS = {
    "proposed": "examining weighed dropped",
    "examining": "notice_issued dropped",
    "notice_issued": "told dropped",
    "told": "hearing_asked heard dropped",
    "hearing_asked": "hearing_set dropped",
    "hearing_set": "heard dropped",
    "heard": "weighed dropped",
    "weighed": "heard confirmed kept dropped",
    "confirmed": "dismissed dropped",
}
LAWFUL = " OR ".join(
    f"(OLD.state = '{begins}' AND NEW.state IN ({', '.join(repr(each) for each in ends.split())}))"
    for begins, ends in STEPS.items()
)
SERVED = "EXISTS (SELECT 1 FROM evaluations_delivery d WHERE d.dismissal_id = NEW.id AND d.paper = '{}')"
OWN = "(NEW.ground = '12(1)' AND NEW.waives)"
Guard(
    "art12_case_begins_as_a_proposal",
    table="evaluations_dismissal",
    on=["INSERT"],
    refuse="""NEW.state <> 'proposed' OR (NEW.ground = '12(1)' AND (NEW.clue = '' OR NOT EXISTS (
        SELECT 1 FROM experts_expert e WHERE e.id = NEW.expert_id AND e.user_id = NEW.opened_by_id)))""",
)
Guard(
    "art12_2_a_paper_is_served_once_it_is_made",
    table="evaluations_delivery",
    on=["INSERT"],
    refuse="""NOT EXISTS (SELECT 1 FROM evaluations_dismissal d WHERE d.id = NEW.dismissal_id AND (
        (NEW.paper = 'notice' AND d.state = 'notice_issued') OR (NEW.paper = 'decision' AND d.state = 'confirmed')))""",
)
# A case of the ledger rests on entries of this very expert and ground; with the notice they are what he was told of.
OPEN_TO_ENTRIES = """EXISTS (SELECT 1 FROM evaluations_dismissal d JOIN evaluations_strike s ON s.id = {row}.strike_id
    WHERE d.id = {row}.dismissal_id AND d.state IN ('proposed', 'examining') AND s.expert_id = d.expert_id
      AND s.ground = d.ground)"""
Guard(
    "art12_2_a_case_rests_on_what_he_was_told_of",
    table="evaluations_dismissal_strikes",
    on=["INSERT", "UPDATE"],
    refuse=f"NOT {OPEN_TO_ENTRIES.format(row='NEW')}",
)
Guard(
    "art12_2_what_he_was_told_of_stays",
    table="evaluations_dismissal_strikes",
    on=["UPDATE", "DELETE"],
    refuse=f"NOT {OPEN_TO_ENTRIES.format(row='OLD')}",
)
Guard(
    "art12_2_no_step_is_left_out",
    table="evaluations_dismissal",
    on=["UPDATE"],
    refuse=f"""(NEW.state <> OLD.state AND NOT ({LAWFUL}))
        OR (OLD.state = 'proposed' AND NEW.state = 'weighed' AND NOT {OWN})
        OR (NEW.state = 'notice_issued' AND OLD.state <> 'notice_issued' AND (NEW.facts = '' OR NEW.reasons = ''))
        OR (NEW.state = 'told' AND OLD.state <> 'told' AND NOT {SERVED.format("notice")})
        OR (NEW.state = 'heard' AND OLD.state <> 'heard' AND (NEW.heard_on < NEW.told_on
            OR (NEW.heard_how IN ('hearing', 'missed') AND NEW.hearing_record = '')
            OR (NEW.heard_how = 'statement' AND NOT EXISTS (
                SELECT 1 FROM evaluations_plea p WHERE p.dismissal_id = NEW.id))))
        OR (NEW.state = 'weighed' AND OLD.state <> 'weighed' AND NOT {OWN} AND (NEW.opinion = '' OR EXISTS (
            SELECT 1 FROM evaluations_plea p WHERE p.dismissal_id = NEW.id AND p.answer = '')))
        OR (NEW.state IN ('confirmed', 'kept') AND OLD.state = 'weighed' AND NEW.decision = '')
        OR (NEW.state = 'dismissed' AND OLD.state <> 'dismissed' AND NOT {SERVED.format("decision")})
        OR (NEW.state = 'dropped' AND OLD.state <> 'dropped' AND NEW.drop_reason = '' AND NOT NEW.ground = '12(1)')""",
)
Guard(
    "art12_case_keeps_what_it_is_about",
    table="evaluations_dismissal",
    on=["UPDATE"],
    refuse="""NEW.expert_id <> OLD.expert_id OR NEW.appointment_id <> OLD.appointment_id OR NEW.ground <> OLD.ground
        OR NEW.waives <> OLD.waives OR NEW.opened_at <> OLD.opened_at
        OR COALESCE(NEW.opened_by_id, 0) <> COALESCE(OLD.opened_by_id, 0)
        OR COALESCE(NEW.report_id, 0) <> COALESCE(OLD.report_id, 0)
        OR (OLD.notice_number <> '' AND (NEW.notice_number <> OLD.notice_number OR NEW.notice_issued_at IS NULL
            OR NEW.notice_issued_at <> OLD.notice_issued_at OR NEW.defence_days IS NULL
            OR NEW.defence_days <> OLD.defence_days))
        OR (OLD.told_on IS NOT NULL AND (NEW.told_on IS NULL OR NEW.told_on <> OLD.told_on))
        OR (OLD.defence_until IS NOT NULL AND (NEW.defence_until IS NULL OR NEW.defence_until < OLD.defence_until))
        OR (OLD.heard_how <> '' AND (NEW.heard_how <> OLD.heard_how OR NEW.heard_on IS NULL
            OR NEW.heard_on <> OLD.heard_on))
        OR (OLD.decided_by_id IS NOT NULL AND (NEW.decided_by_id IS NULL OR NEW.decided_by_id <> OLD.decided_by_id
            OR NEW.decided_at IS NULL OR NEW.decided_at <> OLD.decided_at))
        OR (OLD.decision_number <> '' AND NEW.decision_number <> OLD.decision_number)
        OR (OLD.flag <> '' AND NEW.flag = '')
        OR (OLD.state IN ('dismissed', 'kept', 'dropped') AND NEW.state <> OLD.state)
        OR (OLD.effective_on IS NOT NULL AND (NEW.effective_on IS NULL OR NEW.effective_on <> OLD.effective_on))""",
)
Guard("art12_case_is_never_deleted", table="evaluations_dismissal", on=["DELETE"], refuse="1 = 1")
Guard(
    "art12_2_what_he_said_is_not_rewritten",
    table="evaluations_plea",
    on=["UPDATE"],
    refuse="NEW.words <> OLD.words OR NEW.place <> OLD.place OR NEW.dismissal_id <> OLD.dismissal_id",
)
Guard("art12_2_what_he_said_is_never_deleted", table="evaluations_plea", on=["DELETE"], refuse="1 = 1")
# Article 12, the last door: no term ends early but by a served decision of that very day.
SERVED_DECISION = """EXISTS (SELECT 1 FROM evaluations_dismissal d
    WHERE d.expert_id = NEW.expert_id AND d.state = 'dismissed' AND d.effective_on = NEW.void_from)"""
Guard(
    "art12_no_term_ends_early_without_a_served_decision",
    table="experts_appointment",
    on=["UPDATE"],
    refuse=f"OLD.void_from IS NULL AND NEW.void_from IS NOT NULL AND NOT {SERVED_DECISION}",
)
Guard(
    "art12_no_term_begins_void",
    table="experts_appointment",
    on=["INSERT"],
    refuse=f"NEW.void_from IS NOT NULL AND NOT {SERVED_DECISION}",
)
