"""今天: what waits for whom, in which order, and at what cost."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expertteam import actions as office
from expertteam import clock
from expertteam.models import CalendarYear
from recruitment import actions
from tests.make import (
    candidate_of,
    course,
    make_appointment,
    make_approved,
    make_complete_application,
    make_notice,
    make_objection,
    make_recommendable,
    make_request,
    make_round,
    make_user,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def shown_to(user, http, **asked):
    """The context of the page as this person sees it."""
    sign_in(http, user)
    return http.get(reverse("admin:index"), asked).context


def queue_of(user, http, **asked):
    """What and whom, row by row."""
    return [(row.what, row.number) for row in shown_to(user, http, **asked)["rows"]]


def submit(**fields):
    application = make_complete_application(**fields)
    actions.submit(application, by=application.applicant)
    return application


@pytest.mark.parametrize("role", ["intake", "reviewer", "leader", "matcher", "inspector", "admin"])
def test_nothing_waits_in_an_empty_house(role, request, http):
    context = shown_to(request.getfixturevalue(role), http)

    assert (context["total"], context["rows"]) == (0, [])


@pytest.mark.parametrize(("role", "what"), [("cashier", "上传标准文件"), ("auditor", "标准待核对确认")])
def test_the_rates_that_the_portal_brought_along_wait_for_finance(role, what, request, http):
    waiting = queue_of(request.getfixturevalue(role), http)

    assert waiting == [(what, "晋财购〔2021〕24号"), (what, "并人社发〔2024〕39号")]


def test_an_empty_day_says_so(matcher, http):
    sign_in(http, matcher)

    shown = http.get(reverse("admin:index")).content.decode()

    assert "都办完了" in shown
    assert "今天没有要处理的事" in shown


def test_a_visitor_signs_in_and_an_applicant_is_sent_away(client, http):
    visitor = http.get(reverse("admin:index"))
    sign_in(http, client)
    applicant = http.get(reverse("admin:index"), follow=True)

    assert (visitor.status_code, applicant.status_code) == (302, 403)


def test_a_submitted_application_waits_for_first_review(intake, reviewer, leader, http):
    application = submit()

    row = shown_to(intake, http)["rows"][0]

    assert (row.what, row.number, row.whom) == ("报名初审", application.number, "王芳，申报第二项")
    assert row.tip == "系统算得11年3个月，符合年限；4项需人工核实，4份材料待核验" or row.tip.startswith(
        "系统算得11年3个月，符合年限；"
    )
    assert (row.until, row.url) == ("4月15日", application.get_absolute_url())
    assert queue_of(reviewer, http) == queue_of(leader, http) == []


def test_a_settled_application_is_suggested_for_recommendation(intake, http):
    make_recommendable(make_complete_application(), by=intake)

    row = shown_to(intake, http)["rows"][0]

    assert row.tip == "系统算得11年3个月，符合年限；已核实齐全，可以推荐"


def test_late_comes_first_and_is_counted(intake, http):
    with clock.at(date(2026, 3, 2)):
        near, far = make_round(), make_round(screening_until=date(2026, 4, 20))
        later, late = submit(round=far), submit(round=near)

    with clock.at(date(2026, 4, 16)):
        context = shown_to(intake, http)
        badges = [(row.badge, row.until) for row in context["rows"]]

    assert [row.number for row in context["rows"]] == [late.number, later.number]
    assert badges == [("late", "超时1天"), ("soon", "4月20日")]
    assert context["late"] == 1


def test_a_deadline_is_late_only_after_its_day(intake, http):
    submit()

    with clock.at(clock.instant(date(2026, 4, 15), 18)):
        row = shown_to(intake, http)["rows"][0]
        badge = (row.badge, row.until)

    assert badge == ("soon", "今天到期")


def test_ones_own_application_waits_for_others(intake, http):
    own = submit()
    own.applicant.groups.set(Group.objects.filter(name="intake"))
    own.applicant.is_staff = True
    own.applicant.save()

    assert queue_of(own.applicant, http) == []
    assert queue_of(intake, http) == [("报名初审", own.number)]


def test_whoever_recommended_is_not_asked_to_approve(intake, reviewer, http):
    intake.groups.add(Group.objects.get(name="reviewer"))
    application = make_recommendable(make_complete_application(), by=intake)
    actions.recommend(application, by=intake, opinion="材料齐全")

    assert queue_of(intake, http) == []
    assert queue_of(reviewer, http) == [("审核推荐人选", application.number)]


def test_the_approved_wait_for_a_notice_and_the_draft_for_publication(intake, reviewer, http):
    application = make_approved(intake=intake, reviewer=reviewer)

    before = queue_of(reviewer, http)
    notice = actions.draft_notice(
        by=reviewer, round=application.round, title="公示", statement="。", applications=[application]
    )
    between = queue_of(reviewer, http)
    actions.publish(notice, by=reviewer)

    assert (before, between) == ([("拟公示", application.round.name)], [("发布公示", "公示")])
    assert queue_of(reviewer, http) == []


def test_a_draft_with_somebody_who_withdrew_waits_no_longer(intake, reviewer, http):
    application = make_approved(intake=intake, reviewer=reviewer)
    actions.draft_notice(by=reviewer, round=application.round, title="公示", statement="。", applications=[application])

    actions.withdraw(application, by=application.applicant)

    assert queue_of(reviewer, http) == []


def test_the_leader_is_asked_to_appoint_only_after_the_notice(intake, reviewer, leader, http):
    it = course(intake=intake, reviewer=reviewer)

    with clock.at(clock.instant(date(2026, 3, 9), 18)):
        during = queue_of(leader, http)
    with clock.at(clock.instant(date(2026, 3, 9), 18, 1)):
        after = queue_of(leader, http)

    assert (during, after) == ([], [("聘任", it.application.number)])


def test_an_objection_goes_from_hand_to_hand_and_blocks_meanwhile(intake, reviewer, inspector, leader, http):
    it = course(intake=intake, reviewer=reviewer)
    with clock.at(date(2026, 3, 4)):
        objection = make_objection(it.candidate)

    seen = []
    with clock.at(date(2026, 3, 10)):
        blocked = [reminder.words for reminder in shown_to(leader, http)["reminders"]]
        for move, by, typed in [
            (actions.examine, inspector, {}),
            (actions.report, inspector, {"report": "任职属实"}),
            (actions.decide, leader, {"upheld": False, "decision": "不成立"}),
            (actions.answer, inspector, {"answer": "不成立"}),
        ]:
            seen.append((queue_of(inspector, http), queue_of(leader, http)))
            move(objection, by=by, **typed)
        seen.append((queue_of(inspector, http), queue_of(leader, http)))

    number, appoint = objection.receipt, [("聘任", it.application.number)]
    assert seen == [
        ([("开始核实", number)], []),
        ([("提交核实情况", number)], []),
        ([], [("认定异议", number)]),
        ([("答复反映人", number)], appoint),
        ([], appoint),
    ]
    assert any(words.startswith(f"王芳（{it.application.number}）公示已满，异议还没有办结") for words in blocked)


def test_a_lead_waits_for_the_inspector_without_a_day(intake, reviewer, inspector, http):
    it = course(intake=intake, reviewer=reviewer)
    with clock.at(date(2026, 3, 4)):
        make_objection(it.candidate, name="", phone="")

        row = shown_to(inspector, http)["rows"][0]

    assert (row.what, row.until, row.tip) == ("办结线索", "不限期", "匿名或逾期，不影响聘任")


def test_nobody_is_asked_to_decide_on_his_own_notice(intake, reviewer, inspector, leader, http):
    reviewer.groups.add(Group.objects.get(name="leader"))
    it = course(intake=intake, reviewer=reviewer)
    with clock.at(date(2026, 3, 4)):
        objection = make_objection(it.candidate)
        actions.examine(objection, by=inspector)
        actions.report(objection, by=inspector, report="任职属实")

        publisher, other = queue_of(reviewer, http), queue_of(leader, http)

    assert (publisher, other) == ([], [("认定异议", objection.receipt)])


def test_a_proposed_role_waits_for_another_person(admin, inspector, http):
    person = make_user(name="新来的")
    grant = office.propose(person, by=admin, role="matcher")

    rows = shown_to(inspector, http)["rows"]

    assert [(row.what, row.whom, row.url) for row in rows] == [("确认岗位授权", "新来的", grant.get_absolute_url())]
    assert queue_of(admin, http) == []


@pytest.mark.parametrize(
    ("on", "waiting"), [(date(2026, 9, 30), []), (date(2026, 10, 1), [("录入放假安排", "2027年")])]
)
def test_from_october_on_next_years_holidays_are_to_be_entered(on, waiting, admin, http):
    with clock.at(on):
        assert queue_of(admin, http) == waiting


def test_a_year_that_is_entered_waits_no_longer(admin, http):
    CalendarYear.objects.create(year=2027, source="国办通知")

    with clock.at(date(2026, 11, 1)):
        assert queue_of(admin, http) == []


def test_a_provisional_notice_waits_for_the_calendar(intake, reviewer, admin, http):
    with clock.at(date(2026, 12, 28)):
        application = make_approved(
            intake=intake,
            reviewer=reviewer,
            round=make_round(
                closes_on=date(2026, 12, 31), screening_until=date(2026, 12, 31), review_until=date(2026, 12, 31)
            ),
        )
        make_notice(application, by=reviewer)

        reminders = [reminder.words for reminder in shown_to(reviewer, http)["reminders"]]

        assert queue_of(admin, http) == [("录入放假安排", "2027年")]
    assert "“拟聘任人选公示”的截止日暂定，录入放假安排后才能聘任" in reminders


def test_terms_that_end_soon_or_outlive_the_measures_are_pointed_out(matcher, http):
    make_appointment(first_day=date(2023, 4, 1))
    make_appointment(first_day=date(2028, 2, 2))

    reminders = [reminder.words for reminder in shown_to(matcher, http)["reminders"]]

    assert reminders == ["1位专家180天内聘期届满", "1份聘书的聘期超过办法有效期（2031年1月31日）"]


def test_terms_that_another_follows_are_no_reminder(matcher, http):
    followed = make_appointment(first_day=date(2023, 4, 1))
    make_appointment(user=followed.expert.user, first_day=date(2026, 4, 1), name=followed.name)

    assert shown_to(matcher, http)["reminders"] == []


@pytest.mark.parametrize(
    ("count", "late", "rest"),
    [
        (50, "共50件，其中<b>50件已超时</b>", None),
        (51, "共51件，其中<b>至少50件已超时</b>", "先显示50件，共51件。办完前面的，后面的会接上来"),
    ],
)
def test_a_long_list_is_cut_and_says_where_all_of_it_stands(count, late, rest, matcher, http):
    for _ in range(count):
        make_request(answer_due=clock.instant(date(2026, 2, 27), 18))
    sign_in(http, matcher)

    everything = http.get("/admin/").content.decode()
    kind = http.get("/admin/", {"kind": "匹配"}).content.decode()

    assert late in everything
    assert everything.count('<td data-l="到期">') == kind.count('<td data-l="到期">') == 50
    assert (f"{rest}</p>" in everything) is bool(rest)
    assert (f'{rest}；要看全部，到<a href="/admin/matching/">预约匹配</a></p>' in kind) is bool(rest)


def test_a_tab_shows_one_kind(intake, http):
    intake.groups.add(Group.objects.get(name="reviewer"))
    application = submit()
    approved = make_approved(intake=make_user_of("intake"), reviewer=make_user_of("reviewer"))

    context = shown_to(intake, http, kind="公示")

    assert context["tabs"] == {"初审": 1, "公示": 1}
    assert [row.number for row in context["rows"]] == [approved.round.name]
    assert queue_of(intake, http, kind="初审") == [("报名初审", application.number)]


def make_user_of(role):
    user = make_user(name=role)
    user.groups.set(Group.objects.filter(name=role))
    return user


def test_the_queue_costs_the_same_for_one_row_and_for_thirty(intake, inspector, leader, reviewer, http):
    for role in ["reviewer", "leader", "inspector", "admin"]:
        intake.groups.add(Group.objects.get(name=role))
    round = make_round()
    it = course(intake=make_user_of("intake"), reviewer=reviewer, round=round)
    with clock.at(date(2026, 3, 4)):
        make_objection(it.candidate)
    submit(round=round)
    sign_in(http, intake)
    with clock.at(date(2026, 3, 5)), CaptureQueriesContext(connection) as few:
        http.get(reverse("admin:index"))
    for _ in range(29):
        submit(round=round)
    with clock.at(date(2026, 3, 4)):
        for _ in range(29):
            make_objection(candidate_of(it.application, it.notice))

    with clock.at(date(2026, 3, 5)), CaptureQueriesContext(connection) as many:
        rows = http.get(reverse("admin:index")).context["rows"]

    assert (len(rows), len(many)) == (50, len(few))


@pytest.mark.parametrize("role", ["intake", "leader", "inspector", "matcher", "cashier", "auditor", "admin"])
def test_menu_leads_only_where_the_reader_may_go(role, db, http, request):
    user = request.getfixturevalue(role)

    menu = shown_to(user, http)["staff_nav"]()

    assert {http.get(url).status_code for url, *_ in menu} == {200}
