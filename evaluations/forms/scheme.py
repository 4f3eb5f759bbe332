"""A new version of the annual scheme: the numbers of the one before, each to be kept or changed (Article 10(1))."""

from copy import deepcopy
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from evaluations.models import Assessment, Scheme
from evaluations.rules.assessment import wrong_scheme
from expertteam import clock

WHOLE = {  # what is counted in whole numbers
    "fewest_ratings": "满意度至少几条有效评价",
    "quota_percent": "优秀一般不超过（%）",
    "minimum_sessions": "全年最低咨询指导次数",
    "minimum_minutes": "全年最低服务时长（分钟）",
}
POINTS = {
    "unknown_percent": "全局也没有数据时按（%）",
    "excellent": "优秀不低于（分）",
    "good": "良好不低于（分）",
    "adequate": "合格不低于（分）",
}
PARTS = {"base": "起评分", "each": "每次（项）几分", "most": "最高几分"}


def places(data: dict) -> dict[str, tuple[list, str]]:
    """Every number that a version may change: the name of its field, the way to it, its label."""
    found = {key: ([key], label) for key, label in (WHOLE | POINTS).items()}
    found |= {
        f"rating_{grade}": (["ratings", grade], f"评{grade}星折算（分）") for grade in sorted(data["ratings"])[::-1]
    }
    for n, dimension in enumerate(data["dimensions"]):
        found |= numbers(dimension, ["dimensions", n], dimension["name"])
        for m, item in enumerate(dimension["items"]):
            found |= numbers(item, ["dimensions", n, "items", m], f"{dimension['name']}：{item['name']}")
    return found


def numbers(part: dict, way: list, name: str) -> dict[str, tuple[list, str]]:
    return {
        f"{'_'.join(map(str, way))}_{key}": ([*way, key], f"{name}，{label}")
        for key, label in PARTS.items()
        if key in part
    }


def at(data, way: list):
    """What stands at that place."""
    for step in way:
        data = data[step]
    return data


class SchemeForm(forms.ModelForm):
    """Entered once; what was in force for earlier years stays as it was."""

    class Meta:
        model = Scheme
        fields = ["name", "source", "effective_year"]

    data_before: dict = {}

    def clean_effective_year(self):
        year = self.cleaned_data["effective_year"]
        if year < clock.today().year:
            raise ValidationError("不能从过去的年度起：那些年按当时的办法评")
        if Assessment.objects.standing().filter(year__gte=year).exists():
            raise ValidationError(f"{year}年度评价已经公布，新办法从下一年起")
        return year

    def clean(self):
        """The numbers as the rules read them, put together under ``data``."""
        entry = super().clean()
        data = deepcopy(self.data_before)
        for name, (way, _) in places(data).items():
            if (value := entry.pop(name, None)) is None:
                return entry
            at(data, way[:-1])[way[-1]] = int(value) if name in WHOLE else f"{Decimal(value).normalize():f}"
        if wrong := wrong_scheme(data):
            raise ValidationError(wrong)
        self.instance.data = data
        return entry


def scheme_form(data: dict) -> type[SchemeForm]:
    """The form with a field for every number of this version."""
    fields = {}
    for name, (way, label) in places(data).items():
        kind = forms.IntegerField if name in WHOLE else forms.DecimalField
        limits = {} if name in WHOLE else {"max_digits": 5, "decimal_places": 2}
        fields[name] = kind(label=label, initial=at(data, way), **limits)
    return type("SchemeForm", (SchemeForm,), fields | {"data_before": data})
