"""The expert's desk and his tasks (Articles 3, 4, 10(3) and 14)."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experts.models import Appointment
from expertteam import clock
from expertteam.models import Notification
from expertteam.workflow import SYSTEM
from services import actions, messages
from services.models import Offer, Reading, ServiceRequest
from tests import make
from tests.conftest import person
from tests.make import (
    THURSDAY,
    make_arranged,
    make_expert,
    make_hours,
    make_logged,
    make_offered,
    make_service,
    make_user,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
QUESTION, NAME = "担保贷款和合伙出资怎么搭配？", "刘小满"


@pytest.fixture
def own(expert, matcher):
    return make_expert(user=expert)


@pytest.fixture
def signed_in(http, own):
    http.force_login(own.user)
    return http


def page(http, address, status=200):
    response = http.get(address)
    assert response.status_code == status
    return response.content.decode()


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def task(offer):
    return f"/desk/tasks/{offer.pk}/"


# The first page


def test_what_waits_for_an_answer_says_until_when_and_whom_but_not_what_was_confided(signed_in, own):
    offer = make_offered(own, district="140105")

    html = page(signed_in, "/desk/")

    assert "1件事等您答复" in html
    assert "明天18:00截止" in html
    assert "3月5日（周四）14:00，2号洽谈室" in html
    assert "退役军人，想聊融资贷款，在小店区，约1小时。" in html
    assert f'action="{task(offer)}accept/"' in html
    assert QUESTION not in html
    assert NAME not in html


def test_no_message_says_once_more_what_stands_on_the_desk(signed_in, own):
    offer = make_offered(own)
    inbox = Notification.objects.inbox(own.user).filter(subject="有一项预约等您答复")

    before, unread = page(signed_in, "/desk/"), inbox.filter(read_at=None).count()
    actions.decline(offer, by=own.user, reason_kind="busy")

    assert "有一项预约等您答复" not in before
    assert unread == 1
    assert not inbox.filter(read_at=None).exists()
    assert "没看的消息" not in page(signed_in, "/desk/")


def test_a_reminder_to_log_is_settled_by_the_log(signed_in, own):
    request = make_arranged(own)
    offer = request.offers.get()
    with clock.at(date(2026, 3, 6)):
        messages.remind_expert(offer)
        messages.remind_of_log(offer)
        actions.log(actions.start_log(by=own.user, request=request), by=own.user, summary="讲了条件。")

        assert "没看的消息" not in page(signed_in, "/desk/")


def test_one_tap_accepts(signed_in, own):
    offer = make_offered(own)

    response = signed_in.post(task(offer) + "accept/")

    offer.refresh_from_db()
    assert (response.status_code, response["Location"], offer.state) == (302, "/desk/", "accepted")
    assert said(response) == ["已接受，我们会短信告诉对方。"]
    html = page(signed_in, "/desk/")
    assert "09:10前可以撤回" in html
    assert f'action="{task(offer)}take_back/"' in html
    assert "接下来" in html
    assert "14:00</time>—15:00" in html
    assert NAME not in html


def test_ten_minutes_later_nothing_is_taken_back_any_more(signed_in, own):
    make_arranged(own)

    with clock.at(clock.now() + 11 * MINUTE):
        assert "可以撤回" not in page(signed_in, "/desk/")


def test_one_tap_takes_it_back(signed_in, own):
    offer = make_arranged(own).offers.get()

    response = signed_in.post(task(offer) + "take_back/")

    offer.refresh_from_db()
    assert (response["Location"], offer.state) == ("/desk/", "offered")
    assert "等您答复" in page(signed_in, "/desk/")


def test_an_answer_that_comes_too_late_is_told_so(signed_in, own):
    offer = make_offered(own)

    with clock.at(offer.answer_due + MINUTE):
        html = page(signed_in, "/desk/")
        response = signed_in.post(task(offer) + "accept/")

    assert "服务中心可能已另找专家" in html
    assert f'action="{task(offer)}accept/"' not in html
    assert response.status_code == 422
    assert "已过答复时间" in response.content.decode()


@pytest.mark.parametrize(
    ("on", "words"), [(date(2026, 3, 5), "3月10日前记录"), (date(2026, 3, 11), "已逾期，补记会标明")]
)
def test_what_is_over_waits_for_its_record(signed_in, own, on, words):
    request = make_arranged(own)

    with clock.at(clock.instant(on, 15)):
        html = page(signed_in, "/desk/")

    assert "1条服务还没记" in html
    assert words in html
    assert f'name="request" value="{request.pk}"' in html
    assert "接下来" not in html


def test_during_the_meeting_it_is_not_to_be_recorded_yet(signed_in, own):
    make_arranged(own)

    with clock.at(THURSDAY + 30 * MINUTE):
        html = page(signed_in, "/desk/")

    assert "等您记录" not in html
    assert "接下来" in html


def test_the_year_counts_what_was_confirmed_and_tells_what_waits(signed_in, own):
    make_service("confirmed", expert=own, minutes=60)
    make_service("ruled", expert=own, minutes=60)  # ruled to 45
    make_service("verified", expert=own, minutes=30, started_at=clock.instant(date(2025, 12, 31), 10))
    make_service("logged", expert=own)
    make_service("rejected", expert=own)

    html = page(signed_in, "/desk/")

    assert '<dd class="big">2<small>次</small>' in html
    assert "1.8<small>小时</small>" in html  # 105 minutes
    assert "还有1次等对方确认" in html


def test_nothing_to_do_is_said(signed_in, own):
    assert "今天没有要处理的事" in page(signed_in, "/desk/")


def test_the_desk_asks_as_often_for_one_of_everything_as_for_three(signed_in, own):
    def fill(number):
        make_offered(own, THURSDAY + number * timedelta(days=7))
        make_arranged(own, THURSDAY + number * timedelta(days=7) + 2 * HOUR)
        make_arranged(own, clock.instant(date(2026, 3, 3), 9 + number))
        make_service("draft", expert=own)
        make_service("confirmed", expert=own)

    def asked():
        with clock.at(date(2026, 3, 4)), CaptureQueriesContext(connection) as counted:
            page(signed_in, "/desk/")
        return len(counted)

    fill(1)
    once = asked()
    fill(2)
    fill(3)

    assert asked() == once <= 40


# A task


def test_a_task_before_the_answer_says_why_him_and_nothing_confided(signed_in, own):
    offer = make_offered(own)

    html = page(signed_in, task(offer))

    assert "为什么找您" in html
    assert all(words in html for words in offer.why)
    assert QUESTION not in html
    assert NAME not in html
    assert not Reading.objects.exists()


def test_4_after_the_answer_every_look_at_the_matter_is_recorded_and_the_page_says_so(signed_in, own):
    own.visits = True
    own.save()
    request = make_arranged(own, place="visit", address="平阳路1号", phone="13355556666")

    html = [page(signed_in, task(request.offers.get())) for _ in range(2)][-1]

    assert QUESTION in html
    assert "平阳路1号" in html
    assert "每次查阅都有记录" in html
    assert "由中心转接" in html
    assert "刘**" in html
    assert NAME not in html
    assert "13355556666" not in html
    readings = Reading.objects.filter(request=request, reader=own.user)
    assert [each.why for each in readings] == ["查看已接受的预约"] * 2


def test_4_after_the_close_the_matter_is_gone(signed_in, own):
    service = make_logged(own)
    offer = service.request.offers.get()
    before = page(signed_in, task(offer))
    actions.confirm(service, by=person("clerk", "intake"))

    html = page(signed_in, task(offer))

    assert QUESTION in before
    assert QUESTION not in html
    assert "不能再查阅" in html
    assert Reading.objects.count() == 1


@pytest.mark.parametrize("verb", ["", "accept/", "decline/", "take_back/", "stand_down/", "client_absent/"])
@pytest.mark.parametrize("who", ["another expert", "stranger", "matcher", "client"])
def test_a_task_is_nobody_elses_page(http, own, verb, who):
    offer = make_offered(own)
    user = (
        make_expert().user if who == "another expert" else make_user() if who == "stranger" else person(f"x{who}", who)
    )
    sign_in(http, user)

    page(http, task(offer) + verb, status=404)
    if verb:
        assert http.post(task(offer) + verb, {"reason_kind": "busy"}).status_code == 404

    offer.refresh_from_db()
    assert offer.state == "offered"


def test_a_task_asks_to_sign_in(http, own):
    response = http.get(task(make_offered(own)))

    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/")


@pytest.mark.parametrize("verb", ["accept/", "take_back/", "decline/"])
def test_looking_at_an_answer_gives_none(signed_in, own, verb):
    offer = make_offered(own)

    signed_in.get(task(offer) + verb)

    offer.refresh_from_db()
    assert (offer.state, offer.history.count()) == ("offered", 1)


# Without a time


def test_without_a_time_he_chooses_one_of_his_own(signed_in, own):
    for weekday in (2, 3):
        make_hours(own, weekday, "09:00", "17:00")
    offer = make_offered(own, None, wishes=["workday_pm"])

    desk, html = page(signed_in, "/desk/"), page(signed_in, task(offer))
    response = signed_in.post(task(offer) + "accept/", {"slot": "202603051300"})

    assert "选个时间" in desk
    assert re.findall(r"3月\d日（周.）\d\d:00", html)[:4] == [
        "3月4日（周三）12:00", "3月4日（周三）13:00", "3月5日（周四）12:00", "3月5日（周四）13:00",
    ]  # fmt: skip
    assert "对方方便的时间：工作日下午" in html
    assert response.status_code == 302
    assert ServiceRequest.objects.get().starts_at == THURSDAY - HOUR


def test_without_hours_of_his_own_he_writes_the_time(signed_in, own):
    offer = make_offered(own, None)

    empty = signed_in.post(task(offer) + "accept/", {})
    past = signed_in.post(task(offer) + "accept/", {"starts_at": "2026-03-01T14:00"})
    right = signed_in.post(task(offer) + "accept/", {"starts_at": "2026-03-05T14:00"})

    assert (empty.status_code, past.status_code, right.status_code) == (422, 422, 302)
    assert "请选一个时间" in empty.content.decode()
    assert "已经过去" in past.content.decode()
    assert 'value="2026-03-01T14:00"' in past.content.decode()
    assert ServiceRequest.objects.get().starts_at == THURSDAY


# Declining


def test_declining_takes_a_reason(signed_in, own):
    offer = make_offered(own)

    nothing = signed_in.post(task(offer) + "decline/", {})
    vague = signed_in.post(task(offer) + "decline/", {"reason_kind": "other"})
    right = signed_in.post(task(offer) + "decline/", {"reason_kind": "away"})

    assert (nothing.status_code, vague.status_code, right.status_code) == (422, 422, 302)
    assert "请选择原因" in nothing.content.decode()
    assert "请写一句说明" in vague.content.decode()
    offer.refresh_from_db()
    assert (offer.state, offer.reason_kind) == ("declined", "away")


def test_whoever_cannot_come_after_all_says_why(signed_in, own):
    offer = make_arranged(own).offers.get()

    assert f"{task(offer)}stand_down/" in page(signed_in, task(offer))
    response = signed_in.post(task(offer) + "stand_down/", {"reason_kind": "ill", "reason": "住院"})

    offer.refresh_from_db()
    assert (response.status_code, offer.state, offer.reason) == (302, "stood_down", "住院")


def test_a_client_who_does_not_come_is_entered_once_the_time_has_come(signed_in, own):
    offer = make_arranged(own).offers.get()

    early = signed_in.post(task(offer) + "client_absent/", {})
    with clock.at(THURSDAY + 20 * MINUTE):
        html = page(signed_in, task(offer))
        response = signed_in.post(task(offer) + "client_absent/", {"reason": "等了20分钟"})

    assert early.status_code == 422
    assert "还没有到" in early.content.decode()
    assert f"{task(offer)}client_absent/" in html
    assert response.status_code == 302
    assert ServiceRequest.objects.get().state == "client_absent"


# After the term


@pytest.mark.parametrize(
    "address", ["/desk/records/", "/desk/log/new/", "/desk/tasks/{offer}/", "/desk/log/{service}/"]
)
def test_4_after_the_term_nothing_is_read_and_the_page_says_why(signed_in, own, address):
    service = make_service("draft", expert=own, summary="客户的账目")
    offer = make_arranged(own).offers.get()
    make.end_early(Appointment.objects.filter(expert=own), date(2026, 3, 2))

    html = page(signed_in, address.format(offer=offer.pk, service=service.pk), status=410)

    assert "您现在不在聘期" in html
    assert "保密义务不随聘期结束" in html
    assert QUESTION not in html
    assert "客户的账目" not in html
    assert not Reading.objects.exists()


def test_4_after_the_term_the_desk_says_so_and_lists_the_duty(signed_in, own):
    make_arranged(own)
    make.end_early(Appointment.objects.filter(expert=own), date(2026, 3, 2))

    html = page(signed_in, "/desk/")

    assert "聘期已结束，服务对象的情况您现在看不到了" in html
    assert "接下来" not in html
    assert "本年度" not in html
    assert "保密义务不随聘期结束" in html


def test_an_offer_lapsed_in_between_is_no_longer_on_the_desk(signed_in, own):
    make_offered(own)

    with clock.at(date(2026, 3, 4)):
        actions.lapse(Offer.objects.get(), by=SYSTEM)
        html = page(signed_in, "/desk/")

    assert 'id="to-answer"' not in html
