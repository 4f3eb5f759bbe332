"""The registers of selection: rounds are kept here, everything else is read here and worked on elsewhere."""

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html

from expertteam import clock
from expertteam.admin import ReadOnlyAdmin, RecordAdmin, VisibleMixin, WorkflowAdmin, sieve
from expertteam.templatetags.terrace import long_day, mask_receipt
from expertteam.workflow import may
from recruitment.models import Application, Document, FormerImport, Notice, Objection, Round, Wish

PHASES = ["opens_on", "closes_on", "screening_until", "review_until"]


class RoundForm(forms.ModelForm):
    """The dates of a round follow each other; once people rely on them, a change is explained."""

    change_reason = forms.CharField(
        label="变更理由",
        max_length=100,
        required=False,
        help_text="报名开始以后再改日期，要写明理由，理由留在变更记录里",
    )

    def clean_purpose(self):
        purpose = self.cleaned_data["purpose"]
        if self.instance.pk and purpose != self.initial["purpose"] and self.instance.applications.exists():
            raise forms.ValidationError("已经有人报名，不能再改用途；请另设一批")
        return purpose

    def clean(self):
        entry = super().clean()
        for earlier, later in zip(PHASES, PHASES[1:], strict=False):
            first, last = entry.get(earlier), entry.get(later)
            if first and last and last < first:
                label = self.fields[earlier].label
                self.add_error(later, f"{self.fields[later].label}不能早于{label}（{long_day(first)}）")
        begun = self.instance.pk and self.initial["opens_on"] <= clock.today()
        if begun and set(PHASES) & set(self.changed_data) and not entry.get("change_reason"):
            self.add_error("change_reason", "报名已经开始，改日期要写明理由")
        return entry


@admin.register(Round)
class RoundAdmin(RecordAdmin):
    form = RoundForm
    fields = ["name", "purpose", *PHASES, "places", "change_reason"]
    list_display = ["name", "purpose", *PHASES, "places", "paper"]
    list_filter = ["purpose"]
    search_fields = ["name"]

    def get_list_display(self, request):
        """Who applied is for those who see applications."""
        seen = may(request.user, "recruitment.view_application")
        return self.list_display if seen else [name for name in self.list_display if name != "paper"]

    @admin.display(description="汇总表")
    def paper(self, round):
        address = reverse("recruitment:round_summary", args=[round.pk])
        return format_html('<a href="{}" aria-label="汇总表 {}">PDF</a>', address, round.name)

    def get_fields(self, request, obj=None):
        return self.fields if obj else self.fields[:-1]

    def save_model(self, request, obj, form, change):
        obj._change_reason = form.cleaned_data.get("change_reason") or ("修改批次" if change else "设立批次")
        super().save_model(request, obj, form, change)


class WorkingPageAdmin(VisibleMixin, WorkflowAdmin):
    """A register of records with a state, which the moves alone change."""

    readonly_fields = ["state"]


def reached(state) -> Q:
    """Applications that have ever been in this state, by their histories."""
    return Q(pk__in=Application.history.filter(state=state).values("id"))


Stage = Application.State
REACHED = {
    "recommended": ("初审推荐", lambda: reached(Stage.RECOMMENDED)),
    "approved": ("审核通过", lambda: reached(Stage.APPROVED)),
    "appointed": ("正式聘任", lambda: reached(Stage.APPOINTED)),
}
PUBLIC = {"1": ("公开过", lambda: Q(pk__in=Notice.objects.public(clock.now()).values("pk")))}
OUTCOMES = {
    "upheld": ("成立", lambda: Q(counts=True, upheld=True)),
    "not_upheld": ("不成立", lambda: Q(counts=True, upheld=False)),
    "pending": ("正在核实", lambda: Q(counts=True, upheld=None)),
    "lead": ("作为线索", lambda: Q(counts=False)),
}


@admin.register(Application)
class ApplicationAdmin(WorkingPageAdmin):
    list_display = ["number", "applicant", "category", "state", "work"]
    list_filter = ["state", sieve("走到过", "reached", REACHED), "round", "category"]
    date_hierarchy = "submitted_at"
    list_select_related = ["applicant", "round"]
    search_fields = ["number", "applicant__name"]
    exclude = ["public_fields", "return_items"]


@admin.register(Document)
class DocumentAdmin(WorkingPageAdmin):
    list_display = ["application", "label", "state", "work", "original_seen", "uploaded_at"]
    list_filter = ["state"]
    list_select_related = ["application__applicant"]
    search_fields = ["application__number", "application__applicant__name"]
    exclude = ["file"]

    @admin.display(description="材料")
    def label(self, document):
        return document.label

    def page(self, document):
        return f"{document.application.get_absolute_url()}#documents"


@admin.register(Notice)
class NoticeAdmin(WorkingPageAdmin):
    list_display = ["title", "state", "work", "begins_at", "ends_at", "provisional"]
    list_filter = ["state", sieve("公开", "public", PUBLIC), "round"]
    date_hierarchy = "begins_at"
    list_select_related = ["round"]
    search_fields = ["title"]

    def page(self, notice):
        return reverse("recruitment:staff_notice", args=[notice.pk])


@admin.register(Objection)
class ObjectionAdmin(WorkingPageAdmin):
    """Numbers only: who objected, and to what facts, stands on the working page alone."""

    list_display = ["masked", "kind", "state", "work", "counts", "answer_due"]
    list_filter = ["state", "kind", sieve("结果", "outcome", OUTCOMES)]
    date_hierarchy = "received_at"
    list_select_related = ["notice"]
    search_fields = ["receipt"]
    fields = readonly_fields = ["receipt", "notice", "kind", "state", "counts", "late", "received_at", "answer_due"]

    @admin.display(description="受理编号", ordering="receipt")
    def masked(self, objection):
        return mask_receipt(objection.receipt)


@admin.register(FormerImport)
class FormerImportAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["number", "filename", "state", "read_by", "read_at", "taken_by", "taken_at", "work"]
    list_filter = ["state"]
    list_select_related = ["read_by", "taken_by"]
    search_fields = ["number", "filename"]
    fields = readonly_fields = [
        "number", "filename", "digest", "state", "read_by", "read_at", "taken_by", "taken_at", "reason",
    ]  # fmt: skip


@admin.register(Wish)
class WishAdmin(VisibleMixin, ReadOnlyAdmin):
    list_display = ["term", "expert", "last_day", "at", "withdrawn_at", "work"]
    list_select_related = ["term__expert__user"]
    search_fields = ["term__number", "term__name", "term__expert__no"]
    fields = readonly_fields = ["term", "words", "changes", "at", "withdrawn_at"]

    @admin.display(description="专家")
    def expert(self, wish):
        return wish.term.expert

    @admin.display(description="聘期末日", ordering="term__last_day")
    def last_day(self, wish):
        return wish.term.last_day
