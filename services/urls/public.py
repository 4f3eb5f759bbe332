"""What somebody can do who has no account: ask, look, change, call off, and say whether the record is right."""

from django.urls import path

from services.views import booking, confirm, my

MINE = "my/<str:token>/"
urlpatterns = [
    path("book/", booking.Book.as_view(), name="book"),
    path("book/done/<str:token>/", booking.Booked.as_view(), name="booked"),
    path("my/", my.Lookup.as_view(), name="lookup"),
    path(MINE, my.Mine.as_view(), name="progress"),
    path(MINE + "change/", my.Change.as_view(), name="change"),
    path(MINE + "cancel/", my.Cancel.as_view(), name="cancel"),
    path(MINE + "absent/", my.Absent.as_view(), name="absent"),
    path(MINE + "ics/", my.Calendar.as_view(), name="my_ics"),
    path("c/<str:token>/", confirm.Confirm.as_view(), name="confirm"),
]
