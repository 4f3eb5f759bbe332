"""Pages to come."""

from django.urls import path
from django.views.generic import TemplateView

urlpatterns = [path("admin/panels/<int:pk>/", TemplateView.as_view(template_name="home.html"), name="panel")]
