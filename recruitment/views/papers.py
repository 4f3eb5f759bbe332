"""The papers of selection, each for whoever sees the page it is linked from."""

from functools import partial

from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.generic import View

from expertteam.limits import limited
from expertteam.papers import handed_over
from recruitment import papers
from recruitment.models import Application, Notice, Round
from recruitment.views.apply_own import OwnPage
from services.views.papers import Paper

A_MINUTE = 20  # papers set for one network


class ApplicationForm(Paper):
    model, permission = Application, "recruitment.view_application"

    def get_queryset(self):
        return super().get_queryset().select_related("applicant", "round")

    def made(self) -> bytes:
        return papers.application_form(self.object)

    @property
    def filename(self) -> str:
        return f"报名表 {self.object.number}.pdf"


class OwnForm(OwnPage, View):
    """The same, of the reader's own application."""

    def get(self, request):
        application = self.application
        name = f"报名表 {application.number}.pdf"
        return handed_over(request, partial(papers.application_form, application), name, "recruitment:apply_form")


class RoundSummary(Paper):
    model, permission = Round, "recruitment.view_application"

    def get_queryset(self):
        return Round.objects.all()

    def get(self, request, *args, **kwargs):
        round = self.get_object()
        made = partial(papers.round_summary, round, request.user)
        return handed_over(request, made, f"汇总表 {round.name}.pdf", "recruitment:applications")


@method_decorator(limited("notice_list", A_MINUTE), "get")
class NoticeList(View):
    """Of a notice for everybody who sees it; of a draft for the office."""

    def get(self, request, pk):
        seen = Notice.objects.visible_to(request.user).exclude(state=Notice.State.DISCARDED)
        notice = get_object_or_404(seen, pk=pk)
        return handed_over(request, partial(papers.notice_list, notice), f"公示附件 {notice.pk}.pdf", notice)
