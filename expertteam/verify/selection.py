"""Selection, term and certificate (Articles 3 and 11)."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from expertteam.verify.days import Calendar
from expertteam.verify.invariant import Invariant
from expertteam.verify.rows import ask, day, instant

TAIYUAN = ZoneInfo("Asia/Shanghai")
TERM = 3  # years
ENTRY = """FROM experts_appointment a JOIN recruitment_application p ON p.appointment_id = a.id WHERE a.basis = 'measures'"""
MOVED = """(SELECT h.history_user_id FROM recruitment_historicalapplication h
    WHERE h.id = p.id AND h.state = '{state}' ORDER BY h.history_id DESC LIMIT 1)"""
FIRST_REVIEW, REVIEW = MOVED.format(state="recommended"), MOVED.format(state="approved")
SAID = ["expert_id", "name", "category", "number", "token", "first_day", "last_day", "basis", "decided_by_id"]


def short_notices() -> Iterator[str]:
    """Published notices that end before their days are over, or over days of which nobody knows whether they are worked."""
    calendar = Calendar()
    published = """SELECT id, begins_at, ends_at, days, end_hour FROM recruitment_notice
        WHERE state IN ('published', 'annulled') AND provisional = FALSE"""
    for key, begins, ends, days, hour in ask(published):
        last = calendar.nth(instant(begins).astimezone(TAIYUAN).date(), days)
        if last is None or instant(ends) < datetime.combine(last, time(hour), TAIYUAN):
            yield key


def long_terms() -> Iterator[str]:
    """Terms that reach the third anniversary of their first day."""
    for number, first, last in ask("SELECT number, first_day, last_day FROM experts_appointment"):
        if day(last) > end_of_term(day(first)):
            yield number


def end_of_term(first: date) -> date:
    """The day before the anniversary; 28 February where that year has no 29th."""
    if (first.month, first.day) == (2, 29):
        return date(first.year + TERM, 2, 28)
    return first.replace(year=first.year + TERM) - timedelta(days=1)


INVARIANTS = [
    Invariant(
        "I1.application", "11", "每份按本办法的聘书都出自本人的报名",
        """SELECT a.number FROM experts_appointment a WHERE a.basis = 'measures' AND NOT EXISTS (
            SELECT 1 FROM recruitment_application p JOIN experts_expert e ON e.id = a.expert_id
            WHERE p.appointment_id = a.id AND p.applicant_id = e.user_id AND p.state = 'appointed')""",
    ),
    Invariant(
        "I1.former", "15", "按原文件的聘期在本办法施行前开始，出自两个人看过的导入，一天不差；没有别的依据",
        """SELECT a.number FROM experts_appointment a WHERE a.basis NOT IN ('measures', 'former') OR (
            a.basis = 'former' AND (a.first_day >= '2026-02-01' OR NOT EXISTS (
              SELECT 1 FROM recruitment_formerrow r JOIN recruitment_formerimport i ON i.id = r.source_id
              JOIN experts_expert e ON e.user_id = r.account_key
              WHERE e.id = a.expert_id AND r.outcome = 'new' AND r.number = a.number
                AND r.first_day = a.first_day AND r.last_day = a.last_day
                AND i.state = 'taken' AND i.taken_by_id = a.decided_by_id AND i.taken_by_id <> i.read_by_id)))""",
    ),
    Invariant(
        "I1.notice", "11", "聘任决定在公示届满之后，公示已发布、没有撤销、末日不是暂定",
        f"""SELECT a.number {ENTRY} AND NOT EXISTS (
            SELECT 1 FROM recruitment_candidate c JOIN recruitment_notice n ON n.id = c.notice_id
            WHERE c.application_id = p.id AND n.state = 'published' AND n.provisional = FALSE
              AND n.released_at <= n.begins_at AND n.begins_at < n.ends_at AND n.ends_at <= a.decided_at)""",
    ),
    Invariant("I1.period", "11", "公示满载明的工作日，每一天是否上班都有依据", short_notices),
    Invariant(
        "I1.objection", "11", "聘任时没有未办结或成立的异议",
        f"""SELECT a.number {ENTRY} AND EXISTS (
            SELECT 1 FROM recruitment_objection o JOIN recruitment_candidate c ON c.notice_id = o.notice_id
            WHERE c.application_id = p.id AND (o.candidate_id IS NULL OR o.candidate_id = c.id)
              AND o.counts = TRUE AND o.received_at <= a.decided_at
              AND (o.state NOT IN ('decided', 'answered') OR o.upheld = TRUE))""",
    ),
    Invariant(
        "I1.people", "11", "初审、审核、决定由三个人办理，都不是本人",
        f"""SELECT number FROM (SELECT a.number, p.applicant_id AS own, a.decided_by_id AS leader,
            {FIRST_REVIEW} AS first_review, {REVIEW} AS review {ENTRY}) t
            WHERE first_review IS NULL OR review IS NULL OR first_review = review OR review = leader
               OR first_review = leader OR own IN (first_review, review, leader)""",
    ),
    Invariant(
        "I4.overlap", "3", "同一人的聘期不重叠",
        """SELECT a.number FROM experts_appointment a JOIN experts_appointment b
            ON b.expert_id = a.expert_id AND b.id > a.id AND b.first_day <= a.last_day AND b.last_day >= a.first_day
            WHERE (a.void_from IS NULL OR a.void_from > b.first_day)
              AND (b.void_from IS NULL OR b.void_from > a.first_day)""",
    ),
    Invariant(
        "I4.length", "3", "聘期有始有终，类别在第五条八项之内",
        """SELECT number FROM experts_appointment
            WHERE last_day <= first_day OR category < 1 OR category > 8""",
    ),
    Invariant("I4.years", "3", "聘期不超过三年", long_terms),
    Invariant(
        "I6.number", "11", "每个聘期一份聘书，编号和核验码不重复",
        """SELECT number FROM experts_appointment GROUP BY number HAVING COUNT(*) > 1
            UNION SELECT token FROM experts_appointment GROUP BY token HAVING COUNT(*) > 1""",
    ),
    Invariant(
        "I6.certificate", "11", "聘书颁发后写明的内容没有改过，失效日期只加过一次",
        f"""SELECT a.number FROM experts_appointment a JOIN experts_historicalappointment h ON h.id = a.id
            WHERE {" OR ".join(f"h.{each} <> a.{each}" for each in SAID)}
              OR (h.void_from IS NOT NULL AND (a.void_from IS NULL OR a.void_from <> h.void_from))""",
    ),
]  # fmt: skip
