"""The doors of dismissal: for the office, and for the expert whose case it is."""

from django.urls import path
from django.views.generic import View

stub = View.as_view()
urlpatterns = [
    path("admin/dismissals/<int:pk>/", stub, name="dismissal"),
    path("desk/dismissal/<int:pk>/", stub, name="own_dismissal"),
    path("admin/dismissals/files/<int:pk>/", stub, name="dismissal_file"),
]
