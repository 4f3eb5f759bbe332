"""Honours as the office sees, nominates and decides them (Article 10(1))."""

import logging

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.generic import View

from evaluations import actions, honour_papers, listings, province
from evaluations import year as years
from evaluations.forms import honour as forms
from evaluations.models import Honour
from expertteam import clock
from expertteam.spreadsheets import sheet
from expertteam.views import OfficeDetail, OfficeForm, OfficeList
from expertteam.workflow import may
from services.views.papers import Paper

log = logging.getLogger(__name__)
VIEW = "evaluations.view_honour"


class HonourList(OfficeList):
    model, permission = Honour, VIEW
    template_name = "evaluations/office/honours.html"
    listing = listings.HONOURS

    def get_queryset(self):
        honours = super().get_queryset()
        known = honours.order_by("-year").values_list("year", flat=True).distinct()
        self.filter = forms.HonourFilter(self.request.GET.dict(), years=list(known))
        return self.filter.narrowed(honours).select_related("expert__user")

    def get_context_data(self, **kwargs):
        exported = self.filter.cleaned_data.get("year") or clock.today().year
        nominates = may(self.request.user, actions.NOMINATE)
        return super().get_context_data(filter=self.filter, exported=exported, may_nominate=nominates, **kwargs)


class HonourDetail(OfficeDetail):
    model, permission = Honour, VIEW
    template_name = "evaluations/office/honour.html"

    def get_queryset(self):
        return super().get_queryset().told()

    def get_context_data(self, **kwargs):
        return super().get_context_data(evidence=years.told(self.object.evidence), **kwargs)

    def offered(self, moves):
        """Whoever nominated does not decide."""
        own = self.object.nominated_by_id == self.request.user.pk
        return [move for move in moves if not (own and move in (actions.confer, actions.refuse))]


class HonourPaper(Paper):
    model, permission = Honour, VIEW

    def get_queryset(self):
        return super().get_queryset().told()

    def made(self) -> bytes:
        return honour_papers.form(self.object)

    @property
    def filename(self) -> str:
        return f"{honour_papers.TITLES[self.object.kind]} {self.object.number}.pdf"


class Nominate(OfficeForm):
    """First whose work of which year, in the address; then, under what that year shows, the nomination."""

    permission, form_class = actions.NOMINATE, forms.NominateForm
    template_name = "evaluations/office/nominate.html"

    @cached_property
    def pick(self):
        return forms.PickForm(self.request.GET or None, initial={"year": clock.today().year})

    @cached_property
    def chosen(self):
        """The expert and the year, once both are known."""
        return (self.pick.cleaned_data["expert"], self.pick.cleaned_data["year"]) if self.pick.is_valid() else None

    def post(self, request, *args, **kwargs):
        return super().post(request, *args, **kwargs) if self.chosen else redirect("evaluations:nominate")

    def enter(self, form):
        expert, year = self.chosen
        self.honour = actions.nominate(expert, by=self.request.user, year=year, **form.cleaned_data)
        return f"已提名{self.honour.expert}老师，等局领导决定"

    def get_success_url(self):
        return self.honour.get_absolute_url()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(pick=self.pick, **kwargs)
        if not self.chosen:
            return context
        expert, year = self.chosen
        shown = {"expert": expert, "year": year, "evidence": years.told(years.figures(expert, year))}
        return context | shown | {"barred": years.why_not(expert, year)}


class Province(LoginRequiredMixin, View):
    """The list for the province as a file; who took it is on record."""

    def get(self, request, year):
        if not may(request.user, VIEW):
            raise PermissionDenied(VIEW)
        if not 2000 <= year <= clock.today().year:
            raise Http404
        log.info("account %s exports recommendations of %s", request.user.pk, year)
        return sheet(f"recommended-{year}.csv", province.COLUMNS, province.rows(year, request.user))
