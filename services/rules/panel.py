"""Review panels: how many sit, who cannot, what their sheets amount to (Articles 8(4), 10(4) and 14)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from expertteam.regulation import article

SMALLEST = 5  # seats; ours, by the tendering law's custom: odd, five at least
SIZES = (3, 5, 7, 9)
ATTEMPTS, WITHIN = 3, timedelta(minutes=30)  # tries, and over how long, before somebody counts as not to be reached
SIGNING = timedelta(hours=1)  # after the scoring has closed: who signs later was not in the room all the time
DOORS_OPEN = timedelta(hours=1)  # one signs in so long before the beginning
OUTLYING = Decimal("0.20")  # of the mean: who is farther off says why
CENT = Decimal("0.01")
TRIMMED_FROM = 5  # valid sheets
MOST = 999  # points of a sheet, as far as the column of totals reaches
ABORTS_BEFORE_PUBLIC = 2  # after so many aborted draws only profile B is left


@article("10(4)")
def wrong_size(need: Sequence[tuple[str, int]], small_reason: str) -> str:
    """项目评审由太原市人力资源和社会保障局选取: odd, so that a vote decides, and five at least.

    Three only for a small review on paper, with a reason.  In words, empty when right.
    """
    size = sum(seats for _, seats in need)
    if size not in SIZES:
        return f"评审组应为5、7或9人，现在是{size}人"
    if size < SMALLEST and not small_reason:
        return "评审组少于5人要写明理由"
    return ""


@article("10(4)")
def short_of(pool: Iterable[tuple[frozenset[str], str]], need: Sequence[tuple[str, int]], alternates: int) -> dict:
    """项目评审由……选取: a draw begins only when every outcome of it fills every seat, and leaves alternates.

    ``pool``: strata and employer of each.  Of one employer one sits at most, so what counts is employers; those that
    an earlier stratum may take away are counted as taken.  Stratum -> how many are missing.
    """
    employers = {stratum: set() for stratum, _ in need}
    for strata, employer in pool:
        for stratum in employers.keys() & strata:
            employers[stratum].add(employer)
    missing, earlier = {}, []
    for stratum, seats in need:
        taken = sum(min(before, len(employers[other] & employers[stratum])) for other, before in earlier)
        lacking = seats + alternates + taken - len(employers[stratum])
        if lacking > 0:
            missing[stratum] = lacking
        earlier.append((stratum, seats))
    return missing


@article("10(4)")
def not_reached(tries: Sequence[datetime], answer_due: datetime, now: datetime) -> str:
    """局纪检工作人员监督: nobody is passed over as “联系不上” before three tries over half an hour, and his time is up.

    What is lacking in words, empty when nothing.
    """
    if len(tries) < ATTEMPTS:
        return f"要联系满{ATTEMPTS}次，现在是{len(tries)}次"
    if max(tries) - min(tries) < WITHIN:
        return "第一次和最后一次联系至少要隔30分钟"
    if now <= answer_due:
        return "答复期限还没有过"
    return ""


@article("10(4)")
def needs_public_value(aborted: int) -> bool:
    """局纪检工作人员监督: after a second abort nobody may be able to see a result before he goes along with it."""
    return aborted >= ABORTS_BEFORE_PUBLIC


@article("8(4)")
def quorum(size: int) -> int:
    """参与……项目评审: a project is judged by two thirds of the panel at least, rounded up; else the review stops.

    The panel is odd when it is selected; a project from which somebody is excused may be judged by an even number.
    """
    return -(-2 * size // 3)


@article("8(4)")
def wrong_criteria(criteria: Sequence[Mapping]) -> str:
    """参与……项目评审: a sheet asks for something, for nothing twice, and each criterion is worth a point at least.

    ``criteria``: with ``key``, ``group``, ``name`` and ``most``.  In words, empty when right.
    """
    if not criteria:
        return "至少要有一项"
    names = Counter((each["group"], each["name"]) for each in criteria)
    if twice := [name for (_, name), times in names.items() if times > 1]:
        return f"写了两次：{'、'.join(twice)}"
    if len({each["key"] for each in criteria}) < len(criteria):
        return "评分项的键有重复"
    if worthless := [each["name"] for each in criteria if each["most"] < 1]:
        return f"满分至少1分：{'、'.join(worthless)}"
    whole = sum(each["most"] for each in criteria)
    return f"满分合计{whole}分，不能超过{MOST}分" if whole > MOST else ""


@article("8(4)")
def total(marks: Mapping[str, Decimal]) -> Decimal:
    """参与……项目评审: the points of one sheet."""
    return sum(marks.values(), Decimal(0)).quantize(CENT)


@article("8(4)")
def wrong_mark(mark: Decimal, most: int) -> str:
    """参与……项目评审: points from nothing to what the criterion is worth, two decimals; in words, empty when right."""
    if not (mark.is_finite() and 0 <= mark <= most):
        return f"应在0到{most}分之间"
    if mark != mark.quantize(CENT):
        return "最多两位小数"
    return ""


@article("8(4)")
def score(totals: Sequence[Decimal], method: str) -> Decimal:
    """参与……项目评审: the mean of the valid sheets, to the hundredth, half up.

    ``trimmed`` leaves out one highest and one lowest, where there are five sheets at least.
    """
    kept = sorted(totals)
    if method == "trimmed" and len(kept) >= TRIMMED_FROM:
        kept = kept[1:-1]
    return (sum(kept, Decimal(0)) / len(kept)).quantize(CENT, ROUND_HALF_UP)


@article("8(4)")
def outlying(own: Decimal, totals: Sequence[Decimal]) -> bool:
    """参与……项目评审: farther than a fifth of the mean from the mean of all sheets; who stands there says why."""
    mean = sum(totals, Decimal(0)) / len(totals)
    return abs(own - mean) > OUTLYING * mean


@article("8(4)")
def ranked(results: Mapping[int, tuple[Decimal, Decimal]], votes: Mapping[int, int]) -> dict[int, int]:
    """参与……项目评审: by score, then by the first criterion, then by the members' vote; whoever is equal in all shares a rank.

    ``results``: project -> score and first mark; ``votes``: project -> votes in a tie.  Project -> rank, from 1.
    """
    standing = {each: (*result, votes.get(each, 0)) for each, result in results.items()}
    return {each: 1 + sum(other > own for other in standing.values()) for each, own in standing.items()}


@article("8(4)")
def ties(results: Mapping[int, tuple[Decimal, Decimal]]) -> list[list[int]]:
    """参与……项目评审: the projects that score and first criterion leave equal, group by group: the members vote on them."""
    groups = {}
    for each, result in results.items():
        groups.setdefault(result, []).append(each)
    return [group for group in groups.values() if len(group) > 1]


@article("13")
def minutes_served(signed_in_at: datetime, signed_at: datetime, break_minutes: int) -> int:
    """劳务报酬: from signing in to signing the opinion, breaks taken off; whole minutes, never less than one."""
    spent = int((signed_at - signed_in_at).total_seconds() // 60)
    return max(1, spent - break_minutes)
