"""One task, opened by the link of its SMS: whoever holds it answers for the expert, and reads nothing confided."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.generic import FormView

from expertteam import clock
from expertteam.forms import ActForm
from expertteam.limits import limited
from expertteam.regulation import Refused
from expertteam.views import WrongIs422
from services import actions
from services.desk import in_term
from services.forms.desk import AcceptForm, ReasonForm
from services.models import Link, Offer
from services.rules.service import UNDO, may_take_back
from services.views.unlisted import unlisted

A_MINUTE = 30  # of one network


@method_decorator(limited("task", A_MINUTE), "dispatch")
@method_decorator(unlisted, "dispatch")
class TaskLink(WrongIs422, FormView):
    """What is asked, and the answer; the link proves the expert whose offer it is (72 hours)."""

    template_name = "services/desk/link.html"
    form_class, move = AcceptForm, actions.accept
    said = "已接受，我们会短信告诉对方。"

    @cached_property
    def offer(self) -> Offer | None:
        links = Link.objects.holding(self.kwargs["token"], Link.Purpose.TASK)
        link = links.select_related("offer__request", "offer__expert__user").first()
        return link and link.offer

    def dispatch(self, request, *args, **kwargs):
        if self.offer is None or not (self.offer.expert.user.is_active and in_term(self.offer.expert)):
            return render(request, "services/desk/link_gone.html", status=410)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"record": self.offer}

    def form_valid(self, form):
        try:
            type(self).move(self.offer, by=self.offer.expert.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, self.said)
        return redirect("services:task_link", self.kwargs["token"])

    def get_context_data(self, **kwargs):
        offer, now = self.offer, clock.now()
        kwargs |= {"offer": offer, "late": offer.answer_due < now, "token": self.kwargs["token"]}
        if offer.state == Offer.State.ACCEPTED and may_take_back(offer.answered_at, now):
            kwargs["until"] = offer.answered_at + UNDO
        return super().get_context_data(**kwargs)


class DeclineLink(TaskLink):
    template_name = "services/desk/link_decline.html"
    form_class, move = ReasonForm, actions.decline
    said = "已告诉服务中心，会另找专家。"


class TakeBackLink(TaskLink):
    http_method_names = ["post"]
    form_class, move = ActForm, actions.take_back
    said = "已撤回。这项预约仍等您答复。"
