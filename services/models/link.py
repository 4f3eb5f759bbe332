"""One-time links and what was said on the telephone (Article 10(3))."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from expertteam import clock
from services.models.draw import DrawParty
from services.models.offer import Offer
from services.models.request import ServiceRequest
from services.models.service import Service


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


class LinkQuerySet(models.QuerySet):
    def holding(self, token: str, purpose: str):
        """The link of this purpose behind a token, while it is valid; at most one."""
        return self.filter(digest=digest(token), purpose=purpose, expires_at__gt=clock.now())


class Link(models.Model):
    """Whoever holds it may see, and for its purpose act on, this one record; only its digest is kept."""

    class Purpose(models.TextChoices):
        PROGRESS = "progress", "查看和改约"
        CONFIRM = "confirm", "确认服务"
        RATE = "rate", "评价"
        TASK = "task", "专家答复"
        WITNESS = "witness", "见证抽取"

    purpose = models.CharField("用途", max_length=10, choices=Purpose)
    request = models.ForeignKey(ServiceRequest, models.PROTECT, null=True, related_name="links")
    offer = models.ForeignKey(Offer, models.PROTECT, null=True, related_name="links")
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="links")
    party = models.ForeignKey(DrawParty, models.PROTECT, null=True, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField("产生时间", default=clock.now)
    expires_at = models.DateTimeField("失效时间")

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "一次性链接"
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose="progress", request__isnull=False)
                | Q(purpose="task", offer__isnull=False)
                | Q(purpose__in=["confirm", "rate"], service__isnull=False)
                | Q(purpose="witness", party__isnull=False),
                name="art4_link_leads_to_one_record",
            )
        ]

    def __str__(self):
        return self.get_purpose_display()

    @classmethod
    def issue(cls, purpose, lasts, **record) -> str:
        """Make a link that lasts that long; returns its token, 128 random bits, which is not kept."""
        token = secrets.token_urlsafe(16)
        cls.objects.create(purpose=purpose, digest=digest(token), expires_at=clock.now() + lasts, **record)
        return token


class CallQuerySet(models.QuerySet):
    def spoken(self):
        """Calls proper: to have looked a number up is none yet."""
        return self.exclude(what=Call.NUMBER_SEEN)

    def lookups(self, by, since):
        """The numbers that this person has looked up since then."""
        return self.filter(what=Call.NUMBER_SEEN, by=by, at__gt=since)


class Call(models.Model):
    """A telephone call or a visit at the counter in a matter: who spoke with whom, about what."""

    NUMBER_SEEN = "查看号码"

    request = models.ForeignKey(ServiceRequest, models.PROTECT, null=True, related_name="calls", verbose_name="预约")
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="calls", verbose_name="服务记录")
    sign_up = models.ForeignKey(
        "services.SignUp", models.PROTECT, null=True, related_name="calls", verbose_name="活动报名"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="接打人")
    at = models.DateTimeField("时间", default=clock.now)
    what = models.CharField("事项", max_length=40)
    reached = models.BooleanField("接通", default=True)
    note = models.TextField("说明", blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通话记录"
        ordering = ["-pk"]
        permissions = [("see_number_call", "可查看完整号码")]
        indexes = [models.Index(fields=["by", "at"], name="call_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(request__isnull=False) | Q(service__isnull=False) | Q(sign_up__isnull=False),
                name="art10_3_call_is_about_something",
            )
        ]

    def __str__(self):
        return f"{self.what}（{self.by}）"
