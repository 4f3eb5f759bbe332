"""How a review ends: scores, ties, signatures, publication, each with who may and what would go wrong (Articles 8(4), 10(4), 13)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from expertteam import clock
from expertteam.models import Notification
from expertteam.regulation import Refused
from services.actions import conclusion, scoring, seat
from services.models import ScoreSheet, Seat, Service, Vote
from services.rules import panel as rules
from tests import make
from tests.conftest import person
from tests.services.panels import inspector, officer, operator

pytestmark = pytest.mark.usefixtures("db", "today")
HOUR = timedelta(hours=1)


def room(projects=2, **fields):
    """Open since half past nine, run by the operator under the inspector's eyes; five members have declared."""
    return make.make_room(projects=projects, convened_by=operator(), inspector=inspector(), **fields)


def members(panel):
    return list(panel.seats.judging().select_related("expert__user").order_by("place"))


def give(member, project, team, plan):
    marks = {"team": Decimal(team), "plan": Decimal(plan)}
    return scoring.submit(scoring.sheet_of(member, project), by=member.expert.user, marks=marks)


def all_give(panel, *given):
    """Every member gives the same points, project by project."""
    for project, marks in zip(panel.projects.all(), given, strict=True):
        for member in members(panel):
            give(member, project, *marks)


def close(panel, **said):
    return conclusion.close_scoring(panel, by=operator(), **said)


def results(panel):
    return [(str(each.score), str(each.first_mark), each.rank) for each in panel.projects.all()]


def sign_all(panel):
    for member in members(panel):
        conclusion.sign(member, by=member.expert.user)


def signed(**fields):
    """Two projects, no tie, everybody has signed."""
    panel = room(**fields)
    all_give(panel, ("30", "50"), ("20", "40"))
    close(panel)
    sign_all(panel)
    return panel


def concluded(**fields):
    panel = signed(**fields)
    return conclusion.conclude(panel, by=inspector())


# Scores


def test_8_4_the_mean_of_the_sheets_their_first_criterion_and_the_ranks():
    panel = room()
    first, second = panel.projects.all()
    for member, plan in zip(members(panel), ("50", "50", "50", "50", "50.04"), strict=True):
        give(member, first, "30", plan)
        give(member, second, "32.5", "50")

    close(panel, break_minutes=15)

    panel.refresh_from_db()
    assert results(panel) == [("80.01", "30.00", 2), ("82.50", "32.50", 1)]
    assert (panel.state, panel.break_minutes, panel.closed_at) == ("signing", 15, clock.now())
    assert {each.history.count() for each in panel.projects.all()} == {2}  # entered, and judged once


@pytest.mark.parametrize(("method", "score"), [("mean", "76.00"), ("trimmed", "80.00")])
def test_8_4_the_highest_and_the_lowest_are_left_out_where_the_sheet_says_so(method, score):
    panel = room(projects=1, method=method)
    for member, plan in zip(members(panel), ("20", "50", "50", "50", "60"), strict=True):
        sheet = give(member, panel.projects.get(), "30", plan)
    for sheet in panel.sheets.all():
        scoring.explain(sheet, by=sheet.seat.expert.user, explanation="场地")

    close(panel)

    assert str(panel.projects.get().score) == score


@pytest.mark.parametrize(("line", "passed"), [("80.00", True), ("80.01", False), (None, None)])
def test_8_4_whoever_reaches_the_line_has_passed(line, passed):
    panel = room(projects=1, pass_score=line and Decimal(line))
    all_give(panel, ("30", "50"))

    close(panel)

    assert panel.projects.get().passed is passed


def test_8_4_the_first_criterion_decides_between_equal_scores():
    panel = room()
    all_give(panel, ("30", "50"), ("31", "49"))

    close(panel)

    assert results(panel) == [("80.00", "30.00", 2), ("80.00", "31.00", 1)]
    assert conclusion.ties(panel) == []


def test_8_4_a_replaced_members_sheets_would_have_changed_the_score():
    panel = room(projects=1)
    project, (leaving, *others) = panel.projects.get(), members(panel)
    give(leaving, project, "40", "55")  # 95
    for member in others:
        give(member, project, "30", "50")
    seat.excuse(leaving, by=operator(), why="ill", reason="突发不适")
    seat.stand_down(leaving, by=inspector())
    coming = make.make_seat("present", panel=panel, declared_at=make.REVIEW)
    give(coming, project, "30", "45")  # 75

    close(panel)

    everything = [each.total for each in ScoreSheet.objects.filter(panel=panel)]
    assert rules.score(everything, "mean") == Decimal("81.67")  # (95 + 4 × 80 + 75) / 6
    assert results(panel) == [("79.00", "30.00", 1)]  # (4 × 80 + 75) / 5


def test_8_4_scoring_closes_once_by_the_operator_and_for_all_reasons_at_once():
    panel = room(projects=1)
    with pytest.raises(Refused, match="还不能截止：“项目1”还差5份评分表"):
        close(panel)
    all_give(panel, ("30", "50"))

    for somebody in (inspector(), officer("head", "leader"), officer("publisher", "reviewer")):
        with pytest.raises(PermissionDenied):
            conclusion.close_scoring(panel, by=somebody)
    close(panel)
    with pytest.raises(Refused, match="现在的状态是“待签字”，不能"):
        close(panel)


def test_10_4_a_member_has_no_hand_in_the_review_in_office():
    panel = room(projects=1)
    all_give(panel, ("30", "50"))
    clerk = person("clerk", "intake")
    expert = members(panel)[0].expert
    expert.user = clerk
    expert.save()

    with pytest.raises(Refused, match="与您本人有关"):
        conclusion.close_scoring(panel, by=clerk)
    conclusion.close_scoring(panel, by=person("another", "intake"))  # the control


def test_8_4_after_the_close_no_sheet_is_changed():
    panel = room(projects=1)
    all_give(panel, ("30", "50"))
    sheet = ScoreSheet.objects.first()
    close(panel)

    with pytest.raises(Refused, match="评分已经截止"):
        scoring.take_back(sheet, by=sheet.seat.expert.user)
    sheet.refresh_from_db()
    sheet.total = Decimal(99)
    with pytest.raises(IntegrityError, match="art8_4_judged_by_members_in_the_room"), transaction.atomic():
        sheet.save()


@pytest.mark.parametrize(("minutes", "waits"), [(179, True), (180, False)])
def test_8_4_a_seat_that_nobody_takes_is_waited_for_until_the_review_was_to_end(minutes, waits):
    panel = room(projects=1)
    all_give(panel, ("30", "50"))
    called = make.make_seat("called", panel=panel)

    with clock.at(make.REVIEW + timedelta(minutes=minutes)):
        if waits:
            with pytest.raises(Refused, match="还不能截止：第6席待答复"):
                close(panel)
        else:
            close(panel)

    called.refresh_from_db()
    assert called.state == ("called" if waits else "released")


# Ties


def tied(projects=2):
    panel = room(projects=projects)
    all_give(panel, *[("30", "50")] * projects)
    close(panel)
    return panel, list(panel.projects.all())


def votes(panel, *chosen):
    """The members vote in the order of their seats."""
    for member, project in zip(members(panel), chosen, strict=False):
        conclusion.vote(member, by=member.expert.user, project=project)


def ranks(panel):
    return [each.rank for each in panel.projects.all()]


def test_8_4_the_vote_decides_once_all_have_voted():
    panel, (one, two) = tied()
    assert (conclusion.open_ties(panel), ranks(panel)) == ([[one, two]], [1, 1])

    votes(panel, two, two, two, one)
    assert (conclusion.open_ties(panel), ranks(panel)) == ([[one, two]], [1, 1])
    last = members(panel)[4]
    conclusion.vote(last, by=last.expert.user, project=two)

    assert (conclusion.open_ties(panel), ranks(panel)) == ([], [2, 1])


def test_8_4_the_most_votes_come_first_and_as_many_share_a_rank():
    panel, (one, two, three) = tied(3)

    votes(panel, one, one, three, two, three)

    assert ranks(panel) == [1, 3, 1]


def test_8_4_each_tie_has_its_vote():
    panel = room(projects=4)
    all_give(panel, ("30", "50"), ("20", "40"), ("30", "50"), ("20", "40"))
    close(panel)
    high, low, high_too, low_too = panel.projects.all()
    assert conclusion.ties(panel) == [[high, high_too], [low, low_too]]

    votes(panel, *[high_too] * 5)
    assert conclusion.ballots(members(panel)[0]) == [[low, low_too]]
    votes(panel, *[low_too] * 5)

    assert ranks(panel) == [2, 4, 1, 3]


def test_14_who_is_excused_from_one_of_them_does_not_vote_and_is_not_waited_for():
    panel = room()
    one, two = panel.projects.all()
    excused = members(panel)[0]
    scoring.recuse(excused, by=excused.expert.user, project=one, reason="同门")
    for project in (one, two):
        for member in members(panel):
            if (member, project) != (excused, one):
                give(member, project, "30", "50")
    close(panel)

    with pytest.raises(Refused, match="您回避了其中的项目"):
        conclusion.vote(excused, by=excused.expert.user, project=two)
    for member in members(panel)[1:]:
        conclusion.vote(member, by=member.expert.user, project=two)

    assert (conclusion.open_ties(panel), ranks(panel)) == ([], [2, 1])


def test_8_4_nobody_votes_where_there_is_no_tie_or_before_the_close():
    panel = room()
    member, project = members(panel)[0], panel.projects.first()
    with pytest.raises(Refused, match="没有同分"):
        conclusion.vote(member, by=member.expert.user, project=project)
    all_give(panel, ("30", "50"), ("20", "40"))
    close(panel)

    with pytest.raises(Refused, match="没有同分"):
        conclusion.vote(member, by=member.expert.user, project=project)
    assert not Vote.objects.exists()


def test_8_4_who_will_not_vote_is_not_waited_for_and_the_votes_of_the_others_count():
    panel, (one, two) = tied()
    votes(panel, two, two, two, one)
    assert ranks(panel) == [1, 1]

    conclusion.take_as_agreed(members(panel)[4], by=operator())

    assert (conclusion.open_ties(panel), ranks(panel)) == ([], [2, 1])


def test_8_4_the_office_can_end_the_waiting_for_a_vote_from_its_page(http):
    panel, (one, _) = tied()
    votes(panel, one, one, one, one)
    silent = members(panel)[4]
    make.sign_in(http, operator())
    where = reverse("services:take_as_agreed_seat", args=[silent.pk])
    assert f'"{where}"' in http.get(panel.get_absolute_url()).content.decode()

    http.post(where)

    assert conclusion.open_ties(panel) == []


# Signatures


def test_8_4_one_signs_once_after_the_close_and_says_where_he_differs():
    panel = room(projects=1)
    all_give(panel, ("30", "50"))
    member = members(panel)[0]
    with pytest.raises(Refused, match="评分截止以后才能签字"):
        conclusion.sign(member, by=member.expert.user)
    close(panel)

    conclusion.sign(member, by=member.expert.user, dissent="租约只剩一年")

    member.refresh_from_db()
    assert (member.state, member.dissent, member.refused) == ("signed", "租约只剩一年", False)
    with pytest.raises(Refused, match="现在的状态是“已签字”，不能"):
        conclusion.sign(member, by=member.expert.user, dissent="又想起一条")


def test_8_4_nobody_signs_for_another():
    panel = room(projects=1)
    all_give(panel, ("30", "50"))
    close(panel)
    one, other, *_ = members(panel)

    for somebody in (other.expert.user, operator(), inspector()):
        with pytest.raises(PermissionDenied):
            conclusion.sign(one, by=somebody)


def test_8_4_nobody_signs_while_a_tie_is_open():
    panel, (one, _) = tied()
    member = members(panel)[0]
    votes(panel, one, one, one, one)
    with pytest.raises(Refused, match="有同分项目还在表决"):
        conclusion.sign(member, by=member.expert.user)

    last = members(panel)[4]
    conclusion.vote(last, by=last.expert.user, project=one)
    conclusion.sign(member, by=member.expert.user)


def test_8_4_who_neither_signs_nor_says_why_counts_as_agreeing():
    panel = room(projects=1)
    all_give(panel, ("30", "50"))
    member = members(panel)[0]
    with pytest.raises(Refused, match="评分截止以后才能签字"):
        conclusion.take_as_agreed(member, by=operator())
    close(panel)
    for somebody in (inspector(), officer("publisher", "reviewer"), member.expert.user):
        with pytest.raises(PermissionDenied):
            conclusion.take_as_agreed(member, by=somebody)

    conclusion.take_as_agreed(member, by=operator())

    assert Seat.objects.filter(state="signed", refused=True, dissent="").get() == member


def test_10_4_the_inspector_signs_when_everybody_has():
    panel = room(projects=1)
    all_give(panel, ("30", "50"))
    close(panel)
    for member in members(panel)[:3]:
        conclusion.sign(member, by=member.expert.user)
    with pytest.raises(Refused, match="还要等第4席、第5席签字"):
        conclusion.conclude(panel, by=inspector())

    for member in members(panel)[3:]:
        conclusion.sign(member, by=member.expert.user)
    conclusion.conclude(panel, by=inspector())

    assert (panel.state, panel.concluded_at) == ("concluded", clock.now())


def test_10_4_whoever_ran_the_review_does_not_sign_as_its_inspector():
    panel = signed()
    both = operator()
    both.groups.add(*inspector().groups.all())

    with pytest.raises(Refused, match="主持评审的人不能监督签字"):
        conclusion.conclude(panel, by=type(both).objects.get(pk=both.pk))


@pytest.mark.parametrize("role", ["intake", "reviewer", "leader", "matcher", "admin"])
def test_10_4_nobody_else_signs_for_the_inspector(role):
    panel = signed()

    with pytest.raises(PermissionDenied):
        conclusion.conclude(panel, by=person("somebody", role))


# What comes of it


def test_10_4_the_reviewer_publishes_and_every_member_is_told():
    panel = concluded()
    for somebody in (operator(), inspector(), officer("head", "leader")):
        with pytest.raises(PermissionDenied):
            conclusion.publish(panel, by=somebody, statement="公布")
    assert not Notification.objects.filter(subject="评审结果已公布").exists()

    conclusion.publish(panel, by=officer("publisher", "reviewer"), statement="经局务会同意")

    told = Notification.objects.filter(subject="评审结果已公布", channel="inapp")
    assert {each.to for each in told} == {each.expert.user for each in members(panel)}
    assert (panel.state, panel.statement) == ("published", "经局务会同意")


def test_8_4_a_result_is_not_published_before_it_is_concluded():
    panel = signed()

    with pytest.raises(Refused, match="现在的状态是“待签字”，不能"):
        conclusion.publish(panel, by=officer("publisher", "reviewer"), statement="公布")
    assert not Service.objects.exists()


def test_13_hours_are_recorded_of_whoever_served_the_silent_included_and_of_nobody_else():
    panel = room()
    all_give(panel, ("30", "50"), ("20", "40"))
    leaving, silent, *others = members(panel)
    seat.excuse(leaving, by=operator(), why="ill", reason="突发不适")
    seat.stand_down(leaving, by=inspector())
    with clock.at(make.REVIEW + 2 * HOUR):
        close(panel, break_minutes=10)
        for member in others:
            conclusion.sign(member, by=member.expert.user)
    with clock.at(make.REVIEW + 2.5 * HOUR):
        conclusion.take_as_agreed(silent, by=operator())
        conclusion.conclude(panel, by=inspector())
        conclusion.publish(panel, by=officer("publisher", "reviewer"), statement="公布")

    found = Service.objects.counted().order_by("seat__place")
    assert [(each.seat.place, each.minutes) for each in found] == [(2, 140), (3, 110), (4, 110), (5, 110)]
    assert {(each.kind, each.confirmed_via, each.started_at) for each in found} == {("review", "review", make.REVIEW)}
    assert {each.summary for each in found} == {f"创业孵化示范基地评审（{panel.number}）"}


def test_13_who_signs_long_after_the_close_was_not_in_the_room_so_long():
    panel = room(projects=1)
    all_give(panel, ("30", "50"))
    with clock.at(make.REVIEW + 2 * HOUR):
        close(panel)
    for member, minutes in zip(members(panel), (150, 180, 181, 300, 1440), strict=True):
        with clock.at(make.REVIEW + timedelta(minutes=minutes)):
            conclusion.sign(member, by=member.expert.user)
    conclusion.conclude(panel, by=inspector())
    conclusion.publish(panel, by=officer("publisher", "reviewer"), statement="公布")

    assert list(Service.objects.order_by("seat__place").values_list("minutes", flat=True)) == [150, 180, 180, 180, 180]


def test_13_what_is_closed_on_a_later_day_counts_until_the_review_was_to_end():
    """Signed in at 9:30, to end at 12:30; closed the next morning: the night between is not paid."""
    panel = room(projects=1)
    all_give(panel, ("30", "50"))
    with clock.at(make.REVIEW + 24 * HOUR):
        close(panel, break_minutes=15)
        sign_all(panel)
        conclusion.conclude(panel, by=inspector())
        conclusion.publish(panel, by=officer("publisher", "reviewer"), statement="公布")

    assert list(Service.objects.values_list("minutes", flat=True)) == [165, 165, 165, 165, 165]


def test_3_of_a_member_who_was_no_longer_on_the_team_no_hours_are_recorded():
    panel = concluded()
    gone, *others = members(panel)
    make.end_early(gone.expert.appointments, clock.local(make.REVIEW).date())

    conclusion.publish(panel, by=officer("publisher", "reviewer"), statement="公布")

    assert {each.seat for each in Service.objects.all()} == set(others)
