"""What is typed about annual assessments: by the office, by the leader, by the expert, by the inspector."""

from django import forms

from evaluations.models import Merit, Scheme
from experts.models import Expert
from expertteam import clock
from expertteam.forms import ActForm, TerraceForm, long_text
from expertteam.models import Policy
from expertteam.uploads import FilesField

NO_NAMES = "专家会原样看到，不要写服务对象的姓名和电话"


def years() -> list[int]:
    """Those that have a scheme and have begun, the latest first."""
    first = Scheme.objects.order_by("effective_year").values_list("effective_year", flat=True).first()
    return list(range(clock.today().year, (first or clock.today().year) - 1, -1))


def year_field(label="年度"):
    return forms.TypedChoiceField(label=label, coerce=int, choices=lambda: [(each, f"{each}年") for each in years()])


def last_year() -> int:
    """The one that is over, where it has a scheme."""
    known = years()
    return known[1] if len(known) > 1 else known[0]


class AssessForm(TerraceForm):
    year = year_field()


class ReleaseYearForm(TerraceForm):
    """For all of a year at once."""

    year = year_field()
    reason = long_text(
        "优秀超过比例的理由", 500, required=False, help_text="优秀没有超过评价办法的比例时不用写；专家会原样看到"
    )


class ReleaseForm(ActForm):
    """For one expert; the reason is asked for only where it is needed."""

    reason = long_text("优秀超过比例的理由", 500, required=False)

    def __init__(self, *args, warning="", **kwargs):
        self.warning = warning
        super().__init__(*args, **kwargs)
        if not warning:
            del self.fields["reason"]

    @property
    def consequence(self):
        days = Policy.objects.number("assessment_contest_days", clock.today())
        said = f"公布后专家能看到得分明细，{days}个工作日内可以申请复核。公布后的结果不能再改。"
        return f"{self.warning}。{said}" if self.warning else said


class ContestForm(ActForm):
    plea = long_text("您的意见", 1000, help_text="哪一行不对，依据是什么")

    @property
    def consequence(self):
        return "提交后由局纪检复核，结果会通知您。只能申请一次。"


class ConfirmResultForm(ActForm):
    consequence = "维持后结果不再改，专家会看到复核理由。"
    reasons = long_text("复核理由", 1000, help_text=NO_NAMES)


class AmendResultForm(ActForm):
    consequence = "按现在的数据重新计算，生成新的一版，原来的一版保留。评价事项有错的，先由经办人冲销或补登。"
    points = forms.DecimalField(
        label="调整分", max_digits=5, decimal_places=2, initial=0,
        help_text="数据改不了、又应当更正的，才填；加分填正数，减分填负数，会单列一行",
    )  # fmt: skip
    reasons = long_text("复核理由", 1000, help_text=NO_NAMES)


class MeritForm(TerraceForm):
    """One thing of one year, with what proves it."""

    expert = forms.ModelChoiceField(label="专家", queryset=Expert.objects.none())
    year = year_field()
    kind = forms.ChoiceField(label="事项", choices=[("", "请选择"), *Merit.Kind.choices])
    points = forms.DecimalField(
        label="抽查得分", min_value=0, max_value=Merit.MOST, max_digits=3, decimal_places=2, required=False,
        help_text="只有抽查服务记录要打分，0到5分；其他事项按评价办法计分",
    )  # fmt: skip
    evidence = long_text("依据", 500, help_text=f"什么时间、什么事、凭什么。{NO_NAMES}")
    files = FilesField(label="材料", required=False, help_text="照片、PDF或Word文件，最多5个，没有就不传")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["expert"].queryset = Expert.objects.select_related("user")
        self.fields["expert"].label_from_instance = lambda expert: f"{expert}（{expert.no}）"
        self.fields["year"].initial = last_year()

    def clean(self):
        entry = super().clean()
        if entry.get("kind") == Merit.Kind.QUALITY and entry.get("points") is None and "points" not in self.errors:
            self.add_error("points", "抽查服务记录要打分，0到5分")
        return entry


class RevokeMeritForm(TerraceForm):
    reason = long_text("冲销理由", 500, help_text=NO_NAMES)
