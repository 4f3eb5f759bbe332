"""Every way in and what belongs to an account; allauth's other doors stay shut."""

from allauth.account import views
from django.urls import include, path

from expertteam.account_views import ChangePhone, Enrol, ForgottenPassword, NewPassword, Overview
from expertteam.phone_views import OwnPhone, StopByLink

urlpatterns = [
    path("", Overview.as_view(), name="account"),
    path("login/", views.login, name="account_login"),
    path("login/code/", views.request_login_code, name="account_request_login_code"),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("signup/", views.signup, name="account_signup"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("phone/verify/", views.verify_phone, name="account_verify_phone"),
    path("phone/change/", ChangePhone.as_view(), name="account_change_phone"),
    path("phone/new/", OwnPhone.as_view(), name="own_phone"),
    path("phone/stop/<str:token>/", StopByLink.as_view(), name="stop_phone_change"),
    path("enrol/", Enrol.as_view(), name="enrol"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", NewPassword.as_view(), name="account_set_password"),
    path("password/reset/", ForgottenPassword.as_view(), name="account_reset_password"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
