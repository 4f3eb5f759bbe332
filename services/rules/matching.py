"""Which expert can be asked about a request, in what order, and why not another (Articles 3, 10(3) and 14).

Facts in, reasons out: first what excludes a person, then a score that is the sum of stated parts.
Every reason is the sentence that the matcher reads.  A list advises, a person decides.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from expertteam.regulation import article
from services.rules import slots
from services.rules.facts import Caution, Judged, Need, Obstacle, Person, hour, met_on, near, written
from services.rules.score import WEIGHTS, Weight, parts

ENDING = timedelta(days=30)  # a term this close to its end is pointed out
SUGGESTED = 5
EXCLUDED = {  # what the obstacles of one code have in common
    "term": "不在聘期内",
    "suspended": "暂停派任务",
    "pledge": "还没有签保密承诺",
    "self": "就是预约人本人",
    "related": "申报了利害关系，需回避",
    "answered": "这件预约已经问过",
    "paused": "暂停接单",
    "full": "这个月已约满",
    "visits": "不做上门指导",
    "district": "上门太远",
    "busy": "这个时间没有空",
}


@article("10(3)")
def judge(need: Need, person: Person, on: date, weights: Mapping[str, Weight] = WEIGHTS) -> Judged:
    """由市创就业服务中心匹配创业就业专家

    Anybody can be looked at, those who cannot be asked as well: they have obstacles.
    """
    return Judged(person, obstacles(need, person, on), cautions(need, person, on), parts(need, person, on, weights))


@article("10(3)")
def rank(need: Need, people: Iterable[Person], on: date, weights: Mapping[str, Weight] = WEIGHTS) -> list[Judged]:
    """由市创就业服务中心匹配创业就业专家

    Those without any obstacle, the highest score first, of equal ones the lower number: in whatever
    order people come, the same facts give the same list.
    """
    fit = [found for person in people if not (found := judge(need, person, on, weights)).obstacles]
    return sorted(fit, key=lambda each: (-each.score, each.person.no))


@article("10(3)")
def obstacles(need: Need, person: Person, on: date) -> list[Obstacle]:
    """由市创就业服务中心匹配创业就业专家，在约定时间、地点进行面对面指导

    Every hard rule that stands against it, in the order of their weight.
    """
    found = [
        out_of_term(need, person, on),
        given_nothing_new(person),
        unpledged(person),
        concerned(person),
        interested(person),
        answered_before(person),
        paused(need, person, on),
        full(need, person, on),
        cannot_visit(need, person),
        not_free(need, person),
    ]
    return [each for each in found if each]


@article("3")
def out_of_term(need: Need, person: Person, on: date) -> Obstacle | None:
    """创业就业专家每届聘期为三年，聘期届满后聘任关系自动终止。

    In term today, to be asked, and on the day of the meeting, to advise; one term may follow another.
    """
    meeting = met_on(need, person, on)
    if not slots.in_term(on, person.terms):
        return Obstacle("term", "今天不在聘期内", "3")
    if not slots.in_term(meeting, person.terms):
        return Obstacle("term", f"见面那天（{written(meeting)}）聘期已满", "3")
    return None


@article("4")
def unpledged(person: Person) -> Obstacle | None:
    """对服务过程中知悉的创业者及创业企业的技术信息、经营信息等商业秘密承担保密义务

    Nothing is confided to whoever has not undertaken it.
    """
    return None if person.pledged else Obstacle("pledge", "还没有签保密承诺，请他先登录签署", "4")


@article("12¶2")
def given_nothing_new(person: Person) -> Obstacle | None:
    """市人社部门在作出解聘决定前，应告知专家相关事实、理由和依据，并听取其陈述和申辩。

    While that goes on nothing is decided: he keeps what he has, and may be given nothing new.  Whoever matches
    learns no more than that.
    """
    return Obstacle("suspended", "暂停派任务", "12¶2") if person.suspended else None


@article("14")
def concerned(person: Person) -> Obstacle | None:
    """专家与服务对象之间的服务关系基于自愿原则建立。

    Between two people, that is: nobody advises himself.
    """
    return Obstacle("self", "就是预约人本人，需回避", "14") if person.is_client else None


@article("14")
def interested(person: Person) -> Obstacle | None:
    """专家对其辅导对象进行直接或间接投资……由此产生的一切经济与法律后果，由专家自行承担。

    Investing is no offence, but whoever has declared a stake, kin or an employment there is not sent there by us.
    """
    return Obstacle("related", f"需回避：{person.related}", "14") if person.related else None


@article("10(3)")
def answered_before(person: Person) -> Obstacle | None:
    """由市创就业服务中心匹配创业就业专家

    Whoever has declined this request, let it lapse or stood down from it is not asked again.
    """
    return Obstacle("answered", f"这件预约已问过：{person.answered}", "10(3)") if person.answered else None


@article("10(3)")
def paused(need: Need, person: Person, on: date) -> Obstacle | None:
    """在约定时间、地点进行面对面指导

    Not on a day for which the expert takes no requests.
    """
    meeting = met_on(need, person, on)
    for pause in person.pauses:
        if slots.paused(meeting, [pause]):
            return Obstacle("paused", f"暂停接单（到{written(pause[1])}）" if pause[1] else "暂停接单", "10(3)")
    return None


@article("10(3)")
def full(need: Need, person: Person, on: date) -> Obstacle | None:
    """由市创就业服务中心匹配创业就业专家

    An expert gives his time freely and says how much of it a month; we do not ask for more.
    """
    meeting = met_on(need, person, on)
    if not slots.cap_reached(meeting, person.booked, person.cap):
        return None
    return Obstacle("full", f"{meeting.month}月已约满，上限{person.cap}次", "10(3)")


@article("10(3)")
def cannot_visit(need: Need, person: Person) -> Obstacle | None:
    """对于特定需求或重点帮扶对象，可组织创业就业指导专家预约上门提供指导服务。

    By someone who does visits, from the same district or a neighbouring one; where one of the two
    districts is not known, a person decides.
    """
    if not need.visit:
        return None
    if not person.visits:
        return Obstacle("visits", "不做上门指导", "10(3)")
    if need.district and person.district and not near(need.district, person.district):
        return Obstacle("district", f"上门太远：在{person.district}，对象在{need.district}", "10(3)")
    return None


@article("10(3)")
def not_free(need: Need, person: Person) -> Obstacle | None:
    """在约定时间、地点进行面对面指导

    Only where hours are published can a time be found taken; without them it takes a call.
    """
    if need.starts_at and person.free is False:
        return Obstacle("busy", f"{hour(need.starts_at)}没有空", "10(3)")
    return None


@article("10(3)")
def cautions(need: Need, person: Person, on: date) -> list[Caution]:
    """由市创就业服务中心匹配创业就业专家

    Nothing here forbids; whoever asks this person nevertheless says why.
    """
    found = []
    if need.topics and not person.topics & set(need.topics):
        found.append(Caution("topics", f"主题不符：擅长里没有{'、'.join(need.topics)}", "8(1)"))
    if person.displeased:
        found.append(Caution("displeased", "曾被该对象评为不满意", "10(1)"))
    last_day = max((last for _, last, void in person.terms if void is None), default=on)
    if last_day - met_on(need, person, on) < ENDING:
        found.append(Caution("ending", f"聘期30天内届满（{written(last_day)}）", "3"))
    if person.free is None and person.soonest is None:
        found.append(Caution("hours", "没有可约的公开时间，先打电话商量", "10(3)"))
    return found


@article("10(3)")
def unusual(judged: Judged, place: int | None) -> str:
    """由市创就业服务中心匹配创业就业专家

    Why the matcher says in writing what made him choose this person: something speaks against him, or
    others came before him.  That his hours are not published is found out by a call and needs no words.
    """
    said = [caution.words for caution in judged.cautions if caution.code != "hours"]
    if place is None or place >= SUGGESTED:
        said.append(f"不在推荐的前{SUGGESTED}位里")
    return "；".join(said)
