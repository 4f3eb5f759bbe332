"""The doors of dismissal: for the office, and for the expert whose case it is."""

from django.urls import path
from django.views.generic import View

stub = View.as_view()
urlpatterns = [
    path("admin/dismissals/<int:pk>/", stub, name="dismissal"),
    path("admin/refusals/<int:pk>/", stub, name="refusal"),
    path("admin/strikes/<int:pk>/", stub, name="strike"),
    path("admin/ledger/<int:pk>/", stub, name="ledger"),
    path("desk/dismissal/<int:pk>/", stub, name="own_dismissal"),
    path("desk/refusals/<int:pk>/", stub, name="own_refusal"),
    path("desk/ledger/", stub, name="own_ledger"),
    path("admin/dismissals/files/<int:pk>/", stub, name="dismissal_file"),
]
