"""The expert's tasks and records, and the link of an SMS that opens one task."""

from django.urls import path

from services import actions
from services.views import desk, log, task_link

TASK, LOG, LINK = "desk/tasks/<int:pk>/", "desk/log/<int:pk>/", "t/<str:token>/"

urlpatterns = [
    path(LINK, task_link.TaskLink.as_view(), name="task_link"),
    path(LINK + "decline/", task_link.DeclineLink.as_view(), name="task_link_decline"),
    path(LINK + "take_back/", task_link.TakeBackLink.as_view(), name="task_link_take_back"),
    path(TASK, desk.Task.as_view(), name="task"),
    path(TASK + "accept/", desk.Accept.as_view(action=actions.accept), name="accept"),
    path(TASK + "take_back/", desk.TakeBack.as_view(action=actions.take_back), name="take_back"),
    path(TASK + "decline/", desk.Decline.as_view(action=actions.decline), name="decline"),
    path(TASK + "stand_down/", desk.StandDown.as_view(action=actions.stand_down), name="stand_down"),
    path(TASK + "client_absent/", desk.ClientAbsent.as_view(action=actions.report_client_absent), name="client_absent"),
    path("desk/log/new/", log.LogNew.as_view(), name="log_new"),
    path(LOG, log.Log.as_view(), name="log"),
    path(LOG + "draft/", log.Draft.as_view(), name="log_draft"),
    path(LOG + "retract/", log.Retract.as_view(), name="retract"),
    path("desk/records/", log.Records.as_view(), name="records"),
]
