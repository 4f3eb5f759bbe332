"""The doors of selection: the applicant's, the public's, the expert's, the office's."""

from django.urls import include, path

app_name = "recruitment"
urlpatterns = [
    path("apply/", include("recruitment.urls.applicant")),
    path("notices/", include("recruitment.urls.public")),
    path("desk/renewal/", include("recruitment.urls.expert")),
    path("admin/", include("recruitment.urls.office")),
]
