"""Files that leave the house: for the bank, for finance, for the tax office (Article 13)."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.shortcuts import redirect
from django.views.generic import View

from expertteam.regulation import Refused
from expertteam.views import OfficeDetail, OfficeList
from expertteam.workbooks import workbook
from expertteam.workflow import may
from payments import actions, listings, tax_months
from payments.models import Batch


def taken(request, of: Batch | date, kind: str, back):
    """The file; where there is none, the page that led here says why."""
    try:
        return workbook(*actions.export(of, kind, by=request.user))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)


class BatchFile(OfficeDetail):
    model, permission = Batch, actions.EXPORT
    kind = ""

    def get(self, request, *args, **kwargs):
        batch = self.get_object()
        return taken(request, batch, self.kind, batch)


class MonthFile(LoginRequiredMixin, View):
    kind = ""

    def get(self, request, year, month):
        try:
            first = date(year, month, 1)
        except (ValueError, OverflowError) as wrong:
            raise Http404 from wrong
        return taken(request, first, self.kind, "payments:taxes")


class TaxList(OfficeList):
    model, permission = Batch, "payments.view_batch"
    template_name = "payments/returns/taxes.html"
    listing = listings.TAXES
    paginate_by = 24

    def get_queryset(self):
        return tax_months.months(super().get_queryset())

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_export=may(self.request.user, actions.EXPORT), **kwargs)
