"""What an applicant types (Articles 5, 6 and 11): wrong answers are refused, missing ones only listed later."""

import re
import unicodedata
from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from experts.models import PublicField, Topic
from expertteam import clock
from expertteam.fields import blind
from expertteam.forms import LongText, TerraceForm, TerraceModelForm
from expertteam.identifiers import ID_KINDS, ID_READERS, social_credit_code
from expertteam.models import User
from expertteam.uploads import ACCEPTED
from recruitment.categories import CATEGORIES, TITLE_EXAMPLES
from recruitment.models import Application, SuccessCase, WorkPeriod

EARLIEST = 1940
TAKEN = "这个证件号码已属于另一个账号，一个人只能用一个账号"


class DraftForm(TerraceModelForm):
    """Part of a draft: a field named in ``needed`` is asked for, but may still be empty."""

    needed: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.needed, field.required = name in self.needed, False


class MonthInput(forms.TextInput):
    """The browser's own picker of months, or plain text where it has none."""

    input_type = "month"

    def format_value(self, value):
        return f"{value:%Y-%m}" if isinstance(value, date) else value


class MonthField(forms.Field):
    """A month as its first day; ``2020-06``, ``2020年6月`` and the like, not in the future."""

    widget = MonthInput(attrs={"class": "w11"})

    def to_python(self, value):
        if value in self.empty_values:
            return None
        typed = unicodedata.normalize("NFKC", value).strip()
        match = re.fullmatch(r"([0-9]{4})[-/.年]([0-9]{1,2})月?", typed)
        if not match:
            raise ValidationError(f"{self.label}要写成2020-06这样")
        year, month = map(int, match.groups())
        if not 1 <= month <= 12:
            raise ValidationError(f"没有{month}月，请核对{self.label}")
        if year < EARLIEST:
            raise ValidationError(f"{year}年太早了，请核对{self.label}")
        if date(year, month, 1) > clock.today():
            raise ValidationError(f"{self.label}不能晚于本月")
        return date(year, month, 1)


class KindForm(DraftForm):
    needed = ["category", "profession", "title_level"]
    category = forms.TypedChoiceField(
        label="您属于哪一类",
        choices=[(each.number, each.name) for each in CATEGORIES.values()],
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Application
        fields = ["category", "profession", "award", "title_level", "title_series", "title"]
        labels = {"profession": "选第二类的，是哪方面的", "award": "选第一类的，星火大赛决赛奖项", "title": "职称名称"}
        help_texts = {
            "award": "写明哪一届、省级或市级、赛道和名次，没有不填",
            "title_level": f"第二类的专业人员和第三类要中级以上，如{TITLE_EXAMPLES['middle']}",
            "title": "如高级经济师",
        }

    def rows(self):
        """Each radio button with what Article 5 says of its category."""
        return zip(self["category"], CATEGORIES.values(), strict=True)


class BasicsForm(DraftForm):
    """Who the applicant is; what identifies him is fixed once he has submitted anything."""

    needed = ["name", "id_kind", "id_number", "employer", "position", "district"]
    name = forms.CharField(
        label="姓名", max_length=50, help_text="与证件一致", widget=forms.TextInput({"autocomplete": "name"})
    )
    id_kind = forms.ChoiceField(label="证件类型", choices=[("", ""), *ID_KINDS.items()])
    id_number = forms.CharField(label="证件号码", max_length=60, widget=forms.TextInput({"autocomplete": "off"}))
    email = forms.EmailField(label="邮箱", max_length=254, widget=forms.EmailInput({"autocomplete": "email"}))
    employer_code = forms.CharField(label="单位统一社会信用代码", max_length=60, help_text="18位，营业执照上有")

    class Meta:
        model = Application
        fields = ["employer", "employer_code", "position", "district"]

    field_order = ["name", "id_kind", "id_number", "email", "employer", "employer_code", "position", "district"]

    def __init__(self, *args, person: User, fixed: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial |= {"name": person.name, "id_kind": person.id_kind, "email": person.email}
        self.person, self.fixed = person, fixed
        for name in ["name", "id_kind", "id_number"] if fixed else []:
            del self.fields[name]
        if person.id_number and not fixed:
            self.fields["id_number"].help_text = "已保存，不换就空着；要换请重新填写全部号码"

    def clean_employer_code(self):
        code = self.cleaned_data["employer_code"]
        return social_credit_code(code) if code else ""

    def clean(self):
        if not (self.fixed or self.has_error("id_number") or self.has_error("id_kind")):
            self.read_number(self.cleaned_data.get("id_kind"), self.cleaned_data["id_number"])
        return self.cleaned_data

    def read_number(self, kind, typed):
        """Bring the number into one form, or say at the field why it cannot be; blank keeps the saved one."""
        if not typed and (not self.person.id_number or kind == self.person.id_kind):
            self.cleaned_data["id_number"] = self.person.id_number
        elif not typed and kind is not None:
            self.add_error("id_number", "换了证件类型，请重新填写证件号码")
        elif not kind:
            self.add_error("id_kind", "请先选择证件类型")
        else:
            self.check_number(kind, typed)

    def check_number(self, kind, typed):
        try:
            number = ID_READERS[kind](typed)
        except ValidationError as reason:
            self.add_error("id_number", reason)
            return
        self.cleaned_data["id_number"] = number
        if User.objects.filter(id_index=blind(number, "identity")).exclude(pk=self.person.pk).exists():
            self.add_error("id_number", TAKEN)

    def person_values(self) -> dict:
        """What belongs to the account and not to the application."""
        return {
            name: self.cleaned_data.pop(name)
            for name in ["name", "id_kind", "id_number", "email"]
            if name in self.fields
        }


class PeriodForm(TerraceModelForm):
    first = MonthField(label="开始年月", help_text="如2020-06")
    last = MonthField(label="结束年月", help_text="如2024-12；现在还在做的不填，勾选“至今”", required=False)
    ongoing = forms.BooleanField(label="至今", required=False)

    class Meta:
        model = WorkPeriod
        fields = ["employer", "position", "first", "last", "in_field", "managed"]
        labels = {"managed": "创办或经营管理过这家单位，或是核心业务部门负责人"}

    field_order = ["employer", "position", "first", "last", "ongoing", "in_field", "managed"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        category = self.instance.application.category_entry
        if category and category.field:
            self.fields["in_field"].label = f"这段工作是{category.field}"
        else:
            del self.fields["in_field"]
        self.initial["ongoing"] = bool(self.instance.pk and not self.instance.last)

    def clean(self):
        first, last, ongoing = (self.cleaned_data.get(name) for name in ["first", "last", "ongoing"])
        if not self.has_error("last"):
            if last and ongoing:
                self.add_error("last", "填了结束年月，就不要勾选“至今”")
            elif not last and not ongoing:
                self.add_error("last", "请填写结束年月，还在做的勾选“至今”")
            elif first and last and last < first:
                self.add_error("last", "结束年月早于开始年月，请核对")
        return self.cleaned_data


class SkillsForm(DraftForm):
    needed = ["topics", "line", "biography"]
    topics = forms.MultipleChoiceField(
        label="擅长领域", choices=Topic.choices, widget=forms.CheckboxSelectMultiple, help_text="可以多选"
    )
    biography = LongText(label="个人经历", max_length=1000, help_text="做过什么、擅长什么，分几句写")
    public_fields = forms.MultipleChoiceField(
        label="聘任后，名录里另外公开哪些资料",
        choices=PublicField.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="姓名、类别和擅长领域之外的，由您选",
    )

    class Meta:
        model = Application
        fields = ["topics", "line", "biography", "visits", "public_fields"]
        help_texts = {"line": "40字以内，放在名录最前面，如“帮小企业理顺经营和融资”"}


class CaseForm(TerraceModelForm):
    year = forms.IntegerField(label="年份", min_value=EARLIEST, help_text="如2024")
    story = LongText(label="做了什么，结果怎样", max_length=500)

    class Meta:
        model = SuccessCase
        fields = ["client", "year", "story"]

    def clean_year(self):
        year = self.cleaned_data["year"]
        if year > clock.today().year:
            raise ValidationError("年份不能晚于今年")
        return year


class ProofForm(TerraceForm):
    """One upload for every piece of evidence that is open."""

    def __init__(self, *args, evidence, **kwargs):
        super().__init__(*args, **kwargs)
        for each in evidence:
            self.fields[each.code] = forms.FileField(
                label=each.label,
                required=False,
                allow_empty_file=True,  # told at the examination, with what to do
                widget=forms.FileInput({"accept": ACCEPTED, "class": "in file"}),
            )


class PledgeForm(TerraceForm):
    """One box for every text that is not signed yet; none is ticked beforehand."""

    def __init__(self, *args, texts, **kwargs):
        super().__init__(*args, **kwargs)
        for text in texts:
            self.fields[text.kind] = forms.BooleanField(label=f"我已看过并同意“{text.title}”", required=False)


class WithdrawForm(TerraceForm):
    reason = LongText(label="为什么撤回", max_length=300, help_text="简单写一句就行")
