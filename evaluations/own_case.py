"""What the expert reads of his own case: where it stands, and what he may do (Article 12¶2)."""

from typing import NamedTuple

from evaluations import actions, rules
from evaluations.models import Delivery, Dismissal, DismissalFile
from expertteam import clock
from expertteam.templatetags.terrace import day, moment, weekday

State = Dismissal.State
SIGNING = [State.NOTICE_ISSUED, State.HEARING_SET, State.CONFIRMED]  # where something is expected of him
TITLES = {
    State.PROPOSED: "您的申请已收到",
    State.EXAMINING: "您的申请正在办理",
    State.NOTICE_ISSUED: "有一份告知书请您签收",
    State.TOLD: "请您陈述申辩",
    State.HEARING_ASKED: "正在安排当面陈述",
    State.HEARING_SET: "当面听取您的意见",
    State.HEARD: "正在复核",
    State.WEIGHED: "等局里决定",
    State.CONFIRMED: "有一份决定书请您签收",
    State.DISMISSED: "聘任关系已终止",
    State.KEPT: "决定不予解聘",
    State.DROPPED: "事项已撤销",
}


class OwnCase(NamedTuple):
    """The page in words: title, what follows, and what may be read and done."""

    title: str
    lead: str
    tells: bool  # facts, reasons, basis
    answers: bool  # whether he may still speak
    concludes: bool  # the decision and the answer to each point
    takes_back: bool


def of(case: Dismissal) -> OwnCase:
    return OwnCase(
        title="申请已撤回" if case.is_own_request and case.state == State.DROPPED else TITLES[case.state],
        lead=lead(case),
        tells=bool(case.told_on and case.notice_number),
        answers=case.state == State.TOLD and not rules.is_over(case.defence_until, clock.today()),
        concludes=case.state in (State.DISMISSED, State.KEPT),
        takes_back=case.is_own_request and case.state in actions.take_back.source,
    )


def lead(case: Dismissal) -> str:
    """What comes next, in one sentence or two."""
    if case.state == State.TOLD:
        return told_lead(case)
    if case.state == State.HEARING_SET:
        at = case.hearing_at
        return f"{moment(at)}（{weekday(at)}），{case.hearing_place}。请按时到场，可以带书面材料。"
    if case.state == State.DISMISSED:
        return f"从{day(case.effective_on)}起不再聘任，聘书同日失效。"
    if case.state == State.WEIGHED and case.waives:
        return "已转局领导确认，结果会书面送达您。确认以前可以撤回。"
    return {
        State.PROPOSED: "由局领导确认，结果会通知您。确认以前可以撤回。",
        State.EXAMINING: "办理以前还会书面告知您。确认以前可以撤回。",
        State.NOTICE_ISSUED: f"签收以后能看到全文。从第二天起有{case.defence_days}个工作日陈述申辩。",
        State.HEARING_ASKED: "时间和地点定了就通知您。",
        State.HEARD: "由没有承办这件事的人复核，您的每一点意见都会有答复。",
        State.WEIGHED: "复核已完成。结果会书面送达您。",
        State.CONFIRMED: "签收以后能看到全文，决定从签收当天起生效。",
        State.KEPT: "您的聘任不变。" if not case.warned else "您的聘任不变，另有一份书面提醒。",
    }.get(case.state, "不作处理，您的聘任不受影响。")


def told_lead(case: Dismissal) -> str:
    if rules.is_over(case.defence_until, clock.today()):
        return f"陈述申辩期限到{day(case.defence_until)}为止，已经过了。接下来由没有承办这件事的人复核。"
    longer = f"期限已延长：{case.extension}。" if case.extension else ""
    return f"{longer}告知书{day(case.told_on)}送达，最后一天是{day(case.defence_until)}。"


def files_of(case: Dismissal, user) -> dict[str, list[DismissalFile]]:
    """What he may read, the bureau's and his own apart."""
    kinds = DismissalFile.Kind
    readable = list(DismissalFile.objects.own(user).filter(dismissal=case).order_by("pk"))
    return {
        "evidence": [each for each in readable if each.kind == kinds.EVIDENCE],
        "own_files": [each for each in readable if each.kind in (kinds.DEFENCE, kinds.RECORD)],
    }


def service_of(case: Dismissal, paper: str) -> Delivery | None:
    return case.deliveries.filter(paper=paper).first()
