"""Money at once: however many press, nothing is claimed, priced, checked or sent twice (Article 13)."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from importlib import import_module
from threading import Barrier

import pytest
from django.db import connection

from expertteam import clock
from expertteam.regulation import Refused
from payments import actions
from payments.models import BankAccount, Batch, Claim, Correction, Line, Payout
from tests import make
from tests.conftest import person
from tests.payments import pay
from tests.races.contest import kinds, overtaking, together, without_row_locks

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
APRIL = clock.instant(date(2026, 4, 2), 9)
MARCH = date(2026, 3, 31)
CLERKS = 8
READS_COUNTER = 'FROM "expertteam_counter"'
WAITS = "FOR UPDATE"


@pytest.fixture(autouse=True)
def _in_april():
    with clock.at(APRIL):
        yield


@pytest.fixture
def officers(db):
    """Three posts, two people in each."""
    return {role: [person(f"{role}{n}", role) for n in range(2)] for role in ("cashier", "auditor", "leader")}


def worked(many=12, experts=3):
    """So many reviews of four hours, each 500 yuan, on days of their own."""
    people = [make.make_expert() for _ in range(experts)]
    for expert in people:
        pay.account(expert)
    for number in range(many):
        pay.reviewed(people[number % experts], day=date(2026, 3, 2 + number))
    return people


def fresh(record):
    return type(record).objects.get(pk=record.pk)


def each_on(record, move, *people):
    """The same move of the same record by each of them, in requests of their own."""
    return [partial(move, fresh(record), by=by) for by in people]


def counted():
    lines = Line.objects.count()
    return Claim.objects.count(), lines, Line.objects.live().count()


@contextmanager
def without_the_one_lock(monkeypatch):
    """The control: everybody collects as if he were alone."""
    with monkeypatch.context() as patch:
        patch.setattr(import_module("payments.actions.collect"), "hold", lambda: None)
        yield


# Collecting


def clerks(limit=1000):
    """Eight who open the page at the same moment, and each once more."""
    start = Barrier(CLERKS)

    def press(_):
        start.wait()
        with clock.at(APRIL):
            try:
                return [actions.collect(limit).done for _ in range(2)]
            finally:
                connection.close()

    with ThreadPoolExecutor(CLERKS) as pool:
        return [done for each in pool.map(press, range(CLERKS)) for done in each]


def test_eight_clerks_at_once_claim_everything_once():
    worked(30)

    done = clerks(limit=7)

    assert sum(done) == 30
    assert counted() == (30, 30, 30)


def test_control_without_the_lock_they_claim_the_same_and_the_database_stops_them(monkeypatch):
    worked(6)

    with without_the_one_lock(monkeypatch):
        results = together(*[actions.collect] * CLERKS, meet='FROM "services_service"', moment=APRIL)

    assert kinds(results).count("IntegrityError") == CLERKS - 1
    assert counted() == (6, 6, 6)


def test_the_caps_of_one_day_hold_for_two_clerks():
    [expert] = worked(0, experts=1)
    for hour in (8, 13, 18):
        pay.reviewed(expert, hour=hour)

    results = together(*[lambda: actions.collect(1)] * 3, meet=READS_COUNTER, moment=APRIL)

    assert [each.done for each in results] == [1, 1, 1]
    assert sorted(Line.objects.values_list("amount", flat=True)) == [0, 300, 500]


# Making


def made(officers):
    return together(
        *[lambda by=by: actions.make(by=by, title="3月", until=MARCH) for by in officers["cashier"]],
        meet="INSERT INTO .payments_batch", moment=APRIL,
    )  # fmt: skip


def test_two_batches_made_at_once_share_no_line(officers):
    worked()
    actions.collect()

    results = made(officers)

    assert kinds(results) == ["Refused", "done"]
    assert Line.objects.filter(batch__isnull=False).count() == 12
    assert Batch.objects.count() == 1


# Checking and releasing


@pytest.fixture
def submitted(officers):
    worked()
    pay.confirm_rates()
    return pay.submitted(officers["cashier"][0])


def both_approve(batch, officers):
    lines = list(batch.lines.all())
    move = partial(actions.approve, lines=lines, check_note="已核对")
    return together(*each_on(batch, move, *officers["auditor"]), meet='FROM "payments_batch"', moment=APRIL)


def test_two_auditors_approve_once(submitted, officers):
    results = both_approve(submitted, officers)

    assert kinds(results) == ["Refused", "done"]
    assert Payout.objects.count() == 3
    assert fresh(submitted).history.filter(history_change_reason__startswith="复核通过").count() == 1


def test_control_without_row_locks_both_go_on_and_the_database_stops_one(submitted, officers, monkeypatch):
    with without_row_locks(monkeypatch):
        results = both_approve(submitted, officers)

    assert kinds(results) == ["IntegrityError", "done"]
    assert Payout.objects.count() == 3


@pytest.fixture
def approved(submitted, officers):
    lines = list(submitted.lines.all())
    return actions.approve(submitted, by=officers["auditor"][0], lines=lines, check_note="已核对")


def test_two_leaders_release_once(approved, officers):
    calls = each_on(approved, actions.release, *officers["leader"])
    results = together(*calls, meet='FROM "payments_batch"', moment=APRIL)

    assert kinds(results) == ["Refused", "done"]
    assert fresh(approved).history.filter(history_change_reason__startswith="发放").count() == 1


def test_released_or_held_back_never_both(approved, officers):
    one, two = officers["leader"]
    results = together(
        *each_on(approved, actions.release, one), *each_on(approved, partial(actions.hold_back, words="再看"), two),
        meet='FROM "payments_batch"', moment=APRIL,
    )  # fmt: skip

    assert kinds(results) == ["Refused", "done"]
    assert (fresh(approved).state, Payout.objects.count()) in [("released", 3), ("draft", 0)]


def second_of_the_month(officers):
    """Another batch of the same people in the same month, checked too."""
    for each in BankAccount.objects.all():
        pay.reviewed(each.expert, day=date(2026, 3, 30), minutes=600)
    batch = pay.submitted(officers["cashier"][0])
    return actions.approve(batch, by=officers["auditor"][0], lines=list(batch.lines.all()), check_note="已核对")


def release_both(first, second, officers, *, meet):
    one, two = officers["leader"]
    calls = [*each_on(first, actions.release, one), *each_on(second, actions.release, two)]
    return together(*calls, meet=meet, moment=APRIL)


def test_of_two_batches_of_one_month_the_later_is_taxed_anew(approved, officers):
    other = second_of_the_month(officers)
    results = release_both(approved, other, officers, meet='FROM "payments_payout"')

    assert kinds(results) == ["Refused", "done"]
    [refused] = [each for each in results if isinstance(each, Exception)]
    assert "另有批次先发放" in str(refused)


def test_control_without_the_one_lock_both_go_out_taxed_as_if_alone(approved, officers, monkeypatch):
    other = second_of_the_month(officers)
    with monkeypatch.context() as patch:
        patch.setattr("payments.actions.batch.hold", lambda: None)
        results = release_both(approved, other, officers, meet="SUM.*payments_payout")

    assert kinds(results) == ["done", "done"]


def denied(approved):
    """An account is denied while the leader releases; the leader began first, or last."""
    account = approved.payouts.select_related("account").first().account

    def deny():
        actions.dispute(BankAccount.objects.get(pk=account.pk), by=account.expert.user)

    return deny


def test_an_account_denied_just_before_is_paid_nothing(approved, officers):
    [release] = each_on(approved, actions.release, officers["leader"][0])

    results = overtaking(denied(approved), release, hold="UPDATE .payments_bankaccount", moments=[APRIL, APRIL])

    # The denial is committed a second later: the release reads the account before it, or waits for it.
    assert kinds(results) in (["Refused", "done"], ["done", "done"])
    assert fresh(approved).state == ("approved" if "Refused" in kinds(results) else "released")
    if fresh(approved).state == "released":
        assert actions.totals(approved)["bank"] == fresh(approved).paid_out


# Corrections


def test_one_line_is_corrected_once_by_two(officers):
    worked(1)
    actions.collect()
    line = Line.objects.get()

    def propose(by):
        return lambda: actions.propose_correction(Line.objects.get(pk=line.pk), by=by, reason="不符", minutes=60)

    results = together(*map(propose, officers["cashier"]), meet=READS_COUNTER, moment=APRIL)
    assert kinds(results) == ["Refused", "done"]

    correction = Correction.objects.get()
    calls = each_on(correction, actions.sign, *officers["auditor"])
    results = together(*calls, meet='FROM "payments_correction"', moment=APRIL)
    assert kinds(results) == ["Refused", "done"]
    assert sorted(Line.objects.values_list("amount", flat=True)) == [-500, 300, 500]


def test_what_is_corrected_at_that_moment_is_not_paid_at_the_old_price(officers):
    worked(1)
    actions.collect()
    one, two = officers["cashier"]
    correction = actions.propose_correction(Line.objects.get(), by=one, reason="不符", minutes=60)

    signed, made = together(
        lambda: actions.sign(Correction.objects.get(pk=correction.pk), by=officers["auditor"][0]),
        lambda: actions.make(by=two, title="3月", until=MARCH),
        meet=READS_COUNTER, moment=APRIL,
    )  # fmt: skip
    assert kinds([signed]) == ["done"]
    if isinstance(made, Refused):  # who came first found nothing but what is to be corrected
        assert not Line.objects.filter(batch__isnull=False).exists()
        actions.make(by=two, title="3月", until=MARCH)

    [paid] = Line.objects.filter(batch__isnull=False)
    assert (str(paid.amount), paid.live) == ("300.00", True)
