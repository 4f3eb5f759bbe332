"""When an expert can be met, and what his time is taken up with (Article 10(3))."""

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q

from expertteam.history import History
from expertteam.templatetags.terrace import WEEKDAYS


class Diary(models.Model):
    """How an expert keeps his calendar; what is empty follows the bureau's numbers."""

    expert = models.OneToOneField("experts.Expert", models.PROTECT, related_name="diary", verbose_name="专家")
    monthly_cap = models.PositiveSmallIntegerField("每月最多接几次预约", null=True, blank=True)
    slot_minutes = models.PositiveSmallIntegerField("每次时长（分钟）", null=True, blank=True)
    feed_digest = models.CharField("订阅地址摘要", max_length=64, unique=True, null=True, editable=False)
    history = History(excluded_fields=["feed_digest"])

    class Meta:
        verbose_name = verbose_name_plural = "日程设置"
        constraints = [
            models.CheckConstraint(
                condition=Q(slot_minutes=None) | Q(slot_minutes__gte=15, slot_minutes__lte=240),
                name="art10_3_a_slot_has_length",
            ),
        ]

    def __str__(self):
        return f"{self.expert}的日程"


class WeeklyHours(models.Model):
    """A period of every week in which an expert can be met."""

    expert = models.ForeignKey("experts.Expert", models.PROTECT, related_name="weekly_hours", verbose_name="专家")
    weekday = models.PositiveSmallIntegerField("星期", choices=[(n, f"周{name}") for n, name in enumerate(WEEKDAYS)])
    begins = models.TimeField("开始")
    ends = models.TimeField("结束")
    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "每周时段"
        ordering = ["weekday", "begins"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="art10_3_hours_lie_on_a_weekday"),
            models.CheckConstraint(condition=Q(begins__lt=F("ends")), name="art10_3_hours_have_length"),
            models.UniqueConstraint(fields=["expert", "weekday", "begins"], name="art10_3_hours_begin_once"),
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.begins:%H:%M}—{self.ends:%H:%M}"


class DayException(models.Model):
    """One day that differs from its week: closed, wholly or for some hours, or open in addition."""

    class Kind(models.TextChoices):
        OFF = "off", "不接"
        EXTRA = "extra", "加开"

    expert = models.ForeignKey("experts.Expert", models.PROTECT, related_name="day_exceptions", verbose_name="专家")
    date = models.DateField("日期")
    kind = models.CharField("类型", max_length=10, choices=Kind)
    begins = models.TimeField("开始", null=True, blank=True)
    ends = models.TimeField("结束", null=True, blank=True)
    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "特定日期"
        ordering = ["date", "begins", "pk"]
        indexes = [models.Index(fields=["expert", "date"], name="exception_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(begins__isnull=False, ends__isnull=False, begins__lt=F("ends"))
                | Q(kind="off", begins=None, ends=None),
                name="art10_3_an_exception_has_length",
            ),
        ]

    def __str__(self):
        return f"{self.date:%Y-%m-%d} {self.get_kind_display()} {self.hours}"

    @property
    def hours(self) -> str:
        return f"{self.begins:%H:%M}—{self.ends:%H:%M}" if self.begins else "全天"


class PauseQuerySet(models.QuerySet):
    def standing(self, on: date):
        """Not over on that day: running, or still to come."""
        return self.filter(Q(last_day=None) | Q(last_day__gte=on))


class Pause(models.Model):
    """Days on which an expert takes no bookings; ``last_day`` is inclusive, without one until he resumes."""

    expert = models.ForeignKey("experts.Expert", models.PROTECT, related_name="pauses", verbose_name="专家")
    first_day = models.DateField("从哪天起")
    last_day = models.DateField("到哪天为止", null=True, blank=True)
    reason = models.CharField("原因", max_length=100, blank=True)
    history = History()

    objects = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "暂停接单"
        ordering = ["first_day", "pk"]
        indexes = [models.Index(fields=["expert", "first_day"], name="pause_begins")]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")), name="art10_3_a_pause_has_length"
            ),
        ]

    def __str__(self):
        return f"{self.first_day:%Y-%m-%d}—{self.last_day or ''}"


class EngagementQuerySet(models.QuerySet):
    def live(self):
        """Not released."""
        return self.filter(live=True)

    def between(self, begins: datetime, ends: datetime):
        """Live, and sharing a moment with this half-open period."""
        return self.live().filter(starts_at__lt=ends, ends_at__gt=begins)


class Engagement(models.Model):
    """Time of an expert that is taken: of two that are live no moment is shared, which the database itself sees to.

    ``ends_at`` does not belong to it, so that the next one may begin there.
    """

    class Purpose(models.TextChoices):
        SESSION = "session", "指导"
        ACTIVITY = "activity", "活动"
        PANEL = "panel", "评审"

    expert = models.ForeignKey("experts.Expert", models.PROTECT, related_name="engagements", verbose_name="专家")
    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间")
    live = models.BooleanField("有效", default=True)
    purpose = models.CharField("事由", max_length=10, choices=Purpose)
    request = models.ForeignKey(
        "services.ServiceRequest",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="engagements",
        verbose_name="预约",
    )
    activity = models.ForeignKey(
        "services.Activity", models.PROTECT, null=True, blank=True, related_name="engagements", verbose_name="专题活动"
    )
    history = History()

    objects = EngagementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "日程"
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["expert", "ends_at"], condition=Q(live=True), name="engagement_live")]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="art10_3_engagement_has_length"),
            models.CheckConstraint(
                condition=Q(purpose="session", request__isnull=False, activity=None)
                | Q(purpose="activity", request=None, activity__isnull=False)
                | Q(purpose="panel", request=None, activity=None),
                name="art10_3_engagement_is_about_one_thing",
            ),
        ]

    def __str__(self):
        return f"{self.expert} {self.starts_at:%Y-%m-%d %H:%M} {self.get_purpose_display()}"
