"""An expert's own mobile number: asked for, proved, told of, stopped; and the link by which it is stopped."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from expertteam import account_changes as changes
from expertteam import limits
from expertteam.account_forms import OwnPhoneForm, ProveForm
from expertteam.account_messages import stopped_by
from expertteam.change_views import WRONG
from expertteam.forms import TerraceForm
from expertteam.models import AccountChange
from expertteam.regulation import Refused
from expertteam.views import WrongIs422
from expertteam.workflow import LINK


@method_decorator(reauthentication_required, "dispatch")
class OwnPhone(LoginRequiredMixin, WrongIs422, FormView):
    """One page, whatever is to be done next: the new number, its code, waiting; it can be stopped all along."""

    template_name = "account/own_phone.html"

    @cached_property
    def change(self) -> AccountChange | None:
        """What is open of his own; another may have asked for it."""
        return AccountChange.objects.open().filter(user=self.request.user, kind="phone").first()

    @property
    def asked(self) -> str:
        """What the button pressed asks for, as far as it can be asked for now."""
        pressed = self.request.POST.get("act", "")
        if self.change is None:
            return "ask"
        return pressed if pressed in ("send", "stop") else "prove"

    def get_form_class(self):
        if self.change is None:
            return OwnPhoneForm
        return TerraceForm if self.change.proved_at or self.asked in ("send", "stop") else ProveForm

    def get_context_data(self, **kwargs):
        return super().get_context_data(change=self.change, **kwargs)

    def form_valid(self, form):
        try:
            said = getattr(self, self.asked)(form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, said)
        return redirect("account" if self.asked == "stop" else "own_phone")

    def spare(self, name: str, often: str):
        """No number gets codes without end, however often a change is stopped and asked for anew."""
        if limits.refused(self.request, name, often, str(self.request.user.pk)):
            raise Refused("今天发验证码的次数太多了，请明天再试，或打电话")

    def ask(self, entry):
        self.spare("own_phone", "5/d")
        changes.ask_phone(self.request.user, by=self.request.user, **entry)
        return "验证码已发到新手机号"

    def prove(self, entry):
        changes.prove(self.change, by=LINK, **entry)
        if not self.change.proved_at:
            raise Refused(WRONG)
        return "新手机号已验证，等我们打原手机号核对"

    def send(self, _):
        self.spare("resend_phone", "10/d")
        changes.send_code(self.change, by=LINK)
        return "验证码已重发"

    def stop(self, _):
        changes.stop(self.change, by=LINK)
        return "已停止，手机号没有变"


class StopByLink(TemplateView):
    """Whoever reads the old number stops the change, signed in or not: at worst it has to be asked for again."""

    template_name = "account/stop_phone.html"

    @cached_property
    def change(self) -> AccountChange:
        if change := stopped_by(self.kwargs["token"]):
            return change
        raise Http404

    def get_context_data(self, **kwargs):
        return super().get_context_data(change=self.change, **kwargs)

    def post(self, request, token):
        try:
            changes.stop(self.change, by=LINK)
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(reverse("stop_phone_change", args=[token]))
