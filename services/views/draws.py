"""A draw under the inspector's eyes: who promises, who shows, and what came of it (Article 10(4))."""

from collections import Counter

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from experts.models import Expert
from expertteam import clock
from expertteam.documents import qr_svg
from expertteam.views import Act, OfficeDetail
from expertteam.workflow import may
from services import pool
from services.actions import draw as actions
from services.forms import draws as forms
from services.models import Draw, DrawParty, PanelReading, PoolEntry

VIEW = "services.view_draw"
STEPS = ["设条件", "生成候选池", "纪检到场确认", "抽取", "双方签字归档"]
POOL_SEEN = "候选池名单"
Role = DrawParty.Role


class Named:
    """A draw goes by its public number."""

    model, slug_field, slug_url_kwarg = Draw, "draw_id", "draw_id"

    def get_queryset(self):
        return Draw.objects.select_related("panel__template", "operator", "inspector", "abort_asked_by", "aborted_by")


class DrawDetail(Named, OfficeDetail):
    permission = VIEW
    template_name = "services/draws/draw.html"

    def offered(self, moves):
        """What this person can do now; the rest would only be refused."""
        draw, user = self.object, self.request.user
        own = self.party()
        untimely = {
            actions.commit: not own or bool(own.commitment),
            actions.reveal: not own or bool(own.secret) or self.is_due(),
            actions.fix: user.pk != draw.operator_id or any(not each.commitment for each in self.parties),
            actions.enter_value: not self.is_due(),
            actions.sign: not self.may_sign(),
            actions.abort: draw.abort_asked_by_id in (None, user.pk),
            actions.ask_abort: bool(draw.panel.convened_at),
        }
        return [each for each in moves if not untimely.get(each)]

    def is_due(self) -> bool:
        return bool(self.object.due_at) and clock.now() >= self.object.due_at

    def may_sign(self) -> bool:
        draw, user = self.object, self.request.user
        unsigned = {draw.operator_id: not draw.operator_signed_at, draw.inspector_id: not draw.inspector_signed_at}
        return unsigned.get(user.pk, False)

    def party(self) -> DrawParty | None:
        """As whom the reader takes part, if he does."""
        try:
            return actions.party_of(self.object, self.request.user)
        except PermissionDenied:
            return None

    def get_context_data(self, **kwargs):
        draw, user = self.object, self.request.user
        self.parties = list(draw.parties.select_related("user"))
        reasons = Counter(draw.entries.excluded().values_list("why", flat=True))
        context = super().get_context_data(
            parties=self.parties, party=self.party(), ident=ident_of(user), at=step(draw, self.parties), steps=STEPS,
            inside=draw.entries.pool().count(), need=[(pool.stratum_label(s), n) for s, n in draw.panel.need],
            reasons=[(PoolEntry.Why(why).label, count) for why, count in reasons.most_common()],
            seats=[(each, pool.stratum_label(each.stratum)) for each in draw.seats.select_related("entry")],
            waits=[each.get_role_display() for each in self.parties if not each.commitment],
            may_see_pool=may(user, "services.view_poolentry"), is_due=self.is_due(), state=fingerprint(draw),
            may_invite=draw.operator_id == user.pk and draw.has_witness and draw.state in (Draw.State.FROZEN, Draw.State.FIXED),
            **kwargs,
        )  # fmt: skip
        return context | {"forms": {each.verb: self.form_of(each) for each in context["moves"] if each in FORMS}}

    def form_of(self, move):
        """The form of a move that is made on this very page."""
        form_class = commit_form(self.object, self.request.user) if move is actions.commit else FORMS[move]
        return form_class(record=self.object)


def ident_of(user) -> str:
    """How the protocol will name this person, before he has taken part as after."""
    return DrawParty(user=user).ident


def step(draw: Draw, parties) -> int:
    """Which of the five steps the draw has reached, from 0."""
    if draw.state in (Draw.State.DRAWN, Draw.State.OPENED):
        return 5 if draw.operator_signed_at and draw.inspector_signed_at else 4
    if draw.state == Draw.State.FIXED:
        return 3
    return 2


FORMS = {
    actions.commit: forms.CommitForm,
    actions.reveal: forms.RevealForm,
    actions.enter_value: forms.ValueForm,
}


def fingerprint(draw: Draw) -> str:
    """Changes with everything that others do in this draw."""
    acts = draw.history.count() + sum(bool(p.commitment) + bool(p.secret) for p in draw.parties.all())
    return f"{draw.state}-{acts}-{draw.seats.count()}"


@login_required
@require_safe
def state(request, draw_id):
    """What the page asks again and again, to show at once what the other side did."""
    if not may(request.user, VIEW):
        raise PermissionDenied(VIEW)
    return JsonResponse({"state": fingerprint(get_object_or_404(Draw, draw_id=draw_id))})


class DrawAct(Named, Act):
    """A verb of a draw, from its page or a page of its own."""

    form_class = forms.ActForm
    template_name = "services/draws/act.html"

    def get_context_data(self, **kwargs):
        """Whose secret it is, for the script that makes the promise."""
        try:
            party = actions.party_of(self.object, self.request.user)
        except PermissionDenied:
            party = None
        return super().get_context_data(party=party, draw=self.object, ident=ident_of(self.request.user), **kwargs)

    @property
    def outcome(self):
        return f"{self.action.label}：已完成"


class Commit(DrawAct):
    """The inspector says beside it that he has looked at the list."""

    def get_form_class(self):
        return commit_form(self.object, self.request.user)


def commit_form(draw: Draw, user):
    return forms.CommitForm if draw.operator_id == user.pk else forms.InspectorCommitForm


class Pool(Named, OfficeDetail):
    """The frozen list with names, for the inspector alone; each look is on record."""

    permission = "services.view_poolentry"
    template_name = "services/draws/pool.html"

    def get_context_data(self, **kwargs):
        draw = self.object
        PanelReading.objects.create(panel=draw.panel, reader=self.request.user, what=POOL_SEEN)
        entries = list(draw.entries.select_related("expert__user").order_by("expert__no"))
        strata = dict(pool.stratum_choices())
        return super().get_context_data(
            inside=[(each, [strata.get(code, code) for code in each.strata]) for each in entries if not each.why],
            outside=[each for each in entries if each.why],
            serving=Expert.objects.serving(clock.today()).count(),
            changes=pool.changes(draw),
            **kwargs,
        )


@login_required
@require_POST
def invite_witness(request, draw_id):
    """A new link for the witness, shown once, with its code for a phone; the one before it ends."""
    draw = get_object_or_404(Draw, draw_id=draw_id)
    token = actions.invite_witness(draw, by=request.user)
    address = request.build_absolute_uri(reverse("services:witness", args=[token]))
    return render(request, "services/draws/invited.html", {"draw": draw, "address": address, "qr": qr_svg(address)})
