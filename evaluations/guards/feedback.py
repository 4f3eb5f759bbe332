"""What the database itself refuses about ratings, their cases and reports (Articles 10(1) and 12)."""

from expertteam.guards import Guard

Guard(
    "art10_1_rating_of_a_counted_service_with_a_client",
    table="evaluations_rating",
    on=["INSERT"],
    refuse="""NOT EXISTS (SELECT 1 FROM services_service s WHERE s.id = NEW.service_id AND s.activity_id IS NULL
        AND s.phone <> '' AND s.expert_id = NEW.expert_id AND s.state IN ('confirmed', 'verified', 'ruled'))""",
)
Guard(
    "art10_1_given_rating_is_not_taken_back",
    table="evaluations_rating",
    on=["UPDATE"],
    refuse="""NEW.service_id <> OLD.service_id OR NEW.expert_id <> OLD.expert_id
        OR (OLD.state = 'given' AND (NEW.state <> 'given' OR NEW.given_at <> OLD.given_at))
        OR (OLD.state = 'given' AND NEW.grade <> OLD.grade
            AND (NEW.changed_at IS NULL OR OLD.changed_at IS NOT NULL))""",
)
Guard(
    "art12_2_found_once_by_somebody_who_did_not_match",
    table="evaluations_ratingcase",
    on=["UPDATE"],
    refuse="""(NEW.finding <> '' AND NEW.reasons = '')
        OR (OLD.finding <> '' AND (NEW.finding <> OLD.finding OR NEW.found_by_id <> OLD.found_by_id))
        OR (OLD.finding = '' AND NEW.finding <> '' AND EXISTS (
            SELECT 1 FROM services_offer o JOIN services_service s ON s.request_id = o.request_id
            JOIN evaluations_rating r ON r.service_id = s.id
            WHERE r.id = NEW.rating_id AND o.offered_by_id = NEW.found_by_id))
        OR (OLD.finding = '' AND NEW.finding <> '' AND EXISTS (
            SELECT 1 FROM services_pairing p JOIN services_service s ON s.pairing_id = p.id
            JOIN evaluations_rating r ON r.service_id = s.id
            WHERE r.id = NEW.rating_id AND p.proposed_by_id = NEW.found_by_id))""",
)
Guard(
    "art12_2_cluster_is_looked_at_before_attitude",
    table="evaluations_ratingcase",
    on=["INSERT", "UPDATE"],
    refuse="""(NEW.flag <> '' AND NEW.finding = 'upheld_attitude' AND NEW.flag_seen_at IS NULL)
        OR (NEW.flag_genuine IS NOT NULL AND NOT NEW.flag_genuine
            AND NEW.finding NOT IN ('', 'not_upheld', 'mistaken', 'malicious', 'unverifiable'))
        OR (NEW.flag_seen_at IS NOT NULL AND NEW.flag_report = '')""",
)
Guard(
    "art12_2_flag_stays_and_is_looked_at_once",
    table="evaluations_ratingcase",
    on=["UPDATE"],
    refuse="""(OLD.flag <> '' AND NEW.flag = '') OR (OLD.flag_seen_at IS NOT NULL AND (NEW.flag_seen_at IS NULL
        OR NEW.flag_genuine IS NULL OR NEW.flag_genuine <> OLD.flag_genuine OR NEW.flag_seen_by_id <> OLD.flag_seen_by_id))""",
)
Guard(
    "art12_report_is_decided_once_and_with_reasons",
    table="evaluations_report",
    on=["UPDATE"],
    refuse="""(NEW.upheld IS NOT NULL AND NEW.report = '') OR (OLD.upheld IS NOT NULL
        AND (NEW.upheld IS NULL OR NEW.upheld <> OLD.upheld)) OR NEW.kind <> OLD.kind OR NEW.receipt <> OLD.receipt
        OR (NEW.why <> '' AND NEW.report = '') OR (OLD.why <> '' AND NEW.why <> OLD.why)""",
)
Guard(
    "art12_report_is_about_one_expert_who_keeps_his_word",
    table="evaluations_report",
    on=["UPDATE"],
    refuse="""(OLD.expert_id IS NOT NULL AND (NEW.expert_id IS NULL OR NEW.expert_id <> OLD.expert_id))
        OR (OLD.upheld IS NULL AND NEW.upheld IS NOT NULL AND NEW.upheld AND NEW.expert_id IS NULL)
        OR (OLD.responded_at IS NOT NULL AND (NEW.responded_at IS NULL OR NEW.responded_at <> OLD.responded_at))
        OR (NEW.responded_at IS NOT NULL AND NEW.statement = '')
        OR (OLD.asked_at IS NOT NULL AND (NEW.asked_at IS NULL OR NEW.statement_due <> OLD.statement_due))""",
)
Guard(
    "art12_2_not_found_by_whoever_matched",
    table="evaluations_ratingcase",
    on=["INSERT"],
    refuse="""NEW.finding <> '' AND EXISTS (
        SELECT 1 FROM services_offer o JOIN services_service s ON s.request_id = o.request_id
        JOIN evaluations_rating r ON r.service_id = s.id
        WHERE r.id = NEW.rating_id AND o.offered_by_id = NEW.found_by_id)""",
)
