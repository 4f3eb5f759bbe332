"""The office's registers of experts and certificates: written by acts alone, read here."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from experts import rules
from experts.certificates import surname
from experts.models import CATEGORY_NAMES, Appointment, Disclosure, Expert, PublicField
from expertteam import clock
from expertteam.admin import ReadOnlyAdmin


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


class CategoryFilter(admin.SimpleListFilter):
    title, parameter_name = "聘任类别", "category"

    def lookups(self, request, model_admin):
        return CATEGORY_NAMES.items()

    def queryset(self, request, queryset):
        known = self.value() in map(str, CATEGORY_NAMES)
        return queryset.filter(category=self.value()) if known else queryset


@admin.register(Expert)
class ExpertAdmin(ReadOnlyAdmin):
    list_display = ["no", "user", "employer", "title", "district", "advises", "visits"]
    list_filter = [ServingFilter, "district", "visits", "specialities__topic"]
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


@admin.register(Appointment)
class AppointmentAdmin(ReadOnlyAdmin):
    list_display = ["number", "name", "last_day", "status", "warning", "paper"]
    list_filter = [TermFilter, "basis", CategoryFilter]
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
