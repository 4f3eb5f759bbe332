"""What every app stands on: people, days, dated settings, consents, messages."""

from datetime import date

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models, transaction

from expertteam import clock, memory
from expertteam.account_records import ROLES, STAFF_ROLES, AccountChange, RoleGrant
from expertteam.fields import BlindIndex, EncryptedText
from expertteam.history import History
from expertteam.identifiers import ID_KINDS
from expertteam.policy import OPEN_NUMBERS, in_force
from expertteam.taken import ListExport as ListExport

__all__ = ["ROLES", "STAFF_ROLES", "AccountChange", "RoleGrant"]  # with what follows


class User(AbstractUser):
    """A person: one person has one account, and every role adds up on it."""

    first_name = last_name = None
    name = models.CharField("姓名", max_length=50, blank=True)
    phone = EncryptedText("手机号", blank=True, default="")
    phone_index = BlindIndex(source="phone", purpose="mobile", unique=True)
    phone_verified = models.BooleanField("手机号已验证", default=False)
    id_kind = models.CharField("证件类型", max_length=30, blank=True, choices=list(ID_KINDS.items()))
    id_number = EncryptedText("证件号码", blank=True, default="")
    id_index = BlindIndex(source="id_number", purpose="identity", unique=True)
    enrol_code = models.CharField("开通码摘要", max_length=64, blank=True, default="", db_default="", editable=False)
    enrol_until = models.DateTimeField("开通码失效时间", null=True, editable=False)
    enrol_tries = models.PositiveSmallIntegerField("开通码试过几次", default=0, db_default=0, editable=False)
    history = History(excluded_fields=["password", "last_login", "enrol_code", "enrol_until", "enrol_tries"])

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        constraints = [
            models.CheckConstraint(condition=models.Q(is_superuser=False), name="nobody_stands_above_the_roles")
        ]

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        return str(self)

    get_short_name = get_full_name


class CalendarYear(models.Model):
    """A year whose holiday schedule has been published; a year without a row is unknown."""

    year = models.PositiveSmallIntegerField("年份", unique=True)
    source = models.CharField("依据文件", max_length=200)
    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "放假安排"
        ordering = ["-year"]

    def __str__(self):
        return f"{self.year}年"


class CalendarDay(models.Model):
    """A day that differs from its weekday: worked at a weekend, off on a weekday, or a statutory holiday."""

    class Kind(models.TextChoices):
        WORKDAY = "workday", "调休上班"
        REST = "rest", "调休放假"
        HOLIDAY = "holiday", "法定节假日"

    year = models.ForeignKey(CalendarYear, models.PROTECT, related_name="days", verbose_name="年份")
    date = models.DateField("日期", unique=True)
    kind = models.CharField("类型", max_length=10, choices=Kind)
    name = models.CharField("名称", max_length=50, blank=True)
    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "特殊日期"
        ordering = ["date"]

    def __str__(self):
        return f"{self.date:%Y-%m-%d} {self.get_kind_display()}"


class PolicyQuerySet(models.QuerySet):
    def number(self, key: str, on: date) -> int:
        """The value in force on that day: the latest dated one, else the default of ``policy.py``."""
        return self.numbers([key], on)[key]

    def numbers(self, keys: list[str], on: date) -> dict[str, int]:
        """Several of them at once, by key."""
        dated = memory.once(Policy, lambda: list(self.order_by("effective_from", "pk")))
        return in_force(dated, keys, on)


class Policy(models.Model):
    """A number that the Measures leave open, dated, with the document that fixes it."""

    key = models.CharField("参数", max_length=40, choices={key: number.label for key, number in OPEN_NUMBERS.items()})
    value = models.PositiveSmallIntegerField("数值")
    effective_from = models.DateField("生效日期")
    source = models.CharField("依据文件", max_length=200)
    history = History()

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "规则参数"
        ordering = ["key", "-effective_from"]
        constraints = [models.UniqueConstraint(fields=["key", "effective_from"], name="one_value_of_a_policy_a_day")]

    def __str__(self):
        return f"{self.get_key_display()}：{self.value}（{self.effective_from:%Y-%m-%d}起）"


class ConsentQuerySet(models.QuerySet):
    def standing(self, kind: str):
        """Given and not withdrawn."""
        return self.filter(kind=kind, withdrawn_at=None)


class Consent(models.Model):
    """A text of ``consents.toml`` that a person signed: which version, its digest, and when."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="consents", verbose_name="本人")
    kind = models.CharField("文本", max_length=40)
    version = models.CharField("版本", max_length=20)
    digest = models.CharField("文本摘要", max_length=64)
    given_at = models.DateTimeField("签署时间", default=clock.now)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    history = History()

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "承诺与同意"
        ordering = ["-given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "version"],
                condition=models.Q(withdrawn_at=None),
                name="one_standing_consent_of_a_version",
            )
        ]

    def __str__(self):
        return f"{self.user}：{self.kind} {self.version}"


class NotificationQuerySet(models.QuerySet):
    def pending(self, now):
        """Due and not yet handed over, oldest first."""
        return self.filter(sent_at=None, due__lte=now, attempts__lt=Notification.ATTEMPTS).order_by("due", "pk")

    def inbox(self, user):
        """What this person sees when signed in."""
        return self.filter(to=user, channel=Notification.Channel.INAPP, due__lte=clock.now())


class Notification(models.Model):
    """A message, written in the transaction that causes it: this table is the outbox."""

    ATTEMPTS = 8

    class Channel(models.TextChoices):
        INAPP = "inapp", "站内"
        SMS = "sms", "短信"
        MAIL = "mail", "邮件"

    key = models.CharField("唯一标识", max_length=120, unique=True)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="notifications")
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    address = EncryptedText("地址", blank=True, default="")
    subject = models.CharField("标题", max_length=100)
    body = EncryptedText("内容")
    url = models.CharField("链接", max_length=200, blank=True)
    created_at = models.DateTimeField("产生时间", default=clock.now)
    due = models.DateTimeField("应发时间", default=clock.now)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    sent_at = models.DateTimeField("发出时间", null=True)
    read_at = models.DateTimeField("阅读时间", null=True)
    error = models.CharField("错误", max_length=500, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["due"], condition=models.Q(sent_at=None), name="notification_pending")]

    def __str__(self):
        return self.subject


class Counter(models.Model):
    """Numbers without gaps or doubles: taken under a lock, given back if the act fails."""

    key = models.CharField(max_length=60, unique=True)
    value = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.key}：{self.value}"

    @classmethod
    def held(cls, key: str) -> "Counter":
        """The row of this series, which nobody else gets until the transaction ends."""
        counter, _ = cls.objects.select_for_update().get_or_create(key=key)
        return counter

    @classmethod
    def take(cls, key: str) -> int:
        """The next number of this series; must run inside the transaction that uses it."""
        if not transaction.get_connection().in_atomic_block:
            raise transaction.TransactionManagementError("a number is taken inside the act that uses it")
        counter = cls.held(key)
        counter.value += 1
        counter.save(update_fields=["value"])
        return counter.value


class Submission(models.Model):
    """A public form that has counted, by the key it carried, and what it was answered with."""

    key = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64)
    answer = EncryptedText(blank=True, default="")
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self):
        return self.key


class ClockMove(models.Model):
    """A recorded move of the demo's clock."""

    offset = models.DurationField("时钟快了多少")
    moved_at = models.DateTimeField("移动时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="移动人")
    reason = models.CharField("移动到", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "演示时钟"
        ordering = ["-pk"]

    def __str__(self):
        return self.reason
