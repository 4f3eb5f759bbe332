"""What the inspector does beside the draw: he decides who stays away, and he halts (Articles 10(4) and 14)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from expertteam import clock
from expertteam.fields import EncryptedText
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet
from services.models.panel import ReviewPanel, ReviewProject


class RecusalRequestQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """Those who supervise, and those who run the draw."""
        return self if user.has_perm("services.view_recusalrequest") else self.none()


class RecusalRequest(Workflow):
    """当事人申请回避: a party asks that somebody does not judge its project; the inspector decides."""

    class State(models.TextChoices):
        RECEIVED = "received", "待审查"
        UPHELD = "upheld", "成立"
        DISMISSED = "dismissed", "不成立"

    BELONGS_TO = "panel"
    SPOKEN = {"uphold": "ruling", "dismiss": "ruling"}

    panel = models.ForeignKey(ReviewPanel, models.PROTECT, related_name="recusal_requests", verbose_name="评审")
    project = models.ForeignKey(ReviewProject, models.PROTECT, related_name="recusal_requests", verbose_name="参评项目")
    expert = models.ForeignKey("experts.Expert", models.PROTECT, related_name="+", verbose_name="专家")
    reason = EncryptedText("理由")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    received_at = models.DateTimeField("收到时间", default=clock.now)
    state = models.CharField("状态", max_length=20, choices=State, default=State.RECEIVED, editable=False)
    ruling = models.TextField("审查意见", blank=True)
    history = History()

    objects = RecusalRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "当事人申请回避"
        ordering = ["-pk"]
        permissions = [
            ("record_recusalrequest", "可登记当事人申请回避"),
            ("uphold_recusalrequest", "可认定回避申请成立"),
            ("dismiss_recusalrequest", "可认定回避申请不成立"),
        ]

    def __str__(self):
        return f"{self.panel}：当事人申请回避"

    def get_absolute_url(self):
        return self.panel.get_absolute_url()

    def concerns(self, user):
        return self.expert.user_id == user.pk or self.panel.concerns(user)

    def standstill(self):
        return self.panel.standstill()


class HaltQuerySet(WorkflowQuerySet):
    def standing(self):
        return self.filter(state=Halt.State.STANDING)

    def visible_to(self, user):
        """Whoever sees the review."""
        return self if user.has_perm("services.view_reviewpanel") else self.none()


class Halt(Workflow):
    """叫停: while it stands nothing of the review moves, in the database either."""

    class State(models.TextChoices):
        STANDING = "standing", "已叫停"
        LIFTED = "lifted", "已恢复"

    BELONGS_TO = "panel"
    SPOKEN = {"lift": "lifted_because"}

    panel = models.ForeignKey(ReviewPanel, models.PROTECT, related_name="halts", verbose_name="评审")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="叫停人")
    reason = models.CharField("叫停原因", max_length=200)
    at = models.DateTimeField("叫停时间", default=clock.now)
    state = models.CharField("状态", max_length=20, choices=State, default=State.STANDING, editable=False)
    lifted_because = models.CharField("恢复原因", max_length=200, blank=True)
    lifted_at = models.DateTimeField("恢复时间", null=True, editable=False)
    history = History()

    objects = HaltQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "叫停"
        ordering = ["-pk"]
        permissions = [("call_halt", "可叫停评审"), ("lift_halt", "可恢复评审")]
        constraints = [
            models.UniqueConstraint(
                fields=["panel"], condition=Q(state="standing"), name="art10_4_one_standing_halt_of_a_review"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="art10_4_halt_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.panel}：{self.get_state_display()}"

    def get_absolute_url(self):
        return self.panel.get_absolute_url()

    def concerns(self, user):
        return self.panel.concerns(user)
