"""What somebody says about a notice, and the number under which he asks for the answer (Article 11)."""

import re
import secrets
import unicodedata

from django import forms
from django.utils.html import format_html

from expertteam import clock
from expertteam.forms import EMPTY, LongText, TerraceForm
from expertteam.identifiers import mobile
from expertteam.models import Policy
from expertteam.uploads import FILES, FilesField
from recruitment.models import Notice, Objection

NAMED, ANONYMOUS = "named", "anonymous"
NAME_MISSING = {"required": "实名反映要填姓名，不想留就选匿名"}
OWN_NAME = {"autocomplete": "name", "class": "w11"}
OWN_PHONE = {"autocomplete": "tel", "inputmode": "numeric", "type": "tel"}


class ObjectionForm(TerraceForm):
    """Real name or not: of who stays anonymous nothing is read, whatever he typed."""

    candidate = forms.ChoiceField(label="反映哪位")
    kind = forms.ChoiceField(label="哪方面的情况", choices=Objection.Kind, widget=forms.RadioSelect)
    facts = LongText(label="具体情况", min_length=10, max_length=1000, help_text="时间、地点、经过，越具体越好核实。")
    files = FilesField(
        label="证明材料", required=False, help_text=f"照片、PDF或Word文件，最多{FILES}个，每个不超过10 MB。"
    )
    way = forms.ChoiceField(label="怎么联系您", widget=forms.RadioSelect, initial=NAMED)
    name = forms.CharField(label="姓名", max_length=50, widget=forms.TextInput(OWN_NAME), error_messages=NAME_MISSING)
    phone = forms.CharField(label="手机号", max_length=20, widget=forms.TextInput(OWN_PHONE))
    homepage = forms.CharField(required=False)  # no person sees it
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput, initial=secrets.token_hex)

    def __init__(self, *args, notice: Notice, late: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {str(each.pk): each for each in notice.candidates.all()}
        listed = [(number, each.name) for number, each in self.people.items()]
        self.fields["candidate"].choices = [("", EMPTY), *listed, ("all", "整份名单或程序")]
        self.fields["way"].choices = ways(late)

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
        return {
            "candidate": self.people.get(given["candidate"]),
            "kind": given["kind"],
            "facts": given["facts"],
            "files": given["files"],
            "name": given["name"] if named else "",
            "phone": given["phone"] if named else "",
            "key": given["key"],
        }


def ways(late: bool):
    """Real name or anonymous, each with what follows from it."""
    days = Policy.objects.number("objection_days", clock.today())
    answered = "我们会核实，需要时联系您" if late else f"我们会核实，并在{days}个工作日内答复您"
    return [
        (NAMED, explained("实名反映", answered)),
        (ANONYMOUS, explained("匿名提供线索", "我们会核实，但没办法答复您，也不影响聘任办理")),
    ]


def explained(label: str, hint: str):
    return format_html('{}<span class="hint">{}</span>', label, hint)


class ReceiptForm(TerraceForm):
    """The number of a receipt, however it is written, and the mobile number of who gave his name."""

    receipt = forms.CharField(label="受理编号", max_length=40, help_text="YC开头，后面12位数字。空格怎么写都行。")
    phone = forms.CharField(
        label="手机号",
        max_length=20,
        required=False,
        help_text="实名反映时留的手机号；匿名的不用填。",
        widget=forms.TextInput(OWN_PHONE),
    )

    def clean_receipt(self):
        digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", self.cleaned_data["receipt"]))
        return f"YC{digits}"

    def clean_phone(self):
        typed = self.cleaned_data["phone"]
        return mobile(typed) if typed else ""
