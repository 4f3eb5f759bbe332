"""An expert's own reviews, from the call to the published result (Articles 8(4), 10(4) and 14)."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import DetailView, ListView, View
from django.views.generic.detail import SingleObjectMixin

from expertteam import clock
from expertteam.files import served
from expertteam.forms import ActForm
from expertteam.regulation import Refused
from expertteam.views import Act
from expertteam.workflow import available
from services.actions import conclusion, scoring, seat
from services.actions.seat import objection_until
from services.forms import seats as forms
from services.models import PoolEntry, ProjectPaper, ReviewPanel, ReviewProject, Seat, Service
from services.seat_desk import JUDGING, in_room, step_of, tasks
from services.views.desk import InTerm

HALTED = "评审暂停，恢复以前不能办理。请等工作人员通知。"


class OwnSeats(InTerm):
    """Seats of this very expert, whoever else may see them elsewhere."""

    def get_queryset(self):
        return Seat.objects.filter(expert__user=self.request.user).select_related("panel", "draw", "expert__user")


class HandedOnToo(OwnSeats):
    """Also open to who has left the team since: that his place passed to somebody else he may contest."""

    @property
    def is_closed(self):
        return super().is_closed and not self.get_queryset().filter(pk=self.kwargs["pk"], state="stood_down").exists()


class RoomSeats(OwnSeats):
    """Those in a room whose review has begun: to everybody else there is nothing to be seen."""

    def get_queryset(self):
        return super().get_queryset().filter(state__in=JUDGING, panel__convened_at__isnull=False)


class OwnDraws(InTerm, ListView):
    """Where this expert stood in every draw whose names are public, and why not in the pool."""

    template_name, paginate_by = "services/seats/draws.html", 30

    def get_queryset(self):
        return PoolEntry.objects.own(self.request.user)


class SeatPage(HandedOnToo, DetailView):
    """What this review wants of him now."""

    template_name = "services/seats/seat.html"

    def get_context_data(self, **kwargs):
        own, step = self.object, step_of(self.object)
        halted = HALTED if own.standstill() else ""
        moves = [] if halted else [move.verb for move in available(own, self.request.user) if move.own]
        shown = {"step": step, "template": f"services/seats/{step}.html", "halted": halted, "can": moves}
        shown |= {"panel": own.panel, "room": in_room(own)}
        if shown["room"]:
            shown["members"] = own.panel.seats.judging().select_related("expert__user").order_by("place")
        more = getattr(self, step.value, dict)
        return super().get_context_data(**kwargs) | shown | more()

    def answer(self):
        return {"late": self.object.answer_due < clock.now()}

    def stood_down(self):
        until = objection_until(self.object)
        return {"until": until, "due": until >= clock.today(), "form": forms.ObjectForm(record=self.object)}

    def declare(self):
        return {"form": forms.DeclareForm(record=self.object)}

    def score(self):
        return {"tasks": tasks(self.object)}

    def sign(self):
        """Ties first; the signature is asked for once nobody's vote is wanting any more."""
        ballots = [forms.VoteForm(record=self.object, group=group) for group in conclusion.ballots(self.object)]
        open_ties = conclusion.open_ties(self.object.panel)
        form = None if open_ties else forms.SignForm(record=self.object)
        return {"ballots": ballots, "open_ties": open_ties, "form": form, "tasks": self.ranked()}

    def done(self):
        return {"tasks": self.ranked(), "service": Service.objects.filter(seat=self.object).first()}

    def ranked(self):
        return tasks(self.object, self.object.panel.projects.order_by("rank", "place"))


class SeatAct(OwnSeats, Act):
    """One answer of the expert's own, on a page of its own where more is to be said than the press of a button."""

    form_class = ActForm
    template_name = "services/seats/act.html"
    heading, button, said = "", "", ""

    def perform(self, entry):
        if self.object.standstill():
            raise Refused(HALTED)
        super().perform(entry)

    @property
    def outcome(self):
        return self.said

    def get_success_url(self):
        return reverse("services:seat", args=[self.object.pk])


class Accept(SeatAct):
    action = seat.accept
    heading, button, said = "接受这场评审？", "接受", "已接受。请按时到场签到，对评审保密。"


class Decline(SeatAct):
    action, form_class = seat.decline, forms.DeclineForm
    heading, button, said = "这次来不了？", "告诉工作人员", "已告诉工作人员，由他人递补。"


class ObjectTo(HandedOnToo, SeatAct):
    action, form_class = seat.object_to, forms.ObjectForm
    heading, button, said = "对递补提出异议", "提出异议", "异议已提出，由纪检审查并答复。"


class SignIn(SeatAct):
    action = seat.sign_in
    heading, button, said = "到了评审现场？", "签到", "已签到。"


class RoomAct(RoomSeats, SeatAct):
    """A verb of a member in the room."""


class Declare(RoomAct):
    action, form_class = scoring.declare, forms.DeclareForm
    template_name = "services/seats/declare_page.html"
    heading, said = "回避声明", "声明已记录，可以看材料、打分了。"


class Vote(RoomAct):
    action, form_class = conclusion.vote, forms.VoteForm
    heading, button, said = "同分表决", "投这一票", "已表决。"


class Sign(RoomAct):
    action, form_class = conclusion.sign, forms.SignForm
    heading, button, said = "在评审意见上签字", "签字", "已签字，辛苦了。"


class Recuse(RoomAct):
    """From one project, found out later."""

    action, form_class = scoring.recuse, forms.RecuseForm
    heading, button, said = "回避这个项目", "声明回避", "已回避这个项目，其他项目照常评审。"

    @cached_property
    def project(self) -> ReviewProject:
        return get_object_or_404(ReviewProject, panel=self.object.panel_id, pk=self.kwargs["project"])

    def perform(self, entry):
        super().perform(entry | {"project": self.project})


class Paper(RoomSeats, SingleObjectMixin, View):
    """A paper of a project, for whoever judges it, while he judges it."""

    def get(self, request, **kwargs):
        own = self.get_object()
        if own.panel.state != ReviewPanel.State.OPEN or not own.declared_at:
            raise Http404
        papers = ProjectPaper.objects.filter(project__panel=own.panel_id)
        excused = own.recusals.values("project")
        return served(get_object_or_404(papers.exclude(project__in=excused), pk=self.kwargs["paper"]))
