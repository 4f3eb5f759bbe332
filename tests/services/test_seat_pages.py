"""A member's way through a review, and that nobody learns of it too early (Articles 4, 8(4), 10(4) and 14)."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experts.models import Appointment, Disclosure
from expertteam import clock
from services.actions import choice, conclusion, draw, panel, scoring, seat, supervision
from services.models import ProjectPaper, Seat, Vote
from tests import make
from tests.conftest import person
from tests.make import make_expert, make_user, pdf, sign_in
from tests.services import panels as on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
HOUR = timedelta(hours=1)
TITLE, PROJECT, FIRM, SUMMARY = "晋阳湖基地认定", "青苗孵化器", "太原青苗公司", "二十亩场地"
MARKS = {"team": "30", "plan": "50"}


def drafted(**conditions):
    """Two projects, the second one with words that appear nowhere else."""
    it = on.drafted(title=TITLE, **conditions)
    told = {"name": PROJECT, "applicant": FIRM, "summary": SUMMARY}
    panel.add_project(it, by=on.operator(), parties=[{"role": "applicant", "name": FIRM}], papers=[pdf()], **told)
    return it


@pytest.fixture
def called():
    """Five members are called; it is nine in the morning of the day before."""
    for family in "赵钱孙李周吴郑王冯":
        make_expert(user=make_user(name=f"{family}砚秋"))
    return on.drawn(on.promised(on.frozen(drafted()))).panel


@pytest.fixture
def signed_in(called):
    """They have accepted and signed in; the clock stands at the beginning."""
    for who in (on.operator(), on.inspector()):
        draw.sign(called.draws.get(), by=who)
    on.accepted(called)
    with clock.at(on.BEGINS):
        on.arrived(called)
        yield called


@pytest.fixture
def convened(signed_in):
    panel.convene(signed_in, by=on.operator())
    return signed_in


@pytest.fixture
def scoring_on(convened):
    """Everybody has declared that nothing stands against him."""
    for each in convened.seats.filter(state="present"):
        scoring.declare(each, by=each.expert.user, conflicts={})
    return convened


def scored(it, **others):
    """Everybody gives every project the same, those of ``others`` (by place of the seat) something else."""
    for each in it.seats.filter(state="present"):
        for project in it.projects.all():
            sheet = scoring.sheet_of(each, project)
            scoring.submit(sheet, by=each.expert.user, marks=on_sheet(others.get(f"seat{each.place}", MARKS)))
    return it


def on_sheet(marks):
    return {key: scoring.Decimal(mark) for key, mark in marks.items()}


@pytest.fixture
def to_sign(scoring_on):
    conclusion.close_scoring(scored(scoring_on), by=on.operator())
    return scoring_on


def member(it, place=1) -> Seat:
    return it.seats.live().get(place=place)


def address(own, verb=""):
    return f"/desk/reviews/{own.pk}/{verb}"


def page(http, own, verb="", status=200):
    http.force_login(own.expert.user)
    response = http.get(address(own, verb))
    assert response.status_code == status
    return response.content.decode()


def post(http, own, verb, **typed):
    http.force_login(own.expert.user)
    return http.post(address(own, verb), typed)


def desk(http, own):
    http.force_login(own.expert.user)
    return http.get("/desk/").content.decode()


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def secrets_of(it):
    """Whatever would tell what is reviewed, or who sits on the panel beside the first seat."""
    others = [str(each.expert) for each in it.seats.exclude(place=1).select_related("expert__user")]
    return [TITLE, it.number, it.get_kind_display(), PROJECT, FIRM, SUMMARY, *others]


# Called


def test_10_4_a_call_tells_time_and_place_and_nothing_of_what_is_reviewed_or_who_else_comes(http, called):
    own = member(called)

    for html in (desk(http, own), page(http, own), page(http, own, "accept/"), page(http, own, "decline/")):
        assert "3月3日" in html
        assert "三层评审室" in html
        assert [words for words in secrets_of(called) if words in html] == []
    assert "1场评审等您答复" in desk(http, own)
    assert "今天13:00截止" in desk(http, own)


def test_one_tap_accepts(http, called):
    own = member(called)

    response = post(http, own, "accept/")

    own.refresh_from_db()
    assert (response.status_code, response["Location"], own.state) == (302, address(own), "accepted")
    assert said(response) == ["已接受。请按时到场签到，对评审保密。"]


def test_10_4_after_accepting_still_nothing_is_told(http, called):
    own = member(called)
    on.accepted(called)

    for html in (desk(http, own), page(http, own)):
        assert [words for words in secrets_of(called) if words in html] == []
    assert "请对评审保密" in page(http, own)


def test_whoever_cannot_come_says_why(http, called):
    own = member(called)

    nothing = post(http, own, "decline/")
    right = post(http, own, "decline/", why="recused", reason="配偶在参评单位")

    own.refresh_from_db()
    assert (nothing.status_code, right.status_code) == (422, 302)
    assert "请选择原因" in nothing.content.decode()
    assert (own.state, own.why, own.reason) == ("declined", "recused", "配偶在参评单位")
    assert "由他人递补" in page(http, own)


def test_a_refusal_says_why_and_changes_nothing(http, called):
    own = member(called)
    make.end_early(Appointment.objects.filter(expert=own.expert), on.BEGINS.date())

    response = post(http, own, "accept/")

    own.refresh_from_db()
    assert (response.status_code, own.state) == (422, "called")
    assert "评审那天不在您的聘期内" in response.content.decode()


@pytest.mark.parametrize("who", ["another expert", "co-member", "stranger", "intake", "inspector", "leader"])
def test_10_4_a_seat_is_nobody_elses_page(http, called, who):
    own = member(called)
    known = {"another expert": lambda: make_expert().user, "stranger": make_user}
    known |= {"co-member": lambda: member(called, 2).expert.user, "intake": on.operator, "inspector": on.inspector}
    sign_in(http, known.get(who, on.leader)())

    assert http.get(address(own)).status_code == 404
    for verb in ("accept/", "decline/", "object_to/", "sign_in/", "declare/", "vote/", "sign/"):
        assert http.get(address(own, verb)).status_code == 404
        assert http.post(address(own, verb), {"why": "declined", "reason": "x"}).status_code == 404
    own.refresh_from_db()
    assert own.state == "called"


def test_a_seat_asks_to_sign_in(http, called):
    response = http.get(address(member(called)))

    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_4_after_the_term_the_page_is_closed(http, called):
    own = member(called)
    make.end_early(Appointment.objects.filter(expert=own.expert), clock.today())

    assert "您现在不在聘期" in page(http, own, status=410)
    assert 'id="reviews"' not in desk(http, own)


# The day


def test_signing_in_is_offered_an_hour_before(http, called):
    own = member(called)
    on.accepted(called)

    with clock.at(on.BEGINS - HOUR - clock.ONE_MINUTE):
        early, refused = page(http, own), post(http, own, "sign_in/")
    with clock.at(on.BEGINS - HOUR):
        shown = desk(http, own)
        response = post(http, own, "sign_in/")

    assert "sign_in" not in early
    assert refused.status_code == 422
    assert f'action="{address(own, "sign_in/")}"' in shown
    assert "评审：请签到" in shown
    assert said(response) == ["已签到。"]


def test_10_4_signed_in_but_not_begun_tells_nothing(http, signed_in):
    own = member(signed_in)

    for html in (desk(http, own), page(http, own)):
        assert [words for words in secrets_of(signed_in) if words in html] == []
    assert "评审还没有开始" in page(http, own)


def test_10_4_before_the_beginning_the_room_has_no_pages(http, signed_in):
    own, second = member(signed_in), signed_in.projects.last()

    page(http, own, f"papers/{ProjectPaper.objects.get().pk}/", status=404)
    for verb in ("declare/", "vote/", "sign/", f"projects/{second.pk}/", f"projects/{second.pk}/recuse/"):
        page(http, own, verb, status=404)
        assert post(http, own, verb).status_code == 404


def test_10_4_whoever_comes_late_learns_of_it_in_the_room_only(http, convened):
    late = member(convened, 5)
    seat.excuse(late, by=on.operator(), why="ill", reason="头晕")
    seat.stand_down(late, by=on.inspector())
    own = member(convened, 5)
    seat.accept(own, by=own.expert.user)
    before = page(http, own) + desk(http, own)
    post(http, own, "sign_in/")

    assert [words for words in (TITLE, PROJECT, convened.number) if words in before] == []
    assert PROJECT in page(http, own)
    assert PROJECT not in page(http, late)


def test_10_4_once_it_has_begun_members_know_each_other(http, convened):
    own = member(convened)

    html = page(http, own)

    assert [words for words in (TITLE, PROJECT, FIRM, convened.number) if words not in html] == []
    assert all(str(each.expert) in html for each in convened.seats.filter(state="present"))
    assert SUMMARY not in html


# The declaration


def test_14_a_declaration_answers_for_every_project_and_says_why(http, convened):
    own, (first, second) = member(convened), convened.projects.all()
    ticks = {f"tie_{first.pk}": "no", f"tie_{second.pk}": "yes"}

    half = post(http, own, "declare/", **{f"tie_{first.pk}": "no"})
    silent = post(http, own, "declare/", **ticks)
    right = post(http, own, "declare/", **ticks | {f"reason_{second.pk}": "我是他们的顾问"})

    assert (half.status_code, silent.status_code, right.status_code) == (422, 422, 302)
    assert "请选择您和项目2有没有关系" in half.content.decode()
    assert "请写明为什么回避项目2" in silent.content.decode()
    assert [(each.project, each.reason) for each in own.recusals.all()] == [(second, "我是他们的顾问")]


def test_14_what_the_records_know_is_no_question(http, convened):
    own, (first, second) = member(convened), convened.projects.all()
    Disclosure.objects.create(expert=own.expert, kind="investment", name=FIRM)

    html = page(http, own)
    post(http, own, "declare/", **{f"tie_{first.pk}": "no", f"tie_{second.pk}": "no"})

    assert "您要回避这个项目" in html
    assert f'name="tie_{first.pk}"' in html
    assert f'name="tie_{second.pk}"' not in html
    assert [each.project for each in own.recusals.all()] == [second]


def test_14_what_the_records_know_holds_whatever_is_declared(convened):
    own = member(convened)
    Disclosure.objects.create(expert=own.expert, kind="investment", name=FIRM)

    scoring.declare(own, by=own.expert.user, conflicts={})

    assert [each.project.name for each in own.recusals.all()] == [PROJECT]


def test_14_no_paper_opens_before_the_declaration_or_to_whoever_is_excused(http, convened):
    stored = ProjectPaper.objects.get()
    own, excused, silent = (member(convened, place) for place in (1, 2, 3))
    scoring.declare(own, by=own.expert.user, conflicts={})
    scoring.declare(excused, by=excused.expert.user, conflicts={stored.project_id: "顾问"})
    http.force_login(own.expert.user)
    response = http.get(address(own, f"papers/{stored.pk}/"))

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    page(http, silent, f"papers/{stored.pk}/", status=404)
    page(http, excused, f"papers/{stored.pk}/", status=404)
    page(http, excused, f"projects/{stored.project_id}/", status=404)


def test_10_4_papers_close_with_the_scoring(http, to_sign):
    page(http, member(to_sign), f"papers/{ProjectPaper.objects.get().pk}/", status=404)


def test_papers_of_another_review_are_not_served(http, scoring_on):
    later = {"starts_at": on.BEGINS + 24 * HOUR, "ends_at": on.BEGINS + 26 * HOUR}
    other = drafted(**later)

    page(http, member(scoring_on), f"papers/{ProjectPaper.objects.get(project__panel=other).pk}/", status=404)


def test_14_one_is_excused_from_one_project_later_too(http, scoring_on):
    own, (first, second) = member(scoring_on), scoring_on.projects.all()

    nothing = post(http, own, f"projects/{second.pk}/recuse/")
    right = post(http, own, f"projects/{second.pk}/recuse/", reason="看材料才知道")

    assert (nothing.status_code, right.status_code) == (422, 302)
    html = page(http, own)
    assert "已回避" in html
    assert f"projects/{first.pk}/" in html
    assert f"projects/{second.pk}/" not in html


# The end


def test_8_4_ranks_are_shown_for_signing_and_dissent_is_kept(http, to_sign):
    own = member(to_sign)
    tied = conclusion.ballots(own)
    assert len(tied) == 1  # all gave both the same
    early = post(http, own, "sign/")
    for each in to_sign.seats.filter(state="present"):
        assert post(http, each, "vote/", project=tied[0][1].pk).status_code == 302

    html = page(http, own)
    response = post(http, own, "sign/", dissent="场地不够")

    own.refresh_from_db()
    assert (early.status_code, response.status_code) == (422, 302)
    assert html.index(PROJECT) < html.index("项目1")
    assert "80.00" in html
    assert (own.state, own.dissent) == ("signed", "场地不够")


def test_8_4_a_tie_is_voted_on_once(http, to_sign):
    own, (first, _) = member(to_sign), to_sign.projects.all()
    assert "同分，请您表决" in page(http, own)

    post(http, own, "vote/", project=first.pk)
    again = post(http, own, "vote/", project=first.pk)

    assert again.status_code == 422
    assert Vote.objects.filter(seat=own).count() == 1
    assert "等其他专家表决" in page(http, own)


def test_after_the_result_the_page_tells_what_was_done(http, to_sign):
    own, first = member(to_sign), to_sign.projects.first()
    for each in to_sign.seats.filter(state="present"):
        conclusion.vote(each, by=each.expert.user, project=first)
    for each in to_sign.seats.filter(state="present"):
        with clock.at(on.BEGINS + HOUR):
            conclusion.sign(each, by=each.expert.user)
    conclusion.conclude(to_sign, by=on.inspector())
    conclusion.publish(to_sign, by=person("publisher", "reviewer"), statement="公布")

    html = page(http, own)

    assert own.draw.draw_id in http.get("/desk/draws/").content.decode()
    assert "评审结果已公布" in html
    assert "记了1小时" in html
    assert f"/draws/{own.draw.draw_id}/" in html


# Standing down and standing still


def test_10_4_whoever_stood_down_objects_while_there_is_time(http, called):
    own = member(called)
    on.stand_down(own)

    shown, on_desk = page(http, own), desk(http, own)
    nothing = post(http, own, "object_to/")
    right = post(http, own, "object_to/", words="没有人联系过我")

    assert "3月9日（周一）前可以提出" in shown
    assert "看原因，提异议" in on_desk
    assert (nothing.status_code, right.status_code) == (422, 302)
    assert "局领导正在审查" in page(http, own)
    assert 'id="reviews"' not in desk(http, own)
    assert [words for words in secrets_of(called) if words in shown] == []


def test_10_4_the_answer_to_an_objection_is_shown(http, called):
    own = member(called)
    on.stand_down(own)
    seat.object_to(own, by=own.expert.user, words="没有人联系过我")
    seat.answer_objection(own, by=on.leader(), answer="电话记录三次")

    assert "电话记录三次" in page(http, own)


def test_10_4_after_the_last_day_no_objection_is_offered(http, called):
    own = member(called)
    on.stand_down(own)

    with clock.at(clock.now() + 8 * 24 * HOUR):  # Tuesday 10 March
        html, response = page(http, own), post(http, own, "object_to/", words="没有人联系过我")

        assert "已经过了" in html
        assert response.status_code == 422
        assert 'id="reviews"' not in desk(http, own)


def test_10_4_a_halt_is_told_without_its_reason_and_nothing_is_offered(http, called):
    own = member(called)
    supervision.halt(called, by=on.inspector(), reason=f"{FIRM}有人打听")

    html, response = page(http, own), post(http, own, "accept/")

    assert "评审暂停" in html
    assert "accept" not in html
    assert response.status_code == 422
    assert FIRM not in html + response.content.decode()


def test_10_4_a_released_member_learns_that_and_no_more(http, called):
    own = member(called)
    draw.ask_abort(draw.frozen_for(called), by=on.inspector(), reason="不办了")
    draw.abort(draw.frozen_for(called), by=on.leader())

    html = page(http, own)

    assert "不用您来了" in html
    assert [words for words in secrets_of(called) if words in html] == []


def test_the_desk_asks_as_often_for_one_review_as_for_three(http, called):
    own = member(called)

    def asked():
        http.force_login(own.expert.user)
        with CaptureQueriesContext(connection) as counted:
            http.get("/desk/")
        return len(counted)

    once = asked()
    for _ in range(2):
        choose(on.drafted(), own.expert)

    assert Seat.objects.filter(expert=own.expert, state="called").count() == 3
    assert asked() == once


def choose(it, expert):
    """Choose this expert and four others for a review."""
    others = [each.expert for each in Seat.objects.exclude(expert=expert).select_related("expert")[:4]]
    chosen = [("any", each) for each in (expert, *others)]
    panel.choose(it, by=on.operator(), reason="专业人员不足", chosen=chosen)
    found = it.choices.get()
    choice.support(found, by=on.inspector(), opinion="同意")
    choice.approve(found, by=on.leader(), decision="同意")


def test_10_4_an_expert_reads_his_own_line_of_a_pool_once_the_names_are_public(http, called):
    own, it = member(called), called.draws.get()
    away = it.entries.exclude(expert=own.expert).first().expert
    assert it.draw_id not in lines(http, own.expert)

    on.accepted(called)
    finish(called)

    assert "在候选池里" in lines(http, own.expert)
    assert lines(http, away).count(it.draw_id) == 2  # the row and its link
    assert it.draw_id not in lines(http, make_expert())


def lines(http, expert):
    http.force_login(expert.user)
    return http.get("/desk/draws/").content.decode()


def finish(review):
    """The result is out, however it came about."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE services_reviewpanel SET state = 'published', inspector_id = %s, inspector_seated_at = starts_at, "
            "convened_by_id = drafted_by_id WHERE id = %s",
            [on.inspector().pk, review.pk],
        )
        cursor.execute("UPDATE services_draw SET state = 'opened' WHERE panel_id = %s", [review.pk])
