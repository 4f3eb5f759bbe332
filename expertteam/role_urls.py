"""The roles of the office and the changes of accounts: each record and its verbs."""

from django.urls import path

from expertteam import account_changes as changes
from expertteam import actions
from expertteam import change_views as views
from expertteam.account_forms import CheckForm, IdentityForm, ProveForm, StopForm
from expertteam.account_views import RoleGrantDetail
from expertteam.forms import TerraceForm
from expertteam.views import ActionView

GRANT, CHANGES, CHANGE = "grants/<int:pk>/", "changes/", "changes/<int:pk>/"


def act(move, form):
    """The page of one verb of a change."""
    return path(
        f"{CHANGE}{move.verb}/", views.ChangeAct.as_view(action=move, form_class=form), name=f"{move.verb}_change"
    )


urlpatterns = [
    path(GRANT, RoleGrantDetail.as_view(), name="rolegrant"),
    path(f"{GRANT}confirm/", ActionView.as_view(action=actions.confirm), name="confirm_rolegrant"),
    path(f"{GRANT}revoke/", ActionView.as_view(action=actions.revoke), name="revoke_rolegrant"),
    path(
        f"{GRANT}issue_code/",
        views.IssueCode.as_view(action=actions.issue_code, form_class=IdentityForm), name="issue_code_rolegrant",
    ),
    path(CHANGES, views.ChangeList.as_view(), name="accountchanges"),
    path(f"{CHANGES}phone/", views.AskPhone.as_view(), name="ask_phone_change"),
    path(f"{CHANGES}phone/<int:user>/", views.AskPhone.as_view(), name="ask_phone_change"),
    path(f"{CHANGES}factor/<int:user>/", views.ProposeFactor.as_view(), name="propose_factor"),
    path(CHANGE, views.ChangeDetail.as_view(), name="accountchange"),
    act(changes.send_code, TerraceForm),
    act(changes.prove, ProveForm),
    act(changes.confirm_phone, CheckForm),
    act(changes.reset_factor, CheckForm),
    act(changes.stop, StopForm),
]  # fmt: skip
