"""What the page of a batch shows: its rows page by page, who gets what of it, its sums counted in several ways."""

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, QuerySet

from expertteam.models import User
from payments import actions, rules
from payments.checking import Looked
from payments.choice import PAGE, Row
from payments.models import ActivityKind, BankAccount, Batch, Rate
from payments.money import ZERO, Total

MOST = 3  # rates that are explained below the table


def page_of(rows, number) -> Page:
    return Paginator(rows, PAGE).get_page(number)


def payouts(batch: Batch, user: User) -> QuerySet:
    """Who gets what, with the account and what the bank said."""
    found = batch.payouts.visible_to(user).select_related("expert__user", "account", "result")
    return found.annotate(levies=F("vat") + F("surcharges")).order_by("reference")


def settled_rows(batch: Batch, user: User, number) -> Page:
    """The lines of a batch that nothing is asked about any more, each with the account that it went to."""
    page = page_of(batch.lines.visible_to(user).told().order_by("claim__day", "pk"), number)
    sent = payouts(batch, user).filter(expert__in={line.claim.expert_id for line in page.object_list})
    accounts = {(each.expert_id, each.income): each.account for each in sent}
    page.object_list = [
        Row(Looked(line, accounts.get((line.claim.expert_id, line.claim.income)))) for line in page.object_list
    ]
    return page


def sums(batch: Batch) -> dict:
    """How many people and lines, and what they make together, in yuan."""
    found = batch.lines.aggregate(
        lines=Count("pk"), people=Count("claim__expert", distinct=True), amount=Total("amount")
    )
    return found | {"amount": found["amount"] or ZERO}


def by_standard(batch: Batch) -> list[dict]:
    """Lines and sums by kind of activity and standard."""
    kinds = batch.lines.order_by("claim__activity", "schedule").values_list(
        "claim__activity", "schedule__document_number"
    )
    rows = kinds.annotate(Count("pk"), Total("amount"))
    names = ("activity", "standard", "count", "amount")
    return [dict(zip(names, (ActivityKind(kind).label, *rest), strict=True)) for kind, *rest in rows]


def standards(batch: Batch) -> list[str]:
    """The rates of its lines, the usual case of each in one line."""
    rates = Rate.objects.filter(lines__batch=batch).distinct().order_by("pk")[:MOST]
    return [f"{rate.get_kind_display()}：{rules.describe(rate.tariff)}" for rate in rates]


def checked(batch: Batch) -> dict:
    """三处核对: the same money by the lines, by the payouts and by the bank's file, in yuan.

    A rate after tax is paid gross: what that adds stands by itself, so that what is left over is 0.00.
    """
    found = actions.totals(batch)
    grossed = found["payouts"] - found["lines"] if batch.lines.filter(net=True).exists() else ZERO
    return found | {
        "grossed": grossed,
        "tax": batch.tax,
        "lines_over": found["lines"] + grossed - found["payouts"],
        "bank_over": found["payouts"] - batch.tax - found["bank"],
    }


def denied(batch: Batch) -> QuerySet:
    """Of what was released and the bank has not answered, what goes to an account that the expert says is not his."""
    waiting = batch.payouts.filter(batch__state__in=Batch.PAID, result=None, account__state=BankAccount.State.DISPUTED)
    return waiting.select_related("expert__user", "account").order_by("reference")


def sent(batch: Batch) -> dict:
    """What the bank has said so far: how many arrived, how many came back, of how many."""
    total = batch.payouts.count()
    arrived, back = (batch.payouts.filter(result__paid=paid).count() for paid in (True, False))
    return {"total": total, "arrived": arrived, "back": back, "open": total - arrived - back}


def waits_for(batch: Batch) -> str:
    """Whose turn it is."""
    return {
        Batch.State.DRAFT: str(batch.made_by),
        Batch.State.SUBMITTED: "财务复核",
        Batch.State.APPROVED: "局领导",
        Batch.State.RELEASED: "银行回盘",
    }.get(batch.state, "")
