"""What is typed to find an expert, to check a certificate, and by an expert about himself."""

from django import forms

from experts import openings
from experts.directory import SOONEST
from experts.models import CATEGORY_NAMES, Disclosure, District, Expert, PublicField, Topic
from expertteam import clock
from expertteam.forms import LongText, TerraceForm, TerraceModelForm
from expertteam.identifiers import social_credit_code

ALL = ("", "全部")
ANY_TIME = ("", "都可以")
BY_NAME, BY_TIME = ("", "按姓名"), (SOONEST, "最早能约")


class ExpertField(forms.CharField):
    """An expert, as staff name him: by his number, or by his name where nobody else bears it."""

    def __init__(self, **options):
        super().__init__(**{"max_length": 50} | options)

    def clean(self, value):
        """The expert himself."""
        found = Expert.objects.named("".join(super().clean(value).split())).select_related("user").order_by("pk")[:2]
        if len(found) != 1:
            raise forms.ValidationError("没有找到，或有同名的，请填专家编号")
        return found[0]


class PledgeForm(TerraceForm):
    """Article 4 is asked for, the directory is offered."""

    confidentiality = forms.BooleanField(
        label="我已阅读，承担保密义务", error_messages={"required": "请阅读保密承诺，勾选后再签署"}
    )
    public_directory = forms.BooleanField(label="同意进入公开名录（可以以后再定，随时可以撤回）", required=False)


class DirectoryForm(TerraceForm):
    """The filters of the directory, as they stand in its address."""

    q = forms.CharField(label="搜姓名、行业或关键词", max_length=50, required=False)
    topic = forms.MultipleChoiceField(
        label="想聊什么", choices=Topic, widget=forms.CheckboxSelectMultiple, required=False
    )
    area = forms.ChoiceField(label="所在区县", choices=[ALL, *District.choices], required=False)
    kind = forms.TypedChoiceField(
        label="专家类别", choices=[ALL, *CATEGORY_NAMES.items()], coerce=int, empty_value=None, required=False
    )
    visit = forms.BooleanField(label="可以上门指导", required=False)
    when = forms.ChoiceField(label="什么时候", choices=[*openings.WHEN.items(), ANY_TIME], required=False)
    sort = forms.ChoiceField(label="排序", choices=[BY_NAME, BY_TIME], required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("area", "kind"):  # to leave a filter open is an answer, not a gap to fill
            self.fields[name].choices = [ALL, *self.fields[name].choices[1:]]
        if openings.provider() is None:
            del self.fields["when"], self.fields["sort"]

    def chosen(self) -> list[tuple[str, str, str]]:
        """What is asked for, one by one: name, value, and the words for it."""
        entries = []
        for name, value in self.cleaned_data.items():
            if name == "sort":
                continue
            words = dict(getattr(self.fields[name], "choices", ()))
            for each in value if isinstance(value, list) else [value] if value else []:
                entries.append((name, "1" if each is True else str(each), words.get(each) or self.say(name, each)))
        return entries

    def order(self) -> list[tuple[str, str, str]]:
        """How the list is to be sorted, if not by name: it stays when filters go."""
        order = self.cleaned_data.get("sort")
        return [("sort", order, "")] if order else []

    def offers(self, counts: dict[str, dict]) -> dict[str, list[tuple]]:
        """What can be chosen in each filter: value, words, how many there are with it, whether it is chosen."""
        return {
            name: [
                (value, words, counts[name].get(value, 0), value in self.values(name))
                for value, words in self.fields[name].choices
                if value
            ]
            for name in ("topic", "area", "kind")
        }

    def values(self, name) -> list:
        value = self.cleaned_data.get(name)
        return value if isinstance(value, list) else [value]

    def say(self, name, value):
        return self.fields[name].label if value is True else f"“{value}”"


class CertificateForm(TerraceForm):
    """The number printed on a certificate, however it is written."""

    no = forms.CharField(
        label="聘书编号", max_length=40, help_text="印在聘书上，如：并创专〔2026〕001号。括号、空格、横线怎么写都行。"
    )


class ProfileForm(TerraceModelForm):
    """What an expert may change by himself of what the public sees."""

    biography = LongText(label="个人经历", max_length=1000, required=False, help_text="做过什么、擅长什么，分几句写")
    public_fields = forms.MultipleChoiceField(
        label="愿意公开哪些",
        choices=PublicField,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="没勾的只有您和工作人员看得到。手机号、证件从不公开。",
    )

    class Meta:
        model = Expert
        fields = ["line", "biography", "visits", "public_fields"]
        help_texts = {"line": "写给来咨询的人看，如：帮小店看懂账、算清税、准备贷款材料"}


class DisclosureForm(TerraceForm):
    """A stake, a post or a relative; what is asked depends on which."""

    kind = forms.ChoiceField(label="申报什么", choices=Disclosure.Kind, widget=forms.RadioSelect)
    name = forms.CharField(label="企业名称或亲属姓名", max_length=100, help_text="企业写营业执照上的全称。")
    code = forms.CharField(
        label="统一社会信用代码", max_length=30, required=False, help_text="18位，在营业执照上；亲属不用填。"
    )
    detail = forms.CharField(
        label="说明", max_length=100, required=False, help_text="如：持股10%；财务总监；配偶。亲属要写明是什么亲属。"
    )
    begins_on = forms.DateField(
        label="从哪天起",
        required=False,
        widget=forms.DateInput,
        help_text="投资、任职要填，记不清的填大概日期；亲属不用填。",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["begins_on"].needed = True

    def clean_code(self):
        typed = self.cleaned_data["code"]
        return social_credit_code(typed) if typed else ""

    def clean(self):
        """A relative has no credit code and no first day; a firm has no need of a description."""
        given = self.cleaned_data
        kin = given.get("kind") == Disclosure.Kind.KIN
        if kin:
            given["code"], given["begins_on"] = "", None
            for name in ("code", "begins_on"):
                self.errors.pop(name, None)
        if kin and not given.get("detail") and "detail" not in self.errors:
            self.add_error("detail", "请写明是什么亲属，如：配偶")
        if "kind" in given and not kin and not given.get("begins_on") and "begins_on" not in self.errors:
            self.add_error("begins_on", "请填写从哪天起")


class EndForm(TerraceForm):
    """The last day of what was declared."""

    ends_on = forms.DateField(
        label="到哪天止",
        initial=clock.today,
        help_text="填最后一天。离任的单位，三年内仍会为您回避。",
    )
