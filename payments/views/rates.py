"""Rates, by circular (Article 13)."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.generic import View

from expertteam import clock
from expertteam.files import served
from expertteam.views import Act, OfficeDetail, OfficeForm, OfficeList
from expertteam.workflow import may
from payments import actions, changes, listings, rate_words
from payments.forms import rates as forms
from payments.models import RateSchedule, ScheduleFile

VIEW = "payments.view_rateschedule"


class ScheduleList(OfficeList):
    """Every scope with its chain of circulars, the latest first."""

    model, permission = RateSchedule, VIEW
    template_name = "payments/rates/list.html"
    listing = listings.SCHEDULES

    def get_queryset(self):
        return super().get_queryset().told()

    def exported(self):
        return [told for _, rows, _ in rate_words.by_scope(self.get_queryset(), clock.today()) for told in rows]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        scopes = rate_words.by_scope(context["object_list"], clock.today())
        return context | {"scopes": scopes, "may_draft": may(self.request.user, actions.DRAFT)}


class ScheduleDetail(OfficeDetail):
    model, permission = RateSchedule, VIEW
    template_name = "payments/rates/detail.html"

    def get_queryset(self):
        return super().get_queryset().told()

    def get_context_data(self, **kwargs):
        return super().get_context_data(told=rate_words.Told(self.object, clock.today()), **kwargs)

    def offered(self, moves):
        """Nobody confirms what he typed himself, nor what has no document to compare it with."""
        schedule = self.object
        barred = schedule.drafted_by_id == self.request.user.pk or not schedule.files.all()
        return [move for move in moves if not (barred and move is actions.confirm_schedule)]


class Changes(OfficeDetail):
    """What would change if these rates were applied; nothing does."""

    model, permission = RateSchedule, VIEW
    template_name = "payments/rates/changes.html"

    def get_queryset(self):
        dropped = RateSchedule.State.DROPPED
        return super().get_queryset().exclude(state=dropped).select_related("superseded_by")

    def get_context_data(self, **kwargs):
        report = changes.report(self.object, self.request.user)
        return super().get_context_data(report=report, shown=changes.SHOWN, **kwargs)


class Draft(OfficeForm):
    """A new circular of one scope, beginning with the numbers of the last."""

    permission, form_class = actions.DRAFT, forms.ScheduleForm
    template_name = "payments/rates/form.html"

    @cached_property
    def scope(self):
        if self.kwargs["scope"] not in RateSchedule.Scope:
            raise Http404
        return RateSchedule.Scope(self.kwargs["scope"])

    def get_form_kwargs(self):
        last = RateSchedule.objects.prefetch_related("rates").last_of(self.scope)
        return super().get_form_kwargs() | {"base": last, "current": last, "scope": self.scope}

    def enter(self, form):
        self.schedule = actions.draft_schedule(by=self.request.user, scope=self.scope, **form.cleaned_data)
        return f"已录入{self.schedule.document_number}，等财务复核核对确认"

    def get_success_url(self):
        return self.schedule.get_absolute_url()


class Attach(Act):
    action, form_class = actions.attach, forms.AttachForm
    outcome = "标准文件已上传，等财务复核核对确认"


class Revise(Act):
    action, form_class, outcome = actions.revise, forms.ReviseForm, "拟稿已保存，等财务复核核对确认"
    template_name = "payments/rates/form.html"

    @property
    def scope(self):
        return RateSchedule.Scope(self.object.scope)


class Document(LoginRequiredMixin, View):
    """The circular itself, for whoever may see its rates."""

    def get(self, request, pk):
        visible = RateSchedule.objects.visible_to(request.user)
        return served(get_object_or_404(ScheduleFile, pk=pk, schedule__in=visible))
