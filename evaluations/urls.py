"""The doors of evaluation: for clients and everybody, for experts, for the office."""

from django.urls import path

from evaluations import actions
from evaluations.forms import office as forms
from evaluations.views import desk, office, rate, report
from expertteam.views import Act

app_name = "evaluations"
RATING, CASE, REPORT = "admin/ratings/<int:pk>/", "admin/ratings/cases/<int:pk>/", "admin/reports/<int:pk>/"


def act(where: str, move, form):
    """The page of one verb, under its name."""
    return path(f"{where}{move.verb}/", Act.as_view(action=move, form_class=form), name=move.verb)


explain = desk.DeskAct.as_view(action=actions.explain, form_class=forms.ExplainForm)
urlpatterns = [
    path("r/<str:token>/", rate.Rate.as_view(), name="rate"),
    path("r/<str:token>/change/", rate.Revise.as_view(), name="revise"),
    path("report/", report.ReportDoor.as_view(), name="report"),
    path("report/done/", report.ReportDone.as_view(), name="report_done"),
    path("report/receipt/", report.ReportReceipt.as_view(), name="report_receipt"),
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
    act(CASE, actions.find, forms.FindForm),
    act(CASE, actions.rectify, forms.RectifyForm),
    act(CASE, actions.close, forms.CloseForm),
    act(CASE, actions.follow_up, forms.FollowUpForm),
    path("admin/reports/", office.ReportList.as_view(), name="reports"),
    path("admin/reports/phone/", office.PhoneReport.as_view(), name="phone_complaint"),
    path("admin/reports/files/<int:pk>/", office.ReportFileView.as_view(), name="report_file"),
    path(REPORT, office.ReportDetail.as_view(), name="staff_report"),
    act(REPORT, actions.examine, forms.ExamineForm),
    act(REPORT, actions.uphold, forms.UpholdForm),
    act(REPORT, actions.dismiss, forms.DismissForm),
    act(REPORT, actions.answer, forms.AnswerForm),
]
