"""Who was appointed: one of the eight kinds of people, with what the text asks of it (Articles 5 and 6)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from expertteam.verify.invariant import Invariant
from expertteam.verify.rows import ask, day

FOUR_YEARS = 48  # different calendar months
IN_THE_FIELD = (4, 5, 6, 7)  # the items that ask for four years of the work they name
CARRIERS = 7  # and this one some of it as manager or head of department
APPOINTED = """FROM experts_appointment a JOIN recruitment_application p ON p.appointment_id = a.id
    WHERE a.basis = 'measures'"""
TITLED = "p.title_level IN ('middle', 'associate', 'full')"
LICENSED = """EXISTS (SELECT 1 FROM recruitment_document d WHERE d.application_id = p.id
    AND d.kind = 'practising_licence' AND d.state = 'verified' AND d.replaced_at IS NULL)"""


def months(periods: Iterable[tuple], on: date) -> int:
    """How many different calendar months they cover, until that day."""
    spans = ((day(first), min(day(last) or on, on)) for first, last, *_ in periods)
    return len({n for a, b in spans for n in range(a.year * 12 + a.month, b.year * 12 + b.month + 1)})


def inexperienced() -> Iterator[str]:
    """Certificates of people with less than four years of work, or of the work that their item of Article 5 names."""
    worked = defaultdict(list)
    for key, *period in ask("SELECT application_id, first, last, in_field, managed FROM recruitment_workperiod"):
        worked[key].append(period)
    for number, key, category, on in ask(f"SELECT a.number, p.id, a.category, DAY(a.decided_at) {APPOINTED}"):
        periods, on = worked[key], day(on)
        near = [period for period in periods if period[2]]
        enough = months(periods, on) >= FOUR_YEARS
        if category in IN_THE_FIELD:
            enough = enough and months(near, on) >= FOUR_YEARS
        if category == CARRIERS:
            enough = enough and any(period[3] for period in near)
        if not enough:
            yield number


INVARIANTS = [
    Invariant(
        "I2.evidence", "5", "每位受聘人报的类别就是聘任的类别，有核验过的证明材料",
        f"""SELECT a.number {APPOINTED} AND (p.category IS NULL OR p.category <> a.category OR NOT EXISTS (
            SELECT 1 FROM recruitment_document d
            WHERE d.application_id = p.id AND d.state = 'verified' AND d.replaced_at IS NULL))""",
    ),
    Invariant("I2.years", "6(2)", "受聘人有四年以上工作经历，第五条写明四年的做满四年", inexperienced),
    Invariant(
        "I2.title", "5", "专业人员有中级以上职称或执业资格，专家学者有讲师以上职称",
        f"""SELECT a.number {APPOINTED} AND (
            (a.category = 2 AND p.profession <> 'manager' AND NOT {TITLED} AND NOT {LICENSED})
            OR (a.category = 3 AND NOT {TITLED}))""",
    ),
    Invariant(
        "I2.judged", "6", "人工核实的条件没有一项不符合，也不是本人核实的",
        f"""SELECT a.number {APPOINTED} AND EXISTS (SELECT 1 FROM recruitment_judgement j
            WHERE j.application_id = p.id AND (j.met = FALSE OR j.by_id = p.applicant_id))""",
    ),
]  # fmt: skip
