"""What counts as a service, and whose word it takes (Articles 8, 9 and 10)."""

from datetime import date, datetime, timedelta

from expertteam.regulation import article

LONGEST = 12 * 60  # minutes of one service: more is a slip of the pen
UNDO = timedelta(minutes=10)  # for taking back what was just sent
KINDS = {  # kind of service -> the item of Article 8 that names it
    "consulting": "8(1)",
    "guidance": "8(2)",
    "activity": "8(3)",
    "review": "8(4)",
    "technical": "8(5)",
    "other": "8(6)",
}


@article("8(1)", "8(2)", "8(3)", "8(4)", "8(5)", "8(6)")
def is_a_service(kind: str) -> bool:
    """服务内容：创业咨询服务；创业就业指导服务；专题活动；项目评审；技术赋能；其他创业就业相关活动。"""
    return kind in KINDS


@article("9")
def can_have_been(started_at: datetime, minutes: int, now: datetime) -> str:
    """为创业者和就业人员提供包括创业指导、政策咨询、技能培训、技术支持等多方面的帮助与服务。

    Only what has taken place is logged.  What is wrong with the entry in words, empty when nothing.
    """
    if not 1 <= minutes <= LONGEST:
        return f"时长应在1分钟到{LONGEST // 60}小时之间"
    if started_at + timedelta(minutes=minutes) > now:
        return "服务还没有结束，结束以后再记"
    return ""


@article("10(1)")
def is_late(ended_on: date, due: date, logged_on: date) -> bool:
    """根据创业就业服务工作量……进行动态评估: an entry after its deadline counts, and says that it came late."""
    return logged_on > max(ended_on, due)


@article("10(1)")
def counts(confirmed: bool, verified: bool, ruled: bool) -> bool:
    """根据创业就业服务工作量，根据服务对象满意度等对专家的工作实绩进行动态评估。

    Work counts on two people's word: the client's, or the bureau's after a call or a ruling.
    Silence is nobody's word.
    """
    return confirmed or verified or ruled


@article("10(1)")
def is_drawn(ticket: int, percent: int) -> bool:
    """根据创业就业服务工作量，根据服务对象满意度等对专家的工作实绩进行动态评估。

    Of what clients have left unanswered this share is asked about by telephone; the rest counts only once somebody
    has asked, so nothing is gained by a client's silence.
    """
    return ticket % 100 < percent


def may_take_back(at: datetime, now: datetime) -> bool:
    """A slip of the finger is undone within ten minutes (ours; the Measures are silent)."""
    return now - at <= UNDO
