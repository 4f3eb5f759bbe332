"""The ledger and the cases of the demo: who did not come and why, who resigned, whose case waits for whom (Article 12)."""

from datetime import date, timedelta

from evaluations import actions
from evaluations.models import Dismissal, Refusal, Report
from experts.models import Expert
from expertteam import clock
from expertteam.demo_life import papers
from expertteam.demo_life.agenda import Story, working_days_before
from expertteam.demo_life.seasons import FLOOR

REASONS = [
    "当天在外地授课，短信晚上才看到，已打电话给中心说明。",
    "家里老人住院，没顾上看手机。",
    "活动改期没有接到通知。",
]
ASIDE = "已电话核实，专家当天在外授课，不再追究"
ENDINGS = 5  # experts whom these stories are about; the smallest lives of the demo have too few


def endings(bureau, last: date) -> list[Story]:
    """Every one as a story of its own; those at the end are left for whoever opens the demo."""
    return [
        leads(bureau, last),
        resigned(bureau, last),
        kept(bureau, last),
        near(bureau, last),
        reached(bureau, last),
        told(bureau, last),
        asking_the_expert(bureau, last),
    ]


def whose(place: int) -> Expert | None:
    """One of those in term who have been with the team longest, the demo's own expert left aside."""
    serving = Expert.objects.serving(clock.today()).exclude(user__username="expert").order_by("no")
    return serving[place] if serving.count() > 2 * ENDINGS else None


def leads(bureau, last: date) -> Story:
    """Once a week the clerk goes through what came up; what came in the last days waits."""
    day = FLOOR
    while day < last - timedelta(days=3):
        yield clock.instant(day, 16, 40)
        for place, lead in enumerate(Refusal.objects.filter(state=Refusal.State.LEAD, opened_by=None)):
            if place % 2:
                actions.set_aside(lead, by=bureau.accounts["intake"], aside=ASIDE)
            else:
                bureau.agenda.tell(explained(bureau, lead, REASONS[place % len(REASONS)]))
        day += timedelta(days=7)


def explained(bureau, lead: Refusal, words: str, finding="proper_reason") -> Story:
    """The clerk asks, the expert answers, the reviewer judges."""
    yield clock.now() + clock.ONE_MINUTE
    actions.ask_reason(lead, by=bureau.accounts["intake"])
    yield clock.now() + timedelta(hours=20)
    actions.give_reason(lead, by=lead.expert.user, statement=words)
    yield bureau_day(3)
    said = "说明属实，有正当理由" if finding == "proper_reason" else "事先没有告诉中心，事后也没有说明，没有正当理由"
    actions.judge(lead, by=bureau.accounts["reviewer"], finding=finding, reasons=said)


def bureau_day(after: int):
    """Ten in the morning, so many days from now."""
    return clock.instant(clock.today() + timedelta(days=after), 10, 20)


def counted(bureau, expert: Expert, day: date, what: str) -> Story:
    """Something not done, entered by hand, that goes into the ledger."""
    yield clock.instant(day, 17)
    lead = actions.open_refusal(expert, by=bureau.accounts["intake"], day=day, what=what)
    yield from explained(bureau, lead, "没什么好说的，忙。", finding="no_reason")


def resigned(bureau, last: date) -> Story:
    """Article 12(1): asked for, confirmed and carried out within a week."""
    yield clock.instant(working_days_before(last, 45), 9, 30)
    expert = whose(4)
    if not expert:
        return
    case = actions.resign(by=expert.user, words="下月起到外省工作，不能继续承担服务，申请不再担任专家。", waives=True)
    yield bureau_day(1)
    actions.forward(case, by=bureau.accounts["intake"])
    yield bureau_day(2)
    actions.confirm(case, by=bureau.accounts["leader"], decision="同意，感谢一年来的服务。")
    yield bureau_day(1)
    actions.receive_decision(case, by=expert.user)


def opened(bureau, expert: Expert, ground: str, clue: str, facts: str) -> Dismissal:
    """A case as far as the notice."""
    case = actions.propose(expert, by=bureau.accounts["inspector"], ground=ground, clue=clue)
    actions.take_up(case, by=bureau.accounts["intake"])
    proof = papers.paper("核查记录", [facts])
    actions.add_evidence(case, by=bureau.accounts["intake"], upload=proof, shows="谈话核查记录")
    reasons = "上述事实如属实，符合办法第十二条规定的解聘情形。"
    return actions.issue_notice(case, by=bureau.accounts["intake"], facts=facts, reasons=reasons)


def kept(bureau, last: date) -> Story:
    """Article 12(5): told, heard, weighed, and found not to be enough."""
    yield clock.instant(working_days_before(last, 70), 9, 50)
    expert = whose(5)
    if not expert:
        return
    facts = "在一次公开讲座中引用了服务对象的成本数据，没有说明企业名称。"
    case = opened(bureau, expert, "12(5)", "有人反映讲座中提到了企业数据", facts)
    yield clock.now() + timedelta(hours=6)
    actions.receive_notice(case, by=expert.user)
    yield bureau_day(2)
    actions.defend(
        case, by=expert.user, points=["数据取自对方已经公开的路演材料，没有点名。", "事后已与对方沟通，对方没有意见。"]
    )
    yield bureau_day(3)
    answers = {plea.pk: (True, "经核对，属实，予以采纳。") for plea in case.pleas.all()}
    actions.weigh(case, by=bureau.accounts["reviewer"], answers=answers, opinion="没有造成不良后果", advice="warn")
    yield bureau_day(2)
    actions.keep(case, by=bureau.accounts["leader"], decision="不予解聘，提醒今后引用案例先征得对方同意。", warned=True)


def near(bureau, last: date) -> Story:
    """Two entries, one of them taken back after an appeal; and another expert who has two."""
    yield clock.instant(working_days_before(last, 60), 8, 50)
    one, other = whose(6), whose(7)
    if not one or not other:
        return
    for days, expert in [(60, one), (40, other), (21, other)]:
        day = working_days_before(last, days)
        bureau.agenda.tell(counted(bureau, expert, day, "约好的季度工作会没有到会，也没有请假。"))
    yield clock.instant(working_days_before(last, 54), 9)
    entry = one.strikes.first()
    actions.appeal(entry, by=one.user, words="会前一天已向主任口头请假，可以核实。")
    yield bureau_day(4)
    actions.reverse(entry, by=bureau.accounts["inspector"], answer="经核实，确已请假，撤销这次计次。")


def reached(bureau, last: date) -> Story:
    """Article 12(3): three within a year; the ledger has opened the case, which waits for the clerk."""
    yield clock.instant(working_days_before(last, 50), 8, 50)
    expert = whose(8)
    for days in (50, 30, 9) if expert else ():
        day = working_days_before(last, days)
        bureau.agenda.tell(counted(bureau, expert, day, "安排的政策宣讲没有到场，事先没有说明。"))


def told(bureau, last: date) -> Story:
    """Article 12(4): reported, found true, told yesterday; the expert's days run."""
    yield clock.instant(working_days_before(last, 12), 9, 10)
    expert = whose(9)
    if not expert:
        return
    facts = "向两名来访者推销本人公司的记账服务，收取费用。"
    receipt = actions.lodge(kind="12(4)", about=expert.no, facts=facts, name="庞瑞", phone="15400020998")
    report = Report.objects.get(receipt=receipt)
    inspector = bureau.accounts["inspector"]
    actions.examine(report, by=inspector)
    yield bureau_day(4)
    actions.uphold(report, by=inspector, findings="已找两名来访者和专家本人核实，收费凭证两份，属实。")
    actions.answer(report, by=inspector, answer="反映的情况属实，已按程序处理，感谢监督。")
    yield clock.instant(working_days_before(last, 2), 10)
    case = opened(bureau, expert, "12(4)", "举报核实属实", facts)
    yield clock.instant(working_days_before(last, 1), 9, 30)
    actions.receive_notice(case, by=expert.user)


def asking_the_expert(bureau, last: date) -> Story:
    """The expert whose account is printed is asked about one thing."""
    day = working_days_before(last, 3)
    yield clock.instant(day, 15)
    own = Expert.objects.serving(clock.today()).filter(user__username="expert").first()
    if own:
        lead = actions.open_refusal(
            own, by=bureau.accounts["intake"], day=day, what="上午的专家碰头会没有到会，没有收到请假。"
        )
        actions.ask_reason(lead, by=bureau.accounts["intake"])
