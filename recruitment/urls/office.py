"""What the bureau does: every verb of selection, one line each."""

from django.urls import path

from expertteam.doors import act
from recruitment import actions
from recruitment.forms import former as former_forms
from recruitment.forms import office as forms
from recruitment.views import former, papers, renewals
from recruitment.views import office as views
from recruitment.views.office import Act, DocumentAct, NoticeAct

APPLICATION, DOCUMENT = "applications/<int:pk>/", "documents/<int:pk>/"
NOTICE, OBJECTION = "notices/<int:pk>/", "objections/<int:pk>/"
FORMER = "former/<int:pk>/"

urlpatterns = [
    path("applications/", views.ApplicationList.as_view(), name="applications"),
    path(APPLICATION, views.ApplicationDetail.as_view(), name="application"),
    path(APPLICATION + "judge/", views.Judge.as_view(), name="judge"),
    path(
        APPLICATION + "send_back/",
        Act.as_view(action=actions.send_back, form_class=forms.SendBackForm),
        name="send_back",
    ),
    path(
        APPLICATION + "recommend/",
        Act.as_view(action=actions.recommend, form_class=forms.RecommendForm),
        name="recommend",
    ),
    path(
        APPLICATION + "turn_down/",
        Act.as_view(action=actions.turn_down, form_class=forms.TurnDownForm),
        name="turn_down",
    ),
    path(APPLICATION + "approve/", Act.as_view(action=actions.approve, form_class=forms.ApproveForm), name="approve"),
    path(APPLICATION + "decline/", Act.as_view(action=actions.decline, form_class=forms.DeclineForm), name="decline"),
    path(APPLICATION + "appoint/", Act.as_view(action=actions.appoint, form_class=forms.AppointForm), name="appoint"),
    path(DOCUMENT + "verify/", DocumentAct.as_view(action=actions.verify, form_class=forms.VerifyForm), name="verify"),
    path(DOCUMENT + "reject/", DocumentAct.as_view(action=actions.reject, form_class=forms.RejectForm), name="reject"),
    path(APPLICATION + "form.pdf", papers.ApplicationForm.as_view(), name="application_form"),
    path("rounds/<int:pk>/summary.pdf", papers.RoundSummary.as_view(), name="round_summary"),
    path("renewals/", renewals.RenewalList.as_view(), name="renewals"),
    path("renewals/<int:pk>/", renewals.RenewalDetail.as_view(), name="staff_renewal"),
    path("former/", former.FormerList.as_view(), name="former_imports"),
    path("former/read/", former.Read.as_view(), name="read_former"),
    path("former/template.xlsx", former.Template.as_view(), name="former_template"),
    path(FORMER, former.FormerDetail.as_view(), name="former_import"),
    path(FORMER + "returned.xlsx", former.Returned.as_view(), name="former_returned"),
    act(FORMER, actions.take_in, former_forms.TakeInForm),
    act(FORMER, actions.put_aside, former_forms.PutAsideForm),
    act(FORMER, actions.undo, former_forms.UndoForm),
    path("notices/", views.NoticeList.as_view(), name="staff_notices"),
    path("notices/new/", views.NoticeDraft.as_view(), name="draft_notice"),
    path(NOTICE, views.NoticeDetail.as_view(), name="staff_notice"),
    path(NOTICE + "publish/", NoticeAct.as_view(action=actions.publish, form_class=forms.PublishForm), name="publish"),
    path(NOTICE + "discard/", NoticeAct.as_view(action=actions.discard, form_class=forms.DiscardForm), name="discard"),
    path(NOTICE + "annul/", NoticeAct.as_view(action=actions.annul, form_class=forms.AnnulForm), name="annul"),
    path("objections/", views.ObjectionList.as_view(), name="objections"),
    path(OBJECTION, views.ObjectionDetail.as_view(), name="objection"),
    path(OBJECTION + "examine/", Act.as_view(action=actions.examine, form_class=forms.ExamineForm), name="examine"),
    path(OBJECTION + "report/", Act.as_view(action=actions.report, form_class=forms.ReportForm), name="report"),
    path(OBJECTION + "decide/", Act.as_view(action=actions.decide, form_class=forms.DecideForm), name="decide"),
    path(OBJECTION + "answer/", Act.as_view(action=actions.answer, form_class=forms.AnswerForm), name="answer"),
    path(
        OBJECTION + "file_lead/", Act.as_view(action=actions.file_lead, form_class=forms.FileLeadForm), name="file_lead"
    ),
    path("evidence/<int:pk>/", views.EvidenceFile.as_view(), name="evidence"),
]
