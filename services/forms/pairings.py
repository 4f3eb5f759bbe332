"""What is typed about pairings: by the centre, by the expert."""

from django import forms

from experts.models import Expert
from expertteam import clock
from expertteam.forms import ActForm, TerraceForm, long_text
from expertteam.identifiers import mobile, social_credit_code
from expertteam.models import Policy
from services.models import ClientGroup, Pairing, ServiceRequest

PHONE = {"autocomplete": "off", "inputmode": "numeric", "type": "tel"}


class MemberForm(TerraceForm):
    """A founder, and that he asked for it."""

    name = forms.CharField(label="创业者姓名", max_length=50)
    phone = forms.CharField(label="手机号", max_length=20, widget=forms.TextInput(PHONE))
    group = forms.ChoiceField(label="服务对象类别", choices=[("", "不填"), *ClientGroup.choices], required=False)
    enterprise = forms.CharField(label="企业或项目", max_length=100, required=False)
    enterprise_code = forms.CharField(label="统一社会信用代码", max_length=18, required=False)
    number = forms.CharField(label="由哪个预约而来", max_length=20, required=False, help_text="预约号，没有就不填")
    channel = forms.ChoiceField(label="怎样委托", choices=ServiceRequest.Channel, widget=forms.RadioSelect)
    commissioned_on = forms.DateField(label="委托日期", help_text="创业者本人提出请专家结对的日期")

    def clean_phone(self):
        return mobile(self.cleaned_data["phone"])

    def clean_enterprise_code(self):
        typed = self.cleaned_data["enterprise_code"]
        return social_credit_code(typed) if typed else ""

    def clean_commissioned_on(self):
        day = self.cleaned_data["commissioned_on"]
        if day > clock.today():
            raise forms.ValidationError("委托日期不能晚于今天")
        return day

    def clean_number(self):
        """The request itself, or nobody is looked up."""
        typed = "".join(self.cleaned_data["number"].split()).upper()
        found = ServiceRequest.objects.filter(number=typed).first() if typed else None
        if typed and found is None:
            raise forms.ValidationError("没有这个预约号")
        return found

    def member(self) -> dict:
        """What goes to the actions."""
        names = ("name", "phone", "group", "enterprise", "enterprise_code", "channel", "commissioned_on")
        return {name: self.cleaned_data[name] for name in names} | {"request": self.cleaned_data["number"]}


class ProposeForm(MemberForm):
    """The first founder, the expert, and what they agree on; more founders are added afterwards."""

    expert = forms.ModelChoiceField(label="专家", queryset=Expert.objects.none())
    goals = long_text("帮扶目标", 500, help_text="到结束时要做到什么，专家答复前就能看到，不要写姓名和商业秘密")
    starts_on = forms.DateField(label="开始日期", initial=clock.today)
    ends_on = forms.DateField(label="结束日期")
    cadence_days = forms.IntegerField(label="至少几天联系一次", min_value=1, max_value=180)
    field_order = ["expert", "goals", "starts_on", "ends_on", "cadence_days"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        serving = Expert.objects.serving(clock.today()).select_related("user")
        self.fields["expert"].queryset = serving.order_by("reading", "no")
        self.fields["cadence_days"].initial = Policy.objects.number("pairing_days", clock.today())

    def said(self) -> dict:
        names = ("expert", "goals", "starts_on", "ends_on", "cadence_days")
        return {name: self.cleaned_data[name] for name in names} | {"members": [self.member()]}


class DeclineForm(ActForm):
    consequence = "服务中心会为创业者另找专家。"
    reason = long_text("不接受的原因", 200)


class OutcomeForm(ActForm):
    consequence = "交给服务中心办结；办结前可以再改。不要写商业秘密。"
    outcome = long_text("帮扶成效", 1000, help_text="目标做到了哪些，留下了什么")

    def __init__(self, *args, record, **kwargs):
        known = {"outcome": record.outcome}
        super().__init__(*args, record=record, **kwargs | {"initial": known | kwargs.get("initial", {})})


class CloseForm(ActForm):
    result = forms.ChoiceField(label="结果", choices=Pairing.Result, widget=forms.RadioSelect)

    @property
    def consequence(self):
        return (
            f"专家写的成效：{self.record.outcome}" if self.record.outcome else "专家还没有写帮扶成效，写好后才能办结。"
        )


class CallOffForm(ActForm):
    consequence = "终止后不再安排联系，专家不再能看到对象的联系方式，双方都会收到通知。"
    reason = long_text("终止原因", 200)
