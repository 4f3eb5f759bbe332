"""What the database itself refuses about services (Articles 8 and 10(3))."""

from expertteam.guards import Guard

# Of one expert no two live engagements share a moment; where one ends the next may begin.  The expert's row is locked
# first, so that of two written at the same moment the second sees the first; to release one asks for no lock.
Guard(
    "art10_3_engagements_never_overlap",
    table="services_engagement",
    on=["INSERT", "UPDATE"],
    lock="experts_expert WHERE id = NEW.expert_id AND NEW.live",
    refuse="""NEW.live AND EXISTS (
        SELECT 1 FROM services_engagement other
        WHERE other.expert_id = NEW.expert_id AND other.live AND other.id <> COALESCE(NEW.id, 0)
          AND other.ends_at > NEW.starts_at AND other.starts_at < NEW.ends_at)""",
)

# Nobody is promised a seat that is not there.  The activity's row is locked first, so that of two who sign up at the
# same moment the second sees the first; who has a seat already takes none anew.
SEATED = "('seated', 'attended')"
Guard(
    "art8_3_no_seat_without_room",
    table="services_signup",
    on=["INSERT"],
    lock=f"services_activity WHERE id = NEW.activity_id AND NEW.state IN {SEATED}",
    refuse=f"""NEW.state IN {SEATED} AND (
        SELECT COUNT(*) FROM services_signup other WHERE other.activity_id = NEW.activity_id AND other.state IN {SEATED}
        ) >= (SELECT capacity FROM services_activity a WHERE a.id = NEW.activity_id)""",
)
Guard(
    "art8_3_no_seat_without_room_later",
    table="services_signup",
    on=["UPDATE"],
    lock=f"services_activity WHERE id = NEW.activity_id AND NEW.state IN {SEATED} AND OLD.state NOT IN {SEATED}",
    refuse=f"""NEW.state IN {SEATED} AND OLD.state NOT IN {SEATED} AND (
        SELECT COUNT(*) FROM services_signup other WHERE other.activity_id = NEW.activity_id AND other.state IN {SEATED}
        ) >= (SELECT capacity FROM services_activity a WHERE a.id = NEW.activity_id)""",
)
Guard(
    "art8_3_seats_are_never_taken_away",
    table="services_activity",
    on=["UPDATE"],
    refuse=f"""NEW.capacity < OLD.capacity AND NEW.capacity < (
        SELECT COUNT(*) FROM services_signup s WHERE s.activity_id = NEW.id AND s.state IN {SEATED})""",
)
Guard(
    "art8_2_closed_pairing_stays_closed",
    table="services_pairing",
    on=["UPDATE"],
    refuse="OLD.state IN ('closed', 'declined', 'called_off') AND NEW.state <> OLD.state",
)
