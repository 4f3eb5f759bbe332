"""The doors of the service: for everybody, for experts, for the office."""

from services.urls import calendar, desk, events, office, phone, public, records

app_name = "services"
urlpatterns = [
    *calendar.urlpatterns,
    *public.urlpatterns,
    *desk.urlpatterns,
    *office.urlpatterns,
    *events.urlpatterns,
    *records.urlpatterns,
    *phone.urlpatterns,
]
