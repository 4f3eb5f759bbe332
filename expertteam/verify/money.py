"""Pay (Article 13)."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator

from expertteam.verify.invariant import Invariant
from expertteam.verify.rows import ask, clear, hundredths

PAID = "('released', 'settled')"
MINE = "l.batch_id = p.batch_id AND c.expert_id = p.expert_id AND c.income = p.income"
TOLD = f"""SELECT p.batch_id, a.holder, a.number, a.bank, a.branch, p.amount, p.reference
    FROM payments_payout p JOIN payments_bankaccount a ON a.id = p.account_id
    JOIN payments_batch b ON b.id = p.batch_id WHERE b.state IN {PAID} ORDER BY p.reference"""


def other_files() -> Iterator[str]:
    """Batches of which the bank would now be told something else than when they were released."""
    rows = defaultdict(list)
    for batch, holder, number, bank, branch, amount, reference in ask(TOLD):
        place = len(rows[batch]) + 1
        rows[batch].append([str(place), holder, clear(number), bank, branch, str(hundredths(amount)), reference])
    for key, batch, digest in ask(f"SELECT id, number, digest FROM payments_batch WHERE state IN {PAID}"):
        if hashlib.sha256(json.dumps(rows[key], ensure_ascii=False).encode()).hexdigest() != digest:
            yield batch


INVARIANTS = [
    Invariant(
        "I21.once", "13", "每项工作至多一笔有效明细，来源不重复",
        """SELECT claim_id FROM payments_line WHERE live = TRUE GROUP BY claim_id HAVING COUNT(*) > 1
            UNION SELECT MIN(id) FROM payments_claim WHERE service_id IS NOT NULL GROUP BY service_id HAVING COUNT(*) > 1
            UNION SELECT MIN(id) FROM payments_claim WHERE seat_id IS NOT NULL GROUP BY seat_id HAVING COUNT(*) > 1""",
    ),
    Invariant(
        "I21.paid_once", "13", "每项工作到手的钱不超过一次：扣除退回和冲销，只剩一笔",
        f"""SELECT c.id FROM payments_claim c WHERE (
            SELECT COUNT(*) FROM payments_line l JOIN payments_batch b ON b.id = l.batch_id
            WHERE l.claim_id = c.id AND b.state IN {PAID} AND l.reverses_id IS NULL
              AND NOT EXISTS (SELECT 1 FROM payments_line r WHERE r.reverses_id = l.id)
              AND NOT EXISTS (SELECT 1 FROM payments_payout p JOIN payments_bankresult x ON x.payout_id = p.id
                  WHERE {MINE} AND x.paid = FALSE)) > 1""",
    ),
    Invariant(
        "I21.schedule", "13", "按服务那天执行的标准计价",
        """SELECT l.id FROM payments_line l JOIN payments_claim c ON c.id = l.claim_id
            JOIN payments_rateschedule s ON s.id = l.schedule_id JOIN payments_rate r ON r.id = l.rate_id
            WHERE r.schedule_id <> s.id OR r.kind <> c.activity OR r.amount IS NULL OR s.effective_from > c.day
              OR s.state NOT IN ('provisional', 'confirmed')""",
    ),
    Invariant(
        "I21.chain", "13", "报酬标准前后相接，没有空档和重叠",
        """SELECT s.id FROM payments_rateschedule s LEFT JOIN payments_rateschedule b ON b.id = s.supersedes_id
            WHERE s.state <> 'dropped' AND (
              (s.supersedes_id IS NOT NULL AND (b.scope <> s.scope OR b.effective_from >= s.effective_from))
              OR EXISTS (SELECT 1 FROM payments_rateschedule o WHERE o.scope = s.scope AND o.id <> s.id
                  AND o.state <> 'dropped' AND o.effective_from = s.effective_from))""",
    ),
    Invariant(
        "I22.reversal", "13", "冲销和原笔相抵为零",
        """SELECT r.id FROM payments_line r JOIN payments_line o ON o.id = r.reverses_id
            WHERE ROUND(r.amount + o.amount, 2) <> 0 OR r.claim_id <> o.claim_id OR o.live = TRUE""",
    ),
    Invariant(
        "I23.people", "13", "制表、复核、发放是三个人，都不是领款人，也没有经手收款账户",
        f"""SELECT DISTINCT b.number FROM payments_batch b LEFT JOIN payments_payout p ON p.batch_id = b.id
            LEFT JOIN experts_expert e ON e.id = p.expert_id LEFT JOIN payments_bankaccount a ON a.id = p.account_id
            WHERE b.state IN {PAID} AND (b.checked_by_id IS NULL OR b.released_by_id IS NULL
              OR b.made_by_id IN (b.checked_by_id, b.released_by_id) OR b.checked_by_id = b.released_by_id
              OR e.user_id IN (b.made_by_id, b.checked_by_id, b.released_by_id)
              OR a.entered_by_id IN (b.made_by_id, b.checked_by_id, b.released_by_id)
              OR a.confirmed_by_id IN (b.made_by_id, b.checked_by_id, b.released_by_id))""",
    ),
    Invariant(
        "I23.account", "13", "钱付到本人经第二人核实、过了观察期的账户",
        f"""SELECT p.reference FROM payments_payout p JOIN payments_batch b ON b.id = p.batch_id
            JOIN payments_bankaccount a ON a.id = p.account_id WHERE b.state IN {PAID} AND (a.expert_id <> p.expert_id
              OR a.confirmed_by_id IS NULL OR a.confirmed_by_id = a.entered_by_id OR a.usable_from > b.released_at)""",
    ),
    Invariant(
        "I24.sums", "13", "明细、发放、批次三处相等",
        f"""SELECT b.number FROM payments_batch b WHERE b.state IN {PAID} AND (
            ABS(b.gross - (SELECT COALESCE(SUM(p.gross), 0) FROM payments_payout p WHERE p.batch_id = b.id)) > 0.004
            OR ABS(b.paid_out - (SELECT COALESCE(SUM(p.amount), 0) FROM payments_payout p WHERE p.batch_id = b.id)) > 0.004
            OR ABS(b.gross - b.tax - b.paid_out) > 0.004)
            UNION SELECT p.reference FROM payments_payout p JOIN payments_batch b ON b.id = p.batch_id
            WHERE b.state IN {PAID} AND NOT EXISTS (SELECT 1 FROM payments_line l JOIN payments_claim c
                ON c.id = l.claim_id WHERE {MINE} AND l.net = TRUE)
              AND ABS(p.gross - (SELECT COALESCE(SUM(l.amount), 0) FROM payments_line l JOIN payments_claim c
                ON c.id = l.claim_id WHERE {MINE})) > 0.004""",
    ),
    Invariant("I24.file", "13", "银行代发文件的内容与发放时的指纹一致", other_files, sealed=True),
    Invariant(
        "I24.references", "13", "支付参考号不重复，银行结果和参考号、金额一致",
        """SELECT reference FROM payments_payout GROUP BY reference HAVING COUNT(*) > 1
            UNION SELECT p.reference FROM payments_bankresult x JOIN payments_payout p ON p.id = x.payout_id
              JOIN payments_returnrow r ON r.id = x.row_id
            WHERE r.reference <> p.reference OR ABS(r.amount - p.amount) > 0.004 OR r.paid <> x.paid""",
    ),
    Invariant(
        "I25.work", "13", "只为已确认、在聘期内的工作付钱",
        f"""SELECT c.id FROM payments_claim c JOIN payments_line l ON l.claim_id = c.id
            JOIN payments_batch b ON b.id = l.batch_id LEFT JOIN services_service s ON s.id = c.service_id
            WHERE b.state IN {PAID} AND (
              (c.service_id IS NOT NULL AND (s.state NOT IN ('confirmed', 'verified', 'ruled') OR s.expert_id <> c.expert_id))
              OR NOT EXISTS (SELECT 1 FROM experts_appointment a WHERE a.expert_id = c.expert_id
                AND a.first_day <= c.day AND a.last_day >= c.day AND (a.void_from IS NULL OR a.void_from > c.day)))""",
    ),
]  # fmt: skip
