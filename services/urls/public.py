from django.urls import path

from services.views.pending import pending

urlpatterns = [
    path("book/", pending, name="book"),
    path("book/done/<str:token>/", pending, name="booked"),
    path("my/", pending, name="lookup"),
    path("my/<str:token>/", pending, name="progress"),
    path("c/<str:token>/", pending, name="confirm"),
    path("events/", pending, name="events"),
    path("events/<int:pk>/", pending, name="event"),
]
