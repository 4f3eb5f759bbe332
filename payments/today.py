"""What waits for whom in pay (Article 13)."""

from expertteam.waiting import Lot, lot
from payments import account_rows, bank_rows, pay_rows, rate_rows

QUEUES = [*pay_rows.QUEUES, *account_rows.QUEUES, *bank_rows.QUEUES, *rate_rows.QUEUES]


def queue(user) -> list[Lot]:
    """Everything in pay that this person can move now, by kind."""
    lots = [pay_rows.to_make(user), *(lot(kind, open_(user), row) for kind, open_, row in QUEUES)]
    return [each for each in lots if each.total]


def waiting(user) -> int:
    """How many of these that are."""
    return pay_rows.to_make(user).total + sum(open_(user).count() for _, open_, _ in QUEUES)
