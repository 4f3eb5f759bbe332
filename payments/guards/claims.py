"""What the database itself refuses about claims and their lines (Article 13)."""

from expertteam.guards import Guard

Guard(
    "art13_only_confirmed_work_is_paid",
    table="payments_claim",
    on=["INSERT"],
    refuse="""NOT (
        (NEW.service_id IS NOT NULL AND EXISTS (SELECT 1 FROM services_service s
            WHERE s.id = NEW.service_id AND s.expert_id = NEW.expert_id AND s.started_at = NEW.started_at
              AND COALESCE(s.ruled_minutes, s.minutes) = NEW.minutes AND NEW.outcome = 'completed'
              AND s.state IN ('confirmed', 'verified', 'ruled')))
        OR (NEW.seat_id IS NOT NULL AND NEW.outcome <> 'completed' AND EXISTS (SELECT 1 FROM services_seat t
            WHERE t.id = NEW.seat_id AND t.expert_id = NEW.expert_id AND t.signed_in_at IS NOT NULL
              AND t.state IN ('released', 'stood_down'))))""",
)
Guard(
    "art13_claim_never_changes",
    table="payments_claim",
    on=["UPDATE"],
    refuse="""NEW.kind <> OLD.kind OR NEW.expert_id <> OLD.expert_id OR NEW.day <> OLD.day
        OR NEW.minutes <> OLD.minutes OR NEW.activity <> OLD.activity OR NEW.income <> OLD.income
        OR NEW.outcome <> OLD.outcome OR NEW.started_at <> OLD.started_at
        OR COALESCE(NEW.service_id, 0) <> COALESCE(OLD.service_id, 0)
        OR COALESCE(NEW.seat_id, 0) <> COALESCE(OLD.seat_id, 0)
        OR (EXISTS (SELECT 1 FROM payments_line l WHERE l.claim_id = NEW.id)
            AND (COALESCE(NEW.agreed, 0) <> COALESCE(OLD.agreed, 0)
                OR COALESCE(NEW.agreed_by_id, 0) <> COALESCE(OLD.agreed_by_id, 0)))
        OR (OLD.why_not = 'voided' AND NEW.why_not <> 'voided')
        OR (NEW.why_not <> '' AND EXISTS (SELECT 1 FROM payments_line l WHERE l.claim_id = NEW.id AND l.live = TRUE))""",
)
Guard("art13_claim_is_never_deleted", table="payments_claim", on=["DELETE"], refuse="1 = 1")
IN_TERM = """EXISTS (SELECT 1 FROM payments_claim c JOIN experts_appointment a ON a.expert_id = c.expert_id
    WHERE c.id = NEW.claim_id AND a.first_day <= c.day AND a.last_day >= c.day
      AND (a.void_from IS NULL OR a.void_from > c.day))"""
Guard(
    "art3_only_work_in_term_is_paid",
    table="payments_line",
    on=["INSERT"],
    refuse=f"NEW.reverses_id IS NULL AND NEW.replaces_id IS NULL AND NOT {IN_TERM}",
)
Guard(
    "art13_price_is_of_the_schedule_of_its_day",
    table="payments_line",
    on=["INSERT"],
    refuse="""NOT EXISTS (SELECT 1 FROM payments_rate r JOIN payments_rateschedule s ON s.id = r.schedule_id
            JOIN payments_claim c ON c.id = NEW.claim_id
        WHERE r.id = NEW.rate_id AND s.id = NEW.schedule_id AND r.kind = c.activity AND r.amount IS NOT NULL
          AND s.state IN ('provisional', 'confirmed') AND s.effective_from <= c.day
          AND (NEW.reverses_id IS NOT NULL OR NEW.replaces_id IS NOT NULL OR NOT EXISTS (
              SELECT 1 FROM payments_rateschedule n WHERE n.scope = s.scope AND n.state IN ('provisional', 'confirmed')
                AND n.effective_from > s.effective_from AND n.effective_from <= c.day)))""",
)
Guard(
    "art13_a_claim_is_priced_once",
    table="payments_line",
    on=["INSERT"],
    refuse="""NEW.reverses_id IS NULL AND NEW.replaces_id IS NULL
        AND EXISTS (SELECT 1 FROM payments_line o WHERE o.claim_id = NEW.claim_id)""",
)
Guard(
    "art13_what_is_not_paid_has_no_line",
    table="payments_line",
    on=["INSERT"],
    refuse="""NEW.live = TRUE AND (SELECT c.why_not FROM payments_claim c WHERE c.id = NEW.claim_id) <> ''
        OR (NEW.reverses_id IS NULL AND NEW.replaces_id IS NULL AND EXISTS (
            SELECT 1 FROM payments_claim c JOIN experts_expert e ON e.id = c.expert_id
                JOIN expertteam_user u ON u.id = e.user_id WHERE c.id = NEW.claim_id AND u.is_staff = TRUE))""",
)
Guard(
    "art13_only_what_came_back_is_owed_again",
    table="payments_line",
    on=["INSERT"],
    refuse="""NEW.replaces_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM payments_line r WHERE r.reverses_id = NEW.replaces_id)
        AND NOT EXISTS (SELECT 1 FROM payments_line o JOIN payments_claim c ON c.id = o.claim_id
                JOIN payments_payout p
                    ON p.batch_id = o.batch_id AND p.expert_id = c.expert_id AND p.income = c.income
                JOIN payments_bankresult b ON b.payout_id = p.id
            WHERE o.id = NEW.replaces_id AND b.paid = FALSE AND o.amount = NEW.amount AND o.net = NEW.net
              AND COALESCE(o.reverses_id, 0) = COALESCE(NEW.reverses_id, 0))""",
)
Guard(
    "art13_reversal_takes_back_its_line",
    table="payments_line",
    on=["INSERT"],
    refuse="""NEW.batch_id IS NOT NULL OR (NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM payments_line o
        WHERE o.id = NEW.reverses_id AND o.claim_id = NEW.claim_id AND o.amount = -NEW.amount AND o.live = FALSE))
        OR (NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM payments_line o
            WHERE o.id = NEW.replaces_id AND o.claim_id = NEW.claim_id AND o.live = FALSE))""",
)
OPEN = "(SELECT b.state FROM payments_batch b WHERE b.id = {row}.batch_id) IN ('draft', 'submitted')"
PAID = "(SELECT b.state FROM payments_batch b WHERE b.id = {row}.batch_id) IN ('released', 'settled')"
Guard(
    "art13_line_never_changes",
    table="payments_line",
    on=["UPDATE"],
    refuse=f"""NEW.claim_id <> OLD.claim_id OR NEW.amount <> OLD.amount OR NEW.net <> OLD.net
        OR NEW.schedule_id <> OLD.schedule_id OR NEW.rate_id <> OLD.rate_id OR NEW.trace <> OLD.trace
        OR CAST(NEW.inputs AS TEXT) <> CAST(OLD.inputs AS TEXT) OR NEW.priced_at <> OLD.priced_at
        OR COALESCE(NEW.reverses_id, 0) <> COALESCE(OLD.reverses_id, 0)
        OR COALESCE(NEW.replaces_id, 0) <> COALESCE(OLD.replaces_id, 0)
        OR (NEW.live = TRUE AND OLD.live = FALSE)
        OR (NEW.live = FALSE AND OLD.live = TRUE AND OLD.batch_id IS NOT NULL
            AND NOT {PAID.format(row="OLD")})
        OR (COALESCE(NEW.batch_id, 0) <> COALESCE(OLD.batch_id, 0)
            AND ((OLD.batch_id IS NOT NULL AND NOT {OPEN.format(row="OLD")})
                OR (NEW.batch_id IS NOT NULL AND NOT {OPEN.format(row="NEW")})
                OR (OLD.batch_id IS NOT NULL AND NEW.batch_id IS NOT NULL)
                OR (NEW.batch_id IS NOT NULL AND NEW.live = FALSE AND NOT EXISTS (SELECT 1 FROM payments_line o
                    WHERE o.id = NEW.reverses_id AND o.batch_id IS NOT NULL))))""",
)
Guard("art13_line_is_never_deleted", table="payments_line", on=["DELETE"], refuse="1 = 1")
