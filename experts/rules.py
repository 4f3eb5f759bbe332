"""Who is an expert, for how long, and what outlives the term (Articles 3, 4, 11 and 15)."""

from datetime import date, timedelta
from enum import StrEnum

from expertteam.regulation import IN_FORCE, article

TERM_YEARS = 3
CATEGORY_NAMES = {  # the eight items of Article 5, in short
    1: "成功创业者",
    2: "职业经理人与专业技术人员",
    3: "高校与科研院所专家",
    4: "金融与投资专家",
    5: "机关事业单位人员",
    6: "创业培训讲师",
    7: "创业载体与劳务品牌",
    8: "其他突出贡献人士",
}
WARNINGS = (30, 90, 180)  # days before the last day; ours, the Measures name none


class Status(StrEnum):
    """What a certificate is worth on a given day."""

    UPCOMING = "upcoming"
    VALID = "valid"
    ENDED = "ended"
    VOID = "void"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Status.UPCOMING: "尚未生效",
    Status.VALID: "有效",
    Status.ENDED: "聘期已满",
    Status.VOID: "已不再聘任",
}


@article("3")
def last_day(first_day: date) -> date:
    """创业就业专家每届聘期为三年，聘期届满后聘任关系自动终止。

    The last day on which the appointment holds: the day before the third anniversary.  A term
    that begins on 29 February has no such anniversary and ends on 28 February.
    """
    year = first_day.year + TERM_YEARS
    if (first_day.month, first_day.day) == (2, 29):
        return date(year, 2, 28)
    return first_day.replace(year=year) - timedelta(days=1)


@article("3")
def warning_due(last_day: date, on: date) -> int | None:
    """聘期届满后聘任关系自动终止，可按程序重新组织选聘: so it is announced half a year, a quarter and a month before.

    The stage (days before the end) whose warning is due, the latest one reached; ``None`` before the first.
    """
    left = (last_day - on).days
    return next((days for days in WARNINGS if left <= days), None)


@article("3", "11")
def certificate_status(first_day: date, last_day: date, void_from: date | None, on: date) -> Status:
    """聘期届满后聘任关系自动终止……统一颁发聘书，每届聘期为3年。

    Both days of the term belong to it.  ``void_from`` is the first day without the appointment
    when it was ended early; once the term has run out by itself, nothing is left to end.
    """
    if void_from and void_from <= min(on, last_day):
        return Status.VOID
    if on > last_day:
        return Status.ENDED
    return Status.VALID if on >= first_day else Status.UPCOMING


@article("4")
def confidence_binds(pledged_on: date | None, on: date) -> bool:
    """商业秘密承担保密义务，该义务不因专家聘期的终止而解除。

    From the day of the undertaking for ever; the term is deliberately not an argument.
    """
    return pledged_on is not None and pledged_on <= on


@article("15")
def outlives_measures(last_day: date) -> bool:
    """本办法自2026年2月1日起施行，有效期5年。

    A term may run past 31 January 2031; whoever appoints is told, nothing is shortened.
    """
    return last_day > IN_FORCE[1]
