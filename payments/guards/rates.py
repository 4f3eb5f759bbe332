"""What the database itself refuses about rates: their past does not change, their order has no gap (Article 13)."""

from expertteam.guards import Guard
from payments.rules import SCOPES


def same(*columns: str) -> str:
    """That these columns are what they were, empty or not."""
    each = (f"COALESCE(CAST(NEW.{name} AS TEXT), '') = COALESCE(CAST(OLD.{name} AS TEXT), '')" for name in columns)
    return " AND ".join(each)


def kinds_missing() -> str:
    """That some kind of the scope has no row."""
    names = {scope: ", ".join(f"'{kind}'" for kind in kinds) for scope, kinds in SCOPES.items()}
    each = (
        f"""(NEW.scope = '{scope}' AND (SELECT COUNT(DISTINCT r.kind) FROM payments_rate r
            WHERE r.schedule_id = NEW.id AND r.kind IN ({names[scope]})) < {len(kinds)})"""
        for scope, kinds in SCOPES.items()
    )
    return " OR ".join(each)


Guard(
    "art13_schedule_follows_the_one_it_supersedes",
    table="payments_rateschedule",
    on=["INSERT", "UPDATE"],
    refuse="""NEW.supersedes_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM payments_rateschedule s
        WHERE s.id = NEW.supersedes_id AND s.scope = NEW.scope AND s.effective_from < NEW.effective_from
          AND s.state IN ('provisional', 'confirmed'))""",
)
Guard(
    "art13_schedule_begins_as_a_draft",  # but for the first of its scope, which the portal brings along
    table="payments_rateschedule",
    on=["INSERT"],
    refuse="NEW.state <> 'draft' AND NOT (NEW.state = 'provisional' AND NEW.supersedes_id IS NULL)",
)
Guard(
    "art13_schedule_in_force_never_changes",
    table="payments_rateschedule",
    on=["UPDATE"],
    refuse=f"""(OLD.state <> 'draft' AND NOT ({
        same("scope", "document_number", "title", "effective_from", "valid_until", "supersedes_id", "drafted_by_id")
    })) OR (OLD.state = 'confirmed' AND NOT ({same("confirmed_by_id", "confirmed_at", "note")}))
        OR NOT (NEW.state = OLD.state OR (OLD.state = 'draft' AND NEW.state IN ('confirmed', 'dropped'))
            OR (OLD.state = 'provisional' AND NEW.state = 'confirmed'))""",
)
Guard(
    "art13_confirmed_schedule_is_complete",
    table="payments_rateschedule",
    on=["UPDATE"],
    refuse=f"NEW.state = 'confirmed' AND OLD.state <> 'confirmed' AND ({kinds_missing()})",
)
Guard(
    "art13_confirmed_schedule_has_its_document",
    table="payments_rateschedule",
    on=["UPDATE"],
    refuse="""NEW.state = 'confirmed' AND OLD.state <> 'confirmed'
        AND NOT EXISTS (SELECT 1 FROM payments_schedulefile f WHERE f.schedule_id = NEW.id)""",
)
Guard("art13_schedule_is_never_deleted", table="payments_rateschedule", on=["DELETE"], refuse="1 = 1")

STATE = "(SELECT s.state FROM payments_rateschedule s WHERE s.id = {row}.schedule_id)"
OLD_IS_DRAFT, NEW_IS_DRAFT = f"{STATE.format(row='OLD')} = 'draft'", f"{STATE.format(row='NEW')} = 'draft'"
UNUSED = f"""{STATE.format(row="NEW")} = 'provisional'
    AND NOT EXISTS (SELECT 1 FROM payments_line l WHERE l.schedule_id = NEW.schedule_id)"""
NUMBERS = [
    "schedule_id", "kind", "tier", "unit", "amount", "most", "included_units", "included_amount", "part", "full_units",
    "day_cap", "extended_cap", "month_cap", "year_cap", "half_day_share", "later_from", "later_share", "void_cap",
    "called_off", "holiday_factor", "holiday_lifts_cap", "net",
]  # fmt: skip
Guard(
    "art13_rates_in_force_never_change",
    table="payments_rate",
    on=["UPDATE"],
    refuse=f"NOT ({OLD_IS_DRAFT} AND {NEW_IS_DRAFT}) AND NOT ({same(*NUMBERS)})",
)
Guard("art13_rates_in_force_stay", table="payments_rate", on=["DELETE"], refuse=f"NOT ({OLD_IS_DRAFT})")
Guard(  # what the portal brings along is entered whole, and nothing is priced by it before that
    "art13_no_rate_is_added_later",
    table="payments_rate",
    on=["INSERT"],
    refuse=f"NOT ({NEW_IS_DRAFT} OR ({UNUSED}))",
)
Guard(
    "art13_document_of_a_schedule_never_changes",
    table="payments_schedulefile",
    on=["UPDATE"],
    refuse=f"NOT ({same('schedule_id', 'file', 'digest', 'original_name', 'by_id', 'uploaded_at')})",
)
Guard("art13_document_in_force_stays", table="payments_schedulefile", on=["DELETE"], refuse=f"NOT ({OLD_IS_DRAFT})")
Guard(
    "art13_no_document_is_added_later",
    table="payments_schedulefile",
    on=["INSERT"],
    refuse=f"{STATE.format(row='NEW')} NOT IN ('draft', 'provisional')",
)
