"""What the database itself refuses about reviews and their draws (Articles 8(4), 10(4) and 14)."""

from expertteam.guards import Guard, append_only

# What a draw is about is fixed at the freeze, its conditions when all have promised; it only ever goes forward.
Guard(
    "art10_4_frozen_draw_never_changes",
    table="services_draw",
    on=["UPDATE"],
    refuse="""NEW.draw_id <> OLD.draw_id OR NEW.panel_id <> OLD.panel_id OR NEW.profile <> OLD.profile
        OR NEW.algorithm <> OLD.algorithm OR NEW.operator_id <> OLD.operator_id OR NEW.frozen_at <> OLD.frozen_at
        OR NEW.pool_root <> OLD.pool_root OR NEW.source <> OLD.source OR NEW.issue <> OLD.issue
        OR (NEW.due_at IS NULL) <> (OLD.due_at IS NULL) OR NEW.due_at <> OLD.due_at
        OR (OLD.header <> '' AND (NEW.header <> OLD.header OR NEW.header_hash <> OLD.header_hash))
        OR (OLD.public_value <> '' AND NEW.public_value <> OLD.public_value)
        OR (NEW.state <> OLD.state AND NOT (
            (OLD.state = 'frozen' AND NEW.state IN ('fixed', 'aborted'))
            OR (OLD.state = 'fixed' AND NEW.state IN ('drawn', 'aborted'))
            OR (OLD.state = 'drawn' AND NEW.state IN ('opened', 'aborted'))))""",
)
Guard("art10_4_draw_is_never_deleted", table="services_draw", on=["DELETE"], refuse="1 = 1")
Guard(
    "art10_4_drawn_after_all_secrets",
    table="services_draw",
    on=["UPDATE"],
    refuse="""NEW.state = 'drawn' AND OLD.state <> 'drawn' AND EXISTS (
        SELECT 1 FROM services_drawparty p WHERE p.draw_id = NEW.id AND (p.secret = '' OR p.commitment = ''))""",
)
Guard(
    "art10_4_names_open_with_the_result",
    table="services_draw",
    on=["UPDATE"],
    refuse="""NEW.state = 'opened' AND OLD.state <> 'opened' AND NOT EXISTS (
        SELECT 1 FROM services_reviewpanel r WHERE r.id = NEW.panel_id AND r.state = 'published')""",
)
Guard("art10_4_pool_never_changes", table="services_poolentry", on=["UPDATE", "DELETE"], refuse="1 = 1")
Guard(
    "art10_4_pool_is_whole_before_the_promises",
    table="services_poolentry",
    on=["INSERT"],
    refuse="""NOT EXISTS (SELECT 1 FROM services_draw d WHERE d.id = NEW.draw_id AND d.state = 'frozen')
        OR EXISTS (SELECT 1 FROM services_drawparty p WHERE p.draw_id = NEW.draw_id AND p.commitment <> '')""",
)
Guard(
    "art10_4_promise_is_kept",
    table="services_drawparty",
    on=["UPDATE"],
    refuse="""NEW.draw_id <> OLD.draw_id OR NEW.role <> OLD.role OR NEW.name <> OLD.name
        OR (OLD.user_id IS NOT NULL AND (NEW.user_id IS NULL OR NEW.user_id <> OLD.user_id))
        OR (OLD.commitment <> '' AND NEW.commitment <> OLD.commitment)
        OR (OLD.secret <> '' AND NEW.secret <> OLD.secret)
        OR (NEW.commitment <> OLD.commitment AND NOT EXISTS (
            SELECT 1 FROM services_draw d WHERE d.id = NEW.draw_id AND d.state = 'frozen'))
        OR (NEW.secret <> OLD.secret AND NOT EXISTS (
            SELECT 1 FROM services_draw d WHERE d.id = NEW.draw_id AND d.state = 'fixed'))""",
)
Guard("art10_4_promise_is_never_deleted", table="services_drawparty", on=["DELETE"], refuse="1 = 1")

Guard(
    "art10_4_member_was_drawn_or_chosen",
    table="services_seat",
    on=["INSERT"],
    refuse="""NOT EXISTS (
        SELECT 1 FROM services_poolentry e JOIN services_draw d ON d.id = e.draw_id
        WHERE e.id = NEW.entry_id AND e.why = '' AND e.expert_id = NEW.expert_id
          AND d.id = NEW.draw_id AND d.panel_id = NEW.panel_id AND d.state = 'drawn')
      AND NOT EXISTS (
        SELECT 1 FROM services_chosenexpert e JOIN services_choice c ON c.id = e.choice_id
        WHERE c.id = NEW.choice_id AND c.panel_id = NEW.panel_id AND c.state = 'approved'
          AND e.expert_id = NEW.expert_id)""",
)
Guard(
    "art10_4_seat_that_was_handed_on_stays_so",
    table="services_seat",
    on=["UPDATE"],
    refuse="""NEW.panel_id <> OLD.panel_id OR NEW.place <> OLD.place OR NEW.expert_id <> OLD.expert_id
        OR (OLD.state IN ('stood_down', 'released') AND NEW.state <> OLD.state)
        OR (NEW.state = 'stood_down' AND OLD.state NOT IN ('passing', 'stood_down'))""",
)
Guard("art10_4_seat_is_never_deleted", table="services_seat", on=["DELETE"], refuse="1 = 1")

# Only whoever sits in the room judges, only while the review is open, and nothing from which he is excused.
Guard(
    "art8_4_judged_by_members_in_the_room",
    table="services_scoresheet",
    on=["INSERT", "UPDATE"],
    lock="services_reviewpanel WHERE id = NEW.panel_id",
    refuse="""NOT EXISTS (
        SELECT 1 FROM services_seat s JOIN services_reviewpanel r ON r.id = s.panel_id
        JOIN services_reviewproject p ON p.panel_id = r.id
        WHERE s.id = NEW.seat_id AND s.state = 'present' AND r.id = NEW.panel_id AND r.state = 'open'
          AND p.id = NEW.project_id)
      OR (NEW.state = 'submitted' AND EXISTS (
        SELECT 1 FROM services_recusal x WHERE x.seat_id = NEW.seat_id AND x.project_id = NEW.project_id))""",
)
Guard("art8_4_sheet_is_never_deleted", table="services_scoresheet", on=["DELETE"], refuse="1 = 1")
Guard(
    "art8_4_result_never_changes",
    table="services_reviewproject",
    on=["UPDATE"],
    refuse="""EXISTS (SELECT 1 FROM services_reviewpanel r WHERE r.id = OLD.panel_id AND r.state IN ('concluded', 'published'))
        AND (NEW.score IS NULL OR NEW.rank IS NULL OR NEW.score <> OLD.score OR NEW.rank <> OLD.rank
            OR (NEW.passed IS NULL) <> (OLD.passed IS NULL) OR NEW.passed <> OLD.passed OR NEW.panel_id <> OLD.panel_id)""",
)

STANDING = "EXISTS (SELECT 1 FROM services_halt h WHERE h.state = 'standing' AND h.panel_id = NEW.panel_id)"
MOVES = ["INSERT", "UPDATE"]
Guard("art10_4_no_draw_moves_while_halted", table="services_draw", on=MOVES, refuse=STANDING)
Guard("art10_4_no_seat_moves_while_halted", table="services_seat", on=MOVES, refuse=STANDING)
Guard("art10_4_no_sheet_moves_while_halted", table="services_scoresheet", on=MOVES, refuse=STANDING)
Guard(
    "art10_4_no_review_moves_while_halted",
    table="services_reviewpanel",
    on=["UPDATE"],
    refuse=STANDING.replace("NEW.panel_id", "NEW.id"),
)
Guard(
    "art10_4_halt_is_lifted_once_with_a_reason",
    table="services_halt",
    on=["UPDATE"],
    refuse="""NEW.panel_id <> OLD.panel_id OR NEW.reason <> OLD.reason OR NEW.by_id <> OLD.by_id
        OR (OLD.state = 'lifted' AND NEW.state <> 'lifted') OR (NEW.state = 'lifted' AND NEW.lifted_because = '')""",
)
for table in ["attempt", "panelreading", "vote", "recusal"]:
    append_only(f"services_{table}")
