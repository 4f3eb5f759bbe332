"""What was paid, in the annual report: sums of five people at least (Article 13)."""

from collections import defaultdict
from decimal import Decimal

from expertteam.annual.openings import ALL
from expertteam.annual.tables import Table, few
from expertteam.figures import LEAST, REST, merged, told
from expertteam.tally import Year
from payments.models import Income, Line
from payments.models.rates import ActivityKind
from payments.money import ZERO, Total
from payments.statement import of_year

PAID = "已发放、银行没有退回的报酬，按所得月份；单位元"
EARNED = "这一年的服务按标准计得的报酬，更正过的按更正后，不论发放没有；单位元"


def pay(it: Year) -> list[Table]:
    """What was sent, by kind of income, and what the work of the year comes to, by kind of work."""
    sent = of_year(it.year).order_by("income", "expert").values_list("income", "expert")
    sent = sent.annotate(Total("gross"), Total("tax"), Total("amount"))
    fields = ("claim__activity", "claim__expert")
    earned = Line.objects.live().filter(claim__day__year=it.year).order_by(*fields).values_list(*fields)
    return [
        summed("发放的报酬", PAID, ["应发", "个人所得税", "实发"], dict(Income.choices), sent),
        summed("当年服务的报酬", EARNED, ["金额"], dict(ActivityKind.choices), earned.annotate(Total("amount"))),
    ]


def summed(name: str, measure: str, columns: list[str], labels: dict[str, str], rows) -> Table:
    """Sums by group and of all, each with how many people share it; small groups together."""
    people, sums = defaultdict(set), defaultdict(lambda: [ZERO] * len(columns))
    for code, expert, *amounts in rows:
        people[labels[code]].add(expert)
        sums[labels[code]] = added(sums[labels[code]], amounts)
    lines = []
    for label, groups in [*together(people).items(), (ALL, list(people))]:
        who = set().union(*(people[group] for group in groups))
        paid = added(*(sums[group] for group in groups), [ZERO] * len(columns))
        lines.append([label, few(len(who)), *(paid if told(len(who)) is not None else [None] * len(columns))])
    return Table(name, measure, ["分组", "人数", *columns], lines)


def together(people: dict[str, set]) -> dict[str, list[str]]:
    """The groups that are shown and what each is made of; none where those put together are still too few people."""
    shown = {row.label: [row.label] for row in merged({label: len(who) for label, who in people.items()})}
    if REST in shown:
        shown[REST] = [label for label in people if label not in shown]
        if len(set().union(*(people[label] for label in shown[REST]))) < LEAST:
            return {}
    return shown


def added(*columns: list[Decimal]) -> list[Decimal]:
    """Amounts added up, column by column."""
    return [sum(each, ZERO) for each in zip(*columns, strict=True)]
