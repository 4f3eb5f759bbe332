"""What two people change of an account: a lost second factor, another mobile number; never one of them alone."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from expertteam import account_changes as changes
from expertteam import actions, clock, departures, enrolment
from expertteam.account_messages import stop_token
from expertteam.models import AccountChange, Notification, Policy, User
from expertteam.regulation import Refused
from expertteam.tasks import settle_account_changes
from expertteam.workflow import LINK
from tests import make
from tests.conftest import person
from tests.expertteam.accounts import SECRET, at_home, browser

pytestmark = pytest.mark.usefixtures("today")
OLD, NEW = "13800000001", "13900000002"
LOGIN, OWN = "/accounts/login/", "/accounts/phone/new/"


@pytest.fixture
def owner(db):
    """韩砚秋, an expert in term with a number that she has proved."""
    user = person("han", "expert", name="韩砚秋", phone=OLD, phone_verified=True, password=SECRET, email="h@example.cn")
    make.make_expert(user=user)
    return user


@pytest.fixture
def officer(db):
    """An officer with both factors, signed in at ``user.there``."""
    user = person("sun", "intake", name="孙受理", phone=OLD, phone_verified=True, password=SECRET)
    user.there = at_home(user)
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=user, type=kind, data={})
    return user


def sms(phone):
    return [each for each in Notification.objects.filter(channel="sms") if each.address == phone]


def code():
    """What the new number was sent."""
    return re.search(r"验证码(\d{6})", sms(NEW)[0].body)[1]


def trace(record):
    return [
        (entry.history_user and entry.history_user.username, entry.history_change_reason)
        for entry in record.history.order_by("pk")
    ]


def asked(owner, by, **said):
    """Another number for her, proved by its code."""
    change = changes.ask_phone(owner, by=by, phone=NEW, **({"note": "本人来电"} if by != owner else {}) | said)
    return changes.prove(change, by=LINK if by == owner else by, code=code())


def cooling(owner, intake, reviewer):
    return changes.confirm_phone(asked(owner, intake), by=reviewer, check_note="打了原号码，本人接的")


# A lost second factor


def test_one_proposes_another_confirms_and_the_factors_are_gone(officer, admin, inspector):
    inside = officer.there.get("/accounts/").status_code
    change = changes.propose_factor(officer, by=admin, note="本人到场，看了工作证，手机丢了")
    before = Authenticator.objects.filter(user=officer).count()

    changes.reset_factor(change, by=inspector, check_note="本人在场，看了身份证")

    assert (before, Authenticator.objects.filter(user=officer).count()) == (2, 0)
    assert inside == 200
    assert officer.there.get("/accounts/").url.startswith(LOGIN)
    assert trace(change) == [("admin", "提出重置两步验证"), ("inspector", "确认重置两步验证")]
    assert enrolment.redeem(officer.pk, change.issued)
    assert {each.subject for each in sms(OLD)} == {"有人要重置您的两步验证", "两步验证已重置"}
    assert Notification.objects.filter(to=officer, channel="inapp").count() == 2


def test_proposal_alone_changes_nothing(officer, admin):
    changes.propose_factor(officer, by=admin, note="本人到场")

    assert enrolment.has_factor(officer)
    officer.refresh_from_db()
    assert officer.enrol_code == ""


def test_whoever_proposed_does_not_confirm_with_whatever_roles(officer):
    both = person("both", "admin", "inspector")
    change = changes.propose_factor(officer, by=both, note="本人到场")

    with pytest.raises(Refused, match="提出的人不能再确认"):
        changes.reset_factor(change, by=both, check_note="本人在场")
    assert enrolment.has_factor(officer)


def test_nobody_proposes_or_confirms_his_own(admin, inspector, leader):
    for user in (admin, inspector):
        Authenticator.objects.create(user=user, type="totp", data={})
    change = changes.propose_factor(inspector, by=admin, note="本人到场")

    with pytest.raises(Refused, match="与您本人有关"):
        changes.propose_factor(admin, by=admin, note="本人到场")
    with pytest.raises(Refused, match="与您本人有关"):
        changes.reset_factor(change, by=inspector, check_note="我在场")
    changes.reset_factor(change, by=leader, check_note="本人在场，看了工作证")
    assert not enrolment.has_factor(inspector)


def test_of_the_only_administrator_the_inspector_proposes_and_the_leader_confirms(admin, inspector, leader):
    """With one person of each role nobody is locked out for good."""
    Authenticator.objects.create(user=admin, type="totp", data={})
    change = changes.propose_factor(admin, by=inspector, note="本人到场")

    changes.reset_factor(change, by=leader, check_note="本人在场")

    assert not enrolment.has_factor(admin)


def test_leader_confirms_nothing_else(officer, admin, leader):
    change = changes.propose_factor(officer, by=admin, note="本人到场")

    with pytest.raises(Refused, match="由局纪检确认"):
        changes.reset_factor(change, by=leader, check_note="本人在场")


@pytest.mark.parametrize("role", ["intake", "reviewer", "leader", "matcher", "client"])
def test_only_administrator_and_inspector_propose(officer, role):
    with pytest.raises(PermissionDenied):
        changes.propose_factor(officer, by=person("someone", role), note="本人到场")


@pytest.mark.parametrize("role", ["intake", "reviewer", "admin", "matcher", "client"])
def test_only_inspector_and_leader_confirm(officer, admin, role):
    change = changes.propose_factor(officer, by=admin, note="本人到场")

    with pytest.raises(PermissionDenied):
        changes.reset_factor(change, by=person("someone", role), check_note="本人在场")


def test_the_database_refuses_one_person_as_both(officer, admin):
    change = changes.propose_factor(officer, by=admin, note="本人到场")
    for second in (admin, officer):
        change.confirmed_by = second
        with pytest.raises(IntegrityError, match="account_changed_by_two"), transaction.atomic():
            change.save()


def test_without_a_word_on_how_it_was_checked_nothing_is_confirmed(officer, admin, inspector):
    change = changes.propose_factor(officer, by=admin, note="本人到场")

    with pytest.raises(Refused, match="怎样核对"):
        changes.reset_factor(change, by=inspector, check_note=" ")


def test_client_with_a_lost_factor_comes_in_by_his_number_and_gets_no_code(client, admin, inspector):
    Authenticator.objects.create(user=client, type="totp", data={})
    change = changes.propose_factor(client, by=admin, note="本人到窗口")

    changes.reset_factor(change, by=inspector, check_note="看了身份证")

    assert change.issued == ""
    assert not enrolment.has_factor(client)


def test_the_code_is_shown_once_and_opens_the_way_back(officer, admin, inspector):
    desk, other, phone = browser(admin), browser(inspector), officer.there
    desk.post(f"/admin/changes/factor/{officer.pk}/", {"note": "本人到场，看了工作证"})
    change = AccountChange.objects.get()
    today = other.get("/admin/").text
    done = other.post(f"/admin/changes/{change.pk}/reset_factor/", {"check_note": "本人在场"}, follow=True)
    given = "".join(re.search(r"开通码(\d{4}) (\d{4})", done.text).groups())
    phone.post(LOGIN, {"login": "sun", "password": SECRET})

    outside = phone.get("/accounts/2fa/totp/activate/").url
    phone.post("/accounts/enrol/", {"code": given})

    assert "确认重置两步验证" in today
    assert outside == "/accounts/enrol/"
    assert phone.get("/accounts/2fa/totp/activate/").url.startswith("/accounts/reauthenticate/")
    assert given[:4] + " " + given[4:] not in other.get(change.get_absolute_url()).text


# Another number


def test_number_changes_after_code_call_back_and_cooling(owner, intake, reviewer):
    there = at_home(owner)
    change = cooling(owner, intake, reviewer)
    inside, meanwhile = there.get("/accounts/").status_code, User.objects.get(pk=owner.pk).phone

    with clock.at(change.effective_at):
        settle_account_changes()

    change.refresh_from_db()
    owner.refresh_from_db()
    assert (inside, meanwhile) == (200, OLD)
    assert (change.state, owner.phone, owner.phone_verified) == ("done", NEW, True)
    assert there.get("/accounts/").url.startswith(LOGIN)
    assert [why for _, why in trace(change)] == ["代办更换手机号", "验证新手机号", "确认更换手机号", "更换生效"]
    assert Client().post(LOGIN, {"login": OLD, "password": SECRET}).status_code == 200  # stays outside
    assert Client().post(LOGIN, {"login": NEW, "password": SECRET}).url == "/after-sign-in/"


def test_until_then_old_and_new_are_told_and_messages_go_to_the_old(owner, intake, reviewer):
    change = cooling(owner, intake, reviewer)

    old, new = sms(OLD)[0], sms(NEW)[0]
    assert (old.subject, new.subject) == ("手机号将要更换", "手机号将要更换")
    assert "3月5日 09:00起改用手机号139****0002" in old.body
    assert stop_token(change.pk) in old.body
    assert stop_token(change.pk) not in new.body
    assert Notification.objects.get(channel="mail", subject="手机号将要更换").address == "h@example.cn"


@pytest.mark.parametrize(("second", "done"), [(-1, "cooling"), (0, "done")])
def test_cooling_is_asked_of_the_second(owner, intake, reviewer, second, done):
    change = cooling(owner, intake, reviewer)

    with clock.at(change.effective_at + timedelta(seconds=second)):
        settle_account_changes()
        settle_account_changes()

    change.refresh_from_db()
    assert change.state == done


def test_the_office_fixes_how_long_it_cools(owner, intake, reviewer):
    Policy.objects.create(key="phone_cooling_hours", value=24, effective_from=clock.today(), source="局务会纪要")

    change = cooling(owner, intake, reviewer)

    assert change.effective_at - change.confirmed_at == timedelta(hours=24)


def test_whoever_asked_for_it_does_not_call_back(owner):
    both = person("both", "intake", "reviewer")

    with pytest.raises(Refused, match="提出的人不能再确认"):
        changes.confirm_phone(asked(owner, both), by=both, check_note="打了原号码")


def test_owner_does_not_confirm_his_own_in_office(reviewer):
    own = person("both", "reviewer", "expert", phone=OLD)
    change = changes.prove(changes.ask_phone(own, by=own, phone=NEW), by=LINK, code=code())

    with pytest.raises(Refused, match="与您本人有关"):
        changes.confirm_phone(change, by=own, check_note="我自己")


def test_new_number_must_be_proved(owner, intake, reviewer):
    change = changes.ask_phone(owner, by=intake, phone=NEW, note="本人来电")

    with pytest.raises(Refused, match="还没有用验证码验证"):
        changes.confirm_phone(change, by=reviewer, check_note="打了原号码")


def test_fifth_wrong_code_ends_it_and_another_can_be_sent(owner, intake):
    change = changes.ask_phone(owner, by=intake, phone=NEW, note="本人来电")
    right = code()
    for _ in range(5):
        changes.prove(change, by=intake, code="000000" if right != "000000" else "111111")

    with pytest.raises(Refused, match="已失效"):
        changes.prove(change, by=intake, code=right)
    with pytest.raises(Refused, match="请等1分钟"):
        changes.send_code(change, by=intake)
    with clock.at(clock.now() + timedelta(minutes=1)):
        changes.send_code(change, by=intake)
        changes.prove(change, by=intake, code=code())
    assert change.proved_at


def test_code_lasts_ten_minutes(owner, intake):
    change = changes.ask_phone(owner, by=intake, phone=NEW, note="本人来电")

    with clock.at(clock.now() + timedelta(minutes=10)), pytest.raises(Refused, match="已失效"):
        changes.prove(change, by=intake, code=code())


@pytest.mark.parametrize("phone", [OLD, "13800000003"])
def test_a_number_in_use_is_refused(owner, intake, phone):
    person("other", phone="13800000003")

    with pytest.raises(Refused, match="这就是现在登记的|另一个账号"):
        changes.ask_phone(owner, by=intake, phone=phone, note="本人来电")


def test_number_taken_by_another_meanwhile_stops_the_change(owner, intake, reviewer):
    change = cooling(owner, intake, reviewer)
    person("other", phone=NEW)

    with clock.at(change.effective_at):
        settle_account_changes()

    change.refresh_from_db()
    assert (change.state, User.objects.get(pk=owner.pk).phone) == ("stopped", OLD)
    assert "另一个账号" in change.stop_note


def test_of_an_office_account_only_the_inspector_confirms(officer, admin, intake, reviewer, inspector):
    with pytest.raises(Refused, match="由系统管理员代办"):
        changes.ask_phone(officer, by=intake, phone=NEW, note="本人来电")
    change = asked(officer, admin, way="counter")
    with pytest.raises(Refused, match="由局纪检确认"):
        changes.confirm_phone(change, by=reviewer, check_note="看了工作证")

    changes.confirm_phone(change, by=inspector, check_note="看了工作证")

    assert change.state == "cooling"


@pytest.mark.parametrize("role", ["matcher", "inspector", "reviewer", "leader", "client"])
def test_only_intake_and_administrator_ask_for_another(owner, role):
    with pytest.raises(PermissionDenied):
        changes.ask_phone(owner, by=person("someone", role), phone=NEW, note="本人来电")


def test_one_change_at_a_time(owner, intake):
    changes.ask_phone(owner, by=intake, phone=NEW, note="本人来电")

    with pytest.raises(Refused, match="已有一件"):
        changes.ask_phone(owner, by=owner, phone="13900000003")


# Stopped


def test_whoever_reads_the_old_number_stops_it_by_the_link(owner, intake, reviewer):
    change = cooling(owner, intake, reviewer)
    link = reverse("stop_phone_change", args=[stop_token(change.pk)])

    seen = Client().get(link)
    looked = AccountChange.objects.get().state
    Client().post(link)
    with clock.at(change.effective_at):
        settle_account_changes()

    assert "停止更换" in seen.text
    assert looked == "cooling"  # to look stops nothing
    assert (AccountChange.objects.get().state, User.objects.get(pk=owner.pk).phone) == ("stopped", OLD)
    assert "已停止，手机号没有变" in Client().get(link).text


@pytest.fixture
def lost(owner, intake, reviewer):
    """Her old phone is a thief's; two have looked at her papers, the change cools."""
    return changes.confirm_phone(asked(owner, intake, way="counter"), by=reviewer, check_note="看了身份证，本人在场")


def test_whoever_holds_the_lost_number_does_not_stop_the_change(owner, lost):
    token = stop_token(lost.pk)

    Client().post(reverse("stop_phone_change", args=[token]))

    assert not any("/phone/stop/" in each.body for each in sms(OLD) + sms(NEW))
    assert AccountChange.objects.get().state == "cooling"
    with pytest.raises(Refused, match="原手机号停不了"):
        changes.stop(lost, by=LINK)


def test_lost_number_opens_nothing_while_another_cools(owner, intake, reviewer):
    thief, there = Client(), at_home(owner)
    inside = there.get("/accounts/").status_code
    changes.confirm_phone(asked(owner, intake, way="counter"), by=reviewer, check_note="看了身份证")

    thief.post("/accounts/login/code/", {"phone": OLD})
    number = re.search(r"验证码(\d{6})", sms(OLD)[0].body)[1]
    refused = thief.post("/accounts/login/code/confirm/", {"code": number}, follow=True)

    assert inside == 200
    assert there.get("/accounts/").url.startswith(LOGIN)
    assert "手机号正在更换，3月5日 09:00起用新手机号登录" in refused.text
    assert "_auth_user_id" not in thief.session
    assert "_auth_user_id" not in at_home(owner).session  # the password may be the thief's


def test_control_the_old_number_opens_its_account_where_it_was_called(owner, intake, reviewer):
    cooling(owner, intake, reviewer)

    assert "_auth_user_id" in at_home(owner).session


def test_lost_number_takes_password_and_factor_with_it(owner, lost):
    """Both may be the thief's, who came in by a code before the papers were looked at."""
    Authenticator.objects.create(user=owner, type="totp", data={})
    with clock.at(lost.effective_at):
        settle_account_changes()

    owner.refresh_from_db()
    assert (owner.phone, owner.has_usable_password(), enrolment.has_factor(owner)) == (NEW, False, False)


def test_closed_account_gets_another_number_at_the_counter_and_stays_closed(owner, admin, intake, reviewer):
    departures.leave(owner, by=admin, reason="手机被盗", takers={}, emergency=True)
    with pytest.raises(Refused, match="已停用"):
        changes.ask_phone(owner, by=intake, phone=NEW, note="本人来电")
    change = changes.confirm_phone(asked(owner, intake, way="counter"), by=reviewer, check_note="看了身份证")

    with clock.at(change.effective_at):
        settle_account_changes()

    owner.refresh_from_db()
    assert (owner.phone, owner.is_active) == (NEW, False)


def test_office_is_told_of_what_was_stopped(owner, intake, reviewer, admin):
    change = cooling(owner, intake, reviewer)

    changes.stop(change, by=LINK)

    told = Notification.objects.filter(subject="账号变更已停止", channel="inapp")
    assert {each.to for each in told} == {intake, reviewer, admin}
    assert told[0].body == "韩砚秋：更换手机号已停止：本人停止。"


def test_a_forged_link_stops_nothing(owner, intake, reviewer):
    change = cooling(owner, intake, reviewer)
    token = stop_token(change.pk)

    assert Client().post(reverse("stop_phone_change", args=[f"{change.pk}-{token[:1:-1]}"])).status_code == 404
    assert AccountChange.objects.get().state == "cooling"


def test_staff_stop_it_with_a_reason(owner, intake, reviewer):
    change = cooling(owner, intake, reviewer)

    with pytest.raises(Refused, match="为什么停止"):
        changes.stop(change, by=intake, stop_note="")
    changes.stop(change, by=intake, stop_note="本人来电说没有要换")

    assert trace(change)[-1] == ("intake", "停止变更")


# What stays on record in clear


@pytest.mark.parametrize(
    "words", ["打了13800000001，本人接的", "打了138 0000 0001", "证件14010519900101123X", "护照E12345678"]
)
def test_whole_numbers_are_refused_wherever_a_check_is_told(owner, admin, intake, reviewer, inspector, words):
    user = person("new")
    grant = actions.confirm(actions.propose(user, by=admin, role="matcher"), by=inspector)
    change = asked(owner, intake)

    for act in (
        lambda: changes.propose_factor(user, by=admin, note=words),
        lambda: changes.ask_phone(user, by=admin, phone="13900000003", note=words),
        lambda: changes.confirm_phone(change, by=reviewer, check_note=words),
        lambda: changes.stop(change, by=intake, stop_note=words),
        lambda: actions.issue_code(grant, by=inspector, identity=words),
        lambda: departures.leave(user, by=admin, reason=words, takers={}),
    ):
        with pytest.raises(Refused, match="只写尾号"):
            act()
    assert AccountChange.objects.get().state == "proposed"


def test_a_tail_and_a_day_are_no_whole_number(owner, intake, reviewer):
    note = "2026-03-02 09:00打了尾号0001，本人接的"

    assert changes.confirm_phone(asked(owner, intake), by=reviewer, check_note=note).check_note == note


# Whoever leaves


@pytest.mark.parametrize("first", ["intake", "reviewer"])
def test_what_a_closed_officer_did_takes_no_effect(owner, intake, reviewer, admin, first):
    change = cooling(owner, intake, reviewer)
    gone = {"intake": intake, "reviewer": reviewer}[first]
    page = browser(admin).get(f"/admin/people/{gone.pk}/leave/").text
    departures.leave(gone, by=admin, reason="调离", takers={})

    with clock.at(change.effective_at):
        settle_account_changes()

    change.refresh_from_db()
    assert change.get_absolute_url() in page
    assert (change.state, User.objects.get(pk=owner.pk).phone) == ("stopped", OLD)
    assert "账号已停用" in change.stop_note


def test_what_a_closed_officer_proposed_is_not_confirmed(owner, client, admin, intake, reviewer, inspector):
    other = person("other", "admin")
    phone, factor = asked(owner, intake), changes.propose_factor(client, by=other, note="本人到场")
    for gone in (intake, other):
        departures.leave(gone, by=admin, reason="调离", takers={})

    with pytest.raises(Refused, match="账号已停用"):
        changes.confirm_phone(phone, by=reviewer, check_note="打了原号码")
    with pytest.raises(Refused, match="账号已停用"):
        changes.reset_factor(factor, by=inspector, check_note="本人在场")


# Their pages


def test_expert_asks_proves_and_stops_on_her_own_page(owner):
    there = at_home(owner)

    led = there.get("/accounts/phone/change/").url
    stopped = there.post(OWN, {"phone": "139 0000 0002"}).url
    there.post("/accounts/reauthenticate/", {"password": SECRET})
    there.post(OWN, {"phone": "139 0000 0002"})
    wrong = there.post(OWN, {"act": "prove", "code": "000000" if code() != "000000" else "111111"})
    there.post(OWN, {"act": "prove", "code": code()})
    waits = there.get(OWN).text
    there.post(OWN, {"act": "stop"})

    change = AccountChange.objects.get()
    assert led == OWN
    assert stopped.startswith("/accounts/reauthenticate/")
    assert (wrong.status_code, "验证码不对" in wrong.text) == (422, True)
    assert "我们会打原手机号核对" in waits
    assert (change.way, change.state, change.stop_note) == ("call", "stopped", "本人停止")
    assert [who for who, _ in trace(change)] == ["han", None, None, None]


def test_codes_are_not_asked_for_without_end(owner):
    there = at_home(owner)
    there.post("/accounts/reauthenticate/", {"password": SECRET})

    answers = []
    for _ in range(6):
        answers.append(there.post(OWN, {"phone": NEW}))
        there.post(OWN, {"act": "stop"})

    assert [each.status_code for each in answers] == [302] * 5 + [422]
    assert "明天再试" in answers[-1].text
    assert len(sms(NEW)) == 5


def test_codes_are_not_sent_anew_without_end(owner):
    there = at_home(owner)
    there.post("/accounts/reauthenticate/", {"password": SECRET})
    there.post(OWN, {"phone": NEW})

    answers = []
    for minute in range(1, 12):
        with clock.at(clock.now() + timedelta(minutes=minute)):
            answers.append(there.post(OWN, {"act": "send"}).status_code)

    assert answers == [302] * 10 + [422]


def test_expert_changes_her_number_by_no_other_door(owner):
    there = at_home(owner)
    there.post("/accounts/reauthenticate/", {"password": SECRET})

    there.post("/accounts/phone/change/", {"phone": NEW})

    assert User.objects.get(pk=owner.pk).phone == OLD
    assert sms(NEW) == []


def test_client_changes_his_at_once_and_the_old_number_is_told(db):
    """The simple way of an ordinary account: a code to the new number, a word to the old one."""
    client = person("liu", "client", phone=OLD, phone_verified=True, password=SECRET)
    there = at_home(client)
    there.post("/accounts/reauthenticate/", {"password": SECRET})

    there.post("/accounts/phone/change/", {"phone": NEW})
    there.post("/accounts/phone/verify/", {"code": re.search(r"\d{6}", sms(NEW)[0].body)[0]})

    assert User.objects.get(pk=client.pk).phone == NEW
    assert sms(OLD)[0].subject == "手机号已更换"


def test_office_asks_proves_and_another_confirms_on_their_pages(owner, intake, reviewer):
    desk, other = browser(intake), browser(reviewer)
    form = {"account": "138 0000 0001", "phone": NEW, "way": "call", "note": "本人来电，报了专家编号"}

    led = desk.post("/admin/changes/phone/", form).url
    wrong = desk.post(f"{led}prove/", {"code": "000000" if code() != "000000" else "111111"})
    desk.post(f"{led}prove/", {"code": code()})
    today, page = other.get("/admin/").text, other.get(led)
    other.post(f"{led}confirm_phone/", {"check_note": "打了原号码，本人接的"})

    change = AccountChange.objects.get()
    assert (wrong.status_code, change.state, change.confirmed_by) == (422, "cooling", reviewer)
    assert "打原手机号核对后确认" in today
    assert "138****0001" in page.text
    assert OLD not in page.text
    assert NEW not in page.text
    assert "confirm_phone" in [move.verb for move in page.context["moves"]]


@pytest.mark.parametrize(
    ("role", "status"), [("intake", 200), ("reviewer", 200), ("admin", 200), ("matcher", 404), ("client", 404)]
)
def test_change_is_open_to_those_who_ask_for_and_confirm_them(owner, role, status):
    change = make.make_account_change(user=owner)

    assert browser(person("someone", role)).get(change.get_absolute_url()).status_code == status


def test_list_asks_as_many_questions_for_one_as_for_thirty(intake):
    there, counts = browser(intake), []
    for number in (1, 29):
        for _ in range(number):
            make.make_account_change()
        there.get("/admin/changes/")
        with CaptureQueriesContext(connection) as queries:
            there.get("/admin/changes/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
