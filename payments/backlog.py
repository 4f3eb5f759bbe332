"""What is owed and in no batch yet, and what of it cannot be paid so far (Article 13)."""

from collections import Counter
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Q

from experts.models import Expert
from expertteam.models import User
from payments.hindered import unpayable
from payments.models import Claim, Line
from payments.money import ZERO, Total


class Backlog(NamedTuple):
    """Lines, their sum in yuan, how many of them cannot be paid and why, and what has no price and why.

    ``back`` of the lines take money back, ``back_amount`` together; ``correcting`` more wait for a correction.
    """

    count: int
    amount: Decimal
    back: int
    back_amount: Decimal
    correcting: int
    stuck: list[tuple[str, int]]
    unpriced: list[tuple[str, str, int]]  # value, words, how many

    @property
    def stuck_count(self) -> int:
        return sum(count for _, count in self.stuck)


def backlog(user: User) -> Backlog:
    """All but what is this person's own."""
    waiting = Line.objects.visible_to(user).order_by()
    owed = waiting.ready()
    counts = dict(owed.values_list("claim__expert").annotate(Count("pk")))
    count, stuck = sum(counts.values()), Counter()
    for expert in unpayable().filter(owed=True, pk__in=counts):
        stuck[reason(expert)] += counts[expert.pk]
    less = Q(reverses__isnull=False)
    sums = owed.aggregate(sum=Total("amount"), back=Count("pk", filter=less), back_sum=Total("amount", filter=less))
    unpriced = Claim.objects.visible_to(user).unpriced().order_by("why_not").values_list("why_not")
    return Backlog(
        count, sums["sum"] or ZERO, sums["back"], sums["back_sum"] or ZERO, waiting.waiting().count() - count,
        stuck.most_common(),
        [(why, Claim.WhyNot(why).label, count) for why, count in unpriced.annotate(Count("pk"))],
    )  # fmt: skip


def reason(expert: Expert) -> str:
    """Why he cannot be paid, as a heading of several."""
    if expert.usable:
        return "公职人员没有登记单位同意"
    return "收款账户在观察期" if expert.cools_until else "没有收款账户，或者待核实"
