"""The public directory, the check of a certificate, and the expert's desk."""

from django.urls import path

from experts import actions
from experts.door import door
from experts.views import api, certificates, desk, directory, embed, partners, pledge, profile
from expertteam.freshness import public_page
from expertteam.views import ActionView

KEY = "admin/partners/keys/<int:pk>/"

app_name = "experts"
urlpatterns = [
    path("api/", public_page(api.guide), name="api"),
    path("api/v1/openapi.json", door(GET=api.description), name="api_description"),
    path("api/v1/experts", door(GET=api.experts), name="api_experts"),
    path("api/v1/experts/changes", door(GET=api.changed), name="api_changes"),
    path("api/v1/experts/<str:no>", door(GET=api.expert), name="api_expert"),
    path("embed/experts/", embed.framed(public_page(embed.experts)), name="embed"),
    path("experts/", public_page(directory.Directory.as_view()), name="directory"),
    path("experts/<slug:no>/", public_page(directory.expert), name="expert"),
    path("experts/<slug:no>/slots/", public_page(directory.slots), name="slots"),
    path("verify/", certificates.verify, name="verify"),
    path("verify/<slug:token>/", certificates.verify_token, name="verify_token"),
    path("desk/", desk.desk, name="desk"),
    path("desk/pledge/", pledge.Pledge.as_view(), name="pledge"),
    path("desk/directory/join/", desk.join_directory, name="join_directory"),
    path("desk/directory/leave/", desk.leave_directory, name="leave_directory"),
    path("desk/profile/", profile.Profile.as_view(), name="profile"),
    path("desk/profile/change/", profile.ChangeProfile.as_view(), name="change_profile"),
    path("desk/profile/disclose/", profile.Disclose.as_view(), name="disclose"),
    path("desk/profile/disclosures/<int:pk>/end/", profile.EndDisclosure.as_view(), name="end_disclosure"),
    path("desk/read/", desk.mark_read, name="mark_read"),
    path("desk/certificate/<int:pk>.pdf", certificates.certificate, name="certificate"),
    path("desk/certificate/<int:pk>/", certificates.certificate_page, name="certificate_page"),
    path("admin/partners/<int:pk>/", partners.PartnerDetail.as_view(), name="partner"),
    path("admin/partners/<int:pk>/issue/", partners.IssueKey.as_view(), name="issue_key"),
    path(KEY, partners.key, name="partner_key"),
    path(KEY + "confirm_key/", ActionView.as_view(action=actions.confirm_key), name="confirm_key"),
    path(KEY + "revoke_key/", ActionView.as_view(action=actions.revoke_key), name="revoke_key"),
]
