"""What the bureau sees and does of ratings, their cases and reports; every verb is an ``Act``."""

import logging

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, View

from evaluations import actions, clusters, listings, rules
from evaluations.forms.rate import PhoneRatingForm
from evaluations.forms.report import PhoneReportForm
from evaluations.models import Dismissal, Rating, RatingCase, Report, ReportFile
from expertteam import clock
from expertteam.files import served
from expertteam.regulation import Refused
from expertteam.templatetags.terrace import grouped
from expertteam.views import OfficeDetail, OfficeList, WrongIs422
from expertteam.workflow import may

log = logging.getLogger(__name__)
TABS = {
    "": ("已评价", {"state": Rating.State.GIVEN}),
    "cases": ("差评回访", {"case__isnull": False}),
    "quotes": ("文字待审", {"quote": Rating.Quote.WAITING}),
    "open": ("待评价", {"state": Rating.State.OPEN}),
}


class RatingList(OfficeList):
    model, permission = Rating, "evaluations.view_rating"
    template_name = "evaluations/office/ratings.html"
    listing = listings.RATINGS._replace(tabs={"show": {key: label for key, (label, _) in TABS.items()}})

    def get_queryset(self):
        self.shown = self.request.GET.get("show", "")
        _, narrowed = TABS.get(self.shown, TABS[""])
        related = ["expert__user", "service__request", "case"]
        return super().get_queryset().filter(**narrowed).select_related(*related).order_by("-given_at", "-pk")

    def get_context_data(self, **kwargs):
        tabs = [(key, label, key == self.shown) for key, (label, _) in TABS.items()]
        reports = may(self.request.user, "evaluations.view_report")
        may_take = may(self.request.user, actions.TAKE)
        return super().get_context_data(tabs=tabs, may_read_reports=reports, may_take=may_take, **kwargs)


class RatingDetail(OfficeDetail):
    model, permission = Rating, "evaluations.view_rating"
    template_name = "evaluations/office/rating.html"

    def get_queryset(self):
        return (
            super().get_queryset().select_related("expert__user", "service__request", "service__expert__user", "case")
        )

    def get_context_data(self, **kwargs):
        rating, user = self.object, self.request.user
        by_phone = may_be_entered(rating) and actions.give.permits(rating, user)
        seen = hasattr(rating, "case") and may(user, "evaluations.view_ratingcase")
        return super().get_context_data(by_phone=by_phone, case=seen and rating.case, **kwargs)

    def offered(self, moves):
        """By telephone it has a page of its own; the change is the client's alone; of a text, what is due."""
        quote = {
            Rating.Quote.WAITING: [actions.show_quote, actions.withhold_quote],
            Rating.Quote.SHOWN: [actions.withhold_quote],
            Rating.Quote.WITHHELD: [actions.show_quote] if self.object.may_publish else [],
        }.get(self.object.quote, [])
        return [move for move in moves if move is actions.resend or move in quote]


def may_be_entered(rating: Rating) -> bool:
    """By a clerk: what nobody has said yet, or what a clerk took down and has to put right."""
    taken_down = rating.channel in (Rating.Channel.PHONE, Rating.Channel.PAPER)
    return rating.state == Rating.State.OPEN or (taken_down and actions.may_be_revised(rating))


@method_decorator(sensitive_post_parameters("text", "note"), "dispatch")
class PhoneRating(LoginRequiredMixin, WrongIs422, FormView):
    """What a client says on the telephone or on paper, marked as such and left out of the averages."""

    template_name = "evaluations/office/phone_rating.html"
    form_class = PhoneRatingForm

    @cached_property
    def rating(self):
        rating = get_object_or_404(Rating.objects.select_related("service__request"), service=self.kwargs["pk"])
        if not actions.give.permits(rating, self.request.user):
            raise PermissionDenied(actions.give.permission)
        return rating

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not may_be_entered(self.rating):
            messages.info(request, "这次服务已经评价过了，不能再代录")
            return redirect(self.rating)
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        rating = self.rating
        said = ["channel", "grade", "good", "wrong", "text"]
        return {name: getattr(rating, name) for name in said} if rating.state == Rating.State.GIVEN else {}

    def form_valid(self, form):
        said = {name: value for name, value in form.cleaned_data.items() if name != "key"}
        try:
            actions.enter_by_phone(self.rating, by=self.request.user, **said)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, f"已代录：{self.rating.get_grade_display()}")
        return redirect(self.rating)

    def get_context_data(self, **kwargs):
        return super().get_context_data(rating=self.rating, **kwargs)


class CaseDetail(OfficeDetail):
    """Who said it is told in full to whoever calls back, and to nobody else."""

    model, permission = RatingCase, "evaluations.view_ratingcase"
    template_name = "evaluations/office/case.html"

    def get_queryset(self):
        return super().get_queryset().told()

    def get_object(self, queryset=None):
        case = super().get_object(queryset)
        log.info("account %s reads rating case %s", self.request.user.pk, case.number)
        return case

    def get_context_data(self, **kwargs):
        case, user = self.object, self.request.user
        calls = may(user, actions.call_back.permission) and not case.concerns(user)
        return super().get_context_data(rating=case.rating, calls=calls, cluster=self.cluster(), **kwargs)

    def cluster(self) -> list:
        """The cases that may come from the same hand, each with what it shares; nothing that says whose."""
        if not self.object.flag:
            return []
        shares = {twin.rating: twin.words for twin in clusters.twins(self.object.rating)}
        cases = RatingCase.objects.visible_to(self.request.user).filter(rating__in=shares).select_related("rating")
        return [(case, shares[case.rating_id]) for case in cases]

    def offered(self, moves):
        """What can be done now; the call that was answered first."""
        case = self.object
        barred = {actions.lapse_statement}
        if not rules.may_go_without_a_call(case.missed_calls, case.missed_days):
            barred.add(actions.give_up_call)
        if case.state == RatingCase.State.FOUND:
            barred.add(actions.close if case.is_upheld else actions.rectify)
        if not actions.open_follow_up(case.rating):
            barred.add(actions.follow_up)
        if not case.awaits_inspector:
            barred.add(actions.inspect_cluster)
        if actions.matched_by(case.rating.service, self.request.user):
            barred |= {actions.find, actions.inspect_cluster}
        return sorted((move for move in moves if move not in barred), key=lambda move: move is not actions.call_back)


class ReportList(OfficeList):
    model, permission = Report, "evaluations.view_report"
    template_name = "evaluations/office/reports.html"
    listing = listings.REPORTS

    def get_queryset(self):
        return super().get_queryset().select_related("expert__user")


class ReportDetail(OfficeDetail):
    """Who reported is read by the inspector alone, and never by the person reported."""

    model, permission = Report, "evaluations.view_report"
    template_name = "evaluations/office/report.html"

    def get_queryset(self):
        return super().get_queryset().select_related("expert__user", "taken_by")

    def get_object(self, queryset=None):
        report = super().get_object(queryset)
        log.info("account %s reads report %s", self.request.user.pk, report.pk)
        return report

    def get_context_data(self, **kwargs):
        report, user = self.object, self.request.user
        may_propose = report.may_be_proposed and may(user, actions.PROPOSE) and actions.may_be_begun(report.expert)
        cited = Dismissal.objects.visible_to(user).filter(report=report).order_by("pk")
        return super().get_context_data(may_propose=may_propose, cited=cited, **kwargs)

    def offered(self, moves):
        """First of whom it is; then what can be asked and found of him."""
        report = self.object
        if report.expert_id is None:
            barred = {actions.ask_expert, actions.uphold}
        else:
            barred = {actions.identify} | ({actions.ask_expert} if report.asked_at else set())
            barred |= {actions.uphold} if report.is_awaited(clock.today()) else set()
        order = [actions.examine, actions.identify, actions.answer]
        return sorted((move for move in moves if move not in barred), key=lambda move: move not in order)


class ReportFileView(LoginRequiredMixin, View):
    """What came with a report, for those who may read the report."""

    def get(self, request, pk):
        file = get_object_or_404(ReportFile.objects.visible_to(request.user), pk=pk)
        log.info("account %s reads report file %s", request.user.pk, file.pk)
        return served(file)


@method_decorator(sensitive_post_parameters("about", "facts", "name", "phone"), "dispatch")
class PhoneReport(LoginRequiredMixin, WrongIs422, FormView):
    """The public form, taken down at the telephone or the counter; it goes to the inspector and cannot be read again."""

    template_name = "evaluations/office/phone_report.html"
    form_class = PhoneReportForm

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not may(request.user, actions.TAKE):
            raise PermissionDenied(actions.TAKE)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            receipt = actions.lodge(by=self.request.user, **form.said())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as reason:
            form.add_error("files", reason)
        else:
            messages.success(self.request, f"已登记，受理编号{grouped(receipt)}，请读给对方记下来")
            return redirect("evaluations:phone_complaint")
        return self.form_invalid(form)
