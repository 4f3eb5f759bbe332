"""What somebody writes who asks for an expert (Articles 4, 7, 10(3) and 14)."""

import secrets

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from experts.models import District, Expert, Topic
from expertteam import consents
from expertteam.forms import EMPTY, LongText, TerraceForm
from expertteam.identifiers import mobile, social_credit_code
from services.actions.request import TEXTS
from services.models import ClientGroup, Place, Wish
from services.rules.request import is_key_group

UNSAID = [("", "先不填")]
PLACES = [
    (Place.CENTRE, "到服务中心", settings.SITE["centre"] + settings.SITE["address"]),
    (Place.VISIT, "申请专家上门", "适合行动不便、需要看现场等情况，由中心审核安排"),
]
OWN_PHONE = {"autocomplete": "tel", "inputmode": "numeric", "type": "tel"}
OWN_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric"}
ABOUT_PHONE = "只用于这次预约的通知和评价，专家看到的是138****0000这样的号码。"
AT_THE_DOOR = {  # what is asked of who wants the expert to come, and how it is asked for when it is missing
    "district": "选一下在哪个区县",
    "address": "写一写上门地址",
    "visit_reason": "写一写为什么需要上门",
}


def texts() -> list[consents.Text]:
    """What everybody is told before he asks, in the versions that stand."""
    return [consents.TEXTS[kind] for kind in TEXTS]


class OnceForm(TerraceForm):
    """A form that counts once, however often it arrives."""

    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput, initial=secrets.token_hex)

    def clean_key(self):
        return self.cleaned_data["key"][:48] or secrets.token_hex()[:48]


class BookingForm(OnceForm):
    """One page for both ways in: to one expert, at a time or not, and to the centre."""

    topics = forms.MultipleChoiceField(
        label="想聊哪方面", choices=Topic, widget=forms.CheckboxSelectMultiple, help_text="可以选几个"
    )
    question = LongText(
        label="想问的问题",
        min_length=10,
        max_length=300,
        error_messages={"required": "写一写您想问的问题"},
        help_text="写得具体一点，专家可以提前准备。不要写身份证号、银行卡号。",
    )
    wishes = forms.MultipleChoiceField(
        label="什么时候方便", choices=Wish, required=False, widget=forms.CheckboxSelectMultiple, help_text="可以选几个"
    )
    group = forms.ChoiceField(
        label="您目前的情况", choices=UNSAID + ClientGroup.choices, required=False, widget=forms.RadioSelect, initial=""
    )
    place = forms.ChoiceField(label="在哪里见面", widget=forms.RadioSelect, initial=Place.CENTRE)
    district = forms.ChoiceField(label="所在区县", choices=[("", EMPTY), *District.choices], required=False)
    address = forms.CharField(label="上门地址", max_length=100, required=False, help_text="只有匹配到的专家能看到。")
    visit_reason = forms.CharField(label="上门原因", max_length=100, required=False)
    enterprise = forms.CharField(label="企业或项目名称", max_length=100, required=False)
    enterprise_code = forms.CharField(
        label="统一社会信用代码", max_length=40, required=False, help_text="营业执照上的18位代码。"
    )
    name = forms.CharField(
        label="怎么称呼您",
        max_length=30,
        widget=forms.TextInput({"autocomplete": "name", "class": "w11"}),
        error_messages={"required": "写一下怎么称呼您"},
    )
    phone = forms.CharField(label="手机号", max_length=20, help_text=ABOUT_PHONE, widget=forms.TextInput(OWN_PHONE))
    code = forms.CharField(label="短信验证码", max_length=6, required=False, widget=forms.TextInput(OWN_CODE))
    agree = forms.BooleanField(label=f"我看过并同意：{'、'.join(text.title for text in texts())}")
    expert = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    slot = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    gone = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)  # the time that was taken
    homepage = forms.CharField(required=False)  # no person sees it

    def __init__(self, *args, wanted: Expert | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places(wanted)
        for name in AT_THE_DOOR:
            self.fields[name].needed = True

    def clean_topics(self):
        """Each once, as a program may say it ever so often."""
        return [*dict.fromkeys(self.cleaned_data["topics"])]

    def clean_wishes(self):
        return [*dict.fromkeys(self.cleaned_data["wishes"])]

    def clean_phone(self):
        return mobile(self.cleaned_data["phone"])

    def clean_enterprise_code(self):
        typed = self.cleaned_data["enterprise_code"]
        return social_credit_code(typed) if typed else ""

    def clean(self):
        given = self.cleaned_data
        if given.get("homepage"):
            raise ValidationError("没有提交成功，请再点一次“提交预约”")
        if given.get("gone") and not given.get("slot"):
            self.add_error("slot", "选一个时间")
        if given.get("place") == Place.VISIT:
            self.ask_for_the_way(given)
        else:
            given |= dict.fromkeys(AT_THE_DOOR, "")
            for name in AT_THE_DOOR:
                self.errors.pop(name, None)

    def ask_for_the_way(self, given):
        """A key group of Article 7 gives no reason; everybody says where."""
        for name, missing in AT_THE_DOOR.items():
            known = name == "visit_reason" and is_key_group(given.get("group", ""))
            if not known and name not in self.errors and not given.get(name):
                self.add_error(name, missing)

    def said(self) -> dict:
        """What goes to ``actions.ask``."""
        fields = ["topics", "question", "group", "place", "enterprise", "enterprise_code", "name", "phone", "wishes"]
        return {name: self.cleaned_data[name] for name in [*fields, *AT_THE_DOOR]}


def places(wanted: Expert | None):
    """Where one can meet; an expert who does not call at the door is not asked to."""
    offered = PLACES if wanted is None or wanted.visits else PLACES[:1]
    return [(value, format_html('{}<span class="hint">{}</span>', label, hint)) for value, label, hint in offered]
