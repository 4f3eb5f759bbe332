"""A review as the office sees it: one page for those who run, supervise and decide it (Articles 8(4) and 10(4))."""

from functools import cache

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from expertteam import clock
from expertteam.files import served
from expertteam.regulation import Refused
from expertteam.views import OfficeDetail, OfficeList
from expertteam.workflow import may
from services import listings, pool
from services.actions import conclusion, panel, scoring, seat
from services.actions.draw import check_conditions, freeze
from services.models import Draw, ProjectPaper, ReviewPanel, Seat
from services.rules import panel as rules
from services.views.panel_rows import Rows, live_draw, steps_of

VIEW = "services.view_reviewpanel"
FORWARD = (freeze, panel.take_seat, panel.convene, conclusion.close_scoring, conclusion.conclude, conclusion.publish)


class Panels(OfficeList):
    """Those at work, all of them, or those in which the reader has a hand."""

    model, permission = ReviewPanel, VIEW
    template_name = "services/panels/list.html"
    listing = listings.PANELS

    def get_queryset(self):
        asked, user = self.request.GET.get("show", ""), self.request.user
        self.asked = asked if asked in ("mine", "all") else ""
        live = Draw.objects.live().filter(panel=OuterRef("pk"))
        found = super().get_queryset().annotate(draw_state=Subquery(live.values("state")[:1]))
        if self.asked == "mine":
            hand = Q(drafted_by=user) | Q(inspector=user) | Q(draws__operator=user) | Q(draws__inspector=user)
            return found.filter(pk__in=ReviewPanel.objects.filter(hand).values("pk"))
        return found if self.asked else found.live().order_by("starts_at", "pk")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(may_draft=may(self.request.user, "services.draft_reviewpanel"), **kwargs)
        rows = [(each, Draw.State(each.draw_state).label if each.draw_state else "") for each in context["object_list"]]
        tabs = [("", "在办"), ("mine", "我经手的"), ("all", "全部")]
        return context | {"rows": rows, "tabs": [(key, label, key == self.asked) for key, label in tabs]}


@method_decorator(never_cache, "dispatch")
class PanelDetail(OfficeDetail):
    """No name of a member before the review begins, but the one that was looked up to be called."""

    model, permission = ReviewPanel, VIEW
    template_name = "services/panels/panel.html"

    def get_queryset(self):
        return super().get_queryset().select_related("template", "drafted_by", "inspector", "convened_by")

    def get_object(self, queryset=None):
        review = super().get_object(queryset)
        review.concerns = cache(review.concerns)  # asked for each of its parts and moves
        return review

    @cached_property
    def rows(self):
        return Rows(self.object, self.request.user)

    @cached_property
    def draws(self):
        return list(self.object.draws.select_related("operator", "inspector", "abort_asked_by", "aborted_by"))

    def get_context_data(self, **kwargs):
        review, rows = self.object, self.rows
        steps, at = steps_of(review, self.draws)
        return super().get_context_data(**kwargs) | {
            "halted": rows.halted,
            "steps": steps,
            "at": at,
            "live": live_draw(self.draws),
            "need": [(pool.stratum_label(stratum), count) for stratum, count in review.need],
            "projects": review.projects.prefetch_related("parties", "papers"),
            "recusals": rows.recusals(),
            "draws": self.draws,
            "choices": rows.choices(),
            "seats": rows.seats(),
            "halts": rows.halts(),
            "readings": rows.readings(),
            "supervises": rows.supervises,
            "results": rows.results(),
            "left": scoring.left_to_do(review) if review.state == ReviewPanel.State.OPEN else [],
            "ties": rows.ties,
            "may_halt": rows.allowed("services.call_halt") and review.state not in ("published", "cancelled"),
            "may_record": rows.allowed("services.record_recusalrequest") and review.state == "draft",
        }

    def offered(self, moves):
        """The way forward first; nothing while the review stands still, and nothing that would be refused by the hour."""
        review, user = self.object, self.request.user
        states = {each.state for each in self.draws}
        running, drawn = bool(states & {Draw.State.FROZEN, Draw.State.FIXED}), Draw.State.DRAWN in states
        early, watches = clock.now() < review.starts_at - rules.DOORS_OPEN, review.inspector_id == user.pk
        untimely = {
            panel.take_seat: lambda: early or watches or review.is_run_by(user),
            panel.convene: lambda: early or watches,
            freeze: lambda: not self.may_freeze(),
            panel.drop_project: lambda: self.draws or review.choices.exists() or not review.projects.exists(),
            panel.choose: lambda: running or not self.may_choose(),
            panel.cancel: lambda: running or (drawn and not review.convened_at),
            conclusion.close_scoring: lambda: scoring.left_to_do(review),
            conclusion.conclude: lambda: not watches or self.unsigned(),
        }
        timely = [] if self.rows.halted else [each for each in moves if each not in untimely or not untimely[each]()]
        return sorted(timely, key=lambda move: move not in FORWARD)

    def may_freeze(self) -> bool:
        """Whether everything stands by which the pool is made, on a day early enough, for somebody apart from it."""
        review, user = self.object, self.request.user
        if review.inspector_id == user.pk or review.was_read_by(user):
            return False
        try:
            check_conditions(review)
        except Refused:
            return False
        return True

    def may_choose(self) -> bool:
        """Whether there is a project to judge, a place is empty, and nobody has been proposed for it."""
        review = self.object
        return review.projects.exists() and bool(seat.empty(review)) and not review.choices.open().exists()

    def unsigned(self) -> bool:
        """Whether a member in the room has yet to sign."""
        return self.object.seats.filter(state=Seat.State.PRESENT).exists()


@login_required
@require_safe
def paper(request, pk):
    """A paper of a project, for the office."""
    if not may(request.user, VIEW):
        raise Http404
    if not may(request.user, "services.view_reviewproject"):
        raise PermissionDenied
    return served(get_object_or_404(ProjectPaper, pk=pk))


def page_of(review_pk: int, part: str = "") -> str:
    """Where a move on one of its parts leads back to."""
    page = reverse("services:panel", args=[review_pk])
    return f"{page}#{part}" if part else page
