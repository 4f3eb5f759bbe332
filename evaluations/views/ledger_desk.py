"""An expert's own ledger, and what he is asked to explain; never who was served (Articles 12(2) and 12(3))."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.urls import reverse
from django.views.generic import DetailView, ListView

from evaluations import actions, ledger, thresholds
from evaluations.ledger_desk import asked_of, entries_of
from evaluations.models import Talk
from expertteam import clock
from expertteam.views import Act

SHOWN = 20  # of what he was asked about


class OwnLedger(LoginRequiredMixin, ListView):
    """Every entry of his, whatever office he holds besides; what counts now, and what follows."""

    template_name = "evaluations/ledger/own.html"
    paginate_by = 20

    def get_queryset(self):
        return entries_of(self.request.user).told().select_related("case__rating", "service")

    def get_context_data(self, **kwargs):
        user, on = self.request.user, clock.today()
        expert = getattr(user, "expert", None)
        context = super().get_context_data(
            term=expert and expert.appointments.in_force(on).first(),
            counts=ledger.counts(thresholds.of(expert, on), on) if expert else [],
            talks=Talk.objects.filter(expert__user=user),
            asked=asked_of(user)[:SHOWN],
            **kwargs,
        )
        for strike in context["object_list"]:
            strike.is_open_to_appeal = strike.may_be_appealed(on)
        return context


class Appeal(Act):
    def get_queryset(self):
        return entries_of(self.request.user)

    def get_success_url(self):
        return reverse("evaluations:own_ledger")


class OwnRefusals:
    """The reader's own, once he is asked."""

    def get_queryset(self):
        return asked_of(self.request.user)


class OwnRefusal(LoginRequiredMixin, OwnRefusals, DetailView):
    template_name = "evaluations/ledger/own_refusal.html"

    def get_context_data(self, **kwargs):
        asked = self.object.state in actions.give_reason.source
        return super().get_context_data(asked=asked, strike=getattr(self.object, "strike", None), **kwargs)


class GiveReason(OwnRefusals, Act):
    def get_success_url(self):
        return reverse("evaluations:own_refusal", args=[self.object.pk])
