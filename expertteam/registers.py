"""The admin's registers of what every app stands on."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from expertteam.admin import RecordAdmin
from expertteam.models import CalendarDay, CalendarYear

Kind = CalendarDay.Kind
STATUTORY_DAYS = 13  # since 2025, by State Council order 795


class CalendarDayForm(forms.ModelForm):
    """One line of a notice; what cannot be a slip of the pen is left to the person."""

    def clean(self):
        entry = super().clean()
        day, notice = entry.get("date"), entry.get("year")
        if day and notice.year and day.year != notice.year and (day.year, day.month) != (notice.year - 1, 12):
            self.add_error("date", f"日期应在{notice.year}年，或是通知一并调整的上一年12月")
        if day and entry.get("kind") == Kind.WORKDAY and day.weekday() < 5:
            self.add_error("kind", "调休上班的日子应是周六或周日")
        return entry


class CalendarDayFormSet(forms.BaseInlineFormSet):
    """The days of one notice: without all statutory holidays every deadline of the year would be wrong."""

    def clean(self):
        super().clean()
        if any(self.errors) or (self.instance.year or 0) < 2025:
            return
        kept = [form.cleaned_data for form in self.forms if form not in self.deleted_forms]
        names = "、".join(day.get("name") or "-" for day in kept if day.get("kind") == Kind.HOLIDAY)
        holidays = len(names.split("、")) if names else 0
        if holidays != STATUTORY_DAYS:
            raise ValidationError(
                f"法定节假日应为{STATUTORY_DAYS}天，现在是{holidays}天，请补全；两节同日时名称写“国庆节、中秋节”"
            )


class CalendarDayInline(admin.TabularInline):
    model, form, formset = CalendarDay, CalendarDayForm, CalendarDayFormSet
    extra = 0


@admin.register(CalendarYear)
class CalendarYearAdmin(RecordAdmin):
    """A year counts as published once it is entered here with its source; it is never taken back."""

    list_display = ["year", "source"]
    inlines = [CalendarDayInline]

    def save_formset(self, request, form, formset, change):
        """Name the days that were touched in the history of the year."""
        super().save_formset(request, form, formset, change)
        touched = {
            "新增": formset.new_objects,
            "修改": [day for day, _ in formset.changed_objects],
            "删除": formset.deleted_objects,
        }
        reasons = [f"{verb} {day}" for verb, days in touched.items() for day in days]
        if reasons:
            form.instance._change_reason = "；".join(reasons)
            form.instance.save()
