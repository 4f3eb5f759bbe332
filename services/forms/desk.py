"""What an expert answers, and what he writes down of a service (Articles 8, 9, 10(3) and 14)."""

import re
import unicodedata
from datetime import timedelta
from itertools import groupby

from django import forms
from django.core.exceptions import ValidationError

from experts.models import Topic
from expertteam import clock
from expertteam.forms import ActForm, LongText
from expertteam.identifiers import mobile
from expertteam.templatetags.terrace import day
from services import slots
from services.known import suits
from services.models import ClientGroup, Kind, Offer, Service
from services.rules.service import LONGEST

SHOWN, A_DAY = 8, 2  # own free times to choose from, of one day
ABSENT, OTHER = "absent", "other"
LENGTHS = {30: "30分钟", 60: "1小时", 90: "1.5小时", 120: "2小时"}


class AcceptForm(ActForm):
    """Nothing more to say where a time was offered; else which of his own times, or any other."""

    slot = forms.ChoiceField(label="从您的空闲时间里选", widget=forms.RadioSelect, required=False)
    starts_at = forms.DateTimeField(
        label="或者另写一个时间", required=False, help_text="服务中心会按这个时间告诉对方。", widget=forms.DateTimeInput
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.record.starts_at:
            self.fields.clear()
            return
        free = fitting(self.record)
        self.free = {each.id: each.starts_at for each in free}
        self.fields["slot"].choices = [
            (each.id, f"{day(each.starts_at)}{clock.local(each.starts_at):%H:%M}") for each in free
        ]
        for field in self.fields.values():
            field.needed = True  # one of the two
        if not free:
            del self.fields["slot"]
            self.fields["starts_at"].label = "您哪天方便"

    def clean(self):
        """Whichever was said; nothing is left to guess."""
        given = self.cleaned_data
        if not self.fields or self.errors:
            return {}
        starts_at = given.get("starts_at") or self.free.get(given.get("slot"))
        if starts_at is None:
            raise ValidationError("请选一个时间，或另写一个")
        return {"starts_at": starts_at}


def fitting(offer: Offer) -> list[slots.Slot]:
    """The expert's next free times, those that suit the client where there are any, few of one day."""
    first_day, days = slots.window(clock.now())
    free = slots.free([offer.expert], first_day, days, clock.now())[offer.expert_id]
    free = [each for each in free if suits(each.starts_at, offer.request.wishes)] or free
    by_day = groupby(free, key=lambda each: clock.local(each.starts_at).date())
    return [each for _, times in by_day for each in list(times)[:A_DAY]][:SHOWN]


class ReasonForm(ActForm):
    """Why not: three taps; only what is not in the list has to be written."""

    consequence = "服务中心会马上另找专家。有正当理由的，不计入未履职次数，由服务中心认定。"
    reason_kind = forms.ChoiceField(label="原因", choices=Offer.Reason, widget=forms.RadioSelect)
    reason = LongText(label="补充说明", max_length=200, required=False)

    def clean(self):
        given = self.cleaned_data
        if given.get("reason_kind") == Offer.Reason.OTHER and not given.get("reason"):
            self.add_error("reason", "选了其他原因，请写一句说明")


class AbsentForm(ActForm):
    consequence = "这次预约就此办结，对方要再约须重新预约。"
    reason = LongText(
        label="补充说明", max_length=200, required=False, help_text="如：等了20分钟，请中心打电话没有接。"
    )


class LogForm(ActForm):
    """One service.  ``draft``: whatever is there so far, and nothing is missed."""

    mode = forms.ChoiceField(label="怎么谈的", choices=Service.Mode, widget=forms.RadioSelect)
    name = forms.CharField(label="怎么称呼对方", max_length=50)
    phone = forms.CharField(
        label="对方手机号", max_length=20, help_text="发短信请对方确认。",
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric", "type": "tel"}),
    )  # fmt: skip
    started_at = forms.DateTimeField(label="什么时候开始的", widget=forms.DateTimeInput)
    minutes = forms.ChoiceField(label="谈了多久", choices=[*LENGTHS.items(), (OTHER, "其他")], widget=forms.RadioSelect)
    other = forms.IntegerField(label="多少分钟", min_value=1, max_value=LONGEST, required=False)
    topics = forms.MultipleChoiceField(
        label="谈了什么", choices=Topic, required=False, widget=forms.CheckboxSelectMultiple
    )
    kind = forms.ChoiceField(label="服务类型", choices=Kind, widget=forms.RadioSelect)
    summary = LongText(
        label="一句话小结", max_length=200, help_text="不写商业秘密和个人隐私（办法第四条）。可以用手机键盘的语音输入。"
    )
    code = forms.CharField(
        label="对方的确认码", max_length=12, required=False,
        help_text="对方短信里的6位数字，请对方念给您，当场就算确认。没有就不填，我们发短信请对方确认。",
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric", "class": "w5"}),
    )  # fmt: skip
    group = forms.ChoiceField(label="服务对象类别", choices=[("", "不填"), *ClientGroup.choices], required=False)
    enterprise = forms.CharField(label="企业或项目", max_length=100, required=False)
    advice = LongText(label="下一步建议", max_length=500, required=False)

    UNBOOKED = ("name", "phone", "group", "enterprise")
    SAID = ("mode", "started_at", "topics", "kind", "summary", "advice", *UNBOOKED)

    def __init__(self, *args, draft=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.draft, booked = draft, bool(self.record.request_id)
        for name in self.UNBOOKED if booked else ["code"]:
            del self.fields[name]
        if booked:
            self.fields["mode"].choices = [*Service.Mode.choices, (ABSENT, "对方没来")]
        for field in self.fields.values():
            field.required = field.required and not draft
        self.fields["topics"].needed = self.fields["other"].needed = True  # asked for, if it can be said

    @staticmethod
    def prefilled(service: Service) -> dict:
        """What stands in the form at first."""
        known = {name: getattr(service, name) for name in LogForm.SAID}
        listed = service.minutes in LENGTHS
        known["started_at"] = service.started_at or about_an_hour_ago()
        known["minutes"] = service.minutes if listed else OTHER if service.minutes else ""
        return known | {"other": None if listed else service.minutes}

    def clean_phone(self):
        typed = self.cleaned_data["phone"]
        return mobile(typed) if typed else ""

    def clean_code(self):
        digits = re.sub(r"\s", "", unicodedata.normalize("NFKC", self.cleaned_data["code"]))
        if digits and not re.fullmatch(r"[0-9]{6}", digits):
            raise ValidationError("确认码是6位数字，没有就不填")
        return digits

    def clean(self):
        """Of somebody who did not come nothing else is asked; the length is one number."""
        given = self.cleaned_data
        if given.get("mode") == ABSENT:
            self.errors.clear()
            return {"absent": not self.draft}
        minutes = self.length(given)
        said = {name: given[name] for name in (*self.SAID, "code") if name in given}
        return said | ({"minutes": minutes} if "minutes" in given else {})

    def length(self, given) -> int | None:
        if given.get("minutes") != OTHER:
            return int(given["minutes"]) if given.get("minutes") else None
        if not given.get("other") and not self.draft and "other" not in self.errors:
            self.add_error("other", "请填写多少分钟")
        return given.get("other")

    def kept(self) -> dict:
        """What of it a draft keeps."""
        self.is_valid()
        said = {name: value for name, value in (self.cleaned_data or {}).items() if name not in ("absent", "code")}
        return {name: value for name, value in said.items() if value or name not in ("mode", "kind")}


def about_an_hour_ago():
    """A time that is easily put right."""
    now = clock.local(clock.now()) - timedelta(hours=1)
    return now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0)
