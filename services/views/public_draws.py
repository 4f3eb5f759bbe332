"""Draws for everybody: that there was one, how to run it again, and once the result is out, who was drawn (Article 10(4))."""

from collections import Counter
from pathlib import Path

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe
from django.views.generic import DetailView, FormView, ListView

from expertteam.limits import limited
from expertteam.regulation import Refused
from expertteam.views import WrongIs422
from expertteam.workflow import LINK
from services import pool, transcripts
from services.actions import draw as actions
from services.forms import draws as forms
from services.models import Draw, Link, PoolEntry
from services.views.unlisted import unlisted

VERIFIER = Path(__file__).parents[1] / "verify_draw.py"
A_MINUTE = 20  # tries of one network at a witness's page


class Draws(ListView):
    """Every draw, aborted ones with who asked for it, who signed and why."""

    model, paginate_by = Draw, 30
    template_name = "services/draws/list.html"

    def get_queryset(self):
        return Draw.objects.select_related("panel", "abort_asked_by", "aborted_by").order_by("-frozen_at", "-pk")

    def get_context_data(self, **kwargs):
        states = Counter(Draw.objects.values_list("state", flat=True))
        return super().get_context_data(total=states.total(), aborted=states[Draw.State.ABORTED], **kwargs)


class PublicDraw(DetailView):
    """One draw in plain words, and how to check it."""

    model, slug_field, slug_url_kwarg = Draw, "draw_id", "draw_id"
    template_name = "services/draws/public.html"

    def get_queryset(self):
        return Draw.objects.select_related("panel")

    def get_context_data(self, **kwargs):
        draw = self.object
        reasons = Counter(transcripts.published(each) for each in draw.entries.excluded())
        parties = list(draw.parties.all())
        return super().get_context_data(
            inside=draw.entries.pool().count(), outside=reasons.total(),
            reasons=[(PoolEntry.Why(why).label, count) for why, count in reasons.most_common()],
            need=[(pool.stratum_label(stratum), seats) for stratum, seats in draw.panel.need],
            parties=parties, promised=all(each.commitment for each in parties),
            records=records_of(draw), is_drawn=bool(draw.record_hash), **kwargs,
        ) | (opened(draw) if draw.state == Draw.State.OPENED else {})  # fmt: skip


def opened(draw: Draw) -> dict:
    """What is public with the result, and not before: title, projects, members."""
    return {
        "title": draw.panel.title,
        "projects": draw.panel.projects.order_by("rank", "place"),
        "members": members_of(draw),
    }


def records_of(draw: Draw) -> list[tuple]:
    """Every fingerprint that the record has had, with when: one of the draw, one more of each stand-down."""
    found = {}
    for at, record in draw.history.order_by("history_id").values_list("history_date", "record_hash"):
        if record:
            found.setdefault(record, at)
    return list(found.items())


def members_of(draw: Draw):
    seated = draw.seats.select_related("expert__user").order_by("place", "pk")
    return [(each, pool.stratum_label(each.stratum)) for each in seated]


def drawn(draw_id: str) -> Draw:
    """The draw with its result, or 404."""
    return get_object_or_404(Draw.objects.exclude(record_hash=""), draw_id=draw_id)


@require_safe
def transcript(request, draw_id):
    """The transcript as JSON: sealed at once, with the names once the result is out."""
    return as_json(transcripts.transcript(drawn(draw_id)))


@require_safe
def directory(request, draw_id):
    """The numbers of all experts in term at the freeze; with the names, not before."""
    draw = drawn(draw_id)
    if draw.state != Draw.State.OPENED:
        raise Http404
    return as_json(transcripts.directory(draw))


def as_json(value) -> JsonResponse:
    return JsonResponse(value, safe=False, json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
def verifier(request):
    """The program that checks a draw without us."""
    response = HttpResponse(VERIFIER.read_text(encoding="utf8"), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verify_draw.py"'
    return response


@method_decorator(unlisted, "dispatch")
@method_decorator(limited("witness", A_MINUTE), "post")
class Witness(WrongIs422, FormView):
    """What the witness adds, by his link, on his own phone."""

    template_name = "services/draws/witness.html"

    def dispatch(self, request, *args, token, **kwargs):
        """A wrong link and one that has run out are answered alike."""
        holding = Link.objects.holding(token, Link.Purpose.WITNESS)
        link = holding.select_related("party__draw__panel").first()
        if link is None:
            return render(request, "services/draws/gone.html", status=404)
        self.party = link.party
        return super().dispatch(request, *args, token=token, **kwargs)

    @property
    def draw(self) -> Draw:
        return self.party.draw

    @property
    def stage(self) -> str:
        """What is wanted of him now: ``commit``, ``reveal``, or nothing."""
        if self.draw.state == Draw.State.FROZEN and not self.party.commitment:
            return "commit"
        return "reveal" if self.draw.state == Draw.State.FIXED and not self.party.secret else ""

    def get_form_class(self):
        return forms.WitnessRevealForm if self.stage == "reveal" else forms.WitnessForm

    def get_context_data(self, **kwargs):
        return super().get_context_data(party=self.party, draw=self.draw, stage=self.stage, **kwargs)

    def form_valid(self, form):
        act = {"commit": actions.commit, "reveal": actions.reveal}.get(self.stage)
        try:
            if act is None:
                raise Refused("现在没有要您做的", "10(4)")
            act(self.draw, by=LINK, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.reason)
            return self.form_invalid(form)
        return redirect("services:witness", self.kwargs["token"])
