"""The doors of ratings and of the cases that poor ones open."""

from django.urls import path

from evaluations import actions
from evaluations.forms import office as forms
from evaluations.views import desk, office, rate
from expertteam.doors import act

RATING, CASE = "admin/ratings/<int:pk>/", "admin/ratings/cases/<int:pk>/"
explain = desk.DeskAct.as_view(action=actions.explain, form_class=forms.ExplainForm)
urlpatterns = [
    path("r/<str:token>/", rate.Rate.as_view(), name="rate"),
    path("r/<str:token>/change/", rate.Revise.as_view(), name="revise"),
    path("desk/ratings/<int:pk>/", desk.DeskCase.as_view(), name="desk_case"),
    path("desk/ratings/<int:pk>/explain/", explain, name="explain"),
    path("admin/ratings/", office.RatingList.as_view(), name="ratings"),
    path("admin/ratings/phone/<int:pk>/", office.PhoneRating.as_view(), name="phone_rating"),
    path(RATING, office.RatingDetail.as_view(), name="rating"),
    act(RATING, actions.resend, forms.ResendForm),
    act(RATING, actions.show_quote, forms.ShowQuoteForm),
    act(RATING, actions.withhold_quote, forms.WithholdQuoteForm),
    path(CASE, office.CaseDetail.as_view(), name="case"),
    act(CASE, actions.miss_call, forms.MissCallForm),
    act(CASE, actions.give_up_call, forms.GiveUpCallForm),
    act(CASE, actions.call_back, forms.CallBackForm),
    act(CASE, actions.inspect_cluster, forms.InspectClusterForm),
    act(CASE, actions.find, forms.FindForm),
    act(CASE, actions.rectify, forms.RectifyForm),
    act(CASE, actions.close, forms.CloseForm),
    act(CASE, actions.follow_up, forms.FollowUpForm),
]
