"""Requests and services as the office sees them: lists, details, call-backs, rulings, numbers on record (Articles 4, 8, 10(1))."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expertteam import clock
from expertteam.models import ROLES, Policy
from expertteam.regulation import Refused
from expertteam.workflow import LINK, SYSTEM
from services import actions, sample
from services.models import Call, Reading, Service
from services.rules.service import is_drawn
from tests.conftest import person
from tests.make import (
    make_expert,
    make_logged,
    make_offer,
    make_offered,
    make_request,
    make_service,
    make_user,
    sign_in,
)

pytestmark = pytest.mark.usefixtures("today")
SIGN_IN, OPEN, FORBIDDEN, MISSING = "signin", 200, 403, 404
SEEING = {"intake", "reviewer", "leader", "matcher", "inspector"}
CLERKS = {"intake", "matcher"}
SECRET = "担保贷款和合伙出资怎么搭配？"
DOORS = {  # page -> who opens it, and what everybody else is told who signs in
    "requests": (SEEING, FORBIDDEN),
    "request": (SEEING, MISSING),
    "staff_services": (SEEING, FORBIDDEN),
    "service": (SEEING, MISSING),
    "callbacks": ({"intake"}, FORBIDDEN),
}


def page(name, *args):
    return reverse(f"services:{name}", args=args)


def seen(http, user, name, *args, **asked):
    sign_in(http, user)
    return http.get(page(name, *args), asked).content.decode()


def press(http, user, name, /, *args, **typed):
    sign_in(http, user)
    return http.post(page(name, *args), typed)


def outcome(response):
    return SIGN_IN if response.status_code == 302 and "login" in response.url else response.status_code


@pytest.mark.parametrize("role", [*ROLES, "stranger", "nobody"])
def test_a_page_opens_for_whom_it_should(role, db, http):
    records = {"request": [make_request().pk], "service": [make_service().pk]}
    if role != "nobody":
        sign_in(http, person(role, *[role] if role in ROLES else []))

    found = {name: outcome(http.get(page(name, *records.get(name, [])))) for name in DOORS}

    told = {
        name: SIGN_IN if role == "nobody" else OPEN if role in who else other for name, (who, other) in DOORS.items()
    }
    assert found == told


def test_nothing_confided_is_on_a_page_of_the_office(intake, http):
    request = make_request(question=SECRET, place="visit", address="迎泽大街1号2单元", district="140106")
    service = make_service(
        request=request, summary="配方改为三成", advice="先办贷款", name=request.name, phone=request.phone
    )

    pages = [
        seen(http, intake, "requests"),
        seen(http, intake, "request", request.pk),
        seen(http, intake, "staff_services"),
        seen(http, intake, "service", service.pk),
    ]

    told = "".join(pages)
    assert [words for words in (SECRET, "迎泽大街", "配方", "先办贷款", request.phone) if words in told] == []
    assert not Reading.objects.exists()


def test_lists_call_people_by_their_surname_alone(intake, http):
    make_request(name="刘小满")
    make_service(name="刘小满")

    lists = [seen(http, intake, "requests"), seen(http, intake, "staff_services")]

    assert all("刘**" in shown and "刘小满" not in shown for shown in lists)


@pytest.mark.parametrize("name", ["requests", "staff_services", "callbacks"])
def test_a_list_costs_the_same_for_three_rows_as_for_one(name, intake, http):
    make = {"requests": make_request, "staff_services": make_service}.get(name, make_unanswered)
    sign_in(http, intake)
    make()
    http.get(page(name))
    with CaptureQueriesContext(connection) as one:
        http.get(page(name))
    make()
    make()

    with CaptureQueriesContext(connection) as three:
        http.get(page(name))

    assert len(three) == len(one)


def make_unanswered(**fields):
    return make_service("unanswered", **{"call_due": date(2026, 3, 20)} | fields)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("13400001111", ["甲"]),
        ("134 0000 1111", ["甲"]),
        ("YY26030099", ["乙"]),
        ("王专家", ["丙"]),
        ("13400001112", []),
        ("1340000", []),
    ],
)
def test_a_service_is_found_by_number_phone_or_expert(typed, found, intake, http):
    make_service(name="甲一", phone="13400001111")
    make_service(name="乙一", request=make_request("held", number="YY26030099"))
    make_service(name="丙一", expert=make_expert(user=make_user(name="王专家")))

    shown = seen(http, intake, "staff_services", q=typed)

    assert [name for name in "甲乙丙" if f"{name}**" in shown] == found


def test_a_draft_is_nobody_elses_page(intake, http):
    draft = make_service("draft")
    sign_in(http, intake)

    assert http.get(page("service", draft.pk)).status_code == 404
    assert "没有符合的服务记录" in seen(http, intake, "staff_services")


def test_tabs_count_what_was_searched_for(intake, http):
    make_service("queried", phone="13400001111")
    make_service("logged", phone="13400001111")
    make_service("logged")
    sign_in(http, intake)

    context = http.get(page("staff_services"), {"q": "13400001111", "state": "queried"}).context

    assert (context["tabs"], context["everything"]) == (
        [("logged", "待服务对象确认", 1), ("queried", "有出入，核实中", 1)],
        2,
    )
    assert len(context["object_list"]) == 1


def test_a_question_that_makes_no_sense_is_not_asked(intake, http):
    make_request()

    shown = seen(http, intake, "requests", state="nonsense", channel="pigeon", page="1")

    assert "刘**" in shown


def test_requests_are_narrowed_by_channel_and_place(intake, http):
    make_request(name="甲一", channel="web")
    make_request(name="乙一", channel="phone", taken_by=intake)
    make_request(name="丙一", place="visit")

    shown = {
        key: seen(http, intake, "requests", **asked)
        for key, asked in (("phone", {"channel": "phone"}), ("visit", {"place": "visit"}))
    }

    assert ("乙**" in shown["phone"], "甲**" in shown["phone"]) == (True, False)
    assert ("丙**" in shown["visit"], "甲**" in shown["visit"]) == (True, False)


def test_the_course_of_a_request_names_who_was_asked_and_why_not(inspector, http):
    expert = make_expert(user=make_user(name="韩砚秋"))
    offer = make_offer("declined", expert=expert, reason="那几天在外地", why=["主题相符"], override="电话里说好的")

    shown = seen(http, inspector, "request", offer.request_id)

    assert [
        words
        for words in ("韩砚秋", "这个时间有别的安排", "那几天在外地", "主题相符", "电话里说好的")
        if words not in shown
    ] == []


@pytest.mark.parametrize(
    ("role", "told"), [("inspector", True), ("leader", True), ("intake", False), ("reviewer", False)]
)
def test_who_read_the_matter_is_told_to_those_who_supervise(role, told, db, http):
    request, reader = make_request(), make_user(name="吴匹配")
    Reading.objects.create(request=request, reader=reader, why="匹配专家")

    shown = seen(http, person(role, role), "request", request.pk)

    assert ("谁看过咨询内容" in shown, "匹配专家" in shown) == (told, told)


@pytest.mark.parametrize("kind", ["request", "service"])
def test_a_number_is_shown_on_asking_and_that_is_on_record(kind, intake, http):
    record = make_request(phone="13512345678") if kind == "request" else make_service(phone="13512345678")
    before = seen(http, intake, kind, record.pk)

    response = press(http, intake, f"{kind}_number", record.pk)

    after = http.get(response.url).content.decode()
    call = Call.objects.get()
    assert ("13512345678" in before, "135****5678" in before, "13512345678" in after) == (False, True, True)
    assert (call.by, call.what, getattr(call, kind)) == (intake, "查看号码", record)


def test_a_number_that_is_shown_is_counted_once_and_hidden_after_ten_minutes(intake, http):
    service = make_service(phone="13512345678")
    press(http, intake, "service_number", service.pk)
    press(http, intake, "service_number", service.pk)

    with clock.at(clock.instant(date(2026, 3, 2), 9, 11)):
        later = seen(http, intake, "service", service.pk)

    assert (Call.objects.count(), "13512345678" in later) == (1, False)


def test_nobody_sees_the_number_by_anothers_click(intake, matcher, http):
    service = make_service(phone="13512345678")
    actions.show_number(service, by=intake)

    assert "13512345678" not in seen(http, matcher, "service", service.pk)


def test_twenty_numbers_an_hour_are_enough(intake, http):
    for _ in range(20):
        actions.show_number(make_service(), by=intake)
    last = make_service(phone="13512345678")

    response = press(http, intake, "service_number", last.pk)

    shown = http.get(response.url).content.decode()
    assert ("1小时内已查看20个号码" in shown, "13512345678" in shown) == (True, False)
    with clock.at(clock.instant(date(2026, 3, 2), 10, 1)):
        assert actions.show_number(last, by=intake).service == last


@pytest.mark.parametrize("role", ["leader", "inspector", "cashier", "expert"])
def test_a_number_is_for_those_who_ring_up(role, db, http):
    user, service = person(role, role), make_service()

    with pytest.raises(PermissionDenied):
        actions.show_number(service, by=user)


@pytest.mark.parametrize(
    ("ticket", "percent", "drawn"),
    [(0, 1, True), (1, 1, False), (99, 100, True), (99, 99, False), (150, 50, False), (149, 50, True), (7, 0, False)],
)
def test_the_sample_takes_its_share(ticket, percent, drawn):
    assert is_drawn(ticket, percent) is drawn


def test_the_sample_is_the_same_however_often_it_is_drawn(db):
    services = [make_unanswered() for _ in range(12)]
    Policy.objects.create(key="callback_percent", value=50, effective_from=date(2026, 3, 1), source="局办〔2026〕1号")

    drawn = {service.pk for service in sample.to_call()}

    assert drawn == {service.pk for service in services if sample.ticket(service.pk) % 100 < 50}
    assert drawn == {service.pk for service in sample.to_call()}


def test_what_is_not_drawn_is_told_and_does_not_count(intake, http):
    make_unanswered()
    Policy.objects.create(key="callback_percent", value=0, effective_from=date(2026, 3, 1), source="局办〔2026〕1号")

    shown = seen(http, intake, "callbacks")

    assert "没抽中的1次不回访，也不计入工作量" in shown
    assert not Service.objects.counted().exists()


def test_a_service_left_unanswered_is_to_be_called_about_within_five_working_days(db):
    service = make_service("logged", confirm_due=date(2026, 3, 13))

    with clock.at(date(2026, 3, 16)):
        actions.leave_unanswered(service, by=SYSTEM)

    assert (service.state, service.call_due) == ("unanswered", date(2026, 3, 23))


def test_the_number_is_fetched_on_the_way_to_the_call(intake, http):
    service = make_unanswered(phone="13512345678")

    response = press(http, intake, "service_number", service.pk, to="verify")

    assert response.url == page("verify_service", service.pk)
    assert "13512345678" in http.get(response.url).content.decode()


def test_a_call_that_confirms_makes_the_service_count(intake, http):
    service = make_unanswered()

    press(http, intake, "verify_service", service.pk, outcome="true", note="本人接听，见了一小时")

    service.refresh_from_db()
    entry, call = service.history.first(), service.calls.get()
    assert (service.state, service.ruling) == ("verified", "本人接听，见了一小时")
    assert (entry.history_user, entry.history_change_reason) == (intake, "回访属实（第10(1)条）")
    assert (call.by, call.what, call.reached, call.note) == (intake, "回访", True, "本人接听，见了一小时")
    assert Service.objects.counted().get() == service


def test_whoever_does_not_answer_stays_in_the_list(intake, http):
    service = make_unanswered()

    press(http, intake, "verify_service", service.pk, outcome="away", note="")

    service.refresh_from_db()
    assert (service.state, service.calls.get().reached) == ("unanswered", False)
    assert "1次没接通" in seen(http, intake, "callbacks")


def test_a_call_that_contradicts_opens_a_query(intake, http):
    service = make_unanswered()

    press(http, intake, "verify_service", service.pk, outcome="other", claimed_minutes="20", note="只谈了二十分钟")

    service.refresh_from_db()
    assert (service.state, service.claimed_minutes, service.client_note) == ("queried", 20, "只谈了二十分钟")
    assert service.calls.get().what == "回访"


@pytest.mark.parametrize(
    ("typed", "missing"),
    [
        ({}, ["outcome"]),
        ({"outcome": "true"}, ["note"]),
        ({"outcome": "other", "note": "短一些"}, ["claimed_minutes"]),
        ({"outcome": "other", "note": "短", "claimed_minutes": "721"}, ["claimed_minutes"]),
    ],
)
def test_a_call_without_what_was_said_is_no_call(typed, missing, intake, http):
    service = make_unanswered()

    response = press(http, intake, "verify_service", service.pk, **typed)

    assert (response.status_code, list(response.context["form"].errors)) == (422, missing)
    assert not Call.objects.exists()


def test_nobody_calls_about_what_has_been_answered(intake, http):
    service = make_service("confirmed")

    response = press(http, intake, "verify_service", service.pk, outcome="away")

    assert (response.status_code, service.calls.exists()) == (422, False)


def test_a_query_is_ruled_by_a_reviewer_in_writing(reviewer, http):
    service = make_service("queried", claimed_minutes=20)

    press(http, reviewer, "rule_service", service.pk, ruled_minutes="30", ruling="双方核对为半小时")

    service.refresh_from_db()
    assert (service.state, service.counted_minutes, service.ruling) == ("ruled", 30, "双方核对为半小时")
    assert service.history.first().history_user == reviewer


def test_a_ruling_says_what_each_side_said(reviewer, http):
    service = make_service("queried", claimed_minutes=20)

    assert "专家记了60分钟，对方说20分钟" in seen(http, reviewer, "rule_service", service.pk)


def test_a_service_that_was_none_is_rejected(reviewer, http):
    service = make_service("queried", claimed_minutes=0)

    press(http, reviewer, "reject_service", service.pk, ruling="双方都说没有见面")

    service.refresh_from_db()
    assert (service.state, Service.objects.counted().exists()) == ("rejected", False)


@pytest.mark.parametrize("name", ["rule_service", "reject_service"])
@pytest.mark.parametrize("role", ["intake", "matcher", "leader", "inspector"])
def test_nobody_else_rules(name, role, db, http):
    service = make_service("queried")

    response = press(http, person(role, role), name, service.pk, ruled_minutes="30", ruling="看过")

    assert response.status_code == 403


def test_a_ruling_without_words_is_none(reviewer, http):
    service = make_service("queried")

    response = press(http, reviewer, "rule_service", service.pk, ruled_minutes="30", ruling="")

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["ruling"])


def test_an_expert_in_the_office_rules_on_nothing_of_his_own(reviewer):
    service = make_service("queried", expert=make_expert(user=reviewer))

    with pytest.raises(Refused, match="与您本人有关"):
        actions.rule(service, by=reviewer, ruled_minutes=60, ruling="属实")


def test_the_buttons_are_those_of_the_post(intake, reviewer, leader, http):
    service = make_service("queried", phone="")

    words = {user.username: [label for label, _ in ways(http, user, service)] for user in (intake, reviewer, leader)}

    assert words == {"intake": ["登记通话"], "reviewer": ["核定时长", "核定不成立"], "leader": []}


def ways(http, user, service):
    sign_in(http, user)
    return http.get(page("service", service.pk)).context["ways"]


def test_a_call_that_changes_nothing_is_kept_with_the_matter(intake, http):
    request = make_request()

    press(http, intake, "request_talk", request.pk, reached="no", note="下午再打")

    call = request.calls.get()
    assert (call.what, call.reached, call.note, call.by) == ("通话", False, "下午再打", intake)
    assert "下午再打" in seen(http, intake, "request", request.pk)


@pytest.mark.parametrize("role", ["reviewer", "leader", "inspector"])
def test_a_call_is_entered_by_those_who_take_calls(role, db, http):
    request = make_request()

    response = press(http, person(role, role), "request_talk", request.pk, reached="yes", note="问进度")

    assert (response.status_code, Call.objects.exists()) == (403, False)


def test_the_course_of_a_service_names_the_clients_word(reviewer, http):
    service = make_logged(make_expert())
    actions.query(service, by=LINK, claimed_minutes=20, client_note="只有二十分钟")

    shown = seen(http, reviewer, "service", service.pk)

    assert [words for words in ("服务对象认为有出入", "只有二十分钟", "20分钟", "60分钟") if words not in shown] == []


def test_the_matcher_is_led_to_matching_and_the_clerk_to_the_caller(matcher, intake, http):
    request = make_offered(make_expert()).request

    shown = {user.username: seen(http, user, "request", request.pk) for user in (matcher, intake)}

    assert (page("match", request.pk) in shown["matcher"], page("match", request.pk) in shown["intake"]) == (
        True,
        False,
    )
    assert "打开来电页" in shown["intake"]
