"""Months of pay at random: rates that change, corrections, returns read twice, batches held back (Article 13).

Whatever happens, every claim is paid once at the price that stands, all sums agree to the fen, and what was released
stays as it was.  The control drops a guard and finds a claim paid twice.
"""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from random import Random

import pytest
from django.db import connection, transaction

from expertteam import clock
from expertteam.regulation import Refused
from payments import actions, rules
from payments.models import BankAccount, Batch, Claim, Correction, Line, Payout, RateSchedule
from tests import make
from tests.conftest import person
from tests.payments import bank, pay

pytestmark = pytest.mark.django_db
MONTHS = 200
BEGIN = date(2026, 3, 2)
ROUND = 20  # months in a row with the same people


class Office:
    """Two experts and the people who pay them, a month at a time."""

    def __init__(self, seed, months):
        self.dice, self.day = Random(seed), BEGIN
        names = {"cashier": 2, "auditor": 2, "leader": 1}
        self.staff = {role: [person(f"{role}{n}", role) for n in range(count)] for role, count in names.items()}
        with clock.at(BEGIN):
            self.experts = [make.make_expert() for _ in range(2)]
            for expert in self.experts:
                pay.account(expert)
        self.released, self.came = {}, Counter()
        self.length = timedelta(days=1000 // months)

    def any(self, role):
        return self.dice.choice(self.staff[role])

    def month(self):
        """Everything that may happen in one, in any order but that of sense."""
        dice = self.dice
        self.work()
        if dice.random() < 0.15:
            self.new_rates()
        self.day += self.length / 2
        with clock.at(self.day):
            actions.collect()
            self.correct()
            if batch := self.batch():
                self.answer(batch)
            self.correct()
        self.day += self.length / 2

    def work(self):
        for _ in range(self.dice.randint(0, 3)):
            day = self.day + timedelta(days=self.dice.randrange(2))
            minutes = self.dice.choice([30, 100, 150, 240, 481, 600, 999])
            pay.reviewed(self.dice.choice(self.experts), day=day, hour=self.dice.randrange(7, 22), minutes=minutes)

    def new_rates(self):
        """From some day on, before or behind us; a day has one schedule."""
        last = RateSchedule.objects.filter(scope="review").order_by("-effective_from").first()
        day = max(self.day + timedelta(days=self.dice.randrange(-3, 3)), last.effective_from + timedelta(days=1))
        numbers = {"unit": "hour", "amount": self.dice.choice(["100", "133.33", "150.10"]), "included_units": 2}
        numbers |= {"included_amount": "300.01", "day_cap": "900.07", "void_cap": "400", "holiday_factor": "2"}
        make.make_rate_schedule("confirmed", rates={"review": numbers}, scope="review", effective_from=day)

    def attempt(self, what, act):
        """Refusals are part of life; what they leave is looked at afterwards."""
        try:
            with transaction.atomic():
                done = act()
        except Refused:
            self.came[f"{what} refused"] += 1
            return None
        self.came[what] += 1
        return done

    def correct(self):
        live = Line.objects.live().order_by("pk")
        if not live:
            return
        line, by = self.dice.choice(list(live)), self.any("cashier")
        asked = self.dice.choice([{"void": True}, {"minutes": self.dice.randint(1, 700)}, {"extended": True}])
        correction = self.attempt("proposed", partial(actions.propose_correction, line, by=by, reason="核对", **asked))
        if correction:
            move = self.dice.choice([actions.sign, actions.sign, actions.refuse])
            self.attempt(move.verb, partial(move, correction, by=self.any("auditor"), opinion="已核"))
        for left in Correction.objects.filter(state="proposed"):
            self.attempt("refuse", partial(actions.refuse, left, by=self.any("auditor"), opinion="不再改"))

    def batch(self):
        """Made and checked, perhaps held back and checked again, and sent."""
        maker = self.any("cashier")
        batch = self.attempt("made", lambda: actions.make(by=maker, title="批次", until=self.day))
        if batch is None:
            return None
        if self.dice.random() < 0.2:
            actions.take_out(batch, by=maker, lines=self.dice.sample(list(batch.lines.all()), 1))
        if not self.attempt("submitted", lambda: actions.submit(batch, by=maker)):
            actions.dissolve(Batch.objects.get(pk=batch.pk), by=maker)
            return None
        sent = self.attempt("checked", lambda: self.check(batch, maker))
        if sent is None:
            actions.send_back(Batch.objects.get(pk=batch.pk), by=self.any("auditor"), words="不足抵扣")
            actions.dissolve(Batch.objects.get(pk=batch.pk), by=maker)
            return None
        return sent

    def check(self, batch, maker):
        everything = {"lines": list(batch.lines.all()), "check_note": "已逐笔核对"}
        batch = actions.approve(Batch.objects.get(pk=batch.pk), by=self.any("auditor"), **everything)
        if self.dice.random() < 0.3:
            actions.hold_back(batch, by=self.staff["leader"][0], words="再核")
            actions.submit(batch, by=maker)
            actions.approve(batch, by=self.any("auditor"), **everything | {"lines": list(batch.lines.all())})
        batch = actions.release(batch, by=self.staff["leader"][0])
        self.released |= {(type(each), each.pk): frozen(each) for each in [batch, *batch.payouts.all()]}
        self.released |= {(Line, each.pk): frozen(each) for each in batch.lines.all()}
        return batch

    def answer(self, batch):
        """The bank pays most, sends back some, leaves some unanswered; its file is read once more."""
        said = [
            bank.row(each, "成功" if self.dice.random() < 0.7 else "失败")
            for each in Payout.objects.filter(result=None)
            if self.dice.random() < 0.9
        ]
        if not said:
            return
        by = self.any("cashier")
        actions.apply(actions.check_return(bank.file(said), by=by), by=by)
        self.attempt("read twice", lambda: actions.check_return(bank.file(said), by=by))
        more = bank.file([*said, ["对账", "", "", "", ""]])
        again = self.attempt("read otherwise", lambda: actions.check_return(more, by=by))
        if again:
            actions.apply(again, by=by)
            assert not again.rows.filter(fault="").exists()


KEPT = {  # what of a row may still move after its release
    Batch: {"state"}, Line: {"live"}, Payout: set(),
}  # fmt: skip


def frozen(record):
    return {
        field.attname: getattr(type(record).objects.get(pk=record.pk), field.attname)
        for field in record._meta.concrete_fields
        if field.name not in KEPT[type(record)]
    }


# What has to hold


def received(claim) -> Decimal:
    """What of this claim's lines is in payouts that were released and did not come back."""
    sums = Decimal(0)
    for line in claim.lines.filter(batch__state__in=Batch.PAID):
        sums += line.amount if Payout.objects.received().filter(batch=line.batch, expert=claim.expert).exists() else 0
    return sums


def check_claims():
    """Paid is what stands, less what is on its way."""
    for claim in Claim.objects.prefetch_related("lines"):
        live = [line for line in claim.lines.all() if line.live]
        assert len(live) <= 1
        standing = sum(line.amount for line in live)
        waiting = sum(line.amount for line in Line.objects.waiting().filter(claim=claim))
        assert received(claim) + waiting == standing, claim
        if claim.service_id:
            assert bool(live) != bool(claim.why_not)


def check_batches():
    for batch in Batch.objects.filter(state__in=Batch.PAID):
        sums = actions.totals(batch)
        payouts = list(batch.payouts.all())
        assert sums["lines"] == sums["payouts"] == batch.gross == sum(each.gross for each in payouts)
        assert sums["bank"] == batch.paid_out == sum(each.amount for each in payouts) == batch.gross - batch.tax
        assert len({batch.made_by_id, batch.checked_by_id, batch.released_by_id}) == 3
    references = list(Payout.objects.values_list("reference", flat=True))
    assert len(references) == len(set(references))


def check_taxes():
    """Of each month at least what the law asks of all that was received, and no more unless something came back."""
    for expert, month in {(each.expert_id, each.batch.paid_in) for each in Payout.objects.select_related("batch")}:
        of_month = Payout.objects.filter(expert=expert, batch__paid_in=month)
        got = of_month.received()
        due = rules.income_tax(sum((each.gross for each in got), Decimal(0)))
        withheld = sum((each.tax for each in got), Decimal(0))
        assert withheld >= due
        assert withheld == due or of_month.count() > got.count()


def check_released(office):
    for (model, key), was in office.released.items():
        assert frozen(model.objects.get(pk=key)) == was


@pytest.mark.parametrize("seed", range(MONTHS // ROUND))
def test_200_months_reconcile_to_the_fen(seed):
    pay.confirm_rates()
    office = Office(seed, ROUND)
    for _ in range(ROUND):
        office.month()
        check_claims()
    check_batches()
    check_taxes()
    check_released(office)

    assert BankAccount.objects.count() == 2
    for happened in ("made", "checked", "sign", "read twice refused"):
        assert office.came[happened], office.came


def test_control_a_line_entered_anew_past_the_guards_is_found():
    pay.confirm_rates()
    office = Office(1, ROUND)
    for _ in range(6):
        office.month()
    check_claims()
    line = Line.objects.live().filter(batch__state__in=Batch.PAID, amount__gt=0).first()

    with make.unguarded("art13_a_claim_is_priced_once"):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE payments_line SET live = FALSE WHERE id = %s", [line.pk])
        make.make_line(claim=line.claim, amount=line.amount, schedule=line.schedule, rate=line.rate)

    with pytest.raises(AssertionError):
        check_claims()
