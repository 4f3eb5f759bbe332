"""The doors of the service: for everybody, for experts, for the office."""

from services.urls import api, calendar, desk, draws, events, office, panels, papers, phone, public, records, seats

app_name = "services"
urlpatterns = [
    *api.urlpatterns,
    *calendar.urlpatterns,
    *public.urlpatterns,
    *desk.urlpatterns,
    *office.urlpatterns,
    *events.urlpatterns,
    *records.urlpatterns,
    *phone.urlpatterns,
    *panels.urlpatterns,
    *papers.urlpatterns,
    *draws.urlpatterns,
    *seats.urlpatterns,
]
