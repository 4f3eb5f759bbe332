"""The doors of dismissal: for the office, and for the expert whose case it is."""

from django.urls import path

from evaluations import actions
from evaluations.forms import dismissals as forms
from evaluations.forms import own_dismissal as own_forms
from evaluations.forms.points import WeighForm
from evaluations.views import dismissals as office
from evaluations.views import own_dismissal as own

LIST, CASE, OWN = "admin/dismissals/", "admin/dismissals/<int:pk>/", "desk/dismissal/<int:pk>/"


def act(move, form):
    """The page of one verb of the office."""
    return path(f"{CASE}{move.verb}/", office.CaseAct.as_view(action=move, form_class=form), name=move.verb)


def own_act(move, form):
    """The page of one verb that is the expert's."""
    return path(f"{OWN}{move.verb}/", own.OwnAct.as_view(action=move, form_class=form), name=move.verb)


urlpatterns = [
    path(LIST, office.DismissalList.as_view(), name="dismissals"),
    path(f"{LIST}propose/", office.Propose.as_view(), name="propose_dismissal"),
    path(f"{LIST}files/<int:pk>/", office.DismissalFileView.as_view(), name="dismissal_file"),
    path(CASE, office.DismissalDetail.as_view(), name="dismissal"),
    path(f"{CASE}<slug:paper>.pdf", office.DismissalLetter.as_view(), name="dismissal_letter"),
    act(actions.inspect_origin, forms.InspectOriginForm),
    act(actions.take_up, forms.TakeUpForm),
    act(actions.hand_on, forms.HandOnForm),
    act(actions.forward, forms.ForwardForm),
    act(actions.drop, forms.DropForm),
    act(actions.add_evidence, forms.AddEvidenceForm),
    act(actions.issue_notice, forms.IssueNoticeForm),
    act(actions.serve_notice, forms.ServeNoticeForm),
    act(actions.record_defence, forms.RecordDefenceForm),
    act(actions.record_hearing_request, forms.RecordHearingRequestForm),
    act(actions.extend, forms.ExtendForm),
    act(actions.lapse_defence, forms.LapseDefenceForm),
    act(actions.set_hearing, forms.SetHearingForm),
    act(actions.record_hearing, forms.RecordHearingForm),
    act(actions.miss_hearing, forms.MissHearingForm),
    act(actions.weigh, WeighForm),
    act(actions.reconsider, forms.ReconsiderForm),
    act(actions.confirm, forms.ConfirmForm),
    act(actions.keep, forms.KeepForm),
    act(actions.serve_decision, forms.ServeDecisionForm),
    path("desk/resign/", own.Resign.as_view(), name="resign"),
    path(OWN, own.OwnDismissal.as_view(), name="own_dismissal"),
    path(f"{OWN}<slug:paper>.pdf", own.OwnLetter.as_view(), name="own_letter"),
    own_act(actions.receive_notice, own_forms.ReceiveNoticeForm),
    own_act(actions.defend, own_forms.DefendForm),
    own_act(actions.ask_hearing, own_forms.AskHearingForm),
    own_act(actions.waive, own_forms.WaiveForm),
    own_act(actions.receive_decision, own_forms.ReceiveDecisionForm),
    own_act(actions.take_back, own_forms.TakeBackForm),
]
