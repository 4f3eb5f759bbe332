"""An expert's tasks: what he is asked, what he answers, and the matter he has taken on (Articles 4, 10(3) and 14)."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.generic import DetailView

from experts.models import Expert
from expertteam import clock
from expertteam.forms import ActForm
from expertteam.views import Act
from services import access
from services.desk import in_term
from services.forms.desk import AbsentForm, AcceptForm, ReasonForm
from services.models import Offer
from services.rules.service import UNDO, may_take_back

WHY = "查看已接受的预约"


@method_decorator(never_cache, "dispatch")
class InTerm(LoginRequiredMixin):
    """For an expert in term: after it nothing about his clients is read any more, and the page says so (Article 4)."""

    @cached_property
    def expert(self) -> Expert | None:
        return Expert.objects.filter(user=self.request.user).select_related("user").first()

    @property
    def is_closed(self) -> bool:
        """Whether there is nothing here for this expert any more."""
        return bool(self.request.user.is_authenticated and self.expert and not in_term(self.expert))

    def dispatch(self, request, *args, **kwargs):
        if self.is_closed:
            return render(request, "services/desk/ended.html", status=410)
        return super().dispatch(request, *args, **kwargs)


class OwnOffers(InTerm):
    """What was put before this very expert, whoever else may see it elsewhere."""

    def get_queryset(self):
        return Offer.objects.filter(expert__user=self.request.user).select_related("request", "expert__user")


class Task(OwnOffers, DetailView):
    """One offer: before the answer what is asked, after it the matter; to look at that is entered as a reading."""

    template_name = "services/desk/task.html"

    def get_context_data(self, **kwargs):
        offer, now = self.object, clock.now()
        begun = bool(offer.starts_at) and offer.starts_at <= now
        kwargs |= {"matter": self.matter(), "form": self.form(), "begun": begun, "late": offer.answer_due < now}
        kwargs |= {f"{verb}_url": reverse(f"services:{verb}", args=[offer.pk]) for verb in ("accept", "decline")}
        if offer.state == Offer.State.ACCEPTED and may_take_back(offer.answered_at, now):
            kwargs["until"] = offer.answered_at + UNDO
        return super().get_context_data(**kwargs)

    def matter(self) -> access.Matter | None:
        """What the client confided, while it is this expert's to read."""
        if self.object.state not in access.TAKEN_ON:
            return None
        try:
            return access.matter(self.object.request, self.request.user, WHY)
        except PermissionDenied:  # the matter is closed
            return None

    def form(self) -> AcceptForm | None:
        return AcceptForm(record=self.object) if self.object.state == Offer.State.OFFERED else None


class TaskAct(OwnOffers, Act):
    """One answer of the expert's own."""

    form_class = ActForm
    template_name = "services/desk/act.html"
    heading, button, said = "", "", ""

    @property
    def outcome(self) -> str:
        return self.said

    def get_success_url(self):
        return reverse("experts:desk") if self.request.method == "POST" else self.object.get_absolute_url()


class Accept(TaskAct):
    form_class = AcceptForm
    heading, button, said = "接受这项预约", "接受", "已接受，我们会短信告诉对方。"


class TakeBack(TaskAct):
    heading, button, said = "撤回刚才的接受？", "撤回接受", "已撤回。这项预约仍等您答复。"


class Decline(TaskAct):
    form_class = ReasonForm
    heading, button, said = "这次来不了？", "告诉服务中心", "已告诉服务中心，会另找专家。"


class StandDown(Decline):
    heading = "接受了，但来不了？"


class ClientAbsent(TaskAct):
    form_class = AbsentForm
    heading, button, said = "对方没来？", "登记对方没来", "已登记对方没来。"
