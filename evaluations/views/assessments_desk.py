"""What an expert sees of his years: every line as it came about, and the way to another look (Article 10(1))."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.urls import reverse
from django.views.generic import DetailView, ListView

from evaluations.assessment_papers import SheetPaper
from evaluations.models import Assessment, Merit
from evaluations.rules.assessment import term_mean
from evaluations.views.assessments import laid_out
from expertteam import clock
from expertteam.views import Act


class OwnAssessments:
    """The reader's own, once they are told; whatever office he holds besides."""

    def get_queryset(self):
        own = Assessment.objects.filter(expert__user_id=self.request.user.pk)
        return own.exclude(state=Assessment.State.COMPUTED).select_related("expert__user", "scheme")


class DeskAssessments(LoginRequiredMixin, OwnAssessments, ListView):
    template_name = "evaluations/assessments/desk_list.html"

    def get_queryset(self):
        return super().get_queryset().current()

    def get_context_data(self, **kwargs):
        graded = [each.total for each in self.object_list if each.grade != Assessment.Grade.UNDETERMINED]
        return super().get_context_data(mean=term_mean(graded) if len(graded) > 1 else None, **kwargs)


class DeskAssessment(LoginRequiredMixin, OwnAssessments, DetailView):
    template_name = "evaluations/assessments/desk_detail.html"

    def get_context_data(self, **kwargs):
        sheet = self.object
        merits = Merit.objects.filter(pk__in=[each["id"] for each in sheet.inputs["merits"]]).order_by("pk")
        later = super().get_queryset().filter(expert=sheet.expert, year=sheet.year, revision__gt=sheet.revision).first()
        return super().get_context_data(
            **laid_out(sheet), merits=merits, later=later, may_contest=sheet.may_be_contested(clock.today()), **kwargs
        )


class DeskPaper(SheetPaper, LoginRequiredMixin, OwnAssessments, DetailView):
    def back(self):
        return reverse("evaluations:desk_assessment", args=[self.object.pk])


class DeskAct(OwnAssessments, Act):
    """The one move that is the expert's."""

    def get_success_url(self):
        return reverse("evaluations:desk_assessment", args=[self.object.pk])
