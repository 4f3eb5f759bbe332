"""Any transition as a page or as JSON."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.generic import DetailView, FormView, ListView
from django.views.generic.detail import SingleObjectMixin

from expertteam.exports import ListMixin
from expertteam.forms import TerraceForm
from expertteam.regulation import Refused
from expertteam.workbooks import ReadBefore
from expertteam.workflow import TRANSITIONS, available, may

FROM_OUTSIDE = ("提交", "收到")  # how the first entry of what a visitor sent in begins


class WrongIs422:
    """A form that was filled in wrongly comes back with what was typed, and says so in its status too."""

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


class ActionView(LoginRequiredMixin, SingleObjectMixin, FormView):
    """Offer one transition on GET, perform it on POST; answer in JSON when asked to."""

    action = None
    form_class = TerraceForm
    template_name = "includes/action_form.html"

    def get_queryset(self):
        return self.action.model.objects.visible_to(self.request.user)

    @cached_property
    def object(self):
        return self.get_object()

    def dispatch(self, request, *args, **kwargs):
        """A program is told in JSON, too, that the record is not there or the move not his."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except (Http404, PermissionDenied) as refusal:
            if not self.wants_json:
                raise
            status, words = (404, "没有这条记录") if isinstance(refusal, Http404) else (403, "您的岗位不能办理这一项")
            return JsonResponse({"errors": {"__all__": [words]}}, status=status)

    def get_object(self, queryset=None):
        """Whoever may not make the move is told so before anything he typed is looked at."""
        record = super().get_object(queryset)
        user = self.request.user
        if not self.action.permits(record, user) and not may(user, self.action.permission):
            raise PermissionDenied
        return record

    def form_valid(self, form):
        try:
            self.perform(form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form, status=409)
        if self.wants_json:
            return JsonResponse({"id": self.object.pk, "state": self.object.state})
        messages.success(self.request, self.outcome)
        return redirect(self.get_success_url())

    @property
    def label(self) -> str:
        """What the page and its button are called."""
        return self.action.label

    def perform(self, entry):
        """Make the move with what was typed."""
        self.action(self.object, by=self.request.user, **entry)

    @property
    def outcome(self) -> str:
        """What the next page says."""
        return f"{self.object}：{self.object.get_state_display()}"

    def get_success_url(self):
        return self.object.get_absolute_url()

    def form_invalid(self, form, status=422):
        """What was typed is wrong (422), or the act is refused (409; the page says both with 422)."""
        if self.wants_json:
            return JsonResponse({"errors": form.errors}, status=status)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    @property
    def wants_json(self):
        return self.request.get_preferred_type(["text/html", "application/json"]) == "application/json"


class Act(ActionView):
    """One verb; its form knows the record."""

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"record": self.object}


class OfficeForm(LoginRequiredMixin, WrongIs422, FormView):
    """Something new, entered by the roles that hold ``permission``; a refusal comes back with what was typed.

    ``enter(form)`` does it and says what the next page says.
    """

    permission = ""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not may(request.user, self.permission):
            raise PermissionDenied(self.permission)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            done = self.enter(form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, done)
        return redirect(self.get_success_url())


class OfficeReading(OfficeForm):
    """A file that is ``read`` before it counts; the next page shows what came of it, and ``next_step`` says so."""

    read, next_step = None, ""
    first = None  # the reading of the same file, where there was one

    def enter(self, form):
        try:
            self.reading = self.read(form.cleaned_data["file"], by=self.request.user)
        except ReadBefore as known:
            self.first = known.first
            raise
        return f"{self.reading}{self.next_step}"

    def get_success_url(self):
        return self.reading.get_absolute_url()


class MovesMixin:
    """A detail page with the moves open to this user and the record's history."""

    def get_queryset(self):
        return self.model.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            moves=available(self.object, self.request.user),
            history=course(self.object),
            **kwargs,
        )


class OfficeList(LoginRequiredMixin, ListMixin, ListView):
    """A list for the roles that hold ``permission``; what ``listing`` says of it goes out as Excel."""

    permission = ""
    paginate_by = 50

    def get_queryset(self):
        if not may(self.request.user, self.permission):
            raise PermissionDenied(self.permission)
        return self.model.objects.visible_to(self.request.user)


class OfficeDetail(LoginRequiredMixin, MovesMixin, DetailView):
    """One record for the roles that hold ``permission``; the same record has other pages for other people."""

    permission = ""

    def get_object(self, queryset=None):
        record = super().get_object(queryset)
        if not may(self.request.user, self.permission):
            raise PermissionDenied(self.permission)
        return record

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"moves": self.offered([move for move in context["moves"] if not move.own])}

    def offered(self, moves):
        """The moves in the order of their buttons."""
        return moves


def course(record) -> list:
    """The history, newest first; each entry has in ``said`` the words given at that step, in ``whose`` who made it."""
    moves = {move.reason: move for move in TRANSITIONS.get(type(record), [])}
    entries = list(record.history.select_related("history_user"))
    for entry in entries:
        move = moves.get(entry.history_change_reason)
        spoken = move and record.SPOKEN.get(move.verb)
        entry.said = getattr(entry, spoken) if spoken else ""
        entry.whose = entry.history_user or nobody(entry, move)
    return entries


def nobody(entry, move) -> str:
    """Whose step it was that no account made: of whoever holds the link, or of time."""
    if move:
        return "本人" if move.guest else "系统"
    return "网上" if (entry.history_change_reason or "").startswith(FROM_OUTSIDE) else "系统"
