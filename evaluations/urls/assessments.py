"""The doors of annual assessments: for the office, and for the expert assessed."""

from django.urls import path

from evaluations import actions
from evaluations.forms import assessments as forms
from evaluations.views import assessments as office
from evaluations.views import assessments_desk as desk
from expertteam.doors import act

LIST, SHEET, MERITS = "admin/assessments/", "admin/assessments/<int:pk>/", "admin/assessments/merits/"
contest = desk.DeskAct.as_view(action=actions.contest, form_class=forms.ContestForm)
urlpatterns = [
    path("desk/assessments/", desk.DeskAssessments.as_view(), name="desk_assessments"),
    path("desk/assessments/<int:pk>/", desk.DeskAssessment.as_view(), name="desk_assessment"),
    path("desk/assessments/<int:pk>/contest/", contest, name="contest"),
    path("desk/assessments/<int:pk>/sheet.pdf", desk.DeskPaper.as_view(), name="desk_assessment_paper"),
    path(LIST, office.AssessmentList.as_view(), name="assessments"),
    path(f"{LIST}assess/", office.AssessYear.as_view(), name="assess"),
    path(f"{LIST}release/", office.ReleaseYear.as_view(), name="release_year"),
    path(MERITS, office.MeritList.as_view(), name="merits"),
    path(f"{MERITS}enter/", office.EnterMerit.as_view(), name="enter_merit"),
    path(f"{MERITS}<int:pk>/", office.MeritDetail.as_view(), name="merit"),
    path(f"{MERITS}<int:pk>/revoke/", office.RevokeMerit.as_view(), name="revoke_merit"),
    path(f"{MERITS}files/<int:pk>/", office.MeritFileView.as_view(), name="merit_file"),
    path(SHEET, office.AssessmentDetail.as_view(), name="assessment"),
    path(f"{SHEET}sheet.pdf", office.Paper.as_view(), name="assessment_paper"),
    path(f"{SHEET}release/", office.Release.as_view(), name="release"),
    act(SHEET, actions.confirm_result, forms.ConfirmResultForm),
    act(SHEET, actions.amend_result, forms.AmendResultForm),
]
