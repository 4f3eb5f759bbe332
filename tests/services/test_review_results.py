"""From the sheets to the published result: what counts, who signs, what becomes of the hours (Articles 8(4), 10(4) and 13)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from expertteam import clock
from expertteam.regulation import Refused
from services.actions import conclusion, panel, scoring, seat, supervision
from services.models import Draw, ReviewPanel, ScoreSheet, Service, Vote
from tests.services import panels
from tests.services.panels import BEGINS, inspector, leader, officer, operator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
HOUR = timedelta(hours=1)


@pytest.fixture
def review():
    """In the room at ten: two projects, five members who have declared."""
    panels.experts(8)
    it = panels.convened(projects=2)
    with clock.at(BEGINS + HOUR / 2):
        yield it


def members(it):
    return list(it.seats.judging().select_related("expert__user").order_by("place"))


def give(member, project, team, plan, comment=""):
    """One sheet, of 40 and 60 points."""
    sheet = scoring.sheet_of(member, project)
    marks = {"team": Decimal(team), "plan": Decimal(plan)}
    return scoring.submit(sheet, by=member.expert.user, marks=marks, comment=comment)


def all_give(it, *given):
    """Every member gives every project the same points, project by project."""
    for project, (team, plan) in zip(it.projects.all(), given, strict=True):
        for member in members(it):
            give(member, project, team, plan)


def close(it, **said):
    conclusion.close_scoring(it, by=operator(), **said)
    return {each.name: (str(each.score), each.rank) for each in it.projects.all()}


def test_8_4_nothing_closes_while_a_sheet_is_missing(review):
    all_give(review, ("30", "50"), ("30", "49"))
    last = ScoreSheet.objects.last()
    scoring.take_back(last, by=last.seat.expert.user)
    with pytest.raises(Refused, match="“项目2”还差1份评分表"):
        close(review)

    scoring.submit(last, by=last.seat.expert.user, marks={"team": Decimal(30), "plan": Decimal(49)})
    assert close(review) == {"项目1": ("80.00", 1), "项目2": ("79.00", 2)}


def test_8_4_who_is_far_from_the_others_says_why_before_the_close(review):
    all_give(review, ("30", "50"), ("30", "50"))
    sheet = ScoreSheet.objects.filter(project__name="项目1").first()
    scoring.take_back(sheet, by=sheet.seat.expert.user)
    scoring.submit(sheet, by=sheet.seat.expert.user, marks={"team": Decimal(10), "plan": Decimal(20)})
    with pytest.raises(Refused, match="要说明“项目1”的偏离原因"):
        close(review)

    scoring.explain(sheet, by=sheet.seat.expert.user, explanation="团队只有一人到岗")
    assert close(review)["项目1"] == ("70.00", 2)  # (30 + 4 × 80) / 5


def test_14_a_member_excused_from_one_project_judges_the_other_and_the_quorum_is_kept(review):
    first, second = review.projects.all()
    one, two, *_ = members(review)
    scoring.recuse(one, by=one.expert.user, project=first, reason="同门")
    for member in members(review):
        give(member, second, "30", "50")
        if member != one:
            give(member, first, "20", "50")
    with pytest.raises(Refused, match="您已回避这个项目"):
        give(one, first, "40", "60")
    assert not scoring.left_to_do(review)

    scoring.recuse(two, by=two.expert.user, project=first, reason="曾任顾问")  # three of five are not two thirds
    with pytest.raises(Refused, match="“项目1”回避后只有3人评审，不足4人"):
        close(review)


def test_8_4_what_a_replaced_member_gave_is_void(review):
    all_give(review, ("30", "50"), ("20", "40"))
    leaving = members(review)[0]
    seat.excuse(leaving, by=operator(), why="ill", reason="突发不适")
    seat.stand_down(leaving, by=inspector())
    assert ScoreSheet.objects.valid().filter(panel=review).count() == 8
    with pytest.raises(Refused, match="第1席待答复"):
        close(review)

    coming = review.seats.get(state="called")
    seat.accept(coming, by=coming.expert.user)
    seat.sign_in(coming, by=coming.expert.user)
    scoring.declare(coming, by=coming.expert.user, conflicts={})
    for project in review.projects.all():
        give(coming, project, "30", "45")

    assert close(review) == {"项目1": ("79.00", 1), "项目2": ("63.00", 2)}  # (4×80+75)/5, (4×60+75)/5


def test_8_4_equal_in_all_the_members_vote_and_only_then_sign(review):
    all_give(review, ("30", "50"), ("30", "50"))
    close(review)
    first, second = review.projects.all()
    *voting, silent = members(review)
    with pytest.raises(Refused, match="还在表决"):
        conclusion.sign(voting[0], by=voting[0].expert.user)

    for member in voting:
        conclusion.vote(member, by=member.expert.user, project=second)
    with pytest.raises(Refused, match="您已经表决过"):
        conclusion.vote(voting[0], by=voting[0].expert.user, project=first)
    conclusion.take_as_agreed(silent, by=operator())  # who neither votes nor signs holds nobody up

    assert Vote.objects.count() == 4
    assert [each.rank for each in review.projects.all()] == [2, 1]
    conclusion.sign(voting[0], by=voting[0].expert.user)


def concluded(it, **dissent):
    """Closed at 11:30 after ten minutes of rest, signed and under the inspector's hand at 11:40."""
    with clock.at(BEGINS + 2 * HOUR):
        close(it, break_minutes=10)
    with clock.at(BEGINS + 2 * HOUR + timedelta(minutes=10)):
        for member in members(it):
            conclusion.sign(member, by=member.expert.user, **dissent)
        conclusion.conclude(it, by=inspector())


def test_13_hours_run_from_signing_in_to_the_signature_breaks_off(review):
    all_give(review, ("30", "50"), ("20", "40"))
    concluded(review)
    assert not Service.objects.exists()  # the register would tell who sat there
    conclusion.publish(review, by=officer("publisher", "reviewer"), statement="经局务会同意")

    services = Service.objects.filter(seat__panel=review)
    assert services.counted().count() == 5
    assert {(each.kind, each.counted_minutes) for each in services} == {("review", 120)}  # 09:30–11:40 less 10
    assert not any("项目" in each.summary.replace("项目评审", "") for each in services)


def test_10_4_the_inspector_who_was_there_signs_and_the_reviewer_publishes_all_of_it(review):
    all_give(review, ("30", "50"), ("20", "40"))
    concluded(review, dissent="项目2的场地合同快到期")
    draw = Draw.objects.get(panel=review)
    assert "opened" not in panels.transcript(draw)

    conclusion.publish(review, by=officer("publisher", "reviewer"), statement="经局务会同意")

    told = panels.transcript(draw)
    assert ReviewPanel.objects.get(pk=review.pk).state == "published"
    assert len(told["opened"]["who"]) == 8
    assert panels.verify(told)


def test_10_4_another_inspector_who_was_not_there_does_not_sign(review):
    all_give(review, ("30", "50"), ("20", "40"))
    close(review)
    for member in members(review):
        conclusion.sign(member, by=member.expert.user)

    with pytest.raises(Refused, match="应由到场的纪检监督人签字"):
        conclusion.conclude(review, by=officer("other", "inspector"))


def test_8_4_the_leader_stops_a_review_that_cannot_go_on(review):
    panel.cancel(review, by=leader(), reason="回避后人数不足")

    assert set(review.seats.values_list("state", flat=True)) == {"released"}
    member = review.seats.first()
    assert not member.expert.engagements.live().exists()


def test_10_4_the_time_of_a_halt_is_given_back_to_who_has_yet_to_answer():
    panels.experts(8)
    it = panels.drawn()
    due = it.seats.get(place=1).answer_due
    standing = supervision.halt(it.panel, by=inspector(), reason="名单有疑问")

    with clock.at(clock.now() + HOUR):
        supervision.lift(standing, by=inspector(), reason="已核对")

    assert it.seats.get(place=1).answer_due == due + HOUR
