"""What a client may still change himself, and what he says of a service (Articles 9, 10(1) and 10(3))."""

import re
import unicodedata

from django import forms

from expertteam.forms import LongText
from expertteam.identifiers import mobile
from services.forms.booking import OWN_PHONE, OnceForm
from services.models import Wish
from services.rules.service import LONGEST


class LookupForm(OnceForm):
    """The number of a request, however it is written, and the mobile number it was made from."""

    number = forms.CharField(label="预约号", max_length=40, help_text="YY开头，后面8位数字。空格怎么写都行。")
    phone = forms.CharField(
        label="手机号", max_length=20, help_text="预约时留的手机号。", widget=forms.TextInput(OWN_PHONE)
    )

    def clean_number(self):
        return "YY" + re.sub(r"\D", "", unicodedata.normalize("NFKC", self.cleaned_data["number"]))

    def clean_phone(self):
        return mobile(self.cleaned_data["phone"])


class ChangeForm(OnceForm):
    """Another time of the same expert; as long as nobody has been asked, also when it would suit."""

    slot = forms.CharField(label="新的时间", required=False, max_length=12)
    wishes = forms.MultipleChoiceField(
        label="什么时候方便", choices=Wish, required=False, widget=forms.CheckboxSelectMultiple, help_text="可以选几个"
    )

    def __init__(self, *args, waits: bool, **kwargs):
        """``waits``: nobody has been asked yet."""
        super().__init__(*args, **kwargs)
        if not waits:
            del self.fields["wishes"]

    def clean(self):
        given = self.cleaned_data
        if not given.get("slot") and not given.get("wishes"):
            self.add_error("slot", "选一个新的时间" + ("，或选方便的时段" if "wishes" in self.fields else ""))


class CancelForm(OnceForm):
    note = forms.CharField(label="为什么不约了", max_length=100, required=False, help_text="一句话就行，帮我们改进。")


class AbsentForm(OnceForm):
    reason = LongText(label="当时的情况", max_length=200, required=False, help_text="比如等了多久、打没打过电话。")


class QueryForm(OnceForm):
    """What was different: the length, or anything else in his own words."""

    claimed_minutes = forms.IntegerField(
        label="实际多长时间（分钟）", required=False, min_value=0, max_value=LONGEST, help_text="没有见过面写0。"
    )
    client_note = LongText(label="哪里不对", max_length=300, required=False)

    def clean(self):
        given = self.cleaned_data
        if not self.errors and given.get("claimed_minutes") is None and not given.get("client_note"):
            self.add_error("claimed_minutes", "写一下实际多长时间，或哪里不对")
