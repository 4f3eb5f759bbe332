"""The expert writes down what was done: six taps and one sentence (Articles 4, 8, 9, 10(1))."""

from datetime import date, timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from expertteam import clock
from services import actions
from services.actions.holding import code_of
from services.models import Link, Service, ServiceRequest
from tests.conftest import person
from tests.make import (
    THURSDAY,
    make_activity,
    make_arranged,
    make_expert,
    make_logged,
    make_pairing,
    make_service,
    make_user,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AFTERWARDS = THURSDAY + HOUR
SENTENCE = "讲了担保贷款的条件。"
WHOLE = {
    "mode": "centre",
    "started_at": "2026-03-05T14:00",
    "minutes": "60",
    "topics": ["finance"],
    "kind": "consulting",
    "summary": SENTENCE,
}
UNBOOKED = WHOLE | {"name": "王强", "phone": "139 0000 0009", "group": "farmer", "enterprise": "汽修店"}
JSON = {"accept": "application/json"}


@pytest.fixture
def own(expert, matcher):
    return make_expert(user=expert)


@pytest.fixture
def signed_in(http, own):
    http.force_login(own.user)
    return http


@pytest.fixture
def afterwards():
    with clock.at(AFTERWARDS):
        yield AFTERWARDS


@pytest.fixture
def logged(own):
    """The record of such a meeting, written right afterwards."""
    return make_logged(own)


@pytest.fixture
def booked(own):
    """The request of a meeting that is just over."""
    return make_arranged(own, phone="13355556666")


def page(http, address, status=200):
    response = http.get(address)
    assert response.status_code == status
    return response.content.decode()


def begin(http, **asked):
    """The entry that the button on the desk begins."""
    response = http.post("/desk/log/new/", asked)
    assert response.status_code == 302
    return Service.objects.get(pk=response["Location"].rstrip("/").rpartition("/")[2])


def log(service, *rest):
    return f"/desk/log/{service.pk}/" + "".join(rest)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


# Beginning


def test_9_the_entry_of_a_booking_is_filled_in_and_the_client_stays_masked(signed_in, booked, afterwards):
    service = begin(signed_in, request=booked.pk)

    html = page(signed_in, log(service))

    assert "刘**，融资贷款" in html
    assert 'value="2026-03-05T14:00"' in html
    assert 'value="60"' in html.split("checked")[1][-200:] + html.split("checked")[2][-200:]
    assert "刘小满" not in html
    assert "13355556666" not in html
    assert "对方没来" in html
    assert "第四条" in html


def test_looking_at_the_first_page_begins_nothing(signed_in, booked, afterwards):
    html = page(signed_in, f"/desk/log/new/?request={booked.pk}")

    assert "3月5日 14:00的预约" in html
    assert not Service.objects.exists()


@pytest.mark.parametrize("asked", ["request=99", "request=x", "pairing=99"])
def test_what_is_not_his_is_not_begun(signed_in, own, asked):
    name, value = asked.split("=")

    response = signed_in.post("/desk/log/new/", {name: value, "member": "1"})

    assert response.status_code == (302 if value == "x" else 404)
    assert Service.objects.count() == (value == "x")


def test_another_experts_booking_is_not_there(http, own, booked, afterwards):
    http.force_login(make_expert().user)

    assert http.post("/desk/log/new/", {"request": booked.pk}).status_code == 404
    assert not Service.objects.exists()


@pytest.mark.parametrize("who", ["another expert", "matcher", "client", "stranger"])
@pytest.mark.parametrize("rest", ["", "draft/", "retract/"])
def test_an_entry_is_nobody_elses(http, own, who, rest):
    service = make_service("draft", expert=own)
    user = (
        make_expert().user if who == "another expert" else make_user() if who == "stranger" else person(f"x{who}", who)
    )
    sign_in(http, user)

    assert http.post(log(service, rest), WHOLE).status_code == 404

    service.refresh_from_db()
    assert service.history.count() == 1


# Saving


def test_8_1_saving_asks_the_client_and_leads_back_to_the_desk(signed_in, booked, afterwards):
    service = begin(signed_in, request=booked.pk)

    response = signed_in.post(log(service), WHOLE)

    service.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, "/desk/")
    assert said(response) == ["已保存，辛苦了。已短信请对方确认。"]
    assert (service.state, service.minutes, service.summary) == ("logged", 60, SENTENCE)
    assert "已保存3月5日 14:00的记录，15:10前可以撤回" in page(signed_in, "/desk/")


def test_10_1_the_code_said_aloud_confirms_at_once(signed_in, booked, afterwards):
    service = begin(signed_in, request=booked.pk)
    code = code_of(booked)

    response = signed_in.post(log(service), WHOLE | {"code": f"{code[:3]} {code[3:]}"})

    service.refresh_from_db()
    assert said(response) == ["已保存，对方当场确认了，辛苦了。"]
    assert (service.state, service.confirmed_via) == ("confirmed", "code")


def test_10_1_a_wrong_code_keeps_the_entry_tells_and_sends_the_link(signed_in, booked, afterwards):
    service = begin(signed_in, request=booked.pk)

    response = signed_in.post(log(service), WHOLE | {"code": "000000"})

    service.refresh_from_db()
    assert said(response) == ["已保存，辛苦了。确认码不对，已短信请对方确认。"]
    assert (service.state, service.code_tries) == ("logged", 1)
    assert Link.objects.filter(purpose="confirm", service=service).exists()


@pytest.mark.parametrize(
    ("entered", "words"),
    [
        ({"summary": ""}, "请填写一句话小结"),
        ({"summary": "长" * 201}, "最多200个字"),
        ({"minutes": ""}, "请选择谈了多久"),
        ({"minutes": "other"}, "请填写多少分钟"),
        ({"minutes": "other", "other": "721"}, "不能大于720"),
        ({"started_at": ""}, "请填写什么时候开始的"),
        ({"started_at": "2026-03-05T14:01"}, "服务还没有结束"),
        ({"kind": "banquet"}, "服务类型"),
        ({"mode": "letter"}, "只能从给出的选项里选"),
        ({"code": "12345"}, "确认码是6位数字"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(signed_in, booked, afterwards, entered, words):
    service = begin(signed_in, request=booked.pk)

    response = signed_in.post(log(service), WHOLE | {"advice": "先算清成本"} | entered)

    html = response.content.decode()
    assert response.status_code == 422
    assert words in html
    assert "先算清成本" in html
    assert Service.objects.get().state == "draft"


def test_another_length_is_written_in_minutes(signed_in, booked, afterwards):
    service = begin(signed_in, request=booked.pk)

    signed_in.post(log(service), WHOLE | {"minutes": "other", "other": "45"})

    service.refresh_from_db()
    assert (service.state, service.minutes) == ("logged", 45)


def test_10_3_of_a_client_who_did_not_come_nothing_else_is_asked(signed_in, booked, afterwards):
    service = begin(signed_in, request=booked.pk)

    response = signed_in.post(log(service), {"mode": "absent"})

    assert (response.status_code, said(response)) == (302, ["已登记对方没来。"])
    assert ServiceRequest.objects.get().state == "client_absent"
    assert signed_in.get(log(service))["Location"] == "/desk/records/"
    assert "没填" not in page(signed_in, "/desk/records/")


def test_an_entry_after_its_day_is_announced_and_marked(signed_in, booked):
    with clock.at(date(2026, 3, 11)):
        service = begin(signed_in, request=booked.pk)
        html = page(signed_in, log(service))
        signed_in.post(log(service), WHOLE)
        records = page(signed_in, "/desk/records/")

    assert "保存以后会标明“逾期补记”" in html
    assert "逾期补记" in records


def test_what_has_been_saved_is_not_opened_again(signed_in, logged, afterwards):
    service = logged

    assert signed_in.get(log(service))["Location"] == "/desk/records/"
    assert signed_in.post(log(service), WHOLE | {"summary": "改掉"}).status_code == 422
    assert Service.objects.get().summary == SENTENCE


# Without a booking


def test_a_service_that_nobody_booked_is_entered_and_confirmed_like_others(signed_in, afterwards):
    service = begin(signed_in)

    html = page(signed_in, log(service))
    response = signed_in.post(log(service), UNBOOKED | {"kind": "technical"})

    service.refresh_from_db()
    assert "对方没来" not in html
    assert "确认码" not in html
    assert response.status_code == 302
    assert (service.state, service.kind, service.name, service.phone) == ("logged", "technical", "王强", "13900000009")
    assert Link.objects.get(purpose="confirm").service == service


@pytest.mark.parametrize(
    ("entered", "words"),
    [({"phone": ""}, "请填写对方手机号"), ({"phone": "1390000"}, "手机号"), ({"name": ""}, "请填写怎么称呼对方")],
)
def test_14_somebody_has_to_be_there_who_can_confirm_it(signed_in, afterwards, entered, words):
    service = begin(signed_in)

    response = signed_in.post(log(service), UNBOOKED | entered)

    assert response.status_code == 422
    assert words in response.content.decode()


def test_10_1_his_own_number_is_refused(signed_in, own, afterwards):
    own.user.phone = "13900000009"
    own.user.save()
    service = begin(signed_in)

    response = signed_in.post(log(service), UNBOOKED)

    assert response.status_code == 422
    assert "不能是您本人" in response.content.decode()


def test_8_2_a_contact_in_a_pairing_is_with_one_of_its_founders(signed_in, own, afterwards):
    pairing = make_pairing(expert=own, members=2)
    first, second = pairing.members.all()

    html = page(signed_in, f"/desk/log/new/?pairing={pairing.pk}")
    service = begin(signed_in, pairing=pairing.pk, member=second.pk)

    assert html.count('name="member"') == 2
    assert "刘小满" not in html
    assert (service.pairing, service.phone, service.kind) == (pairing, second.phone, "guidance")
    assert page(signed_in, log(service)).count("刘**") >= 1


# Drafts


def test_a_draft_is_kept_on_every_change_whatever_is_still_missing_or_wrong(signed_in, booked, afterwards):
    service = begin(signed_in, request=booked.pk)

    response = signed_in.post(
        log(service, "draft/"), {"mode": "phone", "started_at": "gibt’s nicht", "summary": "讲了"}, headers=JSON
    )

    service.refresh_from_db()
    assert (response.status_code, response.json()) == (200, {"said": "15:00已存草稿"})
    assert (service.state, service.mode, service.summary, service.started_at) == ("draft", "phone", "讲了", THURSDAY)
    assert "讲了</textarea>" in page(signed_in, log(service))


def test_a_draft_holds_no_code_and_nobody_else_than_the_request_names(signed_in, booked, afterwards):
    service = begin(signed_in, request=booked.pk)

    signed_in.post(log(service, "draft/"), WHOLE | {"code": "123456", "phone": "13900000009", "state": "confirmed"})

    service.refresh_from_db()
    assert (service.phone, service.state, service.code_tries) == ("13355556666", "draft", 0)


def test_without_script_a_button_keeps_the_draft(signed_in, booked, afterwards):
    service = begin(signed_in, request=booked.pk)

    response = signed_in.post(log(service, "draft/"), WHOLE | {"summary": "还没写完"})

    assert (response.status_code, response["Location"]) == (302, log(service))
    assert said(response) == ["15:00已存草稿"]
    assert f'formaction="{log(service, "draft/")}"' in page(signed_in, log(service))


def test_what_has_been_saved_takes_no_draft_any_more(signed_in, logged, afterwards):
    service = logged

    response = signed_in.post(log(service, "draft/"), WHOLE | {"summary": "改掉"}, headers=JSON)

    assert (response.status_code, response.json()) == (409, {"said": "这条记录已经提交"})


def test_a_draft_is_only_posted(signed_in, own):
    assert signed_in.get(log(make_service("draft", expert=own), "draft/")).status_code == 405


def test_a_draft_without_a_booking_waits_on_the_desk(signed_in, own, afterwards):
    service = begin(signed_in)
    before = page(signed_in, "/desk/")
    signed_in.post(log(service, "draft/"), {"name": "王强"})

    html = page(signed_in, "/desk/")

    assert "接着记" not in before
    assert f'href="{log(service)}">接着记' in html
    assert "王**" in html


# Taking it back


def test_an_entry_is_taken_back_in_one_tap(signed_in, logged, afterwards):
    service = logged

    response = signed_in.post(log(service, "retract/"))

    service.refresh_from_db()
    assert (response.status_code, response["Location"], service.state) == (302, log(service), "draft")
    assert SENTENCE in page(signed_in, log(service))


def test_after_ten_minutes_it_is_not_and_the_page_says_whom_to_ask(signed_in, own):
    service = make_logged(own)

    with clock.at(AFTERWARDS + 11 * MINUTE):
        response = signed_in.post(log(service, "retract/"))
        records = page(signed_in, "/desk/records/")

    assert response.status_code == 422
    assert "有误请联系服务中心" in response.content.decode()
    assert "撤回" not in records


# The list


def test_the_list_sums_what_counts_this_year_and_masks_everybody(signed_in, own):
    make_service("confirmed", expert=own, minutes=90)
    make_service("ruled", expert=own)  # 60 minutes ruled to 45
    make_service("queried", expert=own, claimed_minutes=30)
    make_service("confirmed", expert=own, started_at=clock.instant(date(2025, 12, 31), 10))
    make_service("confirmed")

    html = page(signed_in, "/desk/records/")

    assert "2026年计入2次，共2小时15分钟" in html
    assert html.count("<tr>") == 5
    assert "对方说是30分钟" in html
    assert "刘**" in html
    assert "刘小满" not in html


def test_10_1_who_rated_him_is_nowhere(signed_in, own):
    make_service("confirmed", expert=own, satisfied=False, client_note="对方写的话")

    html = page(signed_in, "/desk/records/")

    assert "对方写的话" not in html
    assert "不满意" not in html


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", 3),
        ("?year=2026", 2),
        ("?year=2025", 1),
        ("?kind=technical", 1),
        ("?state=confirmed", 2),
        ("?year=2026&state=queried", 1),
        ("?year=0&kind=x&state=y", 3),
        ("?year=99999", 3),
    ],
)
def test_the_list_is_narrowed_by_links(signed_in, own, asked, shown):
    make_service("confirmed", expert=own)
    make_service("queried", expert=own, kind="technical")
    make_service("confirmed", expert=own, started_at=clock.instant(date(2025, 12, 31), 10))

    assert page(signed_in, f"/desk/records/{asked}").count("<tr>") == shown + 1


def test_the_list_asks_as_often_for_one_as_for_twenty_and_has_pages(signed_in, own):
    def asked():
        with CaptureQueriesContext(connection) as counted:
            page(signed_in, "/desk/records/")
        return len(counted)

    make_service("confirmed", expert=own, activity=make_activity(), pairing=make_pairing(expert=own))
    once = asked()
    for number in range(20):
        make_service("logged" if number % 2 else "confirmed", expert=own, activity=make_activity())

    assert asked() == once
    assert page(signed_in, "/desk/records/?page=2").count("<tr>") == 2


def test_a_draft_for_somebody_who_was_lost_again_is_not_listed(signed_in, own, booked, afterwards):
    service = begin(signed_in, request=booked.pk)
    actions.report_client_absent(booked.offers.get(), by=own.user)

    assert log(service) not in page(signed_in, "/desk/records/")
