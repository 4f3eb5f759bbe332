"""After the last day of a term, or a dismissal: nothing new, and what was open is handed over (Articles 3, 4 and 12)."""

from collections.abc import Iterator

from expertteam import clock
from expertteam.verify.days import ONE_DAY, Calendar
from expertteam.verify.invariant import Invariant
from expertteam.verify.rows import ask, day

HANDED_OVER = 5  # working days
OPEN = """SELECT e.no, e.id FROM experts_expert e WHERE EXISTS (SELECT 1 FROM services_offer o
      WHERE o.expert_id = e.id AND o.state IN ('offered', 'accepted'))
    OR EXISTS (SELECT 1 FROM services_activityrole r WHERE r.expert_id = e.id AND r.state IN ('invited', 'accepted')
      AND r.starts_at > :now)
    OR EXISTS (SELECT 1 FROM services_pairing p WHERE p.expert_id = e.id AND p.state IN ('proposed', 'active'))
    OR EXISTS (SELECT 1 FROM services_seat s JOIN services_reviewpanel p ON p.id = s.panel_id
      WHERE s.expert_id = e.id AND s.state IN ('called', 'accepted', 'present')
        AND p.state IN ('selecting', 'seated', 'open')
        AND NOT EXISTS (SELECT 1 FROM services_halt h WHERE h.panel_id = p.id AND h.state = 'standing'))"""

PASSED_ON = "('declined', 'passing', 'stood_down')"  # whose turn chance decided, and who was never called


def in_term(expert: str, on: str) -> str:
    """Whether he was on the team that day; the day on which a dismissal takes effect is left out of doubt."""
    return f"""EXISTS (SELECT 1 FROM experts_appointment a WHERE a.expert_id = {expert} AND a.first_day <= {on}
        AND a.last_day >= {on} AND (a.void_from IS NULL OR a.void_from >= {on}))"""


def still_open() -> Iterator[str]:
    """Numbers of experts whose term ended more than five working days ago, and who have something in hand."""
    calendar, today, ends = Calendar(), clock.today(), {}
    for expert, last, void_from in ask("SELECT expert_id, last_day, void_from FROM experts_appointment"):
        end = min(day(last), day(void_from) - ONE_DAY) if void_from else day(last)
        ends[expert] = max(end, ends.get(expert, end))
    for number, expert in ask(OPEN):
        since = ends.get(expert, today)
        if since < today and sum(1 for _ in calendar.worked(since + ONE_DAY, today - ONE_DAY)) >= HANDED_OVER:
            yield number


INVARIANTS = [
    Invariant(
        "I5.after", "3", "聘期外没有新的安排、席位、活动、结对和服务",
        f"""SELECT 'services.offer ' || CAST(o.id AS TEXT) FROM services_offer o
              WHERE NOT {in_term("o.expert_id", "DAY(o.offered_at)")}
            UNION SELECT 'services.seat ' || CAST(s.id AS TEXT) FROM services_seat s
              WHERE NOT {in_term("s.expert_id", "DAY(s.called_at)")} AND NOT (s.state IN {PASSED_ON} AND s.why = 'left'
                AND NOT EXISTS (SELECT 1 FROM services_attempt t WHERE t.seat_id = s.id))
            UNION SELECT 'services.activityrole ' || CAST(h.id AS TEXT) FROM services_historicalactivityrole h
              WHERE h.history_type = '+' AND NOT {in_term("h.expert_id", "DAY(h.history_date)")}
            UNION SELECT 'services.pairing ' || CAST(h.id AS TEXT) FROM services_historicalpairing h
              WHERE h.history_type = '+' AND NOT {in_term("h.expert_id", "DAY(h.history_date)")}
            UNION SELECT 'services.service ' || CAST(v.id AS TEXT) FROM services_service v
              WHERE v.state NOT IN ('draft', 'rejected') AND NOT {in_term("v.expert_id", "DAY(v.started_at)")}""",
    ),
    Invariant(
        "I5.grants", "4", "聘期外没有查阅咨询内容的授权",
        f"""SELECT g.id FROM services_servicerequestgrant g LEFT JOIN experts_expert e ON e.user_id = g.user_id
            WHERE e.id IS NULL OR NOT {in_term("e.id", ":today")}""",
    ),
    Invariant("I5.open", "3", "聘期结束满5个工作日，没有留在手里的事", still_open),
    Invariant(
        "I5.void", "12", "提前失效的聘期都有送达的解聘决定",
        """SELECT a.number FROM experts_appointment a WHERE a.void_from IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM evaluations_dismissal d WHERE d.expert_id = a.expert_id AND d.state = 'dismissed'
              AND d.effective_on = a.void_from)""",
    ),
]  # fmt: skip
