"""年度评价表 as a paper to be kept (Article 10(1))."""

from functools import partial

from evaluations.models import Assessment
from expertteam import clock
from expertteam.documents import Block, in_chinese, paper
from expertteam.papers import handed_over


def assessment_sheet(sheet: Assessment) -> bytes:
    """Points, grade, and how each line came about; dated by the day on which it was told, before that worked out."""
    on = clock.local(sheet.decided_at or sheet.released_at or sheet.computed_at).date()
    number = f"{sheet.expert.no}-{sheet.year}-{sheet.revision}"
    blocks = [result(sheet), lines(sheet), Block("text", sheet.remarks, "说明"), second_look(sheet), signatures(sheet)]
    return paper(f"{sheet.year}年度评价表", number, [each for each in blocks if each.rows], on)


def stamp(at) -> str:
    """Day and minute with the year, so that a paper printed later is the same paper."""
    at = clock.local(at)
    return f"{in_chinese(at.date())} {at:%H:%M}"


def result(sheet: Assessment) -> Block:
    rows = [
        ["专家", f"{sheet.expert}（{sheet.expert.no}）"],
        ["年度", f"{sheet.year}年，在聘{sheet.inputs['days']}天"],
        ["总分", f"{sheet.total}分"],
        ["等次", sheet.get_grade_display()],
        ["状态", sheet.get_state_display()],
        ["评价办法", str(sheet.scheme)],
    ]
    return Block("facts", rows, "评价结果")


def lines(sheet: Assessment) -> Block:
    rows = [[line["dimension"], line["words"], line["points"]] for line in sheet.lines]
    return Block("table", rows, "得分明细", ("维度", "怎么算的", "得分"), (1.6, 5, 1))


def second_look(sheet: Assessment) -> Block:
    rows = []
    if sheet.contest_until:
        rows.append(["申请复核截止", in_chinese(sheet.contest_until)])
    if sheet.plea:
        rows += [["专家的意见", sheet.plea], ["提出时间", stamp(sheet.contested_at)]]
    if sheet.decision:
        rows += [["复核理由", sheet.decision]]
    return Block("facts", rows, "复核")


def signatures(sheet: Assessment) -> Block:
    rows = [["计算", f"{sheet.computed_by}　{stamp(sheet.computed_at)}"]]
    if sheet.released_by:
        rows.append(["公布", f"{sheet.released_by}　{stamp(sheet.released_at)}"])
    if sheet.decided_by:
        rows.append(["复核", f"{sheet.decided_by}　{stamp(sheet.decided_at)}"])
    return Block("signatures", rows, "办理")


class SheetPaper:
    """The sheet as a file; where a font lacks a character, its page says so."""

    def back(self):
        return self.object

    def render_to_response(self, context, **_):
        name = f"年度评价表 {self.object.expert.no} {self.object.year}.pdf"
        return handed_over(self.request, partial(assessment_sheet, self.object), name, self.back())
