"""What ratings are worth, and when a poor one is looked into (Articles 10(1) and 12(2))."""

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from expertteam.regulation import article

POOR = (1, 2)  # of five grades: 不满意 and 很不满意
FEWEST = 5  # ratings behind a number that is shown
CALLS = 2  # attempts before a client counts as not to be reached, and on so many different days
CLUSTER = 3  # poor ratings of one day, network, device or client: somebody looks at them together
ATTITUDE = "upheld_attitude"  # the finding that Article 12(2) counts
NOBODYS_WORD = ("not_upheld", "mistaken", "malicious", "unverifiable")  # what is left where a rating is not genuine


@article("10(1)")
def is_satisfied(grade: int) -> bool:
    """根据服务对象满意度等对专家的工作实绩进行动态评估: three grades of five are satisfaction."""
    return grade not in POOR


@article("10(1)")
def may_rate(until: datetime, now: datetime) -> bool:
    """根据服务对象满意度……进行动态评估: within its window, the last instant included."""
    return now <= until


@article("10(1)")
def may_revise(given_at: datetime, changed_at: datetime | None, now: datetime, hours: int) -> bool:
    """根据服务对象满意度……进行动态评估: a rating is changed once, within hours of its being given."""
    return changed_at is None and now - given_at <= timedelta(hours=hours)


@article("10(1)")
def public_average(levels: dict[int, int]) -> Decimal | None:
    """根据服务对象满意度等对专家的工作实绩进行动态评估: the mean of ``levels`` (grade to count), to one decimal.

    None below five ratings: a number made of fewer says more of a client than of the expert.
    """
    count = sum(levels.values())
    if count < FEWEST:
        return None
    mean = Decimal(sum(grade * many for grade, many in levels.items())) / count
    return mean.quantize(Decimal("0.1"), ROUND_HALF_UP)


@article("12(2)")
def is_cluster(poor: int) -> bool:
    """经服务对象多次反馈（累计3次及以上）不满意的: so many at once may be one hand, so a person looks at them together."""
    return poor >= CLUSTER


@article("12(2)")
def why_not_found(finding: str, *, flagged: bool, genuine: bool | None, grade: int) -> str:
    """服务态度恶劣，经服务对象多次反馈（累计3次及以上）不满意的: feedback of clients, so that one hand is not many.

    Of several that came together nothing counts as attitude before the inspector has looked
    (``genuine`` is None until then); what he found not to be genuine is not upheld in any way.  ``grade`` as it
    stands: whoever has changed it to a good one gives no such feedback any more.
    Empty where the finding is open.
    """
    if flagged and genuine is None and finding == ATTITUDE:
        return "这是集中差评，纪检查看以后才能认定服务态度问题"
    if finding == ATTITUDE and is_satisfied(grade):
        return "服务对象已经把评价改为满意，不能认定服务态度问题"
    if genuine is False and finding not in NOBODYS_WORD:
        return "纪检查看认为不是真实评价，只能认定不成立、误评、恶意差评或无法核实"
    return ""


@article("12(2)")
def may_go_without_a_call(missed: int, days: int) -> bool:
    """经服务对象多次反馈……不满意的: the client is heard first, unless he was called twice in vain, not on one day."""
    return missed >= CALLS and days >= CALLS
