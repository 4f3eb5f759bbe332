"""Any transition as an admin action; histories that can be read and not reverted."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.html import format_html
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper

from expertteam.fields import BlindIndex, EncryptedText
from expertteam.regulation import Refused
from expertteam.workflow import TRANSITIONS, may


class DiscreetChanges(HistoricalRecordContextHelper):
    """What changed from one history row to the next, without the values that are encrypted at rest."""

    def prepare_delta_change_value(self, change, value):
        if isinstance(self.model._meta.get_field(change.field), (EncryptedText, BlindIndex)):
            return "（不显示）"
        return super().prepare_delta_change_value(change, value)


class RecordAdmin(SimpleHistoryAdmin):
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


class ReadOnlyAdmin(RecordAdmin):
    """Records that are written by acts alone: a list, a detail, a history."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class LedgerAdmin(admin.ModelAdmin):
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
