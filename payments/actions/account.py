"""收款账户: entered by the expert or from his paper, checked by another by a call-back, usable once it has cooled (Article 13)."""

from datetime import timedelta
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction

from experts.models import Expert
from expertteam import clock
from expertteam.identifiers import bank_card
from expertteam.models import Policy, User
from expertteam.regulation import Refused, article
from expertteam.workflow import may, transition
from payments import account_messages as messages
from payments.models import BankAccount

State = BankAccount.State
ENTER = "payments.enter_account_bankaccount"
SUPERSEDED = "本人另填了账户"


@article("13")
@transaction.atomic
def enter_account(expert: Expert, *, by: User, bank: str, number: str, branch="", holder="") -> BankAccount:
    """填写收款账户: in the expert's own name, by himself, or at the counter from his paper.

    What he entered himself and nobody has checked gives way to what he enters now.
    """
    own = expert.user_id == by.pk
    if not own and not may(by, ENTER):
        raise PermissionDenied(ENTER)
    expert.hold()
    check_holder(expert, holder or expert.user.name)
    account = BankAccount(
        expert=expert, holder=expert.user.name, bank=bank.strip(), branch=branch.strip(), number=bank_card(number),
        entered_by=by, entered_at=clock.now(),
    )  # fmt: skip
    account.tail = account.number[-4:]
    standing = BankAccount.objects.standing().filter(expert=expert).first()
    if standing and standing.number == account.number:
        raise Refused("现在用的就是这个账户，不用再填", "13")
    if waiting := BankAccount.objects.waiting().filter(expert=expert).first():
        if not own:
            raise Refused("已有一个账户待核实，核实或退回后再代录", "13")
        give_up_account(waiting, by=by)
    account._history_user, account._change_reason = by, "填写收款账户（第13条）" if own else "代录收款账户（第13条）"
    account.save()
    messages.entered(account, changes=standing is not None)
    return account


def check_holder(expert: Expert, holder: str):
    """``Refused`` unless the account is in the expert's own name."""
    if not holder or plain(holder) != plain(expert.user.name):
        raise Refused("户名和专家的姓名不一样，报酬只付到本人名下的账户", "13")


def plain(name: str) -> str:
    """A name as it is compared: without spaces, with one kind of middle dot."""
    return "".join(name.split()).translate(dict.fromkeys(map(ord, "•・‧∙．."), "·"))


@transition(BankAccount, source=[State.ENTERED], target=State.REFUSED, article="13", own=True, inner=True)
def give_up_account(account, *, by):
    """另填账户"""
    account.check_note = SUPERSEDED
    return partial(messages.given_up, account)


@transition(BankAccount, source=[State.ENTERED], target=State.CONFIRMED, article="13")
def confirm_account(account, *, by, check_note):
    """核实通过"""
    apart(account, by, check_note)
    others = BankAccount.objects.standing().exclude(expert=account.expert_id)
    if others.filter(number_index=account.number_index).exists():
        raise Refused("这个账号已经用在另一位专家名下，请先查清是谁的", "13")
    if former := BankAccount.objects.standing().filter(expert=account.expert_id).first():
        replace_account(former, by=by)
    account.check_note, account.confirmed_by, account.confirmed_at = check_note, by, clock.now()
    account.usable_from = account.confirmed_at + cooling()
    return partial(messages.confirmed, account)


def apart(account: BankAccount, by: User, note: str):
    if by.pk == account.entered_by_id:
        raise Refused("录入的人不能自己核实", "13")
    if not note.strip():
        raise Refused("请写明怎样核实的、结果怎样", "13")
    if account.number in "".join(filter(str.isdigit, note)):
        raise Refused("请不要写完整的账号，只写尾号", "13")


def cooling() -> timedelta:
    """How long nothing is paid to a new account, so that he can say that it is not his."""
    return timedelta(days=Policy.objects.number("account_cooling_days", clock.today()))


@transition(BankAccount, source=[State.CONFIRMED], target=State.REPLACED, article="13", follows=True)
def replace_account(account, *, by):
    """更换账户"""


@transition(BankAccount, source=[State.ENTERED], target=State.REFUSED, article="13")
def refuse_account(account, *, by, check_note):
    """退回重填"""
    apart(account, by, check_note)
    account.check_note = check_note
    return partial(messages.refused, account)


@transition(BankAccount, source=[State.ENTERED, State.CONFIRMED], target=State.DISPUTED, article="13", own=True)
def dispute(account, *, by):
    """否认账户"""
    return partial(messages.disputed, account)
