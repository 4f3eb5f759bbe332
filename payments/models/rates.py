"""劳务报酬标准: dated rates, each with the document that fixes it (Article 13)."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property

from expertteam.files import StoredFile
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet
from payments.rules import Tariff, kinds

PERSON = settings.AUTH_USER_MODEL


class ActivityKind(models.TextChoices):
    """What an expert can be paid for, as the circulars tell it apart."""

    REVIEW = kinds.REVIEW, "项目评审"
    CONSULTING = kinds.CONSULTING, "创业咨询"
    GUIDANCE = kinds.GUIDANCE, "一对一指导"
    PAIRING = kinds.PAIRING, "结对帮扶"
    VISIT = kinds.VISIT, "上门指导"
    LECTURE = kinds.LECTURE, "讲座"
    SALON = kinds.SALON, "沙龙"
    TRAINING = kinds.TRAINING, "培训"
    CONTEST = kinds.CONTEST, "大赛评委"
    POLICY = kinds.POLICY, "政策宣讲"
    SURVEY = kinds.SURVEY, "调研座谈"
    FOLLOWING = kinds.FOLLOWING, "持续跟踪"
    TECHNICAL = kinds.TECHNICAL, "技术赋能"
    OTHER = kinds.OTHER, "其他活动"


class Tier(models.TextChoices):
    """Title levels that some circulars pay differently; a rate without one holds for all."""

    SENIOR = "senior", "高级职称"
    OTHER = "other", "其他人员"
    ACADEMICIAN = "academician", "院士、全国知名专家"


class RateScheduleQuerySet(WorkflowQuerySet):
    def valid(self):
        """By these is paid; a draft binds nobody."""
        return self.filter(state__in=[RateSchedule.State.PROVISIONAL, RateSchedule.State.CONFIRMED])

    def visible_to(self, user):
        """Whoever keeps or checks the pay."""
        return self if user.has_perm("payments.view_rateschedule") else self.none()

    def last_of(self, scope: str):
        """The valid one of this scope that begins last: a new one takes its place."""
        return self.valid().filter(scope=scope).order_by("effective_from").last()

    def told(self):
        """With all that a page says of one."""
        people = ["superseded_by", "supersedes", "drafted_by", "confirmed_by"]
        return self.select_related(*people).prefetch_related("rates", "files")


class RateSchedule(Workflow):
    """The rates of one circular from a day on, until the next of its scope replaces them: no gap and no overlap."""

    class Scope(models.TextChoices):
        REVIEW = "review", "评审"
        GUIDANCE = "guidance", "指导和活动"

    class State(models.TextChoices):
        DRAFT = "draft", "拟稿"
        PROVISIONAL = "provisional", "待局里核对确认"
        CONFIRMED = "confirmed", "已确认"
        DROPPED = "dropped", "已作废"

    scope = models.CharField("适用范围", max_length=10, choices=Scope)
    title = models.CharField("文件名称", max_length=100)
    document_number = models.CharField("文号", max_length=60)
    effective_from = models.DateField("自何日起执行")
    valid_until = models.DateField("文件载明的有效期至", null=True, blank=True)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name="替代哪个标准"
    )
    note = models.TextField("说明", max_length=500, blank=True)
    state = models.CharField("状态", max_length=20, choices=State, default=State.DRAFT, editable=False)
    drafted_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name="录入人")
    confirmed_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="核对人"
    )
    confirmed_at = models.DateTimeField("核对时间", null=True, editable=False)
    history = History()

    objects = RateScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报酬标准"
        ordering = ["scope", "-effective_from"]
        permissions = [
            ("draft_rateschedule", "可录入报酬标准"),
            ("revise_rateschedule", "可修改报酬标准拟稿"),
            ("attach_rateschedule", "可补传报酬标准文件"),
            ("confirm_schedule_rateschedule", "可核对确认报酬标准"),
            ("drop_rateschedule", "可作废报酬标准拟稿"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "effective_from"], condition=~Q(state="dropped"), name="art13_one_schedule_from_a_day"
            ),
            models.UniqueConstraint(
                fields=["scope"],
                condition=Q(supersedes=None) & ~Q(state="dropped"),
                name="art13_one_first_schedule_of_a_scope",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="art13_confirmed_schedule_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(drafted_by=None) | ~Q(confirmed_by=F("drafted_by")),
                name="art13_schedule_is_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("effective_from")),
                name="art13_schedule_is_valid_for_a_time",
            ),
            models.CheckConstraint(condition=~Q(document_number=""), name="art13_schedule_names_its_document"),
        ]

    def __str__(self):
        return f"{self.document_number}（{self.effective_from:%Y-%m-%d}起）"

    def get_absolute_url(self):
        return reverse("payments:schedule", args=[self.pk])

    @property
    def last_day(self) -> date | None:
        """The day before its successor's first, once that is confirmed; none where it goes on."""
        successor = getattr(self, "superseded_by", None)
        if successor is None or successor.state == self.State.DRAFT:
            return None
        return successor.effective_from - timedelta(days=1)

    def expired(self, on: date) -> bool:
        """Whether the document itself says that it no longer holds on that day."""
        return self.valid_until is not None and self.valid_until < on


class ScheduleFile(StoredFile):
    """The document itself."""

    schedule = models.ForeignKey(RateSchedule, models.PROTECT, related_name="files", verbose_name="报酬标准")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name="上传人")

    class Meta:
        verbose_name = verbose_name_plural = "报酬标准文件"
        ordering = ["pk"]


def yuan(words: str, **options):
    """A sum in yuan and fen; the circular may leave it open."""
    return models.DecimalField(words, max_digits=10, decimal_places=2, null=True, blank=True, **options)


def share(words: str):
    """A part of a rate: 0.60."""
    return models.DecimalField(words, max_digits=4, decimal_places=2, null=True, blank=True)


class Rate(models.Model):
    """What one kind of activity pays by one schedule; without an amount it pays nothing yet, and says so."""

    class Unit(models.TextChoices):
        SESSION = "session", "次"
        HOUR = "hour", "小时"
        CLASS_HOUR = "class_hour", "学时"
        HALF_DAY = "half_day", "半天"
        DAY = "day", "天"
        PIECE = "piece", "件"
        EVENT = "event", "场"

    class Part(models.TextChoices):
        HALF_UP = "half_up", "不足30分钟不计，满30分钟计1"
        FLOOR = "floor", "不足1的不计"
        CEIL = "ceil", "不足1的按1计"
        HALF_STEP = "half_step", "按半小时计"

    schedule = models.ForeignKey(RateSchedule, models.PROTECT, related_name="rates", verbose_name="报酬标准")
    kind = models.CharField("活动类型", max_length=12, choices=ActivityKind)
    tier = models.CharField("职称档次", max_length=12, choices=Tier, blank=True)
    unit = models.CharField("计量单位", max_length=10, choices=Unit, default=Unit.SESSION)
    amount = yuan("每单位金额（元）")
    most = yuan("幅度上限（元）")
    included_units = models.PositiveSmallIntegerField("起步包含几个单位", default=0)
    included_amount = yuan("起步金额（元）")
    part = models.CharField("零头怎样计", max_length=10, choices=Part, default=Part.HALF_UP)
    full_units = models.PositiveSmallIntegerField("正常一天几个单位", null=True, blank=True)
    day_cap = yuan("每天封顶（元）")
    extended_cap = yuan("延时每天封顶（元）")
    month_cap = yuan("每月封顶（元）")
    year_cap = yuan("每年封顶（元）")
    half_day_share = share("半天按几成")
    later_from = models.PositiveSmallIntegerField("从第几天起减付", null=True, blank=True)
    later_share = share("减付后按几成")
    void_cap = yuan("评审后废标封顶（元）")
    called_off = yuan("评审前取消（元）")
    holiday_factor = models.DecimalField("法定节假日倍数", max_digits=3, decimal_places=1, default=1)
    holiday_lifts_cap = models.BooleanField("节假日封顶同倍提高", default=True)
    net = models.BooleanField("税后标准", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "报酬标准明细"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "kind", "tier"], name="art13_one_rate_of_a_kind_and_tier"),
            models.CheckConstraint(
                condition=(Q(amount=None) | Q(amount__gte=0)) & (Q(most=None) | Q(most__gt=F("amount"))),
                name="art13_rate_is_no_debt",
            ),
            models.CheckConstraint(condition=Q(holiday_factor__gte=1), name="art13_holiday_pays_no_less"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}（{self.schedule}）"

    @cached_property
    def tariff(self) -> Tariff:
        """The numbers, as the rules of pay take them."""
        return Tariff(**{name: getattr(self, name) for name in Tariff.__dataclass_fields__})
