"""The expert's own calendar."""

from django.urls import path

from services.views import calendar as views

CALENDAR = "desk/calendar/"
urlpatterns = [
    path(CALENDAR, views.Calendar.as_view(), name="calendar"),
    path(CALENDAR + "hours/", views.Hours.as_view(), name="set_hours"),
    path(CALENDAR + "day/", views.Day.as_view(), name="except_day"),
    path(CALENDAR + "day/<int:pk>/clear/", views.clear_day, name="clear_day"),
    path(CALENDAR + "pause/", views.Away.as_view(), name="pause"),
    path(CALENDAR + "pause/<int:pk>/resume/", views.resume, name="resume"),
    path(CALENDAR + "limits/", views.Limits.as_view(), name="set_limits"),
    path(CALENDAR + "feed/", views.Feed.as_view(), name="feed_address"),
    path(CALENDAR + "feed/close/", views.close_feed, name="close_feed"),
    path("desk/feed/<slug:token>.ics", views.feed, name="feed"),
]
