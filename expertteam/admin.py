"""Any transition as an admin action; registers narrowed as figures count; histories read and not reverted."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import reduce
from operator import or_

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import DataError
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper

from expertteam import exports
from expertteam.fields import BlindIndex, EncryptedText
from expertteam.models import ListExport
from expertteam.regulation import Refused
from expertteam.workflow import TRANSITIONS, may

PERIODS = {"year": "年份", "month": "月份", "month__in": "月份", "day": "日期"}  # what a register's calendar asks for

BEYOND = (OverflowError, ValueError, DataError)  # what Python and the databases say of such numbers


class Sieve(admin.SimpleListFilter):
    """A filter of declared choices, several of them at once: a row that any of them means is shown.

    ``options`` gives each code its words and what is asked of a row, worked out where the choice is made.
    """

    options: Mapping[str, tuple[str, Callable[[], Q]]] = {}

    def __init__(self, request, params, model, model_admin):
        asked = [*params.get(self.parameter_name, [])]
        super().__init__(request, params, model, model_admin)
        if asked:
            self.used_parameters[self.parameter_name] = asked

    @property
    def asked(self) -> list[str]:
        """The codes chosen; Django sets a single one where it counts what each would leave."""
        value = self.value() or []
        return [value] if isinstance(value, str) else value

    def lookups(self, request, model_admin):
        return [(code, label) for code, (label, _) in self.options.items()]

    def queryset(self, request, queryset):
        if not set(self.asked) <= set(self.options):
            raise IncorrectLookupParameters(self.parameter_name)
        meant = [self.options[code][1]() for code in self.asked]
        return queryset.filter(reduce(or_, meant)) if meant else queryset

    def choices(self, changelist):
        codes = [None, *self.options]
        for code, choice in zip(codes, super().choices(changelist), strict=True):
            yield choice | {"selected": code in self.asked if code else not self.asked}


class OnDay(admin.SimpleListFilter):
    """A filter for one day that no list could offer; it is told while the address asks for it.

    ``meant`` asks of a row what has to hold on that day.
    """

    parameter_name = "on"
    meant: Callable[[date], Q]

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        try:
            self.day = date.fromisoformat(self.value()) if self.value() else None
        except ValueError as wrong:
            raise IncorrectLookupParameters(self.parameter_name) from wrong
        self.lookup_choices = [(self.value(), f"{self.day:%Y-%m-%d}")] if self.day else []

    def lookups(self, request, model_admin):
        return []

    def queryset(self, request, queryset):
        return queryset.filter(type(self).meant(self.day)) if self.day else queryset


def sieve(title: str, parameter_name: str, options: Mapping[str, tuple[str, Callable[[], Q]]]) -> type[Sieve]:
    """A filter of a register by these choices, under this name in its address."""
    return type("Sieve", (Sieve,), {"title": title, "parameter_name": parameter_name, "options": options})


class DiscreetChanges(HistoricalRecordContextHelper):
    """What changed from one history row to the next, without the values that are encrypted at rest."""

    def prepare_delta_change_value(self, change, value):
        if isinstance(self.model._meta.get_field(change.field), (EncryptedText, BlindIndex)):
            return "（不显示）"
        return super().prepare_delta_change_value(change, value)


class ListedAdmin(admin.ModelAdmin):
    """A register that goes out as Excel with the columns, filters and rows on screen."""

    goes_out = True
    leading = {"action_checkbox", "work", "paper"}  # columns that only lead somewhere

    def view_on_site(self, record) -> str | None:
        """The record's own page, if it has one."""
        return record.get_absolute_url() if hasattr(record, "get_absolute_url") else None

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/", self.admin_site.admin_view(self.export), name=name), *super().get_urls()]

    def export(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            return exports.answer(request, self.extract(self.get_changelist_instance(request)))
        except (IncorrectLookupParameters, *BEYOND):
            if not request.GET:
                raise
            return redirect(self.register)

    @property
    def register(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def changelist_view(self, request, extra_context=None):
        """Numbers in the address that are beyond every calendar or column lead to where Django leads other nonsense.

        Its calendar asks the database only while the page is written, which is why it is written here.
        """
        if request.method == "POST":
            return super().changelist_view(request, extra_context)
        try:
            answer = super().changelist_view(request, extra_context)
            return answer.render() if hasattr(answer, "render") else answer
        except BEYOND:
            if not set(request.GET) - {ERROR_FLAG}:
                raise
            return redirect(f"{self.register}?{ERROR_FLAG}=1")

    def response_action(self, request, queryset):
        """The rows that were chosen are keys; ``BadRequest`` for what can be none."""
        try:
            for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.opts.pk.clean(key, None)
        except ValidationError as wrong:
            raise BadRequest from wrong
        return super().response_action(request, queryset)

    def extract(self, shown) -> exports.Extract:
        columns = [name for name in shown.list_display if name not in self.leading]
        heads = [str(label_for_field(name, self.model, self)) for name in columns]
        back = self.register + shown.get_query_string()
        title, filters = str(self.opts.verbose_name_plural), "；".join(narrowed_by(shown))
        return exports.Extract(title, heads, lambda row: self.told(row, columns), shown.queryset, filters, back)

    def told(self, record, columns) -> list:
        """The cells as the list words them."""
        looked_up = (lookup_field(name, record, self) for name in columns)
        return [dict(field.flatchoices).get(value, value) if field else value for field, _, value in looked_up]


def narrowed_by(shown):
    """Each filter of a change list in words."""
    if shown.query:
        yield f"搜索：{shown.query}"
    for spec in shown.filter_specs:
        _, *choices = spec.choices(shown)
        yield from (f"{spec.title}：{choice['display']}" for choice in choices if choice["selected"])
    told = {name for spec in shown.filter_specs for name in spec.expected_parameters()}
    for name, values in shown.get_filters_params().items():
        if name not in told:
            yield f"{PERIODS.get(name.removeprefix(f'{shown.date_hierarchy}__'), name)}：{'、'.join(values)}"


class RecordAdmin(ListedAdmin, SimpleHistoryAdmin):
    """A record with its history; nothing is deleted."""

    def get_historical_record_context_helper(self, request, historical_record):
        return DiscreetChanges(self.model, historical_record)

    def has_delete_permission(self, request, obj=None):
        return False

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """The list tells what changed; an old state in a form would look as if it could be put back past every rule."""
        if request.method != "GET":
            raise PermissionDenied
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_history", object_id)

    def revert_disabled(self, request, obj=None):
        return True


class VisibleMixin:
    """A list whose rows lead to the page where the record is worked on; one sees here what one may see there."""

    def get_queryset(self, request):
        visible = self.model.objects.visible_to(request.user)
        return visible.select_related(*self.list_select_related) if self.list_select_related else visible

    def has_view_permission(self, request, obj=None):
        """The history pages look a record up past ``get_queryset``, so they are asked here."""
        visible = obj is None or self.model.objects.visible_to(request.user).filter(pk=obj.pk).exists()
        return visible and super().has_view_permission(request, obj)

    @admin.display(description="办理")
    def work(self, record):
        return format_html('<a href="{}">去办理<span class="visually-hidden">{}</span></a>', self.page(record), record)

    def page(self, record) -> str:
        return record.get_absolute_url()

    def view_on_site(self, record) -> str | None:
        """The page of one record leads where its row does; a row without ``work`` leads nowhere."""
        return self.page(record) if "work" in self.list_display else None


class ReadOnlyAdmin(RecordAdmin):
    """Records that are written by acts alone: a list, a detail, a history."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class LedgerAdmin(ListedAdmin):
    """What is written once and never changed."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class WorkflowAdmin(ReadOnlyAdmin):
    """Shows a record; its state moves only by the declared transitions."""

    def get_actions(self, request):
        offered = super().get_actions(request)
        for move in TRANSITIONS[self.model]:
            if move.is_bare and not (move.own or move.inner) and may(request.user, move.permission):
                offered[move.verb] = (as_admin_action(move), move.verb, move.label)
        return offered


def as_admin_action(move):
    """The transition as an action on the chosen records; each refusal is shown by itself."""

    def run(modeladmin, request, queryset):
        for record in queryset:
            try:
                move(record, by=request.user)
            except (Refused, PermissionDenied) as refusal:
                modeladmin.message_user(request, f"{record}：{refusal}", messages.ERROR)

    return run


@admin.register(ListExport)
class ListExportAdmin(LedgerAdmin):
    """Who took which list out of the house, and what for."""

    list_display = ["at", "by", "title", "filters", "rows", "reason"]
    list_filter = ["title", "at"]
    list_select_related = ["by"]
    search_fields = ["by__name", "by__username", "title", "reason", "digest"]
    search_help_text = "导出人、名单、事由、文件的SHA-256"
    fields = readonly_fields = ["at", "by", "title", "address", "filters", "rows", "reason", "digest"]
