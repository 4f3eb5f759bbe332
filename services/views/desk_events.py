"""An expert's own activities and pairings (Articles 4, 8(2) and 8(3))."""

from django.urls import reverse
from django.views.generic import DetailView

from expertteam.forms import ActForm
from expertteam.views import Act, MovesMixin
from services.events import followed
from services.models import ActivityRole, Pairing, PairingMember
from services.views.desk import InTerm


class Own(InTerm, MovesMixin, DetailView):
    """A record of this very expert, while he is in term, whoever else may see it elsewhere."""

    def get_queryset(self):
        own = super().get_queryset().filter(expert__user=self.request.user)
        return own.select_related("expert__user")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"moves": [move for move in context["moves"] if move.own]}


class Role(Own):
    """What he is asked to do at an activity."""

    model = ActivityRole
    template_name = "services/desk/role.html"

    def get_queryset(self):
        return super().get_queryset().select_related("activity")


class Pair(Own):
    """A pairing: its goals; while it runs whom it is with, and when they are to be called next."""

    model = Pairing
    template_name = "services/desk/pairing.html"

    def get_queryset(self):
        return super().get_queryset().followed().prefetch_related("members")

    def get_context_data(self, **kwargs):
        pairing = self.object
        form, due, late = followed(pairing)
        return super().get_context_data(
            form_of=form, due=due, late=late,
            members=PairingMember.objects.helped_by(self.request.user).filter(pairing=pairing),
            contacts=[each for each in pairing.services.all() if each.state != "draft"], **kwargs,
        )  # fmt: skip


class OwnAct(Act):
    """A verb that only the expert himself makes, from his desk."""

    form_class = ActForm

    def get_queryset(self):
        return super().get_queryset().filter(expert__user=self.request.user)


class RoleAct(OwnAct):
    def get_success_url(self):
        return reverse("services:desk_activity", args=[self.object.pk])


class PairingAct(OwnAct):
    def get_success_url(self):
        return reverse("services:desk_pairing", args=[self.object.pk])
