"""The doors of honours: praise, commendation, recommendation to the province."""

from django.urls import path

from evaluations import actions
from evaluations.forms import honour as forms
from evaluations.views import honour
from expertteam.doors import act

HONOUR = "admin/honours/<int:pk>/"
urlpatterns = [
    path("admin/honours/", honour.HonourList.as_view(), name="honours"),
    path("admin/honours/nominate/", honour.Nominate.as_view(), name="nominate"),
    path("admin/honours/province/<int:year>.csv", honour.Province.as_view(), name="province"),
    path(HONOUR, honour.HonourDetail.as_view(), name="honour"),
    path(f"{HONOUR}form.pdf", honour.HonourPaper.as_view(), name="honour_paper"),
    act(HONOUR, actions.confer, forms.ConferForm),
    act(HONOUR, actions.refuse, forms.RefuseForm),
    act(HONOUR, actions.revoke, forms.RevokeForm),
]
