"""A person's own account, and the roles of others."""

from allauth.account import views
from allauth.account.internal.flows.password_change import finalize_password_set
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.views.generic import DetailView, FormView, TemplateView

from expertteam import enrolment, sessions
from expertteam.account_forms import EnrolForm, SetPassword
from expertteam.models import RoleGrant
from expertteam.views import MovesMixin, WrongIs422


class Overview(LoginRequiredMixin, TemplateView):
    template_name = "account/index.html"


class ForgottenPassword(TemplateView):
    """The way back in: a code to the registered number, the second factor where there is one, a new password."""

    template_name = "account/password_reset.html"


class NewPassword(LoginRequiredMixin, FormView):
    """Sets a password without the old one, for who has just come in by a code to his own number."""

    form_class = SetPassword
    template_name = "account/password_set.html"
    success_url = reverse_lazy("account")

    def dispatch(self, request, *args, **kwargs):
        user = request.user
        if user.is_authenticated and user.has_usable_password() and not sessions.entered_code_lately(request):
            return redirect("account_change_password")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form):
        form.save()
        finalize_password_set(self.request, self.request.user)
        return super().form_valid(form)


class ChangePhone(views.ChangePhoneView):
    """At once, by a code to the new number; of an expert's number a second person has to know."""

    def dispatch(self, request, *args, **kwargs):
        user = request.user
        if user.is_authenticated and user.phone and hasattr(user, "expert"):
            return redirect("own_phone")
        return super().dispatch(request, *args, **kwargs)


class Enrol(LoginRequiredMixin, WrongIs422, FormView):
    """The code that the inspector gave in person opens the setting up of the second factor, in this browser."""

    form_class, template_name = EnrolForm, "account/enrol.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form):
        if not enrolment.redeem(self.request.user.pk, form.cleaned_data["code"]):
            sessions.write("enrolment code refused", self.request, self.request.user)
            form.add_error("code", "开通码不对，或已失效；试错5次要重新取")
            return self.form_invalid(form)
        enrolment.open_for(self.request)
        messages.success(self.request, "开通码对上了，请在30分钟内启用验证器或添加通行密钥")
        return super().form_valid(form)


class RoleGrantDetail(LoginRequiredMixin, MovesMixin, DetailView):
    model = RoleGrant
    template_name = "account/rolegrant.html"
    context_object_name = "grant"
