"""Requests and services as the office keeps them."""

from django.urls import path

from services import actions
from services.forms import records as forms
from services.models import Service, ServiceRequest
from services.views import records as views
from services.views.records import RecordAct

REQUEST, SERVICE = "admin/requests/<int:pk>/", "admin/services/<int:pk>/"

urlpatterns = [
    path("admin/requests/", views.RequestList.as_view(), name="requests"),
    path(REQUEST, views.RequestDetail.as_view(), name="request"),
    path(REQUEST + "number/", views.ShowNumber.as_view(model=ServiceRequest), name="request_number"),
    path(REQUEST + "talk/", views.Talk.as_view(action=actions.cancel), name="request_talk"),
    path("admin/services/", views.ServiceList.as_view(), name="staff_services"),
    path("admin/callbacks/", views.CallBacks.as_view(), name="callbacks"),
    path(SERVICE, views.ServiceDetail.as_view(), name="service"),
    path(SERVICE + "number/", views.ShowNumber.as_view(model=Service), name="service_number"),
    path(SERVICE + "talk/", views.Talk.as_view(action=actions.confirm), name="service_talk"),
    path(SERVICE + "verify/", views.CallBack.as_view(), name="verify_service"),
    path(
        SERVICE + "rule/",
        RecordAct.as_view(action=actions.rule, title="核定时长", form_class=forms.RuleForm),
        name="rule_service",
    ),
    path(
        SERVICE + "reject/",
        RecordAct.as_view(action=actions.reject, title="核定不成立", form_class=forms.RejectForm),
        name="reject_service",
    ),
]
