"""Other sites and their keys, as the office keeps them (Articles 10 and 10(3))."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from experts import actions
from experts.models import Partner, PartnerKey
from experts.partner_forms import KeyForm
from expertteam import clock
from expertteam.regulation import Refused
from expertteam.views import OfficeDetail, OfficeForm
from expertteam.workflow import available, may


class PartnerDetail(OfficeDetail):
    """One site with its keys, the newest first."""

    model, permission = Partner, "experts.view_partner"
    template_name = "experts/partners/detail.html"

    def get_context_data(self, **kwargs):
        keys = list(self.object.keys.select_related("partner", "proposed_by", "confirmed_by"))
        for key in keys:
            key.over = key.is_over(clock.today())
            key.moves = [] if key.over else available(key, self.request.user)
            key.page = reverse("experts:partner_key", args=[key.pk])
        issues = self.object.active and may(self.request.user, "experts.issue_partnerkey")
        return super().get_context_data(keys=keys, issues=issues, **kwargs)


@method_decorator(never_cache, "dispatch")
class IssueKey(OfficeForm):
    """A new key; its text stands on the answer and nowhere else."""

    permission, form_class = "experts.issue_partnerkey", KeyForm
    template_name = "experts/partners/issue.html"

    @cached_property
    def partner(self) -> Partner:
        return get_object_or_404(Partner.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(partner=self.partner, **kwargs)

    def form_valid(self, form):
        try:
            key, text = actions.issue_key(self.partner, by=self.request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return render(self.request, "experts/partners/issued.html", {"key": key, "text": text, "partner": self.partner})


@login_required
@require_safe
def key(request, pk):
    """A key stands on the page of its partner."""
    return redirect(get_object_or_404(PartnerKey.objects.visible_to(request.user), pk=pk))
