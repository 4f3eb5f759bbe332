"""What an expert sees of a rating that he is asked about: the service, what was wrong, never by whom (Article 12(2))."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.urls import reverse
from django.views.generic import DetailView

from evaluations import actions
from evaluations.models import RatingCase
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
