"""A case of dismissal from the clue to the last paper: taken up, told, heard, weighed, decided, served (Article 12)."""

import functools
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile

from evaluations import actions, thresholds
from evaluations.models import Delivery, Dismissal
from evaluations.rules import LIMIT
from expertteam import clock
from expertteam.demo_life import papers
from expertteam.demo_life.agenda import Story

State, Ground = Dismissal.State, Dismissal.Ground
HEARD = ["statement", "silence", "hearing", "waiver", "extended", "missed", "by_hand"]  # how, one after the other
POINTS = ["事情有前因，对方也有责任。", "事后已经主动说明并道歉，愿意改正。"]
FACTS = {
    Ground.OWN_REQUEST: "本人书面申请不再担任专家。",
    Ground.ATTITUDE: "聘期内三次被服务对象反映态度恶劣，均经回访、说明和认定。",
    Ground.REFUSAL: "一年内三次无正当理由不履行工作职责，均经核实和认定。",
    Ground.GAIN: "向两名来访者推销本人公司的记账服务，收取费用。",
    Ground.SECRETS: "把服务对象的报价单转给同行，对方因此丢掉一笔订单。",
    Ground.UNLAWFUL: "因虚开发票被判处刑罚，判决已经生效。",
}


@dataclass
class Turn:
    """One case and how it is to end: ``dismissed``, ``kept``, ``dropped``, or ``taken_back`` by himself."""

    it: object
    case: Dismissal
    ending: str = "dismissed"

    @property
    def expert(self):
        return self.case.expert.user

    def clerk(self, role: str):
        return self.it.accounts[role]

    @property
    def heard(self) -> str:
        return HEARD[self.case.pk % len(HEARD)]


def course(it, case: Dismissal, ending: str = "dismissed") -> Story:
    """Whatever state it is in, somebody does what comes next; a case outlived by its term is dropped."""
    turn = Turn(it, case, ending)
    while case.state in STEPS:
        yield it.hours.soon(3)
        case.refresh_from_db()
        if case.state in STEPS and not case.is_running:
            actions.drop(case, by=turn.clerk("reviewer"), drop_reason="聘期已满，聘任关系已经自动终止")
        elif case.state in STEPS:
            STEPS[case.state](turn)


@functools.cache
def content(title: str, line: str) -> bytes:
    return papers.paper(title, [line]).read()


def paper(title: str, line: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{title}.pdf", content(title, line), "application/pdf")


def taken_up(turn: Turn):
    """By the clerk, once the inspector has looked where it comes from; what he asked for himself may go on at once."""
    case = turn.case
    if case.flag and not case.origin_seen_by_id:
        actions.inspect_origin(case, by=turn.clerk("inspector"), origin="逐一核对来源，互不相识，各自独立")
    elif turn.ending == "taken_back":
        actions.take_back(case, by=turn.expert, drop_reason="家里的事已经安排好，可以继续服务")
    elif turn.ending == "dropped":
        actions.drop(case, by=turn.clerk("reviewer"), drop_reason="线索查无实据，不立案")
    elif case.waives:
        actions.forward(case, by=turn.clerk("intake"))
    else:
        actions.take_up(case, by=turn.clerk("intake"))


def noticed(turn: Turn):
    """Told in writing of facts and reasons, as long as what was counted still counts; never while that is open."""
    case, intake = turn.case, turn.clerk("intake")
    if is_open_to_appeal(case):
        return
    if case.ground in Dismissal.COUNTED and not thresholds.of(case.expert, clock.today()).reached[case.ground]:
        actions.drop(case, by=turn.clerk("reviewer"), drop_reason="有计次在申诉后撤销，现在不到三次")
        return
    if case.ground not in (*Dismissal.COUNTED, Ground.OWN_REQUEST):
        proof = paper("核查记录", FACTS[case.ground])
        actions.add_evidence(case, by=intake, upload=proof, shows="谈话核查记录", open_to_expert=True)
    judgment = "（2027）晋0105刑初118号" if case.ground == Ground.UNLAWFUL else ""
    reasons = f"上述事实符合办法第{case.ground}条规定的解聘情形。"
    actions.issue_notice(case, by=intake, facts=FACTS[case.ground], reasons=reasons, judgment_number=judgment)


def is_open_to_appeal(case: Dismissal) -> bool:
    """Whether an entry that it rests on is being appealed, or may be."""
    entries = case.strikes.all()
    return any(each.state == each.State.APPEALED or each.may_be_appealed(clock.today()) for each in entries)


def told(turn: Turn):
    """Signed for on the portal, or brought to him."""
    if turn.case.pk % 3:
        actions.receive_notice(turn.case, by=turn.expert)
        return
    proof = paper("送达回证", "本人签收告知书")
    channel = Delivery.Channel.HAND
    actions.serve_notice(turn.case, by=turn.clerk("intake"), channel=channel, served_on=clock.today(), proof=proof)


def heard(turn: Turn):
    """In writing, in person, or not at all: then time goes on without him."""
    case, intake = turn.case, turn.clerk("intake")
    if turn.heard in ("hearing", "missed"):
        actions.ask_hearing(case, by=turn.expert)
    elif turn.heard == "waiver":
        actions.waive(case, by=turn.expert)
    elif turn.heard == "by_hand":
        said = {"how": Dismissal.Heard.STATEMENT, "day": clock.today(), "points": POINTS[:1]}
        actions.record_defence(case, by=intake, proof=paper("陈述笔录", POINTS[0]), **said)
    elif turn.heard == "extended" and not case.extension:
        actions.extend(case, by=intake, extension="本人在外地，申请延长")
    elif turn.heard != "silence":
        actions.defend(case, by=turn.expert, points=POINTS)


def summoned(turn: Turn):
    at = turn.it.hours.office(clock.today(), 9)
    actions.set_hearing(turn.case, by=turn.clerk("intake"), at=at, place="三楼会议室")


def sat(turn: Turn):
    """When the hour has come: who was there is heard, who was not is entered as such."""
    case, reviewer = turn.case, turn.clerk("reviewer")
    if case.hearing_at > clock.now():
        return
    if turn.heard == "missed":
        actions.miss_hearing(case, by=reviewer, hearing_record="等候四十分钟，本人没有到场，电话未接")
        return
    proof = paper("听取笔录", "双方签字的听取笔录")
    actions.record_hearing(case, by=reviewer, points=POINTS, hearing_record="本人到场陈述两点", proof=proof)


def weighed(turn: Turn):
    """Point by point."""
    goes = turn.ending == "dismissed"
    answers = {
        plea.pk: (not goes, "经核对，不影响事实的认定。" if goes else "属实，予以采纳。")
        for plea in turn.case.pleas.all()
    }
    advice = Dismissal.Advice.DISMISS if goes else Dismissal.Advice.WARN
    opinion = "事实清楚，证据充分" if goes else "情节轻微，没有造成不良后果"
    actions.weigh(turn.case, by=turn.clerk("reviewer"), answers=answers, opinion=opinion, advice=advice)


def decided(turn: Turn):
    """By the leader, who sends some back once."""
    case, leader = turn.case, turn.clerk("leader")
    if is_open_to_appeal(case):
        return
    entries = list(case.strikes.all())
    enough = not entries or sum(each.counts for each in entries) >= LIMIT
    if case.pk % 4 == 1 and not case.waives and not case.decision:
        actions.reconsider(case, by=leader, decision="请再核对一次证据和本人的说法。")
    elif turn.ending == "dismissed" and enough:
        actions.confirm(case, by=leader, decision="同意解聘。")
    else:
        actions.keep(case, by=leader, decision="不予解聘，书面提醒。", warned=True)


def served(turn: Turn):
    """Signed for, or brought to him; some so late that somebody is reminded."""
    case = turn.case
    if case.pk % 5 == 2 and clock.today() <= case.decision_due:
        return
    if case.pk % 3 != 1:
        actions.receive_decision(case, by=turn.expert)
        return
    proof, channel = paper("送达回证", "留置送达，两人在场"), Delivery.Channel.LEFT
    actions.serve_decision(case, by=turn.clerk("intake"), channel=channel, served_on=clock.today(), proof=proof)


STEPS = {
    State.PROPOSED: taken_up,
    State.EXAMINING: noticed,
    State.NOTICE_ISSUED: told,
    State.TOLD: heard,
    State.HEARING_ASKED: summoned,
    State.HEARING_SET: sat,
    State.HEARD: weighed,
    State.WEIGHED: decided,
    State.CONFIRMED: served,
}
