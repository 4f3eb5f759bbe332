"""Who stands in the pool of a draw, and why not (Articles 3, 4, 10(4) and 14)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from experts.rules import Interest, Tie, related
from expertteam.regulation import article

ROTATION = timedelta(days=90)
WHY = {Tie.EMPLOYER: "employer", Tie.INVESTMENT: "investor", Tie.KIN: "relative"}
ORDER = [Tie.EMPLOYER, Tie.INVESTMENT, Tie.KIN]


@article("14")
def tie_to(interests: Iterable[Interest], *, name: str, code: str, on: date) -> tuple[str, str] | None:
    """专家对其辅导对象进行直接或间接投资……: whoever has a post, a stake or a relative there does not judge it either.

    ``name`` and ``code`` of one party.  Reason and words of the weightiest tie, or None.
    """
    known = list(interests)
    for tie in ORDER:
        own = [each for each in known if each.tie == tie]
        if words := related(own, name=name, enterprise=name, code=code, on=on):
            return WHY[tie], words
    return None


@article("10(4)")
def away(day: date, terms: Iterable[tuple[date, date, date | None]], pauses: Iterable[tuple[date, date | None]]) -> str:
    """项目评审由……选取: nobody is selected for a day on which he is not in term, or takes nothing on.

    Terms as first day, last day, first day void; pauses as first and last day, inclusive.  In words, empty when he can.
    """
    if not any(first <= day <= last and (void is None or day < void) for first, last, void in terms):
        return "评审那天聘期已满"
    if any(first <= day and (last is None or day <= last) for first, last in pauses):
        return "评审那天暂停接单"
    return ""


@article("10(4)")
def rotated_out(starts_at: datetime, earlier: Sequence[datetime], cap: int) -> bool:
    """项目评审由……选取: not the same few people each time; so many reviews within ninety days are enough.

    ``earlier``: when the reviews of this person begin.
    """
    return sum(timedelta(0) <= starts_at - each < ROTATION for each in earlier) >= cap


@article("10(4)")
def taken(starts_at: datetime, ends_at: datetime, busy: Iterable[tuple[datetime, datetime]]) -> bool:
    """项目评审由……选取: who is engaged at that time cannot come; where one engagement ends the next may begin."""
    return any(begins < ends_at and ends > starts_at for begins, ends in busy)
