"""What the office sees and does of the ledger, of what was not done, and of talks; every verb is an ``Act``."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import DetailView

from evaluations import actions, ledger, listings, rules, thresholds
from evaluations.forms import ledger as forms
from evaluations.models import Dismissal, Refusal, Strike, Talk
from experts.models import Expert
from expertteam import clock
from expertteam.views import OfficeDetail, OfficeForm
from expertteam.workflow import may
from services.models import Offer
from services.views.records import RecordList

VIEW = "evaluations.view_strike"
FOUND = 8  # experts that a search offers


def experts_of(user):
    """Those whose ledger this person may open: not his own."""
    return Expert.objects.select_related("user").exclude(user=user)


class RefusalList(RecordList):
    model, permission, sieve = Refusal, "evaluations.view_refusal", forms.RefusalFilter
    related = ["expert__user"]
    template_name = "evaluations/ledger/refusals.html"
    listing = listings.REFUSALS

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_open=may(self.request.user, actions.OPEN), **kwargs)


class RefusalDetail(OfficeDetail):
    """What was asked, how it reached the expert, what he says, what was found."""

    model, permission = Refusal, "evaluations.view_refusal"
    template_name = "evaluations/ledger/refusal.html"

    def get_queryset(self):
        people = ["opened_by", "asked_by", "judged_by", "strike", "offer__offered_by"]
        return super().get_queryset().told().select_related(*people)

    def get_context_data(self, **kwargs):
        refusal = self.object
        sent = actions.deliveries(refusal.offer) if refusal.offer else []
        reached = rules.reached_him(refusal.kind, refusal.delivered_at)
        return super().get_context_data(sent=sent, reached=reached, **kwargs)

    def offered(self, moves):
        """Silence is entered once the time is over; whoever had a part in it does not judge it."""
        refusal, barred = self.object, set()
        if refusal.reason_due and not rules.is_over(refusal.reason_due, clock.today()):
            barred.add(actions.lapse_reason)
        if actions.took_part(refusal, self.request.user):
            barred.add(actions.judge)
        return [move for move in moves if move not in barred]


@method_decorator(sensitive_post_parameters("what"), "dispatch")
class OpenRefusal(OfficeForm):
    """By hand: of an offer that came to nothing (``?offer=``), or of what no offer stands for."""

    permission = actions.OPEN
    template_name = "evaluations/ledger/open_refusal.html"

    @cached_property
    def offer(self):
        asked = self.request.GET.get("offer", "")
        if not asked:
            return None
        key = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 16 else 0
        offers = Offer.objects.visible_to(self.request.user).select_related("expert__user", "request")
        return get_object_or_404(offers, pk=key)

    def get_form_class(self):
        return forms.OpenOfferForm if self.offer else forms.OpenRefusalForm

    def get_initial(self):
        return super().get_initial() | {"expert": self.request.GET.get("expert", "")[:20]}

    def enter(self, form):
        said = {"what": form.cleaned_data["what"], "by": self.request.user}
        if self.offer:
            self.refusal = actions.open_refusal(self.offer.expert, day=clock.today(), offer=self.offer, **said)
        else:
            self.refusal = actions.open_refusal(form.cleaned_data["expert"], day=form.cleaned_data["day"], **said)
        return f"已登记，编号{self.refusal}"

    def get_success_url(self):
        return self.refusal.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(offer=self.offer, **kwargs)


class StrikeList(RecordList):
    """All entries; a search offers the ledger of whomever it means, whether he has entries or not."""

    model, permission, sieve = Strike, VIEW, forms.StrikeFilter
    related = ["expert__user", "case", "refusal", "service", "found_by", "reviewed_by"]
    template_name = "evaluations/ledger/strikes.html"
    listing = listings.STRIKES

    def get_context_data(self, **kwargs):
        words, experts = self.filter.words, []
        if words:
            meant = experts_of(self.request.user)
            experts = (meant.filter(user__name__icontains=words) | meant.filter(no__iexact=words)).order_by("no")
        return super().get_context_data(experts=list(experts[:FOUND]), **kwargs)


class StrikeDetail(OfficeDetail):
    """One entry with the finding it rests on, the appeal against it, and what came of that."""

    model, permission = Strike, VIEW
    template_name = "evaluations/ledger/strike.html"

    def get_queryset(self):
        return super().get_queryset().told().select_related("refusal__asked_by", "case__rating", "service__request")

    def get_context_data(self, **kwargs):
        user = self.request.user
        cases = Dismissal.objects.visible_to(user).filter(strikes=self.object).order_by("pk")
        sees_case = may(user, "evaluations.view_ratingcase")
        sees_service = may(user, "services.view_service")
        return super().get_context_data(cases=cases, sees_case=sees_case, sees_service=sees_service, **kwargs)

    def offered(self, moves):
        """Whoever found it does not look at it again."""
        return [] if self.object.found_by_id == self.request.user.pk else moves


class OfExpert(LoginRequiredMixin):
    """About one expert, who is not the reader."""

    @cached_property
    def expert(self):
        return get_object_or_404(experts_of(self.request.user), pk=self.kwargs["pk"])


class Ledger(OfExpert, DetailView):
    """All that counts of one expert, on both grounds, with the talks held and the cases opened."""

    template_name = "evaluations/ledger/ledger.html"

    def get_object(self, queryset=None):
        if not may(self.request.user, VIEW):
            raise PermissionDenied(VIEW)
        return self.expert

    def get_context_data(self, **kwargs):
        user, expert = self.request.user, self.object
        standing = thresholds.of(expert, clock.today())
        refusals = Refusal.objects.visible_to(user).filter(expert=expert)
        counts = ledger.counts(standing, clock.today())
        return super().get_context_data(
            term=expert.appointments.in_force(clock.today()).first(),
            mark=standing.mark,
            counts=counts,
            talk_due=any(each.talk_due for each in counts),
            strikes=Strike.objects.visible_to(user).filter(expert=expert).told(),
            open_refusals=refusals.exclude(state__in=[Refusal.State.JUDGED, Refusal.State.SET_ASIDE]),
            cases=Dismissal.objects.visible_to(user).filter(expert=expert).order_by("-pk"),
            talks=Talk.objects.visible_to(user).filter(expert=expert).select_related("by"),
            may_talk=may(user, actions.TALK),
            may_open=may(user, actions.OPEN),
            **kwargs,
        )


@method_decorator(sensitive_post_parameters("note"), "dispatch")
class RecordTalk(OfExpert, OfficeForm):
    permission, form_class = actions.TALK, forms.TalkForm
    template_name = "evaluations/ledger/record_talk.html"

    def get_initial(self):
        """On which ground it is due."""
        standing = thresholds.of(self.expert, clock.today())
        due = next((ground for ground in Strike.Ground if standing.talk_due(ground)), "")
        return super().get_initial() | {"ground": due, "held_on": clock.today()}

    def enter(self, form):
        actions.record_talk(self.expert, by=self.request.user, **form.cleaned_data)
        return f"已登记与{self.expert}的约谈"

    def get_success_url(self):
        return reverse("evaluations:ledger", args=[self.expert.pk])

    def get_context_data(self, **kwargs):
        return super().get_context_data(expert=self.expert, **kwargs)
