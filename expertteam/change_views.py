"""Changes of accounts for the office: the list, what is asked for somebody, each record with its steps."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.generic import DetailView

from expertteam import account_changes as changes
from expertteam.account_forms import AskPhoneForm, FactorForm
from expertteam.exports import Listing
from expertteam.models import AccountChange, User
from expertteam.regulation import Refused
from expertteam.views import ActionView, MovesMixin, OfficeForm, OfficeList
from expertteam.workflow import may

VIEW = "expertteam.view_accountchange"
WRONG = "验证码不对，请核对短信"


def code_said(code: str, user: User) -> str:
    return f"开通码{code[:4]} {code[4:]}，30分钟内有效，只显示这一次。当面交给{user}本人，登录后用它开通两步验证"


class IssueCode(ActionView):
    """The code is told on the next page alone."""

    @property
    def outcome(self):
        return code_said(self.object.issued, self.object.user)


class ChangeAct(ActionView):
    """One step of a change."""

    def perform(self, entry):
        """A wrong code has counted by now, and is said where it was typed."""
        super().perform(entry)
        if self.action is changes.prove and not self.object.proved_at:
            raise Refused(WRONG)

    @property
    def outcome(self):
        if code := getattr(self.object, "issued", ""):
            return code_said(code, self.object.user)
        said = {changes.prove: "新手机号已验证", changes.send_code: "验证码已重发"}
        return said.get(self.action) or super().outcome


class ChangeList(OfficeList):
    """The latest first."""

    model, permission, template_name = AccountChange, VIEW, "account/changes.html"
    listing = Listing(
        "账号变更",
        {
            "账号": "user",
            "事项": "get_kind_display",
            "状态": "get_state_display",
            "提出": "proposed_by",
            "提出时间": "proposed_at",
            "确认": "confirmed_by",
        },
    )

    def get_queryset(self):
        return super().get_queryset().select_related("user", "proposed_by", "confirmed_by")

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_ask=may(self.request.user, changes.ASK), **kwargs)


class ChangeDetail(LoginRequiredMixin, MovesMixin, DetailView):
    model, template_name, context_object_name = AccountChange, "account/change.html", "change"

    def get_queryset(self):
        return super().get_queryset().select_related("user", "proposed_by", "confirmed_by")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {
            "moves": [move for move in context["moves"] if move not in not_now(self.object, self.request.user)]
        }


def not_now(change: AccountChange, user: User) -> set:
    """What belongs to the other kind, is done, or waits for something or somebody else."""
    phone, proved, proposer = (
        change.kind == changes.Kind.PHONE,
        bool(change.proved_at),
        change.proposed_by_id == user.pk,
    )
    barred = {
        changes.reset_factor: phone or proposer,
        changes.confirm_phone: not phone or not proved or proposer,
        changes.prove: not phone or proved,
        changes.send_code: not phone or proved,
    }
    return {move for move, is_barred in barred.items() if is_barred}


class Asking(OfficeForm):
    """Something asked for somebody; leads to the record."""

    change = None

    @cached_property
    def person(self) -> User | None:
        """Whom the address names."""
        return get_object_or_404(User, pk=self.kwargs["user"]) if "user" in self.kwargs else None

    def get_context_data(self, **kwargs):
        return super().get_context_data(person=self.person, **kwargs)

    def get_success_url(self):
        return self.change.get_absolute_url()


class ProposeFactor(Asking):
    permission, form_class, template_name = changes.PROPOSE, FactorForm, "account/propose_factor.html"

    def enter(self, form):
        self.change = changes.propose_factor(self.person, by=self.request.user, **form.cleaned_data)
        return "已提出，等另一人确认"


class AskPhone(Asking):
    """By telephone or at the counter, for somebody who cannot do it himself."""

    permission, form_class, template_name = changes.ASK, AskPhoneForm, "account/ask_phone.html"

    def get_initial(self):
        return {"account": self.person.username} if self.person else {}

    def enter(self, form):
        entry = form.cleaned_data
        self.change = changes.ask_phone(entry.pop("account"), by=self.request.user, **entry)
        return "验证码已发到新手机号，请本人报给您"
