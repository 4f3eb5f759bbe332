"""What the office does with requests."""

from django.urls import path

from services import actions
from services.forms import matching as forms
from services.views import matching as views

MATCH = "admin/matching/<int:pk>/"

urlpatterns = [
    path("admin/matching/", views.Queue.as_view(), name="matching"),
    path(MATCH, views.Match.as_view(), name="match"),
    path(MATCH + "call/", views.CallFirst.as_view(form_class=forms.CallForm), name="call_first"),
    path(MATCH + "turn_away/", views.TurnAway.as_view(form_class=forms.TurnAwayForm), name="turn_away"),
    path(
        MATCH + "arrange/",
        views.MatchAct.as_view(action=actions.arrange, form_class=forms.ArrangeForm),
        name="arrange",
    ),
    path(
        "admin/offers/<int:pk>/replace/",
        views.Replace.as_view(action=actions.replace, form_class=forms.ReplaceForm),
        name="replace",
    ),
    path(
        MATCH + "allow_visit/",
        views.VisitAct.as_view(action=actions.allow_visit, form_class=forms.AllowVisitForm),
        name="allow_visit",
    ),
]
