"""What an applicant can do."""

from django.urls import path
from django.views.generic import View

urlpatterns = [path("", View.as_view(), name="apply"), path("files/<int:pk>/", View.as_view(), name="document")]
