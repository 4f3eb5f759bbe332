"""What the database itself refuses about renewals, notices, objections and appointments (Articles 3, 11 and 12)."""

from expertteam.guards import Guard

BLOCKS = "o.counts AND (o.upheld IS NULL OR o.upheld)"


def about(application: str, notice: str) -> str:
    """An objection against the person follows the application; one against a list concerns that notice,
    and, while it is undecided, whoever else was on it (as ``recruitment.models.notice.about``)."""
    listed = "SELECT 1 FROM recruitment_candidate l WHERE l.notice_id = o.notice_id AND l.application_id"
    person = "SELECT 1 FROM recruitment_candidate p WHERE p.id = o.candidate_id AND p.application_id"
    return f"""(EXISTS ({person} = {application}) OR (o.candidate_id IS NULL AND (
        o.notice_id IN ({notice}) OR (o.upheld IS NULL AND EXISTS ({listed} = {application})))))"""


PUBLISHED = """SELECT n.id FROM recruitment_notice n JOIN recruitment_candidate c ON c.notice_id = n.id
        WHERE n.state = 'published' AND c.application_id = NEW.id"""

Guard(
    "art11_no_appointment_without_an_unopposed_notice",
    table="experts_appointment",
    on=["INSERT"],
    refuse=f"""NEW.basis <> 'former' AND NOT EXISTS (
        SELECT 1 FROM recruitment_application a
        JOIN experts_expert e ON e.user_id = a.applicant_id
        JOIN recruitment_candidate c ON c.application_id = a.id
        JOIN recruitment_notice n ON n.id = c.notice_id
        WHERE e.id = NEW.expert_id AND a.state = 'on_notice' AND n.state = 'published'
          AND NOT n.provisional AND n.ends_at < NEW.decided_at
          AND NOT EXISTS (
            SELECT 1 FROM recruitment_objection o WHERE {BLOCKS} AND {about("a.id", "n.id")}))""",
)
# The one exception: what went on from before the Measures, came in through an import that two people saw, and stands
# in it to the day.  Nobody who is appointed now can be of this basis.
Guard(
    "art15_former_terms_come_by_import_alone",
    table="experts_appointment",
    on=["INSERT"],
    refuse="""NEW.basis = 'former' AND (CAST(NEW.first_day AS TEXT) >= '2026-02-01' OR NOT EXISTS (
        SELECT 1 FROM recruitment_formerrow r
        JOIN recruitment_formerimport i ON i.id = r.source_id
        JOIN experts_expert e ON e.user_id = r.account_key
        WHERE e.id = NEW.expert_id AND i.state = 'taken' AND i.taken_by_id = NEW.decided_by_id
          AND r.outcome = 'new' AND r.number = NEW.number
          AND r.first_day = NEW.first_day AND r.last_day = NEW.last_day))""",
)
Guard(
    "art11_certificate_is_never_deleted",
    table="experts_appointment",
    on=["DELETE"],
    refuse="""NOT (OLD.basis = 'former' AND EXISTS (
        SELECT 1 FROM recruitment_formerrow r JOIN recruitment_formerimport i ON i.id = r.source_id
        WHERE i.state = 'undone' AND r.outcome = 'new' AND r.number = OLD.number)
        AND NOT EXISTS (
        SELECT 1 FROM recruitment_formerrow r JOIN recruitment_formerimport i ON i.id = r.source_id
        WHERE i.state = 'taken' AND r.outcome = 'new' AND r.number = OLD.number))""",
)
Guard(
    "art15_import_is_taken_once_and_stays",
    table="recruitment_formerimport",
    on=["UPDATE"],
    refuse="""NEW.number <> OLD.number OR NEW.digest <> OLD.digest OR NEW.read_by_id <> OLD.read_by_id
        OR NEW.read_at <> OLD.read_at OR NOT (NEW.state = OLD.state
            OR (OLD.state = 'checked' AND NEW.state IN ('taken', 'aside'))
            OR (OLD.state = 'taken' AND NEW.state = 'undone'))
        OR (OLD.taken_by_id IS NOT NULL AND (NEW.taken_by_id IS NULL OR NEW.taken_by_id <> OLD.taken_by_id))
        OR (NEW.state = 'taken' AND EXISTS (
            SELECT 1 FROM recruitment_formerrow r WHERE r.source_id = NEW.id AND r.outcome = 'wrong'))""",
)
Guard(
    "art15_import_begins_with_its_reading",
    table="recruitment_formerimport",
    on=["INSERT"],
    refuse="NEW.state <> 'checked' OR NEW.taken_by_id IS NOT NULL",
)
Guard("art15_import_is_never_deleted", table="recruitment_formerimport", on=["DELETE"], refuse="1 = 1")
Guard(
    "art15_rows_are_read_before_the_taking",
    table="recruitment_formerrow",
    on=["INSERT"],
    lock="recruitment_formerimport WHERE id = NEW.source_id",
    refuse="NOT EXISTS (SELECT 1 FROM recruitment_formerimport i WHERE i.id = NEW.source_id AND i.state = 'checked')",
)
Guard(
    "art15_row_says_what_it_said",
    table="recruitment_formerrow",
    on=["UPDATE"],
    refuse="""NEW.source_id <> OLD.source_id OR NEW.place <> OLD.place OR NEW.outcome <> OLD.outcome
        OR NEW.cells <> OLD.cells OR NEW.number <> OLD.number OR COALESCE(NEW.first_day <> OLD.first_day, TRUE) OR COALESCE(NEW.last_day <> OLD.last_day, TRUE)
        OR OLD.outcome <> 'new' OR (OLD.filled <> '' AND NEW.filled <> OLD.filled) OR (OLD.new_account AND NOT NEW.new_account) OR (OLD.new_expert AND NOT NEW.new_expert)
        OR (OLD.account_key IS NOT NULL AND (NEW.account_key IS NULL OR NEW.account_key <> OLD.account_key))
        OR (OLD.expert_key IS NOT NULL AND (NEW.expert_key IS NULL OR NEW.expert_key <> OLD.expert_key))
        OR NOT EXISTS (SELECT 1 FROM recruitment_formerimport i WHERE i.id = OLD.source_id AND i.state = 'taken')""",
)
Guard("art15_row_is_never_deleted", table="recruitment_formerrow", on=["DELETE"], refuse="1 = 1")
Guard(
    "art11_only_from_the_notice",
    table="recruitment_application",
    on=["UPDATE"],
    refuse="NEW.state = 'appointed' AND OLD.state NOT IN ('on_notice', 'appointed')",
)
# Checked again at the last step, on the locked row: with the next guard no objection and no
# appointment that happen at the same moment can miss each other.
Guard(
    "art11_no_appointment_over_an_objection",
    table="recruitment_application",
    on=["UPDATE"],
    refuse=f"""NEW.state = 'appointed' AND OLD.state <> 'appointed' AND EXISTS (
        SELECT 1 FROM recruitment_objection o WHERE {BLOCKS} AND {about("NEW.id", PUBLISHED)})""",
)
SPOKEN_OF = """SELECT c.application_id FROM recruitment_candidate c
        WHERE c.notice_id = NEW.notice_id AND (c.id = NEW.candidate_id OR NEW.candidate_id IS NULL)"""
Guard(
    "art11_objection_never_follows_the_appointment",
    table="recruitment_objection",
    on=["INSERT"],
    lock=f"recruitment_application WHERE id IN ({SPOKEN_OF}) ORDER BY id",
    refuse=f"""NEW.counts AND EXISTS (
        SELECT 1 FROM recruitment_application WHERE state = 'appointed' AND id IN ({SPOKEN_OF}))""",
)
Guard(
    "art11_published_notice_never_changes",
    table="recruitment_notice",
    on=["UPDATE"],
    refuse="""OLD.state <> 'draft' AND (
        NEW.state = 'draft' OR (OLD.state <> 'discarded' AND NEW.state = 'discarded') OR (OLD.state = 'annulled' AND NEW.state <> 'annulled')
        OR NEW.round_id <> OLD.round_id OR NEW.title <> OLD.title OR NEW.statement <> OLD.statement
        OR NEW.days <> OLD.days OR NEW.end_hour <> OLD.end_hour OR NEW.released_at <> OLD.released_at
        OR NEW.begins_at <> OLD.begins_at OR NEW.digest <> OLD.digest
        OR COALESCE(NEW.corrects_id, 0) <> COALESCE(OLD.corrects_id, 0)
        OR NEW.ends_at < OLD.ends_at OR (NOT OLD.provisional AND (NEW.provisional OR NEW.ends_at <> OLD.ends_at)))""",
)
Guard(
    "art11_published_notice_is_never_deleted",
    table="recruitment_notice",
    on=["DELETE"],
    refuse="OLD.state <> 'draft'",
)
Guard(
    "art11_published_list_never_grows",
    table="recruitment_candidate",
    on=["INSERT", "UPDATE"],
    refuse="EXISTS (SELECT 1 FROM recruitment_notice n WHERE n.id = NEW.notice_id AND n.state <> 'draft')",
)
Guard(
    "art11_published_list_never_changes",
    table="recruitment_candidate",
    on=["UPDATE", "DELETE"],
    refuse="EXISTS (SELECT 1 FROM recruitment_notice n WHERE n.id = OLD.notice_id AND n.state <> 'draft')",
)
Guard(
    "art11_objection_counts_when_named_and_in_time",
    table="recruitment_objection",
    on=["INSERT"],
    refuse="""NEW.counts <> (NEW.name <> '' AND EXISTS (
        SELECT 1 FROM recruitment_notice n WHERE n.id = NEW.notice_id AND (n.provisional OR NEW.received_at <= n.ends_at)))""",
)
Guard(
    "art11_objection_stays_what_it_was",
    table="recruitment_objection",
    on=["UPDATE"],
    refuse="""NEW.counts <> OLD.counts OR NEW.notice_id <> OLD.notice_id OR NEW.receipt <> OLD.receipt
        OR COALESCE(NEW.candidate_id, 0) <> COALESCE(OLD.candidate_id, 0) OR NEW.received_at <> OLD.received_at""",
)
Guard(
    "art11_objection_is_decided_once",
    table="recruitment_objection",
    on=["UPDATE"],
    refuse="""(OLD.upheld IS NOT NULL AND (NEW.upheld IS NULL OR NEW.upheld <> OLD.upheld))
        OR (OLD.upheld IS NULL AND NEW.upheld IS NOT NULL AND NOT (OLD.state = 'examined' AND NEW.state = 'decided'))""",
)
Guard("art11_objection_is_never_deleted", table="recruitment_objection", on=["DELETE"], refuse="1 = 1")
Guard(
    "art12_no_new_term_while_a_case_is_open",
    table="experts_appointment",
    on=["INSERT"],
    refuse="""EXISTS (SELECT 1 FROM evaluations_dismissal d
        WHERE d.expert_id = NEW.expert_id AND d.state NOT IN ('dismissed', 'kept', 'dropped'))""",
)
# One renews one's own term, in a round of either purpose; a round made for it takes nothing else.
Guard(
    "art3_one_renews_ones_own_term",
    table="recruitment_application",
    on=["INSERT", "UPDATE"],
    refuse="""NEW.renews_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM experts_appointment t JOIN experts_expert e ON e.id = t.expert_id
        WHERE t.id = NEW.renews_id AND e.user_id = NEW.applicant_id)""",
)
Guard(
    "art3_renewed_term_never_changes",
    table="recruitment_application",
    on=["UPDATE"],
    refuse="""(OLD.renews_id IS NOT NULL AND (NEW.renews_id IS NULL OR NEW.renews_id <> OLD.renews_id))
        OR (OLD.renews_id IS NULL AND NEW.renews_id IS NOT NULL AND OLD.state <> 'draft')""",
)
Guard(
    "art3_round_for_renewal_takes_nothing_else",
    table="recruitment_application",
    on=["INSERT", "UPDATE"],
    refuse="""NEW.renews_id IS NULL AND EXISTS (
        SELECT 1 FROM recruitment_round r WHERE r.id = NEW.round_id AND r.purpose = 'renewal')""",
)
Guard(
    "art3_purpose_stays_once_somebody_applied",
    table="recruitment_round",
    on=["UPDATE"],
    refuse="""NEW.purpose <> OLD.purpose AND EXISTS (
        SELECT 1 FROM recruitment_application a WHERE a.round_id = NEW.id)""",
)
Guard(
    "art3_wish_belongs_to_its_term",
    table="recruitment_wish",
    on=["UPDATE"],
    refuse="NEW.term_id <> OLD.term_id",
)
Guard("art3_wish_is_never_deleted", table="recruitment_wish", on=["DELETE"], refuse="1 = 1")
