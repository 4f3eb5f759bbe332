"""The doors of reports: for everybody, and for the inspector."""

from django.urls import path

from evaluations import actions
from evaluations.forms import office as forms
from evaluations.urls.act import act
from evaluations.views import office, report

REPORT = "admin/reports/<int:pk>/"
urlpatterns = [
    path("report/", report.ReportDoor.as_view(), name="report"),
    path("report/done/", report.ReportDone.as_view(), name="report_done"),
    path("report/receipt/", report.ReportReceipt.as_view(), name="report_receipt"),
    path("admin/reports/", office.ReportList.as_view(), name="reports"),
    path("admin/reports/phone/", office.PhoneReport.as_view(), name="phone_complaint"),
    path("admin/reports/files/<int:pk>/", office.ReportFileView.as_view(), name="report_file"),
    path(REPORT, office.ReportDetail.as_view(), name="staff_report"),
    act(REPORT, actions.examine, forms.ExamineForm),
    act(REPORT, actions.uphold, forms.UpholdForm),
    act(REPORT, actions.dismiss, forms.DismissForm),
    act(REPORT, actions.answer, forms.AnswerForm),
]
