"""A month of ten thousand reviews: claimed and priced, checked, released, and written for finance, against the writing alone."""

import io
import resource
from datetime import date, timedelta
from functools import partial

from django.contrib.auth.models import Group
from django.db import connection
from openpyxl import Workbook

from benchmarks.ledger import multiply
from benchmarks.measure import medians, once, report
from benchmarks.people import fill
from experts.models import Expert
from expertteam import clock
from expertteam.models import User
from payments import actions, bank_file, finance_file
from payments.models import BankAccount, Batch, Payee, RateSchedule, ScheduleFile
from services.models import Service

EXPERTS, DAYS = 400, 25  # each has a review a day
FIRST, PAY_DAY = date(2026, 5, 6), date(2026, 6, 3)
ROLES = ("cashier", "auditor", "leader")


def person(role: str) -> User:
    user = User.objects.create_user(f"bench-{role}", name=role, is_staff=True)
    user.groups.set(Group.objects.filter(name=role))
    return user


def fill_accounts(experts: list[Expert], by: User):
    """Every one of them can be paid, each into an account that somebody confirmed in good time."""
    at = clock.instant(FIRST)
    for expert in experts:
        BankAccount.objects.create(
            expert=expert, state="confirmed", holder=expert.user.name, bank="工商银行", number=f"622202{expert.pk:013d}",
            tail=f"{expert.pk:04d}"[-4:], entered_by=expert.user, confirmed_by=by, confirmed_at=at,
            usable_from=at + timedelta(days=3),
        )  # fmt: skip
    agreed = {"consent_basis": "单位同意函", "consented_by": by, "consented_at": at}
    Payee.objects.bulk_create([Payee(expert=expert, **agreed) for expert in experts])


def fill_reviews(experts: list[Expert], by: User):
    held = clock.instant(FIRST, 9)
    for n in range(DAYS):
        at = connection.ops.adapt_datetimefield_value(held + timedelta(days=n))
        done = {"kind": "review", "state": "confirmed", "confirmed_via": "review", "confirmed_at": held, "topics": []}
        multiply(
            Service(minutes=150 + 10 * n, logged_at=held, created_by=by, **done),
            f"experts_expert e WHERE e.id BETWEEN {experts[0].pk} AND {experts[-1].pk}",
            expert_id="e.id", started_at=f"'{at}'",
        )  # fmt: skip


def confirm_rates(by: User):
    """With a document of which only the row is there."""
    for schedule in RateSchedule.objects.filter(scope="review"):
        ScheduleFile.objects.create(schedule=schedule, by=by, size=1, content_type="application/pdf")
        schedule.state, schedule.confirmed_by, schedule.confirmed_at = "confirmed", by, clock.now()
        schedule.save()


def collect():
    while actions.collect().left:
        pass


def pay(staff: dict[str, User]) -> Batch:
    """Made, checked and released."""
    batch = actions.make(by=staff["cashier"], title="2026年5月报酬", until=date(2026, 5, 31))
    actions.submit(batch, by=staff["cashier"])
    actions.approve(batch, by=staff["auditor"], lines=list(batch.lines.all()), check_note="已核对")
    return actions.release(batch, by=staff["leader"])


def rows_of(batch: Batch) -> list[list[list]]:
    """What the two files hold."""
    finance = finance_file.rows(batch, list(finance_file.paid_of(batch)))
    return [[list(row) for row in rows] for rows in (finance, bank_file.rows(batch.payouts.all()))]


def plain(sheets: list[list[list]]):
    """The same rows by the library alone."""
    book = Workbook(write_only=True)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(io.BytesIO())


def held() -> int:
    """The most memory this process has held so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def run():
    with clock.at(PAY_DAY):
        fill(EXPERTS)
        experts = list(Expert.objects.select_related("user").order_by("pk")[:EXPERTS])
        staff = {role: person(role) for role in ROLES}
        confirm_rates(staff["auditor"])
        fill_accounts(experts, User.objects.create_user("bench-keeper", name="账户"))
        fill_reviews(experts, staff["cashier"])
        before = held()
        collected, paid = once(collect), once(lambda: pay(staff))
        batch = Batch.objects.get()
        files = medians(
            3, ours=lambda: (finance_file.content(batch), bank_file.content(batch)), plain=partial(plain, rows_of(batch))
        )  # fmt: skip
    report("10k items claimed, priced and written", collected + files["ours"], files["plain"], 3)
    report("the same checked and released", paid, files["plain"], 3)
    print(f"{'memory of it all':46} {held() - before:6} MB  (reach ≤ 150)", flush=True)
