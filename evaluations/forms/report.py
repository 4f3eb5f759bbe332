"""What somebody reports of an expert, and the number under which he asks for the answer (Article 12)."""

import re
import unicodedata

from django import forms
from django.utils.html import format_html

from evaluations.models import Report
from expertteam import clock
from expertteam.forms import LongText, TerraceForm
from expertteam.identifiers import mobile
from expertteam.models import Policy
from expertteam.uploads import FILES, FilesField
from services.forms.booking import OWN_PHONE, OnceForm

NAMED, ANONYMOUS = "named", "anonymous"


class ReportForm(OnceForm):
    """Real name or not: of who stays anonymous nothing is read, whatever he typed."""

    kind = forms.ChoiceField(label="哪方面的情况", choices=Report.Kind, widget=forms.RadioSelect)
    about = forms.CharField(label="反映哪位专家", max_length=50, help_text="姓名或编号，编号在专家的主页上。")
    facts = LongText(label="具体情况", min_length=10, max_length=1000, help_text="时间、地点、经过，越具体越好核实。")
    files = FilesField(
        label="证明材料", required=False, help_text=f"照片、PDF或Word文件，最多{FILES}个，每个不超过10 MB。"
    )
    way = forms.ChoiceField(label="怎么联系您", widget=forms.RadioSelect, initial=NAMED)
    name = forms.CharField(
        label="姓名", max_length=50, widget=forms.TextInput({"autocomplete": "name", "class": "w11"}),
        error_messages={"required": "实名反映要填姓名，不想留就选匿名"},
    )  # fmt: skip
    phone = forms.CharField(label="手机号", max_length=20, widget=forms.TextInput(OWN_PHONE))
    homepage = forms.CharField(required=False)  # no person sees it

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        days = Policy.objects.number("report_days", clock.today())
        self.fields["way"].choices = [
            (NAMED, explained("实名反映", f"我们会核实，并在{days}个工作日内答复您")),
            (ANONYMOUS, explained("匿名反映", "我们会核实，但不能通知您，凭受理编号可以查到办理结果")),
        ]

    def clean_about(self):
        return " ".join(self.cleaned_data["about"].split())

    def clean_phone(self):
        return mobile(self.cleaned_data["phone"])

    def clean(self):
        """Whoever fills in what no person sees is asked once more, so that nothing a person says is lost."""
        if self.cleaned_data.get("homepage"):
            self.add_error(None, "没有提交成功，请再点一次“提交”")
        if self.cleaned_data.get("way") == ANONYMOUS:
            for name in ("name", "phone"):
                self.errors.pop(name, None)

    def said(self) -> dict:
        """What goes to ``actions.lodge``."""
        given = self.cleaned_data
        named = given["way"] == NAMED
        kept = {name: given[name] for name in ("kind", "about", "facts", "files", "key")}
        return kept | {name: given[name] if named else "" for name in ("name", "phone")}


def explained(label: str, hint: str):
    return format_html('{}<span class="hint">{}</span>', label, hint)


class PhoneReportForm(ReportForm):
    """The same, as a clerk takes it down for whoever is on the line or at the counter."""

    field_order = ["kind", "about", "facts", "files", "way", "name", "phone"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["homepage"]
        for name in ("name", "phone"):
            self.fields[name].help_text = "实名反映必填，匿名反映不填"
            self.fields[name].required, self.fields[name].needed = False, True  # where the name is given

    def clean_phone(self):
        typed = self.cleaned_data["phone"]
        return mobile(typed) if typed else ""

    def clean(self):
        super().clean()
        if self.cleaned_data.get("way") == NAMED:
            for name in ("name", "phone"):
                if name in self.cleaned_data and not self.cleaned_data[name]:
                    self.add_error(name, f"实名反映要填{self.fields[name].label}")


class ReceiptForm(TerraceForm):
    """The number of a receipt, however it is written, and the mobile number of who gave his name."""

    receipt = forms.CharField(label="受理编号", max_length=40, help_text="JB开头，后面12位数字。空格怎么写都行。")
    phone = forms.CharField(
        label="手机号", max_length=20, required=False, widget=forms.TextInput(OWN_PHONE),
        help_text="实名反映时留的手机号；匿名的不用填。",
    )  # fmt: skip

    def clean_receipt(self):
        return "JB" + re.sub(r"\D", "", unicodedata.normalize("NFKC", self.cleaned_data["receipt"]))

    def clean_phone(self):
        typed = self.cleaned_data["phone"]
        return mobile(typed) if typed else ""
