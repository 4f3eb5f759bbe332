"""Activities and pairings: what everybody, an expert and the office can do."""

from django.urls import include, path

from services.actions import activity, activity_role, pairing, sign_up
from services.forms import activities as activity_forms
from services.forms import pairings as pairing_forms
from services.views import activities, desk_events, events, pairings
from services.views.activities import ActivityAct, Mark, RoleAct
from services.views.desk_events import PairingAct as OwnPairingAct
from services.views.desk_events import RoleAct as OwnRoleAct
from services.views.pairings import PairingAct

ONE, SIGNED_UP = "<int:pk>/", "<int:pk>/signed-up/<slug:token>/"
PUBLIC = [
    path("", events.Events.as_view(), name="events"),
    path(ONE, events.Event.as_view(), name="event"),
    path(ONE + "check-in/", events.CheckIn.as_view(), name="check_in"),
    path(SIGNED_UP, events.SignedUp.as_view(), name="signed_up"),
    path(SIGNED_UP + "cancel/", events.Cancel.as_view(), name="cancel_sign_up"),
    path(SIGNED_UP + "event.ics", events.calendar, name="sign_up_ics"),
]

ROLE, PAIR = "activities/<int:pk>/", "pairings/<int:pk>/"
DESK = [
    path(ROLE, desk_events.Role.as_view(), name="desk_activity"),
    path(ROLE + "accept/", OwnRoleAct.as_view(action=activity_role.accept), name="accept_role"),
    path(
        ROLE + "decline/",
        OwnRoleAct.as_view(action=activity_role.decline, form_class=activity_forms.DeclineForm),
        name="decline_role",
    ),
    path(PAIR, desk_events.Pair.as_view(), name="desk_pairing"),
    path(PAIR + "accept/", OwnPairingAct.as_view(action=pairing.accept), name="accept_pairing"),
    path(
        PAIR + "decline/",
        OwnPairingAct.as_view(action=pairing.decline, form_class=pairing_forms.DeclineForm),
        name="decline_pairing",
    ),
    path(
        PAIR + "report_outcome/",
        OwnPairingAct.as_view(action=pairing.report_outcome, form_class=pairing_forms.OutcomeForm),
        name="report_outcome",
    ),
]

ACTIVITY, SIGN_UP = "activities/<int:pk>/", "sign-ups/<int:pk>/"
OFFICE = [
    path("activities/", activities.Activities.as_view(), name="staff_activities"),
    path("activities/new/", activities.Draft.as_view(), name="draft_activity"),
    path(ACTIVITY, activities.ActivityDetail.as_view(), name="staff_activity"),
    path(ACTIVITY + "list/", activities.AttendanceList.as_view(), name="attendance_list"),
    path(ACTIVITY + "invite/", activities.Invite.as_view(), name="invite_expert"),
    path(ACTIVITY + "sign-up/", activities.TakeSignUp.as_view(), name="take_sign_up"),
    path(
        ACTIVITY + "revise/",
        ActivityAct.as_view(action=activity.revise, form_class=activity_forms.ReviseForm),
        name="revise_activity",
    ),
    path(
        ACTIVITY + "publish/",
        ActivityAct.as_view(action=activity.publish, form_class=activity_forms.PublishForm),
        name="publish_activity",
    ),
    path(
        ACTIVITY + "amend/",
        ActivityAct.as_view(action=activity.amend, form_class=activity_forms.AmendForm),
        name="amend_activity",
    ),
    path(
        ACTIVITY + "hold/",
        ActivityAct.as_view(action=activity.hold, form_class=activity_forms.HoldForm),
        name="hold_activity",
    ),
    path(
        ACTIVITY + "close/",
        ActivityAct.as_view(action=activity.close, form_class=activity_forms.CloseForm),
        name="close_activity",
    ),
    path(
        ACTIVITY + "cancel/",
        ActivityAct.as_view(action=activity.cancel, form_class=activity_forms.CancelForm),
        name="cancel_activity",
    ),
    path(
        "activity-roles/<int:pk>/release/",
        RoleAct.as_view(action=activity_role.release, form_class=activity_forms.ReleaseForm),
        name="release_role",
    ),
    path(
        SIGN_UP + "give_up/",
        activities.GiveUp.as_view(action=sign_up.give_up, form_class=activity_forms.GiveUpForm),
        name="give_up_sign_up",
    ),
    path(SIGN_UP + "check_in/", Mark.as_view(action=sign_up.check_in, came=True), name="mark_present"),
    path(SIGN_UP + "miss/", Mark.as_view(action=sign_up.miss, came=False), name="mark_absent"),
    path("pairings/", pairings.Pairings.as_view(), name="pairings"),
    path("pairings/new/", pairings.Propose.as_view(), name="propose_pairing"),
    path(PAIR, pairings.PairingDetail.as_view(), name="pairing"),
    path(PAIR + "member/", pairings.AddMember.as_view(), name="add_member"),
    path("pairing-members/<int:pk>/release/", pairings.ReleaseMember.as_view(), name="release_member"),
    path(
        PAIR + "close/",
        PairingAct.as_view(action=pairing.close, form_class=pairing_forms.CloseForm),
        name="close_pairing",
    ),
    path(
        PAIR + "call_off/",
        PairingAct.as_view(action=pairing.call_off, form_class=pairing_forms.CallOffForm),
        name="call_off_pairing",
    ),
]

urlpatterns = [
    path("events/", include(PUBLIC)),
    path("desk/", include(DESK)),
    path("admin/", include(OFFICE)),
]
