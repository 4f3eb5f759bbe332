"""专题活动和其他活动 (Articles 8(3) and 8(6))."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from expertteam.regulation import article

EARLY = timedelta(hours=1)  # the door opens so long before the beginning
LATE = timedelta(hours=2)  # and the list stays open so long after the end


@article("8(3)", "8(6)")
def service_kind(kind: str) -> str:
    """积极参加创业讲座、创业培训、创业沙龙、创业大赛、政策宣讲、就业调研座谈等相关专题活动；参加……其他创业就业相关活动。

    As which kind of service the expert's part counts.
    """
    return "other" if kind == "other" else "activity"


@article("8(3)")
def why_not_announced(starts_at: datetime, now: datetime, roles: Iterable[str]) -> str:
    """参与创业就业专题活动: what is announced is still to come, and an expert of the team takes part or is asked to.

    ``roles`` are the states of its roles.  What stands against it in words, empty when nothing.
    """
    if starts_at <= now:
        return "开始时间已过，请先改时间"
    if not any(state in ("invited", "accepted") for state in roles):
        return "还没有邀请专家，或专家都来不了"
    return ""


@article("8(3)")
def why_no_sign_up(open_now: bool, starts_at: datetime, now: datetime) -> str:
    """积极参加……专题活动: people sign up until it begins; empty when they may."""
    if not open_now:
        return "这场活动现在不能报名"
    if now >= starts_at:
        return "活动已经开始，不能再报名"
    return ""


@article("8(3)")
def seats_left(capacity: int, seated: int) -> int:
    """专题活动: nobody is promised a seat that is not there."""
    return max(capacity - seated, 0)


@article("8(3)")
def can_check_in(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """参与……专题活动: presence is noted around the time itself, from an hour before to two hours after."""
    return starts_at - EARLY <= now <= ends_at + LATE


@article("8(3)")
def why_not_attested(minutes: int, role_starts_at: datetime, ends_at: datetime, now: datetime) -> str:
    """参与创业就业专题活动: an expert's part counts once it is over, for no longer than the activity lasted.

    What is wrong in words, empty when nothing.
    """
    if role_starts_at + timedelta(minutes=minutes) > now:
        return "专家的部分还没有结束"
    longest = int((ends_at - role_starts_at).total_seconds() // 60)
    if not 1 <= minutes <= longest:
        return f"专家的时长应在1到{longest}分钟之间"
    return ""
