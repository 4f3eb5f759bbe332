"""Who stands in the pool of a draw, and why not (Articles 3, 10(4) and 14)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from experts.rules import Interest, Tie, plain, related, same_firm
from expertteam.regulation import article

ROTATION = timedelta(days=90)
WHY = {Tie.EMPLOYER: "employer", Tie.INVESTMENT: "investor", Tie.KIN: "relative"}  # the weightiest first


class Side(NamedTuple):
    """A party to a project, an expert's own person, or somebody whom he helped; ``phone`` is the blind index."""

    name: str
    code: str = ""
    phone: str | None = None


@article("14")
def tie_to(interests: Iterable[Interest], parties: Iterable[Side], on: date) -> tuple[str, str] | None:
    """专家对其辅导对象进行直接或间接投资……: whoever has a post, a stake or a relative there does not judge it either.

    Reason and words of the weightiest tie to any of the parties on that day, or None.
    """
    known, parties = list(interests), list(parties)
    for tie, why in WHY.items():
        own = [each for each in known if each.tie == tie]
        for party in parties:
            if words := related(own, name=party.name, enterprise=party.name, code=party.code, on=on):
                return why, words
    return None


@article("14")
def is_himself(own: Side, party: Side) -> bool:
    """专家……从事任何超出其职责范围的活动，由此产生的一切经济与法律后果，由专家自行承担: nobody judges his own project.

    The same number; or the same name, where one of the two has no number that could tell them apart.
    """
    if own.phone and party.phone:
        return own.phone == party.phone
    return not party.code and plain(own.name) == plain(party.name)


@article("14")
def helped(client: Side, party: Side) -> bool:
    """专家提供的所有咨询与指导意见……仅供服务对象决策参考: whoever guided a project has an opinion of it already.

    ``client``: somebody whom the expert guided, under the name of his firm.  The same number, or the same firm.
    """
    if client.phone and client.phone == party.phone:
        return True
    return same_firm(Interest(Tie.EMPLOYER, client.name, client.code), party.name, party.code)


@article("3", "10(4)")
def away(
    days: Sequence[date], terms: Iterable[tuple[date, date, date | None]], pauses: Iterable[tuple[date, date | None]]
) -> str:
    """创业就业专家项目评审由太原市人力资源和社会保障局选取: from those who are in term on each of its days and take work.

    Terms as first day, last day, first day void; pauses as first and last day, inclusive.  In words, empty when he can.
    """
    terms = list(terms)
    if not all(
        any(first <= day <= last and (void is None or day < void) for first, last, void in terms) for day in days
    ):
        return "评审那天聘期已满"
    if any(first <= days[-1] and (last is None or days[0] <= last) for first, last in pauses):
        return "评审那天暂停接单"
    return ""


@article("10(4)")
def rotated_out(starts_at: datetime, others: Iterable[datetime], cap: int) -> int:
    """创业就业专家项目评审由太原市人力资源和社会保障局选取: not the same few people each time.

    ``others``: when the other reviews of this person begin.  How many of them begin within the ninety days up to
    this one, exactly ninety days before no longer; 0 while they are fewer than ``cap``, from which on he is left out.
    """
    near = sum(timedelta(0) <= starts_at - each < ROTATION for each in others)
    return near if near >= cap else 0


@article("10(4)")
def taken(starts_at: datetime, ends_at: datetime, busy: Iterable[tuple[datetime, datetime]]) -> bool:
    """创业就业专家项目评审由太原市人力资源和社会保障局选取: from those who have no other engagement at that time.

    Where one engagement ends the next may begin.
    """
    return any(begins < ends_at and ends > starts_at for begins, ends in busy)
