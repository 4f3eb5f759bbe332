"""评审抽取记录 and 评审报告 as papers to be signed and kept (Articles 8(4) and 10(4))."""

from collections import Counter
from decimal import Decimal

from expertteam import clock
from expertteam.documents import Block, paper
from expertteam.templatetags.terrace import moment
from services import pool
from services.models import Draw, DrawParty, PoolEntry, Recusal, ReviewPanel, ScoreSheet, Seat


def draw_record(draw: Draw) -> bytes:
    """The record of one draw; who sits where stands in it only once the review has begun."""
    on = clock.local(draw.drawn_at or draw.frozen_at).date()
    blocks = [conditions(draw), secrets_of(draw), result(draw), stand_downs(draw), notices(draw), signatures(draw)]
    return paper("评审专家抽取记录", draw.draw_id, [each for each in blocks if each.rows], on)


def conditions(draw: Draw) -> Block:
    """What was fixed before anything was drawn."""
    panel, entries = draw.panel, draw.entries
    reasons = Counter(entries.excluded().values_list("why", flat=True))
    left_out = "，".join(f"{PoolEntry.Why(why).label}{count}人" for why, count in reasons.most_common())
    rows = [
        ["评审", f"{panel.get_kind_display()}（{panel.number}）"],
        ["评审时间", f"{moment(panel.starts_at)}，{panel.place}"],
        ["席位", "，".join(f"{pool.stratum_label(stratum)}{seats}人" for stratum, seats in panel.need)],
        ["备选", f"{panel.alternates}人，按抽取顺序递补"],
        ["候选池", f"{entries.pool().count()}人，{moment(draw.frozen_at)}锁定"],
        ["不入池", left_out or "无"],
        ["池指纹", draw.pool_root],
        ["方式", draw.get_profile_display()],
    ]
    if draw.profile == Draw.Profile.PUBLIC:
        rows.append(["公开数值", f"{draw.get_source_display()}第{draw.issue}期，{moment(draw.due_at)}产生"])
    return Block("facts", rows, "抽取条件")


def secrets_of(draw: Draw) -> Block:
    """Who added what to the chance; nothing of it before all have shown theirs."""
    shown = draw.drawn_at is not None
    rows = []
    for party in draw.parties.all():
        rows.append([f"{party.get_role_display()}的承诺", party.commitment or "未提交"])
        if shown:
            rows.append([f"{party.get_role_display()}的随机数", party.secret])
    if shown:
        rows += [["录入的公开数值", draw.public_value]] if draw.public_value else []
        rows += [["条件指纹", draw.header_hash], ["记录指纹", draw.record_hash]]
    return Block("facts", rows, "随机数")


def result(draw: Draw) -> Block:
    """Every seat with the code that was drawn for it."""
    rows = [
        [
            f"第{seat.place}席", pool.stratum_label(seat.stratum), seat.entry.h[:16],
            str(seat.expert) if draw.panel.names_open else "保密", seat.get_state_display(),
        ]
        for seat in draw.seats.select_related("entry", "expert__user")
    ]  # fmt: skip
    return Block("table", rows, "抽取结果", ("席位", "类别", "代号", "姓名", "状态"), (1.2, 2, 2.4, 1.6, 1.8))


def stand_downs(draw: Draw) -> Block:
    gone = draw.seats.filter(state=Seat.State.STOOD_DOWN).select_related("passed_by", "stood_down_by")
    rows = [
        [f"第{each.place}席", each.get_why_display(), f"{each.passed_by}、{each.stood_down_by}", moment(each.stood_down_at)]
        for each in gone.order_by("stood_down_no")
    ]  # fmt: skip
    return Block("table", rows, "递补", ("席位", "原因", "经办和纪检签字", "时间"), (1, 1.5, 2, 2))


def notices(draw: Draw) -> Block:
    """How each seat was told, and what became of it."""
    rows = []
    for seat in draw.seats.prefetch_related("attempts__by"):
        rows += [
            [f"第{seat.place}席", each.get_channel_display(), moment(each.at), each.note or seat.get_state_display()]
            for each in seat.attempts.all()
        ]
    return Block("table", rows, "通知", ("席位", "方式", "时间", "结果"), (1, 2, 2, 2.4))


def signatures(draw: Draw) -> Block:
    """The two who answer for it, and the witness where there was one."""
    rows = [
        ["经办", signed(draw.operator, draw.operator_signed_at)],
        ["纪检监督", signed(draw.inspector, draw.inspector_signed_at)],
    ]
    witness = draw.parties.filter(role=DrawParty.Role.WITNESS).first()
    rows += [["见证人", witness.whose]] if witness else []
    if draw.state == Draw.State.ABORTED:
        rows += [["作废原因", draw.abort_reason], ["同意作废", signed(draw.aborted_by, draw.aborted_at)]]
    return Block("signatures", rows, "签字")


def signed(person, at) -> str:
    return f"{person}　{moment(at)}已签" if person and at else str(person or "")


def panel_report(panel: ReviewPanel) -> bytes:
    """The panel's opinion: results, every sheet, recusals, dissent, signatures."""
    on = clock.local(panel.concluded_at or panel.closed_at).date()
    seats = list(panel.seats.judging().select_related("expert__user"))
    blocks = [meeting(panel), results(panel), sheets(panel, seats), *opinions(panel, seats), members(panel, seats)]
    return paper("项目评审报告", panel.number, [each for each in blocks if each.rows], on)


def meeting(panel: ReviewPanel) -> Block:
    rows = [
        ["评审", f"{panel.title}（{panel.get_kind_display()}）"],
        ["时间地点", f"{moment(panel.convened_at)}开始，{panel.place}"],
        ["评分表", f"{panel.template}，{panel.get_method_display()}"],
        ["通过分数", f"{panel.pass_score}分" if panel.pass_score is not None else "不设"],
        ["主持", str(panel.convened_by)],
        ["纪检监督", f"{panel.inspector}，{moment(panel.inspector_seated_at)}到场"],
    ]
    return Block("facts", rows, "评审")


def results(panel: ReviewPanel) -> Block:
    said = {True: "通过", False: "未通过", None: ""}
    rows = [
        [str(each.rank or ""), each.name, each.applicant, points(each.score), said[each.passed]]
        for each in panel.projects.order_by("rank", "place")
    ]
    return Block("table", rows, "评审结果", ("名次", "项目", "申报", "得分", "结论"), (0.8, 3, 3, 1.2, 1.2))


def sheets(panel: ReviewPanel, seats: list[Seat]) -> Block:
    """What each member gave each project; a dash where he was excused."""
    given = {(each.project_id, each.seat_id): each.total for each in panel.sheets.valid()}
    rows = [
        [project.name, *(points(given.get((project.pk, seat.pk))) for seat in seats)]
        for project in panel.projects.all()
    ]
    head = ("项目", *(f"第{seat.place}席" for seat in seats))
    return Block("table", rows, "各席位评分", head, (3, *(1 for _ in seats)))


def points(score: Decimal | None) -> str:
    return "—" if score is None else f"{score:.2f}"


def opinions(panel: ReviewPanel, seats: list[Seat]) -> list[Block]:
    """Who was excused from what, why a sheet is far from the others, and who disagrees."""
    excused = Recusal.objects.filter(seat__in=seats).select_related("seat", "project")
    far = ScoreSheet.objects.filter(seat__in=seats).exclude(explanation="").select_related("seat", "project")
    return [
        Block("text", [f"第{each.seat.place}席回避“{each.project}”：{each.reason}" for each in excused], "回避"),
        Block("text", [f"第{each.seat.place}席“{each.project}”：{each.explanation}" for each in far], "偏离说明"),
        Block("text", [f"第{seat.place}席：{seat.dissent}" for seat in seats if seat.dissent], "不同意见"),
    ]


def members(panel: ReviewPanel, seats: list[Seat]) -> Block:
    """Everybody in the room with his signature; who did not sign and gave no reason counts as agreeing."""
    rows = [
        [f"第{seat.place}席 {seat.expert}", "未签字也未说明理由，视为同意" if seat.refused else at(seat)]
        for seat in seats
    ]
    concluded = f"　{moment(panel.concluded_at)}已签" if panel.concluded_at else ""
    rows += [["主持", str(panel.convened_by)], ["纪检监督", f"{panel.inspector}{concluded}"]]
    return Block("signatures", rows, "签字")


def at(seat: Seat) -> str:
    return f"{moment(seat.signed_at)}已签" if seat.signed_at else ""
