"""What waits of reviews for whom today, and that no row names a member (Articles 8(4) and 10(4))."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expertteam import clock
from expertteam.models import Notification
from services import reviews
from services.actions import choice, conclusion, draw, panel, scoring, seat, supervision
from tests import make
from tests.conftest import person
from tests.services import panels as on

pytestmark = pytest.mark.usefixtures("db", "today")


def waits(user):
    """What this person's day holds of reviews."""
    found = [row.what for each in reviews.queue(user) for row in each.rows]
    assert reviews.waiting(user) == len(found)
    return found


def drawn():
    on.experts()
    return on.drawn().panel


def declined():
    review = drawn()
    one = review.seats.first()
    seat.decline(one, by=one.expert.user, why="declined", reason="那天在外地")
    return one


def gathered(review):
    """Everybody has given every project 80 points."""
    for member in review.seats.judging():
        for project in review.projects.all():
            marks = {"team": Decimal(40), "plan": Decimal(40)}
            scoring.submit(scoring.sheet_of(member, project), by=member.expert.user, marks=marks)


def test_each_step_of_a_draw_waits_for_whose_turn_it_is():
    on.experts()
    it = on.frozen()
    assert (waits(on.operator()), waits(on.inspector())) == (["准备抽取"], ["准备抽取"])
    on.promise(it, "inspector")
    assert (waits(on.operator()), waits(on.inspector())) == (["准备抽取"], [])
    on.promise(it, "operator")
    assert (waits(on.operator()), waits(on.inspector())) == (["准备抽取"], [])
    draw.fix(it, by=on.operator())
    assert (waits(on.operator()), waits(on.inspector())) == (["完成抽取"], ["完成抽取"])
    on.drawn(it)
    assert (waits(on.operator()), waits(on.inspector())) == (["签抽取记录"], ["签抽取记录"])
    assert waits(person("other", "intake")) == waits(on.leader()) == []


def test_a_public_value_waits_for_both_once_it_is_due():
    on.experts()
    due = clock.now() + timedelta(hours=12)
    it = on.promised(on.frozen(profile="B", source="kl8", issue="2026055", due_at=due))
    for who, role in ((on.operator(), "operator"), (on.inspector(), "inspector")):
        draw.reveal(it, by=who, secret=on.SECRETS[role])
    assert (waits(on.operator()), waits(on.inspector())) == ([], [])

    with clock.at(due):
        assert (waits(on.operator()), waits(on.inspector())) == (["完成抽取"], ["完成抽取"])
        draw.enter_value(it, by=on.operator(), value=" ".join(str(n) for n in range(1, 21)))
        assert (waits(on.operator()), waits(on.inspector())) == ([], ["完成抽取"])


def test_an_abort_after_the_result_waits_for_the_leader():
    on.experts()
    it = on.drawn()
    for who in (on.operator(), on.inspector()):
        draw.sign(it, by=who)
    assert waits(on.leader()) == []

    draw.ask_abort(it, by=on.inspector(), reason="条件写错")

    assert waits(on.leader()) == ["同意作废抽取"]
    assert waits(on.operator()) == waits(on.inspector()) == []


def test_an_abort_waits_for_the_leader_as_soon_as_one_side_knows_the_result():
    on.experts()
    it = on.promised()
    draw.reveal(it, by=on.operator(), secret=on.SECRETS["operator"])
    draw.ask_abort(it, by=on.inspector(), reason="随机数丢了")

    assert waits(on.leader()) == ["同意作废抽取"]
    assert "同意作废抽取" not in waits(on.operator())


def test_an_abort_before_the_result_waits_for_the_other_side():
    on.experts()
    it = on.promised()
    draw.ask_abort(it, by=on.operator(), reason="条件写错")

    assert "同意作废抽取" in waits(on.inspector())
    assert "同意作废抽取" not in waits(on.operator())
    assert waits(on.leader()) == []


def test_what_a_party_asks_waits_for_the_inspector():
    review = on.drafted()
    expert = make.make_expert()
    supervision.record_recusal(
        review, by=on.operator(), project=review.projects.get(), expert=expert, reason="打过官司"
    )

    assert (waits(on.inspector()), waits(on.operator()), waits(on.leader())) == (["审查回避申请"], [], [])


def test_a_choice_waits_for_the_inspector_and_then_for_the_leader():
    review, chosen = on.drafted(), on.experts(5)
    panel.choose(review, by=on.operator(), reason="冶金", chosen=[("any", each) for each in chosen])
    it = review.choices.get()
    assert (waits(on.inspector()), waits(on.leader())) == (["审查定向选取"], [])

    choice.support(it, by=on.inspector(), opinion="同意")

    assert (waits(on.inspector()), waits(on.leader())) == ([], ["批准定向选取"])


def test_who_has_not_answered_in_time_waits_for_the_operator():
    review = drawn()
    other = person("other", "intake")
    assert waits(other) == []

    with clock.at(review.seats.first().answer_due + timedelta(minutes=1)):
        assert waits(other) == ["催评审答复"] * 5
        assert waits(on.leader()) == []
    with clock.at(review.ends_at):
        assert waits(other) == []  # nobody is called to a review that is over


def test_a_seat_that_is_given_up_waits_for_the_operator_then_for_the_inspector():
    one = declined()
    other, watcher = person("other", "intake"), person("second", "inspector")
    assert (waits(other), waits(watcher)) == (["提请递补"], [])

    seat.pass_on(one, by=on.operator())

    assert (waits(other), waits(watcher)) == ([], ["递补签字"])


def test_an_objection_waits_until_it_is_answered():
    review = drawn()
    one = review.seats.first()
    on.stand_down(one)
    assert waits(on.leader()) == []
    seat.object_to(one, by=one.expert.user, words="我没有说来不了")
    assert (waits(on.leader()), "答复递补异议" in waits(on.inspector())) == (["答复递补异议"], False)
    told = Notification.objects.filter(channel="inapp", subject="有专家对递补提出异议")
    assert [each.to for each in told] == [on.leader()]

    seat.answer_objection(one, by=on.leader(), answer="已核对")

    assert waits(on.leader()) == []


def test_the_day_of_the_review_from_the_seat_of_the_inspector_to_the_result():
    on.experts()
    review = on.drawn().panel
    for who in (on.operator(), on.inspector()):
        draw.sign(review.draws.get(), by=who)
    on.accepted(review)
    assert (waits(on.operator()), waits(on.inspector())) == ([], [])
    with clock.at(on.BEGINS):
        assert (waits(on.operator()), waits(on.inspector())) == (["开始评审"], ["到场监督评审"])
        panel.take_seat(review, by=on.inspector())
        assert (waits(on.operator()), waits(on.inspector())) == (["开始评审"], [])


@pytest.mark.parametrize(
    ("made", "tip"),
    [
        (on.drafted, "评审时间已过，没有开成；写明原因，取消评审"),
        (lambda: on.drawn().panel, "评审时间已过，没有开成；先由纪检提出作废、您同意作废，再取消"),
    ],
)
def test_a_review_that_never_began_waits_for_the_leader_to_call_it_off(made, tip):
    on.experts()
    review = made()
    with clock.at(review.ends_at - timedelta(minutes=1)):
        assert waits(on.leader()) == []
    with clock.at(review.ends_at):
        assert [(row.what, row.tip) for each in reviews.queue(on.leader()) for row in each.rows] == [("取消评审", tip)]
        assert "取消评审" not in waits(on.operator()) + waits(on.inspector())


def test_a_review_that_began_is_not_called_off():
    on.experts()
    review = on.convened()
    with clock.at(review.ends_at):
        assert waits(on.leader()) == []


def test_the_end_of_the_review_waits_for_one_after_the_other():
    on.experts()
    review = on.convened()
    with clock.at(on.BEGINS + timedelta(hours=1)):
        assert waits(on.operator()) == []
        gathered(review)
        assert waits(on.operator()) == ["截止评分"]
        conclusion.close_scoring(review, by=on.operator())
        assert waits(on.inspector()) == []
        for member in review.seats.judging():
            conclusion.sign(member, by=member.expert.user)
        assert (waits(on.inspector()), waits(on.operator())) == (["评审监督签字"], [])
        conclusion.conclude(review, by=on.inspector())
        assert (waits(on.inspector()), waits(person("publisher", "reviewer"))) == ([], ["公布评审结果"])


def test_nothing_waits_while_the_review_stands_still():
    one, other = declined(), person("other", "intake")
    assert waits(other) == ["提请递补"]

    supervision.halt(one.panel, by=on.inspector(), reason="有人泄露名单")

    assert waits(other) == []


def test_nothing_waits_for_whoever_sits_on_the_review():
    one = declined()
    member = one.panel.seats.last().expert.user
    member.groups.set(on.operator().groups.all())
    assert waits(person("other", "intake")) == ["提请递补"]

    assert waits(member) == []


def test_rows_and_menu_are_on_the_page_without_a_name(http):
    make.sign_in(http, person("other", "intake"))
    one = declined()
    name = "鹪鹩"
    one.expert.user.name = name
    one.expert.user.save()

    response = http.get(reverse("admin:index"))

    rows = [row for row in response.context["rows"] if row.number == one.panel.number]
    menu = {label: count for _, label, count, _ in response.context["staff_nav"]()}
    assert [(row.what, row.url) for row in rows] == [
        ("提请递补", f"{reverse('services:panel', args=[one.panel_id])}#seats")
    ]
    assert (menu["项目评审"], name in response.content.decode()) == (1, False)


@pytest.mark.parametrize("role", ["intake", "inspector"])
def test_the_day_costs_the_same_for_one_and_for_many(http, role):
    make.sign_in(http, person("reader", role))
    review = drawn()
    gone = list(review.seats.all())
    leave(gone[0])
    http.get(reverse("admin:index"))
    few = count(http)
    for member in gone[1:4]:
        leave(member)

    assert count(http) == few


def leave(member):
    """One seat waits for the operator or, if its number is even, for the inspector."""
    seat.decline(member, by=member.expert.user, why="declined", reason="忙")
    if member.place % 2 == 0:
        seat.pass_on(member, by=on.operator())


def count(http):
    with CaptureQueriesContext(connection) as queries:
        assert http.get(reverse("admin:index")).status_code == 200
    return len(queries)
