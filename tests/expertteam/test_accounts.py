"""Ways in: by password, by code, by signing up; what each page says, and to whom it says nothing."""

import re

import pytest
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from expertteam.fields import blind
from expertteam.models import Notification, User
from tests.conftest import person

pytestmark = pytest.mark.django_db

PHONE, SECRET = "13800000001", "山西老陈醋配刀削面46度"
LOGIN, SIGNUP = "/accounts/login/", "/accounts/signup/"
ASK, CONFIRM, VERIFY = "/accounts/login/code/", "/accounts/login/code/confirm/", "/accounts/phone/verify/"


@pytest.fixture
def owner():
    """A person who proved the number."""
    return person("owner", "client", phone=PHONE, phone_verified=True, password=SECRET)


def last_sms():
    return Notification.objects.filter(channel="sms").first()


def code():
    return re.search(r"\d{6}", last_sms().body)[0]


def sign_up(http, phone=PHONE, password=SECRET):
    return http.post(SIGNUP, {"phone": phone, "password1": password, "password2": password})


def signed_in(http):
    return http.session.get("_auth_user_id")


# By password


@pytest.mark.parametrize("login", [PHONE, "138 0000 0001", "+8613800000001", "１３８-0000-0001", "owner", "Owner"])
def test_password_opens_by_phone_or_user_name_in_one_field(http, owner, login):
    answer = http.post(LOGIN, {"login": login, "password": SECRET})

    assert answer.url == "/after-sign-in/"
    assert signed_in(http) == str(owner.pk)


@pytest.mark.parametrize("login", ["owner", PHONE, "nobody", "13999999999"])
def test_wrong_password_and_unknown_login_read_alike(http, owner, login):
    answer = http.post(LOGIN, {"login": login, "password": "不是这个密码"})

    assert answer.context["form"].non_field_errors() == ["手机号（用户名）或密码不对"]
    assert login in answer.text


def test_person_without_a_phone_signs_in_by_user_name(http):
    """allauth stops everybody who has no phone as soon as sign-up asks for one."""
    user = person("desk", password=SECRET)

    http.post(LOGIN, {"login": "desk", "password": SECRET})

    assert signed_in(http) == str(user.pk)


def test_next_leads_on_and_never_abroad(http, owner):
    here = http.post(LOGIN + "?next=/rules/", {"login": "owner", "password": SECRET})
    there = Client().post(LOGIN + "?next=https://evil.example/", {"login": "owner", "password": SECRET})

    assert (here.url, there.url) == ("/rules/", "/after-sign-in/")


def test_closed_account_is_told_only_after_the_right_password(http, owner):
    User.objects.filter(pk=owner.pk).update(is_active=False)

    wrong = http.post(LOGIN, {"login": "owner", "password": "不是这个密码"})
    right = http.post(LOGIN, {"login": "owner", "password": SECRET})

    assert wrong.context["form"].non_field_errors() == ["手机号（用户名）或密码不对"]
    assert right.url == "/accounts/inactive/"
    assert "账号已停用" in http.get(right.url).text


def test_admin_has_no_door_of_its_own(http, admin):
    assert http.get("/admin/login/?next=/admin/").url == f"{LOGIN}?next=%2Fadmin%2F"
    assert http.post("/admin/login/", {"username": "admin", "password": SECRET}).url.startswith(LOGIN)


def test_sign_out_needs_a_press(http, owner):
    http.force_login(owner)

    asked = http.get("/accounts/logout/")
    kept = signed_in(http)
    http.post("/accounts/logout/")

    assert "退出登录" in asked.text
    assert kept
    assert not signed_in(http)


# By code


def test_code_opens_and_lies_encrypted_in_the_outbox(http, owner):
    asked = http.post(ASK, {"phone": "+86 138 0000 0001"})
    stored = Notification.objects.values_list("key", "subject").get()
    page = http.get(CONFIRM)
    done = http.post(CONFIRM, {"code": code()})

    assert asked.url == CONFIRM
    assert "138****0001" in page.text
    assert PHONE not in page.text + "".join(stored)
    assert last_sms().address == PHONE
    assert done.url == "/after-sign-in/"
    assert signed_in(http) == str(owner.pk)


def test_unknown_number_meets_the_same_pages_and_an_sms(http, owner):
    known, unknown = Client(), Client()

    answers = [known.post(ASK, {"phone": PHONE}), unknown.post(ASK, {"phone": "13900000009"})]
    pages = [known.get(CONFIRM).text, unknown.get(CONFIRM).text]
    refusals = [known.post(CONFIRM, {"code": "000000"}), unknown.post(CONFIRM, {"code": "000000"})]

    assert answers[0].url == answers[1].url
    assert strip(pages[0]) == strip(pages[1])
    assert strip(refusals[0].text) == strip(refusals[1].text)
    assert last_sms().address == "13900000009"
    assert "还没有注册" in last_sms().body


def strip(page):
    """The page without what differs for each visitor anyway."""
    return re.sub(r'value="[^"]+"|1\d\d\*{4}\d{4}', "", page)


def test_third_wrong_code_ends_the_attempt(http, owner):
    http.post(ASK, {"phone": PHONE})
    right = code()

    for _ in range(3):
        http.post(CONFIRM, {"code": "12345"})
    late = http.post(CONFIRM, {"code": right})

    assert late.url == ASK
    assert not signed_in(http)


def test_code_works_once_and_only_in_its_own_browser(http, owner):
    http.post(ASK, {"phone": PHONE})
    right = code()

    other = Client().post(CONFIRM, {"code": right})
    http.post(CONFIRM, {"code": right})
    http.post("/accounts/logout/")
    again = http.post(CONFIRM, {"code": right})

    assert (other.url, again.url) == (ASK, ASK)
    assert not signed_in(http)


def test_forgotten_password_is_replaced_after_a_code(http, owner):
    way = http.get("/accounts/password/reset/").text
    http.post(ASK + "?next=/accounts/password/set/", {"phone": PHONE})
    led = http.post(CONFIRM + "?next=/accounts/password/set/", {"code": code()})
    http.post(led.url, {"password1": "太行山上的核桃又多又大个", "password2": "太行山上的核桃又多又大个"})

    owner.refresh_from_db()
    assert "/accounts/login/code/?next=/accounts/password/set/" in way
    assert owner.check_password("太行山上的核桃又多又大个")


def test_signed_in_by_password_one_needs_the_old_one(http, owner):
    http.post(LOGIN, {"login": "owner", "password": SECRET})

    assert http.get("/accounts/password/set/").url == "/accounts/password/change/"


# Signing up


def test_sign_up_opens_a_verified_account_of_a_client(http):
    asked = sign_up(http, "138 0000 0001")
    before = signed_in(http)
    done = http.post(VERIFY, {"code": code()})

    user = User.objects.get()
    assert (asked.url, before, done.url) == (VERIFY, None, "/after-sign-in/")
    assert (user.phone, user.phone_verified, user.phone_index) == (PHONE, True, blind(PHONE, "mobile"))
    assert [group.name for group in user.groups.all()] == ["client"]
    assert re.fullmatch("u[0-9a-f]{12}", user.username)
    assert user.check_password(SECRET)
    assert signed_in(http) == str(user.pk)


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"phone": "1380000000"}, "phone", "手机号少了1位，应为11位数字"),
        ({"phone": ""}, "phone", "请填写手机号"),
        ({"phone": "0351-4063111"}, "phone", "这是固定电话，请填11位手机号"),
        ({"password1": "短密码"}, "password1", "12"),
        ({"password1": "123456789012345678", "password2": "123456789012345678"}, "password1", "数字"),
        ({"password2": "另一个不同的密码"}, "password2", "密码"),
    ],
)
def test_faulty_sign_up_names_the_field_and_keeps_what_was_typed(http, typed, field, reason):
    form = {"phone": PHONE, "password1": SECRET, "password2": SECRET} | typed

    answer = http.post(SIGNUP, form)

    assert reason in answer.context["form"].errors[field][0]
    assert 'class="errs"' in answer.text
    assert f'value="{form["phone"]}"' in answer.text or not form["phone"]
    assert not User.objects.exists()


def test_sign_up_of_a_known_number_reads_like_a_new_one(http, owner):
    known, new = Client(), Client()

    answers = [sign_up(known), sign_up(new, "13900000009")]
    pages = [strip(known.get(VERIFY).text), strip(new.get(VERIFY).text)]

    assert answers[0].url == answers[1].url == VERIFY
    assert pages[0] == pages[1]
    assert Notification.objects.get(subject="已经注册过").address == PHONE
    assert User.objects.count() == 2


def test_number_written_down_by_a_stranger_does_not_give_him_the_account(http):
    """Who signs up first with another's number must not own the account once its owner proves the number."""
    stranger, owner = Client(), Client()
    sign_up(stranger)
    Notification.objects.all().delete()

    owner.post(ASK, {"phone": PHONE})
    owner.post(CONFIRM, {"code": code()})
    later = Client()
    later.post(LOGIN, {"login": PHONE, "password": SECRET})

    assert signed_in(owner)
    assert not signed_in(later)
    assert not User.objects.get().has_usable_password()


def test_who_comes_back_with_his_password_keeps_it(http):
    user = person("later", phone=PHONE, password=SECRET)

    asked = http.post(LOGIN, {"login": PHONE, "password": SECRET})
    http.post(VERIFY, {"code": code()})

    user.refresh_from_db()
    assert asked.url == VERIFY
    assert user.phone_verified
    assert user.check_password(SECRET)


# The number itself


def test_number_is_changed_after_the_password_and_both_are_told(http, owner):
    http.force_login(owner)
    stopped = http.post("/accounts/phone/change/", {"phone": "13900000002"})
    http.post(stopped.url, {"password": SECRET})
    http.post("/accounts/phone/change/", {"phone": "13900000002"})
    http.post(VERIFY, {"code": code()})

    owner.refresh_from_db()
    assert stopped.url.startswith("/accounts/reauthenticate/")
    assert (owner.phone, owner.phone_verified) == ("13900000002", True)
    assert last_sms().address == PHONE
    assert "139****0002" in last_sms().body


def test_another_persons_number_cannot_be_taken(http, owner):
    other = person("other", phone="13900000002", phone_verified=True, password=SECRET)
    http.force_login(owner)
    http.post("/accounts/reauthenticate/", {"password": SECRET})
    http.post("/accounts/phone/change/", {"phone": "13900000002"})

    answer = http.post(VERIFY, {"code": code()})

    owner.refresh_from_db()
    assert "这个手机号已经用在另一个账号上" in answer.text
    assert (owner.phone, other.phone) == (PHONE, "13900000002")


# The pages


@pytest.mark.parametrize("url", [LOGIN, SIGNUP, ASK, "/accounts/password/reset/", "/accounts/inactive/"])
def test_entrance_is_ours(http, url):
    page = http.get(url).text

    assert page.count("<h1") == 1
    assert not re.search("登录代码|使用 passkey|placeholder=|style=", page)
    assert "太原市人力资源和社会保障局" in page


@pytest.mark.parametrize(
    "name", ["account", "account_change_password", "account_change_phone", "account_reauthenticate", "mfa_index"]
)
def test_own_pages_are_for_the_signed_in(http, owner, name):
    url = reverse(name)
    turned_away = http.get(url)
    http.force_login(owner)

    page = http.get(url).text

    assert turned_away.url.startswith(LOGIN)
    assert page.count("<h1") == 1
    assert PHONE not in page


def test_a_new_installation_has_nobody(db):
    assert not User.objects.exists()
    assert Group.objects.filter(name="client").exists()


def test_a_short_password_is_refused_in_chinese():
    with pytest.raises(ValidationError, match="密码太短，至少要12个字符"):
        validate_password("kurz-7q")
