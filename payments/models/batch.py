"""报酬批次: made, checked and released by three people; what each expert gets of it (Article 13)."""

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Round
from django.urls import reverse

from experts.models import Expert
from expertteam import clock
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet
from payments.models.claim import Income
from payments.models.payee import BankAccount

PERSON = settings.AUTH_USER_MODEL


class BatchQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """Finance and the leader."""
        return self if user.has_perm("payments.view_batch") else self.none()

    def released(self):
        """The money has been sent, whatever came of it."""
        return self.filter(state__in=Batch.PAID)


class Batch(Workflow):
    """Lines paid together; once released nothing in it changes."""

    class State(models.TextChoices):
        DRAFT = "draft", "编制中"
        SUBMITTED = "submitted", "待复核"
        APPROVED = "approved", "待发放"
        RELEASED = "released", "已发放"
        SETTLED = "settled", "已核对"
        DISSOLVED = "dissolved", "已撤销"

    PAID = [State.RELEASED, State.SETTLED]
    SPOKEN = {"send_back": "words", "hold_back": "words", "approve": "check_note", "release": "words"}

    number = models.CharField("批次号", max_length=20, unique=True)
    title = models.CharField("名称", max_length=60)
    until = models.DateField("服务日期截至")
    payer = models.CharField("付款单位", max_length=60)
    payer_code = models.CharField("付款单位统一社会信用代码", max_length=18, blank=True)
    state = models.CharField("状态", max_length=20, choices=State, default=State.DRAFT, editable=False)
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name="制表人")
    made_at = models.DateTimeField("制表时间", default=clock.now)
    words = models.CharField("退回原因", max_length=200, blank=True, editable=False)
    checked_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="复核人"
    )
    checked_at = models.DateTimeField("复核时间", null=True, editable=False)
    check_note = models.TextField("复核说明", max_length=500, blank=True, editable=False)
    released_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="发放人"
    )
    released_at = models.DateTimeField("发放时间", null=True, editable=False)
    paid_in = models.DateField("所得月份", null=True, editable=False)  # the first day of the month
    gross = models.DecimalField("应发合计（元）", max_digits=12, decimal_places=2, null=True, editable=False)
    tax = models.DecimalField("税额合计（元）", max_digits=12, decimal_places=2, null=True, editable=False)
    paid_out = models.DecimalField("实发合计（元）", max_digits=12, decimal_places=2, null=True, editable=False)
    digest = models.CharField("银行文件指纹", max_length=64, blank=True, editable=False)
    history = History()

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报酬批次"
        ordering = ["-pk"]
        permissions = [
            ("make_batch", "可编制报酬批次"),
            ("take_out_batch", "可移出批次明细"),
            ("submit_batch", "可提交复核"),
            ("send_back_batch", "可退回给制表人"),
            ("approve_batch", "可复核通过"),
            ("hold_back_batch", "可退回已复核批次"),
            ("release_batch", "可发放报酬"),
            ("dissolve_batch", "可撤销批次"),
            ("export_batch", "可导出银行和报税文件"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "released", "settled"])
                | Q(checked_by__isnull=False, checked_at__isnull=False, paid_in__isnull=False, gross__isnull=False)
                & Q(tax__isnull=False, paid_out__isnull=False),
                name="art13_checked_batch_has_its_sums",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["released", "settled"])
                | Q(released_by__isnull=False, released_at__isnull=False) & ~Q(digest=""),
                name="art13_released_batch_says_by_whom",
            ),
            models.CheckConstraint(
                condition=(Q(checked_by=None) | ~Q(checked_by=F("made_by")))
                & (Q(released_by=None) | ~Q(released_by=F("made_by")) & ~Q(released_by=F("checked_by"))),
                name="art13_three_people_pay",
            ),
            models.CheckConstraint(
                condition=Q(gross=None) | Q(gross=Round(F("tax") + F("paid_out"), 2)),
                name="art13_sums_of_a_batch_agree",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("payments:batch", args=[self.pk])

    def concerns(self, user):
        """Whoever is paid from it has no hand in it."""
        return self.lines.filter(claim__expert__user_id=user.pk).exists()

    @property
    def is_paid(self) -> bool:
        return self.state in self.PAID


class PayoutQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Finance, but nobody in office his own; an expert what was released to him."""
        if not user.is_authenticated:
            return self.none()
        own = self.filter(expert__user_id=user.pk)
        if user.has_perm("payments.view_payout"):
            return self.exclude(pk__in=own.values("pk"))
        return own.filter(batch__state__in=Batch.PAID)

    def received(self):
        """Released, and not sent back by the bank: income of its month."""
        return self.filter(batch__state__in=Batch.PAID).exclude(result__paid=False)

    def sent_back(self, batch="batch"):
        """By the bank, of lines with their batch at that name: as a subquery."""
        whose = {"expert": OuterRef("claim__expert"), "income": OuterRef("claim__income")}
        return self.filter(result__paid=False, batch=OuterRef(batch), **whose)


class Payout(models.Model):
    """What one expert gets from one batch for one kind of income: worked out when it is checked, pinned to an account.

    Sums in yuan: ``gross`` as the lines make it, ``tax`` income tax, ``vat`` value added tax with its surcharges,
    ``amount`` what goes to the bank; ``before``: gross of the same kind already paid in that month.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="payouts", verbose_name="批次")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="payouts", verbose_name="专家")
    income = models.CharField("所得性质", max_length=12, choices=Income)
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="payouts", verbose_name="收款账户")
    reference = models.CharField("支付参考号", max_length=20, unique=True)
    resident = models.BooleanField("税收居民个人")
    before = models.DecimalField("当月此前收入（元）", max_digits=10, decimal_places=2)
    gross = models.DecimalField("应发（元）", max_digits=10, decimal_places=2)
    vat = models.DecimalField("增值税（元）", max_digits=10, decimal_places=2, default=0)
    surcharges = models.DecimalField("附加税费（元）", max_digits=10, decimal_places=2, default=0)
    tax = models.DecimalField("个人所得税（元）", max_digits=10, decimal_places=2)
    amount = models.DecimalField("实发（元）", max_digits=10, decimal_places=2)

    objects = PayoutQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "发放明细"
        ordering = ["reference"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "expert", "income"], name="art13_one_payout_of_a_kind"),
            models.CheckConstraint(
                condition=Q(amount=Round(F("gross") - F("vat") - F("surcharges") - F("tax"), 2)),
                name="art13_sums_of_a_payout_agree",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0, tax__gte=0, vat__gte=0), name="art13_payout_pays"),
        ]

    def __str__(self):
        return self.reference

    @property
    def lines(self) -> models.QuerySet:
        """Those that it is made of."""
        return self.batch.lines.filter(claim__expert=self.expert_id, claim__income=self.income)

    @property
    def is_answered(self) -> bool:
        """Whether the bank has said what became of it."""
        return hasattr(self, "result")

    def get_absolute_url(self):
        return reverse("payments:payslip", args=[self.pk])


class Export(models.Model):
    """A file that left the house: which, with what in it, taken by whom; added, never changed."""

    class Kind(models.TextChoices):
        BANK = "bank", "银行代发文件"
        TAX = "tax", "个人所得税申报文件"
        PEOPLE = "people", "人员信息采集文件"
        FINANCE = "finance", "报酬发放表"
        YEAR = "year", "年度汇总"

    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="exports", verbose_name="批次")
    kind = models.CharField("文件", max_length=10, choices=Kind)
    period = models.CharField("期间", max_length=10, blank=True)
    digest = models.CharField("SHA-256", max_length=64)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name="导出人")
    at = models.DateTimeField("导出时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "导出记录"
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.get_kind_display()}（{self.by}）"
