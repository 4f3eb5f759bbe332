"""Whatever is done on the web is done by telephone as well, by a clerk, with the same trace (Articles 4, 7, 10(3) and 14)."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expertteam import clock
from expertteam.models import ROLES, Notification
from services import actions, callers
from services.models import Call, ServiceRequest
from tests.conftest import person
from tests.make import (
    THURSDAY,
    make_activity,
    make_arranged,
    make_asked,
    make_expert,
    make_hours,
    make_logged,
    make_request,
    make_service,
    make_sign_up,
    make_user,
    sign_in,
)

pytestmark = pytest.mark.usefixtures("today")
PHONE, LINE = "13512345678", settings.SITE["phone"]
FRIDAY = clock.instant(date(2026, 3, 6), 14)
SAID = {
    "channel": "phone",
    "relation": "self",
    "topics": ["finance"],
    "question": "担保贷款和合伙出资怎么搭配？",
    "place": "centre",
    "name": "刘小满",
    "phone": PHONE,
    "agree": "on",
    "key": "form-1",
}


def page(name, *args):
    return reverse(f"services:{name}", args=args)


def press(http, user, name, /, *args, **typed):
    sign_in(http, user)
    return http.post(page(name, *args), typed)


def ask(http, user, **typed):
    return press(http, user, "phone_ask", callers.seal(PHONE), **SAID | typed)


def of_caller(http, user, phone=PHONE):
    sign_in(http, user)
    return http.get(callers.page_of(phone))


def labels(http, user, kind, phone=PHONE):
    """The buttons on the first record of this kind."""
    return [way.label for way in of_caller(http, user, phone).context[kind][0][1]]


def texts_to(phone=PHONE):
    return [each.body for each in Notification.objects.filter(channel="sms").order_by("pk") if each.address == phone]


@pytest.fixture
def expert(db):
    """Who can be met on Thursdays and Fridays at two."""
    expert = make_expert(user=make_user(name="韩砚秋"))
    make_hours(expert, 3, "14:00", "15:00")
    make_hours(expert, 4, "14:00", "15:00")
    return expert


@pytest.mark.parametrize("role", [*ROLES, "stranger", "nobody"])
def test_the_desk_is_for_those_who_take_calls(role, db, http):
    sealed = callers.seal(PHONE)
    if role != "nobody":
        sign_in(http, person(role, *[role] if role in ROLES else []))
    doors = [page("phone"), page("caller", sealed), page("phone_ask", sealed), page("phone_events", sealed)]

    answers = {http.get(door).status_code for door in doors}

    assert answers == {302 if role == "nobody" else 200 if role in ("intake", "matcher") else 403}


def test_a_number_is_typed_once_and_stands_in_no_address(intake, http):
    response = press(http, intake, "phone", phone="135 1234 5678")

    shown = http.get(response.url)
    form = http.get(page("phone_ask", shown.context["sealed"])).context["form"]
    assert PHONE not in response.url
    assert (shown.context["caller"].phone, form["phone"].value()) == (PHONE, PHONE)
    assert PHONE not in shown.content.decode()


def test_a_number_that_is_none_is_told(intake, http):
    response = press(http, intake, "phone", phone="1351234")

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["phone"])


@pytest.mark.parametrize("sealed", ["gAAAAA", "x" * 100])
def test_an_address_that_is_not_ours_leads_back_to_the_desk(sealed, intake, http):
    sign_in(http, intake)

    response = http.get(page("caller", sealed))

    assert response.url == page("phone")


def test_a_caller_finds_everything_of_his_number(intake, http, expert):
    make_arranged(expert, phone=PHONE)
    make_service("unanswered", phone=PHONE, name="刘小满")
    make_sign_up(phone=PHONE)
    make_request(phone="13500000000", name="别人")

    context = of_caller(http, intake).context

    assert [len(context[kind]) for kind in ("asked", "logged", "seats")] == [1, 1, 1]
    assert list(context["names"]) == ["刘小满"]


def test_the_page_of_a_caller_costs_the_same_for_three_of_each_as_for_one(intake, http, expert):
    add_one_of_each(expert)
    of_caller(http, intake)
    with CaptureQueriesContext(connection) as one:
        http.get(callers.page_of(PHONE))
    add_one_of_each(expert)
    add_one_of_each(expert)

    with CaptureQueriesContext(connection) as three:
        http.get(callers.page_of(PHONE))

    assert len(three) == len(one)


def add_one_of_each(expert):
    make_request("offered", phone=PHONE)
    make_request("arranged", phone=PHONE, starts_at=clock.instant(date(2026, 2, 27), 9))
    make_service("unanswered", phone=PHONE, request=make_request("held", phone=PHONE))
    make_sign_up(phone=PHONE, activity=make_activity())


def test_nothing_confided_is_on_the_page_of_a_caller(intake, http):
    make_request(phone=PHONE, question="配方能不能申请专利？", place="visit", address="迎泽大街1号")

    shown = of_caller(http, intake).content.decode()

    assert [words for words in ("配方", "迎泽大街") if words in shown] == []


def test_a_request_by_phone_is_the_same_as_one_on_the_web(intake, http):
    response = ask(http, intake)

    request, shown = ServiceRequest.objects.get(), http.get(response.url).content.decode()
    entry = request.history.get()
    assert (request.state, request.channel, request.taken_by, request.client) == ("submitted", "phone", intake, None)
    assert (entry.history_user, entry.history_change_reason) == (intake, "提交预约（第10(3)条）")
    assert request.answer_due == clock.instant(date(2026, 3, 5), 18)
    assert [each.how for each in request.acknowledgements.all()] == ["read_out"] * 3
    assert f"预约号{request.number}，短信已发给对方" in shown


def test_the_sms_goes_out_while_the_caller_is_on_the_line(intake, http, gateway):
    with_delivery = ask(http, intake)

    shown = http.get(with_delivery.url).content.decode()

    assert texts_to() == [
        f"预约{ServiceRequest.objects.get().number}已提交，最晚3月5日 18:00前短信答复。电话{settings.SITE['phone']}"
    ]
    assert "刚发出的短信" in shown
    assert texts_to()[0] in shown


def test_what_was_sent_is_shown_without_what_is_the_receivers_alone(intake, http, expert):
    make_arranged(expert, phone=PHONE)
    Notification.objects.create(
        key="account:x:sms", channel="sms", address=PHONE, subject="验证码", body="验证码123456，5分钟内有效"
    )

    shown = [each.body for each in of_caller(http, intake).context["sent"]]

    assert any("确认码（只发给本人）" in body for body in shown)
    assert not any("http" in body or "123456" in body for body in shown)


@pytest.mark.parametrize(
    ("key", "subject", "body"),
    [
        ("seat:7:20260302090000", "请您参加项目评审", "请您3月4日 14:00参加项目评审"),
        ("report-asked:JB123456789012", "请您说明一件反映", "有一件对您的反映需要核实"),
        ("answered:JB123456789012", "举报答复", "您反映的JB123456789012已有答复"),
        ("answered:7", "异议答复", "您反映的YC123456789012已有答复"),
        ("change:7:new", "手机号将要更换", "手机号将要更换"),
        ("account-confirmed:7:former", "收款账户已核实", "您的收款账户尾号1234已核实"),
        ("offered:7", "有一项预约等您答复", "3月4日14:00预约请答复：http://x/t/1/"),
        ("former:7", "您的聘期已录入", "您在专家团的聘期已录入门户"),
        ("witness:7:1", "请见证抽取", "请用本人手机见证抽取：http://x/w/1/"),
    ],
)
def test_what_is_told_to_a_person_is_not_shown_to_whoever_types_his_number(intake, http, expert, key, subject, body):
    told = expert.user if key.startswith(("seat", "report")) else None
    sms = {"channel": "sms", "address": PHONE}
    Notification.objects.create(key=f"{key}:sms", subject=subject, body=body, to=told, **sms)
    Notification.objects.create(key="sign-up:7:sms", subject="活动报名", body="已报名", **sms)

    assert [each.body for each in of_caller(http, intake).context["sent"]] == ["已报名"]


def test_each_request_enters_its_call(intake, http):
    ask(http, intake, call_note="老人家，请说慢点")

    call = Call.objects.get()
    assert (call.by, call.what, call.request, call.note) == (
        intake,
        "预约",
        ServiceRequest.objects.get(),
        "老人家，请说慢点",
    )


def test_the_same_form_twice_is_one_request(intake, http):
    ask(http, intake)
    ask(http, intake)

    assert (ServiceRequest.objects.count(), Call.objects.count()) == (1, 1)


def test_who_asks_for_whom_is_kept(intake, http):
    ask(http, intake, relation="family", asked_by="刘建国，父亲", channel="counter")

    request = ServiceRequest.objects.get()
    assert (request.relation, request.asked_by, request.channel) == ("family", "刘建国，父亲", "counter")
    assert "家人代办：刘建国，父亲" in of_caller(http, intake).content.decode()


@pytest.mark.parametrize(
    ("typed", "missing"),
    [
        ({"relation": "community"}, ["asked_by"]),
        ({"agree": ""}, ["agree"]),
        ({"channel": "web"}, ["channel"]),
        ({"question": "短"}, ["question"]),
        ({"phone": "135"}, ["phone"]),
        ({"topics": []}, ["topics"]),
        ({"place": "visit", "group": "veteran"}, ["address", "district"]),
    ],
)
def test_what_is_missing_is_told_and_nothing_is_lost(typed, missing, intake, http):
    response = ask(http, intake, **typed)

    assert (response.status_code, sorted(response.context["form"].errors)) == (422, missing)
    assert "刘小满" in response.content.decode()
    assert not ServiceRequest.objects.exists()


def test_the_three_texts_stand_there_to_be_read_out(intake, http):
    sign_in(http, intake)

    shown = http.get(page("phone_ask", callers.seal(PHONE))).content.decode()

    assert [
        words
        for words in ("不代替您作决定", "负有保密义务", "专家看不到完整手机号", "已宣读并同意")
        if words not in shown
    ] == []


def test_an_expert_is_found_by_name_and_his_time_is_held(intake, http, expert):
    sign_in(http, intake)
    found = http.get(page("phone_ask", callers.seal(PHONE)), {"who": "韩砚秋"}).context["found"]
    form = http.get(page("phone_ask", callers.seal(PHONE)), {"expert": expert.no}).context["form"]

    ask(http, intake, expert=expert.no, slot="202603051400")

    request = ServiceRequest.objects.get()
    assert [each.pk for each in found] == [expert.pk]
    assert ("202603051400", "3月5日（周四）14:00") in form.fields["slot"].choices
    assert (request.wanted, request.starts_at) == (expert, THURSDAY)
    assert request.engagements.get().live


def test_the_only_expert_of_that_name_is_taken_at_once(intake, http, expert):
    sign_in(http, intake)

    form = http.get(page("phone_ask", callers.seal(PHONE)), {"who": "韩砚秋"}).context["form"]

    assert form["expert"].value() == expert.no
    assert ("202603051400", "3月5日（周四）14:00") in form.fields["slot"].choices


def test_a_time_that_is_gone_is_told_with_everything_kept(intake, http, expert):
    make_asked(wanted=expert, starts_at=THURSDAY, minutes=60)

    response = ask(http, intake, expert=expert.no, slot="202603051400")

    assert response.context["form"].errors == {"slot": ["这个时间刚被别人约走了，请另选"]}
    assert "担保贷款和合伙出资怎么搭配？" in response.content.decode()


def test_an_expert_whose_term_is_over_is_not_found(intake, http, expert):
    sign_in(http, intake)

    with clock.at(date(2029, 3, 1)):
        found = http.get(page("phone_ask", callers.seal(PHONE)), {"who": "韩砚秋"}).context["found"]

    assert list(found) == []


def test_a_clerk_takes_no_request_of_his_own(intake, http):
    intake.phone = PHONE
    intake.save()

    response = ask(http, intake)

    assert "应由他人受理" in response.content.decode()
    assert (ServiceRequest.objects.exists(), Call.objects.exists()) == (False, False)


def test_the_limits_of_a_number_hold_by_phone_as_well(intake, http):
    for _ in range(3):
        make_asked(phone=PHONE)

    response = ask(http, intake)

    assert "已有3个预约在进行" in response.content.decode()
    assert response.status_code == 422


def test_a_time_is_changed_by_phone(intake, http, expert):
    request = make_asked(phone=PHONE, wanted=expert, starts_at=THURSDAY, minutes=60)

    press(http, intake, "phone_change", request.pk, slot="202603061400", call_note="周四有事")

    request.refresh_from_db()
    entry, call = request.history.first(), request.calls.get()
    assert (request.state, request.starts_at) == ("submitted", FRIDAY)
    assert (entry.history_user, entry.history_change_reason) == (intake, "改时间（第10(3)条）")
    assert (call.what, call.note, call.by) == ("改时间", "周四有事", intake)


def test_an_arranged_time_is_changed_by_phone_and_the_expert_asked_again(intake, http, expert):
    request = make_arranged(expert, phone=PHONE)

    press(http, intake, "phone_change", request.pk, slot="202603061400")

    request.refresh_from_db()
    assert (request.state, request.starts_at, request.calls.get().what) == ("offered", FRIDAY, "改约，等专家再确认")


def test_when_it_suits_is_changed_where_nobody_is_asked_yet(intake, http):
    request = make_asked(phone=PHONE)

    press(http, intake, "phone_change", request.pk, wishes=["weekend"])

    request.refresh_from_db()
    assert request.wishes == ["weekend"]


def test_by_phone_a_request_is_cancelled_on_the_last_day_too(intake, http, expert):
    request = make_arranged(expert, phone=PHONE)

    with clock.at(THURSDAY - timedelta(hours=2)):
        press(http, intake, "phone_cancel", request.pk, note="家里有事", call_note="")

    request.refresh_from_db()
    assert (request.state, request.note, request.calls.get().what) == ("cancelled", "家里有事", "取消预约")
    assert request.history.first().history_user == intake


def test_that_the_expert_did_not_come_is_taken_by_phone(intake, http, expert):
    request = make_arranged(expert, phone=PHONE)
    offer = request.offers.get()

    with clock.at(THURSDAY + timedelta(minutes=30)):
        words = labels(http, intake, "asked")
        press(http, intake, "phone_absent", offer.pk, reason="等了半小时")

    request.refresh_from_db()
    offer.refresh_from_db()
    assert "登记专家没来" in words
    assert (offer.state, offer.reason, request.state) == ("absent", "等了半小时", "submitted")
    assert request.calls.get().what == "登记专家未到"


def test_before_the_time_nobody_is_absent(intake, http, expert):
    make_arranged(expert, phone=PHONE)

    assert labels(http, intake, "asked") == ["改时间", "取消预约", "登记通话"]


def test_a_service_is_confirmed_by_phone(intake, http, expert):
    service = make_logged(expert, phone=PHONE)

    with clock.at(FRIDAY):
        press(http, intake, "phone_confirm", service.pk)

    service.refresh_from_db()
    entry, call = service.history.first(), service.calls.get()
    assert (service.state, service.confirmed_via) == ("confirmed", "phone")
    assert (entry.history_user, entry.history_change_reason) == (intake, "服务对象确认（第10(1)条）")
    assert (call.what, call.by) == ("服务对象确认", intake)


def test_what_is_confirmed_is_read_out(intake, http, expert):
    service = make_logged(expert, phone=PHONE)
    sign_in(http, intake)

    shown = http.get(page("phone_confirm", service.pk)).content.decode()

    assert "念给对方听：3月5日（周四），韩砚秋老师，60分钟" in shown


def test_a_service_is_queried_by_phone(intake, http, expert):
    service = make_logged(expert, phone=PHONE)

    press(http, intake, "phone_query", service.pk, claimed_minutes="20", client_note="只谈了二十分钟")

    service.refresh_from_db()
    assert (service.state, service.claimed_minutes, service.calls.get().what) == ("queried", 20, "服务对象认为有出入")


def test_a_caller_takes_a_seat(intake, http):
    activity = make_activity()

    response = press(
        http, intake, "phone_sign_up", callers.seal(PHONE), activity.pk,
        name="刘小满", phone=PHONE, channel="phone", consent="on",
    )  # fmt: skip

    seat = activity.sign_ups.get()
    assert (seat.state, seat.channel, seat.taken_by, seat.calls.get().what) == ("seated", "phone", intake, "报名活动")
    assert "已报上，短信已发给对方" in http.get(response.url).content.decode()


def test_a_caller_gives_his_seat_back(intake, http):
    seat = make_sign_up(phone=PHONE)

    press(http, intake, "phone_give_up", seat.pk, call_note="出差")

    seat.refresh_from_db()
    assert (seat.state, seat.calls.get().what, seat.calls.get().note) == ("cancelled", "取消报名", "出差")


def test_the_same_seat_twice_is_told(intake, http):
    seat = make_sign_up(phone=PHONE)

    response = press(
        http, intake, "phone_sign_up", callers.seal(PHONE), seat.activity_id,
        name="刘小满", phone=PHONE, channel="phone", consent="on",
    )  # fmt: skip

    assert (response.status_code, Call.objects.exists()) == (422, False)


def test_an_act_that_is_refused_leaves_no_call(intake, http):
    request = make_request("cancelled", phone=PHONE)

    response = press(http, intake, "phone_cancel", request.pk)

    assert (response.status_code, Call.objects.exists()) == (422, False)


ACTS = {
    "phone_change": make_request,
    "phone_cancel": make_request,
    "phone_confirm": make_service,
    "phone_query": make_service,
    "phone_give_up": make_sign_up,
}


@pytest.mark.parametrize("role", ["reviewer", "leader", "inspector", "admin", "cashier", "expert", "client"])
@pytest.mark.parametrize("name", ACTS)
def test_nobody_else_acts_for_a_caller(name, role, db, http):
    record = ACTS[name]()

    response = press(http, person(role, role), name, record.pk)

    assert response.status_code in (403, 404)
    assert not Call.objects.exists()


@pytest.mark.parametrize("act", ["ask", "talk", "sign_up"])
def test_whoever_holds_no_such_post_is_refused_by_the_act_itself(act, reviewer):
    tries = {
        "ask": lambda: actions.ask_by_phone(
            by=reviewer, channel="phone", name="刘", phone=PHONE, topics=[], question="？"
        ),
        "talk": lambda: actions.talk(make_request(), by=reviewer, note="问进度"),
        "sign_up": lambda: actions.sign_up_by_phone(
            make_activity(), by=reviewer, name="刘", phone=PHONE, channel="phone"
        ),
    }

    with pytest.raises(PermissionDenied):
        tries[act]()

    assert not Call.objects.exists()


def test_the_desk_shows_what_this_clerk_has_just_done(intake, matcher, http):
    actions.talk(make_request(number="YY26030001"), by=intake, note="问进度")
    actions.talk(make_request(number="YY26030002"), by=matcher, note="问进度")
    sign_in(http, intake)

    shown = http.get(page("phone")).content.decode()

    assert ("YY 2603 0001" in shown, "YY 2603 0002" in shown) == (True, False)
