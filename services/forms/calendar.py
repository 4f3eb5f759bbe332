"""What an expert says of his own time (Article 10(3))."""

from datetime import time
from typing import NamedTuple

from django import forms
from django.forms import BoundField

from expertteam import clock
from expertteam.forms import TerraceForm
from expertteam.models import Policy
from expertteam.templatetags.terrace import WEEKDAYS
from services.models import DayException

PARTS = ["上午", "下午", "晚上"]
NOON, EVENING = time(12), time(18)
MONDAY, SATURDAY = 0, 5
LENGTHS = [30, 45, 60, 90, 120]


class Clock(forms.TimeField):
    """A time of day, asked for with the browser's own picker."""

    widget = forms.TimeInput

    def __init__(self, label, **options):
        super().__init__(label=label, required=False, error_messages={"invalid": f"{label}要写成09:00这样"}, **options)


class Day(NamedTuple):
    """A day of the week as the page lays it out."""

    name: str
    middle: bool  # between Monday and the weekend
    parts: list[tuple[str, BoundField, BoundField]]

    @property
    def wrong(self) -> list[BoundField]:
        return [field for _, *both in self.parts for field in both if field.errors]


def name(day: int, part: int) -> str:
    """周一上午."""
    return f"周{WEEKDAYS[day]}{PARTS[part]}"


ENDS = {"begins": "开始", "ends": "结束"}
EACH = [(day, part) for day in range(len(WEEKDAYS)) for part in range(len(PARTS))]
Week = type(
    "Week",
    (TerraceForm,),
    {f"{end}_{day}_{part}": Clock(f"{name(day, part)}{word}") for day, part in EACH for end, word in ENDS.items()},
)


class HoursForm(Week):
    """The week, up to three periods a day; most people's working days are alike."""

    alike = forms.BooleanField(label="周二到周五和周一一样", required=False)

    def __init__(self, *args, hours=(), **kwargs):
        week = placed(hours)
        working = [week.get(day, {}) for day in range(MONDAY, SATURDAY)]
        initial = {f"{end}_{day}_{part}": at for (day, part, end), at in written(week)}
        initial["alike"] = all(day == working[MONDAY] for day in working)
        super().__init__(*args, **kwargs | {"initial": initial})

    def days(self) -> list[Day]:
        parts = range(len(PARTS))
        return [
            Day(
                f"周{each}",
                MONDAY < day < SATURDAY,
                [(PARTS[part], self[f"begins_{day}_{part}"], self[f"ends_{day}_{part}"]) for part in parts],
            )
            for day, each in enumerate(WEEKDAYS)
        ]

    def clean(self):
        given = super().clean()
        same = given.get("alike")
        sources = {day: MONDAY if same and MONDAY < day < SATURDAY else day for day, _ in EACH}
        spans = {(day, part): self.span(day, part) for day, part in EACH if day in sources.values()}
        periods = [(day, *span) for day, part in EACH if (span := spans[sources[day], part])]
        return {"periods": periods}

    def span(self, day, part):
        """The period of this part of a day, None if there is none; what is wrong with it is said at its place."""
        begins, ends = (f"{end}_{day}_{part}" for end in ENDS)
        between(self, begins, ends, f"{name(day, part)}")
        first, last = self.cleaned_data.get(begins), self.cleaned_data.get(ends)
        return (first, last) if first and last else None


def between(form, begins, ends, what):
    """Both ends of a period or neither, in their order."""
    if {begins, ends} & set(form.errors):
        return
    first, last = form.cleaned_data.get(begins), form.cleaned_data.get(ends)
    if (first is None) != (last is None):
        form.add_error(begins if first is None else ends, f"{what}的开始和结束都要填")
    elif first and last and first >= last:
        form.add_error(ends, f"{what}的结束要晚于开始")


def written(week):
    """Every moment of the week with where it stands in the form."""
    for day, parts in week.items():
        for part, span in parts.items():
            for end, at in zip(ENDS, span, strict=True):
                yield (day, part, end), at


def placed(hours) -> dict[int, dict[int, tuple[time, time]]]:
    """The periods of each weekday at the part of the day in which they begin, or the next one that is free."""
    week = {}
    for each in hours:
        parts = week.setdefault(each.weekday, {})
        part = (each.begins >= NOON) + (each.begins >= EVENING)
        free = [n for n in (*range(part, len(PARTS)), *range(part)) if n not in parts]
        parts[free[0]] = each.begins, each.ends
    return week


class DayForm(TerraceForm):
    """A day that differs from its week."""

    kind = forms.ChoiceField(
        label="这一天", choices=DayException.Kind.choices, initial=DayException.Kind.OFF, widget=forms.RadioSelect
    )
    day = forms.DateField(label="日期", help_text="节假日默认不接，想接可以加开。")
    begins = Clock("从几点", help_text="不接时不填时间，就是全天。")
    ends = Clock("到几点")

    def clean_day(self):
        if self.cleaned_data["day"] < clock.today():
            raise forms.ValidationError("这一天已经过去了，请填今天或以后的日期")
        return self.cleaned_data["day"]

    def clean(self):
        between(self, "begins", "ends", "时间")
        if self.cleaned_data.get("kind") == DayException.Kind.EXTRA and not self.cleaned_data.get("begins"):
            self.add_error("begins", "加开要写明从几点到几点")


class PauseForm(TerraceForm):
    first_day = forms.DateField(label="从哪天起", initial=clock.today)
    last_day = forms.DateField(
        label="到哪天为止", required=False, help_text="这一天也不接。不填就一直暂停，直到您恢复。"
    )
    reason = forms.CharField(label="原因", max_length=100, required=False, help_text="公开页面不显示。")

    def clean(self):
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "到哪天为止不能早于从哪天起")


class LimitsForm(TerraceForm):
    monthly_cap = forms.IntegerField(label="每月最多接几次", min_value=1, max_value=60, required=False)
    slot_minutes = forms.TypedChoiceField(label="每次多长时间", coerce=int, empty_value=None, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        usual = Policy.objects.numbers(["monthly_cap", "slot_minutes"], clock.today())
        self.fields["monthly_cap"].help_text = f"不填就按服务中心的{usual['monthly_cap']}次。"
        same = ("", f"按服务中心的{usual['slot_minutes']}分钟")
        self.fields["slot_minutes"].choices = [same, *((length, f"{length}分钟") for length in LENGTHS)]
