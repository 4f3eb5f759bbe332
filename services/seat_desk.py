"""What an expert knows of his reviews: the call, the day itself, his sheets (Articles 8(4), 10(4) and 14).

Before he sits in a room whose review has begun, nothing here tells what is reviewed, or by whom.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Q

from experts.desk import Section
from experts.models import Expert
from expertteam import clock
from services.actions.conclusion import ballots, open_ties
from services.actions.scoring import outlying
from services.actions.seat import objection_days
from services.desk import in_term
from services.models import ReviewPanel, ReviewProject, ScoreSheet, Seat
from services.rules.panel import DOORS_OPEN

State, Course = Seat.State, ReviewPanel.State
JUDGING = (State.PRESENT, State.SIGNED)
LONGEST = timedelta(days=60)  # nobody may object so long after he stood down


class Step(StrEnum):
    """Where one stands with a review; each has a template of its name."""

    ANSWER = "answer"
    AGREED = "agreed"
    DOOR = "door"
    WAIT = "wait"
    DECLARE = "declare"
    SCORE = "score"
    SIGN = "sign"
    DONE = "done"
    STOOD_DOWN = "stood_down"
    OUT = "out"


def step_of(seat: Seat) -> Step:
    if seat.state == State.ACCEPTED:
        return Step.DOOR if clock.now() >= seat.panel.starts_at - DOORS_OPEN else Step.AGREED
    if seat.state == State.PRESENT:
        if seat.panel.state == Course.OPEN:
            return Step.SCORE if seat.declared_at else Step.DECLARE
        return Step.SIGN if seat.panel.state == Course.SIGNING else Step.WAIT
    plain = {State.CALLED: Step.ANSWER, State.SIGNED: Step.DONE, State.STOOD_DOWN: Step.STOOD_DOWN}
    return plain.get(seat.state, Step.OUT)


def in_room(seat: Seat) -> bool:
    """Whether he may know what is reviewed and who sits beside him."""
    return seat.state in JUDGING and seat.panel.names_open


class Stage(StrEnum):
    """How far he is with one project."""

    BLANK = "未打分"
    DRAFT = "草稿"
    SUBMITTED = "已提交"
    RECUSED = "已回避"
    OUTLYING = "要写偏离说明"


class Task(NamedTuple):
    """One project of a review as this member sees it."""

    project: ReviewProject
    stage: Stage
    sheet: ScoreSheet | None

    @property
    def is_owed(self) -> bool:
        return self.stage in (Stage.BLANK, Stage.DRAFT)


def tasks(seat: Seat, projects: Sequence[ReviewProject] | None = None) -> list[Task]:
    """Every project, in its place unless given in another order."""
    projects = seat.panel.projects.all() if projects is None else projects
    recused = set(seat.recusals.values_list("project", flat=True))
    sheets = {each.project_id: each for each in seat.sheets.all()}
    running = seat.panel.state == Course.OPEN
    far = {each.pk for each in outlying(seat.panel) if each.seat_id == seat.pk} if running else set()
    return [Task(each, stage(sheets.get(each.pk), each.pk in recused, far), sheets.get(each.pk)) for each in projects]


def stage(sheet: ScoreSheet | None, recused: bool, far: set[int]) -> Stage:
    if recused:
        return Stage.RECUSED
    if sheet is None:
        return Stage.BLANK
    if sheet.state == ScoreSheet.State.SUBMITTED:
        return Stage.OUTLYING if sheet.pk in far else Stage.SUBMITTED
    return Stage.DRAFT if sheet.marks or sheet.comment else Stage.BLANK


def following(found: list[Task], project: ReviewProject) -> ReviewProject | None:
    """The next project that still wants a sheet: after this one, then from the beginning."""
    at = next(n for n, each in enumerate(found) if each.project == project)
    return next((each.project for each in found[at + 1 :] + found[:at] if each.is_owed), None)


class Row(NamedTuple):
    """A review on the desk: what he is to do, empty while it is others' turn; until when he may object."""

    seat: Seat
    step: Step
    left: str = ""
    until: date | None = None

    @property
    def is_today(self) -> bool:
        return clock.local(self.seat.panel.starts_at).date() == clock.today()


def left_of(seat: Seat, step: Step) -> str:
    """What of the review waits for him now."""
    if step == Step.DOOR:
        return "请签到"
    if step == Step.DECLARE:
        return "请做回避声明"
    if step == Step.SCORE:
        found = tasks(seat)
        owed, far = sum(each.is_owed for each in found), sum(each.stage == Stage.OUTLYING for each in found)
        said = {"份评分表没交": owed, "份要写偏离说明": far}
        return "，".join(f"还有{count}{words}" for words, count in said.items() if count)
    if step == Step.SIGN:
        return "请表决同分项目" if ballots(seat) else "" if open_ties(seat.panel) else "请核对结果并签字"
    return ""


def rows(expert: Expert) -> list[Row]:
    """Calls, what he has accepted, what goes on, and stand-downs to which he may still object."""
    now = clock.now()
    coming = Q(state__in=[State.CALLED, State.ACCEPTED], panel__ends_at__gt=now)
    going = Q(state=State.PRESENT, panel__state__in=[Course.SELECTING, Course.SEATED, Course.OPEN, Course.SIGNING])
    handed_on = Q(state=State.STOOD_DOWN, objected_at=None, stood_down_at__gt=now - LONGEST)
    seats = list(
        expert.seats.filter(coming | going | handed_on).select_related("panel").order_by("panel__starts_at", "pk")
    )
    down = [seat for seat in seats if seat.state == State.STOOD_DOWN]
    until = dict(zip((seat.pk for seat in down), objection_days(down) if down else [], strict=True))
    kept = [seat for seat in seats if until.get(seat.pk, clock.today()) >= clock.today()]
    steps = [(seat, step_of(seat)) for seat in kept]
    return [Row(seat, step, left_of(seat, step), until.get(seat.pk)) for seat, step in steps]


def section(expert: Expert) -> Section | None:
    """项目评审: on the desk of an expert in term, as long as there is any."""
    found = rows(expert) if in_term(expert) else []
    if not found:
        return None
    asked = sum(row.step == Step.ANSWER for row in found)
    said = [f"{asked}场评审等您答复"] if asked else []
    said += [f"评审：{row.left}" for row in found if row.left]
    shown = tuple(row.seat.get_absolute_url() for row in found)
    return Section("services/seats/section.html", {"rows": found}, said="，".join(said), shows=shown)
