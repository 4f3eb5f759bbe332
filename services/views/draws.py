"""A draw under the inspector's eyes: who promises, who shows, and what came of it (Article 10(4))."""

from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from experts.models import Expert
from expertteam import clock
from expertteam.views import Act, OfficeDetail
from expertteam.workflow import may
from services import pool, transcripts
from services.actions import draw as actions
from services.forms import draws as forms
from services.models import Draw, DrawParty, PoolEntry, ReviewPanel, Seat
from services.summons import WITNESS

VIEW, POOL = "services.view_draw", "services.view_poolentry"
STEPS = ["设条件", "生成候选池", "纪检到场确认", "抽取", "双方签字归档"]
Role = DrawParty.Role
OVER = (ReviewPanel.State.PUBLISHED, ReviewPanel.State.CANCELLED)


class Named:
    """A draw goes by its public number."""

    model, slug_field, slug_url_kwarg = Draw, "draw_id", "draw_id"

    def get_queryset(self):
        return Draw.objects.select_related("panel__template", "operator", "inspector", "abort_asked_by", "aborted_by")


@method_decorator(never_cache, "dispatch")
class DrawDetail(Named, OfficeDetail):
    """Who has promised, who has shown, what came of it; a secret stands on no page before all are shown."""

    permission = VIEW
    template_name = "services/draws/draw.html"

    def get_queryset(self):
        return super().get_queryset().prefetch_related("parties__user")

    @cached_property
    def halted(self) -> str:
        return self.object.standstill()

    def offered(self, moves):
        """What this person can do now; the rest would only be refused."""
        draw, user, own = self.object, self.request.user, self.party
        untimely = {
            actions.commit: not own or bool(own.commitment),
            actions.reveal: not own or bool(own.secret) or self.is_due(),
            actions.fix: user.pk != draw.operator_id or bool(missing(draw, "commitment")) or self.is_due(),
            actions.enter_value: not self.is_due() or bool(missing(draw, "secret")) or draw.typed_by_id == user.pk,
            actions.sign: not self.may_sign(),
            actions.abort: bool(draw.panel.convened_at or actions.why_not_abort(draw, user)),
            actions.ask_abort: bool(draw.panel.convened_at) or self.takes_two(),
        }
        return [] if self.halted else [each for each in moves if not untimely.get(each)]

    def is_due(self) -> bool:
        return bool(self.object.due_at) and clock.now() >= self.object.due_at

    def takes_two(self) -> bool:
        """Whether the draw is at where the inspector alone may ask for its end."""
        return actions.result_is_known(self.object) and not may(self.request.user, WITNESS)

    def may_sign(self) -> bool:
        draw, user = self.object, self.request.user
        unsigned = {draw.operator_id: not draw.operator_signed_at, draw.inspector_id: not draw.inspector_signed_at}
        return unsigned.get(user.pk, False)

    @cached_property
    def party(self) -> DrawParty | None:
        """As whom the reader takes part, if he does."""
        try:
            return actions.party_of(self.object, self.request.user)
        except PermissionDenied:
            return None

    def get_context_data(self, **kwargs):
        draw, user = self.object, self.request.user
        reasons = Counter(draw.entries.excluded().values_list("why", flat=True))
        witness = next((each for each in draw.parties.all() if each.role == Role.WITNESS), None)
        running = draw.state in (Draw.State.FROZEN, Draw.State.FIXED)
        context = super().get_context_data(
            parties=draw.parties.all(), party=self.party, ident=ident_of(user), at=step(draw), steps=STEPS,
            inside=draw.entries.pool().count(), need=[(pool.stratum_label(s), n) for s, n in draw.panel.need],
            outside=reasons.total(), root=fours(draw.pool_root), state=fingerprint(draw), halted=self.halted,
            reasons=[(PoolEntry.Why(why).label, count) for why, count in reasons.most_common()],
            seats=[(each, pool.stratum_label(each.stratum)) for each in draw.seats.select_related("entry")],
            waits=missing(draw, "commitment"), awaited=awaited(draw), witness=witness,
            seed=fours(transcripts.lots(draw).seed) if draw.record_hash else "", record=fours(draw.record_hash),
            may_see_pool=may(user, POOL) and not draw.panel.is_run_by(user), may_invite=running and bool(witness and witness.phone) and draw.operator_id == user.pk,
            may_halt=may(user, "services.call_halt") and not self.halted and draw.panel.state not in OVER, **kwargs,
        )  # fmt: skip
        for entry in context["history"]:
            if witness and not entry.history_user_id:
                entry.whose = f"见证人{witness.whose}"
        return context | {"forms": {each.verb: self.form_of(each) for each in context["moves"] if each in FORMS}}

    def form_of(self, move):
        """The form of a move that is made on this very page."""
        form_class = commit_form(self.object, self.request.user) if move is actions.commit else FORMS[move]
        return form_class(record=self.object)


def ident_of(user) -> str:
    """How the protocol will name this person, before he has taken part as after."""
    return DrawParty(user=user).ident


def step(draw: Draw) -> int:
    """Which of the five steps the draw has reached, from 0; an aborted one stays where it was."""
    if draw.record_hash:
        return 5 if draw.operator_signed_at and draw.inspector_signed_at else 4
    return 3 if draw.fixed_at or not missing(draw, "commitment") else 2


def missing(draw: Draw, what: str) -> list[str]:
    """The parties that have not yet given their ``commitment`` or ``secret``."""
    return [each.get_role_display() for each in draw.parties.all() if not getattr(each, what)]


def awaited(draw: Draw) -> str:
    """Whom or what the draw waits for, in words; empty when it is done."""
    promises, shown = missing(draw, "commitment"), missing(draw, "secret")
    unsigned = {"经办": draw.operator_signed_at, "纪检": draw.inspector_signed_at}
    if draw.state == Draw.State.FROZEN:
        return f"等待{'、'.join(promises)}提交承诺" if promises else "等待经办开始抽取"
    if draw.state == Draw.State.FIXED:
        return f"等待{'、'.join(shown)}公开随机数" if shown else "等待两个人录入公开数值"
    if draw.state in (Draw.State.DRAWN, Draw.State.OPENED) and not all(unsigned.values()):
        return f"等待{'、'.join(who for who, at in unsigned.items() if not at)}签字"
    return ""


def fours(fingerprint: str) -> str:
    """In groups of four, to be read aloud and compared."""
    return " ".join(fingerprint[n : n + 4] for n in range(0, len(fingerprint), 4))


FORMS = {
    actions.commit: forms.CommitForm,
    actions.reveal: forms.RevealForm,
    actions.enter_value: forms.ValueForm,
}


def fingerprint(draw: Draw) -> str:
    """Changes with everything that others do in this draw, and tells none of it."""
    done = draw.history.count(), Seat.history.filter(draw=draw).count(), draw.panel.halts.standing().count()
    return "-".join([draw.state, *map(str, done)])


@login_required
@never_cache
@require_safe
def state(request, draw_id):
    """What the page asks again and again, to show at once what the other side did."""
    if not may(request.user, VIEW):
        raise PermissionDenied(VIEW)
    draw = get_object_or_404(Draw.objects.select_related("panel"), draw_id=draw_id)
    return JsonResponse({"state": fingerprint(draw)})


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


@method_decorator(never_cache, "dispatch")
class Pool(Named, OfficeDetail):
    """The frozen list with names, for the inspector alone; each look is on record."""

    permission = POOL
    template_name = "services/draws/pool.html"

    def get_context_data(self, **kwargs):
        draw = self.object
        actions.read_pool(draw, by=self.request.user)
        entries = list(draw.entries.select_related("expert__user").order_by("expert__no"))
        strata, listed = dict(pool.stratum_choices()), sorted(each.expert.no for each in entries)
        frozen = transcripts.directory(draw)
        return super().get_context_data(
            inside=[(each, [strata.get(code, code) for code in each.strata]) for each in entries if not each.why],
            outside=[each for each in entries if each.why],
            need=[(strata.get(code, code), count) for code, count in draw.panel.need],
            listed=len(listed), frozen=len(frozen), is_whole=listed == frozen,
            serving=Expert.objects.serving(clock.today()).count(), changes=pool.changes(draw), **kwargs,
        )  # fmt: skip


@login_required
@never_cache
@require_POST
def invite_witness(request, draw_id):
    """A new link goes to the witness, and nobody else sees it; the one before it ends."""
    draw = get_object_or_404(Draw, draw_id=draw_id, parties__role=Role.WITNESS)
    actions.invite_witness(draw, by=request.user)
    messages.success(request, "链接已发到见证人手机上，7天内有效，旧的随即失效")
    return redirect(draw)
