"""The clerk's twins of what everybody does on the web: the same questions, asked aloud (Articles 4, 7, 10(3) and 14)."""

from django import forms

from expertteam import clock
from expertteam.accounts import PhoneField
from expertteam.forms import TerraceForm
from expertteam.templatetags.terrace import day
from services import booking
from services.forms import my
from services.forms.activities import TakeSignUpForm
from services.forms.booking import BookingForm
from services.models import ServiceRequest

Channel, Relation = ServiceRequest.Channel, ServiceRequest.Relation
SPOKEN = [(Channel.PHONE, Channel.PHONE.label), (Channel.COUNTER, Channel.COUNTER.label)]
NO_TIME = [("", "时间由中心跟对方商量")]
TAKEN = {"invalid_choice": booking.TAKEN}


class CallerForm(TerraceForm):
    """Whose call it is; the number is typed once and nowhere else."""

    phone = PhoneField(
        label="对方的手机号", widget=forms.TextInput({"type": "tel", "inputmode": "numeric", "autocomplete": "off"})
    )


class CalledForm(TerraceForm):
    """What the clerk adds to the questions of the public form."""

    call_note = forms.CharField(
        label="通话说明", max_length=200, required=False, widget=forms.Textarea({"rows": 2}), help_text="不写咨询内容"
    )
    consequence = ""

    def __init__(self, *args, record=None, **kwargs):
        self.record = record
        super().__init__(*args, **kwargs)


class AskForm(CalledForm, BookingForm):
    channel = forms.ChoiceField(label="怎么来的", choices=SPOKEN, widget=forms.RadioSelect, initial=Channel.PHONE)
    relation = forms.ChoiceField(label="谁来办", choices=Relation, widget=forms.RadioSelect, initial=Relation.SELF)
    asked_by = forms.CharField(label="代办人", max_length=30, required=False, help_text="代办的写姓名和与本人的关系")
    slot = forms.ChoiceField(label="见面时间", required=False, error_messages=TAKEN)
    homepage = code = gone = None  # a clerk is no robot and has the caller on the line

    field_order = [
        "channel", "relation", "asked_by", "name", "phone", "group", "topics", "question", "slot", "wishes", "place",
        "district", "address", "visit_reason", "enterprise", "enterprise_code", "agree", "call_note",
    ]  # fmt: skip

    def __init__(self, *args, wanted, **kwargs):
        super().__init__(*args, wanted=wanted, **kwargs)
        self.fields["agree"].label = "已宣读并同意"
        self.fields["slot"].choices = NO_TIME + times_of(wanted)
        if wanted is None:
            self.fields["slot"].widget = forms.HiddenInput()

    def clean(self):
        super().clean()
        given = self.cleaned_data
        if given.get("relation") == Relation.SELF:
            given["asked_by"] = ""
        elif not given.get("asked_by"):
            self.add_error("asked_by", "写一下代办人是谁")

    def said(self) -> dict:
        return super().said() | {name: self.cleaned_data[name] for name in ("relation", "asked_by")}


class ChangeForm(CalledForm, my.ChangeForm):
    key = None
    slot = forms.ChoiceField(label="新的时间", required=False, error_messages=TAKEN)

    def __init__(self, *args, expert, **kwargs):
        super().__init__(*args, **kwargs)
        unsaid = [("", "时间待定")] if "wishes" in self.fields else [("", "请选择")]
        self.fields["slot"].choices = unsaid + times_of(expert)

    @property
    def consequence(self):
        if "wishes" in self.fields:
            return ""
        return "改时间以后要请专家再确认一次，确认了会短信告诉对方。"


class CancelForm(CalledForm, my.CancelForm):
    key = None
    consequence = "取消后时间让给别人，专家和对方都会收到通知。电话办理不受提前时间限制。"


class AbsentForm(CalledForm, my.AbsentForm):
    key = None
    consequence = "登记后重新匹配，并短信告诉对方正在换人。专家可以说明情况。"


class ConfirmForm(CalledForm):
    @property
    def consequence(self):
        began = clock.local(self.record.started_at)
        return f"念给对方听：{day(began)}，{self.record.expert}老师，{self.record.minutes}分钟。对方说对，再确认。"


class QueryForm(CalledForm, my.QueryForm):
    key = None
    consequence = "有出入的由审核人员向双方核实，核定以前不计入工作量。"


class GiveUpForm(CalledForm):
    consequence = "座位让给候补的下一位，短信会告诉对方。"


class SignUpForm(CalledForm, TakeSignUpForm):
    """The sign-up of the activity's own page, from the page of the caller."""


def times_of(expert) -> list[tuple[str, str]]:
    """The times that this expert still gives away, to be read out."""
    if expert is None:
        return []
    return [(slot.id, f"{day(slot.starts_at)}{clock.local(slot.starts_at):%H:%M}") for slot in booking.free(expert)]
