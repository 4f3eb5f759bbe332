"""What each member declares and gives while the review is open, and what still has to be done (Articles 8(4) and 14)."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from expertteam.models import User
from expertteam.regulation import Refused
from services.actions import scoring, seat, supervision
from services.models import Recusal, ScoreSheet, Seat
from services.rules import panel as rules
from tests import make
from tests.conftest import person

pytestmark = pytest.mark.usefixtures("db", "today")


def members(panel):
    return list(panel.seats.judging().select_related("expert__user").order_by("place"))


def owner(record) -> User:
    return (record if isinstance(record, Seat) else record.seat).expert.user


def points(**marks):
    return {key: None if mark is None else Decimal(mark) for key, mark in marks.items()}


def give(member, project, team="30", plan="50"):
    sheet = scoring.sheet_of(member, project)
    return scoring.submit(sheet, by=owner(member), marks=points(team=team, plan=plan))


def waiting(state="open", **fields):
    """A member in the room who has not yet declared."""
    panel = make.make_panel(state)
    make.make_project(panel)
    return make.make_seat("present", panel=panel, **fields)


# What he must not judge


def test_14_no_sheet_opens_before_the_declaration():
    member = waiting()
    project = member.panel.projects.get()
    with pytest.raises(Refused, match="请先做回避声明"):
        scoring.sheet_of(member, project)
    assert not ScoreSheet.objects.exists()

    scoring.declare(member, by=owner(member), conflicts={})

    assert scoring.sheet_of(member, project).state == "draft"


def test_14_one_declares_once_and_with_a_reason():
    member = waiting()
    first, second = member.panel.projects.get(), make.make_project(member.panel)
    with pytest.raises(Refused, match="请写明为什么回避“项目1”"):
        scoring.declare(member, by=owner(member), conflicts={first.pk: ""})
    assert not Recusal.objects.exists()

    scoring.declare(member, by=owner(member), conflicts={first.pk: "同门"})

    assert list(member.recusals.values_list("project", "reason")) == [(first.pk, "同门")]
    with pytest.raises(Refused, match="您已回避这个项目"):
        scoring.sheet_of(member, first)
    assert scoring.sheet_of(member, second).state == "draft"
    with pytest.raises(Refused, match="已经声明过"):
        scoring.declare(member, by=owner(member), conflicts={})


@pytest.mark.parametrize("state", ["selecting", "seated", "signing", "concluded"])
def test_8_4_nothing_is_declared_or_given_outside_the_scoring(state):
    member = waiting(state)
    project = member.panel.projects.get()

    with pytest.raises(Refused, match="评审还没有开始，或评分已经截止"):
        scoring.declare(member, by=owner(member), conflicts={})
    with pytest.raises(Refused, match="评审还没有开始，或评分已经截止"):
        scoring.sheet_of(member, project)


def test_14_nobody_declares_for_another():
    member = waiting()

    for somebody in (make.make_user(), person("operator", "intake"), person("watcher", "inspector")):
        with pytest.raises(PermissionDenied):
            scoring.declare(member, by=somebody, conflicts={})


def test_14_of_a_project_he_is_excused_from_later_nothing_of_his_counts():
    panel = make.make_room()
    project, (one, *others) = panel.projects.get(), members(panel)
    for member in others:
        give(member, project)  # 80
    sheet = give(one, project, "40", "60")
    counted = [each.total for each in panel.sheets.valid()]
    assert rules.score(counted, "mean") == Decimal("84.00")  # (4 × 80 + 100) / 5

    scoring.recuse(one, by=owner(one), project=project, reason="刚想起曾任顾问")

    counted = [each.total for each in panel.sheets.valid()]
    assert rules.score(counted, "mean") == Decimal("80.00")
    scoring.take_back(sheet, by=owner(one))
    for verb in (scoring.write, scoring.submit):
        with pytest.raises(Refused, match="您已回避这个项目"):
            verb(sheet, by=owner(one), marks=points(team="1", plan="1"))
    with pytest.raises(Refused, match="已经回避这个项目"):
        scoring.recuse(one, by=owner(one), project=project, reason="再说一次")


def test_14_being_excused_comes_after_the_declaration():
    member = waiting()

    with pytest.raises(Refused, match="请先做回避声明"):
        scoring.recuse(member, by=owner(member), project=member.panel.projects.get(), reason="同门")


# What he gives


@pytest.mark.parametrize(
    ("team", "plan", "refused"),
    [
        ("40.01", "50", "“团队”应在0到40分之间"),
        ("-0.01", "50", "“团队”应在0到40分之间"),
        ("30", "60.001", "“计划”应在0到60分之间"),
        ("30", "50.001", "“计划”最多两位小数"),
        ("NaN", "50", "“团队”应在0到40分之间"),
        (None, "50", "还没有打分：团队"),
        (None, None, "还没有打分：团队、计划"),
    ],
)
def test_8_4_a_sheet_with_a_wrong_or_missing_mark_is_not_submitted(team, plan, refused):
    panel = make.make_room(members=1)

    with pytest.raises(Refused, match=refused):
        give(members(panel)[0], panel.projects.get(), team, plan)

    assert ScoreSheet.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("team", "plan", "total"), [("0", "0", "0.00"), ("40", "60", "100.00"), ("30.25", "50.5", "80.75")]
)
def test_8_4_a_sheet_adds_up_its_marks(team, plan, total):
    panel = make.make_room(members=1)

    give(members(panel)[0], panel.projects.get(), team, plan)

    sheet = ScoreSheet.objects.get()
    assert (sheet.state, str(sheet.total)) == ("submitted", total)
    assert sheet.marks == {"team": f"{Decimal(team):.2f}", "plan": f"{Decimal(plan):.2f}"}


def test_8_4_a_draft_may_lack_marks_and_knows_no_others():
    panel = make.make_room(members=1)
    (member,) = members(panel)
    sheet = scoring.sheet_of(member, panel.projects.get())

    scoring.write(sheet, by=owner(member), marks=points(team="30", plan=None, bonus="99"), comment="场地好")

    assert (sheet.marks, sheet.comment, sheet.total) == ({"team": "30.00"}, "场地好", None)
    assert scoring.sheet_of(member, panel.projects.get()) == sheet


def test_8_4_a_sheet_is_written_by_its_member_alone():
    panel = make.make_room(members=2)
    one, other = members(panel)
    sheet = scoring.sheet_of(one, panel.projects.get())

    for somebody in (owner(other), person("operator", "intake"), person("watcher", "inspector")):
        with pytest.raises(PermissionDenied):
            scoring.submit(sheet, by=somebody, marks=points(team="1", plan="1"))


def test_8_4_what_was_taken_back_has_neither_total_nor_explanation():
    panel = make.make_room(members=1)
    (member,) = members(panel)
    sheet = give(member, panel.projects.get())
    scoring.explain(sheet, by=owner(member), explanation="账目不清")

    scoring.take_back(sheet, by=owner(member))

    sheet.refresh_from_db()
    assert (sheet.state, sheet.total, sheet.submitted_at, sheet.explanation) == ("draft", None, None, "")
    assert sheet.marks == {"team": "30.00", "plan": "50.00"}


def test_14_whoever_has_recused_himself_explains_nothing_more_of_the_project():
    panel = make.make_room(members=1)
    (member,) = members(panel)
    sheet = give(member, panel.projects.get())
    scoring.recuse(member, by=owner(member), project=panel.projects.get(), reason="刚想起曾任顾问")

    with pytest.raises(Refused, match="您已回避这个项目"):
        scoring.explain(sheet, by=owner(member), explanation="账目不清")


def leave(member):
    seat.excuse(member, by=person("operator", "intake"), why="ill", reason="突发不适")


def stop(member):
    supervision.halt(member.panel, by=person("watcher", "inspector"), reason="名单有疑问")


@pytest.mark.parametrize(("event", "refused"), [(leave, "签到以后、离开以前"), (stop, "评审已由纪检叫停")])
def test_8_4_whoever_opens_a_sheet_too_late_is_told_so(event, refused):
    panel = make.make_room(members=1)
    before = members(panel)[0]  # as the page had it
    event(members(panel)[0])

    with pytest.raises(Refused, match=refused):
        scoring.sheet_of(before, panel.projects.get())


def test_8_4_whoever_has_left_says_nothing_more_of_his_sheet():
    panel = make.make_room(members=1)
    (member,) = members(panel)
    sheet = give(member, panel.projects.get())
    leave(members(panel)[0])

    with pytest.raises(Refused, match="签到以后、离开以前"):
        scoring.take_back(sheet, by=owner(member))
    with pytest.raises(Refused, match="签到以后、离开以前"):
        scoring.explain(sheet, by=owner(member), explanation="账目不清")


def test_8_4_a_member_sees_his_own_sheets_and_the_office_none_before_the_close():
    panel = make.make_room(members=2)
    one, other = members(panel)
    own = give(one, panel.projects.get())
    give(other, panel.projects.get())
    operator = person("operator", "intake")

    assert list(ScoreSheet.objects.visible_to(owner(one))) == [own]
    assert not ScoreSheet.objects.visible_to(operator).exists()

    panel.closed_at = make.REVIEW  # the control
    panel.save()
    assert ScoreSheet.objects.visible_to(operator).count() == 2
    assert list(ScoreSheet.objects.visible_to(owner(one))) == [own]


# What is still to be done


@pytest.mark.parametrize(
    ("own", "far"),
    [
        (("40", "56"), False),  # 96 among four of 76: the mean is 80, a fifth of it 16
        (("40", "56.01"), True),
    ],
)
def test_8_4_farther_than_a_fifth_of_the_mean_is_to_be_explained(own, far):
    panel = make.make_room()
    project, (one, *others) = panel.projects.get(), members(panel)
    for member in others:
        give(member, project, "26", "50")
    assert scoring.outlying(panel) == []

    sheet = give(one, project, *own)

    assert scoring.outlying(panel) == ([sheet] if far else [])


def test_8_4_who_was_explained_is_asked_again_once_he_gives_other_marks():
    panel = make.make_room()
    project, (one, *others) = panel.projects.get(), members(panel)
    for member in others:
        give(member, project)
    sheet = give(one, project, "0", "20")
    scoring.explain(sheet, by=owner(one), explanation="没有团队")
    assert scoring.outlying(panel) == []

    scoring.take_back(sheet, by=owner(one))
    sheet = give(one, project, "0", "25")

    assert scoring.outlying(panel) == [sheet]


def test_8_4_everything_that_stands_against_the_close_is_named_at_once():
    panel = make.make_room(projects=2)
    first, second = panel.projects.all()
    one, two, three, *_ = members(panel)
    for member in members(panel):
        give(member, first, "0", "20" if member == one else "50")
    for member in (one, two):
        scoring.recuse(member, by=owner(member), project=second, reason="同门")
    leave(three)
    make.make_seat("called", panel=panel)
    make.make_seat("present", panel=panel)

    assert scoring.left_to_do(panel) == [
        "第3席递补待纪检签字",
        "第6席待答复",
        "第7席还没有做回避声明",
        "“项目1”还差1份评分表",
        "“项目2”回避后只有3人评审，不足4人",
    ]


@pytest.mark.parametrize(
    ("state", "blocks"),
    [("called", True), ("accepted", True), ("declined", True), ("passing", True), ("stood_down", False)],
)
def test_8_4_nothing_closes_while_a_seat_is_being_handed_on(state, blocks):
    panel = make.make_room()
    for member in members(panel):
        give(member, panel.projects.get())
    assert scoring.left_to_do(panel) == []

    handed = make.make_seat(state, panel=panel)

    assert scoring.left_to_do(panel) == ([f"第6席{handed.get_state_display()}"] if blocks else [])


@pytest.mark.parametrize(("size", "left", "enough"), [(3, 2, True), (5, 4, True), (5, 3, False), (7, 5, True), (7, 4, False), (9, 6, True), (9, 5, False)])  # fmt: skip
def test_8_4_two_thirds_of_the_seats_judge_a_project_at_least(size, left, enough):
    panel = make.make_room(members=left, need=[["any", size]])
    for member in members(panel):
        give(member, panel.projects.get())

    assert (scoring.left_to_do(panel) == []) is enough
