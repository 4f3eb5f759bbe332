"""Papers of a review, to be printed and signed."""

from django.urls import path

from services.views import papers as views

urlpatterns = [
    path("admin/draws/<str:draw_id>/record.pdf", views.DrawRecord.as_view(), name="draw_record"),
    path("admin/panels/<int:pk>/report.pdf", views.PanelReport.as_view(), name="panel_report"),
]
