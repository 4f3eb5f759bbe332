"""The matcher's queue, and one request with those who could be asked (Articles 4, 7 and 10(3))."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Case, Q, Value, When
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.timezone import make_aware

from experts.models import Expert
from expertteam import clock
from expertteam.templatetags.terrace import moment
from expertteam.views import Act, OfficeList
from expertteam.workflow import may
from services import access, actions, listings, matching, messages
from services.actions.offer import visit_is_settled
from services.forms.matching import MatchForm
from services.models import Place, ServiceRequest
from services.rules.request import KEY_GROUPS
from services.rules.score import WEIGHTS

State = ServiceRequest.State
A_YEAR = timedelta(days=366)
STATES = {"": State.SUBMITTED, "offered": State.OFFERED, "accepted": State.ACCEPTED}
KINDS = {
    "key": ("重点服务对象", Q(group__in=KEY_GROUPS)),
    "visit": ("申请上门", Q(place=Place.VISIT)),
    "wanted": ("点名要约", Q(wanted__isnull=False)),
}


class Queue(OfficeList):
    """Whatever waits for the centre, for an expert, or for a time; key groups first, then by deadline."""

    model, permission = ServiceRequest, "services.view_servicerequest"
    template_name = "services/matching/queue.html"
    listing = listings.QUEUE._replace(
        tabs={
            "state": {value: State(state).label for value, state in STATES.items()},
            "kind": {value: label for value, (label, _) in KINDS.items()},
        }
    )

    def get_queryset(self):
        self.stage, self.kind = self.request.GET.get("state", ""), self.request.GET.get("kind", "")
        found = in_order(super().get_queryset().filter(state=STATES.get(self.stage, State.SUBMITTED)))
        return found.filter(KINDS[self.kind][1]) if self.kind in KINDS else found

    def get_context_data(self, **kwargs):
        labels = {value: State(state).label for value, state in STATES.items()}
        return super().get_context_data(
            states=[(value, label, value == self.stage) for value, label in labels.items()],
            kinds=[("", "全部", not self.kind), *((k, label, k == self.kind) for k, (label, _) in KINDS.items())],
            may_match=may(self.request.user, actions.offer.permission),
            **kwargs,
        )


def in_order(requests):
    """As ``rules.request.priority`` has it."""
    later = Case(When(group__in=KEY_GROUPS, then=Value(0)), default=Value(1))
    return requests.select_related("wanted__user", "expert__user").order_by(later, "answer_due", "pk")


class MatchAct(Act):
    """A verb on a request, from the matcher's page of it."""

    def get_success_url(self):
        return reverse("services:match", args=[self.object.pk])


class Replace(Act):
    """Of an expert who rang up that he cannot come, has to keep away, or has left the team."""

    @property
    def outcome(self):
        return f"{self.object.expert}已换下，{self.object.request.get_state_display()}"

    def get_success_url(self):
        return reverse("services:match", args=[self.object.request_id])


class VisitAct(Act):
    """Whoever allows a visit need not be one who matches; the request's own page is for both."""

    def get_success_url(self):
        return reverse("services:request", args=[self.object.pk])


class Match(MatchAct):
    """The request on the left, those who could be asked on the right; ``?at=`` looks at another time."""

    action, form_class = actions.offer, MatchForm
    template_name = "services/matching/match.html"

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("wanted__user", "expert__user", "visit_allowed_by", "taken_by", "partner")
        )

    @cached_property
    def at(self):
        """The time that is looked at: the one in the address, else the one asked for."""
        try:
            typed = make_aware(parse_datetime(self.request.GET.get("at", "")))
            near = abs(typed - clock.now()) < A_YEAR
        except (ValueError, AttributeError, OverflowError):  # no time, or one with a zone of its own, or out of range
            return self.object.starts_at
        return typed if near else self.object.starts_at

    @cached_property
    def lineup(self):
        """Everybody against the request as if it were for that time; the record itself stays as it is."""
        looked_at = ServiceRequest.objects.select_related("wanted").get(pk=self.object.pk)
        looked_at.starts_at = self.at
        return matching.lineup(looked_at, self.others)

    @cached_property
    def others(self) -> list[Expert]:
        """Whom the matcher asks about by number or name."""
        asked = self.request.GET.get("why", "").strip()
        return matching.called(asked) if asked else []

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"lineup": self.lineup}

    def get_initial(self):
        wanted = self.object.wanted
        fit = wanted and wanted.no in self.lineup.places
        usual = settings.SITE["centre"] if self.object.place == Place.CENTRE else ""
        return {"expert": wanted.pk if fit else None, "starts_at": self.at, "room": self.object.room or usual}

    def get_context_data(self, **kwargs):
        if self.object.state != State.SUBMITTED:
            return super().get_context_data(closed=True, offer=self.replaceable(), **kwargs)
        context = super().get_context_data(**kwargs)
        suggested = self.lineup.suggested()
        named = {candidate.expert.pk for candidate in suggested}
        others = [self.lineup.explained(expert) for expert in self.others if expert.pk not in named]
        return context | {
            "candidates": [self.card(context["form"], candidate) for candidate in suggested],
            "asked_about": [self.card(context["form"], candidate) for candidate in others],
            "left_out": self.lineup.left_out(),
            "matter": access.matter(self.object, self.request.user, "匹配专家"),
            "visit_open": visit_is_settled(self.object),
            "preview": messages.offer_text(
                messages.brief_moment(self.at) if self.at else "（所选专家的时间）", "（一次性链接）"
            ),
            "weights": WEIGHTS,
            "at": self.at,
        }

    def replaceable(self):
        """What has been put before an expert, where this person may ask another one instead."""
        live = self.object.offers.live().first()
        return live if live and actions.replace.permits(live, self.request.user) else None

    def card(self, form, candidate) -> dict:
        """A candidate with what is ticked for him."""
        key = str(candidate.expert.pk)
        return {
            "candidate": candidate,
            "chosen": str(form["expert"].value()) == key,
            "alternate": key in [str(each) for each in form["alternates"].value() or []],
            "unusual": matching.rules.unusual(candidate.judged, self.lineup.places.get(candidate.expert.no)),
        }

    def get(self, request, *args, **kwargs):
        """What is about oneself is for others to match."""
        if self.object.concerns(request.user):
            return redirect("services:request", self.object.pk)
        return super().get(request, *args, **kwargs)

    @property
    def outcome(self):
        return f"{self.object.number}：已请专家答复"

    def get_success_url(self):
        return reverse("services:matching") if self.request.method == "POST" else super().get_success_url()


class CallFirst(MatchAct):
    """打电话后再定: nothing moves, the call is entered."""

    action = actions.offer  # whoever may match may ring up
    template_name = "services/matching/call.html"
    outcome = "已记下通话"

    def perform(self, entry):
        actions.spoke(self.request.user, "匹配前联系", request=self.object, **entry)


class TurnAway(MatchAct):
    """暂时约不到, with up to three other times at which somebody fit is free."""

    action = actions.turn_away

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"proposals": self.proposals()}

    def proposals(self) -> list[str]:
        """The first free times of the best, whatever time was asked for."""
        anytime = ServiceRequest.objects.select_related("wanted").get(pk=self.object.pk)
        anytime.starts_at = None
        found = [each for each in matching.suggest(anytime, 10) if each.slot and each.slot > clock.now()]
        return [f"{moment(each.slot)}，{each.expert}老师" for each in found[:3]]

    def get_success_url(self):
        return reverse("services:matching") if self.request.method == "POST" else super().get_success_url()
