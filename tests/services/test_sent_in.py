"""Bookings that another site sends in (Articles 4, 10(3) and 14)."""

import json
import re
from datetime import date

import pytest
from django.urls import reverse

from expertteam import consents
from expertteam.models import Notification, Policy, Submission
from expertteam.workflow import LINK
from services import actions
from services.models import Acknowledgement, ServiceRequest, Wish
from tests.experts.described import check
from tests.make import make_expert, make_partner, make_partner_key, make_user, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
REQUESTS, CODES = "/api/v1/requests", "/api/v1/codes"
QUESTION = "想开一家醋坊体验店，创业担保贷款要准备哪些材料？"
PHONE = "13812345678"
SAID = {
    "topics": ["finance"],
    "question": QUESTION,
    "name": "刘新禾",
    "phone": PHONE,
    "consents": {kind: consents.TEXTS[kind].version for kind in ("advice", "secrecy", "privacy")},
}


@pytest.fixture
def cloud():
    return make_partner_key(text="ty_cloud", partner=make_partner(name="太原市云孵化平台")).partner


def post(http, said=SAID, key="one", path=REQUESTS, text="ty_cloud", **more):
    """The answer, which is as described, and its content."""
    sent = said if isinstance(said, bytes | str) else json.dumps(said)
    headers = {"Authorization": f"Bearer {text}", "Idempotency-Key": key}
    response = http.post(path, sent, **{"content_type": "application/json"} | more, headers=headers)
    return response, check(response, "post", path)


def get(http, number, text="ty_cloud"):
    path = f"{REQUESTS}/{number}"
    return check(http.get(path, headers={"Authorization": f"Bearer {text}"}), "get", path)


# What comes of it


def test_it_is_the_same_request_as_on_the_web(http, cloud):
    response, said = post(http)

    request = ServiceRequest.objects.get()
    assert (response.status_code, said["number"], said["state"]) == (201, request.number, "submitted")
    assert (request.channel, request.partner, request.client, request.taken_by) == ("cloud", cloud, None, None)
    assert (request.name, request.phone, request.question) == ("刘新禾", PHONE, QUESTION)
    assert request.place == "centre"
    assert [row.history_change_reason for row in request.history.all()] == ["提交预约（第10(3)条）"]
    sms = Notification.objects.get(key=f"received:{request.number}:sms")
    assert (sms.address, request.number in sms.body) == (PHONE, True)


def test_10_3_on_any_other_site_he_has_asked_on_the_web(http, cloud):
    other = make_partner_key(text="ty_other").partner

    post(http, text="ty_other")

    request = ServiceRequest.objects.get()
    assert (request.channel, request.partner) == ("web", other)


def test_the_office_sees_which_site_it_came_from(http, cloud, matcher):
    post(http)
    request = ServiceRequest.objects.get()

    sign_in(http, matcher)

    for page in ["services:match", "services:request"]:
        assert "，来自太原市云孵化平台</dd>" in http.get(reverse(page, args=[request.pk])).content.decode()


def test_what_is_said_often_is_kept_once(http, cloud):
    post(http, SAID | {"topics": ["opening", "finance"] * 500, "wishes": [Wish.values[0]] * 500})

    request = ServiceRequest.objects.get()
    assert (request.topics, request.wishes) == (["opening", "finance"], [Wish.values[0]])


def test_14_what_he_agreed_to_on_the_partners_page_is_kept_with_its_version(http, cloud):
    post(http)

    kept = Acknowledgement.objects.values_list("kind", "version", "digest", "how")
    assert sorted(kept) == sorted(
        (kind, consents.TEXTS[kind].version, consents.TEXTS[kind].digest, "partner") for kind in SAID["consents"]
    )


def test_a_visit_is_asked_for_with_the_way_to_it(http, cloud):
    _, refused = post(http, SAID | {"place": "visit"})
    assert set(refused["errors"]) == {"district", "address", "visit_reason"}

    post(http, SAID | {"place": "visit", "district": "140105", "address": "坞城路", "group": "farmer"})

    assert ServiceRequest.objects.get().address == "坞城路"


def test_an_expert_may_be_asked_for_and_one_who_left_may_not(http, cloud):
    expert = make_expert(user=make_user(name="韩砚秋"))
    post(http, SAID | {"expert": expert.no})
    assert ServiceRequest.objects.get().wanted == expert
    consents.withdraw(expert.user, "public_directory")

    _, said = post(http, SAID | {"expert": expert.no}, key="two")

    assert said["errors"] == {"expert": "没有这位专家，或已不在公开名录中"}


def test_a_time_that_he_does_not_give_away_is_refused_with_its_article(http, cloud):
    expert = make_expert()

    response, said = post(http, SAID | {"expert": expert.no, "slot": "202603101400"})

    assert (response.status_code, said["article"]) == (409, "10(3)")
    assert not ServiceRequest.objects.exists()


def test_a_number_with_too_many_requests_is_refused(http, cloud):
    for key in "abc":
        post(http, key=key)

    response, said = post(http, key="d")

    assert (response.status_code, "已有3个预约在进行" in said["detail"]) == (409, True)


WRONG = {
    "topics": [[], ["cooking"], "finance", None, [1], [["finance"]], "\0"],
    "question": ["短", "长" * 301, None, 5, "一二三四五六七八九十\0"],
    "name": ["", "长" * 31, {}],
    "phone": ["", "12345", "138123456789", 13812345678],
    "consents": [
        {},
        {"advice": "2026-1"},
        SAID["consents"] | {"privacy": "2020-1"},
        [],
        SAID["consents"] | {"more": "1"},
    ],
    "group": ["king"],
    "place": ["moon", "online"],
    "wishes": [["midnight"]],
    "enterprise_code": ["91140100"],
    "expert": ["TY-9999"],
    "homepage": ["https://example.cn"],
    "state": ["confirmed"],
    "partner": ["1"],
    "slot": ["202603101400"],
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in WRONG.items() for value in values])
def test_what_is_wrong_is_named_and_nothing_is_written(http, cloud, field, value):
    response, said = post(http, SAID | {field: value})

    assert (response.status_code, list(said["errors"])) == (422, [field])
    assert not ServiceRequest.objects.exists()
    assert not Submission.objects.exists()


@pytest.mark.parametrize("field", list(SAID))
def test_what_is_missing_is_named(http, cloud, field):
    _, said = post(http, {name: value for name, value in SAID.items() if name != field})

    assert said["errors"] == {field: "不能缺"}


@pytest.mark.parametrize(
    ("sent", "more", "status"),
    [
        (b"{", {}, 400),
        (b"\xff\xfe", {}, 400),
        (b'{"name": "\\ud800"}', {}, 400),
        (b"[" * 30_000, {}, 400),
        (b'{"a":' * 10_000, {}, 400),
        (b"9" * 5000, {}, 400),
        (b"NaN", {}, 422),
        (b"[]", {}, 422),
        (b"null", {}, 422),
        (b'"' + b"x" * 70_000 + b'"', {}, 413),
        (b"{}", {"content_type": "text/plain"}, 415),
        (b"topics=finance", {"content_type": "application/x-www-form-urlencoded"}, 415),
    ],
)
def test_what_is_no_json_is_refused_in_words(http, cloud, sent, more, status):
    assert post(http, sent, **more)[0].status_code == status


# Once


def test_the_same_again_gets_the_same_answer_and_makes_nothing(http, cloud):
    first, _ = post(http)
    actions.cancel(ServiceRequest.objects.get(), by=LINK)

    again, _ = post(http)

    assert (again.status_code, again.content) == (201, first.content)
    assert ServiceRequest.objects.count() == 1


def test_other_words_under_the_same_key_are_refused(http, cloud):
    post(http)

    response, said = post(http, SAID | {"name": "刘小禾"})

    assert (response.status_code, said["detail"]) == (422, "这个Idempotency-Key已经用于别的内容")
    assert ServiceRequest.objects.count() == 1


def test_what_was_refused_may_be_sent_again_mended_under_the_same_key(http, cloud):
    post(http, SAID | {"phone": "1"})

    assert post(http)[0].status_code == 201


def test_keys_of_two_partners_do_not_meet_and_those_of_one_do_whichever_door_he_uses(http, cloud):
    make_partner_key(text="ty_new", partner=cloud)
    make_partner_key(text="ty_other")
    first = post(http)[1]["number"]

    assert post(http, text="ty_new")[1]["number"] == first
    assert post(http, text="ty_other")[1]["number"] != first


@pytest.mark.parametrize("key", ["x" * 129, "键"])
def test_a_key_that_cannot_be_one_is_asked_for(http, cloud, key):
    assert post(http, key=key)[0].status_code == 400
    response = http.post(REQUESTS, SAID, content_type="application/json", headers={"Authorization": "Bearer ty_cloud"})
    assert response.status_code == 400


def test_a_partner_sends_thirty_a_minute_at_the_most(http, cloud):
    make_partner_key(text="ty_other")

    statuses = [post(http, {}, key=f"{n}")[0].status_code for n in range(31)]

    assert (statuses[:30], statuses[30]) == ([422] * 30, 429)
    assert post(http, text="ty_other")[0].status_code == 201


# Whose


def test_a_partner_sees_where_his_own_stands_and_nothing_that_was_confided(http, cloud):
    number = post(http)[1]["number"]

    said = get(http, number)

    assert said["state_name"] == "匹配中"
    assert not [word for word in (QUESTION, "刘新禾", PHONE) if word in json.dumps(said, ensure_ascii=False)]


def test_of_others_he_is_told_nothing(http, cloud):
    make_partner_key(text="ty_other")
    number = post(http)[1]["number"]
    on_the_web = actions.ask(
        by=None, channel="web", topics=["finance"], question=QUESTION, name="某", phone="13800000009"
    )

    answers = [
        get(http, number, "ty_other"),
        get(http, on_the_web.number),
        get(http, "YY26039999"),
        get(http, "x" * 99),
    ]

    assert [each["status"] for each in answers] == [404] * 4
    assert len({json.dumps(each) for each in answers}) == 1


@pytest.mark.parametrize(("text", "status"), [("ty_read", 403), ("ty_none", 401)])
def test_only_a_key_to_book_opens_this_door(http, cloud, text, status):
    make_partner_key(text="ty_read", scope="read")
    number = post(http)[1]["number"]

    assert post(http, key="two", text=text)[0].status_code == status
    assert get(http, number, text)["status"] == status
    assert post(http, {"phone": PHONE}, path=CODES, text=text)[0].status_code == status
    assert ServiceRequest.objects.count() == 1


def test_without_any_key_it_is_shut(http, cloud):
    for response in (http.post(REQUESTS, SAID, content_type="application/json"), http.get(f"{REQUESTS}/YY26030001")):
        assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")


def test_no_script_of_another_site_reads_it_and_nobody_keeps_it(http, cloud):
    number = post(http)[1]["number"]
    headers = {"Authorization": "Bearer ty_cloud", "Origin": "https://www.example.cn"}

    response = http.get(f"{REQUESTS}/{number}", headers=headers)

    assert "Access-Control-Allow-Origin" not in response
    assert response["Cache-Control"] == "no-store"


# The number proved


@pytest.fixture
def proving():
    Policy.objects.create(key="phone_code", value=1, effective_from=date(2026, 2, 1), source="试")


def sent():
    return re.findall(r"\d{6}", Notification.objects.filter(channel="sms").latest("pk").body)[0]


def test_where_no_code_is_wanted_none_is_sent(http, cloud):
    assert post(http, {"phone": PHONE}, path=CODES)[1] == {"needed": False}
    assert not Notification.objects.exists()


def test_a_number_is_proved_by_the_code_that_was_sent_to_it(http, cloud, proving):
    assert post(http)[1]["errors"] == {"code": "验证码已过期，请重新发送"}
    assert post(http, {"phone": PHONE}, path=CODES)[1] == {"needed": True}
    code = sent()
    wrong = "000000" if code != "000000" else "000001"

    assert post(http, SAID | {"code": wrong})[1]["errors"] == {"code": "验证码不对，请核对短信"}
    assert post(http, SAID | {"code": code}, key="two")[0].status_code == 201


def test_a_code_is_for_one_number_and_one_partner(http, cloud, proving):
    make_partner_key(text="ty_other")
    post(http, {"phone": PHONE}, path=CODES)
    code = sent()

    assert post(http, SAID | {"code": code, "phone": "13812345679"})[0].status_code == 422
    assert post(http, SAID | {"code": code}, text="ty_other")[0].status_code == 422


def test_five_wrong_codes_shut_the_right_one_out(http, cloud, proving):
    post(http, {"phone": PHONE}, path=CODES)
    code = sent()
    wrong = "000000" if code != "000000" else "000001"
    for n in range(5):
        post(http, SAID | {"code": wrong}, key=f"{n}")

    assert post(http, SAID | {"code": code}, key="six")[1]["errors"] == {"code": "输错5次了，请重新发送验证码"}


def test_codes_are_not_sent_in_a_row(http, cloud, proving):
    post(http, {"phone": PHONE}, path=CODES)

    response, said = post(http, {"phone": PHONE}, path=CODES)

    assert (response.status_code, said["detail"]) == (409, "验证码刚发过，请1分钟后再发")


@pytest.mark.parametrize("phone", ["", "123", "x", "\0", 5])
def test_a_code_goes_to_a_mobile_number(http, cloud, proving, phone):
    assert post(http, {"phone": phone}, path=CODES)[1]["errors"].keys() == {"phone"}


def test_the_texts_to_be_shown_are_those_of_our_own_form(http):
    said = check(http.get("/api/v1/consents"), "get", "/api/v1/consents")

    assert [each["kind"] for each in said["texts"]] == ["advice", "secrecy", "privacy"]
    assert said["texts"][0]["body"] == consents.TEXTS["advice"].body
