"""What another site's program sends in and asks about."""

from django.urls import path

from experts.door import door
from services.views import api

urlpatterns = [
    path("api/v1/consents", door(GET=api.texts), name="api_consents"),
    path("api/v1/codes", door(private=True, POST=api.send_code), name="api_codes"),
    path("api/v1/requests", door(private=True, POST=api.send_in), name="api_requests"),
    path("api/v1/requests/<str:number>", door(private=True, GET=api.progress), name="api_request"),
]
