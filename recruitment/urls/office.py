"""What the bureau does: every verb of selection, one line each."""

from django.urls import path
from django.views.generic import View

urlpatterns = [
    path("applications/", View.as_view(), name="applications"),
    path("applications/<int:pk>/", View.as_view(), name="application"),
    path("notices/", View.as_view(), name="staff_notices"),
    path("notices/<int:pk>/", View.as_view(), name="staff_notice"),
    path("objections/<int:pk>/", View.as_view(), name="objection"),
    path("evidence/<int:pk>/", View.as_view(), name="evidence"),
]
