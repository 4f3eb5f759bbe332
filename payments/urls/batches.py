"""The doors: batches, as finance makes, checks and releases them (Article 13)."""

from django.urls import path

from expertteam.doors import act
from payments import actions
from payments.forms import batches as forms
from payments.views import batches

BATCH = "admin/payments/<int:pk>/"
urlpatterns = [
    path("admin/payments/", batches.BatchList.as_view(), name="batches"),
    path("admin/payments/make/", batches.Make.as_view(), name="make"),
    path(BATCH, batches.BatchDetail.as_view(), name="batch"),
    path(BATCH + "table.pdf", batches.PayingTable.as_view(), name="paying_table"),
    path(BATCH + "take_out/", batches.TakeOut.as_view(), name="take_out"),
    path(BATCH + "approve/", batches.Approve.as_view(), name="approve"),
    act(BATCH, actions.submit, forms.SubmitForm),
    act(BATCH, actions.send_back, forms.SendBackForm),
    act(BATCH, actions.dissolve, forms.DissolveForm),
    act(BATCH, actions.hold_back, forms.HoldBackForm),
    act(BATCH, actions.release, forms.ReleaseForm),
]
