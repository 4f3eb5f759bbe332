"""What the database itself refuses about the bank's files: they say for ever what they said (Article 13)."""

from expertteam.guards import Guard

Guard(
    "art13_bank_file_is_taken_over_once",
    table="payments_bankreturn",
    on=["UPDATE"],
    refuse="""NEW.number <> OLD.number OR NEW.digest <> OLD.digest OR NEW.read_by_id <> OLD.read_by_id
        OR NEW.read_at <> OLD.read_at OR NOT (NEW.state = OLD.state
            OR (OLD.state = 'checked' AND NEW.state IN ('applied', 'discarded')))""",
)
Guard(
    "art13_bank_row_says_what_it_said",
    table="payments_returnrow",
    on=["UPDATE"],
    refuse="""NEW.bank_return_id <> OLD.bank_return_id OR NEW.place <> OLD.place OR NEW.reference <> OLD.reference
        OR COALESCE(NEW.amount, 0) <> COALESCE(OLD.amount, 0) OR NEW.words <> OLD.words
        OR (NEW.paid IS NULL AND OLD.paid IS NOT NULL) OR (NEW.paid IS NOT NULL AND OLD.paid IS NULL)
        OR NEW.paid <> OLD.paid
        OR ((NEW.fault <> OLD.fault OR COALESCE(NEW.payout_id, 0) <> COALESCE(OLD.payout_id, 0)) AND NOT EXISTS (
            SELECT 1 FROM payments_bankreturn r WHERE r.id = OLD.bank_return_id AND r.state = 'checked'))
        OR (OLD.cleared_at IS NOT NULL AND (NEW.cleared_at IS NULL OR NEW.cleared_at <> OLD.cleared_at
            OR NEW.cleared_by_id <> OLD.cleared_by_id OR NEW.clearing <> OLD.clearing))
        OR (NEW.cleared_at IS NOT NULL AND OLD.cleared_at IS NULL AND (NEW.fault = '' OR EXISTS (
            SELECT 1 FROM payments_bankreturn r WHERE r.id = OLD.bank_return_id
              AND (r.state <> 'applied' OR NEW.cleared_by_id IN (r.read_by_id, r.applied_by_id)))))""",
)
Guard("art13_bank_row_is_never_deleted", table="payments_returnrow", on=["DELETE"], refuse="1 = 1")
Guard("art13_bank_file_is_never_deleted", table="payments_bankreturn", on=["DELETE"], refuse="1 = 1")
