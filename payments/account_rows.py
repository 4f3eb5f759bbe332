"""The accounts that wait to be checked, as rows of 今天 (Article 13)."""

from django.db.models import QuerySet

from expertteam.waiting import Waiting, open_to
from payments import actions
from payments.models import BankAccount


def to_check_of(user) -> QuerySet:
    """Neither his own nor those he entered."""
    entered = open_to(actions.confirm_account, user).exclude(expert__user=user).exclude(entered_by=user)
    return entered.select_related("expert__user").order_by("entered_at", "pk")


def to_check(account: BankAccount) -> Waiting:
    return Waiting(
        None, "核实收款账户", account.expert.no, f"{account.expert}老师", f"{account}，打电话向本人核实", "核实",
        account.get_absolute_url(),
    )  # fmt: skip


def waiting(user) -> int:
    """How many of these that are."""
    return to_check_of(user).count()


QUEUES = [("收款账户待核实", to_check_of, to_check)]
