"""What waits between the bank and us, as rows of 今天 (Article 13)."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from expertteam import clock
from expertteam.templatetags.terrace import day
from expertteam.waiting import Waiting, open_to
from expertteam.workflow import may
from payments import actions, overdue
from payments.models import BankReturn, Batch, Export, ReturnRow


def to_send_of(user) -> QuerySet:
    """Released, and nobody has taken the file for the bank."""
    if not may(user, actions.EXPORT):
        return Batch.objects.none()
    taken = Export.objects.filter(batch=OuterRef("pk"), kind=Export.Kind.BANK)
    return Batch.objects.filter(~Exists(taken), state=Batch.State.RELEASED).order_by("released_at", "pk")


def to_send(batch) -> Waiting:
    tip = f"{day(batch.released_at)}发放，下载银行代发文件，当天送银行"
    return Waiting(None, "送银行代发", batch.number, batch.title, tip, "下载", batch.get_absolute_url())


def to_apply_of(user) -> QuerySet:
    """Read and not taken over; not those by which he is paid himself."""
    own = BankReturn.objects.filter(rows__payout__expert__user=user).values("pk")
    return open_to(actions.apply, user).exclude(pk__in=own).order_by("read_at", "pk")


def to_apply(bank_return) -> Waiting:
    return Waiting(
        None, "回盘入账", bank_return.number, bank_return.filename, "核对到账、退回、对不上三组以后入账", "入账",
        bank_return.get_absolute_url(),
    )  # fmt: skip


def to_ask_for_of(user) -> QuerySet:
    """The bank should have answered by now."""
    return overdue.returns(clock.today()) if may(user, actions.READ) else Batch.objects.none()


def to_ask_for(batch) -> Waiting:
    tip = f"{day(batch.released_at)}发放，已超过3个工作日，请向银行要回盘文件"
    return Waiting(None, "导入回盘", batch.number, batch.title, tip, "导入", reverse("payments:read_return"))


def to_clear_of(user) -> QuerySet:
    """Rows that match nothing; not of files that he read or took over himself."""
    if not may(user, actions.CLEAR):
        return ReturnRow.objects.none()
    own = Q(bank_return__read_by=user) | Q(bank_return__applied_by=user)
    return ReturnRow.objects.suspended().exclude(own).told().order_by("bank_return__applied_at", "place")


def to_clear(row) -> Waiting:
    return Waiting(
        None, "核销挂账", row.reference, str(row), row.why, "核销", reverse("payments:clear_row", args=[row.pk])
    )


QUEUES = [
    ("待送银行", to_send_of, to_send),
    ("回盘待入账", to_apply_of, to_apply),
    ("批次没有回盘", to_ask_for_of, to_ask_for),
    ("挂账待核销", to_clear_of, to_clear),
]
