"""Who may be praised or proposed for his work, and by what right (Article 10(1))."""

from datetime import date

from expertteam.regulation import article

COMMENDATION = "commendation"  # the kind that the bureau may not give by itself


@article("10(1)")
def why_not_honoured(*, served: bool, dismissed: bool, open_case: bool, strikes: int) -> str:
    """根据服务对象满意度等对专家的工作实绩进行动态评估……优秀的给予表彰，并推荐评省级创业就业专家

    Work of a year can only be excellent if there was a day in office in it (``served``), nothing
    counts against it (``strikes`` of that year), and no dismissal is being examined or was made for
    a fault.  Empty where nothing stands in the way.
    """
    if not served:
        return "这一年不在聘期，不能提名"
    if dismissed:
        return "已被解聘，不能表彰或推荐"
    if open_case:
        return "有解聘案没有办结，办结后再提名或决定"
    if strikes:
        return f"这一年有{strikes}次计次，不能表彰或推荐"
    return ""


@article("10(1)")
def has_approval(kind: str, approval: str) -> bool:
    """优秀的给予表彰: to give 表彰 outside the house an approval is needed, so it names its number; praise needs none."""
    return kind != COMMENDATION or bool(approval)


@article("10(1)")
def may_be_looked_back_on(year: int, on: date) -> bool:
    """对专家的工作实绩进行动态评估……优秀的给予表彰: work that was done, this year's included; none lies ahead."""
    return year <= on.year
