"""Pages to come."""

from django.urls import path
from django.views.generic import TemplateView

urlpatterns = [path("admin/draws/<str:draw_id>/", TemplateView.as_view(template_name="home.html"), name="draw")]
