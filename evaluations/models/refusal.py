"""不履职核实: what was asked of an expert and not done, each looked at by itself (Article 12(3))."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from experts.models import Expert
from expertteam import clock
from expertteam.fields import EncryptedText
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet
from services.models import ActivityRole, Offer, Seat


class RefusalQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """Staff with the right; an expert his own, once he is asked; nobody in office his own."""
        if not user.is_authenticated:
            return self.none()
        own = self.filter(expert__user_id=user.pk)
        if user.has_perm("evaluations.view_refusal"):
            return self.exclude(pk__in=own.values("pk"))
        return own.exclude(state=Refusal.State.LEAD).filter(asked_at__isnull=False)

    def told(self):
        """With all that a page says of one."""
        return self.select_related("expert__user", "offer__request", "seat__panel", "role__activity")

    def silent(self, on):
        """The expert's time for an explanation is over."""
        return self.filter(state=Refusal.State.AWAITING_REASON, reason_due__lt=on)


class Refusal(Workflow):
    """One thing not done; it counts only once a second person has found that there was no proper reason."""

    class State(models.TextChoices):
        LEAD = "lead", "待初核"
        AWAITING_REASON = "awaiting_reason", "待专家说明"
        AWAITING_JUDGEMENT = "awaiting_judgement", "待认定"
        JUDGED = "judged", "已认定"
        SET_ASIDE = "set_aside", "不再追究"

    class Kind(models.TextChoices):
        DECLINED = "declined", "拒绝安排"
        LAPSED = "lapsed", "逾期不答复安排"
        STOOD_DOWN = "stood_down", "接受后又不来"
        ABSENT = "absent", "约好没有到场"
        SEAT = "seat", "评审没有到场或联系不上"
        ROLE = "role", "活动没有到场"
        OTHER = "other", "其他不履职"

    class Finding(models.TextChoices):
        NO_REASON = "no_reason", "无正当理由"
        PROPER_REASON = "proper_reason", "有正当理由"
        UNTRUE = "untrue", "情况不属实"

    SPOKEN = {"set_aside": "aside", "give_reason": "statement", "judge": "reasons"}

    number = models.CharField("编号", max_length=12, unique=True)
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="refusals", verbose_name="专家")
    kind = models.CharField("情形", max_length=12, choices=Kind)
    day = models.DateField("发生日期")
    offer = models.OneToOneField(
        Offer, models.PROTECT, null=True, blank=True, related_name="refusal", verbose_name="安排"
    )
    seat = models.OneToOneField(
        Seat, models.PROTECT, null=True, blank=True, related_name="refusal", verbose_name="评审席位"
    )
    role = models.OneToOneField(
        ActivityRole, models.PROTECT, null=True, blank=True, related_name="refusal", verbose_name="活动邀请"
    )
    what = EncryptedText("具体情况", blank=True, default="")
    delivered_at = models.DateTimeField("通知送达时间", null=True, blank=True)
    state = models.CharField("状态", max_length=20, choices=State, default=State.LEAD, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )
    opened_at = models.DateTimeField("登记时间", default=clock.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="初核人", editable=False
    )
    asked_at = models.DateTimeField("请专家说明的时间", null=True, editable=False)
    aside = models.TextField("不再追究的理由", max_length=500, blank=True, editable=False)
    reason_due = models.DateField("说明期限", null=True, editable=False)
    statement = EncryptedText("专家的说明", blank=True, default="", editable=False)
    finding = models.CharField("认定", max_length=20, choices=Finding, blank=True, editable=False)
    reasons = EncryptedText("认定理由", blank=True, default="", editable=False)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="认定人", editable=False
    )
    judged_at = models.DateTimeField("认定时间", null=True, editable=False)
    history = History()

    objects = RefusalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "不履职核实"
        ordering = ["-pk"]
        permissions = [
            ("open_refusal", "可登记不履职线索"),
            ("ask_reason_refusal", "可请专家说明"),
            ("set_aside_refusal", "可不再追究"),
            ("lapse_reason_refusal", "可作逾期未说明处理"),
            ("judge_refusal", "可认定有无正当理由"),
        ]
        indexes = [models.Index(fields=["state", "day"], name="refusal_queue")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="other", offer=None, seat=None, role=None)
                | Q(kind__in=["declined", "lapsed", "stood_down", "absent"], offer__isnull=False, seat=None, role=None)
                | Q(kind="seat", seat__isnull=False, offer=None, role=None)
                | Q(kind="role", role__isnull=False, offer=None, seat=None),
                name="art12_3_refusal_names_what_was_asked",
            ),
            models.CheckConstraint(
                condition=~Q(state="judged")
                | (~Q(finding="") & Q(judged_by__isnull=False, judged_at__isnull=False, asked_at__isnull=False)),
                name="art12_3_judged_by_somebody_after_asking",
            ),
            models.CheckConstraint(
                condition=Q(judged_by=None)
                | (
                    (Q(opened_by=None) | ~Q(judged_by=F("opened_by")))
                    & (Q(asked_by=None) | ~Q(judged_by=F("asked_by")))
                ),
                name="art12_3_judged_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="set_aside") | ~Q(aside=""), name="art12_3_set_aside_with_a_reason"
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("evaluations:refusal", args=[self.pk])

    def concerns(self, user):
        return self.expert.user_id == user.pk

    @property
    def due(self):
        """Until when the expert explains himself; None in every other state."""
        return self.reason_due if self.state == self.State.AWAITING_REASON else None
