"""What the database itself refuses about terms and declarations (Articles 3, 11 and 14)."""

from expertteam.guards import Guard

# Terms of one person never overlap; one that was void before it began takes no time.  The expert's row is locked first, so that of two terms written
# at the same moment the second sees the first.
Guard(
    "art3_terms_never_overlap",
    table="experts_appointment",
    on=["INSERT", "UPDATE"],
    lock="experts_expert WHERE id = NEW.expert_id",
    refuse="""EXISTS (
        SELECT 1 FROM experts_appointment other
        WHERE other.expert_id = NEW.expert_id AND other.id <> COALESCE(NEW.id, 0)
          AND other.first_day <= NEW.last_day AND other.last_day >= NEW.first_day
          AND (other.void_from IS NULL OR (other.void_from > NEW.first_day AND other.void_from > other.first_day))
          AND (NEW.void_from IS NULL OR (NEW.void_from > other.first_day AND NEW.void_from > NEW.first_day)))""",
)
# What a certificate says is never rewritten; only its end by decision can be entered.
Guard(
    "art11_certificate_never_changes",
    table="experts_appointment",
    on=["UPDATE"],
    refuse="""NEW.expert_id <> OLD.expert_id OR NEW.name <> OLD.name OR NEW.number <> OLD.number
        OR NEW.token <> OLD.token OR NEW.first_day <> OLD.first_day OR NEW.last_day <> OLD.last_day
        OR NEW.basis <> OLD.basis OR NEW.category <> OLD.category OR NEW.decided_at <> OLD.decided_at
        OR (OLD.void_from IS NOT NULL AND (NEW.void_from IS NULL OR NEW.void_from <> OLD.void_from))""",
)
# The text of a day sorts as the day does; of 29 February the day before 1 March comes out as it should.
THIRD_ANNIVERSARY = """CAST(CAST(SUBSTR(CAST(NEW.first_day AS TEXT), 1, 4) AS INTEGER) + 3 AS TEXT)
        || SUBSTR(CAST(NEW.first_day AS TEXT), 5)"""
Guard(
    "art3_term_is_three_years_at_most",
    table="experts_appointment",
    on=["INSERT"],
    refuse=f"CAST(NEW.last_day AS TEXT) >= {THIRD_ANNIVERSARY}",
)
# What was declared stays declared; only its end can be entered, once.
Guard(
    "art14_declaration_never_changes",
    table="experts_disclosure",
    on=["UPDATE"],
    refuse="""NEW.expert_id <> OLD.expert_id OR NEW.kind <> OLD.kind OR NEW.name <> OLD.name OR NEW.code <> OLD.code
        OR NEW.detail <> OLD.detail OR NEW.declared_at <> OLD.declared_at
        OR (NEW.begins_on IS NULL) <> (OLD.begins_on IS NULL) OR NEW.begins_on <> OLD.begins_on
        OR (OLD.ends_on IS NOT NULL AND (NEW.ends_on IS NULL OR NEW.ends_on <> OLD.ends_on))""",
)
Guard("art14_declaration_is_never_deleted", table="experts_disclosure", on=["DELETE"], refuse="1 = 1")
# What a key opens, to whom and until when is settled when it is made; a revoked one stays revoked.
Guard(
    "art10_key_never_changes",
    table="experts_partnerkey",
    on=["UPDATE"],
    refuse="""NEW.digest <> OLD.digest OR NEW.partner_id <> OLD.partner_id OR NEW.scope <> OLD.scope
        OR NEW.last_day <> OLD.last_day OR NEW.networks <> OLD.networks OR NEW.proposed_by_id <> OLD.proposed_by_id
        OR (OLD.state = 'revoked' AND NEW.state <> 'revoked')""",
)
Guard("art10_key_is_never_deleted", table="experts_partnerkey", on=["DELETE"], refuse="1 = 1")
