"""A request put before one expert, and what he said (Articles 10(3), 12(3) and 14)."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from experts.models import Expert
from expertteam import clock
from expertteam.fields import EncryptedText
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet
from services.models.request import ServiceRequest


class OfferQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """An expert sees what was put before him, staff with the right see all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.has_perm("services.view_offer") else self.filter(expert__user_id=user.pk)

    def live(self):
        """Waiting for the expert, or taken on by him."""
        return self.filter(state__in=Offer.LIVE)

    def overdue(self, now):
        """Not answered in time."""
        return self.filter(state=Offer.State.OFFERED, answer_due__lt=now)

    def due_on(self, day):
        """To be answered in the course of this day."""
        begins = clock.instant(day)
        waiting = self.filter(state=Offer.State.OFFERED, answer_due__gte=max(begins, clock.now()))
        return waiting.filter(answer_due__lt=begins + timedelta(days=1)).select_related("expert__user", "request")

    def unlogged(self, since):
        """Taken on, begun before that moment, and nothing said yet of what came of it."""
        begun = self.filter(state=Offer.State.ACCEPTED, starts_at__lt=since)
        return begun.select_related("expert__user", "request")


class Offer(Workflow):
    """安排: the matcher asks one expert to take a request; who was asked, when, with what reasons, is kept for good."""

    class State(models.TextChoices):
        OFFERED = "offered", "等专家答复"
        ACCEPTED = "accepted", "已接受"
        DECLINED = "declined", "来不了"
        LAPSED = "lapsed", "逾期未答复"
        WITHDRAWN = "withdrawn", "已撤销"
        STOOD_DOWN = "stood_down", "接受后来不了"
        ABSENT = "absent", "专家未到"
        CLIENT_ABSENT = "client_absent", "对方没来"
        DONE = "done", "已服务"

    LIVE = [State.OFFERED, State.ACCEPTED]
    BELONGS_TO = "request"
    SPOKEN = {"replace": "reason", "decline": "reason", "stand_down": "reason", "report_absence": "reason"}

    class Reason(models.TextChoices):
        BUSY = "busy", "这个时间有别的安排"
        AWAY = "away", "出差或不在太原"
        ILL = "ill", "身体原因"
        FIELD = "field", "不是我擅长的方面"
        RELATED = "related", "与对方有利害关系，需要回避"
        OTHER = "other", "其他原因"

    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="offers", verbose_name="预约")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="offers", verbose_name="专家")
    state = models.CharField("状态", max_length=20, choices=State, default=State.OFFERED, editable=False)
    starts_at = models.DateTimeField("时间", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("时长（分钟）", default=60)
    room = models.CharField("地点", max_length=100, blank=True)
    alternates = models.JSONField("候补专家", default=list, blank=True)
    why = models.JSONField("匹配理由", default=list, blank=True)
    override = models.CharField("另选理由", max_length=200, blank=True)
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="匹配人"
    )
    offered_at = models.DateTimeField("发出时间", default=clock.now)
    answer_due = models.DateTimeField("答复期限")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True, editable=False)
    reason_kind = models.CharField("原因", max_length=10, choices=Reason, blank=True, editable=False)
    reason = EncryptedText("说明", blank=True, default="", editable=False)
    history = History()

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "安排"
        ordering = ["-pk"]
        permissions = [
            ("lapse_offer", "可作逾期处理"),
            ("report_absence_offer", "可登记专家未到"),
            ("replace_offer", "可换专家"),
        ]
        indexes = [
            models.Index(fields=["state", "answer_due"], name="offer_due"),
            models.Index(fields=["expert", "state"], name="offer_of_expert"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state__in=["offered", "accepted"]),
                name="art10_3_one_live_offer_of_a_request",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "stood_down"]) | ~Q(reason_kind=""),
                name="art12_3_declining_has_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.request}：{self.expert}"

    def get_absolute_url(self):
        return reverse("services:task", args=[self.pk])

    def concerns(self, user):
        """The expert's own: he alone answers, and nobody answers for him in office."""
        return self.expert.user_id == user.pk

    def bars(self, user):
        """Nor does the client see to his own booking in office."""
        return self.concerns(user) or self.request.concerns(user)

    @property
    def ends_at(self):
        return self.starts_at and self.starts_at + self.minutes * clock.ONE_MINUTE
