"""The doors: accounts and who is paid (Article 13)."""

from django.urls import path

from payments import actions
from payments.forms import payees as forms
from payments.views import own_account, payees

ACCOUNTS, PAYEE, OWN = "admin/payments/accounts/", "admin/payments/payees/<int:pk>/", "desk/pay/account/"


def check(move, form):
    """The page of one verb of whoever checks accounts."""
    view = payees.CheckAccount.as_view(action=move, form_class=form)
    return path(f"{ACCOUNTS}<int:pk>/{move.verb}/", view, name=move.verb)


urlpatterns = [
    path(ACCOUNTS, payees.AccountList.as_view(), name="accounts"),
    path(f"{ACCOUNTS}enter/", payees.EnterAccount.as_view(), name="enter_account"),
    path(f"{ACCOUNTS}<int:pk>/", payees.AccountDetail.as_view(), name="account"),
    check(actions.confirm_account, forms.ConfirmAccountForm),
    check(actions.refuse_account, forms.RefuseAccountForm),
    path("admin/payments/payees/", payees.HinderedList.as_view(), name="payees"),
    path(PAYEE, payees.PayeeDetail.as_view(), name="payee"),
    path(f"{PAYEE}facts/", payees.RecordFacts.as_view(), name="record_facts"),
    path(f"{PAYEE}consent/", payees.RecordConsent.as_view(), name="record_consent"),
    path(f"{PAYEE}withdraw/", payees.WithdrawConsent.as_view(), name="withdraw_consent"),
    path(OWN, own_account.OwnAccount.as_view(), name="own_account"),
    path(f"{OWN}enter/", own_account.EnterOwnAccount.as_view(), name="enter_own_account"),
    path(
        f"{OWN}<int:pk>/dispute/",
        own_account.Dispute.as_view(action=actions.dispute, form_class=forms.DisputeForm),
        name="dispute",
    ),
]
