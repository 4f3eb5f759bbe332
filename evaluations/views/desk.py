"""What an expert sees of a rating that he is asked about: the service, what was wrong, never by whom (Article 12(2))."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.urls import reverse
from django.views.generic import DetailView

from evaluations import actions
from evaluations.models import RatingCase, Report
from expertteam.views import Act


class OwnCases:
    """The reader's own, once he is asked."""

    def get_queryset(self):
        own = RatingCase.objects.filter(rating__expert__user_id=self.request.user.pk)
        return own.exclude(state=RatingCase.State.AWAITING_CALL).told()


class DeskCase(LoginRequiredMixin, OwnCases, DetailView):
    template_name = "evaluations/desk/case.html"

    def get_context_data(self, **kwargs):
        rating = self.object.rating
        asked = self.object.state in actions.explain.source
        return super().get_context_data(rating=rating, service=rating.service, asked=asked, **kwargs)


class DeskAct(OwnCases, Act):
    """The one move that is the expert's."""

    def get_success_url(self):
        return reverse("evaluations:desk_case", args=[self.object.pk])


class AskedReports:
    """The reports that the reader was asked about: his question alone, never who reported nor in which words."""

    def get_queryset(self):
        return Report.objects.asking(self.request.user).select_related("expert")


class DeskReport(LoginRequiredMixin, AskedReports, DetailView):
    template_name = "evaluations/desk/report.html"

    def get_context_data(self, **kwargs):
        report = self.object
        asked = report.state in actions.respond.source and report.responded_at is None
        return super().get_context_data(asked=asked, **kwargs)


class DeskReportAct(AskedReports, Act):
    """Without the receipt, which is the key of whoever reported."""

    template_name = "evaluations/desk/respond.html"
    outcome = "说明已提交"

    def get_success_url(self):
        return reverse("evaluations:desk_report", args=[self.object.pk])
