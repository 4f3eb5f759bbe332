"""What each expert gets of a batch: the lines of one kind of income together, less what the law withholds (Article 13)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Exists

from expertteam import clock
from expertteam.models import Policy
from payments import rules
from payments.models import BankAccount, Batch, Line, Payee, Payout
from payments.money import ZERO, Total

Key = tuple[int, str]  # expert, kind of income
Day = tuple[int, date]  # expert, day of service


class Before(NamedTuple):
    """Income of a month so far, value added tax taken off, what was charged on that tax, income tax withheld of it."""

    income: Decimal = ZERO
    charges: Decimal = ZERO
    tax: Decimal = ZERO


def work_out(batch: Batch, lines: list[Line], paid_in: date) -> tuple[list[Payout], list[Line]]:
    """The payouts of these lines, and the lines of those to whom nothing is left: they wait for the next batch."""
    groups: dict[Key, list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.pk):
        groups[line.claim.expert_id, line.claim.income].append(line)
    owed = {key: mine for key, mine in groups.items() if leaves_something(mine)}
    left = [line for key, mine in groups.items() if key not in owed for line in mine]
    experts = {expert for expert, _ in owed}
    accounts = {each.expert_id: each for each in BankAccount.objects.standing().filter(expert__in=experts)}
    foreign = set(Payee.objects.filter(resident=False, expert__in=experts).values_list("expert", flat=True))
    before, taxed = paid_before(paid_in, experts), vat_of([line for mine in owed.values() for line in mine])
    payouts = []
    for place, (key, mine) in enumerate(sorted(owed.items()), 1):
        resident = key[0] not in foreign
        had = before.get((*key, resident), Before())
        payout = worked_out(mine, had, resident, taxed.get(key, rules.Vat(ZERO, ZERO)))
        if payout.amount <= 0:  # of what was paid before too little had been withheld
            left += mine
            continue
        payout.batch, payout.expert_id, payout.income = batch, *key
        payout.account, payout.reference = accounts[key[0]], reference(batch, place)
        payouts.append(payout)
    return payouts, left


def sums(lines: list[Line]) -> tuple[Decimal, Decimal]:
    """What they come to before tax, and what is to be left after tax."""
    return tuple(sum((line.amount for line in lines if line.net is net), ZERO) for net in (False, True))


def leaves_something(lines: list[Line]) -> bool:
    """Whether anything is to be paid once what was paid too much is set off, before tax or after it."""
    return sum(sums(lines)) > 0


def worked_out(lines: list[Line], before: Before, resident: bool, vat: rules.Vat) -> Payout:
    """Sums of one expert and kind."""
    gross, net = sums(lines)
    if net:
        rest = max(gross - own_tax(gross, net, before, resident) + net, ZERO)
        gross = rules.gross_up(rest, paid_before=before.income, withheld=before.tax, resident=resident)
    income, charges = max(before.income + gross - vat.tax, ZERO), before.charges + vat.surcharges
    # Withheld may be more than the income before would ask for: the bank had sent a part of it back by now.
    tax = max(rules.income_tax(income, charges=charges, resident=resident) - before.tax, ZERO)
    return Payout(
        resident=resident, before=before.income, gross=gross, vat=vat.tax, surcharges=vat.surcharges, tax=tax,
        amount=gross - vat.tax - vat.surcharges - tax,
    )  # fmt: skip


def own_tax(gross: Decimal, net: Decimal, before: Before, resident: bool) -> Decimal:
    """Tax on what is before tax by itself; less than nothing where it takes back what was taxed in this month."""
    had, withheld = before.income, before.tax
    taxed = rules.income_tax(had, resident=resident)
    if gross <= 0:
        return rules.income_tax(max(had + gross, ZERO), resident=resident) - taxed
    if net < 0:  # on top of the month's income without what is taken back
        had, withheld = rules.gross_up(max(had - taxed + net, ZERO), resident=resident), None
    return rules.withholding(had, gross, withheld=withheld, resident=resident)


def paid_before(paid_in: date, experts: set[int]) -> dict[tuple[int, str, bool], Before]:
    """Income of that month so far, by expert, kind, and whether he was a resident; what the bank sent back is none.

    Residents and others are taxed by tables of their own, and what was paid as one is none of the other.
    """
    received = Payout.objects.received().filter(batch__paid_in=paid_in, expert__in=experts).order_by()
    found = received.values_list("expert", "income", "resident").annotate(
        Total("gross"), Total("vat"), Total("surcharges"), Total("tax")
    )
    return {tuple(key): Before(gross - vat, more, tax) for *key, gross, vat, more, tax in found}


def vat_of(lines: list[Line]) -> dict[Key, rules.Vat]:
    """Value added tax by expert and kind of income; nothing until finance switches it on.

    All that one expert earns on one day of service counts together, what was paid for that day before included.
    """
    if not Policy.objects.number("withhold_vat", clock.today()):
        return {}
    days: dict[Day, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for line in lines:
        days[line.claim.expert_id, line.claim.day][line.claim.income] += line.amount
    found: dict[Key, rules.Vat] = defaultdict(lambda: rules.Vat(ZERO, ZERO))
    before = paid_for(days)
    for (expert, day), earned in days.items():
        had = before.get((expert, day), ZERO)
        withheld = rules.vat([had]).tax
        for income, amount in sorted(earned.items(), key=lambda each: each[1]):  # what is taken back comes first
            had = max(had + amount, ZERO)
            tax, more = rules.vat([had], withheld=withheld)
            kept = found[expert, income]
            found[expert, income] = rules.Vat(kept.tax + tax, kept.surcharges + more)
            withheld += tax
    return found


def paid_for(days: Iterable[Day]) -> dict[Day, Decimal]:
    """What was released for these days of service and not sent back by the bank, by expert and day."""
    experts, dates = {expert for expert, _ in days}, {day for _, day in days}
    lines = Line.objects.filter(batch__state__in=Batch.PAID, claim__expert__in=experts, claim__day__in=dates)
    received = lines.filter(~Exists(Payout.objects.sent_back()))
    found = received.order_by().values_list("claim__expert", "claim__day").annotate(Total("amount"))
    return {(expert, day): max(amount, ZERO) for expert, day, amount in found}


def reference(batch: Batch, place: int) -> str:
    """Twenty characters that the bank prints and sends back; the last two tell a slip of the pen."""
    body = f"{batch.number}{place:08d}"
    return f"{body}{98 - int(''.join(filter(str.isdigit, body))) * 100 % 97:02d}"


def month_of(day: date) -> date:
    """The month to which a payment of that day belongs as income."""
    return day.replace(day=1)
