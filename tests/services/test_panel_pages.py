"""The office's pages of a review: every move on its page, and no name before the names are open (Articles 8(4), 10(4), 14)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expertteam import clock
from expertteam.models import User
from expertteam.regulation import Refused
from services.actions import choice, conclusion, draw, panel, scoring, seat, supervision
from services.models import (
    Attempt,
    Choice,
    PanelReading,
    Party,
    ProjectPaper,
    RecusalRequest,
    ReviewPanel,
    Seat,
    Service,
)
from tests import make
from tests.conftest import person
from tests.make import sign_in
from tests.services import panels as on
from tests.services.suspensions import suspension

NAMES = ["鹪鹩", "鸲鹟", "鹡鸰", "鸺鹠", "鹈鹕", "鸬鹚", "鹌鹑", "鹧鸪", "鸳鸯"]
pytestmark = pytest.mark.usefixtures("db", "today")


def page(name, *args):
    return reverse(f"services:{name}", args=args)


def words(response):
    return response.content.decode()


def seen_by(who, http, review):
    sign_in(http, who)
    return words(http.get(page("panel", review.pk)))


def named(shown):
    return [name for name in NAMES if name in shown]


def birds():
    """Nine experts whose names stand in no other word of a page."""
    return [make.make_expert(user=make.make_user(name=name, phone=f"1350000000{n}")) for n, name in enumerate(NAMES)]


def drawn():
    birds()
    return on.drawn().panel


def conditions(**change):
    entry = {
        "title": "孵化基地评审", "kind": "incubator", "template": on.template().pk, "starts_at": "2026-03-03T09:30",
        "ends_at": "2026-03-03T12:30", "place": "三层评审室", "stratum1": "any", "count1": "5", "alternates": "2",
    }  # fmt: skip
    return entry | change


PROJECT = {
    "name": "甲基地", "applicant": "太原甲公司", "code": "", "phone": "", "summary": "",
    "role1": "head", "name1": "钱负责", "code1": "", "phone1": "139 0000 0001",
}  # fmt: skip


# From the conditions to the pool


def test_the_pool_is_frozen_only_where_that_would_not_be_refused(http):
    review = on.drafted(starts_at=on.BEGINS + timedelta(days=30), ends_at=on.BEGINS + timedelta(days=30, hours=3))
    freezing = page("freeze_panel", review.pk)
    early = seen_by(on.operator(), http, review)
    with clock.at(review.starts_at - timedelta(days=1)):
        in_time = seen_by(on.operator(), http, review)
        reader = person("reader", "intake")
        PanelReading.objects.create(panel=review, reader=reader, what="候选池名单")
        has_read = seen_by(reader, http, review)
        make.make_recusal_request(panel=review)
        undecided = seen_by(on.operator(), http, review)

    assert [freezing in shown for shown in (early, in_time, has_read, undecided)] == [False, True, False, False]


def test_a_review_is_drafted_with_its_projects_and_its_pool_is_frozen(http):
    birds()
    sign_in(http, on.operator())
    http.post(page("draft_panel"), conditions())
    review = ReviewPanel.objects.get()
    http.post(page("add_project_panel", review.pk), PROJECT | {"papers": [make.pdf("计划书.pdf")]})

    response = http.post(page("freeze_panel", review.pk), {"profile": "A"})

    parties = [(each.role, each.name, each.phone) for each in review.projects.get().parties.all()]
    assert response.url == page("draw", f"{review.number}-R1")
    assert (review.need, review.alternates, review.template) == ([["any", 5]], 2, on.template())
    assert parties == [("applicant", "太原甲公司", ""), ("head", "钱负责", "13900000001")]


def test_10_4_a_witness_is_named_with_the_number_to_which_his_link_goes(http):
    birds()
    review = on.drafted()
    sign_in(http, on.operator())
    said = {"profile": "A", "witness": "钱公证", "organisation": "某公证处"}

    nowhere = http.post(page("freeze_panel", review.pk), said)
    http.post(page("freeze_panel", review.pk), said | {"phone": "139 0000 5555"})

    assert (nowhere.status_code, "请填见证人的手机号" in words(nowhere)) == (422, True)
    assert draw.frozen_for(review).parties.get(role="witness").phone == "13900005555"


def test_a_page_shows_the_number_of_a_party_masked(http):
    review = on.drafted()
    panel.add_project(
        review, by=on.operator(), name="乙", applicant="乙", parties=[{"role": "head", "name": "钱负责", "phone": "13912345678"}]
    )  # fmt: skip

    shown = seen_by(on.inspector(), http, review)

    assert ("钱负责" in shown, "139****5678" in shown, "13912345678" in shown) == (True, True, False)


def test_alternates_are_as_many_as_the_office_has_set(http):
    sign_in(http, on.operator())

    initial = http.get(page("draft_panel")).context["form"]["alternates"].value()

    assert initial == 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"count1": "4"}, "评审组应为5、7或9人，现在是4人"),
        ({"count1": "3"}, "少于5人要写明理由"),
        ({"count1": ""}, "请填写第1类几人"),
        ({"stratum2": "any", "count2": "2"}, "同一类席位请合在一行"),
        ({"count2": "2"}, "请选择第2类席位"),
        ({"starts_at": "2026-03-01T09:30"}, "开始时间要晚于现在"),
        ({"ends_at": "2026-03-03T09:30"}, "预计结束要晚于开始时间"),
        ({"ends_at": "2026-03-04T12:30"}, "一次评审要在当天结束，开几天的请每天设一次评审"),
    ],
)
def test_conditions_that_cannot_be_come_back_with_the_reason(http, change, told):
    sign_in(http, on.operator())

    response = http.post(page("draft_panel"), conditions(**change))

    assert (response.status_code, told in words(response), ReviewPanel.objects.exists()) == (422, True, False)


def test_conditions_are_revised_from_what_is_known(http):
    review = on.drafted(need=[["finance", 2], ["any", 3]])
    sign_in(http, on.operator())
    form = http.get(page("revise_panel", review.pk)).context["form"]
    assert [form[name].value() for name in ("stratum1", "count1", "stratum2", "count2")] == ["finance", 2, "any", 3]

    http.post(page("revise_panel", review.pk), conditions(title="改过的评审", count1="7"))

    review.refresh_from_db()
    assert (review.title, review.need) == ("改过的评审", [["any", 7]])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"role1": ""}, "请选择这一方的身份"),
        ({"name1": ""}, "请填写名称或姓名"),
        ({"phone1": "1390000"}, "少了4位"),
        ({"code1": "123"}, "统一社会信用代码"),
        ({"applicant": ""}, "请填写申报单位或申报人"),
    ],
)
def test_a_party_is_told_whole_or_not_at_all(http, change, told):
    review = on.drafted()
    sign_in(http, on.operator())

    response = http.post(page("add_project_panel", review.pk), PROJECT | change)

    assert (response.status_code, told in words(response), review.projects.count()) == (422, True, 1)


def test_a_draw_before_the_day_adds_a_public_value_unless_told_otherwise(http):
    review = on.drafted()
    sign_in(http, on.operator())

    assert http.get(page("freeze_panel", review.pk)).context["form"]["profile"].value() == "B"


def test_a_draw_on_the_day_is_made_on_the_spot(http):
    noon = clock.now() + timedelta(hours=3)
    review = on.drafted(starts_at=noon, ends_at=noon + timedelta(hours=1))
    sign_in(http, on.operator())

    assert http.get(page("freeze_panel", review.pk)).context["form"]["profile"].value() == "A"


def test_a_pool_that_is_too_small_is_refused_on_the_form(http):
    on.experts(3)
    review = on.drafted()
    sign_in(http, on.operator())

    response = http.post(page("freeze_panel", review.pk), {"profile": "A"})
    unnamed = http.post(page("freeze_panel", review.pk), {"profile": "B", "source": "kl8"})

    assert (response.status_code, "候选不够" in words(response)) == (422, True)
    assert (unnamed.status_code, "隔夜抽取的要写明期号" in words(unnamed)) == (422, True)


def test_a_project_is_dropped_and_its_papers_with_it(http):
    review = on.drafted()
    panel.add_project(review, by=on.operator(), name="撤下的", applicant="乙", papers=[make.pdf()])
    sign_in(http, on.operator())

    http.post(page("drop_project_panel", review.pk), {"project": review.projects.last().pk})

    assert ([each.name for each in review.projects.all()], ProjectPaper.objects.exists()) == (["项目1"], False)


def test_papers_are_for_the_office_alone(http, stranger):
    review = on.drafted()
    panel.add_project(review, by=on.operator(), name="乙", applicant="乙", papers=[make.pdf("计划书.pdf")])
    address = page("panel_paper", ProjectPaper.objects.get().pk)
    sign_in(http, on.inspector())
    assert http.get(address)["Content-Type"] == "application/pdf"

    sign_in(http, stranger)

    assert http.get(address).status_code == 404


# Names


@pytest.mark.parametrize("role", ["intake", "inspector", "leader", "reviewer"])
def test_nobody_in_office_reads_a_name_before_the_review_begins(http, role):
    review = drawn()
    on.accepted(review)
    on.stand_down(review.seats.first())

    shown = seen_by(person("reader", role), http, review)

    assert ("保密" in shown, named(shown)) == (True, [])
    assert named(words(http.get(page("panels")))) == named(words(http.get(reverse("admin:index")))) == []


def test_names_are_on_the_page_from_the_beginning_on(http):
    birds()
    review = on.convened()

    shown = seen_by(on.operator(), http, review)

    assert named(shown) == [name for name in NAMES if review.seats.filter(expert__user__name=name)]
    assert len(named(shown)) == 5


@pytest.mark.parametrize("role", ["intake", "inspector"])
def test_one_seat_that_has_not_answered_is_looked_up_on_record(http, role):
    review, reader = drawn(), person("reader", role)
    one, other = review.seats.all()[:2]
    sign_in(http, reader)

    first = words(http.post(page("look_up_seat", one.pk), follow=True))
    second = words(http.post(page("look_up_seat", other.pk), follow=True))

    assert (named(first), named(second)) == ([one.expert.user.name], [other.expert.user.name])
    assert one.expert.user.phone in first.replace(" ", "")
    looked_up = PanelReading.objects.exclude(seat=None)
    assert list(looked_up.values_list("seat", "reader")) == [(other.pk, reader.pk), (one.pk, reader.pk)]
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert named(seen_by(reader, http, review)) == []


def test_what_one_has_looked_up_another_does_not_see(http):
    review = drawn()
    seat.look_up(review.seats.first(), by=on.operator())

    assert len(named(seen_by(on.operator(), http, review))) == 1
    assert named(seen_by(on.inspector(), http, review)) == []


def test_who_has_answered_is_looked_up_no_more(http):
    review = drawn()
    one = review.seats.first()
    sign_in(http, on.operator())
    http.post(page("look_up_seat", one.pk))
    seat.accept(one, by=one.expert.user)

    again = http.post(page("look_up_seat", one.pk), follow=True)

    assert ("已经答复的席位" in words(again), named(words(again))) == (True, [])


def test_who_may_not_look_up_does_not(http, stranger):
    one = drawn().seats.first()
    for reader, status in ((person("reviewer", "reviewer"), 403), (stranger, 404)):
        sign_in(http, reader)
        assert http.post(page("look_up_seat", one.pk)).status_code == status
    assert not PanelReading.objects.exclude(seat=None).exists()


def test_those_who_supervise_read_who_looked(http):
    review = drawn()
    seat.look_up(review.seats.first(), by=on.operator())

    assert "查看待答复席位的姓名和号码（第1席）" in seen_by(on.inspector(), http, review)
    assert "谁看过名单" not in seen_by(on.operator(), http, review)


# Seats


def test_three_calls_and_the_time_are_over_before_a_seat_counts_as_not_reached(http):
    review = drawn()
    one = review.seats.first()
    address = page("report_unreachable_seat", one.pk)
    assert "要联系满3次，现在是1次" in seen_by(on.operator(), http, review)
    assert address not in words(http.get(page("panel", review.pk)))

    for minutes in (20, 40):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            http.post(page("try_again_seat", one.pk), {"note": "没有人接"})
    with clock.at(one.answer_due + timedelta(minutes=1)):
        assert address in words(http.get(page("panel", review.pk)))
        http.post(address)

    one.refresh_from_db()
    assert (one.state, Attempt.objects.filter(seat=one, note="没有人接").count()) == ("passing", 2)


def test_the_operator_hands_a_seat_on_and_the_inspector_signs(http):
    review = drawn()
    one = review.seats.first()
    seat.decline(one, by=one.expert.user, why="declined", reason="那天在外地")
    told = seen_by(on.operator(), http, review)
    http.post(page("pass_on_seat", one.pk))
    assert page("stand_down_seat", one.pk) not in words(http.get(page("panel", review.pk)))

    shown = seen_by(on.inspector(), http, review)
    http.post(page("stand_down_seat", one.pk))

    one.refresh_from_db()
    assert ("那天在外地" in told, "那天在外地" in shown, page("stand_down_seat", one.pk) in shown) == (
        False,
        True,
        True,
    )
    assert (one.state, one.followed_by.state) == ("stood_down", "called")


def test_the_leader_answers_an_objection(http):
    review = drawn()
    one = review.seats.first()
    on.stand_down(one)
    seat.object_to(one, by=one.expert.user, words="我没有说来不了")
    assert "我没有说来不了" in seen_by(on.inspector(), http, review)
    assert "我没有说来不了" in seen_by(on.leader(), http, review)

    http.post(page("answer_objection_seat", one.pk), {"answer": "已核对通话记录"})

    one.refresh_from_db()
    assert one.objection_answer == "已核对通话记录"
    assert page("answer_objection_seat", one.pk) not in seen_by(on.leader(), http, review)


def test_10_4_whoever_signed_a_stand_down_does_not_answer_the_objection_to_it(http):
    review = drawn()
    one = review.seats.first()
    on.stand_down(one)
    seat.object_to(one, by=one.expert.user, words="我没有说来不了")
    watcher = on.inspector()
    watcher.groups.add(*on.leader().groups.all())
    watcher = User.objects.get(pk=watcher.pk)

    assert page("answer_objection_seat", one.pk) not in seen_by(watcher, http, review)
    with pytest.raises(Refused, match="办理“同意递补”的人不能再办理“答复递补异议”"):
        seat.answer_objection(one, by=watcher, answer="电话记录三次")

    assert page("answer_objection_seat", one.pk) in seen_by(on.leader(), http, review)


@pytest.mark.parametrize("tie", ["party", "member"])
def test_whoever_is_a_party_or_sits_there_has_no_hand_in_the_seats_of_others(http, tie):
    review = drawn()
    one, other = review.seats.order_by("place")[:2]
    seat.decline(one, by=one.expert.user, why="declined", reason="那天在外地")
    clerk = person("clerk", "intake", phone="13700007777") if tie == "party" else other.expert.user
    if tie == "party":
        Party.objects.create(project=review.projects.get(), role="head", name="高明", phone=clerk.phone)
    else:
        clerk.groups.set(on.operator().groups.all())
        clerk.is_staff = True
        clerk.save()

    assert page("pass_on_seat", one.pk) not in seen_by(clerk, http, review)
    for move in (lambda: seat.pass_on(one, by=clerk), lambda: seat.try_again(other, by=clerk, note="没有人接")):
        with pytest.raises(Refused, match="这件事与您本人有关"):
            move()

    assert page("pass_on_seat", one.pk) in seen_by(on.operator(), http, review)


def test_a_party_in_office_records_no_request_that_somebody_stays_away(http):
    unwanted, review, clerk = birds()[0], on.drafted(), person("clerk", "intake", phone="13700007777")
    project = review.projects.get()
    Party.objects.create(project=project, role="head", name="高明", phone=clerk.phone)
    said = {"project": project, "expert": unwanted, "reason": "和我打过官司"}

    with pytest.raises(Refused, match="这件事与您本人有关"):
        supervision.record_recusal(review, by=clerk, **said)

    supervision.record_recusal(review, by=on.operator(), **said)
    assert RecusalRequest.objects.count() == 1


def test_a_halt_takes_all_buttons_away_until_it_is_lifted(http):
    review = drawn()
    sign_in(http, on.inspector())
    http.post(page("halt_panel", review.pk), {"reason": "有人泄露名单"})
    halt = review.halts.get()

    stopped = seen_by(on.operator(), http, review)
    assert ("有人泄露名单" in stopped, page("look_up_seat", review.seats.first().pk) in stopped) == (True, False)
    assert page("lift_halt", halt.pk) not in stopped
    assert page("lift_halt", halt.pk) in seen_by(on.inspector(), http, review)
    http.post(page("lift_halt", halt.pk), {"reason": "已查清"})

    assert page("look_up_seat", review.seats.first().pk) in seen_by(on.operator(), http, review)


# Choices and requests of parties


def test_a_choice_goes_from_the_operator_by_the_inspector_to_the_leader(http):
    chosen = birds()[:5]
    review = on.drafted()
    sign_in(http, on.operator())
    said = {"reason": "只有这几位懂冶金", **{f"place{n}": each.pk for n, each in enumerate(chosen, 1)}}
    http.post(page("choose_panel", review.pk), said)
    it = Choice.objects.get()
    assert page("support_choice", it.pk) not in words(http.get(page("panel", review.pk)))

    assert len(named(seen_by(on.inspector(), http, review))) == 5
    http.post(page("support_choice", it.pk), {"opinion": "同意"})
    sign_in(http, on.leader())
    http.post(page("approve_choice", it.pk), {"decision": "批准"})

    assert [each.state for each in Seat.objects.all()] == ["called"] * 5
    assert named(seen_by(on.operator(), http, review)) == []


def test_the_choices_do_not_tell_who_is_taken_at_that_hour(http):
    taken, *others = birds()[:5]
    make.make_engagement(taken, on.BEGINS)
    review = on.drafted()
    sign_in(http, on.operator())
    said = {"reason": "冶金", **{f"place{n}": each.pk for n, each in enumerate([taken, *others], 1)}}

    offered = http.get(page("choose_panel", review.pk)).context["form"].fields["place1"].queryset
    response = http.post(page("choose_panel", review.pk), said)

    assert (taken in offered, response.status_code, Choice.objects.exists()) == (True, 422, False)


def test_a_chosen_expert_who_was_suspended_since_is_named_with_that_alone(http):
    chosen = birds()[:5]
    review = on.drafted()
    panel.choose(review, by=on.operator(), reason="冶金", chosen=[("any", each) for each in chosen])
    it = Choice.objects.get()
    choice.support(it, by=on.inspector(), opinion="同意")
    sign_in(http, on.leader())

    with suspension(chosen[0], words="暂停派任务到2026年9月1日"):
        response = http.post(page("approve_choice", it.pk), {"decision": "批准"})

    assert f"{chosen[0]}不能参加：暂停派任务（第十四条）" in words(response)
    assert "2026年9月1日" not in words(response)


def test_the_same_expert_is_not_chosen_twice(http):
    one = birds()[0]
    review = on.drafted()
    sign_in(http, on.operator())

    response = http.post(
        page("choose_panel", review.pk), {"reason": "冶金", **{f"place{n}": one.pk for n in range(1, 6)}}
    )

    assert (response.status_code, "同一位专家只能选一次" in words(response)) == (422, True)


def test_the_inspector_rules_on_what_a_party_asks(http):
    unwanted = birds()[0]
    review = on.drafted()
    sign_in(http, on.operator())
    said = {"project": review.projects.get().pk, "expert": unwanted.pk, "reason": "和我打过官司"}
    http.post(page("record_recusal_panel", review.pk), said)
    it = RecusalRequest.objects.get()
    assert page("uphold_recusalrequest", it.pk) not in words(http.get(page("panel", review.pk)))

    assert "和我打过官司" in seen_by(on.inspector(), http, review)
    http.post(page("uphold_recusalrequest", it.pk), {"ruling": "属实"})

    it.refresh_from_db()
    assert (it.state, it.ruling) == ("upheld", "属实")
    assert "和我打过官司" not in seen_by(person("reviewer", "reviewer"), http, review)


# The day of the review


def scored(review):
    """Everybody gives every project 80 but the first member, who gives 70 and says why."""
    for member in review.seats.order_by("place"):
        for project in review.projects.all():
            plan = Decimal(30 if member.place == 1 else 40)
            scoring.submit(
                scoring.sheet_of(member, project), by=member.expert.user, marks={"team": Decimal(40), "plan": plan}
            )


def test_scoring_is_closed_signed_and_published(http):
    birds()
    review = on.convened()
    with clock.at(on.BEGINS + timedelta(hours=1)):
        shown = seen_by(on.operator(), http, review)
        assert ("还差5份评分表" in shown, page("close_scoring_panel", review.pk) in shown) == (True, False)
        refused = http.post(page("close_scoring_panel", review.pk), {"break_minutes": "0"})
        scored(review)
        assert page("close_scoring_panel", review.pk) in seen_by(on.operator(), http, review)
        http.post(page("close_scoring_panel", review.pk), {"break_minutes": "10"})
        first, *others = review.seats.order_by("place")
        conclusion.sign(first, by=first.expert.user, dissent="项目太早")
        for member in others[1:]:
            conclusion.sign(member, by=member.expert.user)
        assert page("conclude_panel", review.pk) not in seen_by(on.inspector(), http, review)
        sign_in(http, on.operator())
        http.post(page("take_as_agreed_seat", others[0].pk))
        assert page("conclude_panel", review.pk) in seen_by(on.inspector(), http, review)
        assert "记入服务记录" not in words(http.get(page("conclude_panel", review.pk)))
        http.post(page("conclude_panel", review.pk))
        assert not Service.objects.filter(seat__panel=review).exists()  # they count once the names are public
        sign_in(http, person("publisher", "reviewer"))
        assert "专家时长记入服务记录" in words(http.get(page("publish_panel", review.pk)))
        http.post(page("publish_panel", review.pk), {"statement": "现予公布"})
        assert Service.objects.filter(seat__panel=review).count() == 5

    shown = seen_by(person("reader", "leader"), http, review)
    assert refused.status_code == 422
    review.refresh_from_db()
    assert (review.state, review.break_minutes) == ("published", 10)
    assert ("78.00" in shown, "第1名" in shown, "项目太早" in shown, "现予公布" in shown) == (True, True, True, True)
    assert f"{first.expert} 70.00" in shown


@pytest.mark.parametrize(("minutes", "there"), [(61, False), (60, True)])
def test_the_inspector_takes_his_seat_when_the_doors_open(http, minutes, there):
    review = drawn()
    on.accepted(review)

    with clock.at(on.BEGINS - timedelta(minutes=minutes)):
        shown = seen_by(on.inspector(), http, review)

    assert (page("take_seat_panel", review.pk) in shown) is there


def test_the_leader_cancels_with_a_reason(http):
    on.experts()
    review = on.convened()
    sign_in(http, on.leader())

    http.post(page("cancel_panel", review.pk), {"reason": "申报单位撤回"})

    review.refresh_from_db()
    assert review.state == "cancelled"
    assert "申报单位撤回" in seen_by(on.leader(), http, review)


def test_a_review_that_was_drawn_is_not_called_off_before_the_draw(http):
    review = drawn()
    assert page("cancel_panel", review.pk) not in seen_by(on.leader(), http, review)

    it = draw.frozen_for(review)
    draw.ask_abort(it, by=on.inspector(), reason="评审日已过")
    draw.abort(it, by=on.leader())

    assert page("cancel_panel", review.pk) in seen_by(on.leader(), http, review)


# For whom


OF_A_DRAFT = ["revise_panel", "add_project_panel", "drop_project_panel", "freeze_panel", "choose_panel"]
FOR = {
    "panels": {"intake", "inspector", "leader", "reviewer"},
    "draft_panel": {"intake"},
    "panel": {"intake", "inspector", "leader", "reviewer"},
    **dict.fromkeys([*OF_A_DRAFT, "record_recusal_panel", "convene_panel", "close_scoring_panel"], {"intake"}),
    **dict.fromkeys(["halt_panel", "take_seat_panel", "conclude_panel"], {"inspector"}),
    "cancel_panel": {"leader"},
    "publish_panel": {"reviewer"},
}


@pytest.mark.parametrize("name", FOR)
def test_each_page_is_for_its_roles(http, name):
    args = [] if name in ("panels", "draft_panel") else [on.drafted().pk]
    found = {}
    for role in ("intake", "inspector", "leader", "reviewer", "matcher", "cashier", "client"):
        sign_in(http, person(role, role))
        found[role] = http.get(page(name, *args)).status_code

    assert {role for role, status in found.items() if status == 200} == FOR[name]
    assert set(found.values()) <= {200, 403, 404}
    blind = {found[role] for role in ("matcher", "cashier", "client")}
    assert blind == ({403} if not args or name in ("halt_panel", "record_recusal_panel") else {404})


SEAT_MOVES = {
    **dict.fromkeys(["try_again", "report_unreachable", "pass_on", "report_absent", "excuse", "rule_out", "take_as_agreed"], "intake"),
    **dict.fromkeys(["send_back", "stand_down"], "inspector"),
    "answer_objection": "leader",
}  # fmt: skip


@pytest.mark.parametrize(("verb", "role"), SEAT_MOVES.items())
def test_each_move_of_a_seat_is_for_its_role(http, verb, role):
    one = drawn().seats.first()
    found = {}
    for reader in ("intake", "inspector", "leader", "reviewer", "client"):
        sign_in(http, person(reader, reader))
        found[reader] = http.get(page(f"{verb}_seat", one.pk)).status_code

    assert found == dict.fromkeys(["intake", "inspector", "leader", "reviewer"], 403) | {"client": 404, role: 200}


def test_a_visitor_is_asked_to_sign_in(http):
    assert http.get(page("panel", on.drafted().pk)).status_code == 302


# The list and its cost


def test_the_list_tells_how_far_each_has_come(http):
    birds()
    on.drawn(on.promised(on.frozen(on.drafted(title="抽过的"))))
    mine = panel.draft(
        by=person("other", "intake"), title="别人的", kind="park", starts_at=on.BEGINS, place="二层",
        ends_at=on.BEGINS + timedelta(hours=1), template=on.template(), need=[["any", 5]],
    )  # fmt: skip
    gone = on.drafted(title="取消的")
    panel.cancel(gone, by=on.leader(), reason="撤回")
    sign_in(http, on.operator())

    open_, own, all_ = (
        [each.title for each, _ in http.get(page("panels"), {"show": show}).context["rows"]]
        for show in ("", "mine", "all")
    )

    assert sorted(open_) == sorted(["抽过的", mine.title])
    assert (sorted(own), sorted(all_)) == (sorted(["抽过的", "取消的"]), sorted(["抽过的", "别人的", "取消的"]))
    assert "已抽取，名单保密" in words(http.get(page("panels")))


def count(http, address):
    with CaptureQueriesContext(connection) as queries:
        assert http.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("role", ["intake", "inspector", "reviewer"])
def test_the_list_costs_the_same_for_one_and_for_many(http, role):
    on.drafted()
    sign_in(http, person("reader", role))
    count(http, page("panels"))
    few = count(http, page("panels"))
    for _ in range(3):
        on.drafted()

    assert count(http, page("panels")) == few


@pytest.mark.parametrize("role", ["intake", "inspector", "reviewer"])
def test_a_review_costs_the_same_with_few_parts_and_with_many(http, role):
    on.experts(19)
    small = on.drawn(on.promised(on.frozen(on.drafted(need=[["any", 3]], small_reason="书面评审")))).panel
    large = on.drawn(on.promised(on.frozen(on.drafted(projects=3, need=[["any", 9]])))).panel
    sign_in(http, person("reader", role))
    count(http, page("panel", small.pk))

    assert count(http, page("panel", large.pk)) == count(http, page("panel", small.pk))


def test_requests_of_parties_cost_the_same_for_one_and_for_many(http):
    reader = on.inspector()
    sign_in(http, reader)
    review = on.drafted(projects=3)
    asked(review, 1)
    count(http, page("panel", review.pk))
    few = count(http, page("panel", review.pk))
    asked(review, 3)

    assert count(http, page("panel", review.pk)) == few


def asked(review, times):
    for project in review.projects.all()[:times]:
        supervision.record_recusal(
            review, by=on.operator(), project=project, expert=make.make_expert(), reason="打过官司"
        )


def test_nothing_is_frozen_before_there_is_a_project(http):
    review = on.drafted(projects=0)

    empty = seen_by(on.operator(), http, review)
    assert (page("freeze_panel", review.pk) in empty, page("choose_panel", review.pk) in empty) == (False, False)
    assert page("freeze_panel", on.drafted().pk) in seen_by(on.operator(), http, ReviewPanel.objects.first())
