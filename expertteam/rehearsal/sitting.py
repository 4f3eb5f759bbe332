"""A review in its room: under the inspector's eyes it is begun, judged, signed and published (Articles 8(4) and 10(4))."""

from datetime import timedelta
from decimal import Decimal

from expertteam import clock
from expertteam.demo_life.agenda import Story
from expertteam.demo_life.reviews import MARKS
from expertteam.rehearsal.seats import followed
from services.actions import conclusion, draw, leaving, panel, scoring, supervision
from services.actions import seat as seats
from services.models import ReviewPanel, Seat

LOOKS = 5  # at the room, a quarter of an hour apart, before a review is given up
QUARTER = timedelta(minutes=15)
FAR_OFF = Decimal("0.35")  # of all points: so far from the others' that it has to be explained
TOO_FEW = "到场的专家不足，另行安排"
State = ReviewPanel.State


def met(it, review: ReviewPanel) -> Story:
    """From the door to the published result, unless too few come."""
    yield max(clock.now(), review.starts_at + QUARTER)
    panel.take_seat(review, by=it.accounts["inspector"])
    for each in review.seats.filter(state=Seat.State.ACCEPTED):
        seats.report_absent(each, by=it.accounts["intake"])
        followed(it, each)
    looks = 0
    while not complete(it, review):
        looks += 1
        if looks == LOOKS:
            called_off(it, review, TOO_FEW)
            return
        yield clock.now() + QUARTER
    panel.convene(review, by=it.accounts["intake"])
    yield from disturbed(it, review)
    if review.state == State.OPEN:
        yield from judged(it, review)


def complete(it, review: ReviewPanel) -> bool:
    """Whether everybody who is to come is in the room; whoever may not sit any more leaves it first."""
    for each in leaving.unable(review.seats.judging().select_related("panel")):
        seats.rule_out(each, by=it.accounts["intake"])
        followed(it, each)
    review.refresh_from_db()
    awaited = review.seats.filter(state=Seat.State.ACCEPTED).exists()
    return review.state == State.SEATED and not awaited and review.seats.judging().count() >= review.quorum


def aborted(it, review: ReviewPanel, reason: str):
    """A draw whose result is known: asked by the inspector, agreed by the leader."""
    draw.ask_abort(draw.frozen_for(review), by=it.accounts["inspector"], reason=reason)
    draw.abort(draw.frozen_for(review), by=it.accounts["leader"])


def called_off(it, review: ReviewPanel, reason: str):
    if not review.convened_at and draw.frozen_for(review):
        aborted(it, review, reason)
    panel.cancel(review, by=it.accounts["leader"], reason=reason)


def disturbed(it, review: ReviewPanel) -> Story:
    """Once in a while the inspector halts it, a member falls ill, or the applicants give up."""
    mood = it.hours.random.random()
    yield clock.now() + QUARTER
    if mood < 0.03:
        halt = supervision.halt(review, by=it.accounts["inspector"], reason="有人在会场外打听评委名单")
        yield clock.now() + QUARTER
        supervision.lift(halt, by=it.accounts["inspector"], reason="已查清，与本次评审无关")
    elif mood < 0.06:
        ill = it.any_of(list(review.seats.judging().order_by("place")))
        seats.excuse(ill, by=it.accounts["intake"], why=Seat.Why.ILL, reason="突发不适，送医检查")
        followed(it, ill)
    elif mood < 0.08:
        called_off(it, review, "申报单位现场撤回申请")


def judged(it, review: ReviewPanel) -> Story:
    """Everybody gives his points; when nothing is left to do the scoring is closed, else the review ends without result."""
    even, far_off = it.happens(0.1), it.happens(0.1)
    yield clock.now() + timedelta(minutes=85)
    scored(it, review, even, far_off)
    yield clock.now() + 2 * QUARTER
    if scoring.left_to_do(review):  # somebody came in late, or is still awaited
        yield max(clock.now(), review.ends_at) + QUARTER
        scored(it, review, even, far_off=False)
    if scoring.left_to_do(review):
        called_off(it, review, TOO_FEW)
        return
    conclusion.close_scoring(review, by=it.accounts["intake"], break_minutes=10)
    yield from signed(it, review)
    conclusion.conclude(review, by=it.accounts["inspector"])
    yield it.hours.soon(3)
    conclusion.publish(review, by=it.accounts["reviewer"], statement="评审结果经局务会研究同意，现予公布。")


def scored(it, review: ReviewPanel, even: bool, far_off: bool):
    """Sheets of everybody who has not given his; ``even``: all projects the same; who stands alone says why."""
    members = review.seats.judging().filter(declared_at=None).select_related("expert__user", "panel")
    for place, each in enumerate(members.order_by("place")):
        gives_points(it, review, each, even, far_off and not place)
    for sheet in scoring.outlying(review):
        scoring.explain(sheet, by=sheet.seat.expert.user, explanation="场地实际面积和材料写的不一致。")


def gives_points(it, review: ReviewPanel, member: Seat, even: bool, far_off: bool):
    """He says from which project he stays away, then judges the others; some change what they gave."""
    who, projects = member.expert.user, list(review.projects.all())
    tied = it.any_of(projects) if it.happens(0.02) else None
    scoring.declare(member, by=who, conflicts={tied.pk: "三年前在申报单位兼过职。"} if tied else {})
    recused = set(member.recusals.values_list("project", flat=True))
    for project in (each for each in projects if each.pk not in recused):
        share = FAR_OFF if far_off else MARKS[(member.place + (0 if even else project.place)) % len(MARKS)]
        marks = {each["key"]: (each["most"] * share).quantize(Decimal("0.5")) for each in review.criteria}
        sheet = scoring.sheet_of(member, project)
        scoring.submit(sheet, by=who, marks=marks, comment="材料齐全，思路清楚。")
        if it.happens(0.02):
            scoring.take_back(sheet, by=who)
            scoring.submit(sheet, by=who, marks=marks, comment="材料齐全，场地偏小。")


def signed(it, review: ReviewPanel) -> Story:
    """They vote where projects are equal, then sign, a few with another opinion; who does not sign has agreed."""
    room = list(review.seats.filter(state=Seat.State.PRESENT).select_related("expert__user", "panel").order_by("place"))
    for each in room:
        for group in conclusion.ballots(each):
            conclusion.vote(each, by=each.expert.user, project=it.any_of(group))
    unwilling = it.any_of(room) if it.happens(0.05) else None
    for each in room:
        if each != unwilling:
            dissent = "排名第二的项目还要看一次现场。" if it.happens(0.03) else ""
            conclusion.sign(each, by=each.expert.user, dissent=dissent)
    yield clock.now() + QUARTER
    if unwilling:
        conclusion.take_as_agreed(unwilling, by=it.accounts["intake"])
