"""The doors: a year's pay and taxes of everybody (Article 13)."""

from django.urls import path

from payments.views import year

urlpatterns = [
    path("admin/payments/year/", year.ThisYear.as_view(), name="this_year"),
    path("admin/payments/year/<int:year>/", year.YearTotals.as_view(), name="year"),
    path("admin/payments/year/<int:year>/export/", year.YearFile.as_view(), name="year_file"),
]
