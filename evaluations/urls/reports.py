"""The doors of reports: for everybody, and for the inspector."""

from django.urls import path

from evaluations import actions
from evaluations.forms import office as forms
from evaluations.views import desk, office, report
from expertteam.doors import act

REPORT = "admin/reports/<int:pk>/"
respond = desk.DeskReportAct.as_view(action=actions.respond, form_class=forms.RespondForm)
urlpatterns = [
    path("report/", report.ReportDoor.as_view(), name="report"),
    path("report/done/", report.ReportDone.as_view(), name="report_done"),
    path("report/receipt/", report.ReportReceipt.as_view(), name="report_receipt"),
    path("desk/reports/<int:pk>/", desk.DeskReport.as_view(), name="desk_report"),
    path("desk/reports/<int:pk>/respond/", respond, name="respond"),
    path("admin/reports/", office.ReportList.as_view(), name="reports"),
    path("admin/reports/phone/", office.PhoneReport.as_view(), name="phone_complaint"),
    path("admin/reports/files/<int:pk>/", office.ReportFileView.as_view(), name="report_file"),
    path(REPORT, office.ReportDetail.as_view(), name="staff_report"),
    act(REPORT, actions.examine, forms.ExamineForm),
    act(REPORT, actions.identify, forms.IdentifyForm),
    act(REPORT, actions.ask_expert, forms.AskExpertForm),
    act(REPORT, actions.shelve, forms.ShelveForm),
    act(REPORT, actions.uphold, forms.UpholdForm),
    act(REPORT, actions.dismiss, forms.DismissForm),
    act(REPORT, actions.answer, forms.AnswerForm),
]
