"""Pages of one record, for whoever holds its link."""

from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.generic import FormView

from expertteam.once import once
from expertteam.regulation import Refused
from expertteam.views import WrongIs422
from services.models import Link, ServiceRequest
from services.views.unlisted import unlisted

REQUEST = ["request__expert__user", "request__wanted__user"]
SERVICE = ["service__expert__user", "service__request"]


@method_decorator(unlisted, "dispatch")
class HeldMixin:
    """Finds the record behind the link; a wrong link and one that has run out are answered alike.

    Where the link is one to a request, its number serves whoever has signed in and asked for it himself.
    """

    purpose = Link.Purpose.PROGRESS

    def dispatch(self, request, *args, token, **kwargs):
        self.record = self.held(token) or self.own(token)
        if self.record is None:
            return render(request, "services/my/gone.html", status=404)
        return self.elsewhere() or super().dispatch(request, *args, token=token, **kwargs)

    def held(self, token: str):
        related = REQUEST if self.purpose == Link.Purpose.PROGRESS else SERVICE
        link = Link.objects.holding(token, self.purpose).select_related(*related).first()
        return link and (link.request or link.service)

    def own(self, number: str) -> ServiceRequest | None:
        if self.purpose != Link.Purpose.PROGRESS or not self.request.user.is_authenticated:
            return None
        own = ServiceRequest.objects.filter(client=self.request.user, number=number)
        return own.select_related("expert__user", "wanted__user").first()

    def elsewhere(self):
        """The answer where there is nothing to be done here any more."""


class HeldAct(HeldMixin, WrongIs422, FormView):
    """An act by the holder of the link: asks once more, counts once, then leads back to the record."""

    back = "services:progress"

    def act(self, **said):
        """Make the move; ``Refused`` is shown in the form."""
        raise NotImplementedError

    def form_valid(self, form):
        said = {name: value for name, value in form.cleaned_data.items() if name != "key"}
        key = f"{self.request.resolver_match.url_name}:{form.cleaned_data['key']}"
        try:
            once(key, [self.record.pk, said], lambda: self.acted(said))
        except Refused as refusal:
            form.add_error(None, refusal.reason)
            return self.form_invalid(form)
        return redirect(self.back, self.kwargs["token"])

    def acted(self, said: dict) -> str:
        self.act(**said)
        return ""
