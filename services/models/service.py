"""What was done, as the expert logs it and the client confirms it (Articles 8, 9 and 10(1))."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from experts.models import Appointment, Expert, Topic
from expertteam import clock
from expertteam.fields import BlindIndex, EncryptedText
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet
from services.models.request import ClientGroup, Kind, ServiceRequest


class ServiceQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """An expert in term sees his own, staff with the right see all (Article 4: not after the term)."""
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("services.view_service"):
            return self
        in_term = Appointment.objects.in_force(clock.today()).filter(expert=OuterRef("expert"))
        return self.filter(Exists(in_term), expert__user_id=user.pk)

    def counted(self):
        """What counts for evaluation and pay: confirmed by the client, verified by a call, or ruled upon."""
        return self.filter(state__in=Service.COUNTED)

    def unconfirmed(self, on):
        """Logged, and the client has not answered by the end of the period."""
        return self.filter(state=Service.State.LOGGED, confirm_due__lt=on)


class Service(Workflow):
    """One service as it took place; ``minutes`` as logged, ``ruled_minutes`` where the bureau decided."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        LOGGED = "logged", "待服务对象确认"
        CONFIRMED = "confirmed", "已确认"
        QUERIED = "queried", "有出入，核实中"
        UNANSWERED = "unanswered", "未答复，待回访"
        VERIFIED = "verified", "回访属实"
        RULED = "ruled", "已核定"
        REJECTED = "rejected", "核定不成立"

    COUNTED = [State.CONFIRMED, State.VERIFIED, State.RULED]
    FOR_MANY = [Kind.ACTIVITY, Kind.REVIEW]  # a talk or a review has no client of its own
    BELONGS_TO = "request"
    SPOKEN = {"query": "client_note", "rule": "ruling", "reject": "ruling", "verify": "ruling"}

    class Mode(models.TextChoices):
        CENTRE = "centre", "服务中心面谈"
        VISIT = "visit", "上门"
        PHONE = "phone", "电话"
        ONLINE = "online", "线上"

    class Via(models.TextChoices):
        LINK = "link", "短信链接"
        CODE = "code", "口述确认码"
        PHONE = "phone", "电话"
        ATTENDANCE = "attendance", "签到名单"
        REVIEW = "review", "评审签到和签字"

    request = models.OneToOneField(
        ServiceRequest, models.PROTECT, null=True, blank=True, related_name="service", verbose_name="预约"
    )
    pairing = models.ForeignKey(
        "services.Pairing", models.PROTECT, null=True, blank=True, related_name="services", verbose_name="结对帮扶"
    )
    activity = models.ForeignKey(
        "services.Activity", models.PROTECT, null=True, blank=True, related_name="services", verbose_name="专题活动"
    )
    seat = models.OneToOneField(
        "services.Seat", models.PROTECT, null=True, blank=True, related_name="service", verbose_name="评审席位"
    )
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="services", verbose_name="专家")
    state = models.CharField("状态", max_length=20, choices=State, default=State.DRAFT, editable=False)
    kind = models.CharField("服务类型（第八条）", max_length=20, choices=Kind, default=Kind.CONSULTING)
    topics = models.JSONField("内容", default=list, blank=True)
    mode = models.CharField("方式", max_length=10, choices=Mode, default=Mode.CENTRE)
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("时长（分钟）", null=True, blank=True)
    summary = EncryptedText("一句话记录", blank=True, default="")
    advice = EncryptedText("下一步建议", blank=True, default="")
    name = EncryptedText("服务对象", blank=True, default="")
    phone = EncryptedText("手机号", blank=True, default="")
    phone_index = BlindIndex(source="phone", purpose="mobile", db_index=True)
    group = models.CharField("服务对象类别（第七条）", max_length=20, choices=ClientGroup, blank=True)
    enterprise = models.CharField("企业或项目", max_length=100, blank=True)
    late = models.BooleanField("逾期补记", default=False)
    logged_at = models.DateTimeField("记录时间", null=True, blank=True)
    confirm_due = models.DateField("确认期限", null=True, blank=True)
    call_due = models.DateField("回访期限", null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0, editable=False)
    confirmed_via = models.CharField("确认方式", max_length=10, choices=Via, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    claimed_minutes = models.PositiveSmallIntegerField("对方说的时长（分钟）", null=True, blank=True)
    client_note = EncryptedText("对方的说明", blank=True, default="")
    ruled_minutes = models.PositiveSmallIntegerField("核定时长（分钟）", null=True, blank=True)
    ruling = models.TextField("核实情况", blank=True)
    satisfied = models.BooleanField("满意", null=True, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人")
    history = History()

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "服务记录"
        ordering = ["-started_at", "-pk"]
        permissions = [
            ("confirm_service", "可代为确认"),
            ("query_service", "可代为提出出入"),
            ("leave_unanswered_service", "可转电话回访"),
            ("verify_service", "可登记回访属实"),
            ("rule_service", "可核定时长"),
            ("reject_service", "可核定不成立"),
        ]
        indexes = [
            models.Index(fields=["expert", "state", "started_at"], name="service_of_expert"),
            models.Index(fields=["state", "confirm_due"], name="service_due"),
            models.Index(fields=["group", "expert", "state", "satisfied"], name="service_for_group"),
            models.Index(fields=["state", "started_at"], name="service_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(started_at__isnull=False, minutes__gte=1, logged_at__isnull=False),
                name="art8_logged_has_time_and_length",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(confirmed_via=""), name="art10_1_confirmed_says_how"
            ),
            models.CheckConstraint(
                condition=~Q(state="ruled") | Q(ruled_minutes__isnull=False), name="art10_1_ruled_has_a_length"
            ),
        ]

    def __str__(self):
        return f"{self.expert}：{self.get_kind_display()}"

    def get_absolute_url(self):
        return reverse("services:service", args=[self.pk])

    def concerns(self, user):
        """The expert's and the client's own: neither confirms, verifies or rules in office."""
        own_phone = user.phone_index and user.phone_index == self.phone_index
        return self.expert.user_id == user.pk or bool(own_phone) or bool(self.request and self.request.concerns(user))

    @property
    def topic_labels(self) -> list[str]:
        return [Topic(topic).label for topic in self.topics]

    @property
    def counted_minutes(self) -> int:
        """The length that counts."""
        return self.minutes if self.ruled_minutes is None else self.ruled_minutes
