"""What is typed about an honour: for whom and which year, by which criteria, and what was decided (Article 10(1))."""

from django import forms

from evaluations.models import Honour
from experts.forms import ExpertField
from expertteam import clock
from expertteam.forms import ActForm, TerraceForm, long_text

BACK = 3  # years that can still be honoured from this page, this one included


class PickForm(TerraceForm):
    """Whose work of which year."""

    expert = ExpertField(label="专家姓名或编号")
    year = forms.TypedChoiceField(label="年度", coerce=int)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        this = clock.today().year
        self.fields["year"].choices = [(year, f"{year}年") for year in range(this, this - BACK, -1)]


class NominateForm(TerraceForm):
    """By which criteria, for what."""

    kind = forms.ChoiceField(label="提名什么", choices=Honour.Kind, widget=forms.RadioSelect)
    criteria = long_text("评选条件", 500, help_text="公布的评选条件和依据文件，这位专家符合哪几条")
    deeds = long_text("主要事迹", 1500, help_text="用事实和数字写，不写服务对象的姓名和经营情况")


class ConferForm(ActForm):
    approval = forms.CharField(
        label="批准文号", max_length=60, help_text="批准这项表彰的文件文号", widget=forms.TextInput({"class": "w11"})
    )
    decision = long_text("决定理由", 500)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.record.kind != Honour.Kind.COMMENDATION:
            del self.fields["approval"]

    @property
    def consequence(self):
        if self.record.kind == Honour.Kind.PROVINCIAL:
            return "决定后列入推荐省级专家的名单，并告诉专家本人。是否评上由省里决定，名录里不显示。"
        return f"决定后告诉专家本人，他的公开页上显示“{self.record.words}”。"


class RefuseForm(ActForm):
    consequence = "不通过只告诉提名的人。以后可以再提名。"
    decision = long_text("不通过的理由", 500)


class RevokeForm(ActForm):
    consequence = "撤销后公开页上不再显示，理由告诉专家本人。撤销不能恢复。"
    revocation = long_text("撤销理由", 500, help_text="专家会原样看到")


class HonourFilter(TerraceForm):
    """A year and a kind; what makes no sense is not asked."""

    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Honour.Kind.choices])
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *Honour.State.choices])

    def __init__(self, *args, years=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", "全部"), *((year, f"{year}年") for year in years)]

    def narrowed(self, honours):
        self.full_clean()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        return honours.filter(**asked)
