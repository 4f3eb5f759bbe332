"""What is owed, piece by piece: where it comes from, how it was worked out, what was corrected (Article 13)."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.generic import DetailView

from expertteam.views import OfficeForm, OfficeList
from expertteam.workflow import may
from payments import actions, item_page, listings, standing
from payments.forms import items as forms
from payments.models import Claim, Line
from payments.pricing import work_of

VIEW = "payments.view_claim"


class ClaimList(OfficeList):
    model, permission = Claim, VIEW
    template_name = "payments/items/list.html"
    listing = listings.ITEMS

    def get_queryset(self):
        claims = super().get_queryset()
        months = claims.dates("day", "month", order="DESC")
        self.filter = forms.ClaimFilter(self.request.GET.dict(), months=list(months))
        return standing.with_line(self.filter.narrowed(claims))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(filter=self.filter, **kwargs)
        for claim in context["object_list"]:
            claim.words = standing.words(claim)
        return context


class ClaimDetail(LoginRequiredMixin, DetailView):
    """One piece of work with all its lines; his own an expert sees at his desk."""

    template_name = "payments/items/detail.html"

    def get_queryset(self):
        claims = standing.with_standing(Claim.objects.visible_to(self.request.user))
        return claims.select_related("expert__user", "service", "seat__panel", "agreed_by")

    def get_object(self, queryset=None):
        claim = super().get_object(queryset)
        if not may(self.request.user, VIEW):
            raise PermissionDenied(VIEW)
        claim.words = standing.words(claim)
        return claim

    def get_context_data(self, **kwargs):
        claim, user = self.object, self.request.user
        lines = item_page.lines(claim)
        return super().get_context_data(
            source=item_page.source(claim, user),
            lines=lines,
            corrections=item_page.corrections(claim, user),
            offer=item_page.offer(claim, lines, user),
            **kwargs,
        )


class OfClaim(OfficeForm):
    """Something typed about one claim, which leads back to its page."""

    @cached_property
    def claim(self) -> Claim:
        visible = Claim.objects.visible_to(self.request.user).select_related("expert__user")
        return get_object_or_404(visible, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(claim=self.claim, **kwargs)

    def get_success_url(self):
        return self.claim.get_absolute_url()


class Correct(OfClaim):
    permission, form_class = actions.PROPOSE, forms.CorrectForm
    template_name = "payments/items/correct.html"

    @cached_property
    def line(self) -> Line:
        """The line that stands; without one there is nothing to correct."""
        line = self.claim.lines.live().select_related("schedule", "batch", "rate", "claim").first()
        if line is None:
            raise Http404
        return line

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"line": self.line}

    def get_initial(self):
        return {"void": "", **work_of(self.line)._asdict()}

    def enter(self, form):
        actions.propose_correction(self.line, by=self.request.user, **form.cleaned_data)
        return "已提出更正，等财务复核"

    def get_context_data(self, **kwargs):
        return super().get_context_data(line=self.line, **kwargs)


class Agree(OfClaim):
    permission, form_class = actions.AGREE, forms.AgreeForm
    template_name = "payments/items/agree.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"claim": self.claim}

    def enter(self, form):
        actions.agree(self.claim, by=self.request.user, **form.cleaned_data)
        return f"已定为每单位{form.cleaned_data['agreed']:,.2f}元"
