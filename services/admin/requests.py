"""The registers of the services: read here, worked on elsewhere; nothing confided is in them (Article 4)."""

from django.contrib import admin
from django.db.models import Q
from django.urls import reverse

from experts.models import District
from expertteam.admin import LedgerAdmin, ReadOnlyAdmin, VisibleMixin, WorkflowAdmin, sieve
from expertteam.figures import NO_CLIENT, UNKNOWN
from expertteam.templatetags.terrace import mask_name, mask_phone
from services.models import Call, ClientGroup, Engagement, Offer, Reading, ReviewPanel, Service, ServiceRequest

FOR_MANY = Q(kind__in=Service.FOR_MANY)
NO_GROUP, NO_DISTRICT = Q(group=""), Q(request=None) | Q(request__district="")


def whose(named: dict[str, tuple[str, Q]], unsaid: Q) -> dict:
    """The choices of what a service's client is, or where, that nobody said it, and that it was for many at once."""
    of_one = named | {"unknown": (UNKNOWN, unsaid)}
    options = {code: (label, meant & ~FOR_MANY) for code, (label, meant) in of_one.items()}
    options["many"] = NO_CLIENT, FOR_MANY
    return {code: (label, lambda meant=meant: meant) for code, (label, meant) in options.items()}


WHOM = whose({code: (label, Q(group=code)) for code, label in ClientGroup.choices}, NO_GROUP)
WHERE = whose({code: (label, Q(request__district=code)) for code, label in District.choices}, NO_DISTRICT)


class ClientMixin:
    """How lists call a client."""

    @admin.display(description="服务对象")
    def client_name(self, record):
        return mask_name(record.name)

    @admin.display(description="手机号")
    def client_phone(self, record):
        return mask_phone(record.phone)


@admin.register(ServiceRequest)
class RequestAdmin(VisibleMixin, ClientMixin, WorkflowAdmin):
    list_display = ["number", "client_name", "expert", "state", "work", "starts_at", "channel", "client_phone"]
    list_filter = ["state", "channel", "place", "kind", "group", "district"]
    date_hierarchy = "submitted_at"
    list_select_related = ["expert__user"]
    search_fields = ["number", "expert__user__name"]
    fields = readonly_fields = [
        "number", "state", "client_name", "client_phone", "channel", "taken_by", "relation", "group", "enterprise", "kind",
        "place", "district", "wanted", "expert", "starts_at", "minutes", "room", "answer_due", "submitted_at", "note",
    ]  # fmt: skip


@admin.register(Offer)
class OfferAdmin(VisibleMixin, WorkflowAdmin):
    list_display = ["request", "expert", "state", "starts_at", "offered_by", "offered_at", "answer_due", "work"]
    list_filter = ["state", "reason_kind"]
    list_select_related = ["request", "expert__user", "offered_by"]
    search_fields = ["request__number", "expert__user__name"]
    fields = readonly_fields = [
        "request", "expert", "state", "starts_at", "minutes", "room", "why", "override", "offered_by", "offered_at",
        "answer_due", "answered_at", "reason_kind",
    ]  # fmt: skip

    def page(self, record):
        return reverse("services:request", args=[record.request_id])


@admin.register(Service)
class ServiceAdmin(VisibleMixin, ClientMixin, WorkflowAdmin):
    list_display = [
        "expert",
        "kind",
        "client_name",
        "state",
        "work",
        "started_at",
        "minutes",
        "ruled_minutes",
        "client_phone",
    ]
    list_filter = [
        "state", "kind", "mode", sieve("服务对象类别", "whom", WHOM), sieve("服务对象所在区县", "where", WHERE), "late",
    ]  # fmt: skip
    date_hierarchy = "started_at"
    list_select_related = ["expert__user"]
    search_fields = ["request__number", "expert__user__name"]
    fields = readonly_fields = [
        "expert", "state", "request", "pairing", "activity", "kind", "mode", "client_name", "client_phone", "group",
        "enterprise", "started_at", "minutes", "late", "logged_at", "confirm_due", "call_due", "confirmed_via",
        "confirmed_at", "claimed_minutes", "ruled_minutes", "ruling",
    ]  # fmt: skip

    def get_queryset(self, request):
        """A draft is the expert's alone."""
        return super().get_queryset(request).exclude(state=Service.State.DRAFT)


@admin.register(Engagement)
class EngagementAdmin(ReadOnlyAdmin):
    list_display = ["expert", "starts_at", "ends_at", "purpose", "live", "request", "activity"]
    list_filter = ["purpose", "live"]
    list_select_related = ["expert__user", "request", "activity"]
    search_fields = ["expert__user__name", "request__number"]

    def get_queryset(self, request):
        """Who sits on a panel is secret until its result is out (Article 10(4))."""
        return (
            super()
            .get_queryset(request)
            .filter(~Q(purpose=Engagement.Purpose.PANEL) | Q(seat__panel__state=ReviewPanel.State.PUBLISHED))
        )

    def has_view_permission(self, request, obj=None):
        """The history page looks a record up past ``get_queryset``, so it is asked here."""
        shown = obj is None or self.get_queryset(request).filter(pk=obj.pk).exists()
        return shown and super().has_view_permission(request, obj)


@admin.register(Call)
class CallAdmin(LedgerAdmin):
    list_display = ["at", "what", "by", "reached", "request", "service", "sign_up"]
    list_filter = ["what", "reached"]
    list_select_related = ["by", "request", "service__expert__user", "sign_up__activity"]
    search_fields = ["request__number", "by__name"]


@admin.register(Reading)
class ReadingAdmin(LedgerAdmin):
    list_display = ["read_at", "request", "reader", "why"]
    list_filter = ["why"]
    list_select_related = ["request", "reader"]
    search_fields = ["request__number", "reader__name"]
