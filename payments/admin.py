"""The registers of pay: read here, worked on elsewhere; of an account no more than its tail."""

from django.contrib import admin

from expertteam.admin import LedgerAdmin, ReadOnlyAdmin, VisibleMixin
from expertteam.workflow import may
from payments.models import (
    BankAccount,
    BankResult,
    BankReturn,
    Batch,
    Claim,
    Correction,
    Export,
    Line,
    Payee,
    Payout,
    RateSchedule,
)


@admin.register(BankAccount)
class BankAccountAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["expert", "bank", "tail", "state", "entered_at", "usable_from", "work"]
    list_filter = ["state"]
    list_select_related = ["expert__user"]
    search_fields = ["expert__user__name", "expert__no", "tail"]
    fields = readonly_fields = [
        "expert", "holder", "bank", "branch", "tail", "state", "entered_by", "entered_at", "check_note", "confirmed_by",
        "confirmed_at", "usable_from",
    ]  # fmt: skip

    def has_module_permission(self, request):
        """Among the records of who sees the batches: above them stands their page; others have accounts in the menu."""
        return super().has_module_permission(request) and may(request.user, "payments.view_batch")


@admin.register(Payee)
class PayeeAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["expert", "resident", "tier", "official", "consent_basis", "work"]
    list_filter = ["resident", "tier", "official"]
    list_select_related = ["expert__user"]
    search_fields = ["expert__user__name", "expert__no"]
    fields = readonly_fields = [
        "expert", "resident", "tier", "official", "consent_basis", "consented_by", "consented_at",
    ]  # fmt: skip


@admin.register(BankReturn)
class BankReturnAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["number", "filename", "state", "read_by", "read_at", "applied_at", "work"]
    list_filter = ["state"]
    list_select_related = ["read_by"]
    search_fields = ["number", "filename"]
    fields = readonly_fields = [
        "number", "filename", "digest", "state", "read_by", "read_at", "applied_by", "applied_at",
    ]  # fmt: skip


@admin.register(Export)
class ExportAdmin(LedgerAdmin):
    list_display = ["kind", "batch", "period", "by", "at"]
    list_filter = ["kind"]
    list_select_related = ["batch", "by"]
    fields = readonly_fields = ["kind", "batch", "period", "digest", "by", "at"]


@admin.register(BankResult)
class BankResultAdmin(LedgerAdmin):
    """What the bank said of each payout; nobody in office sees his own."""

    list_display = ["payout", "expert", "amount", "paid", "words", "day", "row"]
    list_filter = ["paid"]
    list_select_related = ["payout__expert__user", "row__bank_return"]
    search_fields = ["payout__reference"]
    fields = readonly_fields = ["payout", "expert", "amount", "paid", "words", "day", "row", "at"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(payout__in=Payout.objects.visible_to(request.user))

    @admin.display(description="专家")
    def expert(self, result):
        return result.payout.expert

    @admin.display(description="实发（元）")
    def amount(self, result):
        return result.payout.amount


@admin.register(Claim)
class ClaimAdmin(VisibleMixin, LedgerAdmin):
    list_display = ["expert", "activity", "day", "minutes", "why_not", "work"]
    list_filter = ["kind", "activity", "why_not"]
    list_select_related = ["expert__user"]
    search_fields = ["expert__user__name", "expert__no"]
    date_hierarchy = "day"
    fields = readonly_fields = [
        "expert", "kind", "activity", "day", "started_at", "minutes", "outcome", "why_not", "agreed", "agreed_why",
        "agreed_by", "collected_at", "tried_at",
    ]  # fmt: skip


@admin.register(Line)
class LineAdmin(VisibleMixin, LedgerAdmin):
    list_display = ["claim", "amount", "trace", "schedule", "live", "batch", "work"]
    list_filter = ["live", "schedule"]
    list_select_related = ["claim__expert__user", "schedule", "batch"]
    search_fields = ["claim__expert__user__name", "claim__expert__no", "batch__number"]
    fields = readonly_fields = [
        "claim", "amount", "net", "schedule", "trace", "priced_at", "reverses", "replaces", "live", "batch",
    ]  # fmt: skip

    def page(self, line) -> str:
        return line.claim.get_absolute_url()


@admin.register(Correction)
class CorrectionAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["line", "void", "state", "proposed_by", "proposed_at", "signed_by", "work"]
    list_filter = ["state", "void"]
    list_select_related = ["line__claim__expert__user", "proposed_by", "signed_by"]
    search_fields = ["line__claim__expert__user__name", "line__claim__expert__no"]
    fields = readonly_fields = [
        "line", "void", "minutes", "outcome", "extended", "agreed", "reason", "state", "proposed_by", "proposed_at",
        "opinion", "signed_by", "signed_at",
    ]  # fmt: skip


@admin.register(Batch)
class BatchAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["number", "title", "state", "gross", "paid_out", "made_by", "checked_by", "released_by", "work"]
    list_filter = ["state"]
    list_select_related = ["made_by", "checked_by", "released_by"]
    search_fields = ["number", "title"]
    fields = readonly_fields = [
        "number", "title", "until", "payer", "state", "made_by", "made_at", "words", "checked_by", "checked_at",
        "check_note", "released_by", "released_at", "paid_in", "gross", "tax", "paid_out", "digest",
    ]  # fmt: skip


@admin.register(Payout)
class PayoutAdmin(VisibleMixin, LedgerAdmin):
    list_display = ["reference", "expert", "batch", "gross", "tax", "amount", "work"]
    list_filter = ["batch"]
    list_select_related = ["expert__user", "batch"]
    search_fields = ["reference", "expert__user__name", "expert__no", "batch__number"]
    fields = readonly_fields = [
        "reference", "batch", "expert", "income", "account", "resident", "before", "gross", "vat", "surcharges", "tax",
        "amount",
    ]  # fmt: skip

    def page(self, payout) -> str:
        return payout.batch.get_absolute_url()


@admin.register(RateSchedule)
class RateScheduleAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["document_number", "title", "scope", "effective_from", "valid_until", "state", "work"]
    list_filter = ["scope", "state"]
    search_fields = ["document_number", "title"]
    fields = readonly_fields = [
        "scope", "title", "document_number", "effective_from", "valid_until", "supersedes", "note", "state", "drafted_by",
        "confirmed_by", "confirmed_at",
    ]  # fmt: skip
