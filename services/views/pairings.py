"""What the centre does with pairings (Article 8(2))."""

import logging

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic.detail import SingleObjectMixin

from expertteam.forms import ActForm, TerraceForm
from expertteam.views import Act, OfficeDetail, OfficeForm, OfficeList
from expertteam.workflow import may
from services import listings
from services.actions import pairing as actions
from services.events import followed
from services.forms import pairings as forms
from services.models import Pairing, PairingMember

log = logging.getLogger(__name__)
VIEW = "services.view_pairing"
LIVE = [Pairing.State.PROPOSED, Pairing.State.ACTIVE]


class Pairings(OfficeList):
    """Those that run or wait, or those that are over; what is late first."""

    model, permission = Pairing, VIEW
    template_name = "services/office/pairings.html"
    listing = listings.PAIRINGS

    def get_queryset(self):
        shown = super().get_queryset().followed().prefetch_related("members")
        return shown.exclude(state__in=LIVE) if self.over else shown.filter(state__in=LIVE)

    @property
    def over(self):
        return "over" in self.request.GET

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        may_propose = may(self.request.user, "services.propose_pairing")
        rows = [(pairing, *followed(pairing)) for pairing in context["object_list"]]
        return context | {"rows": rows, "over": self.over, "may_propose": may_propose}


class PairingDetail(OfficeDetail):
    """The whole of a pairing; who is paired only for whoever keeps them, and every such reading is logged."""

    model, permission = Pairing, VIEW
    template_name = "services/office/pairing.html"

    def get_queryset(self):
        return super().get_queryset().followed().prefetch_related("members")

    def get_context_data(self, **kwargs):
        pairing, user = self.object, self.request.user
        form, due, late = followed(pairing)
        members = [] if pairing.concerns(user) else list(PairingMember.objects.visible_to(user).filter(pairing=pairing))
        if members:
            log.info("account %s reads the members of pairing %s", user.pk, pairing.number)
        may_change = pairing.state in LIVE and may(user, "services.add_member_pairing") and not pairing.concerns(user)
        return super().get_context_data(
            form_of=form, due=due, late=late, members=members, may_change=may_change,
            contacts=[each for each in pairing.services.all() if each.state != "draft"], **kwargs,
        )  # fmt: skip


@method_decorator(sensitive_post_parameters("name", "phone", "goals"), "dispatch")
class Propose(OfficeForm):
    permission, form_class = "services.propose_pairing", forms.ProposeForm
    template_name = "services/office/propose.html"

    def enter(self, form):
        self.pairing = actions.propose(by=self.request.user, **form.said())
        return f"已提出结对{self.pairing.number}，等专家答复"

    def get_success_url(self):
        return self.pairing.get_absolute_url()


@method_decorator(sensitive_post_parameters("name", "phone"), "dispatch")
class AddMember(OfficeForm):
    permission, form_class = "services.add_member_pairing", forms.MemberForm
    template_name = "services/office/add_member.html"

    @cached_property
    def pairing(self):
        return get_object_or_404(Pairing.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(pairing=self.pairing, **kwargs)

    def enter(self, form):
        actions.add_member(self.pairing, by=self.request.user, **form.member())
        return "已加入结对"

    def get_success_url(self):
        return self.pairing.get_absolute_url()


class ReleaseMember(SingleObjectMixin, OfficeForm):
    permission, form_class = "services.release_member_pairing", TerraceForm
    template_name = "services/office/release_member.html"

    def get_queryset(self):
        return PairingMember.objects.visible_to(self.request.user).select_related("pairing__expert")

    @cached_property
    def object(self):
        return self.get_object()

    def enter(self, form):
        actions.release_member(self.object, by=self.request.user)
        return "已移出结对"

    def get_success_url(self):
        return self.object.pairing.get_absolute_url()


class PairingAct(Act):
    form_class = ActForm

    def get_success_url(self):
        return reverse("services:pairing", args=[self.object.pk])
