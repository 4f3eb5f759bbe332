"""What the bureau sees of terms that end: who would like another one, and what the term shows (Article 3)."""

import logging

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.generic import DetailView

from experts.models import Appointment
from expertteam import clock
from expertteam.views import OfficeList
from expertteam.workflow import may
from recruitment import evidence, listings, renewals
from recruitment.models import Application, Round, Wish

log = logging.getLogger(__name__)
PERMISSION = "recruitment.view_wish"


class ForTheOffice(LoginRequiredMixin):
    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not may(request.user, PERMISSION):
            raise PermissionDenied(PERMISSION)
        return super().dispatch(request, *args, **kwargs)


class RenewalList(ForTheOffice, OfficeList):
    template_name = "recruitment/office/renewals.html"
    listing = listings.RENEWALS

    @cached_property
    def stage(self) -> str:
        """The stage that the list is narrowed to; empty for all."""
        asked = self.request.GET.get("stage", "")
        return asked if asked in renewals.STAGES else ""

    def get_queryset(self):
        listed = renewals.ending(clock.today()).select_related("expert__user", "wish")
        return listed.filter(stage=self.stage) if self.stage else listed

    def get_context_data(self, **kwargs):
        today = clock.today()
        counts = renewals.counts(today)
        tabs = [(stage, words, counts.get(stage, 0), stage == self.stage) for stage, words in renewals.STAGES.items()]
        return super().get_context_data(
            tabs=tabs,
            total=sum(counts.values()),
            chosen=self.stage,
            until=renewals.last_ending(today),
            round=Round.objects.for_renewal(today).first(),
            waiting=Wish.objects.waiting(today).count(),
            may_open=may(self.request.user, "recruitment.add_round"),
            **kwargs,
        )


class RenewalDetail(ForTheOffice, DetailView):
    """One term with all that speaks for or against another one; never read by the expert himself."""

    template_name = "recruitment/office/renewal.html"

    def get_object(self, queryset=None):
        terms = renewals.staged(clock.today()).select_related("expert__user")
        term = get_object_or_404(terms, pk=self.kwargs["pk"])
        if term.expert.user_id == self.request.user.pk:
            raise PermissionDenied("about the reader himself")
        log.info("account %s reads renewal of %s", self.request.user.pk, term.number)
        return term

    def get_context_data(self, **kwargs):
        term: Appointment = self.object
        applications = Application.objects.visible_to(self.request.user).filter(renews=term).select_related("round")
        return super().get_context_data(
            evidence=evidence.of(term),
            leads=leads(self.request.user),
            wish=Wish.objects.filter(term=term).first(),
            applications=applications,
            **kwargs,
        )


def leads(user) -> dict[str, bool]:
    """Where this reader may follow the evidence to."""
    return {"strikes": may(user, "evaluations.view_strike"), "years": may(user, "evaluations.view_assessment")}
