"""The public directory, the check of a certificate, and the expert's desk."""

from django.urls import path

from experts.views import certificates, desk, directory, profile
from expertteam.freshness import public_page

app_name = "experts"
urlpatterns = [
    path("experts/", public_page(directory.Directory.as_view()), name="directory"),
    path("experts/<slug:no>/", public_page(directory.expert), name="expert"),
    path("experts/<slug:no>/slots/", public_page(directory.slots), name="slots"),
    path("verify/", certificates.verify, name="verify"),
    path("verify/<slug:token>/", certificates.verify_token, name="verify_token"),
    path("desk/", desk.desk, name="desk"),
    path("desk/directory/join/", desk.join_directory, name="join_directory"),
    path("desk/directory/leave/", desk.leave_directory, name="leave_directory"),
    path("desk/profile/", profile.Profile.as_view(), name="profile"),
    path("desk/profile/change/", profile.ChangeProfile.as_view(), name="change_profile"),
    path("desk/profile/disclose/", profile.Disclose.as_view(), name="disclose"),
    path("desk/profile/disclosures/<int:pk>/end/", profile.EndDisclosure.as_view(), name="end_disclosure"),
    path("desk/read/", desk.mark_read, name="mark_read"),
    path("desk/certificate/<int:pk>.pdf", certificates.certificate, name="certificate"),
    path("desk/certificate/<int:pk>/", certificates.certificate_page, name="certificate_page"),
]
