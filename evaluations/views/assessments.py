"""What the office sees and does of annual assessments; every verb of one sheet is an ``Act``."""

import logging
from itertools import groupby

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View

from evaluations import actions, assessing, listings
from evaluations.assessment_papers import SheetPaper
from evaluations.forms import assessments as forms
from evaluations.models import Assessment, Merit, MeritFile, Scheme
from expertteam import clock
from expertteam.files import served
from expertteam.views import Act, OfficeDetail, OfficeForm, OfficeList
from expertteam.workflow import may

log = logging.getLogger(__name__)
VIEW = "evaluations.view_assessment"


def asked_year(request) -> int:
    """The year somebody asked for among those that there are; without one, the one that is over."""
    asked, known = request.GET.get("year", ""), forms.years()
    year = int(asked) if asked.isascii() and asked.isdecimal() else forms.last_year()
    return year if year in known else forms.last_year()


class AssessmentList(OfficeList):
    """One year: everybody with points and grade, and what is still to be done about it."""

    model, permission = Assessment, VIEW
    template_name = "evaluations/assessments/list.html"
    listing = listings.ASSESSMENTS

    def get_queryset(self):
        self.year = asked_year(self.request)
        found = super().get_queryset().current().filter(year=self.year)
        return found.select_related("expert__user").order_by("-total", "expert__no")

    def get_context_data(self, **kwargs):
        user, visible = self.request.user, self.object_list.order_by()
        counts = dict(visible.values_list("grade").annotate(count=Count("pk")))
        return super().get_context_data(
            year=self.year, years=forms.years(), over=self.year < clock.today().year,
            grades=[(grade.label, counts.get(grade, 0)) for grade in Assessment.Grade],
            waiting=visible.filter(state=Assessment.State.COMPUTED).count(),
            warning=assessing.quota_warning(self.year), scheme=Scheme.objects.of_year(self.year),
            may_assess=may(user, actions.ASSESS), may_release=may(user, actions.release.permission),
            may_enter=may(user, actions.ENTER), **kwargs,
        )  # fmt: skip


class OfYear(OfficeForm):
    """An act on all of a year; back to its list."""

    def get_initial(self):
        return super().get_initial() | {"year": asked_year(self.request)}

    def get_context_data(self, **kwargs):
        return super().get_context_data(year=asked_year(self.request), **kwargs)

    def get_success_url(self):
        return f"{reverse('evaluations:assessments')}?year={self.year}"


class AssessYear(OfYear):
    permission, form_class = actions.ASSESS, forms.AssessForm
    template_name = "evaluations/assessments/assess.html"

    def enter(self, form):
        self.year = form.cleaned_data["year"]
        changed = actions.assess(self.year, by=self.request.user)
        return f"{self.year}年度已计算，{changed}位有新结果" if changed else f"{self.year}年度已计算，结果没有变化"


class ReleaseYear(OfYear):
    permission, form_class = actions.release.permission, forms.ReleaseYearForm
    template_name = "evaluations/assessments/release_year.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"warning": assessing.quota_warning(context["year"])}

    def enter(self, form):
        self.year = form.cleaned_data["year"]
        told, kept = actions.release_year(self.year, by=self.request.user, reason=form.cleaned_data["reason"])
        return "。".join([f"已公布{told}位", *kept])


class AssessmentDetail(OfficeDetail):
    """One sheet with every line, what was entered of the expert, and its other revisions."""

    model, permission = Assessment, VIEW
    template_name = "evaluations/assessments/detail.html"

    def get_queryset(self):
        people = ["expert__user", "scheme", "computed_by", "released_by", "decided_by"]
        return super().get_queryset().select_related(*people)

    def get_context_data(self, **kwargs):
        sheet, user = self.object, self.request.user
        others = Assessment.objects.visible_to(user).filter(expert=sheet.expert, year=sheet.year).exclude(pk=sheet.pk)
        merits = Merit.objects.visible_to(user).filter(expert=sheet.expert, year=sheet.year)
        return super().get_context_data(
            **laid_out(sheet), others=others, merits=merits.select_related("by", "revoked_by"), **kwargs
        )

    def offered(self, moves):
        """Nothing is told before the year is over, nor by whoever worked it out."""
        sheet, own = self.object, self.object.computed_by_id == self.request.user.pk
        early = sheet.year >= clock.today().year
        return [move for move in moves if not own and not (early and move is actions.release)]


def laid_out(sheet: Assessment) -> dict:
    """The lines by dimension, each with its sum, as a page prints them."""
    dimensions = [(name, list(lines)) for name, lines in groupby(sheet.lines, key=lambda line: line["dimension"])]
    flagged = any(line["flagged"] for line in sheet.lines)
    return {"dimensions": [(name, sum_of(lines), lines) for name, lines in dimensions], "flagged": flagged}


def sum_of(lines: list[dict]):
    return sum((assessing.as_decimal(line["points"]) for line in lines), assessing.as_decimal("0.00"))


class Release(Act):
    """The page says in words when there are too many of the highest grade, and asks why."""

    action, form_class = actions.release, forms.ReleaseForm

    def get_form_kwargs(self):
        excellent = self.object.grade == Assessment.Grade.EXCELLENT
        return super().get_form_kwargs() | {"warning": assessing.quota_warning(self.object.year) if excellent else ""}


class Paper(SheetPaper, OfficeDetail):
    model, permission = Assessment, VIEW


class MeritList(OfficeList):
    model, permission = Merit, "evaluations.view_merit"
    template_name = "evaluations/assessments/merits.html"
    listing = listings.MERITS

    def get_queryset(self):
        self.year = asked_year(self.request)
        found = super().get_queryset().filter(year=self.year)
        return found.select_related("expert__user", "by", "revoked_by", "revokes")

    def get_context_data(self, **kwargs):
        may_enter = may(self.request.user, actions.ENTER)
        return super().get_context_data(year=self.year, years=forms.years(), may_enter=may_enter, **kwargs)


class EnterMerit(OfficeForm):
    permission, form_class = actions.ENTER, forms.MeritForm
    template_name = "evaluations/assessments/enter_merit.html"

    def get_initial(self):
        return super().get_initial() | {
            key: self.request.GET[key] for key in ("expert", "year") if key in self.request.GET
        }

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ValidationError as reason:
            form.add_error("files", reason)
            return self.form_invalid(form)

    def enter(self, form):
        self.merit = actions.enter_merit(by=self.request.user, **form.cleaned_data)
        return f"已登记：{self.merit}"

    def get_success_url(self):
        return self.merit.get_absolute_url()


class OwnMerit:
    """The entry that the address names, for whoever may see it."""

    @cached_property
    def merit(self):
        seen = Merit.objects.visible_to(self.request.user).select_related("expert__user", "by", "revoked_by", "revokes")
        return get_object_or_404(seen, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        answer = getattr(self.merit, "revoked_by", None)
        may_revoke = may(self.request.user, actions.REVOKE) and not answer and not self.merit.revokes_id
        return super().get_context_data(merit=self.merit, answer=answer, may_revoke=may_revoke, **kwargs)


class MeritDetail(LoginRequiredMixin, OwnMerit, TemplateView):
    """An entry is written once, so there is no course of it to be told; the expert reads his with the sheet."""

    template_name = "evaluations/assessments/merit.html"

    def get(self, request, pk):
        if self.merit.concerns(request.user):
            raise PermissionDenied
        return super().get(request, pk=pk)


class RevokeMerit(OwnMerit, OfficeForm):
    permission, form_class = actions.REVOKE, forms.RevokeMeritForm
    template_name = "evaluations/assessments/revoke_merit.html"

    def enter(self, form):
        actions.revoke_merit(self.merit, by=self.request.user, reason=form.cleaned_data["reason"])
        return f"已冲销：{self.merit}"

    def get_success_url(self):
        return self.merit.get_absolute_url()


class MeritFileView(LoginRequiredMixin, View):
    """What proves an entry, for those who may read the entry."""

    def get(self, request, pk):
        file = get_object_or_404(MeritFile.objects.visible_to(request.user), pk=pk)
        log.info("account %s reads merit file %s", request.user.pk, file.pk)
        return served(file)
