"""What the bureau looks into: poor words, what was not done, the ledger and its appeals (Articles 10(1), 12(2) and 12(3))."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

from django.db.models import Model

from evaluations import actions, thresholds
from evaluations.clusters import KINDS
from evaluations.models import RatingCase, Refusal, Strike
from evaluations.models.rating import Trouble
from expertteam import calendar, clock
from expertteam.demo_life.agenda import Story
from expertteam.workflow import LINK

Finding = RatingCase.Finding
UNREACHED, LEFT_LYING, SILENT, SLOW = 0.12, 0.1, 0.3, 0.12  # of what is looked into
FOLLOWED_UP = 0.6  # of what was mended
SET_ASIDE, UNSOUND = 0.4, 0.3  # of leads; of explanations
APPEALED, REVERSED = 0.35, 0.4  # of entries in the ledger; of appeals against a first one
FINDINGS = {  # what is found of a word that is not about manner, and why
    Finding.UPHELD_COMPETENCE: "意见没有落到具体办法，属实",
    Finding.ABSENCE: "核对签到，确实迟到二十分钟",
    Finding.OTHER: "材料没有按约定补发，属实",
    Finding.NOT_UPHELD: "该讲的都讲到了，对方期望有偏差",
    Finding.MISTAKEN: "对方承认点错了等级",
    Finding.MALICIOUS: "核实为同行冒名评价",
    Finding.UNVERIFIABLE: "双方说法不一，没有旁证",
}
EXCUSES = ["当天在外地授课，短信晚上才看到。", "家里老人住院，没顾上看手机。", "时间改了以后没有接到通知。"]
ASIDE = "已电话核实，情有可原，不再追究"


def stories(it) -> Iterator[Story]:
    yield every_working_day(it, 15, poor_words, lambda case: looked_into(it, case))
    yield every_working_day(it, 16, leads, lambda lead: accounted_for(it, lead))
    yield talks(it)


def every_working_day(
    it, hour: int, waiting: Callable[[date], Iterable[Model]], course: Callable[[Model], Story]
) -> Story:
    """At that hour somebody goes through what waits; of each that is new there, a story of its own begins."""
    day, seen = it.first, set()
    while True:
        yield clock.instant(day, hour, 20)
        for record in waiting(day):
            if record.pk not in seen:
                seen.add(record.pk)
                it.agenda.tell(course(record))
        day = calendar.deadline(day, 1, start_counts=False).day


def in_time(it, due: date) -> datetime:
    """On a working day up to that one; now and then so late that somebody is reminded."""
    return (
        it.hours.office(max(due, clock.today()), it.hours.random.randint(7, 9))
        if it.happens(SLOW)
        else it.hours.soon(3)
    )


# Poor words


def poor_words(today: date):
    """Those whose client is to be rung up today at the latest."""
    waiting = RatingCase.objects.filter(state=RatingCase.State.AWAITING_CALL, call_due__lte=today)
    return waiting.select_related("rating__service", "rating__expert__user").order_by("pk")


def looked_into(it, case: RatingCase) -> Story:
    """Rung up, explained, found; mended where it was so."""
    yield from rung_up(it, case)
    yield from explained(it, case)
    yield in_time(it, case.statement_due)
    case.refresh_from_db()
    if case.flag and not case.flag_seen_at:
        seen_together(it, case)
        yield it.hours.soon(2)
    finding, reasons = found(it, case)
    actions.find(case, by=it.accounts["reviewer"], finding=finding, reasons=reasons)
    if finding == Finding.UPHELD_ATTITUDE:
        counted(it, case.strike)
    yield from mended(it, case)


def seen_together(it, case: RatingCase):
    """Poor words that came together: several people meant them, or one hand wrote them all."""
    one_hand = KINDS["client"][1] in case.flag
    report = "几条评价出自同一人之手，与专家有生意往来" if one_hand else "分别问过几位服务对象，评价是本人所写"
    actions.inspect_cluster(case, by=it.accounts["inspector"], genuine=not one_hand, report=report)


def rung_up(it, case: RatingCase) -> Story:
    """Reached at once, after the time that is promised for it, or never."""
    intake = it.accounts["intake"]
    if it.happens(UNREACHED):
        for _ in range(2):
            yield it.hours.soon(1)
            actions.miss_call(case, by=intake, note="响了很久没有人接")
        yield it.hours.soon(1)
        actions.give_up_call(case, by=intake, note="几天都没有接通，先请专家说明")
        return
    yield (
        it.hours.soon(4) if it.happens(LEFT_LYING) else clock.now() + clock.ONE_MINUTE * it.hours.random.randint(5, 90)
    )
    actions.call_back(case, by=intake, note="对方愿意再谈一次，说的和评价一致", points="请说明当天谈了什么、怎么答复的")


def explained(it, case: RatingCase) -> Story:
    """In his own words, or by his silence."""
    if it.happens(SILENT):
        yield it.hours.office(case.statement_due)
        case.refresh_from_db()
        return
    yield it.hours.evening(it.hours.day(clock.today(), case.statement_due))
    case.refresh_from_db()
    if case.state == RatingCase.State.AWAITING_STATEMENT:
        actions.explain(case, by=case.rating.expert.user, statement="当时材料不全，没有讲透，已约对方补谈一次。")


def found(it, case: RatingCase) -> tuple[str, str]:
    """A word about manner is found right, unless it is nobody's; of the others every kind of finding is made."""
    if case.flag_genuine is False:
        return Finding.MALICIOUS, "纪检核查为一人冒名多次评价"
    if Trouble.ATTITUDE in case.rating.wrong:
        return Finding.UPHELD_ATTITUDE, "在场工作人员证实态度生硬，打断对方说话"
    return it.any_of(list(FINDINGS.items()))


def mended(it, case: RatingCase) -> Story:
    """What was so is put right; then the client is asked once more."""
    yield it.hours.soon(1)
    if case.is_upheld:
        actions.rectify(case, by=it.accounts["reviewer"], order="向对方说明情况，补充具体办法和联系窗口")
        yield it.hours.soon(8)
    actions.close(case, by=it.accounts["intake"], outcome="已答复对方，对方认可")
    if case.follow_up_until and it.happens(FOLLOWED_UP):
        yield it.hours.evening(it.hours.day(clock.today(), calendar.deadline(clock.today(), 5, start_counts=False).day))
        actions.follow_up(case, by=LINK, grade=it.any_of([5, 4, 4, 3, 2]), text="后来又谈了一次，好多了。")


# What was not done


def leads(today: date):
    return Refusal.objects.filter(state=Refusal.State.LEAD).select_related("expert__user").order_by("pk")


def accounted_for(it, lead: Refusal) -> Story:
    """The clerk asks, the expert answers or not, the reviewer judges; some things need no asking."""
    yield it.hours.soon(3)
    if lead.opened_by_id is None and it.happens(SET_ASIDE):
        actions.set_aside(lead, by=it.accounts["intake"], aside=ASIDE)
        return
    actions.ask_reason(lead, by=it.accounts["intake"])
    silent = it.happens(SILENT)
    if silent:
        yield it.hours.office(lead.reason_due)
    else:
        yield it.hours.evening(it.hours.day(clock.today(), lead.reason_due))
    lead.refresh_from_db()
    if lead.state == Refusal.State.AWAITING_REASON:
        actions.give_reason(lead, by=lead.expert.user, statement=it.any_of(EXCUSES))
    yield in_time(it, lead.reason_due)
    finding, reasons = judged(it, lead)
    actions.judge(lead, by=it.accounts["reviewer"], finding=finding, reasons=reasons)
    if finding == Refusal.Finding.NO_REASON:
        counted(it, lead.strike)


def judged(it, lead: Refusal) -> tuple[str, str]:
    """What a clerk has entered by hand was so; else an excuse is mostly sound, and nothing counts that never reached him."""
    Found = Refusal.Finding
    reached = lead.kind != Refusal.Kind.LAPSED or lead.delivered_at
    if lead.expert.user.username != "expert" and reached and (lead.opened_by_id or it.happens(UNSOUND)):
        return Found.NO_REASON, "事先没有告诉中心，事后说明与通话记录不符，没有正当理由"
    if lead.kind == Refusal.Kind.ABSENT and it.happens(0.3):
        return Found.UNTRUE, "签到表上有专家到场的记录，是对方找错了房间"
    return Found.PROPER_REASON, "说明属实，有正当理由"


# The ledger


def counted(it, strike: Strike):
    """Some appeal."""
    if it.happens(APPEALED):
        it.agenda.tell(appealed(it, strike))


def appealed(it, strike: Strike) -> Story:
    """In time; of the first entry it is found now and then that it was none."""
    yield it.hours.evening(it.hours.day(clock.today(), strike.appeal_until))
    actions.appeal(strike, by=strike.expert.user, words="当天的情况另有原因，有通话记录，请求复核。")
    yield it.hours.soon(4)
    first = not strike.expert.strikes.counted().exists()
    if first and it.happens(REVERSED):
        actions.reverse(strike, by=it.accounts["inspector"], answer="经核实，确有通话记录，撤销这次计次。")
    else:
        actions.maintain(strike, by=it.accounts["inspector"], answer="通话记录与申诉所说不符，维持计次。")


def talks(it) -> Story:
    """Once a week: whoever is one entry short of a case is talked with."""
    day = it.first
    while True:
        yield clock.instant(day, 10, 30)
        for standing in thresholds.near(day):
            for ground in Strike.Ground:
                if standing.talk_due(ground):
                    note = "指出两次计次的情况，本人表示今后注意，按约定时间到场。"
                    actions.record_talk(
                        standing.expert, by=it.accounts["intake"], ground=ground, held_on=day, note=note
                    )
        day = calendar.deadline(day, 5, start_counts=False).day
