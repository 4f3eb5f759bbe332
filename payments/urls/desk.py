"""The doors: pay, as the expert sees it (Article 13)."""

from django.urls import path

from payments.views import desk

urlpatterns = [
    path("desk/pay/", desk.PayList.as_view(), name="pay"),
    path("desk/pay/<int:pk>/", desk.Payslip.as_view(), name="payslip"),
    path("desk/pay/<int:pk>/payslip.pdf", desk.PayslipPaper.as_view(), name="payslip_paper"),
    path("desk/pay/year/<int:year>.pdf", desk.YearPaper.as_view(), name="pay_year_paper"),
]
