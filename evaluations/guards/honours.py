"""What the database itself refuses about honours (Article 10(1))."""

from expertteam.guards import Guard

AGAINST = """(EXISTS (SELECT 1 FROM evaluations_dismissal d WHERE d.expert_id = NEW.expert_id
        AND (d.state NOT IN ('dismissed', 'kept', 'dropped') OR (d.state = 'dismissed' AND d.ground <> '12(1)')))
    OR EXISTS (SELECT 1 FROM evaluations_strike s WHERE s.expert_id = NEW.expert_id
        AND s.state IN ('standing', 'maintained') AND CAST(s.day AS TEXT) LIKE NEW.year || '-%'))"""
Guard(
    "art10_1_nobody_is_nominated_beside_a_case",
    table="evaluations_honour",
    on=["INSERT"],
    refuse=f"NEW.state IN ('nominated', 'conferred') AND {AGAINST}",
)
Guard(
    "art10_1_nobody_is_honoured_beside_a_case",
    table="evaluations_honour",
    on=["UPDATE"],
    refuse=f"OLD.state <> 'conferred' AND NEW.state = 'conferred' AND {AGAINST}",
)
Guard(
    "art10_1_honour_is_decided_once",
    table="evaluations_honour",
    on=["UPDATE"],
    refuse="""NEW.expert_id <> OLD.expert_id OR NEW.year <> OLD.year OR NEW.kind <> OLD.kind
        OR NEW.criteria <> OLD.criteria OR NEW.deeds <> OLD.deeds OR NEW.nominated_by_id <> OLD.nominated_by_id
        OR (OLD.state = 'nominated' AND NEW.state = 'revoked')
        OR (OLD.state <> 'nominated' AND (NEW.approval <> OLD.approval OR NEW.decision <> OLD.decision
            OR NEW.decided_by_id <> OLD.decided_by_id))
        OR (OLD.state = 'conferred' AND NEW.state NOT IN ('conferred', 'revoked'))
        OR (OLD.state IN ('refused', 'revoked') AND NEW.state <> OLD.state)""",
)
