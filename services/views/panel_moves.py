"""What the office does with a review, each move on a page of its own (Articles 8(4), 10(4) and 14)."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from expertteam.forms import ActForm
from expertteam.regulation import Refused
from expertteam.views import Act, OfficeForm
from services.actions import panel as actions
from services.actions import seat, supervision
from services.actions.draw import freeze, frozen_for
from services.forms import panel_moves
from services.forms import panels as forms
from services.models import ReviewPanel, Seat
from services.views.panels import page_of

PARTIES = [f"{name}{row}" for name in ("name", "code", "phone") for row in ("", *forms.PARTIES)]


class PanelAct(Act):
    """A verb on a review; ``title`` where the verb is too long for a button, ``part`` its place on the page."""

    form_class, title, said, part = ActForm, "", "", ""
    template_name = "services/panels/act.html"

    @property
    def button(self) -> str:
        return self.title or self.action.label

    @property
    def outcome(self):
        return self.said or super().outcome

    @property
    def review(self) -> ReviewPanel:
        return self.object

    @property
    def back(self) -> str:
        """Where one comes from."""
        return page_of(self.review.pk, self.part)

    def get_success_url(self):
        return self.back


class Revise(PanelAct):
    form_class, said = forms.ReviseForm, "条件已修改"
    action, template_name = actions.revise, "services/panels/conditions_form.html"


@method_decorator(sensitive_post_parameters(*PARTIES), "dispatch")
class AddProject(PanelAct):
    form_class, said = forms.ProjectForm, "参评项目已登记"
    action, template_name, part = actions.add_project, "services/panels/project_form.html", "projects"


class Freeze(PanelAct):
    """From the freeze on the draw has its own page."""

    action, form_class, said = freeze, forms.FreezeForm, "候选池已锁定，请纪检核对名单"

    def get_success_url(self):
        return frozen_for(self.object).get_absolute_url()


class PartAct(PanelAct):
    """A verb on a part of a review."""

    def get_queryset(self):
        return super().get_queryset().select_related("panel")

    @property
    def review(self):
        return self.object.panel


class SeatAct(PartAct):
    part = "seats"


class TryAgain(SeatAct):
    """Another call to who has not answered; the seat stays what it is."""

    action, title, form_class = seat.report_unreachable, "登记电话联系", panel_moves.TryAgainForm
    said = "电话联系已登记"

    def perform(self, entry):
        seat.try_again(self.object, by=self.request.user, **entry)


class LookUp(LoginRequiredMixin, View):
    """查看姓名和号码: on the next page for ten minutes, and on record."""

    def post(self, request, pk):
        member = get_object_or_404(Seat.objects.visible_to(request.user).select_related("panel"), pk=pk)
        try:
            seat.look_up(member, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(page_of(member.panel_id, "seats"))


class Entry(OfficeForm):
    """Something new about a review."""

    title = article = ""
    template_name = "services/panels/entry.html"

    @cached_property
    def review(self):
        return get_object_or_404(ReviewPanel.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_success_url(self):
        return page_of(self.review.pk)


class Draft(Entry):
    permission, form_class, review = "services.draft_reviewpanel", forms.ConditionsForm, None
    template_name = "services/panels/draft.html"

    def enter(self, form):
        self.drafted = actions.draft(by=self.request.user, **form.cleaned_data)
        return "条件已保存，接着登记参评项目"

    def get_success_url(self):
        return page_of(self.drafted.pk)


class CallHalt(Entry):
    permission, form_class = "services.call_halt", forms.HaltForm
    title, article = "叫停评审", "10(4)"
    consequence = "叫停后，这场评审的抽取、答复、评分都不能办理，直到纪检恢复。"

    def enter(self, form):
        supervision.halt(self.review, by=self.request.user, **form.cleaned_data)
        return "评审已叫停"


class RecordRecusal(Entry):
    permission, form_class = "services.record_recusalrequest", forms.RecusalForm
    title, article = "登记回避申请", "14"
    consequence = "登记后由纪检审查。成立的，这位专家不进候选池。"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"review": self.review}

    def enter(self, form):
        supervision.record_recusal(self.review, by=self.request.user, **form.cleaned_data)
        return "回避申请已登记，等纪检审查"
