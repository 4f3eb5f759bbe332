"""What the database itself refuses about pay, whoever writes to it; each beside its twin that is let through."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.db import IntegrityError, connection, transaction

from expertteam import clock
from payments import actions
from payments.models import BankAccount, BankResult, Batch, Claim, Export, Line, Payout, RateSchedule, ReturnRow
from tests import make
from tests.payments import pay

pytestmark = pytest.mark.django_db
APRIL = clock.instant(date(2026, 4, 2), 9)


def refuses(name, write):
    """The database refuses with this name, and nothing is there afterwards."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        settled(write)


def settled(write):
    """With what is only looked at in the end: foreign keys."""
    write()
    connection.check_constraints()


def lets(write):
    with transaction.atomic():
        return write()


def sql(statement, *values):
    """Past every manager and every save."""
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(statement, [adapt(each) if isinstance(each, datetime) else each for each in values])


def change(record, **values):
    """An UPDATE of one row as somebody at the database's own prompt writes it."""
    table, sets = record._meta.db_table, ", ".join(f"{name} = %s" for name in values)
    return lambda: sql(f"UPDATE {table} SET {sets} WHERE id = %s", *values.values(), record.pk)


def delete(record):
    return lambda: sql(f"DELETE FROM {record._meta.db_table} WHERE id = %s", record.pk)


# Claims


def claim_for(service, **fields):
    whole = {"kind": "service", "service": service, "expert": service.expert, "activity": "review"}
    whole |= {"income": "consulting", "started_at": service.started_at, "day": date(2026, 3, 5), "minutes": 60}
    return lambda: Claim.objects.create(**whole | fields)


@pytest.mark.parametrize("state", ["draft", "logged", "queried", "unanswered", "rejected"])
def test_only_confirmed_work_is_claimed(state):
    refuses("art13_only_confirmed_work_is_paid", claim_for(make.make_service(state, kind="review")))
    lets(claim_for(make.make_service("confirmed", kind="review")))


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 600},
        {"outcome": "void_after_review"},
        {"started_at": make.THURSDAY + timedelta(days=1)},
    ],
)
def test_a_claim_says_what_the_service_says(wrong):
    service = make.make_service("confirmed", kind="review")

    refuses("art13_only_confirmed_work_is_paid", claim_for(service, **wrong))
    refuses("art13_only_confirmed_work_is_paid", claim_for(service, expert=make.make_expert()))
    lets(claim_for(service))


def test_the_bureaus_minutes_are_claimed_and_not_those_of_the_log():
    service = make.make_service("ruled", kind="review", minutes=60, ruled_minutes=45)

    refuses("art13_only_confirmed_work_is_paid", claim_for(service, minutes=60))
    lets(claim_for(service, minutes=45))


def test_a_seat_pays_only_for_a_review_that_came_to_nothing():
    def of(seat, **fields):
        whole = {"kind": "seat", "seat": seat, "expert": seat.expert, "activity": "review", "income": "consulting"}
        whole |= {"started_at": make.REVIEW, "day": date(2026, 3, 3), "minutes": 0, "outcome": "void_before_review"}
        return lambda: Claim.objects.create(**whole | fields)

    present = make.make_seat("present")
    absent = make.make_seat("stood_down", why="recused")
    recused = make.make_seat("stood_down", why="recused", signed_in_at=make.REVIEW)

    refuses("art13_only_confirmed_work_is_paid", of(present))
    refuses("art13_only_confirmed_work_is_paid", of(absent))
    refuses("art13_only_confirmed_work_is_paid", of(recused, outcome="completed"))
    refuses("art13_claim_has_one_source", of(recused, service=make.make_service("confirmed", expert=recused.expert)))
    lets(of(recused))


def test_a_claim_never_changes():
    claim = make.make_claim()
    for wrong in (
        {"minutes": 61}, {"day": date(2026, 3, 6)}, {"activity": "lecture"}, {"income": "lecturing"},
        {"outcome": "void_after_review"}, {"expert_id": make.make_expert().pk}, {"service_id": None, "kind": "seat"},
    ):  # fmt: skip
        refuses("art13_claim", change(claim, **wrong))
    refuses("art13_claim_is_never_deleted", delete(claim))
    lets(change(claim, why_not="unpriced"))


def test_what_was_voided_stays_so():
    voided, unpriced = make.make_claim(why_not="voided"), make.make_claim(why_not="unpriced")

    refuses("art13_claim_never_changes", change(voided, why_not=""))
    refuses("art13_claim_never_changes", change(voided, why_not="unpriced"))
    lets(change(unpriced, why_not=""))


def test_what_is_priced_is_neither_agreed_anew_nor_given_a_reason_why_not():
    open_, priced = make.make_claim(), make.make_line().claim
    agreed = {"agreed": "400.00", "agreed_why": "谈定", "agreed_by_id": make.make_user().pk}

    refuses("art13_claim_never_changes", change(priced, **agreed))
    refuses("art13_claim_never_changes", change(priced, why_not="voided"))
    refuses("art13_agreed_sum_has_a_reason", change(open_, **agreed | {"agreed_why": ""}))
    refuses("art13_agreed_sum_has_a_reason", change(open_, **agreed | {"agreed_by_id": None}))
    lets(change(open_, **agreed))
    lets(change(open_, agreed="420.00"))


# Lines


def test_only_work_in_term_is_priced():
    before = make.make_service("confirmed", kind="review", started_at=clock.instant(date(2026, 2, 27), 9))
    early = make.make_claim(service=before)
    ended = make.make_claim()
    make.end_early(ended.expert.appointments.all(), date(2026, 3, 5))

    refuses("art3_only_work_in_term_is_paid", lambda: make.make_line(claim=early))
    refuses("art3_only_work_in_term_is_paid", lambda: make.make_line(claim=ended))
    lets(make.make_line)


def test_own_staff_is_not_paid_and_nothing_that_says_why_not():
    staff, voided, plain = make.make_claim(), make.make_claim(why_not="voided"), make.make_claim()
    type(staff.expert.user).objects.filter(pk=staff.expert.user_id).update(is_staff=True)

    refuses("art13_what_is_not_paid_has_no_line", lambda: make.make_line(claim=staff))
    refuses("art13_what_is_not_paid_has_no_line", lambda: make.make_line(claim=voided))
    lets(lambda: make.make_line(claim=plain))


def test_the_price_is_of_the_schedule_of_the_day():
    def schedule(effective_from):
        rates = {"review": {"unit": "hour", "amount": "100"}}
        new = make.make_rate_schedule("confirmed", rates=rates, scope="review", effective_from=effective_from)
        return {"schedule": new, "rate": new.rates.get()}

    old = RateSchedule.objects.get(scope="review")
    of_the_old = {"schedule": old, "rate": old.rates.get()}
    held = schedule(date(2026, 3, 5))
    later = schedule(date(2026, 3, 6))
    name = "art13_price_is_of_the_schedule_of_its_day"
    claim = make.make_claim()  # of 2026-03-05

    refuses(name, lambda: make.make_line(claim=claim, **later))
    refuses(name, lambda: make.make_line(claim=claim, **of_the_old))
    refuses(name, lambda: make.make_line(claim=claim, **of_the_old | {"rate": held["rate"]}))
    lets(lambda: make.make_line(claim=claim, **held))


def test_no_price_by_a_draft_or_without_an_amount_or_for_another_kind():
    guidance = RateSchedule.objects.get(scope="guidance")
    draft = make.make_rate_schedule()
    drafted = draft.rates.create(kind="review", amount="1")
    name = "art13_price_is_of_the_schedule_of_its_day"

    refuses(name, lambda: make.make_line(schedule=draft, rate=drafted))
    unpriced = make.make_claim(activity="guidance")
    own = guidance.rates.get(kind="guidance")
    refuses(name, lambda: make.make_line(claim=unpriced, schedule=guidance, rate=own))
    refuses(name, lambda: make.make_line(claim=make.make_claim(activity="guidance")))


def test_a_claim_has_one_line_and_is_priced_once():
    line = make.make_line()

    refuses("art13_a_claim_is_priced_once", lambda: make.make_line(claim=line.claim))
    change(line, live=False)()
    refuses("art13_a_claim_is_priced_once", lambda: make.make_line(claim=line.claim))
    with make.unguarded("art13_a_claim_is_priced_once"):  # the control: what would be paid twice without it
        lets(lambda: make.make_line(claim=line.claim))
        with pytest.raises(IntegrityError), transaction.atomic():  # and still no two that are live
            make.make_line(claim=line.claim)
        connection.check_constraints()


def test_a_reversal_takes_back_its_line_to_the_fen_and_once():
    line, other = make.make_line(amount="300.10"), make.make_line()
    whole = {"claim": line.claim, "amount": "-300.10", "reverses": line, "live": False}
    name = "art13_reversal_takes_back_its_line"

    refuses(name, lambda: make.make_line(**whole))  # the line still stands
    change(line, live=False)()
    refuses(name, lambda: make.make_line(**whole | {"amount": "-300.09"}))
    refuses(name, lambda: make.make_line(**whole | {"reverses": other}))
    refuses(name, lambda: make.make_line(**whole | {"batch": make.make_batch()}))
    refuses("art13_only_a_reversal_is_negative", lambda: make.make_line(**whole | {"live": True}))
    lets(lambda: make.make_line(**whole))
    refuses("(?i)unique", lambda: make.make_line(**whole))


def test_no_line_is_negative_by_itself():
    refuses("art13_only_a_reversal_is_negative", lambda: make.make_line(amount="-0.01"))
    lets(lambda: make.make_line(amount="0.00"))


def test_only_what_was_taken_back_or_came_back_is_owed_again():
    line = make.make_line()
    again = {"claim": line.claim, "replaces": line}
    change(line, live=False)()

    refuses("art13_only_what_came_back_is_owed_again", lambda: make.make_line(**again))
    make.make_line(claim=line.claim, amount="-300.00", reverses=line, live=False)
    lets(lambda: make.make_line(**again))


def test_a_line_never_changes():
    line, batch = make.make_line(), make.make_batch()
    for wrong in (
        {"amount": "301.00"}, {"net": True}, {"trace": "别的"}, {"inputs": "{}"}, {"priced_at": APRIL - timedelta(1)},
        {"claim_id": make.make_claim().pk}, {"replaces_id": line.pk}, {"rate_id": 0},
    ):  # fmt: skip
        refuses("art13_line_never_changes", change(line, **wrong))
    refuses("art13_line_is_never_deleted", delete(line))
    lets(change(line, batch_id=batch.pk))


@pytest.mark.parametrize("state", Batch.State.values)
def test_lines_come_and_go_while_the_batch_is_open(state):
    line, batch = make.make_line(), make.make_batch(state)
    write = change(line, batch_id=batch.pk)
    if state not in ("draft", "submitted"):
        refuses("art13_line_never_changes", write)
        with make.unguarded("art13_line_never_changes"):
            write()
        refuses("art13_line_never_changes", change(line, batch_id=None))
        refuses("art13_line_never_changes", change(line, batch_id=make.make_batch().pk))
    else:
        lets(write)
        refuses("art13_line_never_changes", change(line, batch_id=make.make_batch().pk))
        lets(change(line, batch_id=None))


def test_what_was_taken_back_is_in_no_batch_and_what_is_on_its_way_is_not_taken_back():
    dead, live, batch = make.make_line(), make.make_line(), make.make_batch()
    change(dead, live=False)()
    change(live, batch_id=batch.pk)()

    refuses("art13_line_never_changes", change(dead, batch_id=batch.pk))
    refuses("art13_line_never_changes", change(dead, live=True))
    refuses("art13_line_never_changes", change(live, live=False))
    back = make.make_line(claim=dead.claim, amount="-300.00", reverses=dead, live=False)
    refuses("art13_line_never_changes", change(back, batch_id=batch.pk))  # of what was never sent


# Corrections


def test_a_correction_has_a_reason_and_two_people():
    one, two = make.make_user(), make.make_user()
    correction = make.make_correction(proposed_by=one)

    refuses("art13_correction_has_a_reason", change(correction, reason=""))
    refuses("art13_correction_has_a_second_signature", change(correction, state="signed"))
    signed = {"state": "signed", "signed_at": APRIL}
    refuses("art13_correction_is_signed_by_another", change(correction, signed_by_id=one.pk, **signed))
    refuses("(?i)unique", lambda: make.make_correction(line=correction.line))
    lets(change(correction, signed_by_id=two.pk, **signed))
    lets(lambda: make.make_correction(line=correction.line))


# Batches and payouts


def in_batch(state="submitted", amounts=("300.00",), **fields):
    """A batch with a line and a payout of each of these sums, to people with accounts."""
    batch = make.make_batch("submitted", **fields)
    for place, amount in enumerate(amounts):
        line = make.make_line(amount=amount)
        change(line, batch_id=batch.pk)()
        payout_for(line, batch, place)()
    return batch


def payout_for(line, batch, place=0, **fields):
    account = BankAccount.objects.filter(expert=line.claim.expert).first() or make.make_bank_account(
        expert=line.claim.expert
    )
    whole = {"batch": batch, "expert": line.claim.expert, "income": "consulting", "account": account, "resident": True}
    whole |= {"reference": f"{batch.number}{place:010d}", "before": "0.00", "gross": line.amount, "tax": "0.00"}
    return lambda: Payout.objects.create(**whole | {"amount": line.amount} | fields)


def checked(batch, gross="300.00", **fields):
    whole = {"state": "approved", "checked_by_id": make.make_user().pk, "checked_at": APRIL}
    whole |= {"paid_in": date(2026, 4, 1), "gross": gross, "tax": "0.00", "paid_out": gross}
    return change(batch, **whole | fields)


def sent(batch, **fields):
    whole = {"state": "released", "released_by_id": make.make_user().pk, "released_at": APRIL, "digest": "0" * 64}
    return change(batch, **whole | fields)


@pytest.mark.parametrize("name", ["checked_by_id", "checked_at", "paid_in", "gross", "tax", "paid_out"])
def test_a_checked_batch_has_its_sums(name):
    batch = in_batch()

    refuses("art13_", checked(batch, **{name: None}))
    lets(checked(batch))


@pytest.mark.parametrize(("name", "none"), [("released_by_id", None), ("released_at", None), ("digest", "")])
def test_a_released_batch_says_by_whom(name, none):
    pay.confirm_rates()
    batch = in_batch()
    checked(batch)()

    refuses("art13_released_batch_says_by_whom", sent(batch, **{name: none}))
    lets(sent(batch))


def test_three_people_pay():
    pay.confirm_rates()
    one, two, three = (make.make_user() for _ in range(3))
    batch = in_batch(made_by=one)

    refuses("art13_three_people_pay", checked(batch, checked_by_id=one.pk))
    checked(batch, checked_by_id=two.pk)()
    for same in (one, two):
        refuses("art13_three_people_pay", sent(batch, released_by_id=same.pk))
    lets(sent(batch, released_by_id=three.pk))


@pytest.mark.parametrize("hand", ["user", "entered_by", "confirmed_by"])
def test_nobody_pays_himself_or_into_an_account_he_had_in_hand(hand):
    pay.confirm_rates()
    batch = in_batch()
    payout = batch.payouts.get()
    barred = {"user": payout.expert.user_id, "entered_by": payout.account.entered_by_id}
    barred["confirmed_by"] = payout.account.confirmed_by_id

    refuses("art13_nobody_pays_himself", checked(batch, checked_by_id=barred[hand]))
    refuses("art13_nobody_pays_himself", checked(batch, made_by_id=barred[hand]))
    checked(batch)()
    refuses("art13_nobody_pays_himself", sent(batch, released_by_id=barred[hand]))
    lets(sent(batch))


@pytest.mark.parametrize("state", ["replaced", "disputed"])
def test_money_goes_to_an_account_that_stands(state):
    pay.confirm_rates()
    first, second = in_batch(), in_batch()
    for batch in (first, second):
        checked(batch)()
    change(first.payouts.get().account, state=state)()

    refuses("art13_money_goes_to_a_checked_account", sent(first))
    refuses("art13_money_goes_to_a_checked_account", sent(second, released_at=clock.instant(date(2026, 3, 5), 8, 59)))
    lets(sent(second, released_at=clock.instant(date(2026, 3, 5), 9)))


@pytest.mark.parametrize(
    ("sums", "right"),
    [
        ({"gross": "300.00", "paid_out": "300.00"}, True),
        ({"gross": "300.01", "paid_out": "300.01"}, False),
        ({"gross": "0.00", "paid_out": "0.00"}, False),
        ({"gross": "300.00", "paid_out": "299.99", "tax": "0.01"}, False),
    ],
)
def test_a_batch_is_the_sum_of_its_payouts(sums, right):
    pay.confirm_rates()
    batch = in_batch()
    checked(batch, **sums)()

    lets(sent(batch)) if right else refuses("art13_batch_is_the_sum_of_its_payouts", sent(batch))


def test_without_payouts_a_batch_comes_to_nothing():
    """SUM of nothing is NULL, and what is compared with NULL is never refused."""
    batch = make.make_batch("approved", gross="9999.00", paid_out="9999.00")

    refuses("art13_batch_is_the_sum_of_its_payouts", sent(batch))
    lets(sent(make.make_batch("approved")))


def test_every_line_of_a_released_batch_is_paid_out_and_nothing_else():
    pay.confirm_rates()
    extra, more = in_batch(), in_batch()
    change(make.make_line(amount="0.00"), batch_id=extra.pk)()
    line = Line.objects.get(batch=more)
    payout_for(line, more, 1, income="lecturing")()
    checked(extra)()
    checked(more, gross="600.00")()

    refuses("art13_batch_is_the_sum_of_its_payouts", sent(extra))
    refuses("art13_batch_is_the_sum_of_its_payouts", sent(more))


def test_nobody_gets_in_a_batch_what_another_has_earned():
    pay.confirm_rates()
    wrong, right = in_batch(amounts=()), in_batch(amounts=("300.00", "500.00"))
    for place, (earned, given) in enumerate((("300.00", "500.00"), ("500.00", "300.00"))):
        line = make.make_line(amount=earned)
        change(line, batch_id=wrong.pk)()
        payout_for(line, wrong, place, gross=given, amount=given)()
    for batch in (wrong, right):
        checked(batch, gross="800.00")()

    refuses("art13_batch_is_the_sum_of_its_payouts", sent(wrong))
    lets(sent(right))


def test_nothing_is_sent_by_a_standard_that_is_to_be_confirmed():
    batch = in_batch()
    checked(batch)()

    refuses("art13_batch_is_the_sum_of_its_payouts", sent(batch))
    pay.confirm_rates()
    lets(sent(batch))


STEPS = {  # where a batch may go
    "draft": {"submitted", "dissolved"}, "submitted": {"draft", "approved"}, "approved": {"draft", "released"},
    "released": {"settled"}, "settled": set(), "dissolved": set(),
}  # fmt: skip


@pytest.mark.parametrize("was", STEPS)
@pytest.mark.parametrize("to", STEPS)
def test_a_batch_goes_no_other_way(was, to):
    batch = make.make_batch(was)
    later = {"checked_by_id": make.make_user().pk, "checked_at": APRIL, "paid_in": date(2026, 3, 1), "gross": "0.00"}
    later |= {"tax": "0.00", "paid_out": "0.00", "released_by_id": make.make_user().pk, "released_at": APRIL}
    later |= {"digest": "0" * 64} if not batch.digest else {}
    given = {name: value for name, value in later.items() if getattr(batch, name) in (None, "")}
    write = change(batch, state=to, **given if was not in ("released", "settled") else {})

    if to == was or to in STEPS[was]:
        lets(write)
    else:
        refuses("art13_", write)


@pytest.mark.parametrize("state", ["released", "settled"])
def test_a_released_batch_never_changes(state):
    batch = make.make_batch(state)
    for wrong in (
        {"number": "BC26030000"}, {"title": "别的"}, {"until": date(2026, 3, 1)}, {"payer": "别人"}, {"digest": "1" * 64},
        {"payer_code": "9"}, {"gross": "1.00", "paid_out": "1.00"}, {"paid_in": date(2026, 5, 1)}, {"check_note": "改"},
        {"made_by_id": make.make_user().pk}, {"checked_by_id": make.make_user().pk}, {"made_at": APRIL + timedelta(days=1)},
        {"released_by_id": make.make_user().pk}, {"released_at": APRIL}, {"checked_at": APRIL}, {"state": "draft"},
    ):  # fmt: skip
        refuses("art13_", change(batch, **wrong))
    refuses("art13_batch_is_never_deleted", delete(batch))
    lets(change(make.make_batch("draft"), title="别的"))


@pytest.mark.parametrize("state", Batch.State.values)
def test_a_payout_is_worked_out_when_it_is_checked(state):
    line = make.make_line()
    write = payout_for(line, make.make_batch(state))

    lets(write) if state == "submitted" else refuses("art13_payout_is_worked_out_when_checked", write)


def test_a_payout_goes_to_a_confirmed_account_of_its_expert():
    line, batch = make.make_line(), make.make_batch("submitted")
    name = "art13_payout_is_worked_out_when_checked"
    entered = make.make_bank_account("entered", expert=line.claim.expert)

    refuses(name, payout_for(line, batch, account=entered))
    refuses(name, payout_for(line, batch, account=make.make_bank_account()))
    lets(payout_for(line, batch, account=make.make_bank_account(expert=line.claim.expert)))


def test_a_payout_never_changes_and_goes_only_while_it_is_held_back():
    batch = in_batch()
    payout = batch.payouts.get()

    refuses("art13_payout_never_changes", change(payout, gross="301.00", amount="301.00"))
    refuses("art13_payout_never_changes", change(payout, account_id=make.make_bank_account().pk))
    refuses("art13_released_payout_stays", delete(payout))
    checked(batch)()
    lets(delete(payout))


@pytest.mark.parametrize("wrong", [{"amount": "0.00", "tax": "300.00"}, {"amount": "301.00", "tax": "-1.00"}])
def test_a_payout_pays(wrong):
    refuses("art13_payout_pays", payout_for(make.make_line(), make.make_batch("submitted"), **wrong))


def test_one_payout_of_a_kind_and_one_reference_for_ever():
    batch = in_batch()
    line = Line.objects.get(batch=batch)

    refuses("(?i)unique", payout_for(line, batch, 7))
    refuses(
        "(?i)unique",
        payout_for(make.make_line(), make.make_batch("submitted"), reference=batch.payouts.get().reference),
    )
    lets(payout_for(line, batch, 7, income="lecturing"))


# The bank's word


def answer(payout, **fields):
    """Its row, and what came of it; fields of the row begin with ``row_``."""
    row = {"reference": payout.reference, "amount": payout.amount, "paid": True, "payout": payout}
    row |= {name[4:]: value for name, value in fields.items() if name.startswith("row_")}

    def write():
        it = ReturnRow.objects.create(bank_return=make.make_bank_return("applied"), place=1, **row)
        said = {"payout": payout, "row": it, "paid": True}
        return BankResult.objects.create(**said | {k: v for k, v in fields.items() if not k.startswith("row_")})

    return write


@pytest.fixture
def payout():
    """Of 300 yuan, released."""
    pay.confirm_rates()
    batch = in_batch()
    checked(batch)()
    sent(batch)()
    return batch.payouts.get()


@pytest.mark.parametrize(
    "wrong",
    [
        {"row_reference": "BC26030001000000019"}, {"row_amount": "300.01"}, {"row_amount": "299.99"}, {"row_paid": False},
        {"paid": False}, {"row_fault": "twice"}, {"row_fault": "unknown", "row_payout": None},
        {"row_fault": "unreadable", "row_amount": None}, {"row_fault": "unreadable", "row_paid": None},
    ],
)  # fmt: skip
def test_the_bank_answers_what_was_sent(payout, wrong):
    refuses("art13_bank_answers_what_was_sent", answer(payout, **wrong))
    lets(answer(payout))
    refuses("(?i)unique", answer(payout))


def test_the_bank_answers_nothing_that_was_not_released():
    batch = in_batch()
    checked(batch)()

    refuses("art13_bank_answers_what_was_sent", answer(batch.payouts.get()))


def test_what_the_bank_returned_is_owed_again_at_the_same_price(payout):
    line = Line.objects.get(batch=payout.batch)
    again = {"claim": line.claim, "replaces": line}
    name = "art13_only_what_came_back_is_owed_again"
    change(line, live=False)()
    refuses(name, lambda: make.make_line(**again))
    answer(payout, paid=False, row_paid=False)()

    refuses(name, lambda: make.make_line(**again, amount="300.01"))
    refuses(name, lambda: make.make_line(**again, net=True))
    lets(lambda: make.make_line(**again))


def test_what_was_received_is_not_owed_again(payout):
    line = Line.objects.get(batch=payout.batch)
    change(line, live=False)()
    answer(payout)()

    refuses("art13_only_what_came_back_is_owed_again", lambda: make.make_line(claim=line.claim, replaces=line))


def test_logs_are_only_added_to(payout):
    export = Export.objects.create(batch=payout.batch, kind="bank", digest="0" * 64, by=make.make_user())

    refuses("append_only", delete(export))
    refuses("append_only", change(export, digest="1" * 64))


def test_the_banks_word_stands_unless_it_sends_back_what_had_arrived(payout):
    result = answer(payout)()

    refuses("art13_bank_result_is_never_deleted", delete(result))
    refuses("art13_only_what_had_arrived_comes_back_late", change(result, paid=False))


def test_a_row_says_how_it_was_cleared():
    row = ReturnRow.objects.create(bank_return=make.make_bank_return("applied"), place=1, fault="unknown")
    whole = {"cleared_by_id": make.make_user().pk, "cleared_at": APRIL, "clearing": "已退回对公户"}
    for missing in ({"cleared_by_id": None}, {"cleared_at": None}, {"clearing": ""}):
        refuses("art13_cleared_row_says_how", change(row, **whole | missing))
    refuses("art13_", change(row, fault=""))
    lets(change(row, **whole))


# To the fen, on a database that keeps sums as floating point, too


@pytest.mark.parametrize("seed", range(3))
def test_thousands_of_sums_agree_to_the_fen_and_those_that_do_not_are_refused(seed):
    dice = Random(seed)
    pay.confirm_rates()
    batch = make.make_batch("draft")
    for _ in range(1000):
        tax, paid = dice.randrange(10 ** dice.randint(1, 11)), dice.randrange(1, 10 ** dice.randint(1, 11))
        if tax + paid + 1 >= 10**12:
            continue
        yuan = [f"{fen // 100}.{fen % 100:02d}" for fen in (tax + paid, tax, paid)]
        lets(change(batch, **dict(zip(("gross", "tax", "paid_out"), yuan, strict=True))))
        wrong = tax + paid + dice.choice([1, -1])
        refuses("art13_sums_of_a_batch_agree", change(batch, gross=f"{wrong / 100:.2f}"))


@pytest.mark.parametrize("seed", range(2))
def test_hundreds_of_payouts_agree_to_the_fen(seed):
    dice = Random(seed)
    line, batch = make.make_line(), make.make_batch("submitted")
    for number in range(300):
        fen = [dice.randrange(10 ** dice.randint(1, 6)) for _ in range(3)] + [
            dice.randrange(1, 10 ** dice.randint(1, 9))
        ]
        gross = sum(fen)
        names = ("gross", "vat", "surcharges", "tax", "amount")
        yuan = dict(zip(names, [f"{each // 100}.{each % 100:02d}" for each in (gross, *fen)], strict=True))
        for wrong in (None, gross + 1, gross - 1):
            given = yuan | ({"gross": f"{wrong // 100}.{wrong % 100:02d}"} if wrong else {})
            write = payout_for(line, batch, number, income=f"k{number}", **given)
            if wrong is None:
                lets(write)
            else:
                write = payout_for(line, batch, 1000 + number, income=f"w{number}", **given)
                refuses("art13_sums_of_a_payout_agree", write)


@pytest.mark.parametrize("seed", range(2))
def test_a_batch_of_many_odd_sums_is_released_and_one_fen_off_it_is_not(seed):
    dice = Random(seed)
    pay.confirm_rates()
    fen = [dice.randrange(1, 10**6) for _ in range(25)]
    batch = in_batch(amounts=[f"{each // 100}.{each % 100:02d}" for each in fen])
    whole = sum(fen)
    for off, outcome in ((1, refuses), (-1, refuses), (0, None)):
        right = f"{(whole + off) // 100}.{(whole + off) % 100:02d}"
        with transaction.atomic():
            checked(batch, gross=right)()
            if outcome:
                refuses("art13_batch_is_the_sum_of_its_payouts", sent(batch))
                transaction.set_rollback(True)
            else:
                lets(sent(batch))
    assert Batch.objects.get(pk=batch.pk).state == "released"


def test_the_verbs_pass_all_guards(cashier, auditor, leader):
    """The control of the controls: the way that people go is open."""
    expert = make.make_expert()
    pay.account(expert)
    pay.reviewed(expert)
    assert pay.released(cashier, auditor, leader).state == "released"
    assert actions.collect() == (0, 0)
