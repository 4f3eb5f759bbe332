"""The first thing on the desk of an expert who came from the former team: Article 4 before all else."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.views.generic import FormView

from experts import actions
from experts.forms import PledgeForm
from experts.views.profile import OwnPage
from expertteam import consents
from expertteam.views import WrongIs422


class Pledge(OwnPage, WrongIs422, FormView):
    """His term as it was taken over, the undertaking, and whether the directory may show him."""

    form_class, template_name = PledgeForm, "experts/pledge.html"
    success_url = reverse_lazy("experts:desk")

    def get(self, request, *args, **kwargs):
        """Whoever has signed has nothing to do here."""
        if actions.SECRECY in consents.signed(self.expert.user):
            return redirect(self.success_url)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        texts = [consents.TEXTS[name] for name in self.form_class.base_fields]
        return super().get_context_data(term=self.expert.appointments.first(), texts=texts, **kwargs)

    def form_valid(self, form):
        actions.pledge(self.expert, by=self.request.user, public=form.cleaned_data["public_directory"])
        messages.success(self.request, "已签署保密承诺，可以开始接单了")
        return super().form_valid(form)
