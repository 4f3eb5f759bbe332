"""When a notice is over, and what stands in its way (Article 11)."""

from datetime import datetime

from expertteam.regulation import article


@article("11")
def objection_counts(named: bool, received_at: datetime, ends_at: datetime) -> bool:
    """经公示无异议者

    An objection is one signed with a real name and received up to the very instant of the end
    of the notice.  An anonymous or late one is a lead for the inspector and blocks nothing.
    """
    return named and received_at <= ends_at


@article("11")
def objection_blocks(counts: bool, upheld: bool | None) -> bool:
    """经公示无异议者

    An objection that counts blocks until it is found baseless (``upheld`` False; None: undecided).
    """
    return counts and upheld is not False


@article("11")
def notice_passed(ends_at: datetime, provisional: bool, blocking: int, now: datetime) -> bool:
    """经公示无异议者，由太原市人力资源和社会保障局正式聘任为专家团成员

    Only after the end, which itself still belongs to the notice; never while the end rests on
    a year without published calendar, or while an objection blocks.
    """
    return now > ends_at and not provisional and blocking == 0
