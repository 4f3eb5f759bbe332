"""What an applicant can do."""

from django.urls import path

from recruitment.models import SuccessCase, WorkPeriod
from recruitment.views import apply, apply_tasks, papers

remove_period = apply_tasks.Remove.as_view(task="history", model=WorkPeriod)
remove_case = apply_tasks.Remove.as_view(task="skills", model=SuccessCase)
urlpatterns = [
    path("", apply.Home.as_view(), name="apply"),
    path("start/<int:pk>/", apply.Start.as_view(), name="apply_start"),
    path("kind/", apply_tasks.Kind.as_view(), name="apply_kind"),
    path("basics/", apply_tasks.Basics.as_view(), name="apply_basics"),
    path("history/", apply_tasks.History.as_view(), name="apply_history"),
    path("history/new/", apply_tasks.Period.as_view(), name="apply_new_period"),
    path("history/<int:pk>/", apply_tasks.Period.as_view(), name="apply_period"),
    path("history/<int:pk>/remove/", remove_period, name="apply_remove_period"),
    path("skills/", apply_tasks.Skills.as_view(), name="apply_skills"),
    path("skills/case/new/", apply_tasks.Case.as_view(), name="apply_new_case"),
    path("skills/case/<int:pk>/", apply_tasks.Case.as_view(), name="apply_case"),
    path("skills/case/<int:pk>/remove/", remove_case, name="apply_remove_case"),
    path("proof/", apply_tasks.Proof.as_view(), name="apply_proof"),
    path("pledge/", apply_tasks.Pledge.as_view(), name="apply_pledge"),
    path("check/", apply.Check.as_view(), name="apply_check"),
    path("submit/", apply.Submit.as_view(), name="apply_submit"),
    path("withdraw/", apply.Withdraw.as_view(), name="apply_withdraw"),
    path("done/", apply.Done.as_view(), name="apply_done"),
    path("form/", apply.PaperForm.as_view(), name="apply_form"),
    path("form.pdf", papers.OwnForm.as_view(), name="own_form"),
    path("files/<int:pk>/", apply.DocumentFile.as_view(), name="document"),
]
