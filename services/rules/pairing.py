"""结对帮扶和持续跟踪 (Article 8(2))."""

from collections.abc import Iterable
from datetime import date, timedelta

from expertteam.regulation import article

NEAR = timedelta(days=3)  # before the due day
HALF_A_YEAR = 6  # months


@article("8(2)")
def form_of(members: int) -> str:
    """开展“一对一”或“一对多”结对帮扶: by the number of founders who take part."""
    return "一对一" if members == 1 else "一对多"


@article("8(2)")
def why_not_paired(
    commissioned_on: Iterable[date | None], starts_on: date, ends_on: date, term: tuple[date, date] | None
) -> tuple[str, str] | None:
    """可根据需要，接受创业者委托，开展“一对一”或“一对多”结对帮扶: nobody is helped who did not ask for it.

    Each founder has given his commission by the first day, and (Article 3, 聘期届满后聘任关系自动终止)
    the whole pairing lies within the term of the expert.  The reason and its article, or ``None``.
    """
    commissions = list(commissioned_on)
    if not commissions:
        return "结对要有至少1位创业者", "8(2)"
    if any(day is None or day > starts_on for day in commissions):
        return "有创业者还没有委托，不能结对", "8(2)"
    if ends_on <= starts_on:
        return "结束日期要晚于开始日期", "8(2)"
    if term is None or starts_on < term[0] or ends_on > term[1]:
        return "结对的时间超出了专家的聘期", "3"
    return None


@article("8(2)")
def next_contact_due(starts_on: date, contacts: Iterable[date], cadence_days: int) -> date:
    """并提供持续跟踪服务: the last day for the next contact, counted from the latest one, at first from the beginning.

    The Measures name no interval; the two sides agree on one when they are paired.  A contact
    before the beginning does not count.
    """
    return max([starts_on, *contacts]) + timedelta(days=cadence_days)


@article("8(2)")
def contact_is_overdue(due: date, ends_on: date, on: date) -> bool:
    """并提供持续跟踪服务: the due day has passed; none is due after the last day of the pairing."""
    return due < on and due <= ends_on


@article("8(2)")
def contact_is_near(due: date, ends_on: date, on: date) -> bool:
    """并提供持续跟踪服务: the expert is reminded from three days before the due day on, as long as the pairing lasts."""
    return due - NEAR <= on and due <= ends_on


@article("8(2)")
def followed_for_half_a_year(starts_on: date, until: date) -> bool:
    """并提供持续跟踪服务: both days included, six whole months by the calendar: 2026-03-02 to 2026-09-01.

    Where the sixth month has no such day it is whole with its last one: 2026-08-31 to 2027-02-28.
    """
    months = starts_on.month + HALF_A_YEAR
    month_ends = first_of(starts_on.year, months + 1) - timedelta(days=1)
    short = starts_on.day > month_ends.day
    return until >= (month_ends if short else month_ends.replace(day=starts_on.day) - timedelta(days=1))


def first_of(year: int, month: int) -> date:
    """The first day of that month, the thirteenth being January of the next year."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
