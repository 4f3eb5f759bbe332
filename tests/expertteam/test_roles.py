"""Roles proposed, confirmed, taken back; accounts opened and closed; the first of them."""

import io
import re
from contextlib import nullcontext

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from expertteam import actions, enrolment
from expertteam.management.commands import create_staff
from expertteam.models import Notification, RoleGrant, User
from expertteam.regulation import Refused
from tests import make
from tests.conftest import person
from tests.expertteam.accounts import SECRET, at_home, browser

pytestmark = pytest.mark.django_db

PHONE, ID_NUMBER = "13800000001", "14010119900307123X"
USERS, GRANTS = "/admin/expertteam/user/", "/admin/expertteam/rolegrant/"


@pytest.fixture
def newcomer():
    return person("newcomer", name="何新来", phone=PHONE, phone_verified=True, password=SECRET)


def trace(record):
    return [
        (entry.history_user and entry.history_user.username, entry.history_change_reason)
        for entry in record.history.order_by("pk")
    ]


def held(user):
    user = User.objects.get(pk=user.pk)
    return user.is_staff, [group.name for group in user.groups.all()]


# The verbs


def test_role_counts_once_another_person_confirms_it(newcomer, admin, inspector):
    grant = actions.propose(newcomer, by=admin, role="intake")
    before = newcomer.has_perm("recruitment.recommend_application")

    actions.confirm(grant, by=inspector)

    holder = User.objects.get(pk=newcomer.pk)
    assert before is False
    assert holder.is_staff
    assert holder.has_perm("recruitment.recommend_application")
    assert trace(grant) == [("admin", "提出授权"), ("inspector", "确认授权")]
    assert trace(holder)[-1] == ("inspector", "岗位变动")


def test_roles_add_up_and_go_one_by_one(newcomer, admin, inspector):
    grants = [actions.propose(newcomer, by=admin, role=role) for role in ("intake", "cashier")]
    for grant in grants:
        actions.confirm(grant, by=inspector)

    actions.revoke(grants[0], by=admin)
    one_left = held(newcomer)
    actions.revoke(grants[1], by=inspector)

    assert (one_left, held(newcomer)) == ((True, ["cashier"]), (False, []))


@pytest.mark.parametrize("role", ["expert", "client", "superuser"])
def test_only_roles_of_the_office_are_granted(newcomer, admin, role):
    with pytest.raises(Refused, match="随注册或聘任取得"):
        actions.propose(newcomer, by=admin, role=role)


def test_nobody_proposes_for_himself(admin):
    with pytest.raises(Refused, match="不能给自己提出岗位"):
        actions.propose(admin, by=admin, role="leader")


@pytest.mark.parametrize("role", ["intake", "reviewer", "leader", "inspector", "client"])
def test_only_an_administrator_proposes(newcomer, role):
    with pytest.raises(PermissionDenied):
        actions.propose(newcomer, by=person("someone", role), role="intake")


def test_one_role_is_proposed_once(newcomer, admin):
    actions.propose(newcomer, by=admin, role="intake")

    with pytest.raises(Refused, match="正等待确认"):
        actions.propose(newcomer, by=admin, role="intake")
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=newcomer, proposed_by=admin, role="intake")


def test_proposer_does_not_confirm_even_with_both_roles(newcomer):
    both = person("both", "admin", "inspector")
    grant = actions.propose(newcomer, by=both, role="intake")

    with pytest.raises(Refused, match="提出授权的人不能再确认"):
        actions.confirm(grant, by=both)


def test_nobody_confirms_or_takes_back_his_own(admin, inspector):
    grant = actions.propose(inspector, by=admin, role="leader")

    for verb in (actions.confirm, actions.revoke):
        with pytest.raises(Refused, match="与您本人有关"):
            verb(grant, by=inspector)


def test_closed_account_gets_no_role(newcomer, admin, inspector):
    grant = actions.propose(newcomer, by=admin, role="intake")
    User.objects.filter(pk=newcomer.pk).update(is_active=False)

    with pytest.raises(Refused, match="这个账号已停用"):
        actions.confirm(grant, by=inspector)
    with pytest.raises(Refused, match="这个账号已停用"):
        actions.propose(User.objects.get(pk=newcomer.pk), by=admin, role="leader")


def test_who_loses_a_role_is_signed_out(newcomer, admin, inspector):
    grant = actions.confirm(actions.propose(newcomer, by=admin, role="intake"), by=inspector)
    there = at_home(newcomer)
    inside = there.get("/accounts/").status_code

    actions.revoke(grant, by=inspector)

    assert inside == 200
    assert there.get("/accounts/").url.startswith("/accounts/login/")


def test_proposal_taken_back_signs_nobody_out(newcomer, admin, inspector):
    grant = actions.propose(newcomer, by=admin, role="intake")
    there = at_home(newcomer)

    actions.revoke(grant, by=inspector)

    assert there.get("/accounts/").status_code == 200


# Their pages


def test_administrator_proposes_and_inspector_confirms_on_their_pages(newcomer, admin, inspector):
    desk, other = browser(admin), browser(inspector)

    desk.post(GRANTS + "add/", {"account": "138 0000 0001", "role": "intake"})
    grant = RoleGrant.objects.get()
    seen = other.get(f"/admin/grants/{grant.pk}/")
    done = other.post(f"/admin/grants/{grant.pk}/confirm/")

    grant.refresh_from_db()
    assert (grant.proposed_by, grant.state) == (admin, "active")
    assert [move.verb for move in seen.context["moves"]] == ["confirm", "revoke"]
    assert done.url == f"/admin/grants/{grant.pk}/"


def test_form_of_a_proposal_says_why_not(newcomer, admin):
    desk = browser(admin)

    own = desk.post(GRANTS + "add/", {"account": "Admin", "role": "intake"})
    unknown = desk.post(GRANTS + "add/", {"account": "nobody", "role": "intake"})
    foreign = desk.post(GRANTS + "add/", {"account": "newcomer", "role": "client"})

    assert "不能给自己提出岗位" in own.text
    assert "没有这个账号" in unknown.text
    assert foreign.context["errors"]
    assert not RoleGrant.objects.exists()


def test_the_register_leads_to_the_page_where_a_grant_is_dealt_with(newcomer, admin, inspector):
    grant = actions.propose(newcomer, by=admin, role="intake")

    shown = browser(inspector).get(f"{GRANTS}{grant.pk}/change/").text

    assert f'href="/admin/grants/{grant.pk}/" class="viewsitelink">去办理<' in shown


def test_the_register_leads_from_a_persons_file_to_the_application_it_belongs_to():
    """As its row in the list does; the file itself is no page of the public."""
    document = make.make_document()

    shown = browser(person("anyone", "intake")).get(f"/admin/recruitment/document/{document.pk}/change/").text

    page = document.application.get_absolute_url()
    assert f'href="{page}#documents" class="viewsitelink">去办理<' in shown
    assert ">看公众页面<" not in shown


@pytest.mark.parametrize(
    ("make_one", "address", "words"),
    [
        (make.make_expert, "/admin/experts/expert/{}/change/", ">看公众页面<"),
        (make.make_activity_role, "/admin/services/activityrole/{}/change/", ">历史<"),
    ],
)
def test_the_register_leads_nobody_of_the_office_to_an_experts_desk(inspector, make_one, address, words):
    record = make_one()

    shown = browser(inspector).get(address.format(record.pk)).text

    assert words in shown
    assert "在站点上查看" not in shown
    assert 'href="/desk/' not in shown


@pytest.mark.parametrize(
    ("role", "detail", "confirm", "revoke"),
    [
        ("inspector", 200, 200, 200),
        ("admin", 200, 403, 200),
        ("intake", 404, 404, 404),
        ("leader", 404, 404, 404),
        ("client", 404, 404, 404),
    ],
)
def test_grant_is_open_to_those_who_keep_the_roles(newcomer, admin, role, detail, confirm, revoke):
    grant = actions.propose(newcomer, by=admin, role="intake")
    user = admin if role == "admin" else person("someone", role)
    there = browser(user)

    answers = [there.get(f"/admin/grants/{grant.pk}/{verb}").status_code for verb in ("", "confirm/", "revoke/")]

    assert answers == [detail, confirm, revoke]


@pytest.mark.parametrize("url", [USERS, GRANTS])
def test_list_asks_as_many_questions_for_one_as_for_thirty(admin, inspector, url):
    desk, counts = browser(inspector), []
    for number in (1, 29):
        for turn in range(number):
            actions.propose(person(f"p{number}-{turn}", "client"), by=admin, role="intake")
        desk.get(url)
        with CaptureQueriesContext(connection) as asked:
            desk.get(url)
        counts.append(len(asked))

    assert counts[0] == counts[1]


# Accounts


def test_account_is_opened_for_its_owner_alone(admin):
    """No password that anybody else knows: he comes in by a code to his number, and sets one."""
    form = {"username": "newone", "name": "何新来", "new_phone": "138 0000 0001", "email": ""}

    browser(admin).post(USERS + "add/", form | {"password1": SECRET, "password2": SECRET})

    user = User.objects.get(username="newone")
    told = Notification.objects.get(to=user, channel="sms")
    assert (user.name, user.phone, user.phone_verified, user.is_staff) == ("何新来", PHONE, False, False)
    assert not user.has_usable_password()
    assert "newone" in told.body
    assert told.address == PHONE
    assert trace(user)[0][0] == "admin"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"username": "13900000001"}, "用户名不能是手机号"),
        ({"new_phone": PHONE}, "已经用在另一个账号上"),
        ({"new_phone": "1380000"}, "手机号少了4位"),
        ({"new_phone": ""}, "必填"),
        ({"name": ""}, "必填"),
        ({"username": "newcomer"}, "已存在"),
        ({"username": "NewComer"}, "大小写不算区别"),
    ],
)
def test_faulty_account_is_not_opened(newcomer, admin, typed, reason):
    form = {"username": "newone", "name": "何新来", "new_phone": "13900000009"} | typed

    answer = browser(admin).post(USERS + "add/", form)

    assert reason in answer.text
    assert not User.objects.filter(username="newone").exists()


def saved(user, **typed):
    """What the form of an account sends when nothing but this was touched."""
    return {"username": user.username, "name": user.name, "email": user.email, "is_active": "on"} | typed


def test_the_form_of_an_account_closes_none_and_changes_no_number(newcomer, admin):
    """Both have pages of their own: work is handed over, a number is changed by two."""
    form = saved(newcomer, new_phone="13900000002")
    del form["is_active"]

    browser(admin).post(f"{USERS}{newcomer.pk}/change/", form)

    newcomer.refresh_from_db()
    assert (newcomer.is_active, newcomer.phone, newcomer.phone_verified) == (True, PHONE, True)


def test_a_closed_account_is_opened_again_without_its_roles(newcomer, admin, inspector):
    actions.confirm(actions.propose(newcomer, by=admin, role="intake"), by=inspector)
    actions.shut_out(newcomer, by=admin, reason="调离")

    browser(admin).post(f"{USERS}{newcomer.pk}/change/", saved(newcomer))

    assert User.objects.get(pk=newcomer.pk).is_active
    assert held(newcomer) == (False, [])


def test_saving_an_account_keeps_its_number(newcomer, admin):
    browser(admin).post(f"{USERS}{newcomer.pk}/change/", saved(newcomer, name="何新"))

    newcomer.refresh_from_db()
    assert (newcomer.name, newcomer.phone, newcomer.phone_verified) == ("何新", PHONE, True)


def test_roles_and_staff_are_not_set_by_hand(newcomer, admin):
    browser(admin).post(
        f"{USERS}{newcomer.pk}/change/",
        saved(newcomer, is_staff="on", is_superuser="on", groups=["1"], user_permissions=["1"], phone="13900000002"),
    )

    newcomer.refresh_from_db()
    assert (newcomer.is_staff, newcomer.is_superuser, newcomer.groups.count()) == (False, False, 0)
    assert newcomer.phone == PHONE


def test_numbers_are_masked_wherever_an_account_is_shown(newcomer, admin):
    newcomer.id_kind, newcomer.id_number = "resident_id", ID_NUMBER
    newcomer.save()
    newcomer.phone = "13900000002"
    newcomer.save()
    desk, page = browser(admin), f"{USERS}{newcomer.pk}/"

    shown = [desk.get(USERS), desk.get(page + "change/"), desk.get(page + "history/")]
    shown += [desk.get(f"{page}history/{entry.pk}/", follow=True) for entry in newcomer.history.all()]

    assert [answer.status_code for answer in shown] == [200] * len(shown)
    assert "139****0002" in shown[0].text
    assert "1401**********123X" in shown[1].text
    assert "手机号" in shown[2].text
    for answer in shown:
        assert not [number for number in (PHONE, "13900000002", ID_NUMBER) if number in answer.text]


def test_history_of_an_account_is_read_and_not_put_back(newcomer, admin):
    entry = newcomer.history.first()

    answer = browser(admin).post(f"{USERS}{newcomer.pk}/history/{entry.pk}/", saved(newcomer, name="别名"))

    newcomer.refresh_from_db()
    assert answer.status_code == 403
    assert newcomer.name == "何新来"


def test_whole_number_finds_its_owner(newcomer, admin):
    desk = browser(admin)

    found = desk.get(USERS, {"q": "138 0000 0001"}).context["cl"].result_list

    assert [user.username for user in found] == ["newcomer"]


def test_nobody_sets_the_password_of_another(newcomer, admin):
    form = {"usable_password": "true", "password1": "太行山上的核桃又多又大个", "password2": "太行山上的核桃又多又大个"}
    desk = browser(admin)

    answers = [desk.get(f"{USERS}{newcomer.pk}/password/"), desk.post(f"{USERS}{newcomer.pk}/password/", form)]

    newcomer.refresh_from_db()
    assert [answer.status_code for answer in answers] == [403, 403]
    assert newcomer.check_password(SECRET)


def test_factor_set_up_before_the_first_role_is_of_no_office(newcomer, admin, inspector):
    """Whoever opened the account may hold it; who has another role already keeps his."""
    Authenticator.objects.create(user=newcomer, type=Authenticator.Type.TOTP, data={})
    actions.confirm(actions.propose(newcomer, by=admin, role="intake"), by=inspector)
    first = enrolment.has_factor(newcomer)
    Authenticator.objects.create(user=newcomer, type=Authenticator.Type.TOTP, data={})
    actions.confirm(actions.propose(newcomer, by=admin, role="cashier"), by=inspector)

    assert (first, enrolment.has_factor(newcomer)) == (False, True)


def test_inspector_gives_the_code_in_person(newcomer, admin, inspector):
    grant = actions.confirm(actions.propose(newcomer, by=admin, role="intake"), by=inspector)
    page, there = f"/admin/grants/{grant.pk}/", browser(inspector)

    said = there.post(f"{page}issue_code/", {"identity": "本人到场，看了工作证"}, follow=True)
    code = "".join(re.search(r"开通码(\d{4}) (\d{4})", said.text).groups())
    later = there.get(page)

    assert enrolment.redeem(newcomer.pk, code)
    assert f"{code[:4]} {code[4:]}" not in later.text
    assert "本人到场，看了工作证" in later.text
    assert trace(grant)[-1] == ("inspector", "发开通码")
    with pytest.raises(PermissionDenied):
        actions.issue_code(grant, by=admin, identity="看了")


def test_whoever_proposed_gives_no_code_with_whatever_roles(newcomer, inspector):
    both = person("both", "admin", "inspector")
    grant = actions.confirm(actions.propose(newcomer, by=both, role="intake"), by=inspector)

    with pytest.raises(Refused, match="提出授权的人不能发开通码"):
        actions.issue_code(grant, by=both, identity="看了工作证")
    newcomer.refresh_from_db()
    assert newcomer.enrol_code == ""


def test_no_code_for_whoever_has_his_factor(newcomer, admin, inspector):
    grant = actions.confirm(actions.propose(newcomer, by=admin, role="intake"), by=inspector)
    Authenticator.objects.create(user=newcomer, type=Authenticator.Type.TOTP, data={})

    with pytest.raises(Refused, match="已有两步验证"):
        actions.issue_code(grant, by=inspector, identity="看了工作证")


def test_proposal_of_a_closed_account_is_not_confirmed(newcomer, admin, inspector):
    grant = actions.propose(newcomer, by=admin, role="intake")
    User.objects.filter(pk=admin.pk).update(is_active=False)

    with pytest.raises(Refused, match="提出人的账号已停用"):
        actions.confirm(RoleGrant.objects.get(pk=grant.pk), by=inspector)


@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("inspector", 200), ("reviewer", 403)])
def test_accounts_are_open_to_those_who_keep_them(newcomer, role, status):
    assert browser(person("someone", role)).get(USERS).status_code == status


def test_inspector_reads_accounts_only(newcomer, inspector):
    there = browser(inspector)

    assert there.get(f"{USERS}{newcomer.pk}/change/").status_code == 200
    assert there.post(f"{USERS}{newcomer.pk}/change/", saved(newcomer, name="别名")).status_code == 403
    assert there.get(USERS + "add/").status_code == 403
    assert there.get(f"{USERS}{newcomer.pk}/password/").status_code == 403


# A new installation


def create(monkeypatch, username, role, password=SECRET):
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    said = io.StringIO()
    call_command("create_staff", username, role=role, name="陈管理", stdout=said)
    return said.getvalue()


def test_first_accounts_come_from_the_command_line_and_then_no_more(monkeypatch):
    said = create(monkeypatch, "chen", "admin") + create(monkeypatch, "zheng", "inspector")

    with pytest.raises(CommandError, match="已有管理员和纪检"):
        create(monkeypatch, "other", "admin")
    chen, zheng = User.objects.order_by("pk")
    assert SECRET not in said
    assert (chen.is_staff, chen.is_superuser, chen.check_password(SECRET)) == (True, False, True)
    assert zheng.has_perm("expertteam.confirm_rolegrant")
    assert [grant.state for grant in RoleGrant.objects.all()] == ["active", "active"]
    assert trace(RoleGrant.objects.get(user=chen)) == [(None, "首次设立")]


@pytest.mark.parametrize(("again", "made"), [(SECRET, 1), (SECRET + "1", 0)])
def test_a_password_that_nobody_sees_is_typed_twice(monkeypatch, again, made):
    terminal, typed = io.StringIO(), iter([SECRET, again])
    terminal.isatty = lambda: True
    monkeypatch.setattr("sys.stdin", terminal)
    monkeypatch.setattr(create_staff, "getpass", lambda asked: next(typed))

    with nullcontext() if made else pytest.raises(CommandError, match="两遍密码不一样"):
        call_command("create_staff", "chen", role="admin", stdout=io.StringIO())

    assert [user.check_password(SECRET) for user in User.objects.all()] == [True] * made


def test_first_accounts_get_a_code_and_another_until_they_have_their_factor(monkeypatch):
    said = [create(monkeypatch, "chen", "admin"), create(monkeypatch, "chen", "admin")]
    codes = [re.search(r"开通码(\d{8})", each)[1] for each in said]
    chen = User.objects.get(username="chen")

    opened = [enrolment.redeem(chen.pk, code) for code in codes]
    Authenticator.objects.create(user=chen, type=Authenticator.Type.TOTP, data={})

    assert opened == [codes[0] == codes[1], True]
    with pytest.raises(CommandError, match="已被使用"):
        create(monkeypatch, "chen", "admin")


def test_with_one_of_each_ready_nobody_gets_a_code_on_the_command_line(monkeypatch):
    """Else whoever has the machine could come in as the next administrator before he does."""
    for username, role in (("chen", "admin"), ("zheng", "inspector")):
        create(monkeypatch, username, role)
        assert "开通码" in create(monkeypatch, username, role)
        Authenticator.objects.create(user=User.objects.get(username=username), type="totp", data={})
    later = person("later")
    chen, zheng = User.objects.get(username="chen"), User.objects.get(username="zheng")
    actions.confirm(actions.propose(later, by=chen, role="admin"), by=zheng)

    with pytest.raises(CommandError, match="请在系统里办"):
        create(monkeypatch, "later", "admin")
    assert User.objects.get(pk=later.pk).enrol_code == ""


def test_a_closed_account_does_not_count(monkeypatch):
    create(monkeypatch, "chen", "admin")
    create(monkeypatch, "zheng", "inspector")
    User.objects.filter(username="zheng").update(is_active=False)

    create(monkeypatch, "feng", "inspector")

    assert User.objects.get(username="feng").is_staff


@pytest.mark.parametrize(
    ("username", "password", "reason"),
    [("chen", "太短", "12"), ("13900000001", SECRET, "手机号"), ("Newcomer", SECRET, "已被使用")],
)
def test_faulty_first_account_is_refused(monkeypatch, newcomer, username, password, reason):
    with pytest.raises(CommandError, match=reason):
        create(monkeypatch, username, "admin", password)


def test_no_other_role_is_given_on_the_command_line(monkeypatch):
    with pytest.raises(CommandError, match="role"):
        call_command("create_staff", "chen", "--role=leader")


def test_history_of_a_role_links_nowhere_that_fails(newcomer, admin):
    grant = actions.propose(newcomer, by=admin, role="intake")
    page = f"/admin/expertteam/rolegrant/{grant.pk}/history/"

    listed, one = browser(admin).get(page), browser(admin).get(f"{page}{grant.history.first().pk}/")

    assert f"{page}{grant.history.first().pk}" not in listed.text
    assert one.url == page
