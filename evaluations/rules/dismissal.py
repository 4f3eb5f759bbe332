"""When an expert may be dismissed, only after being heard (Article 12).

Facts in, findings out.  Reaching a threshold opens a case; nobody is dismissed by a count.  The
grounds of Article 12(1), (4), (5) and (6) count nothing: a person looks at each by itself.
"""

from collections.abc import Hashable
from datetime import date, datetime, time

from expertteam.regulation import article

OPENS, CLOSES = time(8), time(18)  # of a day on which somebody may be heard
LIMIT = 3  # 累计3次及以上, items （二） and （三） alike


@article("12(2)")
def attitude_strikes_reached(strikes: list[tuple[date, Hashable]], term_first: date, term_last: date) -> bool:
    """服务态度恶劣，经服务对象多次反馈（累计3次及以上）不满意的

    ``strikes`` are the feedbacks found upheld as *attitude*, each with its day and the key of its
    service.  No window is named, so they add up over the whole term, both its days included, and
    begin anew with the next.  One service counts once; one client may count for several services.
    """
    return len({service for day, service in strikes if term_first <= day <= term_last}) >= LIMIT


@article("12(3)")
def refusals_reached(days: list[date]) -> bool:
    """无正当理由，一年内累计3次及以上不履行工作职责或拒绝工作安排的

    ``days`` are those of refusal or non-performance found *without proper reason*.  We read 一年内
    as any year, not the calendar year: of some three, in whatever order they are given, the last
    lies before the anniversary of the first.  Two on one day are two.
    """
    ordered = sorted(days)
    return any(of_one_year(first, last) for first, last in zip(ordered, ordered[LIMIT - 1 :], strict=False))


@article("12(3)")
def of_one_year(first: date, last: date) -> bool:
    """一年内累计3次及以上: the last of two days lies before the anniversary of the first."""
    return last < _anniversary(first)


@article("12(3)")
def counts_until(day: date) -> date:
    """一年内累计3次及以上: the first day on which an event no longer lies within one year of this one."""
    return _anniversary(day)


@article("12¶2")
def was_heard(told_on: date | None, answered_on: date | None, last_day: date | None, on: date) -> bool:
    """市人社部门在作出解聘决定前，应告知专家相关事实、理由和依据，并听取其陈述和申辩。

    First told: ``told_on`` is the day on which facts, reasons and basis were served.  Then either
    answered, ``answered_on`` being the day of the statement or of a written waiver, or silent until
    the period for it is over: ``last_day`` still belongs to the expert, and lies after the day of
    service.  An answer to what was not yet told is none, nor is one later than ``on``.
    """
    if told_on is None:
        return False
    if answered_on is not None and told_on <= answered_on <= on:
        return True
    return last_day is not None and told_on < last_day < on


@article("12(3)")
def reached_him(kind: str, delivered_at: datetime | None) -> bool:
    """无正当理由……不履行工作职责或拒绝工作安排的: only what he knew of; silence needs the proof that it was delivered.

    Whoever answered, accepted or is said by a person to have failed was reached; ``kind`` as in ``Refusal.Kind``.
    """
    return kind != "lapsed" or delivered_at is not None


@article("12¶2")
def is_over(last_day: date, on: date) -> bool:
    """听取其陈述和申辩: a period belongs to the expert to the end of its last day."""
    return on > last_day


@article("12")
def has_its_facts(ground: str, *, counted: bool, evidence: int, report_upheld: bool) -> bool:
    """有下列情况之一的，经市人社部门确认后予以解聘: each ground with what it rests on.

    (2) and (3) on the ledger, (4), (5) and (6) on evidence or a report found true, (1) on his own dated request.
    """
    if ground in ("12(2)", "12(3)"):
        return counted
    return ground == "12(1)" or evidence > 0 or report_upheld


@article("12¶2")
def is_early_enough(told_on: date, earliest: date, hearing_on: date) -> bool:
    """听取其陈述和申辩: whoever is to be heard in person knows it in time; ``earliest`` is the first lawful day."""
    return told_on < earliest <= hearing_on


@article("12¶2")
def is_office_hour(at: time) -> bool:
    """听取其陈述和申辩: nobody has to come to be heard before work begins or after it has ended."""
    return OPENS <= at < CLOSES


def _anniversary(day: date) -> date:
    """One calendar year later; for 29 February 1 March."""
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 3, 1)
    return day.replace(year=day.year + 1)
