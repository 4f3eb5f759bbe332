"""How somebody leaves the team, and what counts towards it (Article 12)."""

from collections.abc import Iterator
from datetime import date

from expertteam.verify.invariant import Invariant
from expertteam.verify.rows import ask, day

LIMIT = 3
COUNTING = "s.state IN ('standing', 'maintained')"
STRIKES = f"""SELECT s.day, s.service_id FROM evaluations_strike s
    WHERE s.expert_id = {{expert}} AND s.ground = '{{ground}}' AND {COUNTING} ORDER BY s.day"""


def within_a_year(first: date, last: date) -> bool:
    """Whether the last of two days lies before the anniversary of the first; that of 29 February is 1 March."""
    return (last.year - first.year, last.month, last.day) < (1, first.month, first.day) or last.year == first.year


def groundless() -> Iterator[str]:
    """Dismissals on what was counted, with less than three of the term's services, or of refusals within one year."""
    for number, expert, ground, first, last in ask("""SELECT d.number, d.expert_id, d.ground, a.first_day, a.last_day
            FROM evaluations_dismissal d JOIN experts_appointment a ON a.id = d.appointment_id
            WHERE d.state = 'dismissed' AND d.ground IN ('12(2)', '12(3)')"""):
        strikes = [(day(on), service) for on, service in ask(STRIKES.format(expert=expert, ground=ground))]
        if ground == "12(2)":
            enough = len({service for on, service in strikes if day(first) <= on <= day(last)}) >= LIMIT
        else:
            pairs = zip(strikes, strikes[LIMIT - 1 :], strict=False)
            enough = any(within_a_year(a, b) for (a, _), (b, _) in pairs)
        if not enough:
            yield number


INVARIANTS = [
    Invariant(
        "I17.findings", "12", "每次计次都有第二个人的认定",
        """SELECT s.number FROM evaluations_strike s WHERE s.found_by_id IS NULL
              OR (s.ground = '12(2)' AND NOT EXISTS (SELECT 1 FROM evaluations_ratingcase c
                    WHERE c.id = s.case_id AND c.finding = 'upheld_attitude' AND c.found_by_id = s.found_by_id
                      AND (c.called_by_id IS NULL OR c.called_by_id <> c.found_by_id)))
              OR (s.ground = '12(3)' AND NOT EXISTS (SELECT 1 FROM evaluations_refusal r
                    WHERE r.id = s.refusal_id AND r.finding = 'no_reason' AND r.judged_by_id = s.found_by_id
                      AND r.expert_id = s.expert_id AND r.day = s.day))""",
    ),
    Invariant("I17.ground", "12", "因不满意解聘的聘期内有三次服务被认定，因推诿解聘的一年内有三次认定", groundless),
    Invariant(
        "I17.evidence", "12", "因谋私、泄密、违法解聘的有证据或查实的举报，本人提出的有本人的申请",
        """SELECT d.number FROM evaluations_dismissal d WHERE d.state = 'dismissed' AND (
            (d.ground IN ('12(4)', '12(5)', '12(6)')
              AND NOT EXISTS (SELECT 1 FROM evaluations_dismissalfile f WHERE f.dismissal_id = d.id AND f.kind = 'evidence')
              AND NOT EXISTS (SELECT 1 FROM evaluations_report r WHERE r.id = d.report_id AND r.upheld = TRUE))
            OR (d.ground = '12(1)' AND (d.clue = '' OR NOT EXISTS (SELECT 1 FROM experts_expert e
              WHERE e.id = d.expert_id AND e.user_id = d.opened_by_id)))
            OR d.ground NOT IN ('12(1)', '12(2)', '12(3)', '12(4)', '12(5)', '12(6)'))""",
    ),
    Invariant(
        "I18.heard", "12¶2", "解聘前告知过事实、理由和依据，听取过陈述申辩，并由局领导决定",
        """SELECT d.number FROM evaluations_dismissal d WHERE d.state = 'dismissed' AND (
            d.decided_by_id IS NULL OR d.decision = ''
            OR (d.ground <> '12(1)' AND (d.told_on IS NULL OR d.facts = '' OR d.reasons = '' OR d.heard_how = ''
                OR d.weighed_by_id IS NULL OR d.opinion = '' OR d.handler_id IN (d.weighed_by_id, d.decided_by_id)
                OR d.weighed_by_id = d.decided_by_id)))""",
    ),
    Invariant(
        "I18.answered", "12¶2", "陈述申辩逐条有书面答复",
        """SELECT d.number FROM evaluations_dismissal d JOIN evaluations_plea p ON p.dismissal_id = d.id
            WHERE d.state IN ('weighed', 'confirmed', 'dismissed') AND (p.answer = '' OR p.accepted IS NULL)""",
    ),
    Invariant(
        "I18.served", "12¶2", "告知书和决定书都有送达记录，逾期没有陈述的确实过了期限",
        """SELECT d.number FROM evaluations_dismissal d WHERE d.state = 'dismissed' AND (
            NOT EXISTS (SELECT 1 FROM evaluations_delivery v WHERE v.dismissal_id = d.id AND v.paper = 'decision')
            OR (d.ground <> '12(1)' AND NOT EXISTS (
              SELECT 1 FROM evaluations_delivery v WHERE v.dismissal_id = d.id AND v.paper = 'notice'))
            OR d.heard_on < d.told_on OR (d.heard_how = 'lapse' AND d.heard_on <= d.defence_until))""",
    ),
    Invariant(
        "I19.person", "12", "解聘、计次、聘任和提前失效都由人作出",
        """SELECT d.number FROM evaluations_dismissal d WHERE d.state IN ('confirmed', 'dismissed') AND NOT EXISTS (
              SELECT 1 FROM evaluations_historicaldismissal h
              WHERE h.id = d.id AND h.state = 'confirmed' AND h.history_user_id IS NOT NULL)
            UNION SELECT s.number FROM evaluations_strike s WHERE s.found_by_id IS NULL
            UNION SELECT a.number FROM experts_appointment a WHERE a.decided_by_id IS NULL
            UNION SELECT h.number FROM experts_historicalappointment h
              WHERE h.void_from IS NOT NULL AND h.history_user_id IS NULL""",
    ),
    Invariant(
        "I20.counted", "12(2)", "计次的不满意出自有联系方式的服务对象对完成了的服务的评价，一次服务只计一次",
        f"""SELECT s.number FROM evaluations_strike s JOIN evaluations_ratingcase c ON c.id = s.case_id
              JOIN evaluations_rating g ON g.id = c.rating_id JOIN services_service v ON v.id = g.service_id
              WHERE {COUNTING} AND s.ground = '12(2)' AND (g.state <> 'given' OR g.grade > 2 OR v.phone_index IS NULL
                OR v.state NOT IN ('confirmed', 'verified', 'ruled') OR g.service_id <> s.service_id
                OR g.expert_id <> s.expert_id OR c.flag_genuine = FALSE)
            UNION SELECT MIN(s.number) FROM evaluations_strike s
              WHERE {COUNTING} AND s.ground = '12(2)' GROUP BY s.service_id HAVING COUNT(*) > 1
            UNION SELECT MIN(s.number) FROM evaluations_strike s
              WHERE {COUNTING} AND s.ground = '12(3)' GROUP BY s.refusal_id HAVING COUNT(*) > 1""",
    ),
]  # fmt: skip
