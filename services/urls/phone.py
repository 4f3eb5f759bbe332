"""Whatever a client does himself, done for him by the clerk who has him on the line."""

from django.urls import path

from services import actions
from services.forms import phone as forms
from services.views import phone as views
from services.views.phone import PhoneAct

CALLER = "admin/phone/<str:sealed>/"
REQUEST, SERVICE = "admin/requests/<int:pk>/", "admin/services/<int:pk>/"

urlpatterns = [
    path("admin/phone/", views.Desk.as_view(), name="phone"),
    path(CALLER, views.CallerPage.as_view(), name="caller"),
    path(CALLER + "ask/", views.Ask.as_view(), name="phone_ask"),
    path(CALLER + "events/", views.Events.as_view(), name="phone_events"),
    path(CALLER + "events/<int:pk>/", views.TakeSeat.as_view(), name="phone_sign_up"),
    path(REQUEST + "change/", views.Change.as_view(), name="phone_change"),
    path(
        REQUEST + "cancel/",
        PhoneAct.as_view(action=actions.cancel, title="取消预约", form_class=forms.CancelForm),
        name="phone_cancel",
    ),
    path(
        "admin/offers/<int:pk>/absent/",
        PhoneAct.as_view(action=actions.report_absence, title="登记专家没来", form_class=forms.AbsentForm),
        name="phone_absent",
    ),
    path(
        SERVICE + "confirm/",
        PhoneAct.as_view(action=actions.confirm, title="代为确认", form_class=forms.ConfirmForm),
        name="phone_confirm",
    ),
    path(
        SERVICE + "query/",
        PhoneAct.as_view(action=actions.query, title="代为提出有出入", form_class=forms.QueryForm),
        name="phone_query",
    ),
    path("admin/sign-ups/<int:pk>/cancel/", views.GiveUp.as_view(), name="phone_give_up"),
]
