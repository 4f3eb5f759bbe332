"""What the office enters about other sites and their keys (Article 10)."""

import re
from datetime import timedelta
from ipaddress import ip_network

from django import forms
from django.core.exceptions import ValidationError

from experts.models import Partner, PartnerKey
from expertteam import clock
from expertteam.forms import TerraceForm

SITE = re.compile(
    r"(?:https://)?((?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+)(:\d{1,5})?/?"
)
MOST = 20


class Lines(forms.CharField):
    """Several entries, one a line."""

    widget = forms.Textarea

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        entries = [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]
        if len(entries) > MOST:
            raise ValidationError(f"最多{MOST}行")
        return list(dict.fromkeys(map(self.read, entries)))

    def read(self, entry: str) -> str:
        return entry


class Origins(Lines):
    def read(self, entry):
        """``https://www.example.cn`` of any way of writing it; a star for a part of a name is none."""
        match = SITE.fullmatch(entry.lower())
        if not match:
            raise ValidationError(f"“{entry}”不是网站地址，要写成www.example.cn，不能有*")
        return f"https://{match[1]}{match[2] or ''}"


class Networks(Lines):
    def read(self, entry):
        try:
            return str(ip_network(entry, strict=False))
        except ValueError as wrong:
            raise ValidationError(f"“{entry}”不是IP地址或网段") from wrong


class PartnerForm(forms.ModelForm):
    """Enters and changes a partner in the records."""

    origins = Origins(
        label="可以嵌入名录的网站",
        required=False,
        help_text="一行一个，如：www.example.cn。只认https，不写的不能嵌入。",
    )

    class Meta:
        model = Partner
        fields = ["name", "contact", "origins", "active"]


class KeyForm(TerraceForm):
    """A new key of this partner."""

    scope = forms.ChoiceField(
        label="能做什么",
        choices=PartnerKey.Scope,
        widget=forms.RadioSelect,
        help_text="能提交预约的，要由局纪检确认后才能用。",
    )
    last_day = forms.DateField(label="有效期至", widget=forms.DateInput, help_text="最长一年，到期换新的。")
    networks = Networks(
        label="只能从这些地址使用",
        required=False,
        help_text="对方服务器的IP地址或网段，一行一个，如：203.0.113.7。不填就不限。",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["last_day"].initial = clock.today() + timedelta(days=180)
