"""What an expert does about another term."""

from django.urls import path

from recruitment.views import renewal

urlpatterns = [
    path("", renewal.Renewal.as_view(), name="renewal"),
    path("apply/", renewal.Carry.as_view(), name="carry_wish"),
    path("take-back/", renewal.TakeBack.as_view(), name="take_back_wish"),
]
