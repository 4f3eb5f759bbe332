"""应付劳务报酬: one claim for each piece of confirmed work, its price as a line that never changes (Article 13)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from experts.models import Expert
from expertteam import clock
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet
from payments.models.rates import ActivityKind, Rate, RateSchedule
from services.models import Seat, Service

PERSON = settings.AUTH_USER_MODEL


class Income(models.TextChoices):
    """What the law of income tax calls the work: all of one in a month is one 次."""

    CONSULTING = "consulting", "咨询"
    LECTURING = "lecturing", "讲学"


class ClaimQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever keeps or checks the pay, but nobody in office his own; an expert his own."""
        if not user.is_authenticated:
            return self.none()
        own = self.filter(expert__user_id=user.pk)
        return self.exclude(pk__in=own.values("pk")) if user.has_perm("payments.view_claim") else own

    def unpriced(self):
        """Without a price, for a reason that may pass."""
        return self.filter(why_not__in=Claim.PASSING)


class Claim(models.Model):
    """That an expert is to be paid for one service, or for a review that came to nothing; once, for ever."""

    class Kind(models.TextChoices):
        SERVICE = "service", "已确认的服务"
        SEAT = "seat", "未完成的评审"

    class Outcome(models.TextChoices):
        COMPLETED = "completed", "已完成"
        VOID_AFTER = "void_after_review", "评审后废标"
        VOID_BEFORE = "void_before_review", "评审前取消"

    class WhyNot(models.TextChoices):
        """Why there is no price; the work itself is not in doubt."""

        UNPRICED = "unpriced", "这类活动还没有支付标准，待局里录入"
        RANGE = "range", "标准是一个幅度，待财务定每单位金额"
        NO_SCHEDULE = "no_schedule", "服务那天还没有执行的标准"
        CALENDAR = "calendar", "那年的放假安排还没有录入，不能确定是否节假日"
        STAFF = "staff", "本单位工作人员的职责内工作不支付报酬"
        OUT_OF_TERM = "out_of_term", "服务那天不在聘期内"
        VOIDED = "voided", "经更正不予支付"

    PASSING = [WhyNot.UNPRICED, WhyNot.RANGE, WhyNot.NO_SCHEDULE, WhyNot.CALENDAR]

    kind = models.CharField("来源", max_length=10, choices=Kind)
    service = models.OneToOneField(Service, models.PROTECT, null=True, related_name="claim", verbose_name="服务记录")
    seat = models.OneToOneField(Seat, models.PROTECT, null=True, related_name="claim", verbose_name="评审席位")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="claims", verbose_name="专家")
    activity = models.CharField("活动类型", max_length=12, choices=ActivityKind)
    income = models.CharField("所得性质", max_length=12, choices=Income)
    started_at = models.DateTimeField("开始时间")
    day = models.DateField("服务日期")
    minutes = models.PositiveSmallIntegerField("时长（分钟）")
    outcome = models.CharField("结果", max_length=20, choices=Outcome, default=Outcome.COMPLETED)
    agreed = models.DecimalField("幅度内定的每单位金额（元）", max_digits=10, decimal_places=2, null=True)
    agreed_why = models.CharField("这样定的理由", max_length=200, blank=True)
    agreed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name="定价人")
    why_not = models.CharField("没有计价的原因", max_length=12, choices=WhyNot, blank=True)
    collected_at = models.DateTimeField("归集时间", default=clock.now)
    tried_at = models.DateTimeField("上次计价时间", default=clock.now)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "应付劳务报酬"
        ordering = ["-day", "-pk"]
        permissions = [("agree_claim", "可在标准幅度内定金额")]
        indexes = [
            models.Index(fields=["expert", "day"], name="claim_of_expert"),
            models.Index(fields=["tried_at"], condition=~Q(why_not=""), name="claim_unpriced"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="service", service__isnull=False, seat=None)
                | Q(kind="seat", service=None, seat__isnull=False),
                name="art13_claim_has_one_source",
            ),
            models.CheckConstraint(
                condition=Q(agreed=None, agreed_by=None)
                | Q(agreed__isnull=False, agreed_by__isnull=False) & ~Q(agreed_why=""),
                name="art13_agreed_sum_has_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.day:%Y-%m-%d}{self.get_activity_display()}"

    def get_absolute_url(self):
        return reverse("payments:item", args=[self.pk])


class LineQuerySet(models.QuerySet):
    def live(self):
        """What stands: at most one of a claim."""
        return self.filter(live=True)

    def owing(self):
        """What stands, and what takes back money that was put into a batch."""
        return self.filter(Q(live=True) | Q(reverses__batch__isnull=False))

    def waiting(self):
        """Owed, or to be set off, and in no batch yet."""
        return self.owing().filter(batch=None)

    def ready(self):
        """Of what waits, all that nobody is about to correct: what a batch made now would hold."""
        return self.waiting().exclude(corrections__state=Correction.State.PROPOSED)

    def visible_to(self, user):
        """As the claims."""
        return self.filter(claim__in=Claim.objects.visible_to(user))

    def told(self):
        """With all that a table says of one."""
        return self.select_related("claim").prefetch_related("claim__expert__user", "schedule")


class Line(models.Model):
    """A claim at its price, in yuan, by the schedule in force on the day of the service; nothing in it ever changes.

    ``live``: no correction has taken its place.  ``reverses``: takes back a line that was paid, with its negative
    amount.  ``replaces``: owed again, because the bank sent the money back, or at the price that a correction found.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="lines", verbose_name="应付事项")
    amount = models.DecimalField("金额（元）", max_digits=10, decimal_places=2)
    net = models.BooleanField("税后金额", default=False)
    schedule = models.ForeignKey(RateSchedule, models.PROTECT, related_name="lines", verbose_name="报酬标准")
    rate = models.ForeignKey(Rate, models.PROTECT, related_name="lines", verbose_name="标准明细")
    inputs = models.JSONField("计算依据", default=dict)
    trace = models.CharField("怎么算的", max_length=200)
    priced_at = models.DateTimeField("计价时间", default=clock.now)
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="reversals", verbose_name="冲销")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by", verbose_name="替代")
    live = models.BooleanField("有效", default=True)
    batch = models.ForeignKey("payments.Batch", models.PROTECT, null=True, related_name="lines", verbose_name="批次")

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报酬明细"
        ordering = ["claim__day", "pk"]
        indexes = [models.Index(fields=["live"], condition=Q(batch=None), name="line_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["claim"], condition=Q(live=True), name="art13_one_live_line_of_a_claim"),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(replaces=None), name="art13_a_line_is_reversed_once"
            ),
            models.CheckConstraint(
                condition=Q(reverses=None, amount__gte=0) | Q(reverses__isnull=False, amount__lte=0, live=False),
                name="art13_only_a_reversal_is_negative",
            ),
        ]

    def __str__(self):
        return f"{self.claim}：{self.amount}元"

    @property
    def payout(self):
        """With what it was sent to its expert; none while its batch is not checked."""
        kind = {"expert": self.claim.expert_id, "income": self.claim.income}
        return self.batch.payouts.filter(**kind).select_related("result").first() if self.batch else None


class CorrectionQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """As the claims."""
        return self.filter(line__claim__in=Claim.objects.visible_to(user))


class Correction(Workflow):
    """更正: a line taken back and priced anew, or not at all; proposed with a reason, signed by a second person."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待复核"
        SIGNED = "signed", "已更正"
        REFUSED = "refused", "未同意"

    SPOKEN = {"sign": "opinion", "refuse": "opinion"}

    line = models.ForeignKey(Line, models.PROTECT, related_name="corrections", verbose_name="原明细")
    void = models.BooleanField("不予支付", default=False)
    minutes = models.PositiveSmallIntegerField("时长（分钟）", null=True, blank=True)
    outcome = models.CharField("结果", max_length=20, choices=Claim.Outcome, blank=True)
    extended = models.BooleanField("延时经批准", default=False)
    agreed = models.DecimalField("每单位金额（元）", max_digits=10, decimal_places=2, null=True, blank=True)
    reason = models.TextField("更正理由", max_length=500)
    proposed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间", default=clock.now)
    opinion = models.TextField("复核意见", max_length=500, blank=True, editable=False)
    signed_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="复核人"
    )
    signed_at = models.DateTimeField("复核时间", null=True, editable=False)
    state = models.CharField("状态", max_length=20, choices=State, default=State.PROPOSED, editable=False)
    history = History()

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报酬更正"
        ordering = ["-pk"]
        permissions = [
            ("propose_correction", "可提出报酬更正"),
            ("sign_correction", "可复核报酬更正"),
            ("refuse_correction", "可不同意报酬更正"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=Q(state="proposed"), name="art13_one_open_correction_of_a_line"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", signed_by=None)
                | ~Q(state="proposed") & Q(signed_by__isnull=False, signed_at__isnull=False),
                name="art13_correction_has_a_second_signature",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("proposed_by")),
                name="art13_correction_is_signed_by_another",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="art13_correction_has_a_reason"),
        ]

    def __str__(self):
        return f"更正：{self.line}"

    def get_absolute_url(self):
        return reverse("payments:item", args=[self.line.claim_id])

    def concerns(self, user):
        return self.line.claim.expert.user_id == user.pk
