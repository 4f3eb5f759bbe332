"""How a review ends: scores are worked out, ties voted on, the opinion signed, the result published (Articles 8(4), 10(4))."""

from collections import Counter
from decimal import Decimal
from functools import partial

from expertteam import clock
from expertteam.regulation import Refused
from expertteam.workflow import transition
from services import summons
from services.actions import draw
from services.actions.scoring import HANDED_ON, left_to_do, wanted
from services.actions.seat import release
from services.actions.service import record_review
from services.models import Draw, ReviewPanel, ReviewProject, Seat, Vote
from services.rules import panel as rules

State = ReviewPanel.State


@transition(ReviewPanel, source=[State.OPEN], target=State.SIGNING, article="8(4)")
def close_scoring(panel, *, by, break_minutes=0):
    """截止评分"""
    if left := left_to_do(panel):
        raise Refused(f"还不能截止：{'；'.join(left)}", "8(4)")
    panel.closed_at, panel.break_minutes = clock.now(), break_minutes
    for seat in panel.seats.filter(state__in=HANDED_ON):
        release(seat, by=by)
    first = panel.criteria[0]["key"]
    projects = list(panel.projects.all())
    for project in projects:
        sheets = list(panel.sheets.valid().filter(project=project))
        project.score = rules.score([sheet.total for sheet in sheets], panel.method)
        project.first_mark = rules.score([Decimal(sheet.marks[first]) for sheet in sheets], "mean")
        project.passed = None if panel.pass_score is None else project.score >= panel.pass_score
    rank(projects, by, close_scoring.reason)
    return partial(summons.to_sign, panel)


def rank(projects: list[ReviewProject], by, reason: str):
    """Write the ranks anew from scores and votes; a project that keeps its rank is left alone."""
    votes = Counter(Vote.objects.filter(project__in=projects).values_list("project", flat=True))
    ranks = rules.ranked({each.pk: (each.score, each.first_mark) for each in projects}, votes)
    for project in projects:
        if project.rank != ranks[project.pk]:
            project.rank = ranks[project.pk]
            project._history_user, project._change_reason = by, reason
            project.save()


def ties(panel: ReviewPanel) -> list[list[ReviewProject]]:
    """The projects that score and first criterion leave equal, group by group."""
    projects = {each.pk: each for each in panel.projects.all() if each.score is not None}
    results = {pk: (each.score, each.first_mark) for pk, each in projects.items()}
    return [[projects[pk] for pk in group] for group in rules.ties(results)]


def may_vote(owed: dict[int, set[int]], group: list[ReviewProject]) -> set[int]:
    """The seats that judged all of these; ``owed``: who judges which project."""
    return set.intersection(*(owed[each.pk] for each in group))


def open_ties(panel: ReviewPanel) -> list[list[ReviewProject]]:
    """The ties on which somebody has still to vote."""
    cast = Vote.objects.filter(project__panel=panel).values_list("seat", "score", "first_mark")
    voted, owed = set(cast), wanted(panel)
    asked = set(panel.seats.filter(state=Seat.State.PRESENT).values_list("pk", flat=True))
    return [
        group
        for group in ties(panel)
        if any((seat, group[0].score, group[0].first_mark) not in voted for seat in may_vote(owed, group) & asked)
    ]


def ballots(seat: Seat) -> list[list[ReviewProject]]:
    """The ties on which this member has still to vote."""
    cast, owed = set(seat.votes.values_list("score", "first_mark")), wanted(seat.panel)
    return [
        group
        for group in ties(seat.panel)
        if seat.pk in may_vote(owed, group) and (group[0].score, group[0].first_mark) not in cast
    ]


@transition(Seat, source=[Seat.State.PRESENT], target=None, article="8(4)", own=True)
def vote(seat, *, by, project):
    """同分表决"""
    panel = seat.panel
    group = next((each for each in ties(panel) if project in each), None)
    if panel.state != State.SIGNING or group is None:
        raise Refused("这个项目没有同分，不用表决", "8(4)")
    if seat.pk not in may_vote(wanted(panel), group):
        raise Refused("您回避了其中的项目，不参加表决", "14")
    equal = {"score": group[0].score, "first_mark": group[0].first_mark}
    if seat.votes.filter(**equal).exists():
        raise Refused("您已经表决过", "8(4)")
    Vote.objects.create(seat=seat, project=project, at=clock.now(), **equal)
    return partial(settle_ties, panel, by, vote.reason)


def settle_ties(panel: ReviewPanel, by, reason: str):
    """Once nobody's vote is wanting the ranks are written, so that no voter sees how the others have voted."""
    if not open_ties(panel):
        rank(list(panel.projects.all()), by, reason)


def while_signing(panel: ReviewPanel):
    if panel.state != State.SIGNING:
        raise Refused("评分截止以后才能签字", "8(4)")


@transition(Seat, source=[Seat.State.PRESENT], target=Seat.State.SIGNED, article="8(4)", own=True)
def sign(seat, *, by, dissent=""):
    """在评审意见上签字"""
    while_signing(seat.panel)
    if open_ties(seat.panel):
        raise Refused("有同分项目还在表决，表决以后再签字", "8(4)")
    seat.dissent, seat.signed_at = dissent, clock.now()


@transition(Seat, source=[Seat.State.PRESENT], target=Seat.State.SIGNED, article="8(4)")
def take_as_agreed(seat, *, by):
    """登记未签字也未说明理由，视为同意"""
    while_signing(seat.panel)  # whoever will not vote either has abstained, and holds nobody up
    seat.refused, seat.signed_at = True, clock.now()
    return partial(settle_ties, seat.panel, by, take_as_agreed.reason)


@transition(ReviewPanel, source=[State.SIGNING], target=State.CONCLUDED, article="10(4)")
def conclude(panel, *, by):
    """纪检监督签字"""
    if by.pk == panel.convened_by_id:
        raise Refused("主持评审的人不能监督签字", "10(4)")
    if by.pk != panel.inspector_id:
        raise Refused("应由到场的纪检监督人签字", "10(4)")
    if waits := [f"第{seat.place}席" for seat in panel.seats.filter(state=Seat.State.PRESENT)]:
        raise Refused(f"还要等{'、'.join(waits)}签字", "8(4)")
    panel.concluded_at = clock.now()


@transition(ReviewPanel, source=[State.CONCLUDED], target=State.PUBLISHED, article="10(4)")
def publish(panel, *, by, statement):
    """公布评审结果"""
    panel.statement, panel.published_at = statement, clock.now()
    on = clock.local(panel.convened_at).date()
    for seat in panel.seats.filter(state=Seat.State.SIGNED).select_related("expert"):
        if seat.expert.appointments.in_force(on).exists():
            record_review(seat, by=by)  # not before: the register of services would tell who sat there
    return partial(open_draws, panel, by)


def open_draws(panel: ReviewPanel, by):
    """With the result the names are public, and with them the whole of the draw."""
    for each in panel.draws.filter(state=Draw.State.DRAWN):
        draw.unseal(each, by=by)
    summons.published(panel)
