"""How well an expert fits a request: the stated parts of which the score is the sum (Articles 7, 8(1), 10(3) and 14)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from expertteam.regulation import article
from services.rules.facts import Need, Part, Person, hour, near, whole


class Weight(NamedTuple):
    """The most points that one part can bring, and why so many."""

    points: int
    reason: str


WEIGHTS: Mapping[str, Weight] = {
    "topics": Weight(40, "问什么就找会什么的人，别的再好也补不上"),
    "load": Weight(30, "活要大家分担；本月做得越少，越先轮到"),
    "wanted": Weight(25, "服务关系基于自愿，对象点名的优先考虑，但压不过主题不符"),
    "time": Weight(12, "越早能见面，问题越早解决"),
    "group": Weight(10, "帮过同类对象的人少走弯路，帮过5次以上不再加分"),
    "near": Weight(8, "住得近来得快，但太原市内都到得了"),
    "newcomer": Weight(6, "新聘专家没有过往，得先有机会"),
}
SEASONED = 3  # with so many services a newcomer is none any more
WELL_VERSED = 5  # more services for a group than this teach nothing new
SOON, LATER = timedelta(days=3), timedelta(days=7)  # a first free time within these days


@article("10(3)")
def parts(need: Need, person: Person, on: date, weights: Mapping[str, Weight] = WEIGHTS) -> list[Part]:
    """由市创就业服务中心匹配创业就业专家

    The stated terms of which the score is the sum, those that bring nothing included where they say something.
    """
    found = {
        "topics": by_topics(need, person),
        "time": by_time(need, person, on),
        "load": by_load(person),
        "near": by_distance(need, person),
        "group": by_group(need, person),
        "newcomer": by_newness(person),
        "wanted": by_wish(need, person),
    }
    return [Part(name, round(weights[name].points * share), words) for name, (share, words) in found.items() if words]


@article("8(1)")
def by_topics(need: Need, person: Person) -> tuple[float, str]:
    """提供涵盖项目策划、项目评估、开业指导、风险评估、经营管理、人力资源、融资贷款及政策法规等方面的专业咨询

    The share of the asked fields in which the person advises.
    """
    if not need.topics:
        return 0, ""
    known = [topic for topic in need.topics if topic in person.topics]
    missing = [topic for topic in need.topics if topic not in person.topics]
    if not known:
        return 0, ""  # said as a warning
    lacking = f"（没有{'、'.join(missing)}）" if missing else ""
    return len(known) / len(need.topics), f"主题相符：{'、'.join(known)}{lacking}"


@article("10(3)")
def by_time(need: Need, person: Person, on: date) -> tuple[float, str]:
    """在约定时间、地点进行面对面指导

    Free at the asked time; where none was asked, how soon there is one.
    """
    if need.starts_at:
        return (1, f"{hour(need.starts_at)}有空") if person.free else (0, "")
    if not person.soonest:
        return 0, ""
    wait = person.soonest.date() - on
    share = 1 if wait <= SOON else 0.5 if wait <= LATER else 0
    return share, f"最早{whole(person.soonest)}有空"


@article("10(3)")
def by_load(person: Person) -> tuple[float, str]:
    """由市创就业服务中心匹配创业就业专家

    The less of this month's work a person has compared with the team's average, the sooner it is his
    turn: all points with none of it, half of them at the average, none at twice as much.
    """
    share = max(0.0, 1 - person.served / (2 * max(person.average, 1)))
    return share, f"本月已服务{person.served}次，团队平均{round(person.average, 1):g}次"


@article("10(3)")
def by_distance(need: Need, person: Person) -> tuple[float, str]:
    """在约定时间、地点进行面对面指导

    The same district, a neighbouring one, another; online nobody travels.
    """
    if need.online or not (need.district and person.district):
        return 0, ""
    if person.district == need.district:
        return 1, f"住得近：同在{need.district}"
    if near(person.district, need.district):
        return 0.5, f"住得较近：在相邻的{person.district}"
    return 0, f"住得远：在{person.district}"


@article("7")
def by_group(need: Need, person: Person) -> tuple[float, str]:
    """创业就业专家主要面向以下群体提供创业指导服务：高校毕业生、城镇失业人员、返乡入乡人员、退役军人、农民、就业困难人员等

    Past services for the same group with which the client was not dissatisfied.
    """
    if not need.group or not person.helped:
        return 0, ""
    return min(person.helped, WELL_VERSED) / WELL_VERSED, f"帮过同类对象{person.helped}次：{need.group}"


@article("10(3)")
def by_newness(person: Person) -> tuple[float, str]:
    """由市创就业服务中心匹配创业就业专家

    Whoever has hardly served yet would never catch up with those who have a record.
    """
    if person.services >= SEASONED:
        return 0, ""
    return 1, f"新专家：一共服务过{person.services}次" if person.services else "新专家：还没有服务过"


@article("14")
def by_wish(need: Need, person: Person) -> tuple[float, str]:
    """专家与服务对象之间的服务关系基于自愿原则建立。

    Asked for by name.
    """
    return (1, "对象点名要约") if need.wanted == person.no else (0, "")
