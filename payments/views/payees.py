"""Accounts and who is paid, as the office sees and enters them (Article 13)."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Value, When
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import DetailView

from experts.models import Expert
from expertteam import clock
from expertteam.regulation import Refused
from expertteam.views import Act, OfficeDetail, OfficeForm, OfficeList
from expertteam.workflow import may
from payments import actions, hindered, listings
from payments.forms import payees as forms
from payments.known_phone import former_phone, known_phone
from payments.models import BankAccount, Payee
from services.views.records import RecordList

VIEW, SEE_FACTS = "payments.view_bankaccount", "payments.view_payee"
PEOPLE = ["expert__user", "entered_by", "confirmed_by"]


class AccountList(RecordList):
    """What waits to be checked first."""

    model, permission, sieve = BankAccount, VIEW, forms.AccountFilter
    related = PEOPLE
    template_name = "payments/payees/list.html"
    listing = listings.ACCOUNTS

    def get_queryset(self):
        waits = Case(When(state=BankAccount.State.ENTERED, then=Value(0)), default=Value(1))
        return super().get_queryset().order_by(waits, "-pk")

    def get_context_data(self, **kwargs):
        user, now = self.request.user, clock.now()
        ways = {"may_enter": may(user, actions.ENTER), "may_see_facts": may(user, SEE_FACTS)}
        return super().get_context_data(now=now, **ways, **kwargs)


class AccountDetail(OfficeDetail):
    model, permission = BankAccount, VIEW
    template_name = "payments/payees/detail.html"

    def get_queryset(self):
        return super().get_queryset().select_related(*PEOPLE)

    def get_context_data(self, **kwargs):
        account, user = self.object, self.request.user
        others = BankAccount.objects.visible_to(user).exclude(pk=account.pk)
        return super().get_context_data(
            now=clock.now(),
            others=others.filter(expert=account.expert_id),
            twins=others.filter(number_index=account.number_index).exclude(expert=account.expert_id).select_related(
                "expert__user"
            ),
            may_see_facts=may(user, SEE_FACTS),
            **kwargs,
        )  # fmt: skip

    def offered(self, moves):
        """Whoever entered it does not check it."""
        own = self.object.entered_by_id == self.request.user.pk
        return [move for move in moves if not (own and move in (actions.confirm_account, actions.refuse_account))]


@method_decorator(never_cache, "dispatch")
class CheckAccount(Act):
    """With the number to ring up: the one he had before, if it was changed only lately."""

    template_name = "payments/payees/check.html"

    def get_context_data(self, **kwargs):
        user = self.object.expert.user
        return super().get_context_data(phone=known_phone(user), changed=bool(former_phone(user)), **kwargs)


@method_decorator([never_cache, sensitive_post_parameters("number")], "dispatch")
class EnterAccount(OfficeForm):
    """At the counter, from the expert's paper."""

    permission, form_class = actions.ENTER, forms.PaperForm
    template_name = "payments/payees/enter.html"

    def enter(self, form):
        entry = form.cleaned_data
        if entry["expert"].user_id == self.request.user.pk:
            raise Refused("您本人的账户请在专家工作台填写", "13")
        self.account = actions.enter_account(entry.pop("expert"), by=self.request.user, **entry)
        return f"已代录{self.account.expert}老师的收款账户，等核实"

    def get_success_url(self):
        return self.account.get_absolute_url()


class HinderedList(OfficeList):
    """还不能付款的专家."""

    model, permission = Payee, SEE_FACTS
    template_name = "payments/payees/hindered.html"
    listing = listings.HINDERED

    def get_queryset(self):
        super().get_queryset()
        return hindered.hindered(self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        rows = [(expert, hindered.reasons(expert)) for expert in context["object_list"]]
        return context | {"rows": rows}


class ExpertPaid:
    """An expert under his own key, whoever keeps his facts; nobody in office himself."""

    @cached_property
    def expert(self):
        others = Expert.objects.select_related("user", "payee__consented_by").exclude(user=self.request.user)
        return get_object_or_404(others, pk=self.kwargs["pk"])

    @property
    def payee(self):
        """His facts, or what is presumed while nobody has written any."""
        return getattr(self.expert, "payee", None) or Payee(expert=self.expert)


class PayeeDetail(ExpertPaid, LoginRequiredMixin, DetailView):
    """Facts, consent and accounts of one expert, and what still keeps him from being paid."""

    template_name = "payments/payees/payee.html"

    def get_object(self, queryset=None):
        if not may(self.request.user, SEE_FACTS):
            raise PermissionDenied(SEE_FACTS)
        return self.expert

    def get_context_data(self, **kwargs):
        expert, user = self.expert, self.request.user
        return super().get_context_data(
            expert=expert,
            payee=self.payee,
            of_an_office=actions.of_an_office(expert),
            accounts=BankAccount.objects.filter(expert=expert).select_related(*PEOPLE),
            reasons=hindered.reasons_of(expert),
            history=written(self.payee),
            now=clock.now(),
            may_change=may(user, actions.CHANGE),
            may_consent=may(user, actions.CONSENT),
            **kwargs,
        )


def written(payee: Payee) -> list:
    """What was written down of him, newest first, with who did; ``said`` is the basis that was named."""
    entries = list(payee.history.select_related("history_user")) if payee.pk else []
    for entry in entries:
        entry.whose = entry.history_user
        entry.said = entry.consent_basis if entry.history_change_reason == actions.CONSENTED else ""
    return entries


class PayeeAct(ExpertPaid, OfficeForm):
    """One thing written down of an expert."""

    template_name = "payments/payees/act.html"
    act = staticmethod(actions.record_facts)
    title = lead = done = ""

    def enter(self, form):
        self.act(self.expert, by=self.request.user, **form.cleaned_data)
        return self.done

    def get_success_url(self):
        return reverse("payments:payee", args=[self.expert.pk])

    def get_context_data(self, **kwargs):
        return super().get_context_data(expert=self.expert, **kwargs)


class RecordFacts(PayeeAct):
    permission, form_class = actions.CHANGE, forms.FactsForm
    title, lead, done = "改收款人资料", "影响个人所得税的算法、按职称分档的标准和能不能付款", "收款人资料已改"

    def get_initial(self):
        return forms.FactsForm.told(self.payee)


class RecordConsent(PayeeAct):
    permission, form_class, act = actions.CONSENT, forms.ConsentForm, staticmethod(actions.record_consent)
    title, lead, done = "登记单位同意", "公职人员领取报酬，要先经单位同意，写明依据", "单位同意已登记"


class WithdrawConsent(PayeeAct):
    permission, form_class, act = actions.CONSENT, forms.WithdrawConsentForm, staticmethod(actions.withdraw_consent)
    title, lead, done = "撤回单位同意", "撤回以后不再付款，已经发放的不变", "单位同意已撤回"
