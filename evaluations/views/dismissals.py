"""What the office sees and does of dismissals; every verb is an ``Act`` (Article 12)."""

import logging
from functools import partial

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from evaluations import actions, dossier, listings
from evaluations.dismissal_papers import LETTERS
from evaluations.forms import dismissals as forms
from evaluations.models import Dismissal, DismissalFile, Report
from expertteam.files import served
from expertteam.papers import handed_over
from expertteam.views import Act, OfficeDetail, OfficeForm
from expertteam.workflow import may
from services.views.records import RecordList

log = logging.getLogger(__name__)
VIEW = "evaluations.view_dismissal"
DECIDING = [actions.confirm, actions.keep]


class DismissalList(RecordList):
    """Open cases first."""

    model, permission, sieve = Dismissal, VIEW, forms.DismissalFilter
    related = ["expert__user", "handler"]
    template_name = "evaluations/dismissals/list.html"
    listing = listings.DISMISSALS

    def get_queryset(self):
        closed = Q(state__in=Dismissal.CLOSED)
        return super().get_queryset().alias(is_closed=closed).order_by("is_closed", "-pk")

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_propose=may(self.request.user, actions.PROPOSE), **kwargs)


@method_decorator(sensitive_post_parameters("clue"), "dispatch")
class Propose(OfficeForm):
    """A clue is put forward; the page of a report found true leads here with what it says."""

    permission, form_class = actions.PROPOSE, forms.ProposeForm
    template_name = "evaluations/dismissals/propose.html"

    @cached_property
    def report(self) -> Report | None:
        """The report that the address names, for whoever may read it."""
        asked = self.request.GET.get("report", "")
        if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
            return None
        seen = Report.objects.visible_to(self.request.user).select_related("expert__user")
        return seen.filter(pk=asked, upheld=True, expert__isnull=False).first()

    def get_initial(self):
        return {"whom": self.report.expert.no, "ground": self.report.kind} if self.report else {}

    def get_context_data(self, **kwargs):
        return super().get_context_data(report=self.report, **kwargs)

    def enter(self, form):
        said = form.cleaned_data
        clue = {"ground": said["ground"], "clue": said["clue"], "report": self.report}
        self.case = actions.propose(said["whom"], by=self.request.user, **clue)
        return f"已提出：{self.case}"

    def get_success_url(self):
        return self.case.get_absolute_url()


class DismissalDetail(OfficeDetail):
    """The dossier: gates, papers, evidence, what the expert said with the answers, and the moves open to the reader."""

    model, permission = Dismissal, VIEW
    template_name = "evaluations/dismissals/detail.html"

    def get_queryset(self):
        records = ["files__by", "deliveries__proof", "pleas__entered_by", "expert__appointments"]
        return super().get_queryset().told().select_related("opened_by", "origin_seen_by").prefetch_related(*records)

    def get_object(self, queryset=None):
        case = super().get_object(queryset)
        log.info("account %s reads dismissal %s", self.request.user.pk, case.number)
        return case

    def get_context_data(self, **kwargs):
        case, user = self.object, self.request.user
        decides = any(move.permits(case, user) for move in DECIDING)
        return super().get_context_data(
            gates=dossier.gates(case), hints=dossier.hints(case), waits=dossier.why_not_yet(case), decides=decides,
            letters=[(key, each.title) for key, each in LETTERS.items() if each.exists(case)],
            strikes=case.strikes.told().order_by("day", "pk"), reads_reports=may(user, "evaluations.view_report"),
            **kwargs,
        )  # fmt: skip

    def offered(self, moves):
        case = self.object
        found = dossier.offered(case, self.request.user, moves)
        return [dossier.Button(move.verb, dossier.label(case, move)) for move in found]


class CaseAct(Act):
    """A verb of the office; its page says whose case it is."""

    def get_queryset(self):
        return super().get_queryset().told()

    @property
    def label(self):
        return dossier.label(self.object, self.action)

    @property
    def about(self):
        return f"{self.object}，{self.object.expert}（{self.object.expert.no}）"


class LetterMixin:
    """A letter as a file; where a font lacks a character, the page of the case says so."""

    def allowed(self, letter) -> bool:
        return letter.exists(self.object)

    def back(self):
        return self.object

    def render_to_response(self, context, **_):
        letter = LETTERS.get(self.kwargs["paper"])
        if letter is None or not self.allowed(letter):
            raise Http404
        log.info("account %s reads %s of dismissal %s", self.request.user.pk, self.kwargs["paper"], self.object.number)
        name = f"{letter.title} {self.object.number}.pdf"
        return handed_over(self.request, partial(letter.made, self.object), name, self.back())


class DismissalLetter(LetterMixin, OfficeDetail):
    model, permission = Dismissal, VIEW

    def get_queryset(self):
        return super().get_queryset().told()


class DismissalFileView(LoginRequiredMixin, View):
    """A file of a case, for those who may read it: the office, and of what names nobody else the expert."""

    def get(self, request, pk):
        file = get_object_or_404(DismissalFile.objects.visible_to(request.user), pk=pk)
        log.info("account %s reads dismissal file %s", request.user.pk, file.pk)
        return served(file)
