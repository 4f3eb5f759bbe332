"""What the bank says: read, looked at, taken over; what hangs until somebody clears it up (Article 13)."""

from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from expertteam.views import OfficeDetail, OfficeForm, OfficeList, OfficeReading
from expertteam.workflow import may
from payments import actions, listings
from payments.forms import returns as forms
from payments.models import BankReturn, ReturnRow
from payments.money import Total

VIEW = "payments.view_bankreturn"
SHOWN = 200  # rows of a group on a page; a file of the bank may have thousands


class Group(NamedTuple):
    """The rows of a file that come to the same, and the first of them."""

    title: str
    tone: str
    count: int
    sum: Decimal
    rows: list[ReturnRow]


class ReturnList(OfficeList):
    model, permission = BankReturn, VIEW
    template_name = "payments/returns/list.html"
    listing = listings.RETURNS

    def get_queryset(self):
        return super().get_queryset().counted().select_related("read_by").order_by("-pk")

    def get_context_data(self, **kwargs):
        hanging = ReturnRow.objects.visible_to(self.request.user).suspended().count()
        return super().get_context_data(may_read=may(self.request.user, actions.READ), hanging=hanging, **kwargs)


class ReturnDetail(OfficeDetail):
    model, permission = BankReturn, VIEW
    template_name = "payments/returns/detail.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(groups=groups(self.object), **kwargs)


def groups(bank_return: BankReturn) -> list[Group]:
    """What has arrived, what came back, what matches nothing."""
    rows = bank_return.rows.order_by("place")
    ways = [
        ("到账", "ok", Q(fault="", paid=True)),
        ("退回", "bad", Q(fault="", paid=False)),
        ("对不上", "wait", ~Q(fault="")),
    ]
    found = []
    for title, tone, which in ways:
        of_it = rows.filter(which)
        sums = of_it.order_by().aggregate(count=Count("pk"), sum=Total("amount"))
        found.append(Group(title, tone, sums["count"], sums["sum"] or Decimal(0), list(of_it.told()[:SHOWN])))
    return found


class Read(OfficeReading):
    """The file as the bank sent it; the page of the reading shows what it would bring about."""

    permission, form_class = actions.READ, forms.ReadForm
    template_name = "payments/returns/read.html"
    read, next_step = staticmethod(actions.check_return), "已试读，核对以后再入账"


class Suspense(OfficeList):
    model, permission = ReturnRow, VIEW
    template_name = "payments/returns/suspense.html"
    listing = listings.SUSPENSE

    def get_queryset(self):
        return super().get_queryset().suspended().told().order_by("bank_return_id", "place")

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_clear=may(self.request.user, actions.CLEAR), **kwargs)


class ClearRow(OfficeForm):
    """One row, and what became of it."""

    permission, form_class = actions.CLEAR, forms.ClearForm
    template_name = "payments/returns/clear.html"

    @cached_property
    def row(self):
        visible = ReturnRow.objects.visible_to(self.request.user).suspended()
        return get_object_or_404(visible.told(), pk=self.kwargs["pk"])

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"row": self.row}

    def get_context_data(self, **kwargs):
        return super().get_context_data(row=self.row, **kwargs)

    def enter(self, form):
        actions.clear_row(self.row, by=self.request.user, **form.cleaned_data)
        return f"{self.row}已核销"

    def get_success_url(self):
        return reverse("payments:suspense")
