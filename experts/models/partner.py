"""Sites that show the directory as well, and take bookings (Articles 10 and 10(3)); what they were told."""

import hashlib
import secrets
from datetime import date
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from expertteam import clock
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet, may


class DirectoryEntry(models.Model):
    """What other sites were last told under a number of the directory, and as the how-manieth change.

    ``place`` grows by one with every change and is given out under a lock that is held until the commit
    (``experts.changes``).  ``digest`` is empty once the number is no longer in the directory.
    """

    no = models.CharField("专家编号", max_length=12, unique=True)
    digest = models.CharField("内容摘要", max_length=64, blank=True)
    place = models.PositiveBigIntegerField("变更次序", unique=True)
    changed_at = models.DateTimeField("变更时间")

    class Meta:
        verbose_name = verbose_name_plural = "名录变更"
        ordering = ["place"]

    def __str__(self):
        return self.no


class PartnerQuerySet(models.QuerySet):
    def active(self):
        """Those with whom the bureau works at present."""
        return self.filter(active=True)

    def visible_to(self, user):
        """Whoever keeps the partners sees all of them."""
        return self if may(user, "experts.view_partner") else self.none()

    def origins(self) -> list[str]:
        """Where the directory may be shown in a frame, and read by a script: ``https://www.example.cn``, each once."""
        return sorted({origin for origins in self.active().values_list("origins", flat=True) for origin in origins})


class Partner(models.Model):
    """Another site: one that shows the directory, or the city's incubation platform, which sends bookings."""

    name = models.CharField("名称", max_length=60, unique=True)
    contact = models.CharField("联系人和电话", max_length=100, blank=True)
    origins = models.JSONField("可以嵌入名录的网站", default=list, blank=True)
    active = models.BooleanField("正在合作", default=True)
    history = History()

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "合作网站"
        ordering = ["pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("experts:partner", args=[self.pk])


def digest(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


class PartnerKeyQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """Whoever keeps the partners sees all of them."""
        return self if may(user, "experts.view_partnerkey") else self.none()

    def live(self, on: date):
        """Not revoked and not run out on that day; ``last_day`` is inclusive."""
        return self.exclude(state=PartnerKey.State.REVOKED).filter(last_day__gte=on)

    def opening(self, key: str, on: date):
        """The key with this text, if it opens anything on that day; at most one."""
        usable = self.live(on).filter(state=PartnerKey.State.ACTIVE, partner__active=True, digest=digest(key))
        return usable.select_related("partner")


class PartnerKey(Workflow):
    """A key of a partner's program: 256 random bits, shown once, of which only the digest is kept."""

    BELONGS_TO = "partner"

    class State(models.TextChoices):
        PROPOSED = "proposed", "待确认"
        ACTIVE = "active", "有效"
        REVOKED = "revoked", "已作废"

    class Scope(models.TextChoices):
        READ = "read", "读取名录"
        BOOK = "book", "读取名录，提交预约"

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="keys", verbose_name="合作网站")
    scope = models.CharField("权限", max_length=10, choices=Scope)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField("开头", max_length=12, editable=False)
    networks = models.JSONField("只能从这些地址使用", default=list, blank=True)
    last_day = models.DateField("有效期至")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="生成人")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认人"
    )
    made_at = models.DateTimeField("生成时间", default=clock.now)
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)
    state = models.CharField("状态", max_length=20, choices=State, default=State.PROPOSED, editable=False)
    history = History(excluded_fields=["last_used_at"])

    objects = PartnerKeyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "接口密钥"
        ordering = ["-pk"]
        permissions = [
            ("issue_partnerkey", "可生成密钥"),
            ("confirm_key_partnerkey", "可确认密钥"),
            ("revoke_key_partnerkey", "可作废密钥"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="read")
                | ~Q(state="active")
                | Q(confirmed_by__isnull=False) & ~Q(confirmed_by=F("proposed_by")),
                name="art10_3_key_to_book_has_two_people",
            )
        ]

    def __str__(self):
        return f"{self.partner}：{self.hint}…"

    def get_absolute_url(self):
        return self.partner.get_absolute_url()

    @staticmethod
    def new() -> str:
        """256 random bits, with letters in front by which one knows what it is."""
        return f"ty_{secrets.token_urlsafe(32)}"

    def is_over(self, on: date) -> bool:
        return self.last_day < on

    def admits(self, address: str) -> bool:
        """Whether it may be used from this address."""
        if not self.networks:
            return True
        try:
            known = ip_address(address)
        except ValueError:
            return False
        return any(known in ip_network(network) for network in self.networks)
