"""What the office types about a review: its conditions, its projects, how its seats are filled."""

from django import forms

from experts.models import Expert
from expertteam import clock
from expertteam.forms import ActForm, TerraceForm, dress, long_text, words
from expertteam.identifiers import mobile, social_credit_code
from expertteam.models import Policy
from expertteam.uploads import FilesField
from services import pool
from services.actions import seat as seats
from services.models import Draw, Method, Party, ReviewPanel, ScoreTemplate, Seat
from services.rules import panel as rules

STEP = 900  # seconds: the picker goes by quarters of an hour
STRATA = PARTIES = (1, 2, 3, 4)  # rows of their kind on the form
USUAL_SIZE = 5


def equipped(field: forms.Field) -> forms.Field:
    """A question that a form asks of each row; that a row may stay empty, nobody has to be told."""
    dress(field)
    field.error_messages |= words(field)
    field.needed = True
    return field


class ConditionsForm(TerraceForm):
    """设条件: what is reviewed, when, by which sheet, and who is to sit."""

    title = forms.CharField(label="名称", max_length=60)
    kind = forms.ChoiceField(label="评审对象", choices=[("", "请选择"), *ReviewPanel.Kind.choices])
    template = forms.ModelChoiceField(label="评分表", queryset=ScoreTemplate.objects.offered())
    starts_at = forms.DateTimeField(label="开始时间", widget=forms.DateTimeInput({"step": STEP}))
    ends_at = forms.DateTimeField(label="预计结束", widget=forms.DateTimeInput({"step": STEP}))
    place = forms.CharField(label="地点", max_length=100)
    alternates = forms.IntegerField(label="备选人数", min_value=0, max_value=9, help_text="按抽取的先后递补")
    small_reason = forms.CharField(label="不足5人的理由", max_length=200, required=False)
    pass_score = forms.DecimalField(
        label="通过分数", min_value=0, max_value=999, decimal_places=2, required=False, help_text="只排名次的不填"
    )
    method = forms.ChoiceField(label="计分方法", choices=[("", "按评分表的规定"), *Method.choices], required=False)

    def __init__(self, *args, **kwargs):
        usual = {"stratum1": pool.ANY, "count1": USUAL_SIZE}
        usual["alternates"] = Policy.objects.number("panel_alternates", clock.today())
        super().__init__(*args, **kwargs | {"initial": usual | kwargs.get("initial", {})})
        for row in STRATA:
            label, choices = f"第{row}类席位", [("", "不用"), *pool.stratum_choices()]
            number = forms.IntegerField(label=f"第{row}类几人", min_value=1, max_value=9, required=False)
            self.fields[f"stratum{row}"] = equipped(forms.ChoiceField(label=label, choices=choices, required=False))
            self.fields[f"count{row}"] = equipped(number)

    def before(self):
        """The questions above the seats."""
        return [self[name] for name in ("title", "kind", "template", "starts_at", "ends_at", "place")]

    def rows(self):
        return [(self[f"stratum{row}"], self[f"count{row}"]) for row in STRATA]

    def after(self):
        return [self[name] for name in ("alternates", "small_reason", "pass_score", "method")]

    def clean(self):
        given = super().clean() or self.cleaned_data
        starts_at, ends_at = given.get("starts_at"), given.get("ends_at")
        if starts_at and starts_at <= clock.now():
            self.add_error("starts_at", "开始时间要晚于现在")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", "预计结束要晚于开始时间")
        kept = {name: given.get(name) for name in self.base_fields} | {"need": self.need(given)}
        if kept["template"] and not kept["method"]:
            kept["method"] = kept["template"].method
        if kept["need"] and (wrong := rules.wrong_size(kept["need"], kept["small_reason"])):
            self.add_error("small_reason" if "理由" in wrong else "count1", wrong)
        return kept

    def need(self, given) -> list[list]:
        """Stratum and seats in the order of the rows."""
        found = []
        for row in STRATA:
            stratum, count = given.get(f"stratum{row}"), given.get(f"count{row}")
            if stratum and not count and f"count{row}" not in self.errors:
                self.add_error(f"count{row}", f"请填写第{row}类几人")
            elif count and not stratum:
                self.add_error(f"stratum{row}", f"请选择第{row}类席位")
            elif stratum in [known for known, _ in found]:
                self.add_error(f"stratum{row}", "同一类席位请合在一行")
            elif stratum and count:
                found.append([stratum, count])
        return found


class ReviseForm(ConditionsForm):
    """With what is set so far."""

    def __init__(self, *args, record, **kwargs):
        self.record = record
        known = {name: getattr(record, name) for name in self.base_fields}
        for row in STRATA:
            stratum, count = record.need[row - 1] if row <= len(record.need) else ("", None)
            known |= {f"stratum{row}": stratum, f"count{row}": count}
        super().__init__(*args, **kwargs | {"initial": known | kwargs.get("initial", {})})


class ProjectForm(ActForm):
    """A project with everybody to whom it belongs: from them follows who has to stay away."""

    name = forms.CharField(label="项目名称", max_length=100)
    applicant = forms.CharField(label="申报单位或申报人", max_length=100)
    code = forms.CharField(
        label="申报单位统一社会信用代码", max_length=30, required=False, help_text="申报人是个人的不填"
    )
    phone = forms.CharField(label="申报人手机号", max_length=20, required=False)
    summary = long_text("简介", 1000, required=False)
    papers = FilesField(label="项目材料", required=False, help_text="PDF、Word或照片，最多5个，每个不超过10 MB")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for row in PARTIES:
            self.fields |= party_fields(row)

    def before(self):
        return [self[name] for name in self.base_fields]

    def rows(self):
        return [(row, [self[name] for name in party_fields(row)]) for row in PARTIES]

    def clean_code(self):
        return social_credit_code(self.cleaned_data["code"]) if self.cleaned_data["code"] else ""

    def clean_phone(self):
        return mobile(self.cleaned_data["phone"]) if self.cleaned_data["phone"] else ""

    def clean(self):
        given = super().clean() or self.cleaned_data
        said = {name: given.get(name) for name in ("name", "applicant", "summary", "papers")}
        first = {name: given.get(name) or "" for name in ("code", "phone")}
        first |= {"role": Party.Role.APPLICANT, "name": said["applicant"]}
        others = [party for row in PARTIES if (party := self.party(row, given))]
        return said | {"parties": [first, *others]}

    def party(self, row: int, given) -> dict | None:
        """What one row says, or nothing."""
        said = {name: given.get(f"{name}{row}") or "" for name in ("role", "name", "code", "phone")}
        if not any(said.values()):
            return None
        for name, wanted in (("role", "请选择这一方的身份"), ("name", "请填写名称或姓名")):
            if not said[name] and f"{name}{row}" not in self.errors:
                self.add_error(f"{name}{row}", wanted)
        for name, normal in (("code", social_credit_code), ("phone", mobile)):
            try:
                said[name] = said[name] and normal(said[name])
            except forms.ValidationError as wrong:
                self.add_error(f"{name}{row}", wrong)
        return said


def party_fields(row: int) -> dict[str, forms.Field]:
    """One more party: its questions by name."""
    roles = [("", "不用"), *[each for each in Party.Role.choices if each[0] != Party.Role.APPLICANT]]
    found = {
        f"role{row}": forms.ChoiceField(label="身份", choices=roles, required=False),
        f"name{row}": forms.CharField(label="名称或姓名", max_length=100, required=False),
        f"code{row}": forms.CharField(label="统一社会信用代码", max_length=30, required=False),
        f"phone{row}": forms.CharField(label="手机号", max_length=20, required=False),
    }
    return {name: equipped(field) for name, field in found.items()}


class DropForm(ActForm):
    consequence = "项目连同相关方和材料一起撤下，不能恢复。"
    project = forms.ModelChoiceField(label="撤下哪个项目", queryset=None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = self.record.projects.all()


class FreezeForm(ActForm):
    """Which of the two ways the draw goes, and who else watches."""

    consequence = "锁定后，条件、参评项目和候选池都不能再改。要改，只能作废这次抽取，并写明原因。"
    profile = forms.ChoiceField(label="抽取方式", choices=Draw.Profile, widget=forms.RadioSelect)
    source = forms.ChoiceField(
        label="公开数值来源", choices=[("", "不加入"), *Draw.Source.choices], required=False, help_text="隔夜抽取的要选"
    )
    issue = forms.CharField(label="期号", max_length=40, required=False, help_text="用哪一期的数值，例如2026055期")
    due_at = forms.DateTimeField(label="公开数值产生时间", required=False, widget=forms.DateTimeInput)
    witness = forms.CharField(label="见证人姓名", max_length=50, required=False, help_text="局外人员，可以没有")
    organisation = forms.CharField(label="见证人单位", max_length=100, required=False)
    phone = forms.CharField(label="见证人手机号", max_length=20, required=False, help_text="见证用的链接只发到这个号码")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        later = clock.local(self.record.starts_at).date() > clock.today()
        self.fields["profile"].initial = Draw.Profile.PUBLIC if later else Draw.Profile.HERE

    def clean_phone(self):
        typed = self.cleaned_data["phone"]
        return mobile(typed) if typed else ""

    def clean(self):
        given = super().clean() or self.cleaned_data
        if given.get("profile") == Draw.Profile.HERE:
            return given | {"source": "", "issue": "", "due_at": None}
        for name in ("source", "issue", "due_at"):
            if not given.get(name) and name not in self.errors:
                self.add_error(name, f"隔夜抽取的要写明{self.fields[name].label}")
        return given


class Numbered(forms.ModelChoiceField):
    """Experts by name and number: two may have the same name."""

    def label_from_instance(self, expert):
        return f"{expert}（{expert.no}）"


class ChooseForm(ActForm):
    """For each empty place one of those who fit it; whoever has to stay away is refused by the act.

    Nobody is left out of the choices for sitting already, so that the list does not tell who sits (Article 10(4)).
    """

    consequence = "提出后由纪检出具意见，再由局领导批准；批准以后才通知专家。"
    reason = long_text("不抽取的理由", 500)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = pool.candidates(self.record)
        self.places = seats.empty(self.record)
        for place, stratum in self.places:
            fit = [each.expert.pk for each in known if stratum in each.strata]
            shown = Expert.objects.filter(pk__in=fit).select_related("user").order_by("reading", "no")
            label = f"第{place}席（{pool.stratum_label(stratum)}）"
            self.fields[f"place{place}"] = equipped(Numbered(label=label, queryset=shown))

    def clean(self):
        given = super().clean() or self.cleaned_data
        chosen = [(stratum, given.get(f"place{place}")) for place, stratum in self.places]
        experts = [expert for _, expert in chosen if expert]
        if len(set(experts)) < len(experts):
            self.add_error(None, "同一位专家只能选一次")
        return {"reason": given.get("reason"), "chosen": chosen}


class RecusalForm(TerraceForm):
    project = forms.ModelChoiceField(label="哪个项目的当事人", queryset=None)
    expert = Numbered(label="申请哪位专家回避", queryset=Expert.objects.none())
    reason = long_text("理由")

    def __init__(self, *args, review: ReviewPanel, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = review.projects.all()
        serving = Expert.objects.serving(clock.today())
        self.fields["expert"].queryset = serving.select_related("user").order_by("reading", "no")


class HaltForm(TerraceForm):
    reason = forms.CharField(label="叫停原因", max_length=200, help_text="经办人会看到")


class ExcuseForm(ActForm):
    consequence = "登记后由纪检签字，再由下一位递补；他的评分表不再计入。"
    why = forms.ChoiceField(
        label="为什么离开", widget=forms.RadioSelect,
        choices=[(each.value, each.label) for each in (Seat.Why.ILL, Seat.Why.RECUSED, Seat.Why.DECLINED)],
    )  # fmt: skip
    reason = long_text("具体原因", 200)
