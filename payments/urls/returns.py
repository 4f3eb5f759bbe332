"""The doors: what the bank says, and the files for bank, finance and tax office (Article 13)."""

from django.urls import path

from expertteam.doors import act
from payments import actions
from payments.forms import returns as forms
from payments.models import Export
from payments.views import files, returns

RETURN, TAX = "admin/payments/returns/<int:pk>/", "admin/payments/tax/<int:year>/<int:month>/"
BATCH, Kind = "admin/payments/<int:pk>/files/", Export.Kind
urlpatterns = [
    path("admin/payments/returns/", returns.ReturnList.as_view(), name="returns"),
    path("admin/payments/returns/read/", returns.Read.as_view(), name="read_return"),
    path(RETURN, returns.ReturnDetail.as_view(), name="bank_return"),
    act(RETURN, actions.apply, forms.ApplyForm),
    act(RETURN, actions.discard, forms.DiscardForm),
    path("admin/payments/suspense/", returns.Suspense.as_view(), name="suspense"),
    path("admin/payments/suspense/<int:pk>/", returns.ClearRow.as_view(), name="clear_row"),
    path(f"{BATCH}bank.xlsx", files.BatchFile.as_view(kind=Kind.BANK), name="bank_file"),
    path(f"{BATCH}finance.xlsx", files.BatchFile.as_view(kind=Kind.FINANCE), name="finance_file"),
    path("admin/payments/tax/", files.TaxList.as_view(), name="taxes"),
    path(f"{TAX}income.xlsx", files.MonthFile.as_view(kind=Kind.TAX), name="tax_file"),
    path(f"{TAX}people.xlsx", files.MonthFile.as_view(kind=Kind.PEOPLE), name="people_file"),
]
