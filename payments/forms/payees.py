"""What is typed about accounts and about who is paid (Article 13)."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from experts.forms import ExpertField
from expertteam.forms import ActForm, TerraceForm, long_text
from expertteam.identifiers import bank_card, luhn_ok
from expertteam.regulation import Refused
from payments.actions.account import check_holder
from payments.models import BankAccount, Payee, Tier
from services.forms.records import RecordFilter

CHECKED = "我又核对了一遍，账号没有错"


class AccountFilter(RecordFilter):
    """A name, an expert's number, or the last four digits."""

    q = forms.CharField(label="专家姓名、编号或账号尾号", max_length=40, required=False, widget=forms.TextInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", "全部"), *BankAccount.State.choices]

    def found(self, records):
        self.full_clean()
        words = "".join(self.cleaned_data.get("q", "").split())
        return records.filter(self.by_words(words)) if words else records

    def by_words(self, words):
        return Q(expert__user__name__icontains=words) | Q(expert__no__iexact=words) | Q(tail=words)


class AccountForm(TerraceForm):
    """An account as the card says it; a check digit that does not fit asks for a second look, no more."""

    bank = forms.CharField(label="开户银行", max_length=60, help_text="银行全称，如：中国工商银行")
    branch = forms.CharField(label="开户网点", max_length=100, required=False, help_text="如：太原迎泽支行")
    number = forms.CharField(
        label="银行账号", max_length=40, help_text="照着银行卡填，空格没有关系",
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    checked = forms.BooleanField(label=CHECKED, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if luhn_ok(self.data.get("number", "")) or not self.is_bound:
            del self.fields["checked"]

    def clean_number(self) -> str:
        return bank_card(self.cleaned_data["number"])

    def clean(self):
        entry = super().clean()
        if "number" in entry and not entry.pop("checked", True):
            self.add_error("checked", ValidationError("账号的校验位对不上，请对着银行卡再看一遍；没有错就勾选"))
        return entry


class PaperForm(AccountForm):
    """The same from the expert's paper, with the name that stands there."""

    expert = ExpertField(label="专家姓名或编号")
    holder = forms.CharField(label="户名", max_length=50, help_text="照纸上的填，应是专家本人")
    field_order = ["expert", "holder", "bank", "branch", "number", "checked"]

    def clean(self):
        entry = super().clean()
        if {"expert", "holder"} <= entry.keys():
            try:
                check_holder(entry["expert"], entry["holder"])
            except Refused as refusal:
                self.add_error("holder", refusal.reason)
        return entry


class ConfirmAccountForm(ActForm):
    consequence = (
        "核实通过后，原来的账户停用；新账户过了观察期才能付款，期间本人可以否认。办理过账户的人不能再经手付款。"
    )
    check_note = long_text("核实情况", 200, help_text="打的哪个号码，谁接的，怎样核对的；不写账号")


class RefuseAccountForm(ActForm):
    consequence = "退回后告诉专家本人，请他重新填写。原来的账户照常使用。"
    check_note = long_text("退回的原因", 200, help_text="专家会原样看到；不写账号")


class DisputeForm(ActForm):
    consequence = "否认后，这个账户马上停用，我们会查明是谁办理的。以前的账户不会自动恢复，请您重新填写。"


class FactsForm(TerraceForm):
    """What the tax office asks, and what the rates ask."""

    resident = forms.TypedChoiceField(
        label="税收身份", choices=[("yes", "居民个人"), ("no", "非居民个人")], coerce=lambda value: value == "yes",
        widget=forms.RadioSelect, help_text="在境内没有住所、一年住不满183天的，是非居民个人",
    )  # fmt: skip
    tier = forms.ChoiceField(label="职称档次", choices=Tier, widget=forms.RadioSelect)
    official = forms.TypedChoiceField(
        label="公职人员", choices=[("", "没有核实"), ("yes", "是"), ("no", "不是")], required=False, empty_value=None,
        coerce=lambda value: value == "yes", widget=forms.RadioSelect, help_text="公职人员要先有单位同意才能付款",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["official"].needed = True  # not yet asked is an answer, too

    @staticmethod
    def told(payee: Payee) -> dict:
        """The facts as the form says them."""
        official = {None: "", True: "yes", False: "no"}[payee.official]
        return {"resident": "yes" if payee.resident else "no", "tier": payee.tier, "official": official}


class ConsentForm(TerraceForm):
    basis = long_text("单位同意及依据", 200, help_text="哪个单位，什么文件或同意函，日期和文号")


class WithdrawConsentForm(TerraceForm):
    """Nothing but the press of the button."""
