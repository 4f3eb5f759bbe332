"""What staff type on the records of requests and services, and how their lists are narrowed."""

from django import forms
from django.db.models import Q

from expertteam.accounts import as_phone
from expertteam.fields import blind
from expertteam.forms import ActForm, TerraceForm, long_text
from services.models import Service, ServiceRequest
from services.rules.service import LONGEST

STATES = [choice for choice in Service.State.choices if choice[0] != Service.State.DRAFT]


class RecordFilter(TerraceForm):
    """One line to search with, one state; a question that makes no sense is not asked."""

    q = forms.CharField(
        label="预约号、手机号或专家", max_length=40, required=False, help_text="手机号要写全", widget=forms.TextInput
    )
    state = forms.ChoiceField(label="状态", required=False, widget=forms.HiddenInput)  # the tabs choose it

    def found(self, records):
        """Those of the records that the line means."""
        self.full_clean()
        words = "".join(self.cleaned_data.get("q", "").split())
        if not words:
            return records
        if phone := as_phone(words):
            return records.filter(phone_index=blind(phone, "mobile"))
        return records.filter(self.by_words(words))

    def narrowed(self, records):
        state = self.cleaned_data.get("state")
        return records.filter(state=state) if state else records


class ServiceFilter(RecordFilter):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", "全部"), *STATES]

    def by_words(self, words):
        number = Q(request__number__icontains=words) | Q(pairing__number=words) | Q(activity__number=words)
        return number | Q(expert__user__name__icontains=words) | Q(expert__no=words)


class RequestFilter(RecordFilter):
    channel = forms.ChoiceField(label="渠道", required=False)
    place = forms.ChoiceField(label="地点", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", "全部"), *ServiceRequest.State.choices]
        self.fields["channel"].choices = [("", "各渠道"), *ServiceRequest.Channel.choices]
        self.fields["place"].choices = [("", "不限"), *ServiceRequest._meta.get_field("place").choices]

    def by_words(self, words):
        expert = Q(expert__user__name__icontains=words) | Q(wanted__user__name__icontains=words)
        return Q(number__icontains=words) | expert | Q(expert__no=words)

    def narrowed(self, records):
        asked = {name: self.cleaned_data.get(name) for name in ("channel", "place")}
        return super().narrowed(records).filter(**{name: value for name, value in asked.items() if value})


class SpokenForm(ActForm):
    """An act that a caller asks for; what he said about it is kept with the call."""

    note = forms.CharField(
        label="通话说明", max_length=200, required=False, widget=forms.Textarea({"rows": 2}),
        help_text="不写咨询内容，只写办这件事要留的话",
    )  # fmt: skip


class TalkForm(ActForm):
    """A call that changes nothing."""

    reached = forms.TypedChoiceField(
        label="接通了吗", choices=[("yes", "接通"), ("no", "没接通")], coerce=lambda value: value == "yes",
        widget=forms.RadioSelect, initial="yes",
    )  # fmt: skip
    note = forms.CharField(label="说了什么", max_length=200, help_text="不写咨询内容")


class VerifyForm(ActForm):
    consequence = "登记属实后，这次服务计入工作量。没接通的选“没接通”，这条记录留在回访名单里。"
    outcome = forms.ChoiceField(
        label="回访结果",
        choices=[("true", "接通，属实"), ("other", "接通，有出入"), ("away", "没接通")],
        widget=forms.RadioSelect,
    )
    claimed_minutes = forms.IntegerField(
        label="对方说的时长（分钟）",
        min_value=0,
        max_value=LONGEST,
        required=False,
        help_text="有出入时填；0表示没有这次服务",
    )
    note = forms.CharField(
        label="通话说明", max_length=500, required=False, widget=forms.Textarea({"rows": 3}),
        help_text="问了谁，怎么说的。不写咨询内容",
    )  # fmt: skip

    def clean(self):
        entry = super().clean()
        outcome = entry.get("outcome")
        if outcome in ("true", "other") and not entry.get("note"):
            self.add_error("note", "接通了就写明对方怎么说的")
        if outcome == "other" and entry.get("claimed_minutes") is None:
            self.add_error("claimed_minutes", "请填写对方说的时长")
        return entry


class RuleForm(ActForm):
    ruled_minutes = forms.IntegerField(label="核定时长（分钟）", min_value=1, max_value=LONGEST)
    ruling = long_text("核定理由", 500, help_text="分别问了谁，怎么说的，依据什么")

    @property
    def consequence(self):
        claimed = self.record.claimed_minutes
        said = "对方没有说时长" if claimed is None else f"对方说{claimed}分钟"
        return f"专家记了{self.record.minutes}分钟，{said}。核定后按核定的时长计入，不能再改。"


class RejectForm(ActForm):
    consequence = "核定不成立后，这次服务不计入工作量，不能再改。"
    ruling = long_text("核定理由", 500, help_text="分别问了谁，怎么说的，依据什么")
