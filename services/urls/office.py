from django.urls import path

from services.views.pending import pending

urlpatterns = [
    path("admin/matching/", pending, name="matching"),
    path("admin/matching/<int:pk>/", pending, name="match"),
    path("admin/requests/<int:pk>/", pending, name="request"),
    path("admin/phone/", pending, name="phone"),
    path("admin/services/", pending, name="staff_services"),
    path("admin/services/<int:pk>/", pending, name="service"),
    path("admin/activities/", pending, name="staff_activities"),
    path("admin/activities/<int:pk>/", pending, name="staff_activity"),
    path("admin/pairings/", pending, name="pairings"),
    path("admin/pairings/<int:pk>/", pending, name="pairing"),
]
