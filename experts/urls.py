"""The public directory, the check of a certificate, and the expert's desk."""

from django.urls import path

from experts import views
from expertteam.freshness import public_page

app_name = "experts"
urlpatterns = [
    path("experts/", public_page(views.Directory.as_view()), name="directory"),
    path("experts/<slug:no>/", public_page(views.expert), name="expert"),
    path("verify/", views.verify, name="verify"),
    path("verify/<slug:token>/", views.verify_token, name="verify_token"),
    path("desk/", views.desk, name="desk"),
    path("desk/directory/join/", views.join_directory, name="join_directory"),
    path("desk/directory/leave/", views.leave_directory, name="leave_directory"),
    path("desk/read/", views.mark_read, name="mark_read"),
    path("desk/certificate/<int:pk>.pdf", views.certificate, name="certificate"),
    path("desk/certificate/<int:pk>/", views.certificate_page, name="certificate_page"),
]
