"""评分: who may not judge what, what each member gives, and what still has to be explained (Articles 8(4) and 14)."""

from collections import defaultdict
from decimal import Decimal

from django.db import transaction

from expertteam import clock
from expertteam.regulation import Refused
from expertteam.workflow import transition
from services import pool
from services.models import Recusal, ReviewPanel, ReviewProject, ScoreSheet, Seat
from services.rules import panel as rules

State = ScoreSheet.State
HANDED_ON = [Seat.State.CALLED, Seat.State.ACCEPTED, Seat.State.DECLINED, Seat.State.PASSING]


@transition(Seat, source=[Seat.State.PRESENT], target=None, article="14", own=True)
def declare(seat, *, by, conflicts: dict[int, str]):
    """回避声明"""
    while_open(seat.panel)
    if seat.declared_at:
        raise Refused("已经声明过；以后发现要回避的，在那个项目里声明", "14")
    seat.declared_at = clock.now()
    conflicts = pool.conflicts_by_project(seat.expert, seat.panel) | conflicts  # what is on record he need not say
    for project in seat.panel.projects.filter(pk__in=conflicts):
        excuse_from(seat, project, conflicts[project.pk])


@transition(Seat, source=[Seat.State.PRESENT], target=None, article="14", own=True)
def recuse(seat, *, by, project, reason):
    """回避本项目"""
    while_open(seat.panel)
    if not seat.declared_at:
        raise Refused("请先做回避声明", "14")
    if seat.recusals.filter(project=project).exists():
        raise Refused("已经回避这个项目", "14")
    excuse_from(seat, project, reason)


def excuse_from(seat: Seat, project: ReviewProject, reason: str):
    """He judges the others, and this one no more; what he may have given it does not count."""
    if not reason:
        raise Refused(f"请写明为什么回避“{project}”", "14")
    Recusal.objects.create(seat=seat, project=project, reason=reason, at=clock.now())


def while_open(panel: ReviewPanel):
    if panel.state != ReviewPanel.State.OPEN:
        raise Refused("评审还没有开始，或评分已经截止", "8(4)")


def while_judging(seat: Seat, project: ReviewProject):
    if seat.recusals.filter(project=project).exists():
        raise Refused("您已回避这个项目", "14")


def in_the_room(seat: Seat):
    if seat.state != Seat.State.PRESENT:
        raise Refused("签到以后、离开以前才能评分", "8(4)")


def while_scoring(sheet: ScoreSheet):
    """The scoring is open, and its member sits in the room."""
    while_open(sheet.panel)
    in_the_room(sheet.seat)


@transaction.atomic
def sheet_of(seat: Seat, project: ReviewProject) -> ScoreSheet:
    """This member's sheet for this project, begun when he first opens it; nothing opens before his declaration."""
    panel = ReviewPanel.objects.select_for_update().get(pk=seat.panel_id)
    member = panel.seats.get(pk=seat.pk)  # as he sits now, whatever the caller read before
    while_open(panel)
    if words := panel.standstill():
        raise Refused(words, "10(4)")
    in_the_room(member)
    if not member.declared_at:
        raise Refused("请先做回避声明，再看项目材料", "14")
    while_judging(member, project)
    sheet, _ = ScoreSheet.objects.get_or_create(panel=panel, seat=member, project=project)
    return sheet


@transition(ScoreSheet, source=[State.DRAFT], target=State.DRAFT, article="8(4)", own=True)
def write(sheet, *, by, marks, comment=""):
    """保存评分草稿"""
    put(sheet, marks, comment)


@transition(ScoreSheet, source=[State.DRAFT], target=State.SUBMITTED, article="8(4)", own=True)
def submit(sheet, *, by, marks, comment=""):
    """提交评分"""
    put(sheet, marks, comment)
    if missing := [each["name"] for each in sheet.panel.criteria if each["key"] not in sheet.marks]:
        raise Refused(f"还没有打分：{'、'.join(missing)}", "8(4)")
    sheet.total = rules.total({key: Decimal(mark) for key, mark in sheet.marks.items()})
    sheet.submitted_at = clock.now()


def put(sheet: ScoreSheet, marks: dict[str, Decimal | None], comment: str):
    """Points as they were given, those of other criteria left out; ``Refused`` for one that is out of bounds."""
    while_scoring(sheet)
    while_judging(sheet.seat, sheet.project)
    sheet.marks, sheet.comment = {}, comment
    for criterion in sheet.panel.criteria:
        mark = marks.get(criterion["key"])
        if mark is None:
            continue
        if wrong := rules.wrong_mark(mark, criterion["most"]):
            raise Refused(f"“{criterion['name']}”{wrong}", "8(4)")
        sheet.marks[criterion["key"]] = f"{mark:.2f}"


@transition(ScoreSheet, source=[State.SUBMITTED], target=State.DRAFT, article="8(4)", own=True)
def take_back(sheet, *, by):
    """收回修改"""
    while_scoring(sheet)
    sheet.total = sheet.submitted_at = None
    sheet.explanation = ""


@transition(ScoreSheet, source=[State.SUBMITTED], target=None, article="8(4)", own=True)
def explain(sheet, *, by, explanation):
    """说明偏离原因"""
    while_scoring(sheet)
    while_judging(sheet.seat, sheet.project)
    sheet.explanation = explanation


def wanted(panel: ReviewPanel) -> dict[int, set[int]]:
    """Which seats owe each project a sheet: everybody in the room who is not excused from it."""
    seats = set(panel.seats.judging().values_list("pk", flat=True))
    excused = defaultdict(set)
    for project, seat in Recusal.objects.filter(seat__in=seats).values_list("project", "seat"):
        excused[project].add(seat)
    return {pk: seats - excused[pk] for pk in panel.projects.values_list("pk", flat=True)}


def outlying(panel: ReviewPanel) -> list[ScoreSheet]:
    """The sheets far from the mean that nobody has explained, of projects for which all sheets are in."""
    owed, given = wanted(panel), defaultdict(list)
    for sheet in panel.sheets.valid().select_related("seat", "project"):
        given[sheet.project_id].append(sheet)
    found = []
    for project, sheets in given.items():
        if len(sheets) < len(owed[project]):
            continue
        totals = [sheet.total for sheet in sheets]
        found += [each for each in sheets if not each.explanation and rules.outlying(each.total, totals)]
    return found


def left_to_do(panel: ReviewPanel) -> list[str]:
    """What still stands against closing the scoring, in sentences without names.

    A seat that is being handed on is waited for until the hour at which the review was to end, not for ever.
    """
    handed_on = panel.seats.filter(state__in=HANDED_ON) if clock.now() < panel.ends_at else ()
    found = [f"第{seat.place}席{seat.get_state_display()}" for seat in handed_on]
    found += [f"第{seat.place}席还没有做回避声明" for seat in panel.seats.judging().filter(declared_at=None)]
    owed = wanted(panel)
    given = defaultdict(set)
    for project, seat in panel.sheets.valid().values_list("project", "seat"):
        given[project].add(seat)
    for project in panel.projects.all():
        if len(owed[project.pk]) < panel.quorum:
            found.append(f"“{project}”回避后只有{len(owed[project.pk])}人评审，不足{panel.quorum}人")
        elif missing := len(owed[project.pk] - given[project.pk]):
            found.append(f"“{project}”还差{missing}份评分表")
    return found + [f"第{each.seat.place}席要说明“{each.project}”的偏离原因" for each in outlying(panel)]
