"""The registers of activities and pairings: worked on elsewhere, read here; who comes or is paired stands in none."""

from django.contrib import admin
from django.urls import reverse

from expertteam.admin import ReadOnlyAdmin, VisibleMixin
from services.models import Activity, ActivityRole, Pairing, PairingMember, SignUp


@admin.register(Activity)
class ActivityAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["number", "title", "kind", "state", "starts_at", "work"]
    list_filter = ["state", "kind"]
    date_hierarchy = "starts_at"
    list_select_related = ["drafted_by"]
    search_fields = ["number", "title"]

    def page(self, activity):
        return reverse("services:staff_activity", args=[activity.pk])


@admin.register(ActivityRole)
class ActivityRoleAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["activity", "expert", "role", "state", "starts_at", "minutes", "work"]
    list_filter = ["state", "role"]
    list_select_related = ["activity", "expert__user"]
    search_fields = ["activity__number", "activity__title", "expert__user__name", "expert__no"]
    fields = readonly_fields = ["activity", "expert", "role", "starts_at", "minutes", "state", "answered_at"]

    def page(self, role):
        return reverse("services:staff_activity", args=[role.activity_id])


@admin.register(SignUp)
class SignUpAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["activity", "line", "state", "channel", "signed_up_at", "attended_at"]
    list_filter = ["state", "channel", "group", "activity__state"]
    date_hierarchy = "activity__starts_at"
    list_select_related = ["activity"]
    search_fields = ["activity__number", "activity__title"]
    fields = readonly_fields = [
        "activity", "line", "group", "channel", "taken_by", "state", "signed_up_at", "attended_at", "consent_version",
    ]  # fmt: skip


@admin.register(Pairing)
class PairingAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["number", "expert", "state", "starts_on", "ends_on", "cadence_days", "work"]
    list_filter = ["state", "result"]
    date_hierarchy = "closed_at"
    list_select_related = ["expert__user"]
    search_fields = ["number", "expert__user__name", "expert__no"]
    fields = readonly_fields = [
        "number", "expert", "proposed_by", "cadence_days", "starts_on", "ends_on", "state", "result", "closed_at",
    ]  # fmt: skip


@admin.register(PairingMember)
class PairingMemberAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["pairing", "group", "commissioned_on", "channel", "joined_on", "left_on"]
    list_filter = ["group", "channel", "pairing__state"]
    date_hierarchy = "pairing__starts_on"
    list_select_related = ["pairing"]
    search_fields = ["pairing__number"]
    fields = readonly_fields = list_display
