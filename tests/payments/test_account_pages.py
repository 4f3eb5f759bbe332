"""The pages of accounts and of who is paid: who opens what, what they do, and that none shows a number (Article 13)."""

import re
from datetime import date

import pytest
from django.urls import reverse

from expertteam import clock
from expertteam.models import ROLES, Notification
from payments import actions
from payments.models import BankAccount, Payee
from tests.conftest import person
from tests.make import make_bank_account, make_expert, make_user, sign_in
from tests.payments import pay

OPEN, FORBIDDEN, MISSING, SIGN_IN = 200, 403, 404, 302
ACCOUNTS, PAYEES, OWN = "/admin/payments/accounts/", "/admin/payments/payees/", "/desk/pay/account/"
CARD, ODD = "6217000130001234565", "6222020502001234567"  # the check digit of the second is wrong
TYPED = {"bank": "中国建设银行", "branch": "太原迎泽支行", "number": "6217 0001 3000 1234 565"}
SECRET = "晋祠流水2026年"
SEES = {"intake", "reviewer", "inspector", "cashier", "auditor", "leader"}
FACTS = {"cashier", "auditor", "leader"}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def owner():
    user = make_user(name="韩砚秋", phone="13900000021", phone_verified=True)
    user.set_password(SECRET)
    user.save()
    return make_expert(user=user)


@pytest.fixture
def own(http, owner):
    """The expert at his desk, who has just proved who he is."""
    sign_in(http, owner.user)
    http.post("/accounts/reauthenticate/", {"password": SECRET})
    return http


def entered(owner, **said):
    return actions.enter_account(owner, by=owner.user, bank="中国建设银行", number=CARD, **said)


def written(http):
    """What the page says, its tags and spaces left out."""
    return re.sub(r"\s|<[^>]*>", "", http)


# Who opens what


@pytest.mark.parametrize("role", [*ROLES, "stranger", "nobody"])
def test_a_page_of_the_office_opens_for_whom_it_should(http, role, owner):
    account, official = entered(owner), make_expert(category=5)
    page, payee = f"{ACCOUNTS}{account.pk}/", f"{PAYEES}{official.pk}/"
    doors = {  # page -> who opens it, and what everybody else is told
        ACCOUNTS: (SEES, FORBIDDEN),
        f"{ACCOUNTS}enter/": ({"intake"}, FORBIDDEN),
        page: (SEES, MISSING),
        f"{page}confirm_account/": ({"reviewer"}, FORBIDDEN if role in SEES else MISSING),
        f"{page}refuse_account/": ({"reviewer"}, FORBIDDEN if role in SEES else MISSING),
        PAYEES: (FACTS, FORBIDDEN),
        payee: (FACTS, FORBIDDEN),
        f"{payee}facts/": ({"cashier", "leader"}, FORBIDDEN),
        f"{payee}consent/": ({"leader"}, FORBIDDEN),
        f"{payee}withdraw/": ({"leader"}, FORBIDDEN),
        OWN: (set(), MISSING),
        f"{OWN}{account.pk}/dispute/": (set(), MISSING),
    }
    if role != "nobody":
        sign_in(http, person(role, *[role] if role in ROLES else []))

    found = {door: http.get(door).status_code for door in doors}

    told = {
        page: SIGN_IN if role == "nobody" else OPEN if role in who else other for page, (who, other) in doors.items()
    }
    assert found == told


def test_nobody_in_office_opens_his_own(http, intake):
    officer = person("both", "reviewer", "leader", "cashier")
    expert = make_expert(user=officer, category=5)
    account = actions.enter_account(expert, by=intake, bank="中国建设银行", number=CARD)
    sign_in(http, officer)

    pages = [f"{ACCOUNTS}{account.pk}/", f"{ACCOUNTS}{account.pk}/confirm_account/"]
    pages += [f"{PAYEES}{expert.pk}/{act}" for act in ("", "facts/", "consent/", "withdraw/")]
    assert [http.get(page).status_code for page in pages] == [MISSING] * 6
    assert [page for page in (ACCOUNTS, PAYEES) if expert.no in http.get(page).text] == []
    assert http.get(OWN).status_code == OPEN
    assert http.get(f"{OWN}{account.pk}/dispute/").status_code == OPEN


def test_an_expert_opens_his_own_and_nobody_elses(own, owner):
    mine, theirs = entered(owner), entered(make_expert())

    assert own.get(OWN).status_code == OPEN
    assert [own.get(f"{OWN}{each.pk}/dispute/").status_code for each in (mine, theirs)] == [OPEN, MISSING]
    assert own.post(f"{OWN}{theirs.pk}/dispute/").status_code == MISSING
    assert own.get(f"{ACCOUNTS}{mine.pk}/").status_code == FORBIDDEN
    assert own.get(f"{ACCOUNTS}{theirs.pk}/").status_code == MISSING
    theirs.refresh_from_db()
    assert theirs.state == "entered"


# The expert at his desk


def test_he_proves_who_he_is_before_he_enters_an_account(http, owner):
    sign_in(http, owner.user)

    stopped = http.get(f"{OWN}enter/")
    lost = http.post(f"{OWN}enter/", TYPED)

    assert stopped.url == "/accounts/reauthenticate/?next=%2Fdesk%2Fpay%2Faccount%2Fenter%2F"
    assert lost.url == f"{OWN}enter/"
    assert "1234" not in str(dict(http.session))  # nothing of what he typed waits there
    assert not BankAccount.objects.exists()
    http.post(stopped.url, {"password": SECRET})
    assert http.get(f"{OWN}enter/").status_code == OPEN


def test_he_enters_his_account(own, owner):
    assert "您没有可用的账户" in own.get(OWN).text

    answer = own.post(f"{OWN}enter/", TYPED)

    account = BankAccount.objects.get()
    assert answer.url == OWN
    assert (account.expert, account.holder, account.number, account.branch) == (owner, "韩砚秋", CARD, "太原迎泽支行")
    page = own.get(OWN).text
    assert "账户已填，等核实" in page
    assert "工作人员会打电话向您核实" in page
    assert "尾号4565" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"number": ""}, "请填写银行账号"),
        ({"number": "62170001"}, "银行卡号应为12至19位数字，现在是8位"),
        ({"bank": ""}, "请填写开户银行"),
        ({"number": ODD}, "账号的校验位对不上，请对着银行卡再看一遍；没有错就勾选"),
    ],
)
def test_what_is_wrong_is_said(own, typed, words):
    answer = own.post(f"{OWN}enter/", TYPED | typed)

    assert answer.status_code == 422
    assert words in answer.text
    assert not BankAccount.objects.exists()


def test_a_wrong_check_digit_asks_for_a_second_look_only(own):
    first = own.get(f"{OWN}enter/").text
    warned = own.post(f"{OWN}enter/", TYPED | {"number": ODD}).text

    own.post(f"{OWN}enter/", TYPED | {"number": ODD, "checked": "on"})

    assert ["我又核对了一遍" in page for page in (first, warned)] == [False, True]
    assert BankAccount.objects.get().number == ODD


def test_the_page_says_where_the_account_stands(own, owner, reviewer):
    account = entered(owner)
    waiting = own.get(OWN).text
    actions.confirm_account(account, by=reviewer, check_note="本人接听")
    cooling = own.get(OWN).text
    with clock.at(date(2026, 3, 6)):
        sign_in(own, owner.user)
        in_use = own.get(OWN).text
        new = actions.enter_account(owner, by=owner.user, bank="中国银行", number=ODD)
        changing = own.get(OWN).text
        actions.refuse_account(new, by=reviewer, check_note="开户银行不对")
        refused = own.get(OWN).text

    assert "核实后还有几天观察期，期间不付款" in waiting
    assert "账户已核实，3月5日 09:00起可用" in cooling
    assert "报酬转到下面这个账户" in in_use
    assert "账户正在变更，核实以前报酬不转到新账户" in changing
    assert "您填的中国银行，尾号4567没有通过：开户银行不对" in refused


@pytest.mark.parametrize("state", ["entered", "confirmed"])
def test_he_denies_an_account(own, owner, reviewer, inspector, state):
    account = make_bank_account(state, expert=owner)
    way = f"{OWN}{account.pk}/dispute/"
    assert way in own.get(OWN).text
    assert "马上停用" in own.get(way).text

    own.post(way)

    account.refresh_from_db()
    assert account.state == "disputed"
    assert Notification.objects.inbox(inspector).get().url == account.get_absolute_url()
    page = own.get(OWN).text
    assert "本人否认" in page
    assert "您没有可用的账户" in page


def test_a_denial_is_his_only(http, owner, reviewer):
    account = entered(owner)
    sign_in(http, reviewer)

    assert http.post(f"{OWN}{account.pk}/dispute/").status_code == MISSING
    account.refresh_from_db()
    assert account.state == "entered"


# The office


def test_the_counter_enters_an_account(http, owner, intake):
    sign_in(http, intake)
    paper = {"expert": owner.no, "holder": "韩砚秋"} | TYPED

    wrong = http.post(f"{ACCOUNTS}enter/", paper | {"holder": "韩砚春"})
    unknown = http.post(f"{ACCOUNTS}enter/", paper | {"expert": "没有这个人"})
    answer = http.post(f"{ACCOUNTS}enter/", paper | {"expert": "韩砚秋"})

    account = BankAccount.objects.get()
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert wrong.context["form"].errors["holder"] == ["户名和专家的姓名不一样，报酬只付到本人名下的账户"]
    assert "请填专家编号" in unknown.text
    assert answer.url == account.get_absolute_url()
    assert (account.expert, account.entered_by, account.number) == (owner, intake, CARD)


def test_whoever_may_not_write_a_consent_down_is_told_who_does(http, owner):
    Payee.objects.create(expert=owner, official=True)
    page, words = reverse("payments:payee", args=[owner.pk]), "单位同意由局领导登记，请把同意函交给局领导"

    sign_in(http, person("cashier", "cashier"))
    assert words in http.get(page).text
    sign_in(http, person("leader", "leader"))
    assert words not in http.get(page).text


def test_an_officer_enters_his_own_at_his_desk(http):
    officer = person("both", "intake", name="韩砚秋")
    own = make_expert(user=officer)
    sign_in(http, officer)

    answer = http.post(f"{ACCOUNTS}enter/", {"expert": own.no, "holder": "韩砚秋"} | TYPED)

    assert "您本人的账户请在专家工作台填写" in answer.text
    assert not BankAccount.objects.exists()


@pytest.mark.parametrize(("move", "state"), [("confirm_account", "confirmed"), ("refuse_account", "refused")])
def test_the_reviewer_checks_an_account(http, owner, reviewer, move, state):
    account = entered(owner)
    sign_in(http, reviewer)
    page = account.get_absolute_url()
    way = f"{page}{move}/"
    assert way in http.get(page).text
    assert "tel:13900000021" in http.get(way).text

    empty = http.post(way, {"check_note": ""})
    answer = http.post(way, {"check_note": "打预留手机，本人接听"})

    account.refresh_from_db()
    assert (empty.status_code, answer.url) == (422, page)
    assert (account.state, account.check_note) == (state, "打预留手机，本人接听")
    assert "打预留手机，本人接听" in http.get(page).text


def test_the_number_to_ring_up_is_the_one_he_had(http, owner, reviewer):
    with clock.at(date(2026, 5, 1)):
        owner.user.phone = "13900000099"
        owner.user.save()
    with clock.at(date(2026, 5, 20)):
        account = entered(owner)
        sign_in(http, reviewer)
        page = http.get(f"{account.get_absolute_url()}confirm_account/").text

    assert "tel:13900000021" in page
    assert "13900000099" not in page
    assert "手机号最近30天内换过" in page


def test_whoever_entered_it_is_offered_no_check(http, owner):
    both = person("both", "intake", "reviewer")
    account = actions.enter_account(owner, by=both, bank="中国建设银行", number=CARD)
    sign_in(http, both)

    page = http.get(account.get_absolute_url()).text

    assert "confirm_account" not in page
    assert "录入的人不能自己核实" in page


def test_the_same_number_under_two_names_is_pointed_out(http, owner, reviewer):
    mine, theirs = entered(owner), entered(make_expert())
    alone = actions.enter_account(make_expert(), by=person("counter", "intake"), bank="中国银行", number=ODD)
    sign_in(http, reviewer)

    assert f"同一个账号也登记在{theirs.expert}（{theirs.expert.no}）名下" in http.get(mine.get_absolute_url()).text
    assert "同一个账号" not in http.get(alone.get_absolute_url()).text


def test_what_waits_comes_first_and_the_tabs_count(http, reviewer):
    states = ["entered", "confirmed", "replaced", "disputed"]
    experts = {state: make_bank_account(state).expert for state in states}
    sign_in(http, reviewer)

    everything = http.get(ACCOUNTS).text
    disputed = http.get(f"{ACCOUNTS}?state=disputed").text
    tail = http.get(f"{ACCOUNTS}?q=4567").text

    rows = re.findall(r"TY-\d{4}", everything)
    assert rows == [experts[state].no for state in ("entered", "disputed", "replaced", "confirmed")]
    assert re.findall(r"TY-\d{4}", disputed) == [experts["disputed"].no]
    assert len(re.findall(r"TY-\d{4}", tail)) == 4
    assert "待核实1" in written(everything)


def test_facts_and_consent_are_written_down(http, cashier, leader):
    expert = make_expert()
    page = f"{PAYEES}{expert.pk}/"
    sign_in(http, cashier)
    assert "没有核实" in http.get(page).text
    http.post(f"{page}facts/", {"resident": "no", "tier": "senior", "official": "yes"})
    assert "非居民个人" in http.get(page).text
    assert "公职人员，没有登记单位同意" in http.get(page).text

    sign_in(http, leader)
    assert f"{page}consent/" in http.get(page).text
    empty = http.post(f"{page}consent/", {"basis": ""})
    http.post(f"{page}consent/", {"basis": "同意函，并发改函〔2026〕8号"})

    payee = Payee.objects.get(expert=expert)
    told = http.get(page).text
    assert empty.status_code == 422
    assert (payee.resident, payee.tier, payee.official) == (False, "senior", True)
    assert (payee.consent_basis, payee.consented_by) == ("同意函，并发改函〔2026〕8号", leader)
    assert "并发改函〔2026〕8号" in told
    assert "没有登记单位同意" not in told

    http.post(f"{page}withdraw/")
    payee.refresh_from_db()
    assert payee.consent_basis == ""
    assert "并发改函〔2026〕8号" in http.get(page).text  # what was is on record


def test_a_refusal_comes_back_on_the_page(http, cashier):
    official = make_expert(category=5)
    sign_in(http, cashier)

    answer = http.post(f"{PAYEES}{official.pk}/facts/", {"resident": "yes", "tier": "other", "official": "no"})

    assert answer.status_code == 422
    assert "按公职人员办理，不能改为不是" in answer.text
    assert not Payee.objects.exists()


def test_the_list_of_those_who_cannot_be_paid(http, cashier, auditor):
    expert, fine = make_expert(), make_expert()
    with clock.at(date(2026, 4, 2)):
        pay.account(fine)
    sign_in(http, auditor)

    with clock.at(date(2026, 4, 2)):
        page = http.get(PAYEES).text

    assert f'href="{PAYEES}{expert.pk}/"' in page
    assert "没有收款账户" in page
    assert fine.no not in page


# No number in full


def test_no_page_and_no_register_shows_a_number(http, owner, reviewer, inspector):
    """Its tail stands on every one of them."""
    account = entered(owner)
    actions.confirm_account(account, by=reviewer, check_note="本人接听")
    admin = f"/admin/payments/bankaccount/{account.pk}"
    pages = {
        owner.user: [OWN, f"{OWN}{account.pk}/dispute/", "/desk/"],
        person("all", "intake", "reviewer", "cashier", "auditor", "leader", "inspector"): [
            ACCOUNTS,
            f"{ACCOUNTS}{account.pk}/",
            f"{PAYEES}{owner.pk}/",
            "/admin/payments/bankaccount/",
            f"{admin}/change/",
            f"{admin}/history/",
        ],
    }
    for user, addresses in pages.items():
        sign_in(http, user)
        for address in addresses:
            answer = http.get(address)
            assert answer.status_code == OPEN, address
            assert (CARD in answer.text, account.number_index in answer.text) == (False, False), address
            assert address.endswith(("/history/", "/desk/")) or "4565" in answer.text, address


def test_the_page_to_check_it_shows_no_number(http, owner, reviewer):
    account = entered(owner)
    sign_in(http, reviewer)

    page = http.get(f"{account.get_absolute_url()}confirm_account/").text

    assert ("尾号4565" in page, CARD in page) == (True, False)


# As many queries for three as for one


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_database_equally_often(http, django_assert_num_queries, count, auditor):
    for _ in range(count):
        make_bank_account("confirmed", expert=make_expert())
        make_expert()
    sign_in(http, auditor)
    http.get(ACCOUNTS)

    with django_assert_num_queries(12):
        http.get(ACCOUNTS)
    with django_assert_num_queries(11):
        http.get(PAYEES)


@pytest.mark.parametrize("count", [1, 3])
def test_pages_of_one_ask_the_database_equally_often(http, django_assert_num_queries, count, owner, auditor):
    accounts = [make_bank_account("replaced", expert=owner) for _ in range(count)]
    Payee.objects.create(expert=owner)
    sign_in(http, auditor)
    http.get(ACCOUNTS)

    with django_assert_num_queries(13):
        http.get(accounts[0].get_absolute_url())
    with django_assert_num_queries(14):
        http.get(f"{PAYEES}{owner.pk}/")
    sign_in(http, owner.user)
    with django_assert_num_queries(4):
        http.get(OWN)
