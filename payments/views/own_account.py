"""The expert's own account: what is in use, what is being checked, and that it was not he (Article 13)."""

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import DetailView, FormView

from experts.models import Expert
from expertteam import clock
from expertteam.regulation import Refused
from expertteam.views import Act, WrongIs422
from payments import actions
from payments.forms import payees as forms
from payments.models import BankAccount

OPEN = [BankAccount.State.CONFIRMED, BankAccount.State.ENTERED]


class Own(LoginRequiredMixin):
    """For experts, also those no longer in term: what they did may still be owed."""

    @cached_property
    def expert(self):
        return get_object_or_404(Expert.objects.select_related("user"), user=self.request.user)

    @property
    def accounts(self):
        return BankAccount.objects.own(self.request.user).select_related("expert")


@method_decorator(never_cache, "dispatch")
class OwnAccount(Own, DetailView):
    template_name = "payments/payees/own.html"

    def get_object(self, queryset=None):
        return self.expert

    def get_context_data(self, **kwargs):
        mine = list(self.accounts)
        first = {state: next((each for each in mine if each.state == state), None) for state in OPEN}
        latest = mine[0] if mine else None
        return super().get_context_data(
            standing=first[BankAccount.State.CONFIRMED],
            waiting=first[BankAccount.State.ENTERED],
            refused=latest if latest and latest.state == BankAccount.State.REFUSED else None,
            earlier=[each for each in mine if each.state not in OPEN],
            now=clock.now(),
            **kwargs,
        )


@method_decorator([never_cache, sensitive_post_parameters("number")], "dispatch")
class EnterOwnAccount(Own, WrongIs422, FormView):
    """Only for who has just proved that it is he."""

    template_name, form_class = "payments/payees/enter_own.html", forms.AccountForm

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        try:
            return reauthentication_required(super().dispatch)(request, *args, **kwargs)
        except ReauthenticationRequired:
            if request.method == "POST":  # else what he typed would be kept in the session meanwhile
                return redirect(request.path)
            raise

    def form_valid(self, form):
        try:
            actions.enter_account(self.expert, by=self.request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, "已提交，工作人员会打电话向您核实")
        return redirect("payments:own_account")

    def get_context_data(self, **kwargs):
        standing = self.accounts.standing().first()
        return super().get_context_data(expert=self.expert, standing=standing, **kwargs)


class Dispute(Own, Act):
    """否认: his own move, whatever office he holds besides."""

    outcome = "账户已停用，我们会查明是谁办理的"

    def get_queryset(self):
        return self.accounts

    def get_success_url(self):
        return reverse("payments:own_account")
