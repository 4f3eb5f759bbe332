"""The expert's own case: signed for first, then read, answered, and read to its end (Article 12¶2)."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import DetailView, FormView

from evaluations import actions, own_case
from evaluations.dismissal_papers import LETTERS, REMEDY, RIGHTS
from evaluations.forms.own_dismissal import ResignForm
from evaluations.models import Dismissal
from evaluations.views.dismissals import LetterMixin
from experts.models import Expert
from expertteam import clock
from expertteam.regulation import Refused
from expertteam.templatetags.terrace import day
from expertteam.views import Act, WrongIs422
from expertteam.waiting import end_of


class OwnCases:
    """The reader's own, whatever office he holds besides; also after he has left."""

    def get_queryset(self):
        return Dismissal.objects.own(self.request.user).told()


@method_decorator(never_cache, "dispatch")
class OwnDismissal(LoginRequiredMixin, OwnCases, DetailView):
    template_name = "evaluations/dismissals/own.html"

    def get_context_data(self, **kwargs):
        case = self.object
        return super().get_context_data(
            own=own_case.of(case), pleas=case.pleas.all(), rights=RIGHTS, remedy=REMEDY,
            until=case.defence_until and end_of(case.defence_until),
            letters=[(key, each.title) for key, each in LETTERS.items() if each.is_open(case)],
            **own_case.files_of(case, self.request.user), **kwargs,
        )  # fmt: skip


class OwnLetter(LetterMixin, LoginRequiredMixin, OwnCases, DetailView):
    """No letter before its service."""

    def allowed(self, letter) -> bool:
        return letter.is_open(self.object)

    def back(self):
        return own_page(self.object)


def own_page(case: Dismissal) -> str:
    return reverse("evaluations:own_dismissal", args=[case.pk])


@method_decorator(sensitive_post_parameters(), "dispatch")
class OwnAct(OwnCases, Act):
    """A move that is the expert's."""

    OUTCOMES = {
        "receive_notice": "已签收",
        "defend": "已提交，您的每一点意见都会有答复",
        "ask_hearing": "已收到，时间和地点定了就通知您",
        "waive": "已登记您放弃陈述申辩",
        "receive_decision": "已签收",
        "take_back": "申请已撤回",
    }

    @property
    def outcome(self):
        return self.OUTCOMES[self.action.verb]

    def get_success_url(self):
        return own_page(self.object)


@method_decorator(sensitive_post_parameters("words"), "dispatch")
class Resign(LoginRequiredMixin, WrongIs422, FormView):
    """不再担任专家: asked for by whoever is in term; what follows from it stands above the button."""

    template_name, form_class = "evaluations/dismissals/resign.html", ResignForm

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.expert = get_object_or_404(Expert.objects.serving(clock.today()), user=request.user)
        begun = Dismissal.objects.own(request.user).open().first()
        return redirect(own_page(begun)) if begun else super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            case = actions.resign(by=self.request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, f"申请已提交，{day(clock.today())}")
        return redirect(own_page(case))

    def get_context_data(self, **kwargs):
        term = self.expert.appointments.in_force(clock.today()).first()
        return super().get_context_data(expert=self.expert, term=term, **kwargs)
