"""Who is told of an account: the expert at once, on the number he had before; then whoever checks it (Article 13).

A number is never in a message, its tail alone.
"""

from django.conf import settings
from django.urls import reverse

from expertteam.notify import notify, notify_role, settle, text
from expertteam.templatetags.terrace import moment
from payments.known_phone import former_phone
from payments.models import BankAccount, Payout

CHECK = "payments.confirm_account_bankaccount"
WATCH = "payments.watch_bankaccount"


def entered(account: BankAccount, changes: bool):
    """``changes``: another one is in use."""
    what = "变更" if changes else "登记"
    warn(account, "entered", f"收款账户正在{what}", f"您的收款账户正在{what}为{account}")
    notify_role(
        f"account-check:{account.pk}", CHECK, "有收款账户待核实",
        f"{account.expert}老师的收款账户{what}为{account}，请打电话向本人核实。", account.get_absolute_url(),
        but=account.expert.user_id,
    )  # fmt: skip


def confirmed(account: BankAccount):
    settle(f"account-check:{account.pk}")
    warn(account, "confirmed", "收款账户已核实", f"您的收款账户{account}已核实，{moment(account.usable_from)}起可用")


def warn(account: BankAccount, event: str, subject: str, words: str):
    """By every way to him, with what to do if it was not he."""
    user, key = account.expert.user, f"account-{event}:{account.pk}"
    body = f"{words}，不是您本人办理请马上点否认或打{settings.SITE['phone']}"
    notify(key, user, subject, body, own_page())
    if former := former_phone(user):
        text(f"{key}:former", former, subject, body)


def refused(account: BankAccount):
    settle(f"account-check:{account.pk}")
    body = f"您填的收款账户{account}没有通过：{account.check_note}。请重新填写。"
    notify(f"account-refused:{account.pk}", account.expert.user, "收款账户没有通过", body, own_page())


def given_up(account: BankAccount):
    settle(f"account-check:{account.pk}")


def disputed(account: BankAccount):
    """To whoever checks accounts, and to whoever watches over them; what has gone there cannot be called back here."""
    settle(f"account-check:{account.pk}")
    paid = Payout.objects.received().filter(account=account).count()
    money = f"，已有{paid}笔报酬转入" if paid else ""
    body = f"{account.expert}老师说收款账户{account}不是他本人办理的{money}。这个账户已停用，请查明由谁办理。"
    for permission in (CHECK, WATCH):
        notify_role(
            f"account-disputed:{account.pk}", permission, "收款账户被本人否认", body, account.get_absolute_url(),
            but=account.expert.user_id,
        )  # fmt: skip


def own_page() -> str:
    return reverse("payments:own_account")
