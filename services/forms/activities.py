"""What is typed about activities: by a visitor, by an expert, by the office."""

import secrets

from django import forms

from experts.models import Expert
from expertteam import clock
from expertteam.consents import TEXTS
from expertteam.forms import ActForm, TerraceForm, dress, long_text
from expertteam.identifiers import mobile
from expertteam.templatetags.terrace import moment
from services.actions.sign_up import CONSENT
from services.models import Activity, ActivityRole, ClientGroup, ServiceRequest

OWN_NAME = {"autocomplete": "name", "class": "w11"}
OWN_PHONE = {"autocomplete": "tel", "inputmode": "numeric", "type": "tel"}
SPOKEN = [choice for choice in ServiceRequest.Channel.choices if choice[0] != ServiceRequest.Channel.WEB]
STEP = 900  # seconds: the picker goes by quarters of an hour


class SeatForm(TerraceForm):
    """Who comes."""

    name = forms.CharField(label="姓名", max_length=50, widget=forms.TextInput(OWN_NAME))
    phone = forms.CharField(label="手机号", max_length=20, widget=forms.TextInput(OWN_PHONE))
    group = forms.ChoiceField(label="您目前的情况", choices=[("", "不填"), *ClientGroup.choices], required=False)

    def clean_phone(self):
        return mobile(self.cleaned_data["phone"])


class SignUpForm(SeatForm):
    """On the web: with the consent, and once however often it is sent."""

    consent = forms.BooleanField(label="我已阅读并同意上面的告知")
    homepage = forms.CharField(required=False)  # no person sees it
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput, initial=secrets.token_hex)

    text = TEXTS[CONSENT]

    def clean(self):
        """Whoever fills in what no person sees is asked once more, so that no sign-up is lost."""
        if self.cleaned_data.get("homepage"):
            self.add_error(None, "没有提交成功，请再点一次“提交报名”")

    def said(self) -> dict:
        """What goes to ``actions.sign_up``."""
        return {name: self.cleaned_data[name] for name in ("name", "phone", "group")}


class TakeSignUpForm(SeatForm):
    """The clerk's twin: for whoever calls or stands at the counter."""

    channel = forms.ChoiceField(label="怎么报的名", choices=SPOKEN, widget=forms.RadioSelect)
    consent = forms.BooleanField(label="已把上面的告知读给对方，对方同意")

    text = TEXTS[CONSENT]

    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("name", "phone", "group", "channel")}


class CheckInForm(TerraceForm):
    code = forms.CharField(
        label="签到码", max_length=10, help_text="现场大屏或工作人员手里的6位数字",
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    phone = forms.CharField(label="报名的手机号", max_length=20, widget=forms.TextInput(OWN_PHONE))

    def clean_code(self):
        return "".join(self.cleaned_data["code"].split())

    def clean_phone(self):
        return mobile(self.cleaned_data["phone"])


class FactsForm(TerraceForm):
    """What an activity is."""

    kind = forms.ChoiceField(label="活动形式", choices=Activity.Kind, widget=forms.RadioSelect)
    title = forms.CharField(label="标题", max_length=60)
    text = long_text("介绍", 1000, help_text="讲什么、适合谁、要带什么")
    starts_at = forms.DateTimeField(label="开始时间", widget=forms.DateTimeInput({"step": STEP}))
    ends_at = forms.DateTimeField(label="结束时间", widget=forms.DateTimeInput({"step": STEP}))
    place = forms.CharField(label="地点", max_length=100)
    capacity = forms.IntegerField(label="名额", min_value=1, max_value=2000)

    def clean(self):
        given = super().clean() or self.cleaned_data
        starts_at, ends_at = given.get("starts_at"), given.get("ends_at")
        if starts_at and starts_at <= clock.now():
            self.add_error("starts_at", "开始时间要晚于现在")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", "结束时间要晚于开始时间")
        return given


class KnownFactsForm(FactsForm):
    """With what is written so far."""

    consequence = ""

    def __init__(self, *args, record, **kwargs):
        self.record = record
        known = {name: getattr(record, name) for name in self.base_fields if hasattr(record, name)}
        super().__init__(*args, **kwargs | {"initial": known | kwargs.get("initial", {})})


class ReviseForm(KnownFactsForm):
    consequence = "改开始时间的，已邀请的专家要重新答复。"


class AmendForm(KnownFactsForm):
    consequence = "时间或地点有变的，已报名的人都会收到短信；改开始时间的，专家要重新答复。"
    amendment = forms.CharField(label="变更说明", max_length=100, help_text="会显示在活动页上")
    kind = title = text = None


class PublishForm(ActForm):
    consequence = "发布后大家能看到，也能报名。还没有答复的专家，公开页面上先不显示。"


class HoldForm(ActForm):
    consequence = "登记后不再接受报名，可以继续登记签到；签到名单核对好以后再办结。"


class CancelForm(ActForm):
    consequence = "已报名的人和已邀请的专家都会收到通知，不能撤回。"
    reason = forms.CharField(label="取消原因", max_length=100, help_text="会显示在活动页上")


class ReleaseForm(ActForm):
    consequence = "撤回后专家的时间空出来，并通知本人。"


class GiveUpForm(ActForm):
    consequence = "取消后座位让给候补的第一位，双方都会收到短信。"


class DeclineForm(ActForm):
    consequence = "服务中心会另找专家。"
    reason = long_text("来不了的原因", 200)


class CloseForm(ActForm):
    """Of every expert who accepted: how long he was there; empty where he did not come."""

    consequence = "按签到名单办结：专家的时长记入服务记录并由您确认，没有签到的记为没来。办结后不能再改。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        accepted = self.record.roles.filter(state=ActivityRole.State.ACCEPTED).select_related("expert__user")
        for role in accepted:
            self.fields[f"role{role.pk}"] = minutes_of(role)
        self.roles = [role.pk for role in accepted]

    def clean(self):
        return {"attended": {pk: self.cleaned_data.get(f"role{pk}") for pk in self.roles}}


def minutes_of(role: ActivityRole) -> forms.IntegerField:
    """How long one expert was there, as planned unless another is typed."""
    field = forms.IntegerField(
        label=f"{role.expert}（{role.get_role_display()}）到场多少分钟", required=False, min_value=1, initial=role.minutes,
        help_text=f"{moment(role.starts_at)}开始。没到场的清空这一格",
    )  # fmt: skip
    field.needed = True  # an empty one says something, too
    dress(field)
    return field


class InviteForm(TerraceForm):
    expert = forms.ModelChoiceField(label="专家", queryset=Expert.objects.none())
    role = forms.ChoiceField(label="角色", choices=ActivityRole.Role, widget=forms.RadioSelect)
    starts_at = forms.DateTimeField(label="几点开始", widget=forms.DateTimeInput({"step": STEP}))
    minutes = forms.IntegerField(label="多少分钟", min_value=1)

    def __init__(self, *args, activity: Activity, **kwargs):
        longest = int((activity.ends_at - activity.starts_at).total_seconds() // 60)
        kwargs["initial"] = {"starts_at": activity.starts_at, "minutes": longest} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        serving = Expert.objects.serving(clock.local(activity.starts_at).date())
        free = serving.exclude(activity_roles__in=activity.roles.live())
        self.fields["expert"].queryset = free.select_related("user").order_by("reading", "no")
