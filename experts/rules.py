"""Who is an expert, for how long, what outlives the term, and whom he has to avoid (Articles 3, 4, 11, 14 and 15)."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

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
WARNINGS = (30, 60, 90, 180)  # days before the last day; ours, the Measures name none


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
    """聘期届满后聘任关系自动终止，可按程序重新组织选聘: so it is announced 180, 90, 60 and 30 days before.

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


class Tie(StrEnum):
    """How an expert can be bound to somebody whom he might advise."""

    INVESTMENT = "investment"
    EMPLOYER = "employer"
    KIN = "kin"


class Interest(NamedTuple):
    """One declared tie: to whom, and both its days inclusive; None where it has no beginning or no end yet."""

    tie: str
    name: str
    code: str = ""
    begins_on: date | None = None
    ends_on: date | None = None
    detail: str = ""


AFTER_EMPLOYMENT = 3  # years; ours, the Measures name none
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
ENDINGS = ("有限责任公司", "有限公司")


@article("14")
def related(
    interests: Iterable[Interest], *, name: str = "", enterprise: str = "", code: str = "", on: date
) -> str | None:
    """专家对其辅导对象进行直接或间接投资，或从事任何超出其职责范围的活动，由此产生的一切经济与法律后果，由专家自行承担。

    Investing is no offence and is not refused; but nobody is sent to, or judges, a firm in which he has a stake
    or a post, a firm that he left less than three years ago, or a relative.  The words of the first such tie, or None.
    """
    for each in interests:
        if each.tie == Tie.KIN:
            if plain(name) and plain(each.name) == plain(name):
                return f"申报的亲属（{each.detail}）" if each.detail else "申报的亲属"
        elif same_firm(each, enterprise, code) and (words := binding(each, on)):
            return words
    return None


@article("14")
def binding(interest: Interest, on: date) -> str | None:
    """专家对其辅导对象进行直接或间接投资……由此产生的一切经济与法律后果，由专家自行承担。

    A stake binds while it lasts, an employment also for three years after its last day.
    """
    if interest.begins_on and on < interest.begins_on:
        return None
    if interest.ends_on is None or on <= interest.ends_on:
        return "投资或持股对方企业" if interest.tie == Tie.INVESTMENT else "在对方企业任职"
    if interest.tie == Tie.EMPLOYER and on <= anniversary(interest.ends_on, AFTER_EMPLOYMENT):
        left = interest.ends_on
        return f"曾在对方企业任职，{left.year}年{left.month}月{left.day}日离开，未满三年"
    return None


@article("14")
def same_firm(interest: Interest, enterprise: str, code: str) -> bool:
    """专家对其辅导对象进行直接或间接投资: which firm is meant, its credit code says best.

    Where one of the two has none, the names decide.
    """
    if interest.code and code:
        return plain(interest.code) == plain(code)
    firm = plain_firm(enterprise)
    return bool(firm) and plain_firm(interest.name) == firm


def plain(text: str) -> str:
    """Letters, digits and characters alone: width, case, blanks and brackets undone."""
    return "".join(each for each in text.translate(FULL_WIDTH) if each.isalnum()).upper()


def plain_firm(name: str) -> str:
    """A firm's name without the ending that people leave out or write in two ways."""
    short = plain(name)
    for ending in ENDINGS:
        short = short.removesuffix(ending)
    return short


def anniversary(day: date, years: int) -> date:
    """The same day so many years later; of 29 February the day before 1 March."""
    if (day.month, day.day) == (2, 29):
        return date(day.year + years, 2, 28)
    return day.replace(year=day.year + years)
