"""What was paid and withheld, month by month, and which files of it were taken (Article 13)."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Max, QuerySet

from expertteam import clock
from payments.models import BankResult, Batch, Export, Payout
from payments.money import Total

DUE = 15  # of the next month: the last day to declare and to hand over the tax
KINDS = (Export.Kind.TAX, Export.Kind.PEOPLE)


class Month(NamedTuple):
    """A month by its first day; ``changed_at``: when it last grew or shrank; ``exports``: the last of each kind."""

    first: date
    payouts: int
    gross: Decimal
    tax: Decimal
    changed_at: datetime
    exports: list[Export]

    @property
    def due(self) -> date:
        return next_month(self.first).replace(day=DUE)

    @property
    def is_over(self) -> bool:
        return clock.today() >= next_month(self.first)

    @property
    def is_stale(self) -> bool:
        """Whether something was released or came back after a file was taken."""
        return any(each.at < self.changed_at for each in self.exports)


def next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def months(batches: QuerySet[Batch]) -> list[Month]:
    """Those in which these batches were released, the latest first."""
    released = dict(batches.released().order_by().values_list("paid_in").annotate(Max("released_at")))
    received = Payout.objects.received().filter(batch__in=batches).order_by().values_list("batch__paid_in")
    sums = {first: told for first, *told in received.annotate(Count("pk"), Total("gross"), Total("tax"))}
    returned = BankResult.objects.filter(paid=False).order_by().values_list("payout__batch__paid_in")
    returned = dict(returned.annotate(Max("at")))
    taken = last_taken()
    return [
        Month(
            first, *sums.get(first, (0, Decimal(0), Decimal(0))), max(at, returned.get(first, at)),
            taken.get(f"{first:%Y-%m}", []),
        )
        for first, at in sorted(released.items(), reverse=True)
    ]  # fmt: skip


def last_taken() -> dict[str, list[Export]]:
    """The last file of each kind, by month."""
    last = Export.objects.filter(kind__in=KINDS).order_by().values("period", "kind").annotate(last=Max("pk"))
    found: dict[str, list[Export]] = {}
    for each in Export.objects.filter(pk__in=last.values("last")).select_related("by").order_by("kind"):
        found.setdefault(each.period, []).append(each)
    return found
