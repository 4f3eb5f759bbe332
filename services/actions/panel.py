"""项目评审: conditions are set, a panel is selected, it meets under the inspector's eyes, its result is published."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction

from experts.models import Expert
from expertteam import clock
from expertteam.fields import blind
from expertteam.files import examined
from expertteam.models import Counter, User
from expertteam.regulation import Refused
from expertteam.workflow import may, transition
from services import pool, summons
from services.actions import seat as seats
from services.actions.leaving import check_able
from services.models import (
    Choice,
    ChosenExpert,
    Draw,
    Party,
    ProjectPaper,
    ReviewPanel,
    ReviewProject,
    ScoreTemplate,
    Seat,
)
from services.pool import Why
from services.rules import panel as rules

State = ReviewPanel.State
CONDITIONS = (
    "title", "kind", "starts_at", "ends_at", "place", "need", "alternates", "small_reason", "pass_score", "method",
)  # fmt: skip


@transaction.atomic
def draft(*, by: User, template: ScoreTemplate, **conditions) -> ReviewPanel:
    """设评审: what kind of thing is to be reviewed, when, by which sheet, with which seats."""
    if not may(by, "services.draft_reviewpanel"):
        raise PermissionDenied("services.draft_reviewpanel")
    year = clock.today().year
    number = f"PS-{year}-{Counter.take(f'panel-{year}'):04d}"
    panel = ReviewPanel(
        number=number, drafted_by=by, template=template, criteria=template.criteria,
        **{"method": template.method} | conditions,
    )  # fmt: skip
    check(panel)
    panel._history_user, panel._change_reason = by, "设评审（第8(4)条）"
    panel.save()
    return panel


def check_one_day(panel: ReviewPanel):
    """Its members sign in and sign once, and are paid for the time between (Article 13)."""
    if clock.local(panel.starts_at).date() != clock.local(panel.ends_at).date():
        raise Refused("一次评审要在当天结束，开几天的请每天设一次评审", "8(4)")


def check(panel: ReviewPanel):
    """``Refused`` for conditions under which nobody could be selected."""
    if panel.starts_at <= clock.now():
        raise Refused("评审时间已过，请另选", "8(4)")
    check_one_day(panel)
    if reason := rules.wrong_size(panel.need, panel.small_reason):
        raise Refused(reason, "10(4)")


@transition(ReviewPanel, source=[State.DRAFT], target=State.DRAFT, article="8(4)")
def revise(panel, *, by, template=None, **conditions):
    """修改评审条件"""
    for field in CONDITIONS:
        if field in conditions:
            setattr(panel, field, conditions[field])
    if template:
        panel.template, panel.criteria = template, template.criteria
    check(panel)


@transition(ReviewPanel, source=[State.DRAFT], target=State.DRAFT, article="8(4)")
def add_project(panel, *, by, parties=(), papers=(), **entry):
    """登记参评项目"""
    place = 1 + max(panel.projects.values_list("place", flat=True), default=0)
    project = ReviewProject(panel=panel, place=place, **entry)
    project._history_user, project._change_reason = by, "登记参评项目（第8(4)条）"
    project.save()
    for party in parties:
        Party.objects.create(project=project, **party)
    for upload in papers:
        ProjectPaper.objects.create(project=project, uploaded_by=by, **examined(upload))


@transition(ReviewPanel, source=[State.DRAFT], target=State.DRAFT, article="8(4)")
def drop_project(panel, *, by, project):
    """撤下参评项目"""
    if panel.draws.exists() or panel.choices.exists() or project.recusal_requests.exists():
        raise Refused("已经有回避申请或选取记录，参评项目不能再撤下", "8(4)")
    for paper in project.papers.all():
        paper.file.delete(save=False)
        paper.delete()
    for party in project.parties.all():
        party.delete()
    project.delete()


def check_witness(name: str, phone: str):
    """``Refused`` where a witness's link could not go to a number of his own, or would go to the office."""
    if name and not phone:
        raise Refused("请填见证人的手机号，链接只发给他本人", "10(4)")
    if name and User.objects.filter(is_staff=True, phone_index=blind(phone, "mobile")).exists():
        raise Refused("见证人应是局外人员，不能填工作人员的手机号", "10(4)")


def check_ready(panel: ReviewPanel):
    """``Refused`` unless everything is there that decides who may be selected."""
    if reason := rules.wrong_size(panel.need, panel.small_reason):
        raise Refused(reason, "10(4)")
    if not panel.projects.exists() or panel.projects.filter(parties=None).exists():
        raise Refused("每个参评项目都要写明申报单位等相关方，才能算出谁要回避", "14")
    if panel.recusal_requests.filter(state="received").exists():
        raise Refused("还有当事人申请回避没有审查", "14")
    if panel.starts_at <= clock.now():
        raise Refused("评审时间已过，请先改时间", "10(4)")
    check_one_day(panel)


@transition(ReviewPanel, source=[State.DRAFT, State.SELECTING], target=State.SELECTING, article="10(4)")
def choose(panel, *, by, reason, chosen):
    """提出定向选取"""
    check_ready(panel)
    if panel.draws.filter(state__in=[Draw.State.FROZEN, Draw.State.FIXED]).exists():
        raise Refused("正在抽取，不能同时定向选取", "10(4)")
    if panel.choices.open().exists():
        raise Refused("已有一份定向选取等待决定", "10(4)")
    check_chosen(panel, chosen)
    choice = Choice(panel=panel, reason=reason, proposed_by=by)
    choice._history_user, choice._change_reason = by, "提出定向选取（第10(4)条）"
    choice.save()
    for stratum, expert in chosen:
        ChosenExpert.objects.create(choice=choice, expert=expert, stratum=stratum)
    return partial(summons.choice_proposed, choice)


def check_chosen(panel: ReviewPanel, chosen: list[tuple[str, Expert]]):
    """``Refused`` unless these, of whom none has to stay away, are exactly what the empty seats want."""
    wanted = sorted(stratum for _, stratum in seats.empty(panel))
    if sorted(stratum for stratum, _ in chosen) != wanted:
        raise Refused(f"要为{len(wanted)}个空席各选1人", "10(4)")
    known = {each.expert.pk: each for each in pool.candidates(panel)}
    sitting = set(panel.seats.live().values_list("expert", flat=True))
    employers = [known[pk].employer for pk in sitting if pk in known] + waiting(panel)
    for stratum, expert in chosen:
        candidate = known.get(expert.pk)
        if candidate is None:
            raise Refused(f"{expert}今天不在聘期内", "3")
        if expert.pk in sitting or candidate.employer in employers:  # of whom: that would tell who sits there
            raise Refused("人选中有人已在评审组，或与成员、与另一人选同单位，请换人", "10(4)")
        if candidate.why in (Why.BUSY, Why.CAP):
            raise Refused("人选中有人那天不能参加，请换人", "10(4)")
        if candidate.why:
            raise Refused(f"{expert}不能参加：{candidate.words or Why(candidate.why).label}", "14")
        if stratum not in candidate.strata:
            raise Refused(f"{expert}不符合席位“{pool.stratum_label(stratum)}”", "10(4)")
        employers.append(candidate.employer)


def waiting(panel: ReviewPanel) -> list[str]:
    """The employers of those whose ticket may still come up: who is chosen beside a draw must not stand in its way."""
    draw = panel.draws.finished().first()
    if draw is None:
        return []
    gone = draw.seats.filter(state=Seat.State.STOOD_DOWN).values("entry")
    return [each.employer for each in draw.entries.pool().exclude(pk__in=gone)]


@transition(ReviewPanel, source=[State.SELECTING, State.SEATED], target=State.DRAFT, article="10(4)", follows=True)
def start_over(panel, *, by):
    """重新设条件"""
    for seat in panel.seats.live():
        seats.release(seat, by=by)


@transition(
    ReviewPanel, source=[State.SELECTING, State.SEATED, State.OPEN, State.SIGNING], target=None, article="10(4)"
)  # fmt: skip
def take_seat(panel, *, by):
    """纪检到场监督"""
    if clock.now() < panel.starts_at - rules.DOORS_OPEN:
        raise Refused("评审开始前一小时起登记到场", "10(4)")
    if panel.is_run_by(by):
        raise Refused("经办或主持这次评审的人不能监督", "10(4)")
    panel.inspector, panel.inspector_seated_at = by, clock.now()


@transition(ReviewPanel, source=[State.SEATED], target=State.OPEN, article="8(4)")
def convene(panel, *, by):
    """开始评审"""
    if panel.inspector_id is None:
        raise Refused("局纪检监督人员还没有到场，不能开始", "10(4)")
    if panel.inspector_id == by.pk:
        raise Refused("监督人员不能主持评审，应由经办人开始", "10(4)")
    if panel.was_read_by(by):
        raise Refused("看过候选池名单的人不能主持评审", "10(4)")
    draw = panel.draws.finished().first()
    if draw and not (draw.operator_signed_at and draw.inspector_signed_at):
        raise Refused("抽取记录还没有双方签字", "10(4)")
    if clock.now() < panel.starts_at - rules.DOORS_OPEN:
        raise Refused("还没有到评审时间", "8(4)")
    check_able(panel)
    present = panel.seats.judging().count()
    if present < panel.quorum:
        raise Refused(f"已签到{present}人，至少要{panel.quorum}人才能开始", "8(4)")
    panel.convened_by, panel.convened_at = by, clock.now()


@transition(
    ReviewPanel, source=[State.DRAFT, State.SELECTING, State.SEATED, State.OPEN], target=State.CANCELLED, article="8(4)"
)  # fmt: skip
def cancel(panel, *, by, reason):
    """取消评审"""
    if panel.convened_at is None and panel.draws.live().exists():
        raise Refused("已有抽取，请先作废这次抽取", "10(4)")
    panel.cancelled_reason, panel.cancelled_at = reason, clock.now()
    for seat in panel.seats.live():
        seats.release(seat, by=by)
