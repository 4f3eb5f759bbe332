"""What the database itself refuses about batches, and about what the bank did with them (Article 13)."""

from expertteam.guards import Guard, append_only

Guard(
    "art13_nobody_pays_himself",
    table="payments_batch",
    on=["UPDATE"],
    refuse="""NEW.state IN ('approved', 'released') AND NEW.state <> OLD.state AND EXISTS (
        SELECT 1 FROM payments_payout p JOIN experts_expert e ON e.id = p.expert_id
            JOIN payments_bankaccount a ON a.id = p.account_id
        WHERE p.batch_id = NEW.id AND (e.user_id IN (NEW.made_by_id, NEW.checked_by_id, NEW.released_by_id)
            OR a.entered_by_id IN (NEW.made_by_id, NEW.checked_by_id, NEW.released_by_id)
            OR a.confirmed_by_id IN (NEW.made_by_id, NEW.checked_by_id, NEW.released_by_id)))""",
)
Guard(
    "art13_money_goes_to_a_checked_account",
    table="payments_batch",
    on=["UPDATE"],
    refuse="""NEW.state = 'released' AND OLD.state <> 'released' AND EXISTS (
        SELECT 1 FROM payments_payout p JOIN payments_bankaccount a ON a.id = p.account_id
        WHERE p.batch_id = NEW.id
          AND (a.state <> 'confirmed' OR a.expert_id <> p.expert_id OR a.usable_from > NEW.released_at))""",
)
Guard(
    "art13_batch_is_the_sum_of_its_payouts",
    table="payments_batch",
    on=["UPDATE"],
    refuse="""NEW.state = 'released' AND OLD.state <> 'released' AND (
        NEW.gross <> (SELECT ROUND(COALESCE(SUM(p.gross), 0), 2) FROM payments_payout p WHERE p.batch_id = NEW.id)
        OR NEW.paid_out <> (SELECT ROUND(COALESCE(SUM(p.amount), 0), 2) FROM payments_payout p WHERE p.batch_id = NEW.id)
        OR (NEW.gross <> (SELECT ROUND(COALESCE(SUM(l.amount), 0), 2) FROM payments_line l WHERE l.batch_id = NEW.id)
            AND NOT EXISTS (SELECT 1 FROM payments_line l WHERE l.batch_id = NEW.id AND l.net = TRUE))
        OR EXISTS (SELECT 1 FROM payments_line l JOIN payments_claim c ON c.id = l.claim_id
            WHERE l.batch_id = NEW.id AND NOT EXISTS (SELECT 1 FROM payments_payout p
                WHERE p.batch_id = NEW.id AND p.expert_id = c.expert_id AND p.income = c.income))
        OR EXISTS (SELECT 1 FROM payments_line l JOIN payments_claim c ON c.id = l.claim_id
                JOIN payments_payout p
                    ON p.batch_id = l.batch_id AND p.expert_id = c.expert_id AND p.income = c.income
            WHERE l.batch_id = NEW.id GROUP BY p.id, p.gross
            HAVING ROUND(SUM(l.amount), 2) <> p.gross AND SUM(CASE WHEN l.net = TRUE THEN 1 ELSE 0 END) = 0)
        OR EXISTS (SELECT 1 FROM payments_line l JOIN payments_rateschedule s ON s.id = l.schedule_id
            WHERE l.batch_id = NEW.id AND s.state <> 'confirmed'))""",
)
Guard(
    "art13_released_batch_never_changes",
    table="payments_batch",
    on=["UPDATE"],
    refuse="""NEW.number <> OLD.number
        OR (OLD.state IN ('approved', 'released', 'settled') AND NEW.state <> 'draft'
            AND (NEW.gross <> OLD.gross OR NEW.tax <> OLD.tax OR NEW.paid_out <> OLD.paid_out
                OR NEW.paid_in <> OLD.paid_in OR NEW.made_by_id <> OLD.made_by_id
                OR NEW.checked_by_id <> OLD.checked_by_id))
        OR (OLD.state IN ('released', 'settled') AND (NEW.digest <> OLD.digest OR NEW.title <> OLD.title
            OR NEW.until <> OLD.until OR NEW.payer <> OLD.payer OR NEW.payer_code <> OLD.payer_code
            OR NEW.made_at <> OLD.made_at OR NEW.checked_at <> OLD.checked_at OR NEW.check_note <> OLD.check_note
            OR NEW.released_by_id <> OLD.released_by_id OR NEW.released_at <> OLD.released_at))
        OR NOT (NEW.state = OLD.state
            OR (OLD.state = 'draft' AND NEW.state IN ('submitted', 'dissolved'))
            OR (OLD.state = 'submitted' AND NEW.state IN ('draft', 'approved'))
            OR (OLD.state = 'approved' AND NEW.state IN ('draft', 'released'))
            OR (OLD.state = 'released' AND NEW.state = 'settled'))""",
)
Guard("art13_batch_is_never_deleted", table="payments_batch", on=["DELETE"], refuse="1 = 1")
Guard("art13_payout_never_changes", table="payments_payout", on=["UPDATE"], refuse="1 = 1")
Guard(
    "art13_payout_is_worked_out_when_checked",
    table="payments_payout",
    on=["INSERT"],
    refuse="""(SELECT b.state FROM payments_batch b WHERE b.id = NEW.batch_id) <> 'submitted'
        OR NOT EXISTS (SELECT 1 FROM payments_bankaccount a WHERE a.id = NEW.account_id
            AND a.expert_id = NEW.expert_id AND a.state = 'confirmed')""",
)
Guard(
    "art13_released_payout_stays",
    table="payments_payout",
    on=["DELETE"],
    refuse="(SELECT b.state FROM payments_batch b WHERE b.id = OLD.batch_id) <> 'approved'",
)
Guard(
    "art13_bank_answers_what_was_sent",
    table="payments_bankresult",
    on=["INSERT"],
    refuse="""NOT EXISTS (SELECT 1 FROM payments_payout p JOIN payments_batch b ON b.id = p.batch_id
            JOIN payments_returnrow r ON r.id = NEW.row_id
        WHERE p.id = NEW.payout_id AND b.state = 'released' AND r.payout_id = p.id AND r.fault = ''
          AND r.reference = p.reference AND r.amount = p.amount AND r.paid = NEW.paid)""",
)
Guard(
    "art13_only_what_had_arrived_comes_back_late",
    table="payments_bankresult",
    on=["UPDATE"],
    refuse="""NOT (OLD.paid = TRUE AND NEW.paid = FALSE AND NEW.payout_id = OLD.payout_id AND EXISTS (
        SELECT 1 FROM payments_payout p JOIN payments_returnrow r ON r.payout_id = p.id
        WHERE p.id = NEW.payout_id AND r.id = NEW.row_id AND r.fault = 'known' AND r.paid = FALSE
          AND r.amount = p.amount AND r.cleared_at IS NOT NULL))""",
)
Guard("art13_bank_result_is_never_deleted", table="payments_bankresult", on=["DELETE"], refuse="1 = 1")
append_only("payments_export")
