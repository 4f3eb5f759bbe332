"""What everybody can read and say about a notice."""

from django.urls import path
from django.views.generic import View

urlpatterns = [
    path("", View.as_view(), name="notices"),
    path("objection/", View.as_view(), name="receipt"),
    path("<int:pk>/", View.as_view(), name="notice"),
    path("<int:pk>/objection/", View.as_view(), name="object"),
]
