"""推荐表 and 审批表: an honour on paper, with what the year showed and who decided (Article 10(1))."""

from evaluations import year as years
from evaluations.models import Honour
from expertteam import clock
from expertteam.documents import Block, in_chinese, paper

TITLES = {
    Honour.Kind.PRAISE: "通报表扬审批表",
    Honour.Kind.COMMENDATION: "表彰审批表",
    Honour.Kind.PROVINCIAL: "省级创业就业专家推荐表",
}


def form(honour: Honour) -> bytes:
    """The form of one honour as PDF, dated by its decision or, before there is one, by its nomination."""
    on = clock.local(honour.decided_at or honour.nominated_at).date()
    return paper(TITLES[honour.kind], honour.number, [each for each in blocks(honour) if each.rows], on)


def blocks(honour: Honour) -> list[Block]:
    """Who, what the year showed, by which criteria, for what, what was decided, signatures."""
    return [
        person(honour),
        Block("facts", [list(row) for row in years.told(honour.evidence)], f"{honour.year}年情况"),
        Block("text", honour.criteria.splitlines(), "评选条件"),
        Block("text", honour.deeds.splitlines(), "主要事迹"),
        Block("text", [line for line in honour.decision.splitlines() if line], "决定"),
        signatures(honour),
    ]


def person(honour: Honour) -> Block:
    expert, term = honour.expert, years.terms(honour.year).filter(expert=honour.expert_id).first()
    rows = [
        ["姓名", f"{expert.user.name}（{expert.no}）"],
        ["单位和职务", f"{expert.employer}{expert.position}" or "未填"],
        ["职称", expert.title or "未填"],
    ]
    if term:
        period = f"{in_chinese(term.first_day)}至{in_chinese(term.last_day)}"
        rows += [["类别", term.category_name], ["聘期", f"{period}，聘书{term.number}"]]
    rows += [["批准文号", honour.approval]] if honour.approval else []
    return Block("facts", rows)


def signatures(honour: Honour) -> Block:
    """Who nominated and who decided, each with the day; the line of a decision stays empty until there is one."""
    rows = [["提名", signed(honour.nominated_by, honour.nominated_at)], ["决定", ""]]
    if honour.decided_at:
        outcome = "不予通过" if honour.state == Honour.State.REFUSED else "同意"
        rows[1][1] = f"{signed(honour.decided_by, honour.decided_at)}，{outcome}"
    return Block("signatures", rows, "签字")


def signed(person, at) -> str:
    return f"{person}　{in_chinese(clock.local(at).date())}"
