"""The expert's own page about another term (Article 3)."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, View

from experts.models import Appointment
from expertteam import clock
from expertteam.models import Policy
from expertteam.regulation import Refused
from expertteam.views import WrongIs422
from recruitment import actions, renewals
from recruitment.actions.renewal import is_renewable, latest_term
from recruitment.forms.renewal import WishForm
from recruitment.models import Application, Round, Wish


@method_decorator(never_cache, "dispatch")
class OwnTerm(LoginRequiredMixin):
    """About the reader's latest term; whoever never had one has no such page."""

    success_url = reverse_lazy("recruitment:renewal")

    @cached_property
    def term(self) -> Appointment:
        term = latest_term(self.request.user)
        if term is None:
            raise Http404
        return term

    @cached_property
    def wish(self) -> Wish | None:
        return Wish.objects.standing().filter(term=self.term).first()

    @cached_property
    def round(self) -> Round | None:
        """The round that takes his application today."""
        return Round.objects.for_renewal(clock.today()).first()


class Renewal(OwnTerm, WrongIs422, FormView):
    """The wish, and where it stands; where a round is open the application begins with it."""

    form_class = WishForm
    template_name = "recruitment/desk/renewal.html"

    def form_valid(self, form):
        try:
            self.speak(form.said())
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return redirect("recruitment:apply" if self.round else self.success_url)

    def speak(self, said):
        if self.round:
            application = actions.renew(self.request.user, round=self.round, **said)
            messages.success(self.request, f"续聘报名{application.number}已填好，请核对后提交")
        else:
            actions.wish(self.request.user, **said)
            messages.success(self.request, "续聘意愿已提出，有开放的批次就通知您")

    def get_context_data(self, **kwargs):
        term = self.term
        days = Policy.objects.number("renewal_window_days", clock.today())
        stage = renewals.staged(clock.today()).get(pk=term.pk)
        application = Application.objects.filter(pk=stage.application_key).select_related("round").first()
        kwargs |= {
            "term": term,
            "status": term.status(clock.today()),
            "asking": self.wish is None and is_renewable(term),
            "opens_on": term.last_day - timedelta(days=days),
            "today": clock.today(),
            "wish": self.wish,
            "round": self.round,
            "stage": stage.stage,
            "application": application,
        }
        return super().get_context_data(**kwargs)


class Carry(OwnTerm, View):
    """A wish that waited becomes an application in the round that is open now."""

    def post(self, request):
        try:
            if self.wish is None or self.round is None:
                raise Refused("现在没有可以报名的批次", "3")
            actions.renew(request.user, round=self.round)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(self.success_url)
        return redirect("recruitment:apply")


class TakeBack(OwnTerm, View):
    """The wish is taken back."""

    def post(self, request):
        try:
            actions.take_back_wish(get_object_or_404(Wish, term=self.term), by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "续聘意愿已撤回")
        return redirect(self.success_url)
