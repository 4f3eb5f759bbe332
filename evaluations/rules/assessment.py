"""年度评价: from a year's facts to points, line by line, and from the points to a grade (Article 10(1)).

``scheme`` is what ``annual_scheme.toml`` holds under ``data``: points and percents are text, reckoned as decimals.
Each line is rounded to 0.01 point, half up; the total is the sum of the lines as they stand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple

from expertteam.regulation import article

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
TERM_GOOD = Decimal(80)  # of a whole term; the Measures name no number


class Standing(StrEnum):
    """等次 of a year."""

    EXCELLENT = "excellent"
    GOOD = "good"
    ADEQUATE = "adequate"
    FAILED = "failed"
    UNDETERMINED = "undetermined"


class Line(NamedTuple):
    """One line of the sheet: its dimension, how its points come about in words, the points; whether to look twice."""

    dimension: str
    words: str
    points: Decimal
    flagged: bool = False


@dataclass(frozen=True)
class Facts:
    """What is known of one expert and year; ``counts`` by the keys of the scheme's items.

    ``samples`` are the points of records that were looked at; ``bureau_mean`` and ``bureau_sample`` what all experts
    together have, None where there is nothing; ``vetoes`` say why the year fails whatever the points.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    minutes: int = 0
    ratings: Mapping[int, int] = field(default_factory=dict)
    samples: Sequence[Decimal] = ()
    bureau_mean: Decimal | None = None
    bureau_sample: Decimal | None = None
    days: int = 365
    year_days: int = 365
    upheld: int = 0
    invited: bool = True
    vetoes: Sequence[str] = ()
    adjustment: Decimal = Decimal(0)


def rounded(points: Decimal) -> Decimal:
    """To the hundredth, half up; nothing taken off is plain nothing, not minus nothing."""
    return points.quantize(CENT, ROUND_HALF_UP) + 0


def short(number: Decimal) -> str:
    """Without zeros that say nothing: 15, 0.5."""
    return f"{number.normalize():f}"


@article("10(1)")
def mean_satisfaction(ratings: Mapping[int, int], scheme: dict) -> Decimal | None:
    """根据服务对象满意度等对专家的工作实绩进行动态评估: the exact mean of 100 (很满意) down to 0; None without a rating."""
    count = sum(ratings.values())
    if not count:
        return None
    return sum(Decimal(scheme["ratings"][str(grade)]) * many for grade, many in ratings.items()) / count


@article("10(1)")
def sheet(facts: Facts, scheme: dict) -> list[Line]:
    """根据创业就业服务工作量，根据服务对象满意度等对专家的工作实绩进行动态评估: every line with what it is made of.

    What a dimension's items give above its most, or below nothing, is taken off or given back in a line of its own.
    """
    lines = []
    for dimension in scheme["dimensions"]:
        name, most = dimension["name"], Decimal(dimension["most"])
        own = [Line(name, f"起评{base}分", rounded(Decimal(base)))] if (base := dimension.get("base")) else []
        own += [KINDS.get(item["key"], counted)(name, item, facts, scheme) for item in dimension["items"]]
        points = sum(line.points for line in own)
        if points > most:
            own.append(Line(name, f"{name}最高{short(most)}分", rounded(most - points)))
        elif points < 0:
            own.append(Line(name, "扣完为止", -points))
        lines += own
    return lines + ([Line("复核调整", "纪检复核后调整", rounded(facts.adjustment))] if facts.adjustment else [])


def counted(dimension: str, item: dict, facts: Facts, scheme: dict) -> Line:
    """So many times so many points, up to the item's most."""
    count, each = facts.counts.get(item["key"], 0), Decimal(item["each"])
    so_many = f"{item['name']}{count}{item['unit']}"
    if each < 0:
        return Line(dimension, f"{so_many}，每{item['unit']}扣{short(-each)}分", rounded(each * count))
    return Line(dimension, f"{so_many} × {short(each)}分{at_most(item)}", capped(each * count, item))


def hours(dimension: str, item: dict, facts: Facts, scheme: dict) -> Line:
    """Minutes count in proportion."""
    whole, rest = divmod(facts.minutes, 60)
    length = f"{whole}小时{rest}分钟" if rest else f"{whole}小时"
    each = Decimal(item["each"])
    words = f"{item['name']}{length} × 每小时{short(each)}分{at_most(item)}"
    return Line(dimension, words, capped(each * facts.minutes / 60, item))


def satisfaction(dimension: str, item: dict, facts: Facts, scheme: dict) -> Line:
    """The mean as a share of the most; of too few ratings the bureau's mean stands in, and the line is flagged."""
    count, fewest = sum(facts.ratings.values()), scheme["fewest_ratings"]
    mean, most = mean_satisfaction(facts.ratings, scheme), Decimal(item["most"])
    said = f"{item['name']}{count}条，"
    if few := count < fewest:
        mean, said = facts.bureau_mean, f"{said}不足{fewest}条，按全局平均"
        if mean is None:
            mean, said = Decimal(scheme["unknown_percent"]), f"{item['name']}{count}条，不足{fewest}条，全局也没有，按"
    else:
        said += "平均"
    return Line(dimension, f"{said}{rounded(mean)}分 × {short(most)}%", rounded(mean * most / HUNDRED), few)


def quality(dimension: str, item: dict, facts: Facts, scheme: dict) -> Line:
    """The mean of what was sampled; of whom nothing was sampled the bureau's mean stands in, and the line is flagged."""
    most, count = Decimal(item["most"]), len(facts.samples)
    if count:
        mean = sum(facts.samples) / count
        return Line(dimension, f"{item['name']}{count}份，平均{rounded(mean)}分{at_most(item)}", capped(mean, item))
    if facts.bureau_sample is not None:
        words = f"没有{item['name']}，按全局平均{rounded(facts.bureau_sample)}分{at_most(item)}"
        return Line(dimension, words, capped(facts.bureau_sample, item), flagged=True)
    percent = Decimal(scheme["unknown_percent"])
    words = f"全局没有{item['name']}，按{short(most)}分的{short(percent)}%"
    return Line(dimension, words, rounded(most * percent / HUNDRED), flagged=True)


KINDS = {"hours": hours, "satisfaction": satisfaction, "quality": quality}


def capped(points: Decimal, item: dict) -> Decimal:
    return rounded(min(points, Decimal(item["most"])) if "most" in item else points)


def at_most(item: dict) -> str:
    return f"，最高{short(Decimal(item['most']))}分" if "most" in item else ""


@article("10(1)")
def total(lines: Sequence[Line]) -> Decimal:
    """对专家的工作实绩进行动态评估: the sum of the lines, each already rounded."""
    return sum((line.points for line in lines), Decimal("0.00"))


@article("10(1)")
def enough_work(sessions: int, minutes: int, days: int, year_days: int, scheme: dict) -> bool:
    """根据创业就业服务工作量……进行动态评估: sessions or minutes reach the year's least, in proportion to the days in office."""
    few_sessions = sessions * year_days < scheme["minimum_sessions"] * days
    return not (few_sessions and minutes * year_days < scheme["minimum_minutes"] * days)


@article("10(1)")
def standing(points: Decimal, facts: Facts, scheme: dict) -> Standing:
    """对专家的工作实绩进行动态评估: the grade.

    A veto fails the year whatever else; whoever was never asked for anything has none; too little work is adequate at
    most; a poor rating found right keeps from the highest.  The quota of the highest is a warning, never a bar.
    """
    if facts.vetoes:
        return Standing.FAILED
    if not facts.invited:
        return Standing.UNDETERMINED
    if points < Decimal(scheme["adequate"]):
        return Standing.FAILED
    if not worked_enough(facts, scheme):
        return Standing.ADEQUATE
    if points >= Decimal(scheme["excellent"]) and not facts.upheld:
        return Standing.EXCELLENT
    return Standing.GOOD if points >= Decimal(scheme["good"]) else Standing.ADEQUATE


def worked_enough(facts: Facts, scheme: dict) -> bool:
    return enough_work(facts.counts.get("sessions", 0), facts.minutes, facts.days, facts.year_days, scheme)


@article("10(1)")
def remarks(points: Decimal, facts: Facts, scheme: dict) -> list[str]:
    """对专家的工作实绩进行动态评估: in words, whatever beside the points has made the grade what it is."""
    said = [f"{veto}，年度评价不合格" for veto in facts.vetoes]
    if not facts.invited:
        return [*said, "这一年没有安排过工作，不定等次"]
    if not worked_enough(facts, scheme):
        least = Decimal(facts.days) / facts.year_days
        sessions, length = rounded(scheme["minimum_sessions"] * least), rounded(scheme["minimum_minutes"] * least / 60)
        said.append(
            f"在聘{facts.days}天，最低工作量折算为{short(sessions)}次或{short(length)}小时，没有达到，最高评为合格"
        )
    if facts.upheld:
        said.append(f"有{facts.upheld}条差评认定成立，不能评为优秀")
    return said


@article("10(1)")
def over_quota(excellent: int, assessed: int, scheme: dict) -> bool:
    """优秀的给予表彰: more of the highest grade than the scheme's share of all who have a grade."""
    return excellent * 100 > scheme["quota_percent"] * assessed


@article("10(1)")
def term_mean(points: Sequence[Decimal]) -> Decimal | None:
    """对专家的工作实绩进行动态评估: the end-of-term summary, the mean of the years; None without a year."""
    return rounded(sum(points) / len(points)) if points else None


@article("3", "10(1)")
def well_assessed(years: Sequence[tuple[Decimal, str]]) -> bool:
    """成绩突出、成效显著的予以续聘: ``years`` are points and grade of each year; for whoever decides to weigh, no bar.

    The mean is 80 or more, or no year failed and one was excellent.  Years without a grade are left out.
    """
    graded = [(points, grade) for points, grade in years if grade != Standing.UNDETERMINED]
    mean = term_mean([points for points, _ in graded])
    if mean is None:
        return False
    grades = {grade for _, grade in graded}
    return mean >= TERM_GOOD or (Standing.FAILED not in grades and Standing.EXCELLENT in grades)


@article("10(1)")
def wrong_scheme(scheme: dict) -> str:
    """对专家的工作实绩进行动态评估: what a scheme says that cannot be meant, in words; empty where it can be worked by."""
    ratings = [Decimal(scheme["ratings"][str(grade)]) for grade in (5, 4, 3, 2, 1)]
    if ratings[0] > HUNDRED or ratings[-1] < 0 or ratings != sorted(ratings, reverse=True):
        return "满意度折算分要在0到100之间，星级低的不能高于星级高的"
    edges = [Decimal(scheme[key]) for key in ("excellent", "good", "adequate")]
    if not edges[0] > edges[1] > edges[2] > 0:
        return "优秀、良好、合格的分数线要依次降低，都大于0"
    if not 0 <= scheme["quota_percent"] <= 100 or not 0 <= Decimal(scheme["unknown_percent"]) <= HUNDRED:
        return "百分比要在0到100之间"
    if min(scheme[key] for key in ("fewest_ratings", "minimum_sessions", "minimum_minutes")) < 0:
        return "条数、次数和分钟不能小于0"
    for dimension in scheme["dimensions"]:
        parts = [dimension, *dimension["items"]]
        if any(Decimal(part["most"]) < 0 for part in parts if "most" in part):
            return f"{dimension['name']}的最高分不能小于0"
        if not 0 <= Decimal(dimension.get("base", 0)) <= Decimal(dimension["most"]):
            return f"{dimension['name']}的起评分要在0和最高分之间"
    most = sum(Decimal(dimension["most"]) for dimension in scheme["dimensions"])
    return "" if edges[0] <= most <= 999 else "各维度最高分相加要够得到优秀，不超过999分"
