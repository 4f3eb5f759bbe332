"""Whom we serve, who may know what, and what a client may still change himself (Articles 4, 7, 10(3) and 14)."""

from datetime import datetime, time, timedelta

from expertteam.regulation import article

KEY_GROUPS = ("graduate", "unemployed", "returnee", "veteran", "farmer", "hardship")
END_OF_WORK = time(18)
NOTICE = timedelta(hours=2)  # the least that whoever is answered has before the meeting


@article("7")
def is_key_group(group: str) -> bool:
    """高校毕业生、城镇失业人员、返乡入乡人员、退役军人、农民、就业困难人员等为重点服务对象。

    Moves a request forward in the queue; everybody else is served as well, so nothing else depends on it.
    """
    return group in KEY_GROUPS


@article("7")
def priority(group: str, answer_due: datetime) -> tuple:
    """重点服务对象……同时覆盖城乡各类有创业就业意愿的劳动者: the key groups first, each by its deadline."""
    return (not is_key_group(group), answer_due)


@article("10(3)")
def visit_is_open_to(group: str, reason: str, allowed: bool) -> bool:
    """对于特定需求或重点帮扶对象，可组织创业就业指导专家预约上门提供指导服务。

    A key group needs nothing more; anybody else a stated need which the centre has recognised.
    """
    return is_key_group(group) or bool(reason and allowed)


@article("10(3)")
def may_change_alone(starts_at: datetime | None, now: datetime, hours: int) -> bool:
    """在约定时间、地点进行面对面指导: a client moves or cancels it himself until so many hours before."""
    return starts_at is None or starts_at - now >= timedelta(hours=hours)


@article("10(3)")
def answer_by(period_ends: datetime, starts_at: datetime | None, now: datetime) -> datetime:
    """在约定时间、地点进行面对面指导: an answer comes before the meeting it is about.

    At the latest by the end of work of the day before; where that is over, ``NOTICE`` before it begins.  All
    times in one zone.
    """
    if starts_at is None:
        return period_ends
    eve = datetime.combine(starts_at.date() - timedelta(days=1), END_OF_WORK, starts_at.tzinfo)
    return min(
        period_ends, next(each for each in (eve, starts_at - NOTICE, starts_at) if each > now or each == starts_at)
    )


@article("4")
def matter_is_open(granted: bool, serving: bool) -> bool:
    """对服务过程中知悉的创业者及创业企业的技术信息、经营信息等商业秘密承担保密义务。

    An expert reads what a client confided only from the match to the close, and only in term; the
    grant stands for the first, ``serving`` for the second.  The duty itself never ends.
    """
    return granted and serving


@article("14")
def is_voluntary(asked: bool, accepted: bool) -> bool:
    """专家与服务对象之间的服务关系基于自愿原则建立: the client asked and the expert said yes, nothing less."""
    return asked and accepted
