"""计次: the ledger of what counts towards Article 12(2) and (3), and the talks held because of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from evaluations.models.case import RatingCase
from evaluations.models.refusal import Refusal
from experts.models import Appointment, Expert
from expertteam import clock
from expertteam.fields import EncryptedText
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet
from services.models import Service


class StrikeQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """Staff with the right, but nobody in office his own; an expert his own."""
        if not user.is_authenticated:
            return self.none()
        own = self.filter(expert__user_id=user.pk)
        return self.exclude(pk__in=own.values("pk")) if user.has_perm("evaluations.view_strike") else own

    def counted(self):
        """What stands: neither under appeal nor reversed."""
        return self.filter(state__in=Strike.COUNTED)

    def told(self):
        """With all that the ledger says of one."""
        return self.select_related(
            "expert__user", "appointment", "case", "refusal", "service", "found_by", "reviewed_by"
        )


class Strike(Workflow):
    """One entry: what happened when, which finding of whom it rests on, and what became of the appeal."""

    class State(models.TextChoices):
        STANDING = "standing", "有效"
        APPEALED = "appealed", "申诉复核中"
        MAINTAINED = "maintained", "复核维持"
        REVERSED = "reversed", "已撤销"

    class Ground(models.TextChoices):
        ATTITUDE = "12(2)", "服务态度恶劣"
        REFUSAL = "12(3)", "无正当理由不履职"

    COUNTED = [State.STANDING, State.MAINTAINED]
    SPOKEN = {"appeal": "appeal_words", "maintain": "answer", "reverse": "answer"}

    number = models.CharField("编号", max_length=12, unique=True)
    ground = models.CharField("依据", max_length=10, choices=Ground)
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="strikes", verbose_name="专家")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="strikes", verbose_name="聘期")
    day = models.DateField("发生日期")
    case = models.OneToOneField(
        RatingCase, models.PROTECT, null=True, blank=True, related_name="strike", verbose_name="差评回访"
    )
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="strikes", verbose_name="服务记录"
    )
    refusal = models.OneToOneField(
        Refusal, models.PROTECT, null=True, blank=True, related_name="strike", verbose_name="不履职核实"
    )
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="认定人")
    found_at = models.DateTimeField("认定时间")
    appeal_until = models.DateField("申诉期限")
    state = models.CharField("状态", max_length=20, choices=State, default=State.STANDING, editable=False)
    appeal_words = EncryptedText("申诉理由", blank=True, default="", editable=False)
    appealed_at = models.DateTimeField("申诉时间", null=True, editable=False)
    answer = EncryptedText("复核意见", blank=True, default="", editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="复核人", editable=False
    )
    reviewed_at = models.DateTimeField("复核时间", null=True, editable=False)
    history = History()

    objects = StrikeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "计次"
        ordering = ["-day", "-pk"]
        permissions = [("maintain_strike", "可维持计次"), ("reverse_strike", "可撤销计次")]
        indexes = [models.Index(fields=["expert", "ground", "day", "state"], name="strike_threshold")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ground="12(2)", case__isnull=False, service__isnull=False, refusal=None)
                | Q(ground="12(3)", refusal__isnull=False, case=None, service=None),
                name="art12_strike_names_its_source",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["maintained", "reversed"])
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False, appealed_at__isnull=False),
                name="art12_appeal_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("found_by")),
                name="art12_appeal_is_decided_by_another",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("evaluations:strike", args=[self.pk])

    def concerns(self, user):
        return self.expert.user_id == user.pk

    @property
    def counts(self) -> bool:
        return self.state in self.COUNTED

    def may_be_appealed(self, on) -> bool:
        """Whether the expert still has time to appeal, and has not done so."""
        return self.state == self.State.STANDING and on <= self.appeal_until

    @property
    def source(self):
        """The finding it rests on."""
        return self.case or self.refusal

    @property
    def words(self) -> str:
        """What was found of which source, as papers write it; never by whom it was said."""
        if self.case:
            return f"服务对象反馈服务态度不好，已认定属实（{self.case.number}）"
        return f"{self.refusal.get_kind_display()}，已认定无正当理由（{self.refusal.number}）"

    @property
    def what(self) -> str:
        """What somebody wrote down of it when he entered it by hand; else empty."""
        return self.refusal.what if self.refusal else ""


class TalkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the ledger; an expert those held with him."""
        if user.has_perm("evaluations.view_strike"):
            return self
        return self.filter(expert__user_id=user.pk) if user.is_authenticated else self.none()


class Talk(models.Model):
    """约谈: held with an expert who has two entries on one ground; written once."""

    expert = models.ForeignKey(Expert, models.PROTECT, related_name="talks", verbose_name="专家")
    ground = models.CharField("依据", max_length=10, choices=Strike.Ground)
    held_on = models.DateField("约谈日期")
    note = EncryptedText("谈了什么")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="约谈人")
    recorded_at = models.DateTimeField("登记时间", default=clock.now)

    objects = TalkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "约谈"
        ordering = ["-held_on", "-pk"]
        permissions = [("record_talk", "可登记约谈")]

    def __str__(self):
        return f"{self.expert}：{self.get_ground_display()}"
