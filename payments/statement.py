"""What an expert is owed and has got, piece by piece and by the year; only read here, never worked out anew (Article 13)."""

from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Exists, Max, Prefetch, Q, QuerySet

from experts.models import Expert
from expertteam import clock
from expertteam.models import User
from expertteam.templatetags.terrace import short_day, yuan
from payments.models import BankAccount, Batch, Claim, Correction, Income, Line, Payout
from payments.money import ZERO, Total

WAITING = {  # a batch on its way, in the words of whoever waits for the money
    Batch.State.DRAFT: "在批次里，待复核",
    Batch.State.SUBMITTED: "在批次里，待复核",
    Batch.State.APPROVED: "已复核，待发放",
}


class Standing(NamedTuple):
    """How far the money has come, the colour in which that is said, and the reason where it has not come."""

    words: str
    tone: str
    why: str = ""


class Told(NamedTuple):
    """A correction that was signed: its reason, and what it made of the sum."""

    correction: Correction
    words: str


class Entry(NamedTuple):
    """A piece of work: the line that stands for it, none where it is not paid, and what became of it."""

    claim: Claim
    line: Line | None
    standing: Standing
    payout: Payout | None
    corrections: list[Told]

    @property
    def minutes(self) -> int:
        """As it was priced, which a correction may have changed."""
        return self.line.inputs["minutes"] if self.line else self.claim.minutes


class Sums(NamedTuple):
    """Payouts added up, in yuan; ``vat`` with what is charged on it."""

    count: int = 0
    gross: Decimal = ZERO
    vat: Decimal = ZERO
    tax: Decimal = ZERO
    amount: Decimal = ZERO


class Figures(NamedTuple):
    """The head of the page: this year's money, and what is still to come."""

    arrived: Decimal
    tax: Decimal
    sent: Decimal  # the bank has not said yet what became of it
    owed: Decimal


class Yearly(NamedTuple):
    """One expert's year in one kind of income."""

    no: str
    name: str
    income: str
    sums: Sums


def claims(expert: Expert) -> QuerySet[Claim]:
    """His work, the latest first, with all that ``entries`` asks."""
    lines = Line.objects.select_related("batch").order_by("pk")
    signed = Correction.objects.filter(state=Correction.State.SIGNED).order_by("pk")
    return Claim.objects.filter(expert=expert).prefetch_related(
        Prefetch("lines", lines), Prefetch("lines__corrections", signed)
    )


def entries(found: list[Claim]) -> list[Entry]:
    """Each claim with what became of it; in one query for them all."""
    batches = {line.batch_id for claim in found for line in claim.lines.all() if line.batch_id}
    experts = {claim.expert_id for claim in found}
    payouts = Payout.objects.filter(batch__in=batches, expert__in=experts).select_related("batch", "result")
    sent = {(each.batch_id, each.expert_id, each.income): each for each in payouts}
    return [entry(claim, sent) for claim in found]


def entry(claim: Claim, sent: dict) -> Entry:
    lines = {line.pk: line for line in claim.lines.all()}
    line = next((each for each in lines.values() if each.live), None)

    def payout_of(each: Line | None) -> Payout | None:
        return sent.get((each.batch_id, claim.expert_id, claim.income)) if each and each.batch_id else None

    payout = payout_of(line)
    if line is None:
        standing = unpaid(claim)
    elif line.batch is None:
        standing = outstanding(payout_of(lines.get(line.replaces_id)))
    else:
        standing = became(payout) if line.batch.is_paid else Standing(WAITING[line.batch.state], "wait")
    told = [Told(each, changed(each, lines)) for line in lines.values() for each in line.corrections.all()]
    return Entry(claim, line, standing, payout if payout and payout.batch.is_paid else None, told)


def unpaid(claim: Claim) -> Standing:
    """Why there is no money: for the time being, or for good."""
    passing = claim.why_not in Claim.PASSING
    return Standing("暂不支付" if passing else "不支付", "wait" if passing else "", claim.get_why_not_display())


def outstanding(before: Payout | None) -> Standing:
    """In no batch: for the first time, or because the bank sent it back."""
    if before and before.is_answered and not before.result.paid:
        return became(before)
    return Standing("待发放", "wait")


def became(payout: Payout) -> Standing:
    """What the bank says of money that was sent; before that, that it has it."""
    if not payout.is_answered:
        return Standing("已发放，银行处理中", "info")
    result = payout.result
    if result.paid:
        return Standing(f"已到账 {short_day(result.day or result.at)}", "ok")
    return Standing("银行退回", "bad", f"{result.words or '银行没有说明原因'}，请核对收款账户")


def changed(correction: Correction, lines: dict[int, Line]) -> str:
    """From which sum to which, and how money that was sent is made good."""
    was = lines[correction.line_id]
    now = next((each for each in lines.values() if each.replaces_id == was.pk), None)
    more = (now.amount if now else ZERO) - was.amount
    said = f"原{yuan(was.amount)}元，{f'改为{yuan(now.amount)}元' if now else '改为不支付'}"
    if not (was.batch and was.batch.is_paid) or not more:
        return said
    return f"{said}，{f'少发{yuan(more)}元，补发' if more > 0 else f'多发{yuan(-more)}元，从报酬里抵扣'}"


def payouts(user: User) -> QuerySet[Payout]:
    """What was sent to this person, the latest first; that he holds an office as well takes nothing from him."""
    sent = Payout.objects.filter(expert__user_id=user.pk, batch__state__in=Batch.PAID)
    return sent.select_related("batch", "account", "result").order_by("-batch__released_at", "income")


def owed(expert: Expert) -> Decimal:
    """Not sent yet, less what is still to be set off."""
    due = Line.objects.owing().filter(claim__expert=expert)
    return due.exclude(batch__state__in=Batch.PAID).aggregate(sum=Total("amount"))["sum"] or ZERO


def figures(expert: Expert) -> Figures:
    """This year's money by the month that it counts for, and all that is owed."""
    received = Payout.objects.received().filter(expert=expert, batch__paid_in__year=clock.today().year)
    sums = received.aggregate(
        arrived=Total("amount", filter=Q(result__paid=True)),
        tax=Total("tax"),
        sent=Total("amount", filter=Q(result=None)),
    )
    return Figures(**{name: sum_ or ZERO for name, sum_ in sums.items()}, owed=owed(expert))


def returned(expert: Expert) -> bool:
    """Whether money came back from the bank that has not been sent anew."""
    came_back = Exists(Payout.objects.sent_back("replaces__batch"))
    return Line.objects.live().filter(came_back, batch=None, claim__expert=expert).exists()


def accounts(expert: Expert) -> list[BankAccount]:
    """Where his money goes, and what is being checked; without either, what became of the last that he named."""
    State = BankAccount.State
    known = list(BankAccount.objects.filter(expert=expert).exclude(state=State.REPLACED).order_by("pk"))
    return [each for each in known if each.state in (State.CONFIRMED, State.ENTERED)] or known[-1:]


def years() -> list[int]:
    """In which anybody was paid, the latest first."""
    months = Payout.objects.received().order_by().values_list("batch__paid_in__year", flat=True).distinct()
    return sorted(months, reverse=True)


def of_year(year: int) -> QuerySet[Payout]:
    """Income of that year: by the month of payment, without what the bank sent back."""
    return Payout.objects.received().filter(batch__paid_in__year=year)


def added(found: QuerySet[Payout], *by: str) -> list[tuple[tuple, Sums]]:
    """These payouts added up by the given fields, in their order."""
    totals = {f"{name}_sum": Total(name) for name in ("gross", "vat", "surcharges", "tax", "amount")}
    rows = found.order_by(*by).values(*by).annotate(count=Count("pk"), **totals)
    return [(tuple(row[name] for name in by), sums_of(row)) for row in rows]


def sums_of(row: dict) -> Sums:
    vat = row["vat_sum"] + row["surcharges_sum"]
    return Sums(row["count"], row["gross_sum"], vat, row["tax_sum"], row["amount_sum"])


def annual(year: int) -> list[Yearly]:
    """Everybody's year, by number and kind of income."""
    rows = added(of_year(year), "expert__no", "expert__user__name", "income")
    return [Yearly(no, name, Income(income).label, sums) for (no, name, income), sums in rows]


def by_income(found: QuerySet[Payout]) -> list[tuple[str, Sums]]:
    return [(Income(income).label, sums) for (income,), sums in added(found, "income")]


def total(rows: list[Sums]) -> Sums:
    """All of them together."""
    return Sums(*(sum(column) for column in zip(*rows, strict=True))) if rows else Sums()


def last_release(found: QuerySet[Payout]):
    """When the last of them was sent."""
    return found.aggregate(at=Max("batch__released_at"))["at"]
