"""Who is told what the bank says: the expert of his money, finance of what waits too long (Article 13)."""

from collections.abc import Iterable

from django.urls import reverse

from expertteam import calendar, clock
from expertteam.notify import notify, notify_role
from payments.models import BankResult, BankReturn, Batch

CLEARERS = "payments.clear_returnrow"
READERS = "payments.read_bankreturn"


def answered(results: Iterable[BankResult]):
    """Each expert of each payout, once."""
    for result in results:
        (arrived if result.paid else came_back)(result)


def arrived(result: BankResult):
    payout = result.payout
    notify(
        f"arrived:{payout.reference}", payout.expert.user, "劳务报酬已到账",
        f"{payout.amount:,.2f}元已到账，{payout.account}。明细见“报酬”。", payout.get_absolute_url(), sms=False,
    )  # fmt: skip


def came_back(result: BankResult):
    """What to do stands in it: the money waits until the account is right."""
    payout, why = result.payout, f"（{result.words[:20]}）" if result.words else ""
    notify(
        f"came-back:{payout.reference}", payout.expert.user, "劳务报酬被银行退回",
        f"劳务报酬{payout.amount:,.2f}元被银行退回{why}，请核对尾号{payout.account.tail}的账户，下一批重发。",
        reverse("payments:pay"),
    )  # fmt: skip


def suspended(bank_return: BankReturn):
    """Once a week, to those who clear up."""
    notify_role(
        f"suspense:{bank_return.number}:{calendar.week(clock.today())}", CLEARERS, "回盘有挂账待核销",
        f"{bank_return.number}有{bank_return.hanging}行对不上，已超过3个工作日，请查清后核销。", reverse("payments:suspense"),
    )  # fmt: skip


def unanswered(batch: Batch):
    """Once a week, to those who read what the bank sends."""
    notify_role(
        f"no-return:{batch.number}:{calendar.week(clock.today())}", READERS, "批次还没有回盘",
        f"{batch.title}（{batch.number}）发放已超过3个工作日，请向银行要回盘文件并导入。", reverse("payments:returns"),
    )  # fmt: skip
