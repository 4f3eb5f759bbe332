"""The office's registers of experts and certificates: written by acts alone, read here."""

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.html import format_html

from experts import rules
from experts.certificates import surname
from experts.models import CATEGORY_NAMES, Appointment, Disclosure, Expert, Partner, PublicField, Speciality
from experts.partner_forms import PartnerForm
from expertteam import clock
from expertteam.admin import LedgerAdmin, OnDay, ReadOnlyAdmin, RecordAdmin, VisibleMixin, sieve


class ServingFilter(admin.SimpleListFilter):
    title, parameter_name = "今天是否在聘", "serving"

    def lookups(self, request, model_admin):
        return [("1", "在聘"), ("0", "不在聘")]

    def queryset(self, request, queryset):
        serving = Expert.objects.serving(clock.today()).values("pk")
        narrowed = {"1": queryset.filter(pk__in=serving), "0": queryset.exclude(pk__in=serving)}
        return narrowed.get(self.value(), queryset)


class TermFilter(admin.SimpleListFilter):
    title, parameter_name = "今天的效力", "term"

    def lookups(self, request, model_admin):
        return [("valid", "有效"), ("ending", "有效，半年内到期"), ("over", "已满或不再聘任")]

    def queryset(self, request, queryset):
        today = clock.today()
        narrowed = {
            "valid": queryset.in_force(today),
            "ending": queryset.ending(today),
            "over": queryset.filter(first_day__lte=today).exclude(pk__in=Appointment.objects.in_force(today)),
        }
        return narrowed.get(self.value(), queryset)


class ServingOn(OnDay):
    title = "这一天在聘"
    meant = staticmethod(lambda day: Q(pk__in=Expert.objects.serving(day).values("pk")))


class OfServingOn(OnDay):
    title = "专家这一天在聘"
    meant = staticmethod(lambda day: Q(expert__in=Expert.objects.serving(day)))


class InForceOn(OnDay):
    title = "这一天有效"
    meant = staticmethod(lambda day: Q(pk__in=Appointment.objects.in_force(day).values("pk")))


def begun(renewed: bool) -> Q:
    """Terms that took effect: of people who had one before, or for the first time."""
    earlier = Appointment.objects.filter(expert=OuterRef("expert"), first_day__lt=OuterRef("first_day"))
    took_effect = Q(void_from=None) | Q(void_from__gt=F("first_day"))
    return took_effect & (Q(Exists(earlier)) if renewed else ~Q(Exists(earlier)))


CATEGORIES = {str(code): (name, lambda code=code: Q(category=code)) for code, name in CATEGORY_NAMES.items()}
WHOLE = Q(void_from=None) | Q(void_from__gt=F("last_day"))
BEGUN = {"first": ("首次聘任", lambda: begun(renewed=False)), "renewed": ("续聘", lambda: begun(renewed=True))}
ENDING = {
    "expired": ("到聘期末日", lambda: WHOLE),
    "early": ("提前结束", lambda: ~WHOLE & Q(void_from__gt=F("first_day"))),
}


@admin.register(Expert)
class ExpertAdmin(ReadOnlyAdmin):
    list_display = ["no", "user", "employer", "title", "district", "advises", "visits"]
    list_filter = [ServingFilter, ServingOn, "district", "visits", "specialities__topic"]
    list_select_related = ["user"]
    search_fields = ["no", "user__name", "employer", "title"]
    search_help_text = "编号、姓名、单位、职称"
    exclude = ["public_fields"]
    readonly_fields = ["advises", "shown", "consented"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("specialities")

    @admin.display(description="擅长")
    def advises(self, expert):
        return "、".join(expert.topic_labels)

    @admin.display(description="公开的资料")
    def shown(self, expert):
        return "、".join(field.label for field in PublicField if expert.shows(field))

    @admin.display(description="同意公开", boolean=True)
    def consented(self, expert):
        return expert.user.consents.standing("public_directory").exists()


@admin.register(Speciality)
class SpecialityAdmin(LedgerAdmin):
    """An expert stands here once for each of his fields, as figures by field count them."""

    list_display = ["expert", "topic"]
    list_filter = [OfServingOn, "topic"]
    list_select_related = ["expert__user"]
    search_fields = ["expert__no", "expert__user__name"]


@admin.register(Appointment)
class AppointmentAdmin(ReadOnlyAdmin):
    list_display = ["number", "name", "last_day", "status", "warning", "paper"]
    list_filter = [
        TermFilter, InForceOn, sieve("聘任", "begun", BEGUN), sieve("结束", "ended", ENDING), "basis",
        sieve("聘任类别", "category", CATEGORIES),
    ]  # fmt: skip
    date_hierarchy = "first_day"
    list_select_related = ["expert__user"]
    search_fields = ["number", "name", "expert__no", "expert__user__name"]
    search_help_text = "聘书编号、姓名、专家编号"
    readonly_fields = ["kind", "status", "warning", "paper"]

    @admin.display(description="聘任类别", ordering="category")
    def kind(self, term):
        return term.category_name

    @admin.display(description="今天")
    def status(self, term):
        return term.status(clock.today()).label

    @admin.display(description="提醒")
    def warning(self, term):
        return "长于办法有效期" if rules.outlives_measures(term.last_day) else ""

    @admin.display(description="聘书")
    def paper(self, term):
        address = reverse("experts:certificate", args=[term.pk])
        return format_html('<a href="{}" aria-label="聘书 {}">PDF</a>', address, term.number)


@admin.register(Disclosure)
class DisclosureAdmin(ReadOnlyAdmin):
    """Names are encrypted, so declarations are found by their expert alone."""

    list_display = ["expert", "kind", "whom", "begins_on", "ends_on", "declared_at"]
    list_filter = ["kind", "declared_at"]
    list_select_related = ["expert__user"]
    search_fields = ["expert__no", "expert__user__name"]
    search_help_text = "专家编号、姓名"

    @admin.display(description="名称或姓名")
    def whom(self, disclosure):
        """A list does not spell out anybody's relatives."""
        return f"{surname(disclosure.name)}**" if disclosure.kind == Disclosure.Kind.KIN else disclosure.name


@admin.register(Partner)
class PartnerAdmin(VisibleMixin, RecordAdmin):
    """Other sites are entered here; their keys are made and revoked on the page of each."""

    form = PartnerForm
    list_display = ["name", "active", "sites", "work"]
    list_filter = ["active"]
    search_fields = ["name"]

    @admin.display(description="可以嵌入名录的网站")
    def sites(self, partner):
        return "，".join(partner.origins)
