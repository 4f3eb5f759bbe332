"""What is typed of a circular: which it is, from when on, and what each kind of activity pays (Article 13)."""

from decimal import Decimal

from django import forms
from django.db import models

from expertteam.forms import ActForm, SeenForm, TerraceForm, long_text
from expertteam.uploads import FilesField
from payments import rules
from payments.actions.schedule import FACTS, NUMBERS, Key
from payments.models import ActivityKind, Rate, RateSchedule, Tier

USUAL = ["unit", "amount", "most"]
REST = [name for name in NUMBERS if name not in USUAL]
MORE_TIERS = 2  # rows in which a kind can be told apart by title level
ROWS = "有标准没有填对"
NEED_AMOUNT = ("most", "included_amount", "half_day_share", "later_share")


def asked(field, **options):
    """No sum and no share is below nothing; no share is above the whole."""
    if isinstance(field, models.DecimalField):
        options["min_value"] = Decimal(1) if field.name == "holiday_factor" else Decimal(0)
        if field.name.endswith("_share"):
            options["max_value"] = Decimal(1)
    return field.formfield(**options)


class RowForm(TerraceForm):
    """What one kind of activity pays, by title level or for all; without an amount it cannot be paid yet."""

    gone = forms.BooleanField(label="去掉这一档", required=False)

    def __init__(self, *args, kind="", tier="", now="", **kwargs):
        super().__init__(*args, **kwargs)
        self.kind, self.tier, self.now = kind, tier, now
        if not tier:
            del self.fields["gone"]

    @property
    def title(self) -> str:
        tier = f"，{Tier(self.tier).label}" if self.tier else ""
        return f"{ActivityKind(self.kind).label}{tier}"

    def usual(self):
        return [self[name] for name in USUAL]

    def rest(self):
        return [self[name] for name in REST]

    @property
    def opened(self) -> bool:
        """Whether something is to be mended among what is folded away."""
        return any(name in self.errors for name in REST)

    def clean(self):
        given = super().clean() or self.cleaned_data
        for name, words in faults(given):
            if name not in self.errors:
                self.add_error(name, words)
        return given

    @property
    def key(self) -> Key:
        return self.kind, self.tier

    @property
    def is_gone(self) -> bool:
        return bool(self.cleaned_data.get("gone"))

    @property
    def rate(self) -> dict:
        kind, tier = self.key
        return {"kind": kind, "tier": tier} | {name: self.cleaned_data[name] for name in NUMBERS}


def faults(given: dict):
    """What does not go together, each with where to mend it."""
    value = given.get
    if value("amount") is None and any(value(name) is not None for name in NEED_AMOUNT):
        yield "amount", "请填写每单位金额，其他几项要和它一起用"
    elif value("most") is not None and value("most") <= value("amount", 0):
        yield "most", "幅度上限要大于每单位金额"
    if bool(value("included_units")) != (value("included_amount") is not None):
        yield "included_amount", "起步单位数和起步金额要一起填"
    if (value("later_from") is None) != (value("later_share") is None):
        yield "later_share", "从第几天起和按几成要一起填"
    if value("half_day_share") is not None and value("unit") != Rate.Unit.DAY:
        yield "half_day_share", "计量单位是天的才分半天"
    if None not in (value("extended_cap"), value("day_cap")) and value("extended_cap") < value("day_cap"):
        yield "extended_cap", "延时封顶不能低于每天封顶"


numbers = forms.fields_for_model(Rate, fields=[*USUAL, *REST], formfield_callback=asked)
RateForm = type("RateForm", (RowForm,), numbers)


class NewTierForm(RateForm):
    """A kind told apart by title level; left as it is, it says nothing."""

    kind_of = forms.ChoiceField(label="活动类型")
    tier_of = forms.ChoiceField(label="职称档次", choices=[("", "请选择"), *Tier.choices])

    def __init__(self, *args, scope, **kwargs):
        super().__init__(*args, empty_permitted=True, use_required_attribute=False, **kwargs)
        kinds = [(kind, ActivityKind(kind).label) for kind in rules.SCOPES[scope]]
        self.fields["kind_of"].choices = [("", "请选择"), *kinds]

    title = "另加一档"

    @property
    def used(self) -> bool:
        return self.is_bound and self.has_changed()

    def usual(self):
        return [self["kind_of"], self["tier_of"], *super().usual()]

    @property
    def key(self) -> Key:
        return self.cleaned_data["kind_of"], self.cleaned_data["tier_of"]


class ScheduleForm(TerraceForm):
    """The circular, and under ``rows`` every kind of its scope, beginning with the numbers of ``base``.

    ``current``: the schedule that is replaced, of which each row says what it pays.
    """

    title = forms.CharField(label="文件名称", max_length=100)
    document_number = forms.CharField(
        label="文号",
        max_length=60,
        widget=forms.TextInput({"class": "w11"}),
        help_text="照文件写，例如晋财购〔2021〕24号",
    )
    effective_from = forms.DateField(label="自何日起执行", help_text="这一天起的服务按新标准计价")
    valid_until = forms.DateField(label="文件载明的有效期至", required=False, help_text="文件没有写的不填")
    note = long_text("说明", 500, required=False, help_text="文件没有写明、按惯例处理的写在这里")
    files = FilesField(
        label="标准文件", required=False, help_text="文件扫描件或PDF，每个不超过10 MB；可以以后再传，核对确认前要有"
    )

    def __init__(self, *args, base: RateSchedule | None, current: RateSchedule | None, scope: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.current = current
        now = {(rate.kind, rate.tier): rules.describe(rate.tariff) for rate in current.rates.all()} if current else {}
        rates = {(rate.kind, rate.tier): rate for rate in base.rates.all()} if base else {}
        keys = [(kind, tier) for kind in rules.SCOPES[scope] for tier in ["", *Tier.values]]
        self.rows = [
            RateForm(
                self.data or None, prefix=f"{kind}_{tier or 'all'}", kind=kind, tier=tier, now=now.get((kind, tier), ""),
                initial=numbers_of(rates.get((kind, tier), Rate())),
            )
            for kind, tier in keys if not tier or (kind, tier) in rates
        ]  # fmt: skip
        self.tiers = [
            NewTierForm(self.data or None, prefix=f"tier{place}", scope=scope, initial=numbers_of(Rate()))
            for place in range(1, MORE_TIERS + 1)
        ]

    def facts(self):
        return [self[name] for name in self.base_fields]

    def clean(self):
        given = super().clean() or self.cleaned_data
        rows = [*self.rows, *(row for row in self.tiers if row.used)]
        if [row for row in rows if not row.is_valid()]:  # each is looked at, that each may say what is wrong
            self.add_error(None, ROWS)
            return given
        rates = [row.rate for row in rows if not row.is_gone]
        return given | {"rates": rates, "gone": {row.key for row in rows if row.is_gone}}

    @property
    def faults(self):
        """Those of the rows, each with the name of its kind, in place of the word that there are some."""
        found = [fault for fault in super().faults if fault[1] != ROWS]
        for row in [*self.rows, *(row for row in self.tiers if row.used)]:
            found += [(target, f"{row.title}：{words}") for target, words in row.faults]
        return found


def numbers_of(rate: Rate) -> dict:
    return {name: getattr(rate, name) for name in NUMBERS}


class ReviseForm(ScheduleForm):
    """With what is typed so far."""

    def __init__(self, *args, record, **kwargs):
        self.record = record
        known = {name: getattr(record, name) for name in FACTS} | (kwargs.pop("initial", None) or {})
        super().__init__(
            *args, base=record, current=record.supersedes, scope=record.scope, initial=known, **kwargs
        )  # fmt: skip
        self.fields["files"].label = "补传标准文件"


class AttachForm(ActForm):
    consequence = "上传以后由财务复核对照文件核对。已执行的标准，文件不能撤下。"
    files = FilesField(label="标准文件", help_text="文件扫描件或PDF，最多5个，每个不超过10 MB")


class ConfirmForm(SeenForm):
    consequence = "请对照文件逐项核对。确认后金额和执行日期不能再改，有新文件再录入新标准；已计价的不重新计价。"
    note = long_text("说明", 500, required=False, help_text="核对后仍要说明的，没有就清空")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("note", self.record.note)


class DropForm(ActForm):
    consequence = "作废后这份拟稿不再使用，可以重新录入。现行标准不受影响。"
