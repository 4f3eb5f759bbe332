"""Reviews of projects: how their members were found, and what they gave (Articles 8(4) and 10(4))."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from expertteam.verify.invariant import Invariant
from expertteam.verify.rows import ask, hundredths

GONE = "('declined', 'passing', 'stood_down', 'released')"
CHANGED = "h.marks <> x.marks OR h.total <> x.total OR h.comment <> x.comment OR h.state <> x.state"
TRIMMED_FROM = 5  # sheets
SHEETS = """SELECT x.project_id, x.total FROM services_scoresheet x JOIN services_seat s ON s.id = x.seat_id
    WHERE x.state = 'submitted' AND s.state IN ('present', 'signed') AND NOT EXISTS (
      SELECT 1 FROM services_recusal q WHERE q.seat_id = x.seat_id AND q.project_id = x.project_id)"""
JUDGED = """SELECT p.id, p.score, p.passed, v.method, v.pass_score FROM services_reviewproject p
    JOIN services_reviewpanel v ON v.id = p.panel_id WHERE v.state IN ('signing', 'concluded', 'published')"""


def misjudged() -> Iterator[str]:
    """Projects whose score is not the mean of the valid sheets, or who passed, or not, against the score it takes."""
    sheets = defaultdict(list)
    for project, total in ask(SHEETS):
        sheets[project].append(hundredths(total))
    for project, score, passed, method, needed in ask(JUDGED):
        found = mean(sorted(sheets[project]), method)
        fits = None if needed is None or found is None else found >= hundredths(needed)
        if found is None or score is None or hundredths(score) != found or passed != fits:
            yield project


def mean(totals: list[Decimal], method: str) -> Decimal | None:
    """To the hundredth, half up; ``trimmed`` without one highest and one lowest."""
    kept = totals[1:-1] if method == "trimmed" and len(totals) >= TRIMMED_FROM else totals
    return (sum(kept) / len(kept)).quantize(Decimal("0.01"), ROUND_HALF_UP) if kept else None


INVARIANTS = [
    Invariant(
        "I11.inspector", "10(4)", "评审和抽取都有纪检人员监督，且不是经办人",
        """SELECT number FROM services_reviewpanel WHERE state IN ('open', 'signing', 'concluded', 'published')
              AND (inspector_id IS NULL OR inspector_seated_at IS NULL OR inspector_id IN (convened_by_id, drafted_by_id))
            UNION SELECT p.number FROM services_reviewpanel p JOIN services_draw d ON d.panel_id = p.id
              WHERE d.operator_id = p.inspector_id
            UNION SELECT draw_id FROM services_draw WHERE state IN ('drawn', 'opened')
              AND (inspector_id IS NULL OR inspector_id = operator_id OR record_hash = '')""",
    ),
    Invariant(
        "I11.source", "10(4)", "每个席位出自一次抽取，或经局领导批准的定向选取",
        """SELECT s.id FROM services_seat s LEFT JOIN services_draw d ON d.id = s.draw_id
            LEFT JOIN services_choice c ON c.id = s.choice_id
            WHERE NOT ((d.id IS NOT NULL AND d.panel_id = s.panel_id AND s.entry_id IS NOT NULL)
              OR (c.id IS NOT NULL AND c.panel_id = s.panel_id AND c.approved_by_id IS NOT NULL AND c.reason <> ''))""",
    ),
    Invariant(
        "I12.seats", "14", "入席的专家抽取时没有回避情形，也没有成立的回避申请",
        f"""SELECT s.id FROM services_seat s JOIN services_poolentry n ON n.id = s.entry_id
              WHERE n.why <> '' OR n.expert_id <> s.expert_id OR n.draw_id <> s.draw_id
            UNION SELECT s.id FROM services_seat s JOIN services_recusalrequest q ON q.panel_id = s.panel_id
              AND q.expert_id = s.expert_id WHERE q.state = 'upheld' AND s.state NOT IN {GONE}""",
    ),
    Invariant(
        "I14.draws", "10(4)", "每场评审至多一次有效抽取，作废有两人签字",
        """SELECT draw_id FROM services_draw d WHERE d.state <> 'aborted' AND EXISTS (SELECT 1 FROM services_draw o
              WHERE o.panel_id = d.panel_id AND o.id <> d.id AND o.state <> 'aborted')
            UNION SELECT draw_id FROM services_draw WHERE state = 'aborted' AND (abort_asked_by_id IS NULL
              OR aborted_by_id IS NULL OR abort_asked_by_id = aborted_by_id OR abort_reason = '')""",
    ),
    Invariant(
        "I15.readers", "10(4)", "名单公开前，整份名单只有纪检人员看过；经办人只看过待答复的单个席位；评委都没有看过",
        """SELECT d.id FROM services_panelreading d JOIN services_reviewpanel p ON p.id = d.panel_id
            WHERE (d.seat_id IS NULL AND (d.reader_id IN (p.drafted_by_id, p.convened_by_id)
                OR EXISTS (SELECT 1 FROM services_draw w WHERE w.panel_id = p.id AND w.operator_id = d.reader_id)))
              OR EXISTS (SELECT 1 FROM services_seat s JOIN experts_expert e ON e.id = s.expert_id
                WHERE s.panel_id = p.id AND e.user_id = d.reader_id)
              OR NOT (EXISTS (SELECT 1 FROM expertteam_historicalrolegrant g WHERE g.user_id = d.reader_id
                  AND (g.role = 'inspector' OR (g.role = 'intake' AND d.seat_id IS NOT NULL))
                  AND g.state = 'active' AND g.history_date <= d.at)
                OR EXISTS (SELECT 1 FROM expertteam_user_groups m JOIN auth_group a ON a.id = m.group_id
                  WHERE m.user_id = d.reader_id
                    AND (a.name = 'inspector' OR (a.name = 'intake' AND d.seat_id IS NOT NULL))))""",
    ),
    Invariant(
        "I15.sealed", "10(4)", "评审结束以前抽取名单没有公开",
        """SELECT d.draw_id FROM services_draw d JOIN services_reviewpanel p ON p.id = d.panel_id
            WHERE (d.state = 'opened' AND (d.opened_at IS NULL OR p.state NOT IN ('published', 'cancelled')
                OR (p.state = 'published' AND (p.concluded_at IS NULL OR d.opened_at < p.concluded_at))))
              OR (d.state <> 'opened' AND d.opened_at IS NOT NULL)""",
    ),
    Invariant(
        "I16.scores", "8(4)", "评分由到场、没有回避的评委在评分时间内给出",
        """SELECT x.id FROM services_scoresheet x JOIN services_seat s ON s.id = x.seat_id
            JOIN services_reviewpanel p ON p.id = x.panel_id
            WHERE x.state = 'submitted' AND (s.signed_in_at IS NULL OR s.panel_id <> x.panel_id
              OR x.submitted_at < p.convened_at OR x.submitted_at > p.closed_at
              OR (s.state IN ('present', 'signed') AND EXISTS (SELECT 1 FROM services_recusal q
                WHERE q.seat_id = s.id AND q.project_id = x.project_id AND q.at < x.submitted_at)))""",
    ),
    Invariant(
        "I16.unchanged", "8(4)", "评分截止后没有改过分数和评语",
        f"""SELECT x.id FROM services_scoresheet x JOIN services_reviewpanel p ON p.id = x.panel_id
            LEFT JOIN services_historicalscoresheet h ON h.history_id = (SELECT MAX(y.history_id)
              FROM services_historicalscoresheet y WHERE y.id = x.id AND y.history_date <= p.closed_at)
            WHERE p.closed_at IS NOT NULL AND (h.history_id IS NULL OR {CHANGED})""",
    ),
    Invariant("I16.result", "8(4)", "得分和是否通过都由有效的评分表算出", misjudged),
    Invariant(
        "I16.ranks", "8(4)", "名次与得分一致",
        """SELECT p.id FROM services_reviewproject p JOIN services_reviewpanel v ON v.id = p.panel_id
            WHERE v.state IN ('signing', 'concluded', 'published') AND (p.rank IS NULL OR EXISTS (
              SELECT 1 FROM services_reviewproject q WHERE q.panel_id = p.panel_id AND q.id <> p.id
                AND ((q.score > p.score AND q.rank >= p.rank)
                  OR (q.score = p.score AND q.first_mark > p.first_mark AND q.rank >= p.rank))))""",
    ),
]  # fmt: skip
