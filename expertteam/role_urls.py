"""The roles of the office: each grant and its verbs."""

from django.urls import path

from expertteam import actions
from expertteam.account_views import RoleGrantDetail
from expertteam.views import ActionView

urlpatterns = [
    path("<int:pk>/", RoleGrantDetail.as_view(), name="rolegrant"),
    path("<int:pk>/confirm/", ActionView.as_view(action=actions.confirm), name="confirm_rolegrant"),
    path("<int:pk>/revoke/", ActionView.as_view(action=actions.revoke), name="revoke_rolegrant"),
]
