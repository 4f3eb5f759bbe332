"""The public directory, certificates, and the expert's desk."""

from django.urls import path
from django.views.generic import View

app_name = "experts"
urlpatterns = [
    path("experts/", View.as_view(), name="directory"),
    path("experts/<str:no>/", View.as_view(), name="expert"),
    path("verify/", View.as_view(), name="verify"),
    path("verify/<str:token>/", View.as_view(), name="verify_token"),
    path("desk/", View.as_view(), name="desk"),
    path("desk/certificate/<int:pk>.pdf", View.as_view(), name="certificate"),
]
