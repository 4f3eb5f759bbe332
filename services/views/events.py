"""Activities for everybody: what is on, signing up without an account, checking in at the door (Article 8(3))."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe
from django.views.generic import FormView, TemplateView

from experts.models import Expert
from expertteam import clock
from expertteam.fields import blind
from expertteam.forms import TerraceForm
from expertteam.limits import limited
from expertteam.once import once
from expertteam.regulation import Refused
from expertteam.views import WrongIs422
from expertteam.workflow import LINK
from services import ical, tickets
from services.actions import sign_up as actions
from services.forms.activities import CheckInForm, SignUpForm
from services.models import Activity, ActivityRole, SignUp
from services.rules import activity as rules
from services.views.unlisted import unlisted

A_MINUTE = 10  # sign-ups of one network
AT_THE_DOOR = 60  # check-ins of one network: a whole room shares it
PAST = 20  # activities that are over, as far as the list goes back


class Events(TemplateView):
    """What is coming, then what was."""

    template_name = "services/events/list.html"

    def get_context_data(self, **kwargs):
        now = clock.now()
        coming = Activity.objects.coming(now).counted()
        return super().get_context_data(coming=coming, past=Activity.objects.past(now)[:PAST], now=now, **kwargs)


@method_decorator(limited("sign-up", A_MINUTE), "post")
@method_decorator(sensitive_post_parameters("name", "phone"), "dispatch")
class Event(WrongIs422, FormView):
    """One activity, and while people can sign up the form for it."""

    template_name = "services/events/event.html"
    form_class = SignUpForm

    @cached_property
    def activity(self):
        return get_object_or_404(Activity.objects.public().counted(), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        activity, now = self.activity, clock.now()
        open_now = activity.state == Activity.State.OPEN
        return super().get_context_data(
            activity=activity,
            closed=rules.why_no_sign_up(open_now, activity.starts_at, now),
            left=rules.seats_left(activity.capacity, activity.seats),
            roles=taking_part(activity),
            checking_in=activity.state in ("open", "held")
            and rules.can_check_in(activity.starts_at, activity.ends_at, now),
            **kwargs,
        )

    def form_valid(self, form):
        said = form.said()
        sign_up = partial(actions.sign_up, self.activity, by=LINK, **said)
        try:
            token = once(form.cleaned_data["key"], [self.activity.pk, said], lambda: tickets.token(sign_up()))
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return redirect("services:signed_up", self.activity.pk, token)


def taking_part(activity):
    """The experts who have accepted, each with whether his page can be read."""
    on = [ActivityRole.State.ACCEPTED, ActivityRole.State.SERVED]
    roles = list(activity.roles.filter(state__in=on).select_related("expert__user"))
    experts = Expert.objects.listed(clock.today()).select_related(None).prefetch_related(None)
    listed = set(experts.filter(pk__in=[role.expert_id for role in roles]).values_list("pk", flat=True))
    return [(role, role.expert_id in listed) for role in roles]


@method_decorator(unlisted, "dispatch")
class SignedUp(TemplateView):
    """What became of a sign-up, for whoever has its address."""

    template_name = "services/events/signed_up.html"

    @cached_property
    def sign_up(self):
        found = tickets.find(self.kwargs["pk"], self.kwargs["token"])
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs):
        activity, state = self.sign_up.activity, self.sign_up.state
        live = state in (SignUp.State.SEATED, SignUp.State.WAITING)
        ahead = activity.sign_ups.filter(state=SignUp.State.WAITING, line__lt=self.sign_up.line)
        return super().get_context_data(
            sign_up=self.sign_up,
            activity=activity,
            can_cancel=live and activity.state == Activity.State.OPEN and clock.now() < activity.starts_at,
            ahead=ahead.count() if state == SignUp.State.WAITING else 0,
            **kwargs,
        )


class Cancel(SignedUp, FormView):
    """Asks once more, then gives the seat back."""

    template_name = "services/events/cancel.html"
    form_class = TerraceForm

    def form_valid(self, form):
        try:
            actions.cancel(self.sign_up, by=LINK)
        except Refused as refusal:
            messages.error(self.request, str(refusal))
        else:
            messages.success(self.request, "报名已取消，座位让给下一位")
        return redirect("services:signed_up", **self.kwargs)


@require_safe
@unlisted
def calendar(request, pk, token):
    """The activity for the calendar of whoever signed up."""
    sign_up = tickets.find(pk, token)
    if sign_up is None:
        raise Http404
    activity = sign_up.activity
    event = ical.Event(activity.number, activity.starts_at, activity.ends_at, activity.title, activity.place)
    return ical.response([event], f"{activity.number}.ics")


@method_decorator(limited("check-in", AT_THE_DOOR), "post")
@method_decorator(sensitive_post_parameters("code", "phone"), "dispatch")
@method_decorator(never_cache, "dispatch")
class CheckIn(WrongIs422, FormView):
    """At the door: the code of the day and the number that signed up; a wrong one of either is answered alike."""

    template_name = "services/events/check_in.html"
    form_class = CheckInForm

    @cached_property
    def activity(self):
        return get_object_or_404(Activity.objects.public(), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(activity=self.activity, **kwargs)

    def form_valid(self, form):
        given = form.cleaned_data
        own = self.activity.sign_ups.live().filter(phone_index=blind(given["phone"], "mobile")).first()
        refused = "签到码或手机号不对，请核对；没报名的请找现场工作人员"
        if own and tickets.is_code(self.activity, given["code"]):
            refused = self.check_in(own)
        if refused:
            form.add_error(None, refused)
            return self.form_invalid(form)
        messages.success(self.request, "已签到，请入座")
        return redirect("services:event", self.activity.pk)

    def check_in(self, own) -> str:
        """Why not, or nothing; who is checked in already stays so."""
        if own.state == SignUp.State.WAITING:
            return "您还在候补，有没有座位请问现场工作人员"
        try:
            own.state == SignUp.State.ATTENDED or actions.mark(own, by=LINK, came=True)
        except Refused as refusal:
            return str(refusal)
        return ""
