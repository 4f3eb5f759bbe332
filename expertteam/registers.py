"""The admin's registers of what every app stands on."""

from allauth.account.decorators import secure_admin_login
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from expertteam import clock
from expertteam.account_forms import named
from expertteam.account_messages import opened
from expertteam.accounts import PhoneField, as_phone
from expertteam.actions import check_proposal, propose
from expertteam.admin import RecordAdmin, WorkflowAdmin
from expertteam.checks import REHEARSED
from expertteam.fields import blind
from expertteam.models import ROLES, STAFF_ROLES, CalendarDay, CalendarYear, Policy, RoleGrant, User
from expertteam.policy import OPEN_NUMBERS
from expertteam.regulation import Refused
from expertteam.templatetags.terrace import mask_id, mask_phone

Kind = CalendarDay.Kind
STATUTORY_DAYS = 13  # since 2025, by State Council order 795

# One door: whoever wants into the admin, or a new password there, goes through allauth.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.password_change = lambda request, extra_context=None: redirect("account_change_password")


class CalendarYearForm(forms.ModelForm):
    """A year and the document that it goes by; an invented schedule is for the demo alone."""

    class Meta:
        model = CalendarYear
        fields = ["year", "source"]

    def clean_source(self):
        source = self.cleaned_data["source"]
        if REHEARSED in source and not settings.DEMO:
            raise ValidationError("演练用的放假安排只能录入演示系统")
        return source


class CalendarDayForm(forms.ModelForm):
    """One line of a notice; what cannot be a slip of the pen is left to the person."""

    def clean(self):
        entry = super().clean()
        day, year = entry.get("date"), getattr(entry.get("year"), "year", None)
        if day and year and day.year != year and (day.year, day.month) != (year - 1, 12):
            self.add_error("date", f"日期应在{year}年，或是通知一并调整的上一年12月")
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

    form = CalendarYearForm
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


class PersonForm(forms.ModelForm):
    """What the administrator writes about a person; numbers, passwords and second factors are not his to set."""

    class Meta:
        model = User
        fields = ["username", "name", "email", "is_active"]

    def clean_username(self):
        name = self.cleaned_data["username"]
        if as_phone(name):
            raise ValidationError("用户名不能是手机号，免得与别人的号码混淆")
        if User.objects.filter(username__iexact=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError("这个用户名已存在，大小写不算区别")
        return name


class NewPersonForm(PersonForm):
    """Without a password: the person comes in by a code to his own number, and sets one himself."""

    name = forms.CharField(label="姓名", max_length=50)
    new_phone = PhoneField(label="手机号", help_text="本人的号码。本人用短信验证码首次登录，自己设密码；别人不知道密码")

    def clean_new_phone(self):
        phone = self.cleaned_data["new_phone"]
        if User.objects.filter(phone_index=blind(phone, "mobile")).exists():
            raise ValidationError("这个手机号已经用在另一个账号上")
        return phone


class RoleFilter(admin.SimpleListFilter):
    title, parameter_name = "岗位和身份", "role"

    def lookups(self, request, model_admin):
        return ROLES.items()

    def queryset(self, request, queryset):
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


@admin.register(User)
class UserAdmin(RecordAdmin, StockUserAdmin):
    """Accounts: opened and closed here, their roles come from grants."""

    form, add_form, add_form_template = PersonForm, NewPersonForm, "admin/change_form.html"
    list_display = ["username", "name", "masked_phone", "roles", "is_active", "last_login"]
    list_filter = ["is_active", RoleFilter]
    search_fields = ["username", "name"]
    filter_horizontal = []
    readonly_fields = ["masked_phone", "masked_id", "roles", "changes", "last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "name", "masked_phone", "email", "masked_id"]}),
        (None, {"fields": ["is_active", "roles", "changes", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "name", "new_phone", "email"]})]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request, obj=None):
        """An account is closed on a page of its own, with what is open handed over; here it is opened again."""
        return [*super().get_readonly_fields(request, obj), *(["is_active"] if obj and obj.is_active else [])]

    def user_change_password(self, request, id, form_url=""):
        """Nobody sets another's password: by it he could come in as that person."""
        raise PermissionDenied("expertteam.change_user")

    def get_search_results(self, request, queryset, search_term):
        """A whole mobile number finds its owner, too."""
        found, distinct = super().get_search_results(request, queryset, search_term)
        if phone := as_phone(search_term):
            found = queryset.filter(phone_index=blind(phone, "mobile"))
        return found, distinct

    def save_model(self, request, obj, form, change):
        """A new account is told of to its owner, who alone can come in."""
        if not change:
            obj.phone = form.cleaned_data["new_phone"]
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change:
            opened(obj)

    @admin.display(description="手机号")
    def masked_phone(self, person):
        return mask_phone(person.phone)

    @admin.display(description="证件号码")
    def masked_id(self, person):
        return mask_id(person.id_number) and f"{person.get_id_kind_display()} {mask_id(person.id_number)}"

    @admin.display(description="岗位和身份")
    def roles(self, person):
        return "、".join(ROLES.get(group.name, group.name) for group in person.groups.all())

    @admin.display(description="变更")
    def changes(self, person):
        """The pages on which two people change what one must not."""
        ways = [("更换手机号", reverse("ask_phone_change", args=[person.pk]))]
        ways += [
            ("重置两步验证", reverse("propose_factor", args=[person.pk])),
            ("停用账号", reverse("leave", args=[person.pk])),
        ]
        if person.is_active:
            return format_html_join("　", '<a href="{1}">{0}</a>', ways)
        return format_html(
            '已停用，勾选“有效”可以再开；手机被他人拿着的，先当面<a href="{}">更换手机号</a>，等生效', ways[0][1]
        )


class PolicyForm(forms.ModelForm):
    """A number from a day on, by a document: never for the past, which has gone by another one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "key" in self.fields:
            listed = [(key, f"{number.label}：默认{number.default}") for key, number in OPEN_NUMBERS.items()]
            self.fields["key"].choices = [("", "请选择"), *listed]

    def clean(self):
        entry = super().clean()
        number, value = OPEN_NUMBERS.get(entry.get("key")), entry.get("value")
        if number and value is not None and not number.least <= value <= number.most:
            self.add_error("value", f"应在{number.least}到{number.most}之间")
        return entry

    def clean_effective_from(self):
        day = self.cleaned_data["effective_from"]
        if day < clock.today():
            raise ValidationError("生效日期不能早于今天：已经办过的事按当时的规则算")
        return day


@admin.register(Policy)
class PolicyAdmin(RecordAdmin):
    """The numbers that the Measures leave open; a new one is a new row, what was in force stays readable."""

    form = PolicyForm
    list_display = ["key", "value", "effective_from", "source"]
    list_filter = ["key"]

    def has_change_permission(self, request, obj=None):
        return False


class GrantForm(forms.ModelForm):
    """Refuses at the form what ``propose`` would refuse."""

    by = None
    account = forms.CharField(label="账号", help_text="用户名或手机号；还没有账号的，先增加账号")

    class Meta:
        model = RoleGrant
        fields = ["role"]

    def clean_account(self):
        return named(self.cleaned_data["account"].strip())

    def clean(self):
        entry = super().clean()
        if "account" in entry and "role" in entry:
            try:
                check_proposal(entry["account"], by=self.by, role=entry["role"])
            except Refused as refusal:
                raise ValidationError(str(refusal)) from refusal
        return entry


@admin.register(RoleGrant)
class RoleGrantAdmin(WorkflowAdmin):
    """Grants: proposed here, confirmed or taken back on their own page or in the list."""

    form = GrantForm
    fields = ["user", "role", "proposed_by", "state"]
    list_display = ["user", "role", "state", "proposed_by"]
    list_filter = ["state", "role"]
    list_select_related = ["user", "proposed_by"]
    search_fields = ["user__username", "user__name"]

    def has_add_permission(self, request):
        return request.user.has_perm("expertteam.propose_rolegrant")

    def get_fields(self, request, obj=None):
        return self.fields if obj else ["account", "role"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"by": request.user})

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        kwargs["choices"] = [(role, label) for role, label in ROLES.items() if role in STAFF_ROLES]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        obj.user = form.cleaned_data["account"]
        obj.pk = propose(obj.user, by=request.user, role=obj.role).pk
