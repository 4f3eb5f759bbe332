"""我的预约: found by number, opened by link, changed and called off, and nobody else's is ever seen (Article 10(3))."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expertteam import clock
from expertteam.models import Notification
from expertteam.workflow import LINK
from services import actions, booking
from services.models import Engagement, Offer, ServiceRequest
from services.views.my import A_MINUTE
from tests.make import (
    make_arranged,
    make_asked,
    make_expert,
    make_hours,
    make_offer,
    make_offered,
    make_request,
    make_user,
    sign_in,
)

LOOKUP = reverse("services:lookup")
THURSDAY = clock.instant(date(2026, 3, 5), 14)
PHONE = "13800000001"
CANARY = "松果暗语"
NEW_TIME = "202603121500"
pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def expert(db):
    """Gives away the hours from two to five on Thursdays."""
    expert = make_expert(topics=["finance"])
    make_hours(expert, 3, "14:00", "17:00")
    return expert


def text(response):
    """What a reader sees, without markup."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]*>", "", response.content.decode()))


def address(name, request):
    return reverse(f"services:{name}", args=[booking.link_to(request)])


def look(http, request, name="progress"):
    return http.get(address(name, request))


def send(http, url, **fields):
    return http.post(url, {"key": "0123456789abcdef"} | fields)


# By number


@pytest.mark.parametrize("number", ["YY 2603 0042", "yy26030042", "２６０３００４２", "26030042"])
def test_a_request_is_found_however_its_number_is_written(http, db, number):
    make_request(number="YY26030042", phone=PHONE)

    answer = http.post(LOOKUP, {"number": number, "phone": "138 0000 0001"})
    page = http.get(answer["Location"])

    assert "YY26030042" in text(page)


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param({"number": "YY26030042", "phone": "13800000002"}, id="the number of somebody else"),
        pytest.param({"number": "YY26030043", "phone": PHONE}, id="no such request"),
    ],
)
def test_a_wrong_number_and_a_wrong_phone_are_answered_alike(http, db, typed):
    make_request(number="YY26030042", phone=PHONE)

    page = http.post(LOOKUP, typed)

    assert page.status_code == 422
    assert text(page).count("没有查到，请核对预约号和手机号") == 1
    assert CANARY not in text(page)


def test_what_is_missing_is_said(http, db):
    page = http.post(LOOKUP, {})

    assert page.status_code == 422
    assert text(page).count("请填写预约号") == 2
    assert text(page).count("请填写手机号") == 2


def test_a_network_looks_ten_times_a_minute(http, db):
    statuses = [http.post(LOOKUP, {}).status_code for _ in range(A_MINUTE + 1)]

    assert statuses == [422] * 10 + [429]


def test_one_mobile_number_is_tried_fifteen_times_an_hour_from_wherever(http, db):
    make_request(number="YY26030042", phone=PHONE)
    for n in range(15):
        http.post(LOOKUP, {"number": f"YY2603{n:04d}", "phone": PHONE}, REMOTE_ADDR=f"10.0.{n}.1")

    page = http.post(LOOKUP, {"number": "YY26030042", "phone": PHONE}, REMOTE_ADDR="10.0.99.1")

    assert "试的次数太多了" in text(page)


def test_one_mobile_number_is_tried_thirty_times_a_day(http, db, monkeypatch):
    """As if an hour had gone by after every fifteenth."""
    monkeypatch.setattr("services.views.my.A_NUMBER", "1000/h")
    make_request(number="YY26030042", phone=PHONE)
    for n in range(30):
        http.post(LOOKUP, {"number": f"YY2603{n:04d}", "phone": PHONE}, REMOTE_ADDR=f"10.0.{n}.1")

    page = http.post(LOOKUP, {"number": "YY26030042", "phone": PHONE}, REMOTE_ADDR="10.0.99.1")

    assert "今天试的次数太多了" in text(page)


def test_who_has_signed_in_sees_his_own_and_opens_them(http, expert):
    person = make_user()
    own = make_request("arranged", client=person, expert=expert)
    make_request(client=make_user(), topics=["policy"], question=CANARY)
    sign_in(http, person)

    page = http.get(LOOKUP)

    assert [each.request for each in page.context["own"]] == [own]
    assert "已约定" in text(page)
    assert "政策法规" not in text(page)
    assert http.get(reverse("services:progress", args=[own.number])).status_code == 200


def test_a_number_is_no_key_for_anybody_else(http, db, matcher):
    request = make_request(client=make_user())
    url = reverse("services:progress", args=[request.number])

    assert http.get(url).status_code == 404
    sign_in(http, make_user())
    assert http.get(url).status_code == 404
    sign_in(http, matcher)
    assert http.get(url).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_three(http, expert):
    person = make_user()
    make_request("arranged", client=person, expert=expert)
    sign_in(http, person)
    with CaptureQueriesContext(connection) as one:
        http.get(LOOKUP)
    make_request("arranged", client=person)
    make_request("submitted", client=person, wanted=expert)

    with CaptureQueriesContext(connection) as three:
        page = http.get(LOOKUP)

    assert (len(page.context["own"]), len(three)) == (3, len(one))


# Where it stands


@pytest.mark.parametrize(
    ("state", "word", "now"),
    [
        ("submitted", "匹配中", "服务中心匹配专家"),
        ("offered", "待专家确认", "专家确认时间"),
        ("accepted", "专家已接受，待定时间", "约定时间地点"),
        ("arranged", "已约定", "面对面指导"),
        ("held", "已服务，待确认", "您核对时间和时长"),
        ("confirmed", "已完成", "您来评价"),
        ("rated", "已评价", None),
        ("unplaced", "暂时约不到", "暂时约不到"),
        ("cancelled", "已取消", "已取消"),
        ("client_absent", "登记为您没来", "登记为您没来"),
    ],
)
def test_every_state_says_where_it_stands(http, db, state, word, now):
    page = look(http, make_request(state))

    steps = page.context["progress"].steps
    assert word in text(page)
    assert next((step.title for step in steps if step.state == "now"), None) == now
    assert steps[0].state == "done"


def test_while_matching_the_answer_has_a_date(http, db):
    assert "最晚3月5日18:00前短信告诉您" in text(look(http, make_request()))


def test_while_an_expert_is_asked_his_answer_has_a_date(http, expert):
    page = look(http, make_offer(expert=expert).request)

    assert "专家最晚3月3日18:00前答复" in text(page)


def test_who_declined_and_why_stays_inside(http, expert):
    request = make_request(note=f"{CANARY}来不了：身体原因")
    make_offer("declined", request=request, expert=expert, reason=CANARY)

    words = text(look(http, request))

    assert "专家来不了，正在换人" in words
    assert CANARY not in words
    assert str(expert) not in words


def test_what_is_arranged_names_expert_time_and_room(http, expert):
    words = text(look(http, make_arranged(expert)))

    assert f"{expert}老师" in words
    assert "3月5日（周四）14:00—15:00" in words
    assert "2号洽谈室" in words


def test_nothing_confided_stands_on_the_page(http, db):
    request = make_request(question=CANARY, address=CANARY, name=CANARY, visit_reason=CANARY, phone=PHONE)

    words = text(look(http, request))

    assert CANARY not in words
    assert PHONE not in words
    assert "138****0001" in words


def test_who_could_not_be_placed_is_told_why_and_who_else_is_free(http, expert):
    asked_before, elsewhere = make_expert(topics=["finance"]), make_expert(topics=["policy"])
    for each in (asked_before, elsewhere):
        make_hours(each, 3, "09:00", "11:00")
    request = make_request("unplaced", note="这方面的专家近期都在外地，下月初可以再约", topics=["finance"])
    make_offer("declined", request=request, expert=asked_before)

    page = look(http, request)

    assert "下月初可以再约" in text(page)
    assert [(each.expert, each.slot.id) for each in page.context["progress"].others] == [(expert, "202603051400")]
    assert f"{reverse('services:book')}?expert={expert.no}&amp;slot=202603051400" in page.content.decode()


def test_an_expert_who_took_his_consent_back_is_not_named_as_another(http, expert):
    expert.user.consents.filter(kind="public_directory").update(withdrawn_at=clock.now())

    assert look(http, make_request("unplaced")).context["progress"].others == []


@pytest.mark.parametrize("name", ["progress", "booked", "change", "cancel", "absent", "my_ics"])
def test_wrong_links_and_old_ones_are_answered_alike(http, db, name):
    url = address(name, make_request())

    with clock.at(clock.now() + timedelta(days=30)):
        old = http.get(url)
    wrong = http.get(reverse(f"services:{name}", args=["x" * 22]))
    sent = http.post(reverse(f"services:{name}", args=["x" * 22]))

    assert (old.status_code, wrong.status_code, sent.status_code) == (404, 404, 404)
    assert text(old) == text(wrong) == text(sent)
    assert "凭预约号查" in text(wrong)


@pytest.mark.parametrize("name", ["progress", "change", "cancel"])
def test_pages_of_a_link_are_kept_by_nobody_and_change_nothing(http, expert, name):
    request = make_arranged(expert, THURSDAY + timedelta(days=7))
    before = request.history.count()

    page = look(http, request, name)

    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("same-origin", "noindex")
    assert (request.history.count(), ServiceRequest.objects.get(pk=request.pk).state) == (before, "arranged")


def test_a_link_opens_no_other_page(http, db):
    request = make_request()
    token = booking.link_to(request)

    assert http.get(reverse("services:confirm", args=[token])).status_code == 404


# Another time


def test_wishes_are_changed_while_nobody_is_chosen(http, db):
    request = make_asked(wishes=["weekend"])
    url = address("change", request)

    answer = send(http, url, wishes=["workday_am"])

    request.refresh_from_db()
    assert answer.status_code == 302
    assert (request.state, request.wishes) == ("submitted", ["workday_am"])
    assert "方便的时间已改" in text(http.get(answer["Location"]))


def test_the_time_of_the_wanted_expert_is_changed(http, expert):
    request = make_asked(wanted=expert, starts_at=THURSDAY)

    send(http, address("change", request), slot=NEW_TIME)

    request.refresh_from_db()
    held = Engagement.objects.get(live=True)
    assert (request.state, request.starts_at) == ("submitted", clock.instant(date(2026, 3, 12), 15))
    assert (held.expert, held.starts_at) == (expert, request.starts_at)


def test_what_is_arranged_is_put_before_the_expert_again(http, expert):
    request = make_arranged(expert)
    url = address("change", request)

    first = send(http, url, slot=NEW_TIME)
    again = send(http, url, slot=NEW_TIME)

    request.refresh_from_db()
    assert (first.status_code, again.status_code) == (302, 302)
    assert (request.state, request.expert) == ("offered", None)
    assert list(Offer.objects.values_list("state", flat=True)) == ["offered", "withdrawn"]
    assert "等专家确认" in text(http.get(first["Location"]))


def test_the_days_are_shown_in_portions(http, expert):
    for weekday in range(5):
        make_hours(expert, weekday, "09:00", "10:00")
    url = address("change", make_asked(wanted=expert))

    page = http.get(url)
    later = http.get(url, {"from": page.context["more"]})

    assert [day.isoformat() for day, _ in page.context["days"]] == [
        "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-09", "2026-03-10"
    ]  # fmt: skip
    assert later.context["days"][0][0] == date(2026, 3, 11)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "选一个新的时间"),
        ({"slot": "202603121430"}, "这个时间刚被别人约走了，请另选"),
        ({"slot": "nonsense"}, "这个时间刚被别人约走了，请另选"),
    ],
)
def test_a_change_that_cannot_be_is_said_in_place(http, expert, fields, message):
    request = make_arranged(expert)

    page = send(http, address("change", request), **fields)

    assert page.status_code == 422
    assert message in text(page)
    assert ServiceRequest.objects.get(pk=request.pk).state == "arranged"


@pytest.mark.parametrize("name", ["change", "cancel"])
def test_within_a_day_it_takes_a_call(http, expert, name):
    request = make_arranged(expert)
    with clock.at(THURSDAY - timedelta(hours=23)):
        url = address(name, request)
        page, sent = http.get(url), send(http, url, slot=NEW_TIME)
        progress = look(http, request)

    assert "离见面不到24小时" in text(page)
    assert "0351-5550100" in text(page)
    assert sent.status_code == 422
    assert "离见面不到24小时" in text(progress)
    assert 'href="tel:' in progress.content.decode()
    assert ServiceRequest.objects.get(pk=request.pk).state == "arranged"


def test_an_expert_without_other_times_leads_to_the_telephone(http, expert):
    request = make_arranged(expert)
    expert.weekly_hours.all().delete()

    assert "近期没有别的时间" in text(look(http, request, "change"))


# Called off


def test_a_request_is_called_off_after_a_second_look(http, expert):
    request = make_arranged(expert, THURSDAY + timedelta(days=7))
    url = address("cancel", request)
    asked = http.get(url)

    first = send(http, url, note="不开店了")
    again = send(http, url, note="不开店了")

    request.refresh_from_db()
    assert "不取消" in text(asked)
    assert (first.status_code, again.status_code, again["Location"]) == (302, 302, first["Location"])
    assert (request.state, request.note) == ("cancelled", "不开店了")
    assert "已取消" in text(http.get(first["Location"]))
    assert not Engagement.objects.live().exists()


@pytest.mark.parametrize("name", ["change", "cancel", "absent", "my_ics"])
@pytest.mark.parametrize("state", ["held", "confirmed", "cancelled", "unplaced"])
def test_what_cannot_be_done_any_more_leads_back_to_the_progress(http, db, name, state):
    url = address(name, make_request(state))

    assert http.get(url)["Location"].startswith("/my/")
    assert send(http, url)["Location"].startswith("/my/")


# The expert who did not come


def test_that_the_expert_did_not_come_is_said_once_the_time_has_begun(http, expert):
    request = make_arranged(expert)
    url = address("absent", request)
    early = http.get(url)

    with clock.at(THURSDAY + timedelta(minutes=20)):
        progress = look(http, request)
        first = send(http, url, reason="等了20分钟")
        again = send(http, url, reason="等了20分钟")
        page = http.get(first["Location"])

    request.refresh_from_db()
    assert early.status_code == 302
    assert "专家没来" in text(progress)
    assert (first.status_code, again.status_code) == (302, 302)
    assert (request.state, request.expert, request.starts_at) == ("submitted", None, None)
    assert (request.offers.get().state, request.offers.get().reason) == ("absent", "等了20分钟")
    assert "专家来不了，正在换人" in text(page)
    assert "由服务中心安排" in text(page)


# For the calendar


def test_the_time_goes_into_a_calendar(http, expert):
    answer = look(http, make_arranged(expert), "my_ics")

    body = answer.content.decode().replace("\r\n ", "")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "DTSTART:20260305T060000Z" in body
    assert f"SUMMARY:创业就业指导：{expert}老师\r\n" in body
    assert "LOCATION:2号洽谈室" in body


def test_a_time_that_is_not_confirmed_says_so_in_the_calendar(http, expert):
    body = look(http, make_asked(wanted=expert, starts_at=THURSDAY), "my_ics").content.decode()

    assert "（待确认）" in body.replace("\r\n ", "")


def test_without_a_time_there_is_nothing_for_the_calendar(http, db):
    request = make_request()

    assert look(http, request, "my_ics").status_code == 302
    assert "加到日历" not in text(look(http, request))


def test_the_page_costs_the_same_for_one_offer_and_for_three(http, expert):
    request = make_offered(expert).request
    url = address("progress", request)
    with CaptureQueriesContext(connection) as one:
        http.get(url)
    for _ in range(2):
        make_offer("declined", request=request)

    with CaptureQueriesContext(connection) as three:
        http.get(url)

    assert len(three) == len(one)


def test_who_calls_off_within_minutes_is_not_told_that_it_is_arranged(http, expert):
    request = make_arranged(expert, THURSDAY + timedelta(days=7))

    actions.cancel(request, by=LINK)

    assert not Notification.objects.filter(key__startswith="arranged:").exists()
