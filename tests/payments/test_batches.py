"""A batch is made, checked and released by three people, once, and only while what was checked still holds (Article 13)."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from expertteam import clock
from expertteam.models import Counter, Notification, Policy
from expertteam.regulation import Refused
from payments import actions
from payments.models import BankAccount, Batch, Claim, Line, Payee, Payout
from tests import make
from tests.conftest import person
from tests.faults import sweep as sweep_of
from tests.payments import pay

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 31)
sweep = partial(sweep_of, models=[Batch, Line, Payout, Notification, Counter])


@pytest.fixture
def expert(_in_april):
    """Four hours of review in March, and an account."""
    expert = make.make_expert()
    pay.account(expert)
    pay.reviewed(expert, minutes=240)
    return expert


@pytest.fixture
def anybody(db):
    """People who each hold every role of pay."""
    return [person(f"all{n}", "cashier", "auditor", "leader") for n in range(3)]


def fresh(record):
    return type(record).objects.get(pk=record.pk)


def everything(batch):
    return {"lines": list(batch.lines.all()), "check_note": "已逐笔核对"}


# Three people


@pytest.mark.parametrize("who", list(product(range(3), repeat=3)), ids=str)
def test_maker_checker_and_releaser_are_three_whoever_holds_which_role(expert, anybody, who):
    maker, checker, releaser = (anybody[each] for each in who)
    pay.confirm_rates()
    actions.collect()
    batch = actions.make(by=maker, title="3月", until=MARCH)
    actions.submit(batch, by=maker)
    with suppress(Refused):
        actions.approve(batch, by=checker, **everything(batch))
        actions.release(batch, by=releaser)

    assert (fresh(batch).state == "released") == (len(set(who)) == 3)


def test_who_only_chose_the_lines_has_made_it_too(expert, anybody):
    first, second, third = anybody
    actions.collect()
    batch = actions.make(by=first, title="3月", until=MARCH)
    actions.submit(batch, by=second)

    with pytest.raises(Refused, match="同一人"):
        actions.approve(batch, by=first, **everything(batch))
    actions.approve(batch, by=third, **everything(batch))
    pay.confirm_rates()
    with pytest.raises(Refused, match="三个人"):
        actions.release(batch, by=first)


def test_who_took_a_line_out_does_not_check_the_rest(expert, anybody):
    other = pay.reviewed(expert, day=date(2026, 3, 12))
    first, second, third = anybody
    actions.collect()
    batch = actions.make(by=first, title="3月", until=MARCH)
    actions.take_out(batch, by=third, lines=[pay.line_of(other)])
    actions.submit(batch, by=second)

    with pytest.raises(Refused, match="同一人"):
        actions.approve(batch, by=third, **everything(batch))


def test_who_checked_before_it_was_held_back_neither_makes_nor_releases_it(expert, anybody):
    first, second, third = anybody
    pay.confirm_rates()
    batch = pay.submitted(first)
    actions.approve(batch, by=second, **everything(batch))
    actions.hold_back(batch, by=third, words="金额有疑问")

    with pytest.raises(Refused, match="复核过"):
        actions.submit(batch, by=second)
    with pytest.raises(Refused, match="复核过"):
        actions.take_out(batch, by=second, lines=list(batch.lines.all()))
    actions.submit(batch, by=first)
    actions.approve(batch, by=third, **everything(batch))
    with pytest.raises(Refused, match="三个人"):
        actions.release(batch, by=second)


def test_the_checker_does_not_hold_it_back_himself(expert, cashier, anybody):
    batch = pay.approved(cashier, anybody[0])

    with pytest.raises(Refused, match="复核人不能自己退回"):
        actions.hold_back(batch, by=anybody[0], words="看错了")


@pytest.mark.parametrize("role", ["cashier", "auditor", "leader", "admin", "expert"])
def test_each_move_takes_its_role(expert, cashier, auditor, leader, role):
    other = person("other", role)
    pay.confirm_rates()
    moves = [
        ("cashier", lambda: actions.make(by=other, title="4月", until=MARCH)),
        ("cashier", lambda: actions.submit(draft, by=other)),
        ("auditor", lambda: actions.send_back(submitted, by=other, words="再看")),
        ("auditor", lambda: actions.approve(submitted, by=other, **everything(submitted))),
        ("leader", lambda: actions.hold_back(approved, by=other, words="再看")),
        ("leader", lambda: actions.release(approved, by=other)),
    ]
    draft, submitted, approved = (make.make_batch(state) for state in ("draft", "submitted", "approved"))
    for needed, move in moves:
        if role != needed:
            with pytest.raises(PermissionDenied):
                move()


# Whom it concerns


def became_officer(expert, role):
    """Somebody who is paid for March holds a post by April."""
    actions.collect()
    officer = person("late", role)
    expert.user.groups.set(officer.groups.all())
    return type(officer).objects.get(pk=expert.user.pk)


def test_who_is_paid_from_it_makes_no_batch_with_himself(expert):
    payee = became_officer(expert, "cashier")

    with pytest.raises(Refused, match="没有待发放"):
        actions.make(by=payee, title="3月", until=MARCH)


def test_who_is_paid_from_it_does_not_check_it(expert, cashier):
    batch = pay.submitted(cashier)
    payee = became_officer(expert, "auditor")

    with pytest.raises(Refused, match="与您本人有关"):
        actions.approve(batch, by=payee, **everything(batch))


def test_who_is_paid_from_it_does_not_release_it(expert, cashier, auditor):
    pay.confirm_rates()
    batch = pay.approved(cashier, auditor)
    payee = became_officer(expert, "leader")

    with pytest.raises(Refused, match="与您本人有关"):
        actions.release(batch, by=payee)


@pytest.mark.parametrize("hand", ["entered_by", "confirmed_by"])
@pytest.mark.parametrize("stage", ["cashier", "auditor", "leader"])
def test_who_had_a_hand_in_the_account_pays_nothing_into_it(cashier, auditor, leader, hand, stage):
    people = {"cashier": cashier, "auditor": auditor, "leader": leader}
    expert = make.make_expert()
    pay.account(expert, **{hand: people[stage]})
    pay.reviewed(expert)
    pay.confirm_rates()
    batch = pay.submitted(cashier)

    with pytest.raises(Refused, match="收款账户由您或制表人办理过"):
        actions.release(actions.approve(batch, by=auditor, **everything(batch)), by=leader)

    assert fresh(batch).state == ("approved" if stage == "leader" else "submitted")


# While what was checked still holds


@pytest.fixture
def checked(expert, cashier, auditor):
    pay.confirm_rates()
    return pay.approved(cashier, auditor)


def refused(batch, leader, why):
    with pytest.raises(Refused, match=why):
        actions.release(batch, by=leader)
    assert fresh(batch).state == "approved"


def test_it_is_released_once(checked, leader):
    actions.release(checked, by=leader)
    digest, told = fresh(checked).digest, Notification.objects.count()

    with pytest.raises(Refused, match="现在的状态是"):
        actions.release(checked, by=leader)
    with pytest.raises(Refused, match="现在的状态是"):
        actions.release(fresh(checked), by=person("second", "leader"))

    assert (fresh(checked).digest, Notification.objects.count()) == (digest, told)


@pytest.mark.parametrize(("state", "why"), [("replaced", "变更"), ("disputed", "变更")])
def test_not_into_an_account_that_is_no_longer_his(checked, expert, leader, state, why):
    account = expert.bank_accounts.get()
    account.state = state
    account.save()

    refused(checked, leader, why)


def test_not_into_an_account_whose_number_was_exchanged_in_the_database(checked, expert, leader):
    mine = make.make_bank_account(number="6222020502009999999", tail="9999")
    stolen = BankAccount.objects.filter(pk=mine.pk).values_list("number", flat=True)[0]
    BankAccount.objects.filter(expert=expert).update(number=stolen)

    refused(checked, leader, "收款账户在复核以后有变更")

    BankAccount.objects.filter(expert=expert).update(number=pay.CARD)  # the control
    assert actions.release(checked, by=leader).state == "released"


def test_not_to_an_official_without_consent(expert, cashier, auditor, leader):
    payee = Payee.objects.create(
        expert=expert, official=True, consent_basis="单位同意函", consented_by=leader, consented_at=clock.now()
    )
    pay.confirm_rates()
    batch = pay.approved(cashier, auditor)
    payee.consent_basis, payee.consented_by, payee.consented_at = "", None, None
    payee.save()

    refused(batch, leader, "公职人员")


def test_not_once_the_month_has_turned(checked, leader):
    with clock.at(clock.instant(date(2026, 4, 30), 23, 59)), transaction.atomic():
        assert actions.release(checked, by=leader).state == "released"
        transaction.set_rollback(True)
    with clock.at(clock.instant(date(2026, 5, 1), 0, 1)):
        refused(fresh(checked), leader, "跨月")


def test_not_once_another_batch_of_the_month_came_first(checked, expert, cashier, auditor, leader):
    pay.reviewed(expert, day=date(2026, 3, 20), minutes=600)
    actions.release(pay.approved(cashier, auditor), by=leader)

    refused(checked, leader, "另有批次先发放")

    actions.hold_back(checked, by=leader, words="重算个税")
    actions.submit(checked, by=cashier)
    actions.approve(checked, by=auditor, **everything(checked))
    actions.release(checked, by=leader)
    assert [str(each.tax) for each in Payout.objects.order_by("pk")] == ["0.00", "100.00"]  # of 800, of 1300 together


def test_not_once_he_is_no_longer_a_resident(checked, expert, leader):
    Payee.objects.create(expert=expert, resident=False)

    refused(checked, leader, "计税的情况有变")


def test_not_once_value_added_tax_is_withheld(expert, cashier, auditor, leader):
    pay.reviewed(expert, day=date(2026, 5, 1), minutes=480)  # 1600 on a holiday
    with clock.at(date(2026, 5, 6)):
        pay.confirm_rates()
        actions.collect()
        batch = actions.submit(actions.make(by=cashier, title="5月", until=date(2026, 5, 6)), by=cashier)
        actions.approve(batch, by=auditor, **everything(batch))
        Policy.objects.create(key="withhold_vat", value=1, effective_from=date(2026, 5, 1), source="税务通知")

        refused(batch, leader, "计税的情况有变")


def test_not_by_a_standard_that_nobody_has_confirmed(expert, cashier, auditor, leader):
    batch = pay.approved(cashier, auditor)

    refused(batch, leader, "还没有经局里核对确认")

    pay.confirm_rates()
    assert actions.release(batch, by=leader).state == "released"


def test_not_a_payout_that_nobody_worked_out(checked, expert, leader):
    """Somebody wrote a second payout into the database while it was being checked."""
    Payout.objects.filter(batch=checked).delete()
    with make.unguarded("art13_payout_is_worked_out_when_checked"):
        Payout.objects.create(
            batch=checked, expert=expert, income="consulting", account=expert.bank_accounts.get(), resident=True,
            reference="BC260400010000000165", before="0.00", gross="500.00", tax="20.00", amount="480.00",
        )  # fmt: skip

    refused(checked, leader, "计税的情况有变")


# What is in it


def test_what_is_in_one_batch_is_in_no_other(expert, cashier):
    actions.collect()
    actions.make(by=cashier, title="3月", until=MARCH)

    with pytest.raises(Refused, match="没有待发放"):
        actions.make(by=cashier, title="3月", until=MARCH)


def test_what_is_taken_out_or_dissolved_waits_again(expert, cashier):
    actions.collect()
    first = actions.make(by=cashier, title="3月", until=MARCH)
    actions.take_out(first, by=cashier, lines=list(first.lines.all()))
    with pytest.raises(Refused, match="没有明细"):
        actions.submit(first, by=cashier)
    actions.dissolve(first, by=cashier)
    second = actions.make(by=cashier, title="3月", until=MARCH)
    actions.dissolve(second, by=cashier)

    assert Line.objects.waiting().count() == 1
    assert [fresh(each).state for each in (first, second)] == ["dissolved", "dissolved"]


def test_nobodys_lines_are_chosen_from_another_batch(expert, cashier, auditor):
    batch = pay.submitted(cashier)
    other = pay.reviewed(expert, day=date(2026, 3, 12))
    actions.collect()
    stray = pay.line_of(other)

    actions.approve(batch, by=auditor, lines=[*batch.lines.all(), stray], check_note="已核对")

    assert fresh(stray).batch is None
    assert str(fresh(batch).gross) == "500.00"


def test_what_was_not_chosen_waits(expert, cashier, auditor):
    other = pay.reviewed(expert, day=date(2026, 3, 12))
    batch = pay.submitted(cashier)

    actions.approve(batch, by=auditor, lines=[pay.line_of(other)], check_note="已核对")

    assert batch.lines.count() == Line.objects.waiting().count() == 1


def test_nothing_chosen_is_nothing_checked(expert, cashier, auditor):
    batch = pay.submitted(cashier)

    with pytest.raises(Refused, match="没有可以发放的"):
        actions.approve(batch, by=auditor, lines=[], check_note="已核对")


def test_held_back_it_is_worked_out_anew(checked, leader, cashier, auditor):
    before = Payout.objects.get().reference
    actions.hold_back(checked, by=leader, words="再核一遍")
    assert (Payout.objects.count(), fresh(checked).gross, fresh(checked).checked_by) == (0, None, None)

    actions.submit(checked, by=cashier)
    actions.approve(checked, by=auditor, **everything(checked))
    actions.release(checked, by=leader)
    assert Payout.objects.get().reference == before == "BC260400010000000165"


# After release nothing changes


def test_what_was_released_stays(checked, leader, cashier, auditor):
    actions.release(checked, by=leader)
    was = [list(model.objects.order_by("pk").values()) for model in (Batch, Payout, Line)]
    for move in (actions.submit, actions.dissolve, partial(actions.take_out, lines=list(checked.lines.all()))):
        with pytest.raises(Refused):
            move(checked, by=cashier)
    for statement in (
        lambda: Payout.objects.update(amount="999.00", gross="999.00"),
        lambda: Payout.objects.all().delete(),
        lambda: Line.objects.update(amount="999.00"),
        lambda: Line.objects.update(batch=None),
        lambda: Batch.objects.update(gross="1.00", paid_out="1.00", tax="0.00"),
        lambda: Batch.objects.update(title="别的"),
        lambda: Batch.objects.update(payer="别人"),
        lambda: Batch.objects.update(digest="1" * 64),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            statement()

    assert [list(model.objects.order_by("pk").values()) for model in (Batch, Payout, Line)] == was


# Done or not done


def test_approve_is_done_or_not_done(expert, cashier, auditor):
    batch = pay.submitted(cashier)
    lines = list(batch.lines.all())

    faults = sweep(lambda: actions.approve(fresh(batch), by=auditor, lines=lines, check_note="已核对"))

    assert faults > 15
    assert (fresh(batch).state, Payout.objects.count()) == ("approved", 1)


def test_release_is_done_or_not_done(checked, leader):
    faults = sweep(lambda: actions.release(fresh(checked), by=leader))

    assert faults > 15
    assert fresh(checked).state == "released"


def test_make_is_done_or_not_done(expert, cashier):
    actions.collect()

    faults = sweep(lambda: actions.make(by=cashier, title="3月", until=MARCH))

    assert faults > 3
    assert Line.objects.filter(batch__isnull=False).count() == 1


def test_collect_is_done_or_not_done(expert):
    faults = sweep_of(actions.collect, [Claim, Line])

    assert faults > 10
    assert (Claim.objects.count(), Line.objects.count()) == (1, 1)


# As many questions for thirty as for three


def asked(move, counting):
    with counting(200) as queries:
        move()
    return len(queries)


def test_thirty_lines_ask_no_more_than_three(expert, cashier, auditor, leader, django_assert_max_num_queries):
    pay.confirm_rates()
    counts = []
    for many, month in ((2, 3), (29, 4)):
        for number in range(many):
            pay.reviewed(expert, day=date(2026, month, 1 + number), hour=8 + month)
        actions.collect()
        until = date(2026, month, 30)
        with clock.at(date(2026, month + 1, 6)):
            batch = actions.make(by=cashier, title="批次", until=until)
            actions.submit(batch, by=cashier)
            lines = list(batch.lines.all())
            checking = partial(actions.approve, batch, by=fresh(auditor), lines=lines, check_note="已核对")
            releasing = partial(actions.release, batch, by=fresh(leader))
            counts.append([asked(move, django_assert_max_num_queries) for move in (checking, releasing)])
            assert len(lines) == many + (month == 3)

    assert counts[0] == counts[1]


def test_sums_agree_in_three_ways(expert, cashier, auditor, leader):
    pay.reviewed(expert, day=date(2026, 3, 12), minutes=600)
    batch = pay.released(cashier, auditor, leader)

    assert actions.totals(batch) == {
        "lines": Decimal("1300.00"),
        "payouts": Decimal("1300.00"),
        "bank": Decimal("1200.00"),
    }
