"""The code that shows a mobile number to be one's own, where the bureau asks for it: kept as a digest, six digits."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from expertteam import clock
from expertteam.models import Notification, Policy
from services.models import ServiceRequest
from tests.conftest import Browser
from tests.make import make_engagement, make_expert, make_hours, make_user, sign_in

BOOK = reverse("services:book")
PHONE = "13800000001"
NINE = clock.instant(date(2026, 3, 2), 9)
pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture(autouse=True)
def _asked_for(db):
    Policy.objects.create(key="phone_code", value=1, effective_from=date(2026, 3, 1), source="局办通知")


def post(http, at=NINE, **fields):
    said = {
        "topics": ["finance"],
        "question": "想在清徐开一家醋坊体验店，担保贷款要准备哪些材料？",
        "place": "centre",
        "name": "刘新禾",
        "phone": PHONE,
        "agree": "on",
        "key": "0123456789abcdef",
    }
    with clock.at(at):
        return http.post(BOOK, said | fields)


def sent(phone=PHONE) -> list[str]:
    """The codes that were sent to this number, the latest first."""
    found = Notification.objects.filter(channel="sms", key__startswith="number-code:")
    return [re.search(r"\d{6}", each.body)[0] for each in found if each.address == phone]


def other(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def text(response):
    return re.sub(r"\s+", "", re.sub(r"<[^>]*>", "", response.content.decode()))


def test_the_right_code_books(http):
    asked = post(http)
    booked = post(http, code=sent()[0])

    assert (asked.status_code, booked.status_code) == (200, 302)
    assert "醋坊体验店" in asked.content.decode()
    assert not asked.context["form"].errors
    assert ServiceRequest.objects.get().phone == PHONE


def test_the_sms_is_short_and_says_what_the_code_is_for(http):
    post(http)

    body = Notification.objects.get().body
    assert re.fullmatch(r"验证码\d{6}，10分钟内有效，用于预约专家。不要告诉任何人，工作人员也不会问您要。", body)
    assert len(body) <= 70


def test_the_session_keeps_no_code_and_no_number(http):
    post(http)

    kept = str(dict(http.session))
    assert sent()[0] not in kept
    assert PHONE not in kept


def test_a_wrong_code_is_said_at_its_field(http):
    post(http)

    page = post(http, code=other(sent()[0]))

    assert page.status_code == 422
    assert text(page).count("验证码不对，请核对短信") == 2
    assert not ServiceRequest.objects.exists()


def test_a_missing_code_is_asked_for(http):
    post(http)

    assert "请填写短信里的6位验证码" in text(post(http))


def test_after_five_wrong_ones_the_right_one_does_not_help(http):
    post(http)
    right = sent()[0]
    for _ in range(5):
        post(http, code=other(right))

    page = post(http, code=right)

    assert "输错5次了，请重新发送验证码" in text(page)
    assert not ServiceRequest.objects.exists()


def test_after_ten_minutes_another_one_is_sent(http):
    post(http)
    first = sent()[0]

    page = post(http, at=NINE + timedelta(minutes=10), code=first)

    assert page.status_code == 200
    assert len(sent()) == 2
    assert not ServiceRequest.objects.exists()


def test_the_last_second_counts(http):
    post(http)

    assert post(http, at=NINE + timedelta(minutes=9, seconds=59), code=sent()[0]).status_code == 302


def test_it_is_sent_again_after_a_minute_and_not_before(http):
    post(http)

    early = post(http, at=NINE + timedelta(seconds=59), again="1")
    late = post(http, at=NINE + timedelta(seconds=60), again="1")

    assert "验证码刚发过，请1分钟后再发" in text(early)
    assert late.status_code == 200
    assert len(sent()) == 2


def test_only_the_latest_code_counts(http):
    post(http)
    first = sent()[0]
    later = NINE + timedelta(minutes=2)
    post(http, at=later, again="1")

    wrong, right = post(http, at=later, code=first), post(http, at=later, code=sent()[0])

    assert (wrong.status_code, right.status_code) == (422 if first != sent()[0] else 302, 302)


def test_a_code_is_good_for_its_number_only(http):
    post(http)
    code = sent()[0]

    page = post(http, phone="13800000002", code=code)

    assert page.status_code == 200
    assert len(sent("13800000002")) == 1
    assert not ServiceRequest.objects.exists()


def test_a_code_is_good_for_its_browser_only(http):
    post(http)

    assert post(Browser(), code=sent()[0]).status_code == 200
    assert not ServiceRequest.objects.exists()


def test_a_form_sent_twice_with_its_code_counts_once(http):
    post(http)
    code = sent()[0]

    first, again = post(http, code=code), post(http, code=code)

    assert first["Location"] == again["Location"]
    assert ServiceRequest.objects.count() == 1


def test_who_has_proved_his_number_is_not_asked_again_when_the_time_is_gone(http):
    expert = make_expert()
    make_hours(expert, 3, "14:00", "17:00")
    chosen = {"expert": expert.no, "slot": "202603051400"}
    post(http, **chosen)
    make_engagement(expert, clock.instant(date(2026, 3, 5), 14))

    gone = post(http, code=sent()[0], **chosen)
    booked = post(http, expert=expert.no, slot="202603051500", gone="202603051400")

    assert "这个时间刚被别人约走了" in text(gone)
    assert booked.status_code == 302
    assert len(sent()) == 1


def test_a_number_gets_five_codes_a_day(http):
    for n in range(6):
        page = post(http, at=NINE + timedelta(minutes=11 * n))

    assert "这个手机号今天要验证码的次数太多了" in text(page)
    assert len(sent()) == 5


def test_a_network_gets_ten_codes_an_hour(http):
    for n in range(11):
        page = post(http, phone=f"1390000{n:04d}")

    assert "这里要验证码的次数太多了" in text(page)
    assert Notification.objects.filter(key__startswith="number-code:").count() == 10


def test_a_number_that_an_account_has_proved_is_not_asked_for(http):
    sign_in(http, make_user(phone=PHONE, phone_verified=True))

    assert post(http).status_code == 302


@pytest.mark.parametrize(
    "account", [{"phone": PHONE, "phone_verified": False}, {"phone": "13800000002", "phone_verified": True}]
)
def test_an_account_proves_no_other_number(http, account):
    sign_in(http, make_user(**account))

    assert post(http).status_code == 200
    assert not ServiceRequest.objects.exists()


def test_without_the_bureaus_word_nobody_is_asked(http):
    Policy.objects.all().delete()

    assert post(http).status_code == 302
    assert sent() == []
