"""The doors: rates, by circular (Article 13)."""

from django.urls import path

from expertteam.doors import act
from payments import actions
from payments.forms import rates as forms
from payments.views import rates

RATES = "admin/payments/rates/"
SCHEDULE = f"{RATES}<int:pk>/"
urlpatterns = [
    path(RATES, rates.ScheduleList.as_view(), name="schedules"),
    path(f"{RATES}draft/<slug:scope>/", rates.Draft.as_view(), name="draft_schedule"),
    path(f"{RATES}files/<int:pk>/", rates.Document.as_view(), name="schedule_file"),
    path(SCHEDULE, rates.ScheduleDetail.as_view(), name="schedule"),
    path(f"{SCHEDULE}changes/", rates.Changes.as_view(), name="changes"),
    path(f"{SCHEDULE}revise/", rates.Revise.as_view(), name="revise_schedule"),
    path(f"{SCHEDULE}attach/", rates.Attach.as_view(), name="attach"),
    act(SCHEDULE, actions.confirm_schedule, forms.ConfirmForm),
    act(SCHEDULE, actions.drop, forms.DropForm),
]
