"""The doors: what is owed, piece by piece (Article 13)."""

from django.urls import path

from expertteam.doors import act
from payments import actions
from payments.forms import items as forms
from payments.views import items

ITEM = "admin/payments/items/<int:pk>/"
CORRECTION = "admin/payments/corrections/<int:pk>/"
urlpatterns = [
    path("admin/payments/items/", items.ClaimList.as_view(), name="items"),
    path(ITEM, items.ClaimDetail.as_view(), name="item"),
    path(ITEM + "correct/", items.Correct.as_view(), name="correct"),
    path(ITEM + "agree/", items.Agree.as_view(), name="agree"),
    act(CORRECTION, actions.sign, forms.SignForm),
    act(CORRECTION, actions.refuse, forms.RefuseForm),
]
