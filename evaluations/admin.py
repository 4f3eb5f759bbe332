"""The registers of evaluation: read here, worked on elsewhere; never a text that a client wrote, nor who he is."""

from django.contrib import admin
from django.db.models import Q
from django.utils.html import format_html_join

from evaluations.forms.scheme import at, places, scheme_form
from evaluations.models import Assessment, Dismissal, Honour, Rating, RatingCase, Refusal, Report, Scheme, Strike, Talk
from expertteam.admin import LedgerAdmin, ListedAdmin, ReadOnlyAdmin, VisibleMixin, sieve
from expertteam.templatetags.terrace import mask_receipt

AVERAGED = {"1": ("计入满意度", lambda: Q(pk__in=Rating.objects.averaged().values("pk")))}
STANDING = {"1": ("已公布的最新一次", lambda: Q(pk__in=Assessment.objects.standing().values("pk")))}
RESULTS = {
    "upheld": ("属实", lambda: Q(upheld=True)),
    "not_upheld": ("不属实", lambda: Q(upheld=False)),
    "open": ("终止核实或正在核实", lambda: Q(upheld=None)),
}


@admin.register(Rating)
class RatingAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["expert", "grade", "channel", "state", "quote", "given_at", "work"]
    list_filter = [
        "state", sieve("满意度", "averaged", AVERAGED), "channel", "grade", "service__kind", "service__group", "quote",
    ]  # fmt: skip
    date_hierarchy = "given_at"
    list_select_related = ["expert__user"]
    search_fields = ["expert__user__name", "expert__no"]
    fields = readonly_fields = [
        "expert",
        "state",
        "until",
        "channel",
        "grade",
        "may_publish",
        "quote",
        "given_at",
        "changed_at",
    ]


@admin.register(RatingCase)
class RatingCaseAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["number", "expert", "state", "finding", "call_due", "work"]
    list_filter = ["state", "finding"]
    date_hierarchy = "rating__given_at"
    list_select_related = ["rating__expert__user"]
    search_fields = ["number", "rating__expert__user__name", "rating__expert__no"]
    fields = readonly_fields = [
        "number", "expert", "state", "flag", "call_due", "called_by", "statement_due", "finding", "found_by", "found_at",
        "order", "rectify_due", "outcome", "follow_up_grade",
    ]  # fmt: skip

    @admin.display(description="专家")
    def expert(self, case):
        return case.rating.expert


@admin.register(Report)
class ReportAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["masked", "kind", "state", "work", "channel", "answer_due"]
    list_filter = ["state", sieve("核实结果", "result", RESULTS), "kind", "channel"]
    date_hierarchy = "received_at"
    list_select_related = ["expert__user"]
    search_fields = ["receipt"]
    fields = readonly_fields = [
        "receipt",
        "kind",
        "expert",
        "state",
        "channel",
        "taken_by",
        "received_at",
        "answer_due",
    ]

    @admin.display(description="受理编号", ordering="receipt")
    def masked(self, report):
        return mask_receipt(report.receipt)


@admin.register(Refusal)
class RefusalAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["number", "expert", "kind", "day", "state", "finding", "work"]
    list_filter = ["state", "kind", "finding"]
    date_hierarchy = "day"
    list_select_related = ["expert__user"]
    search_fields = ["number", "expert__user__name", "expert__no"]
    fields = readonly_fields = [
        "number", "expert", "kind", "day", "delivered_at", "state", "opened_by", "opened_at", "asked_by", "asked_at",
        "reason_due", "aside", "finding", "judged_by", "judged_at",
    ]  # fmt: skip


@admin.register(Strike)
class StrikeAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["number", "expert", "ground", "day", "state", "found_by", "work"]
    list_filter = ["ground", "state"]
    date_hierarchy = "day"
    list_select_related = ["expert__user", "found_by"]
    search_fields = ["number", "expert__user__name", "expert__no"]
    fields = readonly_fields = [
        "number", "expert", "ground", "day", "appointment", "case", "service", "refusal", "found_by", "found_at",
        "appeal_until", "state", "appealed_at", "reviewed_by", "reviewed_at",
    ]  # fmt: skip


@admin.register(Talk)
class TalkAdmin(VisibleMixin, LedgerAdmin):
    list_display = ["expert", "ground", "held_on", "by"]
    list_filter = ["ground"]
    list_select_related = ["expert__user", "by"]
    search_fields = ["expert__user__name", "expert__no"]
    fields = readonly_fields = ["expert", "ground", "held_on", "note", "by", "recorded_at"]


@admin.register(Assessment)
class AssessmentAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["expert", "year", "revision", "total", "grade", "state", "work"]
    list_filter = ["year", "grade", "state", sieve("公布", "standing", STANDING)]
    list_select_related = ["expert__user"]
    search_fields = ["expert__user__name", "expert__no"]
    fields = readonly_fields = [
        "expert", "year", "revision", "scheme", "state", "total", "grade", "computed_by", "computed_at", "released_by",
        "released_at", "contest_until", "decided_by", "decided_at",
    ]  # fmt: skip


@admin.register(Dismissal)
class DismissalAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["number", "expert", "ground", "state", "handler", "work"]
    list_filter = ["state", "ground"]
    date_hierarchy = "opened_at"
    list_select_related = ["expert__user", "handler"]
    search_fields = ["number", "expert__user__name", "expert__no"]
    fields = readonly_fields = [
        "number", "expert", "appointment", "ground", "state", "opened_by", "opened_at", "handler", "notice_number",
        "told_on", "defence_until", "heard_how", "heard_on", "weighed_by", "weighed_at", "advice", "decided_by",
        "decided_at", "decision_number", "decision_due", "effective_on",
    ]  # fmt: skip


@admin.register(Scheme)
class SchemeAdmin(ListedAdmin):
    """Versions of the annual scheme: read, and superseded by a new one, which begins as a copy of the latest."""

    list_display = ["name", "effective_year", "source", "entered_by", "entered_at"]
    readonly_fields = ["name", "source", "effective_year", "numbers", "entered_by", "entered_at"]

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            latest = Scheme.objects.order_by("effective_year", "pk").last()
            kwargs |= {"form": scheme_form(latest.data), "fields": None}
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request, obj=None):
        return self.readonly_fields if obj else list(self.get_form(request, obj).base_fields)

    def save_model(self, request, obj, form, change):
        obj.entered_by = request.user
        super().save_model(request, obj, form, change)

    @admin.display(description="细则")
    def numbers(self, scheme):
        told = ((label, at(scheme.data, way)) for way, label in places(scheme.data).values())
        return format_html_join("", "{}：{}<br>", told)


@admin.register(Honour)
class HonourAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["number", "expert", "kind", "year", "state", "work"]
    list_filter = ["state", "kind", "year"]
    list_select_related = ["expert__user"]
    search_fields = ["number", "expert__user__name", "expert__no"]
    fields = readonly_fields = [
        "number", "expert", "kind", "year", "state", "criteria", "deeds", "nominated_by", "nominated_at", "approval",
        "decision", "decided_by", "decided_at", "revocation", "revoked_by", "revoked_at",
    ]  # fmt: skip
