"""The doors of the service: for everybody, for experts, for the office."""

from services.urls import desk, office, public

app_name = "services"
urlpatterns = [*public.urlpatterns, *desk.urlpatterns, *office.urlpatterns]
