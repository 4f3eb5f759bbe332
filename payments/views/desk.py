"""Pay, as the expert sees it, in term and after: no client is named here (Articles 4 and 13)."""

from functools import partial

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Q
from django.http import Http404
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.generic import DetailView, ListView, View

from expertteam import clock
from expertteam.papers import handed_over
from payments import payslip, statement
from payments.forms.desk import YearFilter
from payments.models import Payout
from payments.views.own_account import Own
from payments.views.year import known

SHOWN = 24  # payslips beside the list, where no year is chosen


@method_decorator(never_cache, "dispatch")
class PayList(Own, ListView):
    """What he is owed and has got, piece by piece."""

    template_name = "payments/desk/list.html"
    paginate_by = 20

    @cached_property
    def filter(self) -> YearFilter:
        days = statement.claims(self.expert).dates("day", "year", order="DESC")
        return YearFilter(self.request.GET.dict(), years=[day.year for day in days])

    def get_queryset(self):
        claims = statement.claims(self.expert)
        return claims.filter(day__year=self.filter.chosen) if self.filter.chosen else claims

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        payouts = statement.payouts(self.request.user)
        if self.filter.chosen:
            payouts = payouts.filter(batch__paid_in__year=self.filter.chosen)
        return context | {
            "entries": statement.entries(list(context["object_list"])),
            "figures": statement.figures(self.expert),
            "slips": [(each, statement.became(each)) for each in payouts[:SHOWN]],
            "paid_years": self.paid_years(),
            "accounts": statement.accounts(self.expert),
            "year": clock.today().year,
            "now": clock.now(),
        }

    def paid_years(self):
        """The years of which there is a paper."""
        received = Payout.objects.received().filter(expert=self.expert)
        return [month.year for month in received.dates("batch__paid_in", "year", order="DESC")]


@method_decorator(never_cache, "dispatch")
class PayslipMixin(LoginRequiredMixin):
    """The expert's own once it is released, and for whoever keeps the pay the others'."""

    def get_queryset(self):
        user = self.request.user
        mine = Q(pk__in=statement.payouts(user).order_by().values("pk"))
        found = Payout.objects.filter(mine | Q(pk__in=Payout.objects.visible_to(user).values("pk")))
        return found.select_related("batch", "expert__user", "account", "result")


class Payslip(PayslipMixin, DetailView):
    template_name = "payments/desk/payslip.html"

    def get_context_data(self, **kwargs):
        payout = self.object
        lines = list(payslip.lines_of(payout))
        own = payout.expert.user_id == self.request.user.pk
        return super().get_context_data(
            lines=lines, whom=payslip.whom(payout), sums=payslip.sums(payout, lines), own=own,
            base="experts/base_desk.html" if own else "staff_base.html", notes=payslip.notes(payout),
            standing=statement.became(payout) if payout.batch.is_paid else None, **kwargs,
        )  # fmt: skip


class PayslipPaper(PayslipMixin, DetailView):
    """There is none before the release."""

    def render_to_response(self, context, **_):
        payout = self.object
        if not payout.batch.is_paid:
            raise Http404
        return handed_over(self.request, partial(payslip.slip, payout), f"报酬单 {payout.reference}.pdf", payout)


@method_decorator(never_cache, "dispatch")
class YearPaper(Own, View):
    """All that he got within a year, and what was withheld."""

    def get(self, request, year):
        found = statement.of_year(known(year)).filter(expert=self.expert)
        if not found.exists():
            raise Http404
        made = partial(payslip.of_year, self.expert, year, found)
        return handed_over(request, made, f"报酬和扣税情况 {self.expert.no} {year}.pdf", "payments:pay")
