"""What the office does with activities: from the draft to the attendance list (Articles 8(3) and 8(6))."""

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.debug import sensitive_post_parameters

from expertteam import clock
from expertteam.exports import ListMixin
from expertteam.forms import ActForm
from expertteam.views import Act, OfficeDetail, OfficeForm, OfficeList
from expertteam.workflow import available, may
from services import listings, tickets
from services.actions import activity as actions
from services.actions import activity_role, sign_up
from services.forms import activities as forms
from services.models import Activity, SignUp
from services.rules import activity as rules

VIEW = "services.view_activity"
LIVE = Q(state__in=[Activity.State.DRAFT, Activity.State.OPEN, Activity.State.HELD])


class Activities(OfficeList):
    """Those to be worked on, or with ``?all`` those that are over."""

    model, permission = Activity, VIEW
    template_name = "services/office/activities.html"
    listing = listings.ACTIVITIES

    def get_queryset(self):
        over = "over" in self.request.GET
        shown = super().get_queryset().filter(~LIVE if over else LIVE).counted()
        return shown.order_by("-starts_at" if over else "starts_at", "pk")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            may_draft=may(self.request.user, "services.draft_activity"), over="over" in self.request.GET, **kwargs
        )


class ActivityDetail(OfficeDetail):
    model, permission = Activity, VIEW
    template_name = "services/office/activity.html"

    def get_queryset(self):
        return super().get_queryset().counted().select_related("drafted_by")

    def offered(self, moves):
        """The way forward first; what would be refused by the hour is left out."""
        begun = clock.now() >= self.object.starts_at
        untimely = [actions.amend] if begun else [actions.hold]
        forward = (actions.publish, actions.hold, actions.close)
        return sorted((move for move in moves if move not in untimely), key=lambda move: move not in forward)

    def get_context_data(self, **kwargs):
        activity, user = self.object, self.request.user
        coming, at_door = clock.now() < activity.starts_at, activity.state in ("open", "held") and is_on(activity)
        return super().get_context_data(
            roles=[(role, offered(role, user)) for role in roles_of(activity)],
            sign_ups=[(each, at_the_door(each, offered(each, user))) for each in listed(activity, user)],
            may_invite=coming and may(user, "services.invite_activityrole") and activity.state in ("draft", "open"),
            may_take=coming and may(user, "services.take_signup") and activity.state == Activity.State.OPEN,
            code=tickets.code(activity, clock.today()) if at_door and may(user, "services.check_in_signup") else "",
            **kwargs,
        )


def is_on(activity) -> bool:
    """Whether people come today: the code of any other day opens no door."""
    first, last = (clock.local(moment).date() for moment in (activity.starts_at, activity.ends_at))
    return first <= clock.today() <= last


def at_the_door(entry, moves):
    """Before the door opens a place can be given up; from then on who comes is marked, until the close."""
    activity, now = entry.activity, clock.now()
    timely = {sign_up.give_up: now < activity.starts_at}
    timely |= dict.fromkeys([sign_up.check_in, sign_up.miss], now >= activity.starts_at - rules.EARLY)
    return [move for move in moves if timely[move] and activity.state in ("open", "held")]


def roles_of(activity):
    """Everybody asked; each knows the activity already."""
    for role in activity.roles.select_related("expert__user"):
        role.activity = activity
        yield role


def listed(activity, user):
    """Who signed up, for those who may know it, each knowing the activity already."""
    for each in SignUp.objects.visible_to(user).filter(activity=activity).order_by("line"):
        each.activity = activity
        yield each


def offered(record, user):
    """The moves of the office on one row."""
    return [move for move in available(record, user) if not move.own]


class AttendanceList(ListMixin, OfficeDetail):
    """The list to print and sign, on paper or from Excel: who has a seat, in the order of signing up."""

    model, permission = Activity, "services.view_signup"
    template_name = "services/office/attendance.html"
    listing = listings.ATTENDANCE

    def get_context_data(self, **kwargs):
        return super().get_context_data(sign_ups=self.seats(), now=clock.now(), **kwargs)

    def seats(self):
        return self.object.sign_ups.exclude(state__in=[SignUp.State.CANCELLED, SignUp.State.WAITING])

    def exported(self):
        self.object = self.get_object()
        return self.seats()

    def extract(self):
        """It hangs at the door of this activity."""
        extract, activity = super().extract(), self.object
        about = f"{activity}，{clock.local(activity.starts_at):%Y-%m-%d %H:%M}"
        return extract._replace(filters=about, about=f"{about}，{activity.place}")


class ActivityForm(OfficeForm):
    """Something new about an activity; its page is where one goes next."""

    @cached_property
    def activity(self):
        return get_object_or_404(Activity.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_success_url(self):
        return reverse("services:staff_activity", args=[self.activity.pk])


class Draft(ActivityForm):
    permission, form_class = "services.draft_activity", forms.FactsForm
    template_name = "services/office/draft.html"

    def enter(self, form):
        self.activity = actions.draft(by=self.request.user, **form.cleaned_data)
        return "已存为拟稿，接着邀请专家"


class Invite(ActivityForm):
    permission, form_class = "services.invite_activityrole", forms.InviteForm
    template_name = "services/office/invite.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"activity": self.activity}

    def enter(self, form):
        asked = activity_role.invite(self.activity, by=self.request.user, **form.cleaned_data)
        return f"已邀请{asked.expert}老师，等他答复"


@method_decorator(sensitive_post_parameters("name", "phone"), "dispatch")
class TakeSignUp(ActivityForm):
    """The same sign-up for whoever calls or comes by."""

    permission, form_class = "services.take_signup", forms.TakeSignUpForm
    template_name = "services/office/take_sign_up.html"

    def enter(self, form):
        taken = sign_up.sign_up(self.activity, by=self.request.user, **form.said())
        return f"{taken.get_state_display()}，短信已发给对方"


class ActivityAct(Act):
    """A verb on an activity, made from the office's page of it."""

    form_class = ActForm

    def get_success_url(self):
        return reverse("services:staff_activity", args=[self.object.pk])


class RowAct(ActivityAct):
    """A verb on a row of that page."""

    def get_success_url(self):
        return reverse("services:staff_activity", args=[self.object.activity_id])


class RoleAct(RowAct):
    def get_queryset(self):
        return super().get_queryset().select_related("activity", "expert__user")


class GiveUp(RowAct):
    def perform(self, entry):
        sign_up.cancel(self.object, by=self.request.user)


class Mark(RowAct):
    """One press on the attendance list."""

    came = False

    def perform(self, entry):
        sign_up.mark(self.object, by=self.request.user, came=self.came)

    def get_success_url(self):
        return f"{super().get_success_url()}#sign-ups"
