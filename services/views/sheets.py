"""评分表: one project to a page, saved as one goes along, and on to the next (Article 8(4))."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property

from expertteam import clock
from expertteam.forms import ActForm
from expertteam.regulation import Refused
from expertteam.views import Act
from services import seat_desk
from services.actions import scoring
from services.forms.seats import ExplainForm, SheetForm
from services.models import ReviewPanel, ScoreSheet, Seat
from services.seat_desk import Stage
from services.views.seats import HALTED, RoomSeats

TWICE = "这份评分表已经提交，要改请先收回。"


class SheetAct(RoomSeats, Act):
    """An act on his own sheet for one project; there is none to whoever has not declared or is excused."""

    model = ScoreSheet
    said = ""
    template_name = "services/seats/sheet.html"

    @cached_property
    def seat(self) -> Seat:
        declared = self.get_queryset().filter(declared_at__isnull=False)
        return get_object_or_404(declared, pk=self.kwargs["pk"])

    @cached_property
    def tasks(self) -> list[seat_desk.Task]:
        return seat_desk.tasks(self.seat, self.seat.panel.projects.prefetch_related("papers"))

    @cached_property
    def task(self) -> seat_desk.Task:
        """This project."""
        found = (each for each in self.tasks if each.project.pk == self.kwargs["project"])
        task = next(found, None)
        if task is None or task.stage == Stage.RECUSED:
            raise Http404
        return task

    def get_object(self, queryset=None):
        """What is written of it; to look at a sheet begins none."""
        begun = {"panel": self.seat.panel, "seat": self.seat, "project": self.task.project}
        sheet = self.task.sheet or ScoreSheet(**begun)
        for name, record in begun.items():
            setattr(sheet, name, record)
        return sheet

    def get_context_data(self, **kwargs):
        sheet, panel = self.object, self.seat.panel
        halted = HALTED if panel.standstill() else ""
        running = panel.state == ReviewPanel.State.OPEN and not halted
        context = super().get_context_data(**kwargs)
        if self.task.stage == Stage.OUTLYING and running:
            form = context["form"]
            context["explain"] = form if isinstance(form, ExplainForm) else ExplainForm(record=sheet)
        return context | {
            "seat": self.seat, "panel": panel, "task": self.task, "halted": halted, "running": running,
            "writing": running and sheet.state == ScoreSheet.State.DRAFT and self.form_class is SheetForm,
            "most": sum(each["most"] for each in panel.criteria),
            "given": [(each, sheet.marks.get(each["key"])) for each in panel.criteria],
            "count": len(self.tasks), "more": seat_desk.following(self.tasks, self.task.project),
        }  # fmt: skip

    def perform(self, entry):
        if self.seat.panel.standstill():
            raise Refused(HALTED)
        self.action(self.object, by=self.request.user, **entry)

    @property
    def outcome(self):
        return self.said

    def get_success_url(self):
        return reverse("services:sheet", args=[self.seat.pk, self.task.project.pk])


class Sheet(SheetAct):
    """提交，看下一个."""

    action, form_class = scoring.submit, SheetForm

    def post(self, request, *args, **kwargs):
        if self.object.state == ScoreSheet.State.SUBMITTED and not self.wants_json:
            messages.info(request, TWICE)
            return redirect(self.get_success_url())
        return super().post(request, *args, **kwargs)

    def perform(self, entry):
        if self.seat.panel.standstill():
            raise Refused(HALTED)
        sheet = scoring.sheet_of(self.seat, self.task.project)
        self.action(sheet, by=self.request.user, **entry)
        self.object = sheet

    @property
    def outcome(self):
        return f"项目{self.task.project.place}已提交，总分{self.object.total}分。"

    def get_success_url(self):
        more = seat_desk.following(self.tasks, self.task.project)
        if more and self.object.state == ScoreSheet.State.SUBMITTED:
            return reverse("services:sheet", args=[self.seat.pk, more.pk])
        return self.seat.get_absolute_url()


class Draft(Sheet):
    """What has been given so far; a script asks on every change and keeps what is right, a button wants it all right."""

    http_method_names = ["post"]
    action = scoring.write

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"draft": True}

    def form_valid(self, form):
        if not self.wants_json:
            return super().form_valid(form)
        return self.kept(form)

    def form_invalid(self, form, status=422):
        return self.kept(form) if self.wants_json else super().form_invalid(form, status)

    def kept(self, form):
        wrong = len(form.errors)
        try:
            self.perform(form.cleaned_data)
        except Refused as refusal:
            return JsonResponse({"said": str(refusal)}, status=409)
        words = f"{clock.local(clock.now()):%H:%M}已存草稿"
        return JsonResponse({"said": f"{words}，有{wrong}处要改" if wrong else words}, status=422 if wrong else 200)

    @property
    def outcome(self):
        return "草稿已保存。"

    def get_success_url(self):
        return reverse("services:sheet", args=[self.seat.pk, self.task.project.pk])


class GivenSheet(SheetAct):
    """An act on a sheet that there is."""

    def get_object(self, queryset=None):
        if self.task.sheet is None:
            raise Http404
        return super().get_object(queryset)


class TakeBack(GivenSheet):
    http_method_names = ["post"]
    action, form_class, said = scoring.take_back, ActForm, "已收回，可以改了。改好再提交。"


class Explain(GivenSheet):
    action, form_class, said = scoring.explain, ExplainForm, "说明已保存。"
