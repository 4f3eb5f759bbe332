"""What the database itself refuses about the ledger (Articles 12(2) and 12(3))."""

from expertteam.guards import Guard, append_only

# 计次台账: an entry stands on a finding about this very expert, and what it says never changes.
Guard(
    "art12_strike_rests_on_its_finding",
    table="evaluations_strike",
    on=["INSERT"],
    refuse="""NOT (
        (NEW.ground = '12(2)' AND EXISTS (
            SELECT 1 FROM evaluations_ratingcase c JOIN evaluations_rating r ON r.id = c.rating_id
            WHERE c.id = NEW.case_id AND c.finding = 'upheld_attitude' AND c.found_by_id = NEW.found_by_id
              AND r.expert_id = NEW.expert_id AND r.service_id = NEW.service_id))
        OR (NEW.ground = '12(3)' AND EXISTS (
            SELECT 1 FROM evaluations_refusal f
            WHERE f.id = NEW.refusal_id AND f.finding = 'no_reason' AND f.judged_by_id = NEW.found_by_id
              AND f.expert_id = NEW.expert_id AND f.day = NEW.day)))
        OR NOT EXISTS (SELECT 1 FROM experts_appointment a WHERE a.id = NEW.appointment_id
            AND a.expert_id = NEW.expert_id AND a.first_day <= NEW.day AND a.last_day >= NEW.day)""",
)
Guard(
    "art12_strike_never_changes_but_by_appeal",
    table="evaluations_strike",
    on=["UPDATE"],
    refuse="""NEW.ground <> OLD.ground OR NEW.expert_id <> OLD.expert_id OR NEW.day <> OLD.day
        OR NEW.appointment_id <> OLD.appointment_id OR NEW.found_by_id <> OLD.found_by_id
        OR COALESCE(NEW.service_id, 0) <> COALESCE(OLD.service_id, 0)
        OR COALESCE(NEW.case_id, 0) <> COALESCE(OLD.case_id, 0)
        OR COALESCE(NEW.refusal_id, 0) <> COALESCE(OLD.refusal_id, 0)
        OR (NEW.state <> OLD.state AND NOT (
            (OLD.state = 'standing' AND NEW.state = 'appealed' AND NEW.appeal_words <> '')
            OR (OLD.state = 'appealed' AND NEW.state IN ('maintained', 'reversed') AND NEW.answer <> '')))""",
)
Guard("art12_strike_is_never_deleted", table="evaluations_strike", on=["DELETE"], refuse="1 = 1")
Guard(
    "art12_3_judged_once_and_with_reasons",
    table="evaluations_refusal",
    on=["UPDATE"],
    refuse="""(NEW.finding <> '' AND NEW.reasons = '')
        OR (OLD.finding <> '' AND (NEW.finding <> OLD.finding OR NEW.judged_by_id <> OLD.judged_by_id))
        OR NEW.expert_id <> OLD.expert_id OR NEW.day <> OLD.day OR NEW.kind <> OLD.kind
        OR (OLD.finding = '' AND NEW.finding <> '' AND EXISTS (SELECT 1 FROM services_offer o
            WHERE o.id = NEW.offer_id AND o.offered_by_id = NEW.judged_by_id))""",
)
append_only("evaluations_talk")
Guard(
    "art12_3_not_judged_by_whoever_arranged_it",
    table="evaluations_refusal",
    on=["INSERT"],
    refuse="""NEW.finding <> '' AND EXISTS (SELECT 1 FROM services_offer o
        WHERE o.id = NEW.offer_id AND o.offered_by_id = NEW.judged_by_id)""",
)
