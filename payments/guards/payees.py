"""What the database itself refuses about accounts and about who may be paid (Article 13)."""

from expertteam.guards import Guard

OWNER = "(SELECT e.user_id FROM experts_expert e WHERE e.id = NEW.expert_id)"
DAY = "SUBSTR(CAST({} AS TEXT), 1, 10)"  # the same on both databases
Guard(
    "art13_account_is_in_his_own_name",
    table="payments_bankaccount",
    on=["INSERT"],
    refuse=f"NEW.holder <> (SELECT u.name FROM expertteam_user u WHERE u.id = {OWNER})",
)
Guard(
    "art13_nobody_confirms_his_own_account",
    table="payments_bankaccount",
    on=["INSERT", "UPDATE"],
    refuse=f"NEW.confirmed_by_id = {OWNER}",
)
Guard(
    "art13_account_is_checked_and_cools_overnight",
    table="payments_bankaccount",
    on=["UPDATE"],
    refuse=f"""(OLD.state = 'entered' AND NEW.state IN ('confirmed', 'refused') AND NEW.check_note = '')
        OR (OLD.state = 'entered' AND NEW.state = 'confirmed' AND (NEW.confirmed_at < NEW.entered_at
            OR {DAY.format("NEW.usable_from")} <= {DAY.format("NEW.confirmed_at")}))""",
)
Guard(
    "art13_account_never_changes",
    table="payments_bankaccount",
    on=["UPDATE"],
    refuse="""NEW.expert_id <> OLD.expert_id OR NEW.number_index <> OLD.number_index OR NEW.tail <> OLD.tail
        OR NEW.holder <> OLD.holder OR NEW.bank <> OLD.bank OR NEW.branch <> OLD.branch
        OR NEW.entered_by_id <> OLD.entered_by_id OR NEW.entered_at <> OLD.entered_at
        OR (OLD.state <> 'entered' AND NEW.check_note <> OLD.check_note)
        OR (OLD.confirmed_by_id IS NOT NULL AND (NEW.confirmed_by_id IS NULL
            OR NEW.confirmed_by_id <> OLD.confirmed_by_id OR NEW.confirmed_at IS NULL
            OR NEW.confirmed_at <> OLD.confirmed_at OR NEW.usable_from IS NULL
            OR NEW.usable_from <> OLD.usable_from))
        OR NOT (NEW.state = OLD.state
            OR (OLD.state = 'entered' AND NEW.state IN ('confirmed', 'refused', 'disputed'))
            OR (OLD.state = 'confirmed' AND NEW.state IN ('replaced', 'disputed')))""",
)
Guard("art13_account_is_never_deleted", table="payments_bankaccount", on=["DELETE"], refuse="1 = 1")
Guard(
    "art13_nobody_consents_to_his_own_pay",
    table="payments_payee",
    on=["INSERT", "UPDATE"],
    refuse=f"NEW.consented_by_id = {OWNER}",
)
Guard("art13_payee_is_never_deleted", table="payments_payee", on=["DELETE"], refuse="1 = 1")
Guard(
    "art13_officials_are_paid_with_consent",
    table="payments_batch",
    on=["UPDATE"],
    refuse="""NEW.state = 'released' AND OLD.state <> 'released' AND EXISTS (
        SELECT 1 FROM payments_payout p LEFT JOIN payments_payee y ON y.expert_id = p.expert_id
        WHERE p.batch_id = NEW.id AND COALESCE(y.consent_basis, '') = ''
          AND (y.official = TRUE OR EXISTS (SELECT 1 FROM experts_appointment a
              WHERE a.expert_id = p.expert_id AND a.category = 5)))""",
)
