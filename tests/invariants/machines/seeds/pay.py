"""What pay begins with."""

from datetime import date
from decimal import Decimal

from expertteam import clock
from payments import actions as payments
from payments.models import RateSchedule
from tests import make
from tests.invariants.machines.seeds.office import experts, he, office
from tests.payments import bank, pay


def money():
    """Work in no batch, and in batches that are drafted, wait to be checked or released, are released or answered."""
    office()
    for schedule in RateSchedule.objects.filter(state="provisional"):
        payments.attach(schedule, by=he("cashier2"), files=[make.pdf()])
        payments.confirm_schedule(schedule, by=he("auditor"))
    hourly = {"kind": "guidance", "unit": "hour", "amount": Decimal(300), "most": Decimal(800)}
    payments.confirm_schedule(
        payments.draft_schedule(
            by=he("cashier"), scope="guidance", title="标准", document_number="并人社发〔2026〕9号",
            effective_from=date(2026, 3, 1), rates=[hourly], files=[make.pdf()],
        ),
        by=he("auditor"),
    )  # fmt: skip
    people = experts(7)
    for number, expert in enumerate(people):
        with clock.at(date(2026, 3, 2)):
            account = payments.enter_account(expert, by=expert.user, bank="中国工商银行", number=CARDS[number])
            payments.confirm_account(account, by=he("reviewer"), check_note="打电话核对过")
    payments.record_facts(people[6], by=he("cashier"), resident=True, tier="senior", official=True)
    payments.record_consent(people[6], by=he("leader"), basis="单位同意兼职")
    payments.enter_account(people[0], by=people[0].user, bank="中国建设银行", number="6222020502001234633")
    make.make_service("confirmed", kind="guidance", confirmed_via="link", minutes=120, expert=people[2])
    answered = paid(people[0:3], "release")
    pay.answered(answered.payouts.first(), he("cashier"))
    pay.answered(answered.payouts.last(), he("cashier"), paid=False, words="账号不符")
    wrong = bank.row(answered.payouts.first(), "失败")
    payments.apply(payments.check_return(bank.file([wrong]), by=he("cashier")), by=he("cashier"))
    paid(people[2:4], "release")
    paid([people[4], people[1]], "approve")
    paid([people[5], people[1]], "submit")
    reviewed(people[2], date(2026, 3, 20))
    payments.collect()
    make.make_bank_account(state="entered")


def reviewed(expert, day: date):
    """A review of four hours, on record as publishing its result writes it."""
    began = clock.instant(day, 9)
    make.make_service("confirmed", kind="review", expert=expert, started_at=began, minutes=240, confirmed_via="review")


CARDS = [
    "6222020502001234567", "6222020502001234575", "6222020502001234583", "6222020502001234591", "6222020502001234609",
    "6222020502001234617", "6222020502001234625",
]  # fmt: skip


def paid(experts, until: str):
    """A batch with the work of these, brought so far."""
    for expert in experts:
        reviewed(expert, date(2026, 3, 10))
    payments.collect()
    batch = payments.make(by=he("cashier"), title="报酬", until=date(2026, 3, 31))
    payments.submit(batch, by=he("cashier"))
    if until != "submit":
        auditor = he("auditor" if until == "release" else "everything")
        payments.approve(batch, by=auditor, lines=list(batch.lines.all()), check_note="已逐笔核对")
    if until == "release":
        payments.release(batch, by=he("leader"))
    return batch
