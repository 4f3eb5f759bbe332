"""A year's pay and taxes of everybody, as finance sees and takes them (Article 13)."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.views.generic import RedirectView, View

from expertteam import clock
from expertteam.views import OfficeList
from expertteam.workbooks import workbook
from expertteam.workflow import may
from payments import actions, listings, statement
from payments.models import Payout

FIRST = 2026  # the Measures are in force from that year on


def known(year: int) -> int:
    """The year, if anybody can have been paid in it."""
    if not FIRST <= year <= clock.today().year:
        raise Http404
    return year


class ThisYear(LoginRequiredMixin, RedirectView):
    """The way there from pages that know no year."""

    def get_redirect_url(self, *args, **kwargs):
        return reverse("payments:year", args=[clock.today().year])


class YearTotals(OfficeList):
    """By expert and kind of income, with what it comes to for all of them."""

    model, permission = Payout, "payments.view_payout"
    template_name = "payments/year/totals.html"
    listing = listings.YEAR

    def get_queryset(self):
        super().get_queryset()
        return statement.annual(known(self.kwargs["year"]))

    def get_context_data(self, **kwargs):
        year = self.kwargs["year"]
        kinds = statement.by_income(statement.of_year(year))
        return super().get_context_data(
            year=year, years=statement.years(), kinds=kinds, total=statement.total([each for _, each in kinds]),
            people=len({row.no for row in self.object_list}), may_export=may(self.request.user, actions.EXPORT),
            **kwargs,
        )  # fmt: skip


class YearFile(LoginRequiredMixin, View):
    """The same as a workbook; that it was taken is on record."""

    def post(self, request, year):
        if not may(request.user, actions.EXPORT):
            raise PermissionDenied(actions.EXPORT)
        return workbook(f"年度汇总 {year}.xlsx", actions.export_year(known(year), by=request.user))
