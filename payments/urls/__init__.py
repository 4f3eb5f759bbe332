"""The doors of pay: for finance, for whoever keeps accounts, for experts."""

from payments.urls import batches, desk, items, payees, rates, returns, year

app_name = "payments"
urlpatterns = [
    *rates.urlpatterns,
    *payees.urlpatterns,
    *returns.urlpatterns,
    *items.urlpatterns,
    *desk.urlpatterns,
    *year.urlpatterns,
    *batches.urlpatterns,
]
