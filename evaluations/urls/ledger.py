"""The doors of the ledger, of what was not done, and of talks: for the office, and for the expert whose they are."""

from django.urls import path

from evaluations import actions
from evaluations.forms import ledger as forms
from evaluations.views import ledger as office
from evaluations.views import ledger_desk as desk
from expertteam.doors import act

REFUSALS, STRIKES, LEDGER = "admin/refusals/", "admin/strikes/", "admin/ledger/<int:pk>/"
REFUSAL, STRIKE = f"{REFUSALS}<int:pk>/", f"{STRIKES}<int:pk>/"
give_reason = desk.GiveReason.as_view(action=actions.give_reason, form_class=forms.GiveReasonForm)
appeal = desk.Appeal.as_view(action=actions.appeal, form_class=forms.AppealForm)
urlpatterns = [
    path("desk/ledger/", desk.OwnLedger.as_view(), name="own_ledger"),
    path("desk/ledger/<int:pk>/appeal/", appeal, name="appeal"),
    path("desk/refusals/<int:pk>/", desk.OwnRefusal.as_view(), name="own_refusal"),
    path("desk/refusals/<int:pk>/give_reason/", give_reason, name="give_reason"),
    path(REFUSALS, office.RefusalList.as_view(), name="refusals"),
    path(f"{REFUSALS}new/", office.OpenRefusal.as_view(), name="open_refusal"),
    path(REFUSAL, office.RefusalDetail.as_view(), name="refusal"),
    act(REFUSAL, actions.ask_reason, forms.AskReasonForm),
    act(REFUSAL, actions.set_aside, forms.SetAsideForm),
    act(REFUSAL, actions.lapse_reason, forms.LapseReasonForm),
    act(REFUSAL, actions.judge, forms.JudgeForm),
    path(STRIKES, office.StrikeList.as_view(), name="strikes"),
    path(STRIKE, office.StrikeDetail.as_view(), name="strike"),
    act(STRIKE, actions.maintain, forms.MaintainForm),
    act(STRIKE, actions.reverse, forms.ReverseForm),
    path(LEDGER, office.Ledger.as_view(), name="ledger"),
    path(f"{LEDGER}talk/", office.RecordTalk.as_view(), name="record_talk"),
]
