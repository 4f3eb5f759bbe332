"""What begins or feeds pay."""

from datetime import timedelta
from decimal import Decimal

from experts.models import Expert
from expertteam import clock
from payments import actions as payments
from payments import tasks as payment_tasks
from payments.models import BankAccount, Batch, Claim, Export, Line, Payout, ReturnRow
from payments.rules import SCOPES
from tests import make
from tests.invariants.machines.beginnings.jobs import job
from tests.invariants.machines.world import World
from tests.payments import bank


def enter_account(world: World):
    """Now and then somebody who still waits for another one to be confirmed."""
    waiting = BankAccount.objects.waiting()
    expert = world.any_of(waiting).expert if waiting and world.happens(0.5) else world.expert()
    by = world.himself(expert) if world.happens(0.6) else world.officer(payments.ENTER)
    number = world.any_of(["6222020502001234567", "6222020502001234575", "6228480010000000018"])
    payments.enter_account(expert, by=by, bank="中国工商银行", number=number, branch="太原迎泽支行")


def record_facts(world: World):
    by = world.officer(payments.CHANGE)
    official = world.any_of([None, True, False])
    payments.record_facts(world.expert(), by=by, resident=world.happens(0.9), tier="senior", official=official)


def record_consent(world: World):
    payments.record_consent(world.expert(), by=world.officer(payments.CONSENT), basis=world.words())


def withdraw_consent(world: World):
    payments.withdraw_consent(world.expert(), by=world.officer(payments.CONSENT))


def work(world: World):
    """A review that is on record, as publishing its result writes it."""
    day = clock.now() - timedelta(days=world.chance.randint(1, 20))
    expert = world.any_of(Expert.objects.serving(clock.local(day).date()).order_by("pk"))
    make.make_service(
        "confirmed", kind="review", expert=expert, started_at=day, minutes=world.any_of([60, 150, 240]), confirmed_via="review",
        logged_at=day, confirmed_at=clock.now(),
    )  # fmt: skip
    payments.collect()


def make_batch(world: World):
    payments.make(by=world.officer(payments.MAKE), title="报酬", until=world.day(10))


def propose_correction(world: World):
    asked = {"void": True} if world.happens(0.2) else {"minutes": world.any_of([60, 150, 240])}
    by = world.officer(payments.PROPOSE)
    payments.propose_correction(world.one(Line), by=by, reason=world.words(), **asked)


def agree(world: World):
    by = world.officer(payments.AGREE)
    claim = world.one(Claim, why_not=Claim.WhyNot.RANGE) if world.happens(0.5) else world.one(Claim)
    payments.agree(claim, by=by, agreed=Decimal(world.chance.randint(1, 9) * 100), agreed_why=world.words())


def read_return(world: World):
    """Some rows are right; one may name a wrong sum, an unknown reference, or say something twice."""
    sent = Payout.objects.filter(batch__state__in=Batch.PAID).order_by("pk")
    rows = [bank.row(each, world.any_of(["成功", "成功", "失败"]), "账号不符") for each in world.some_of(sent)]
    if rows and world.happens(0.2):
        rows.append([world.any_of([rows[0][0], "X"]), world.any_of(["1.00", rows[0][1]]), "失败", "", bank.DAY])
    payments.check_return(bank.file(rows, name=f"{world.chance.random()}.csv"), by=world.officer(payments.READ))


def clear_row(world: World):
    row = world.any_of(ReturnRow.objects.exclude(fault="").order_by("pk"))
    payments.clear_row(row, by=world.officer(payments.CLEAR), clearing=world.words(), owed_again=world.happens(0.5))


def draft_schedule(world: World):
    scope = world.any_of(sorted(SCOPES))
    begins = clock.today() + timedelta(days=world.chance.randint(-30, 60))
    payments.draft_schedule(
        by=world.officer(payments.DRAFT), scope=scope, title="标准", document_number="并人社发〔2026〕50号",
        effective_from=begins, files=[make.pdf()] if world.happens(0.7) else [],
    )  # fmt: skip


def export(world: World):
    kind = world.any_of([Export.Kind.BANK, Export.Kind.FINANCE])
    payments.export(world.one(Batch), kind, by=world.officer(payments.EXPORT))


PAY = [
    enter_account, record_facts, record_consent, withdraw_consent, work, make_batch, propose_correction, agree,
    read_return, clear_row, draft_schedule, export,
    job(payment_tasks.collect, payment_tasks.remind_of_returns, payment_tasks.remind_of_suspense),
]  # fmt: skip
