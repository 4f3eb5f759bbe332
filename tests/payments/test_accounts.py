"""收款账户: who enters, who checks, when it may be paid to, who is told, what the database refuses (Article 13)."""

import logging
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from expertteam import clock
from expertteam.models import Notification, Policy
from expertteam.regulation import Refused
from payments import account_rows, actions
from payments.models import BankAccount
from tests import make
from tests.conftest import person
from tests.make import make_bank_account, make_expert, make_user
from tests.payments import pay

CARD, OTHER = "6217000130001234565", "6222020502001234567"
BANK = {"bank": "中国建设银行", "branch": "太原迎泽支行"}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]  # nine o'clock on 2026-03-02


@pytest.fixture
def owner():
    return make_expert(user=make_user(name="韩砚秋", phone="13900000021", phone_verified=True))


def entered(owner, number=CARD, by=None, **said):
    return actions.enter_account(owner, by=by or owner.user, number=number, **BANK | said)


def confirmed(owner, reviewer, number=CARD):
    return actions.confirm_account(entered(owner, number), by=reviewer, check_note="打预留手机，本人接听")


def sms():
    return [(each.address, each.body) for each in Notification.objects.filter(channel="sms").order_by("pk")]


def told(user):
    return list(Notification.objects.inbox(user).order_by("pk").values_list("subject", flat=True))


def sql(statement, *values):
    """As somebody at the database would write."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


# Entered


def test_an_expert_enters_his_own_account(owner):
    account = entered(owner, " 6217 0001 3000 1234 565 ")

    account.refresh_from_db()
    assert (account.state, account.holder, account.bank, account.tail) == ("entered", "韩砚秋", "中国建设银行", "4565")
    assert (account.number, account.entered_by) == ("6217000130001234565", owner.user)
    assert account.history.get().history_change_reason == "填写收款账户（第13条）"


def test_the_counter_enters_it_from_paper(owner, intake):
    account = entered(owner, by=intake, holder="韩 砚秋")

    assert (account.holder, account.entered_by) == ("韩砚秋", intake)
    assert account.history.get().history_change_reason == "代录收款账户（第13条）"


@pytest.mark.parametrize("holder", ["韩砚春", "太原某商贸有限公司"])
def test_an_account_in_another_name_is_refused(owner, intake, holder):
    with pytest.raises(Refused, match="报酬只付到本人名下的账户"):
        entered(owner, by=intake, holder=holder)

    assert not BankAccount.objects.exists()


def test_the_middle_dot_of_a_name_is_written_in_several_ways(intake):
    owner = make_expert(user=make_user(name="买买提·艾力"))

    assert entered(owner, by=intake, holder="买买提•艾力").holder == "买买提·艾力"


@pytest.mark.parametrize(
    "role", ["reviewer", "leader", "matcher", "inspector", "cashier", "auditor", "admin", "expert"]
)
def test_nobody_else_enters_an_account(owner, role):
    with pytest.raises(PermissionDenied):
        entered(owner, by=person("someone", role))


@pytest.mark.parametrize("number", ["621700013000123456a", "62170001300", "62170001300012345650"])
def test_a_number_that_is_none_is_refused(owner, number):
    with pytest.raises(ValidationError):
        entered(owner, number)


def test_a_wrong_check_digit_is_the_forms_warning_only(owner):
    assert entered(owner, OTHER).tail == "4567"


def test_what_he_enters_anew_takes_the_place_of_what_nobody_checked(owner):
    first = entered(owner, OTHER)

    second = entered(owner)

    first.refresh_from_db()
    assert (first.state, first.check_note, second.state) == ("refused", "本人另填了账户", "entered")
    assert first.history.first().history_change_reason == "另填账户（第13条）"


def test_the_counter_waits_until_what_was_entered_is_checked(owner, intake):
    entered(owner, OTHER)

    with pytest.raises(Refused, match="已有一个账户待核实"):
        entered(owner, by=intake)

    assert BankAccount.objects.get().tail == "4567"


def test_the_account_in_use_is_not_entered_again(owner, reviewer):
    confirmed(owner, reviewer)

    with pytest.raises(Refused, match="现在用的就是这个账户"):
        entered(owner)


# The expert is told at once


def test_the_first_account_is_told_by_sms_and_on_the_portal(owner, intake):
    entered(owner, by=intake)

    words = "您的收款账户正在登记为中国建设银行，尾号4565，不是您本人办理请马上点否认或打0351-555 0100"
    assert sms() == [("13900000021", words)]
    assert told(owner.user) == ["收款账户正在登记"]
    assert len(words) <= 70


def test_a_change_is_told_as_one(owner, reviewer):
    confirmed(owner, reviewer, OTHER)

    entered(owner)

    words = "您的收款账户正在变更为中国建设银行，尾号4565，不是您本人办理请马上点否认或打0351-555 0100"
    assert sms()[-1] == ("13900000021", words)


@pytest.mark.parametrize(("days", "addresses"), [(29, {"13900000099", "13900000021"}), (30, {"13900000099"})])
def test_the_number_he_had_before_is_told_too(owner, days, addresses):
    """Whoever takes an account over changes the number first."""
    with clock.at(date(2026, 5, 1)):
        owner.user.phone = "13900000099"
        owner.user.save()

    with clock.at(date(2026, 5, 1) + timedelta(days=days)):
        entered(owner)

    assert {address for address, _ in sms()} == addresses


def test_reviewers_are_told_that_one_waits_but_not_of_their_own(reviewer):
    both = make_expert(user=person("both", "reviewer", name="双重"))

    entered(both)

    assert told(reviewer) == ["有收款账户待核实"]
    assert told(both.user) == ["收款账户正在登记"]


def test_no_message_and_no_log_holds_the_number(owner, reviewer, inspector, caplog):
    caplog.set_level(logging.DEBUG)
    account = confirmed(owner, reviewer)
    actions.dispute(account, by=owner.user)
    actions.refuse_account(entered(owner, OTHER), by=reviewer, check_note="对不上")

    said = "".join(f"{each.subject}{each.body}{each.url}" for each in Notification.objects.all())
    assert "尾号4565" in said
    assert [card for card in (CARD, OTHER) if card in said + caplog.text] == []


def test_the_number_is_encrypted_in_table_and_history(owner):
    entered(owner)

    with connection.cursor() as cursor:
        for table in ("payments_bankaccount", "payments_historicalbankaccount"):
            cursor.execute(f"SELECT * FROM {table}")
            assert CARD not in str(cursor.fetchall())


# Checked


def test_another_person_confirms_it_and_it_cools(owner, reviewer):
    account = confirmed(owner, reviewer)

    account.refresh_from_db()
    assert (account.state, account.confirmed_by, account.check_note) == ("confirmed", reviewer, "打预留手机，本人接听")
    assert account.usable_from == clock.instant(date(2026, 3, 5), 9)
    assert not account.is_usable(clock.instant(date(2026, 3, 5), 8, 59))
    assert account.is_usable(clock.instant(date(2026, 3, 5), 9))
    assert told(owner.user) == ["收款账户正在登记", "收款账户已核实"]
    assert "3月5日 09:00起可用" in sms()[-1][1]
    assert not Notification.objects.inbox(reviewer).filter(read_at=None).exists()


def test_the_time_to_cool_is_the_bureaus(owner, reviewer):
    Policy.objects.create(key="account_cooling_days", value=7, effective_from=date(2026, 3, 1), source="局务会纪要")

    assert confirmed(owner, reviewer).usable_from == clock.instant(date(2026, 3, 9), 9)


def test_a_new_one_replaces_the_former(owner, reviewer):
    former = confirmed(owner, reviewer, OTHER)

    new = confirmed(owner, reviewer)

    former.refresh_from_db()
    assert (former.state, new.state) == ("replaced", "confirmed")
    assert former.history.first().history_change_reason == "更换账户（第13条）"
    assert former.history.first().history_user == reviewer
    assert list(BankAccount.objects.standing()) == [new]


def test_nobody_replaces_an_account_by_itself(owner, reviewer):
    with pytest.raises(PermissionDenied):
        actions.replace_account(confirmed(owner, reviewer), by=reviewer)


@pytest.mark.parametrize("move", ["confirm_account", "refuse_account"])
def test_whoever_entered_it_does_not_check_it(owner, move):
    both = person("both", "intake", "reviewer")
    account = entered(owner, by=both)

    with pytest.raises(Refused, match="录入的人不能自己核实"):
        getattr(actions, move)(account, by=both, check_note="核对过")
    assert not account_rows.to_check_of(both).exists()


@pytest.mark.parametrize("move", ["confirm_account", "refuse_account"])
def test_nobody_checks_his_own(intake, move):
    officer = person("both", "reviewer")
    account = entered(make_expert(user=officer), by=intake)

    with pytest.raises(Refused, match="与您本人有关"):
        getattr(actions, move)(account, by=officer, check_note="核对过")
    assert not account_rows.to_check_of(officer).exists()


@pytest.mark.parametrize("move", ["confirm_account", "refuse_account"])
@pytest.mark.parametrize("role", ["intake", "leader", "matcher", "inspector", "cashier", "auditor", "admin", "expert"])
def test_only_a_reviewer_checks(owner, role, move):
    with pytest.raises(PermissionDenied):
        getattr(actions, move)(entered(owner), by=person("someone", role), check_note="核对过")


@pytest.mark.parametrize("move", ["confirm_account", "refuse_account"])
def test_the_check_says_how_it_was_made(owner, reviewer, move):
    with pytest.raises(Refused, match="请写明怎样核实的"):
        getattr(actions, move)(entered(owner), by=reviewer, check_note="  ")


def test_a_refused_one_is_told_with_the_reason_and_the_former_stays(owner, reviewer):
    former = confirmed(owner, reviewer, OTHER)

    account = actions.refuse_account(entered(owner), by=reviewer, check_note="开户银行不对")

    former.refresh_from_db()
    assert (account.state, former.state) == ("refused", "confirmed")
    assert sms()[-1][1] == "您填的收款账户中国建设银行，尾号4565没有通过：开户银行不对。请重新填写。"
    assert told(owner.user)[-1] == "收款账户没有通过"


def test_the_queue_of_today_holds_what_waits(owner, reviewer):
    account = entered(owner)

    row = account_rows.to_check(account_rows.to_check_of(reviewer).get())

    assert (row.what, row.whom, row.url) == ("核实收款账户", "韩砚秋老师", account.get_absolute_url())
    assert CARD not in str(row)
    actions.confirm_account(account, by=reviewer, check_note="本人接听")
    assert not account_rows.to_check_of(reviewer).exists()


# Denied


@pytest.mark.parametrize(("state", "days"), [("entered", 0), ("confirmed", 0), ("confirmed", 2), ("confirmed", 400)])
def test_the_expert_denies_it_at_any_time(owner, intake, reviewer, inspector, state, days):
    account = entered(owner, by=intake)
    if state == "confirmed":
        actions.confirm_account(account, by=reviewer, check_note="本人接听")

    with clock.at(date(2026, 3, 2) + timedelta(days=days)):
        actions.dispute(account, by=owner.user)
        assert (account.state, account.is_usable(clock.now())) == ("disputed", False)
        assert "收款账户被本人否认" in told(reviewer)
        assert told(inspector) == ["收款账户被本人否认"]


def test_the_account_before_does_not_come_back_by_itself(owner, reviewer):
    former = confirmed(owner, reviewer, OTHER)
    account = confirmed(owner, reviewer)

    actions.dispute(account, by=owner.user)

    former.refresh_from_db()
    assert (former.state, BankAccount.objects.standing().exists()) == ("replaced", False)
    assert entered(owner, OTHER).state == "entered"


def test_whoever_watches_hears_of_money_that_has_gone_there(inspector, cashier, auditor, leader):
    with clock.at(date(2026, 4, 2)):
        expert = make_expert()
        account = pay.account(expert)
        pay.reviewed(expert)
        pay.released(cashier, auditor, leader)
        actions.dispute(account, by=expert.user)

        assert "已有1笔报酬转入" in Notification.objects.inbox(inspector).get().body


def test_nobody_else_denies_it(owner, intake, reviewer):
    for someone in (intake, reviewer, make_user()):
        with pytest.raises(PermissionDenied):
            actions.dispute(entered(owner), by=someone)


# Whoever changed an account never pays into it


@pytest.fixture
def april():
    with clock.at(date(2026, 4, 2)):
        yield


@pytest.mark.parametrize("part", ["entered_by", "confirmed_by"])
@pytest.mark.parametrize("role", ["cashier", "auditor", "leader"])
def test_a_changer_never_pays(april, role, part):
    """By the verb that he would need, and by the database past every verb; without his part it goes through."""
    changer, expert = person("changer", role, "intake", "reviewer"), make_expert()
    people = {each: person(f"the {each}", each) for each in ("cashier", "auditor", "leader")}
    for user, owner in ((changer, expert), (make_user(), make_expert())):
        pay.account(owner, **{part: user})
        pay.reviewed(owner)
    actions.collect()
    pay.confirm_rates()
    doers = people | {role: changer}
    batch = actions.submit(actions.make(by=doers["cashier"], title="3月", until=date(2026, 3, 31)), by=doers["cashier"])
    his, theirs = (list(batch.lines.filter(claim__expert=each)) for each in (expert, owner))

    with pytest.raises(Refused, match="收款账户由您或制表人办理过"):
        actions.release(actions.approve(batch, by=doers["auditor"], lines=his, check_note="已核对"), by=doers["leader"])

    if role != "leader":
        control = actions.approve(batch, by=doers["auditor"], lines=theirs, check_note="已核对")
        assert actions.release(control, by=doers["leader"]).state == "released"


@pytest.mark.parametrize("part", ["entered_by", "confirmed_by"])
@pytest.mark.parametrize("stage", ["made_by", "checked_by", "released_by"])
def test_nor_past_every_verb(april, part, stage, cashier, auditor, leader):
    changer, expert = make_user(), make_expert()
    pay.account(expert, **{part: changer})
    pay.reviewed(expert)
    pay.confirm_rates()
    batch = pay.approved(cashier, auditor)
    statement = (
        "UPDATE payments_batch SET state = 'released', made_by_id = %s, checked_by_id = %s, released_by_id = %s,"
        " released_at = %s, digest = 'x' WHERE id = %s"
    )
    people = {"made_by": cashier.pk, "checked_by": auditor.pk, "released_by": leader.pk}
    rest = (str(clock.now()), batch.pk)

    with pytest.raises(IntegrityError, match="art13_"):
        sql(statement, *(people | {stage: changer.pk}).values(), *rest)
    assert sql(statement, *people.values(), *rest) == 1


# What the database itself refuses, with a control each


def written(account, **values):
    """These columns of the row, past every verb."""
    columns = ", ".join(f"{name} = %s" for name in values)
    return sql(f"UPDATE payments_bankaccount SET {columns} WHERE id = %s", *values.values(), account.pk)


def check(by, **other):
    """The columns of an honest confirmation on 2026-03-03, in plain SQL."""
    at = {"confirmed_at": "2026-03-03 01:00:00+00:00", "usable_from": "2026-03-06 01:00:00+00:00"}
    return {"state": "confirmed", "confirmed_by_id": by.pk, "check_note": "本人接听"} | at | other


@pytest.mark.parametrize(
    ("wrong", "guard"),
    [
        ({"confirmed_by_id": "owner"}, "another|nobody_confirms_his_own"),
        ({"confirmed_by_id": None}, "art13_account_is_confirmed_and_cools"),
        ({"usable_from": None}, "art13_account_is_confirmed_and_cools|cools_overnight"),
        ({"usable_from": "2026-03-03 01:00:00+00:00"}, "cools"),
        ({"usable_from": "2026-03-03 23:59:59+00:00"}, "art13_account_is_checked_and_cools_overnight"),
        ({"confirmed_at": "2026-02-01 01:00:00+00:00"}, "art13_account_is_checked_and_cools_overnight"),
        ({"check_note": ""}, "art13_account_is_checked_and_cools_overnight"),
    ],
)
def test_the_database_wants_another_person_and_time_to_cool(owner, wrong, guard):
    account = entered(owner)
    if wrong == {"confirmed_by_id": "owner"}:
        wrong = {"confirmed_by_id": owner.user_id}

    with pytest.raises(IntegrityError, match=guard):
        written(account, **check(make_user(), **wrong))
    assert written(account, **check(make_user())) == 1


def test_the_owner_does_not_confirm_what_the_counter_entered(owner, intake):
    account = entered(owner, by=intake)

    with pytest.raises(IntegrityError, match="art13_nobody_confirms_his_own_account"):
        written(account, **check(owner.user))
    with pytest.raises(IntegrityError, match="art13_account_is_confirmed_by_another"):
        written(account, **check(intake))
    assert written(account, **check(make_user())) == 1


def test_only_one_account_stands_and_one_waits(owner):
    for state, guard in (("confirmed", "one_standing|UNIQUE"), ("entered", "one_account_to_be_checked|UNIQUE")):
        make_bank_account(state, expert=owner)
        with pytest.raises(IntegrityError, match=guard), transaction.atomic():
            make_bank_account(state, expert=owner)
        assert make_bank_account(state).state == state


def test_an_account_is_written_in_its_owners_name(owner):
    with pytest.raises(IntegrityError, match="art13_account_is_in_his_own_name"), transaction.atomic():
        make_bank_account("entered", expert=owner, holder="韩砚春")

    assert make_bank_account("entered", expert=owner, holder="韩砚秋").pk


@pytest.mark.parametrize(
    "values",
    [
        {"number_index": "0" * 64},
        {"tail": "0000"},
        {"bank": "别的银行"},
        {"branch": "别的网点"},
        {"entered_at": "2026-01-01 01:00:00+00:00"},
        {"check_note": "别的"},
        {"confirmed_at": "2026-02-01 01:00:00+00:00"},
        {"usable_from": "2026-03-04 01:00:00+00:00"},
        {"state": "entered"},
        {"state": "refused"},
    ],
)
def test_what_was_confirmed_stays(owner, reviewer, values):
    account = confirmed(owner, reviewer)

    with pytest.raises(IntegrityError, match="art13_account_never_changes"):
        written(account, **values)
    assert written(account, state="replaced") == 1


@pytest.mark.parametrize("state", ["refused", "disputed", "replaced"])
def test_what_is_over_does_not_stand_up_again(state):
    account = make_bank_account(state)

    with pytest.raises(IntegrityError, match="art13_account_never_changes"):
        written(account, **check(make_user()))


def test_no_account_is_deleted(owner):
    account = entered(owner)

    with pytest.raises(IntegrityError, match="art13_account_is_never_deleted"):
        sql("DELETE FROM payments_bankaccount WHERE id = %s", account.pk)


def test_a_number_that_was_swapped_in_its_box_is_not_paid_to(owner, reviewer):
    """The database cannot read what is encrypted; the fingerprint, which never changes, gives it away."""
    account = confirmed(owner, reviewer)
    other = entered(make_expert(), OTHER)
    later = clock.instant(date(2026, 4, 1), 9)
    assert account.is_usable(later)

    sql(
        "UPDATE payments_bankaccount SET number = (SELECT number FROM payments_bankaccount WHERE id = %s) WHERE id = %s",
        other.pk, account.pk,
    )  # fmt: skip

    account.refresh_from_db()
    assert account.number == OTHER
    assert not account.is_usable(later)


def test_the_builder_of_this_test_makes_every_state():
    assert {make_bank_account(state).state for state in BankAccount.State} == set(BankAccount.State)
    assert make.make_in_state(BankAccount, "entered").state == "entered"
