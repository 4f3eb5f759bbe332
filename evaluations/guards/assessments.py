"""What the database itself refuses about the annual evaluation (Article 10(1))."""

from expertteam.guards import Guard, append_only

# A scheme is superseded, not edited; and what an expert was told of his year stays as he was told it.
Guard(
    "art10_1_scheme_never_changes",
    table="evaluations_scheme",
    on=["UPDATE"],
    refuse="""NEW.data <> OLD.data OR NEW.name <> OLD.name OR NEW.source <> OLD.source
        OR NEW.effective_year <> OLD.effective_year""",
)
Guard("art10_1_scheme_is_never_deleted", table="evaluations_scheme", on=["DELETE"], refuse="1 = 1")
Guard(
    "art10_1_released_assessment_never_changes",
    table="evaluations_assessment",
    on=["UPDATE"],
    refuse="""NEW.expert_id <> OLD.expert_id OR NEW.year <> OLD.year OR NEW.revision <> OLD.revision
        OR (OLD.state <> 'computed' AND (NEW.state = 'computed' OR NEW.scheme_id <> OLD.scheme_id
            OR NEW.inputs <> OLD.inputs OR NEW.lines <> OLD.lines OR NEW.remarks <> OLD.remarks
            OR NEW.total <> OLD.total OR NEW.grade <> OLD.grade OR NEW.computed_by_id <> OLD.computed_by_id))""",
)
Guard("art10_1_assessment_is_never_deleted", table="evaluations_assessment", on=["DELETE"], refuse="1 = 1")
Guard(
    "art10_1_merit_has_evidence",
    table="evaluations_merit",
    on=["INSERT"],
    refuse="""NEW.evidence = '' OR (NEW.revokes_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM evaluations_merit m WHERE m.id = NEW.revokes_id AND m.revokes_id IS NULL
          AND m.expert_id = NEW.expert_id AND m.year = NEW.year AND m.kind = NEW.kind))""",
)
for table in ["merit", "meritfile"]:
    append_only(f"evaluations_{table}")
