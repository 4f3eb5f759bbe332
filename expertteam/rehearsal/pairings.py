"""Pairings at the founders' commission, contact by contact, to their outcome (Article 8(2))."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from expertteam import clock
from expertteam.demo_life.agenda import Story
from expertteam.demo_life.clients import confirmed
from expertteam.rehearsal.founders import Founder, founders
from expertteam.rehearsal.rhythm import all_along
from services.actions import log, pairing, start_log
from services.models import Kind, Pairing, Service
from services.suspension import suspended

CONTACTS = 8  # of an expert in a year
A_YEAR = CONTACTS / 8  # pairings that begin, for each expert: one has about eight contacts
SHORTEST = timedelta(days=60)
GOALS = [
    "半年内把店里的账理清，申请到一笔设备贷款。",
    "把采摘季的用工和销售安排定下来，减少损耗。",
    "从一个人接单做到三个人的小团队，定好分工和底薪。",
    "谈下稳定的供货价，毛利提高五个点。",
    "办齐证照，把线上的店开起来，月销过百单。",
]
TALKS = [
    "对了上月的账，定下这个月只做一件事。",
    "看了新菜单的成本，去掉两样不赚钱的。",
    "帮着改了贷款申请里的用途说明。",
    "商量了淡季怎么排班，先停一个晚班。",
    "陪着把合同里的违约条款改清楚了。",
]
OUTCOMES = ["账目清楚，贷款已批，营业额比结对前多两成。", "证照齐全，线上店开了，还没有到预定的销量。"]
State = Pairing.State


def stories(it) -> Iterator[Story]:
    yield all_along(it, A_YEAR, partial(paired, it))


def paired(it, day: date) -> Story:
    """Proposed by the matcher; where the expert accepts, they keep in touch until the agreed day."""
    yield it.hours.office(day)
    expert = it.somebody(but=suspended(clock.today()))
    term = expert and expert.appointments.in_force(clock.today()).get()
    ends = clock.today() + timedelta(days=it.hours.random.randint(180, 365))
    if not expert or term.last_day - clock.today() < SHORTEST:
        return
    found = pairing.propose(
        by=it.accounts["matcher"], expert=expert, goals=it.any_of(GOALS), cadence_days=it.any_of([28, 30, 30, 35]),
        starts_on=clock.today(), ends_on=min(ends, term.last_day),
        members=[commissioned(each) for each in founders(it, it.any_of([1, 1, 1, 2, 3]))],
    )  # fmt: skip
    mood = it.hours.random.random()
    yield it.hours.soon(3)
    found.refresh_from_db()
    if found.state != State.PROPOSED:
        return
    if mood < 0.03:
        pairing.call_off(found, by=it.accounts["matcher"], reason="创业者去外地了，不再需要帮扶。")
    elif mood < 0.1:
        pairing.decline(found, by=expert.user, reason="手上已有两组结对，顾不过来。")
    else:
        pairing.accept(found, by=expert.user)
        yield from kept(it, found)


def commissioned(who: Founder) -> dict:
    """What the matcher enters of a founder who asked for it at the counter today."""
    return {**who._asdict(), "commissioned_on": clock.today(), "channel": "counter"}


def kept(it, found: Pairing) -> Story:
    """Contact after contact, most in time; it ends with its outcome, or before its time."""
    ends_early = it.happens(0.06)
    while True:
        late = it.hours.random.randint(1, 4) if it.happens(0.04) else -it.hours.random.randint(0, 4)
        day = clock.today() + timedelta(days=found.cadence_days + late)
        if day > found.ends_on:
            break
        yield it.hours.evening(day)
        found.refresh_from_db(from_queryset=Pairing.objects.select_related("expert__user"))
        if found.state != State.ACTIVE:  # the expert has left the team meanwhile
            return
        it.agenda.tell(talked(it, found))
        it.agenda.tell(members(it, found))
        if ends_early and it.happens(0.3):
            yield it.hours.soon(2)
            called_off(it, found)
            return
    yield from reported(it, found)


def talked(it, found: Pairing) -> Story:
    """A talk with one of the founders, written down the same evening; then the founder's word on it."""
    who = it.any_of(list(found.members.current()))
    minutes = it.any_of([30, 40, 45, 60])
    service = start_log(
        by=found.expert.user, pairing=found, kind=Kind.GUIDANCE, mode=it.any_of(["phone", "phone", "online", "centre"]),
        name=who.name, phone=who.phone, group=who.group, enterprise=who.enterprise, topics=found.expert.topics[:1],
        started_at=clock.now() - timedelta(minutes=minutes + 10), minutes=minutes,
    )  # fmt: skip
    log(service, by=found.expert.user, summary=it.any_of(TALKS))
    yield from confirmed(it, service)


def members(it, found: Pairing) -> Story:
    """Now and then a founder joins or leaves."""
    mood = it.hours.random.random()
    yield it.hours.soon(2)
    found.refresh_from_db()
    if mood > 0.05 or found.state != State.ACTIVE:
        return
    current, who = list(found.members.current()), founders(it, 1)[0]
    if mood > 0.02 and len(current) > 1:
        pairing.release_member(it.any_of(current), by=it.accounts["matcher"])
    elif all(each.phone != who.phone for each in current) and found.expert_id not in suspended(clock.today()):
        pairing.add_member(found, by=it.accounts["matcher"], **commissioned(who))


def called_off(it, found: Pairing):
    found.refresh_from_db()
    if found.state == State.ACTIVE:
        pairing.call_off(found, by=it.accounts["matcher"], reason="店已转让，创业者不再经营。")


def reported(it, found: Pairing) -> Story:
    """The expert writes what came of it in the last days, the centre closes it."""
    yield max(clock.now(), it.hours.evening(found.ends_on - timedelta(days=2)))
    found.refresh_from_db()
    if found.state != State.ACTIVE:
        return
    achieved = it.happens(0.7)
    pairing.report_outcome(found, by=found.expert.user, outcome=OUTCOMES[not achieved])
    yield it.hours.soon(5)
    found.refresh_from_db()
    told = found.services.exclude(state__in=[Service.State.DRAFT, Service.State.REJECTED]).exists()
    if found.state != State.ACTIVE:
        return
    if told:
        result = Pairing.Result.ACHIEVED if achieved else it.any_of([Pairing.Result.PARTLY, Pairing.Result.MISSED])
        pairing.close(found, by=it.accounts["matcher"], result=result)
    else:
        called_off(it, found)
