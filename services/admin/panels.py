"""The registers of reviews and their projects, without a name of a member, and the score sheets (Article 8(4)).

A review keeps the criteria that it began with.
"""

import re

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.html import format_html_join

from expertteam import clock
from expertteam.admin import DiscreetChanges, ReadOnlyAdmin, RecordAdmin, VisibleMixin
from expertteam.forms import LongText
from services.models import ReviewPanel, ReviewProject, ScoreTemplate
from services.rules.panel import wrong_criteria

BAR = re.compile(r"[|｜]")
HINT = "一行一项，写成“分组｜名称｜满分”，没有分组的写成“名称｜满分”。排在第一的是首项：总分相同时先比首项。"


def line_of(criterion: dict) -> str:
    """As it is typed."""
    return "｜".join(str(part) for part in (criterion.get("group"), criterion["name"], criterion["most"]) if part)


def criterion_of(line: str) -> dict:
    """What a line says, still without its key; ``ValidationError`` where it says something else."""
    *group, name, most = ["", *(part.strip() for part in BAR.split(line))][-3:]
    if not name or not most.isdecimal() or len(BAR.findall(line)) > 2:
        raise ValidationError(f"“{line}”要写成“分组｜名称｜满分”，满分是整数")
    return {"group": "".join(group), "name": name, "most": int(most)}


def with_keys(criteria: list[dict], known: list[dict]) -> list[dict]:
    """A criterion of the same name keeps its key; a new one gets the next that is free."""
    kept = {(each.get("group", ""), each["name"]): each["key"] for each in known}
    taken, numbers = set(kept.values()), iter(range(1, len(criteria) + len(known) + 1))
    free = (key for key in map("c{}".format, numbers) if key not in taken)
    return [{"key": kept.get((each["group"], each["name"])) or next(free)} | each for each in criteria]


class ScoreTemplateForm(forms.ModelForm):
    lines = LongText(label="评分项", max_length=3000, help_text=HINT)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "lines" in self.fields:
            self.initial["lines"] = "\n".join(map(line_of, self.instance.criteria))

    def clean_lines(self):
        """The criteria themselves."""
        typed = [line.strip() for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        criteria = with_keys([criterion_of(line) for line in typed], self.instance.criteria or [])
        if wrong := wrong_criteria(criteria):
            raise ValidationError(wrong)
        return criteria

    def clean_retired_on(self):
        day = self.cleaned_data["retired_on"]
        if day and day > clock.today():
            raise ValidationError("填了日期就马上停用，不能填今天以后的日期")
        return day


class CriteriaChanges(DiscreetChanges):
    """What changed, criteria in words."""

    def prepare_delta_change_value(self, change, value):
        if change.field == "criteria":
            return "；".join(map(line_of, value))
        return super().prepare_delta_change_value(change, value)


@admin.register(ReviewPanel)
class PanelAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["number", "title", "kind", "state", "starts_at", "published_at", "work"]
    list_filter = ["state", "kind"]
    date_hierarchy = "published_at"
    search_fields = ["number", "title"]
    fields = readonly_fields = ["number", "title", "kind", "state", "starts_at", "published_at"]


@admin.register(ReviewProject)
class ProjectAdmin(ReadOnlyAdmin):
    list_display = ["name", "panel", "state", "rank", "passed", "published"]
    list_filter = ["passed", "panel__state", "panel__kind"]
    list_select_related = ["panel"]
    date_hierarchy = "panel__published_at"
    search_fields = ["panel__number", "name"]
    fields = readonly_fields = ["name", "panel", "place", "rank", "passed"]

    @admin.display(description="评审状态")
    def state(self, project):
        return project.panel.get_state_display()

    @admin.display(description="结果公布时间", ordering="panel__published_at")
    def published(self, project):
        return project.panel.published_at


@admin.register(ScoreTemplate)
class ScoreTemplateAdmin(RecordAdmin):
    form = ScoreTemplateForm
    fields = ["name", "source", "lines", "total", "method", "retired_on"]
    readonly_fields = ["total"]
    list_display = ["name", "total", "method", "source", "retired_on"]
    list_filter = ["method"]
    search_fields = ["name", "source"]

    def get_fields(self, request, obj=None):
        return self.fields if obj else [name for name in self.fields if name not in ("total", "retired_on")]

    def get_historical_record_context_helper(self, request, historical_record):
        return CriteriaChanges(self.model, historical_record)

    def save_model(self, request, obj, form, change):
        obj.criteria = form.cleaned_data["lines"]
        obj._change_reason = "修改评分表模板" if change else "设评分表模板"
        super().save_model(request, obj, form, change)
        self.message_user(
            request, f"评分项共{len(obj.criteria)}项，满分合计{self.total(obj)}。已设的评审仍用原来的评分项。"
        )

    @admin.display(description="评分项")
    def lines(self, template):
        """For whoever only reads."""
        return format_html_join("", "{}<br>", ([line_of(each)] for each in template.criteria))

    @admin.display(description="满分合计")
    def total(self, template):
        return f"{sum(each['most'] for each in template.criteria)}分"
