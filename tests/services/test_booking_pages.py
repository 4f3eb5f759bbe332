"""Asking on the web: one page, whatever goes wrong in place, and the page that says it has arrived (Article 10(3))."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from expertteam import clock, consents
from expertteam.models import Notification, Policy
from services import booking
from services.models import Acknowledgement, Engagement, Link, ServiceRequest
from services.views.booking import A_MINUTE
from tests.make import make_engagement, make_expert, make_hours, make_request, make_user, sign_in

BOOK = reverse("services:book")
THURSDAY = clock.instant(date(2026, 3, 5), 14)
SLOT = "202603051400"
CANARY = "松果暗语"
pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def expert(db):
    """Gives away the hours from two to five on Thursdays."""
    expert = make_expert(topics=["finance"])
    make_hours(expert, 3, "14:00", "17:00")
    return expert


def said(**fields):
    """What the form sends from somebody who leaves everything to the centre."""
    whole = {
        "topics": ["finance", "policy"],
        "question": "想在清徐开一家醋坊体验店，担保贷款要准备哪些材料？",
        "place": "centre",
        "name": "刘新禾",
        "phone": "138 0000 0001",
        "agree": "on",
        "key": "0123456789abcdef",
    }
    return whole | fields


def text(response):
    """What a reader sees, without markup."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]*>", "", response.content.decode()))


def asked() -> ServiceRequest:
    return ServiceRequest.objects.get()


# The form


def test_the_form_asks_the_centre(http, db):
    page = http.get(BOOK)

    assert page.status_code == 200
    assert "请中心帮您匹配" in text(page)
    assert "什么时候方便" in text(page)
    assert (page["Cache-Control"].count("no-store"), 'name="agree"checked' in text(page)) == (1, False)


def test_the_three_texts_are_named_and_can_be_read_in_place(http, db):
    words = text(http.get(BOOK))

    for kind in ("advice", "secrecy", "privacy"):
        assert consents.TEXTS[kind].title in words
        assert consents.TEXTS[kind].body in words


def test_the_form_names_the_chosen_expert_and_time(http, expert):
    page = http.get(BOOK, {"expert": expert.no, "slot": SLOT})

    assert "3月5日（周四）14:00—15:00" in text(page)
    assert str(expert) in text(page)
    assert page.context["form"]["topics"].value() == ["finance"]
    assert "什么时候方便" not in text(page)


def test_an_expert_without_a_time_leaves_the_time_to_the_centre(http, expert):
    words = text(http.get(BOOK, {"expert": expert.no}))

    assert "时间由服务中心安排" in words
    assert "什么时候方便" in words


def test_a_time_that_is_gone_is_said_before_anything_is_typed(http, expert):
    make_engagement(expert, THURSDAY)

    page = http.get(BOOK, {"expert": expert.no, "slot": SLOT})

    assert "这个时间刚被别人约走了" in text(page)
    assert [slot.id for slot in page.context["nearest"]] == ["202603051500", "202603051600", "202603121400"]


@pytest.mark.parametrize(
    "slot", ["x", "2026", "999912312300", "000101010000", "２０２６０３０５１４００", "202603051401"]
)
def test_a_time_that_nobody_gives_away_is_as_good_as_gone(http, expert, slot):
    page = http.get(BOOK, {"expert": expert.no, "slot": slot})

    assert (page.status_code, bool(page.context["gone"])) == (200, True)


def test_who_is_no_expert_is_not_found_and_who_was_one_is_explained(http, expert):
    assert http.get(BOOK, {"expert": "nobody"}).status_code == 404
    with clock.at(date(2029, 3, 1)):
        assert http.get(BOOK, {"expert": expert.no})["Location"] == expert.get_absolute_url()


def test_an_expert_who_does_not_call_at_the_door_is_not_asked_to(http, expert):
    page = http.get(BOOK, {"expert": expert.no})
    forced = http.post(BOOK, said(expert=expert.no, place="visit"))

    assert "这位老师不上门" in text(page)
    assert forced.status_code == 422


# What arrives


def test_a_request_for_the_centre_arrives(http, db, matcher):
    answer = http.post(BOOK, said(wishes=["workday_pm", "weekend"], group="returnee"))

    request = asked()
    assert answer.status_code == 302
    assert (request.channel, request.client, request.wanted, request.starts_at) == ("web", None, None, None)
    assert (request.topics, request.wishes) == (["finance", "policy"], ["workday_pm", "weekend"])
    assert (request.name, request.phone, request.group) == ("刘新禾", "13800000001", "returnee")
    assert request.answer_due == clock.instant(date(2026, 3, 5), 18)
    assert set(request.acknowledgements.values_list("kind", "version", "how")) == {
        (kind, consents.TEXTS[kind].version, Acknowledgement.How.TICKED) for kind in ("advice", "secrecy", "privacy")
    }


def test_a_request_for_a_time_holds_it(http, expert):
    http.post(BOOK, said(expert=expert.no, slot=SLOT))

    request = asked()
    assert (request.wanted, request.starts_at, request.minutes) == (expert, THURSDAY, 60)
    assert Engagement.objects.get(live=True).request == request


def test_who_has_signed_in_is_the_client(http, db):
    person = make_user()
    sign_in(http, person)

    http.post(BOOK, said())

    assert asked().client == person


def test_a_visit_says_where_and_why(http, db):
    where = {"district": "140121", "address": "清徐县文源路1号", "visit_reason": "行动不便"}

    http.post(BOOK, said(place="visit", **where))

    request = asked()
    assert (request.place, request.district, request.address, request.visit_reason) == ("visit", *where.values())


def test_a_key_group_gives_no_reason_for_a_visit(http, db):
    http.post(BOOK, said(place="visit", group="veteran", district="140121", address="文源路1号"))

    assert asked().visit_reason == ""


def test_an_address_left_over_from_another_choice_is_not_kept(http, db):
    http.post(BOOK, said(place="centre", address="文源路1号", district="x", visit_reason="y"))

    request = asked()
    assert (request.address, request.district, request.visit_reason) == ("", "", "")


def test_an_enterprise_may_be_named(http, db):
    http.post(BOOK, said(enterprise="醋坊体验店", enterprise_code="9135 0100 m000 100y 43"))
    wrong = http.post(BOOK, said(enterprise_code="9114010", key="k2"))

    assert (asked().enterprise, asked().enterprise_code) == ("醋坊体验店", "91350100M000100Y43")
    assert wrong.status_code == 422
    assert 'class="more" open' in wrong.content.decode()


# Errors


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"topics": []}, "请选择想聊哪方面"),
        ({"topics": ["stocks"]}, "想聊哪方面只能从给出的选项里选"),
        ({"question": ""}, "写一写您想问的问题"),
        ({"question": "怎么贷款"}, "想问的问题至少10个字，现在只有4个"),
        ({"question": "长" * 301}, "想问的问题最多300个字，现在有301个"),
        ({"place": ""}, "请选择在哪里见面"),
        ({"place": "visit", "address": "文源路1号", "visit_reason": "行动不便"}, "选一下在哪个区县"),
        ({"place": "visit", "district": "140121", "visit_reason": "行动不便"}, "写一写上门地址"),
        ({"place": "visit", "district": "140121", "address": "文源路1号"}, "写一写为什么需要上门"),
        ({"name": " "}, "写一下怎么称呼您"),
        ({"phone": ""}, "请填写手机号"),
        ({"phone": "1380000000"}, "手机号少了1位，应为11位数字"),
        ({"agree": ""}, "请勾选同意后再提交"),
        ({"enterprise_code": "123456789012345"}, "15位的是旧工商注册号"),
        ({"group": "king"}, "您目前的情况只能从给出的选项里选"),
        ({"wishes": ["night"]}, "什么时候方便只能从给出的选项里选"),
        ({"homepage": "spam"}, "没有提交成功，请再点一次"),
    ],
)
def test_what_is_wrong_is_said_at_the_top_and_nothing_is_lost(http, db, fields, message):
    page = http.post(BOOK, said(**fields))

    body = page.content.decode()
    assert page.status_code == 422
    assert "<title>有错误：" in body
    assert text(page).count(message) == 1 + ("homepage" not in fields)
    assert "138 0000 0001" in body or "phone" in fields
    assert not ServiceRequest.objects.exists()


def test_several_errors_are_counted(http, db):
    page = http.post(BOOK, said(question="", phone="1380000000", agree=""))

    assert "有3处需要改一下" in text(page)
    assert "刘新禾" in page.content.decode()


# The time that somebody else took


def test_a_time_taken_meanwhile_is_replaced_in_place(http, expert):
    make_engagement(expert, THURSDAY)

    page = http.post(BOOK, said(expert=expert.no, slot=SLOT))

    assert page.status_code == 422
    assert "这个时间刚被别人约走了，您填的都还在" in text(page)
    assert "醋坊体验店" in page.content.decode()
    assert [slot.id for slot in page.context["nearest"]] == ["202603051500", "202603051600", "202603121400"]
    assert not ServiceRequest.objects.exists()


def test_one_of_the_nearest_times_is_booked_with_the_same_form(http, expert):
    make_engagement(expert, THURSDAY)
    http.post(BOOK, said(expert=expert.no, slot=SLOT))

    http.post(BOOK, said(expert=expert.no, slot="202603051500", gone=SLOT))

    assert asked().starts_at == THURSDAY + timedelta(hours=1)


def test_after_a_time_was_taken_another_has_to_be_chosen(http, expert):
    make_engagement(expert, THURSDAY)

    page = http.post(BOOK, said(expert=expert.no, gone=SLOT))

    assert page.status_code == 422
    assert '<a href="#id_slot">选一个时间</a>' in page.content.decode()
    assert [slot.id for slot in page.context["nearest"]][0] == "202603051500"
    assert not ServiceRequest.objects.exists()


def test_nothing_free_at_all_leads_on(http, expert):
    expert.weekly_hours.all().delete()

    page = http.get(BOOK, {"expert": expert.no, "slot": SLOT})

    assert "最近没有空的时间了" in text(page)


# Once, and not too often


def test_a_form_sent_twice_counts_once(http, expert):
    first = http.post(BOOK, said(expert=expert.no, slot=SLOT))
    again = http.post(BOOK, said(expert=expert.no, slot=SLOT))

    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert ServiceRequest.objects.count() == 1


def test_other_words_with_a_used_form_are_not_taken_for_the_first(http, db):
    http.post(BOOK, said())

    page = http.post(BOOK, said(name="王芳"))

    assert "这张表单已经提交过别的内容" in text(page)
    assert asked().name == "刘新禾"


def test_a_form_without_a_key_counts_each_time(http, db):
    http.post(BOOK, said(key=""))
    http.post(BOOK, said(key=""))

    assert ServiceRequest.objects.count() == 2


def test_who_has_three_open_requests_is_led_to_them(http, db):
    for _ in range(3):
        make_request(phone="13800000001")

    page = http.post(BOOK, said())

    assert page.status_code == 422
    assert "这个手机号已有3个预约在进行" in text(page)
    assert f'href="{reverse("services:lookup")}"' in page.content.decode()


def test_an_expert_cannot_ask_himself(http, expert):
    expert.user.phone = "13800000001"
    expert.user.save()

    assert "不能预约自己" in text(http.post(BOOK, said(expert=expert.no, slot=SLOT)))


def test_a_network_books_twenty_times_a_minute(http, db):
    statuses = [http.post(BOOK, {}).status_code for _ in range(A_MINUTE + 1)]

    assert statuses == [422] * 20 + [429]
    assert http.get(BOOK).status_code == 200


# What the client is told


def test_the_answer_promises_a_date_and_no_more(http, expert):
    answer = http.post(BOOK, said(expert=expert.no, slot=SLOT, question=CANARY * 3))
    page = http.get(answer["Location"])

    words = text(page)
    assert "预约已提交" in words
    assert "预约成功" not in words
    assert "YY26030001" in words
    assert "138****0001" in words
    assert "13800000001" not in words
    assert "最晚3月4日18:00前短信告诉您" in words
    assert "3月5日（周四）14:00—15:00（待专家确认）" in words
    assert "没收到短信怎么办" in words
    assert CANARY not in words
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("same-origin", "noindex")
    assert "no-store" in page["Cache-Control"]


def test_the_client_is_told_by_sms(http, db):
    http.post(BOOK, said())

    sms = Notification.objects.get(channel="sms")
    assert (sms.address, sms.body) == (
        "13800000001",
        "预约YY26030001已提交，最晚3月5日 18:00前短信答复。电话0351-555 0100",
    )


def test_an_sms_that_does_not_leave_is_said(http, db):
    answer = http.post(BOOK, said())
    Notification.objects.filter(channel="sms").update(sent_at=None, attempts=1)

    assert "短信暂时发不出，请记下预约号" in text(http.get(answer["Location"]))


def test_once_the_matter_goes_on_the_answer_leads_to_its_progress(http, db):
    token = booking.link_to(make_request("arranged"))

    answer = http.get(reverse("services:booked", args=[token]))

    assert answer["Location"] == reverse("services:progress", args=[token])


def test_a_link_that_is_wrong_or_too_old_says_what_to_do(http, db):
    token = booking.link_to(make_request())
    url = reverse("services:booked", args=[token])

    with clock.at(clock.now() + timedelta(days=31)):
        old = http.get(url)
    wrong = http.get(reverse("services:booked", args=["x" * 22]))

    assert (old.status_code, wrong.status_code) == (404, 404)
    assert text(old) == text(wrong)
    assert "凭预约号查" in text(wrong)
    assert Link.objects.count() == 1


def test_the_form_costs_the_same_for_few_and_for_many_times(http, expert, django_assert_num_queries):
    url = f"{BOOK}?expert={expert.no}&slot={SLOT}"
    with django_assert_num_queries(9):
        http.get(url)
    for weekday in (0, 1, 2, 4):
        make_hours(expert, weekday, "09:00", "17:00")

    with django_assert_num_queries(9):
        http.get(url)


def test_the_bureau_may_ask_for_a_code(http, db):
    Policy.objects.create(key="phone_code", value=1, effective_from=date(2026, 3, 1), source="局办通知")

    page = http.post(BOOK, said())

    assert page.status_code == 200
    assert "验证码已发到138****0001" in text(page)
    assert not ServiceRequest.objects.exists()
