"""What the bank says became of the money (Article 13)."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse

from expertteam import clock
from expertteam.history import History
from expertteam.templatetags.terrace import grouped
from expertteam.workflow import Workflow, WorkflowQuerySet
from payments.models.batch import Payout

PERSON = settings.AUTH_USER_MODEL


class BankReturnQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """Finance."""
        return self if user.has_perm("payments.view_bankreturn") else self.none()

    def counted(self):
        """With how many of their rows say that money arrived, came back, or match nothing."""
        matched = Q(rows__fault="")
        return self.annotate(
            arrived=Count("rows", filter=matched & Q(rows__paid=True)),
            came_back=Count("rows", filter=matched & Q(rows__paid=False)),
            unmatched=Count("rows", filter=~matched & Q(rows__isnull=False)),
        )


class BankReturn(Workflow):
    """One file of the bank: looked at first (nothing happens), then taken over, or put aside."""

    class State(models.TextChoices):
        CHECKED = "checked", "已试读，待入账"
        APPLIED = "applied", "已入账"
        DISCARDED = "discarded", "已放弃"

    number = models.CharField("编号", max_length=20, unique=True)
    filename = models.CharField("文件名", max_length=200)
    digest = models.CharField("SHA-256", max_length=64)
    state = models.CharField("状态", max_length=20, choices=State, default=State.CHECKED, editable=False)
    read_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name="导入人")
    read_at = models.DateTimeField("导入时间", default=clock.now)
    applied_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="入账人"
    )
    applied_at = models.DateTimeField("入账时间", null=True, editable=False)
    history = History()

    objects = BankReturnQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "银行回盘"
        ordering = ["-pk"]
        permissions = [
            ("read_bankreturn", "可导入银行回盘"),
            ("apply_bankreturn", "可将银行回盘入账"),
            ("discard_bankreturn", "可放弃银行回盘"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["digest"], condition=~Q(state="discarded"), name="art13_one_return_of_a_file"
            ),
            models.CheckConstraint(
                condition=~Q(state="applied") | Q(applied_by__isnull=False, applied_at__isnull=False),
                name="art13_applied_return_says_by_whom",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("payments:bank_return", args=[self.pk])

    def concerns(self, user):
        """Whoever is paid by it has no hand in it."""
        return self.rows.filter(payout__expert__user_id=user.pk).exists()


class ReturnRowQuerySet(models.QuerySet):
    def suspended(self):
        """Taken over, matched with nothing, and not cleared up."""
        return self.filter(bank_return__state=BankReturn.State.APPLIED, cleared_at=None).exclude(fault="")

    def visible_to(self, user):
        """As the files they stand in."""
        return self.filter(bank_return__in=BankReturn.objects.visible_to(user))

    def told(self):
        """With all that a table says of one."""
        return self.select_related("payout__expert__user", "payout__account", "bank_return")


class ReturnRow(models.Model):
    """A row of the bank's file: ``fault`` says why it matches nothing of ours; then it is suspense until cleared up."""

    class Fault(models.TextChoices):
        UNKNOWN = "unknown", "参考号不认识"
        AMOUNT = "amount", "金额对不上"
        TWICE = "twice", "同一参考号出现两次"
        KNOWN = "known", "这一笔以前已经入账"
        UNREADABLE = "unreadable", "结果或金额看不懂"

    bank_return = models.ForeignKey(BankReturn, models.PROTECT, related_name="rows", verbose_name="银行回盘")
    place = models.PositiveIntegerField("行号")
    reference = models.CharField("支付参考号", max_length=60, blank=True)
    amount = models.DecimalField("金额（元）", max_digits=12, decimal_places=2, null=True)
    paid = models.BooleanField("成功", null=True)
    words = models.CharField("银行说明", max_length=200, blank=True)
    day = models.DateField("交易日期", null=True)
    payout = models.ForeignKey(Payout, models.PROTECT, null=True, related_name="rows", verbose_name="发放明细")
    fault = models.CharField("对不上的原因", max_length=12, choices=Fault, blank=True)
    cleared_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", verbose_name="核销人")
    cleared_at = models.DateTimeField("核销时间", null=True)
    clearing = models.CharField("核销说明", max_length=200, blank=True)

    objects = ReturnRowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "回盘明细"
        ordering = ["bank_return", "place"]
        permissions = [("clear_returnrow", "可核销挂账")]
        constraints = [
            models.UniqueConstraint(fields=["bank_return", "place"], name="art13_one_row_at_a_place"),
            models.CheckConstraint(
                condition=Q(cleared_at=None, cleared_by=None, clearing="")
                | Q(cleared_at__isnull=False, cleared_by__isnull=False) & ~Q(clearing=""),
                name="art13_cleared_row_says_how",
            ),
            models.CheckConstraint(
                condition=~Q(fault="") | Q(payout__isnull=False, paid__isnull=False, amount__isnull=False),
                name="art13_matched_row_has_its_payout",
            ),
        ]

    def __str__(self):
        return f"{grouped(self.bank_return.number)}第{self.place}行"

    @property
    def why(self) -> str:
        """Why it answers no payout, in a sentence that says where to look."""
        if self.fault == self.Fault.UNREADABLE:
            lacking = [name for name, value in (("金额", self.amount), ("结果", self.paid)) if value is None]
            return f"第{self.place}行“{'”“'.join(lacking)}”看不懂"
        if self.fault == self.Fault.UNKNOWN and not self.reference:
            return f"第{self.place}行没有参考号"
        if self.fault == self.Fault.AMOUNT:
            return f"金额对不上，发放的是{self.payout.amount:,.2f}元"
        return self.get_fault_display()

    @property
    def came_back_late(self) -> bool:
        """Whether the bank sends back what by an earlier file had arrived."""
        late = self.fault == self.Fault.KNOWN and self.paid is False
        return late and self.payout.result.paid and self.amount == self.payout.amount


class BankResult(models.Model):
    """What became of a payout, by the bank's own word; what had arrived may come back once, and nothing else changes."""

    payout = models.OneToOneField(Payout, models.PROTECT, related_name="result", verbose_name="发放明细")
    row = models.OneToOneField(ReturnRow, models.PROTECT, related_name="result", verbose_name="回盘明细")
    paid = models.BooleanField("到账")
    words = models.CharField("银行说明", max_length=200, blank=True)
    day = models.DateField("交易日期", null=True)
    at = models.DateTimeField("入账时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "支付结果"

    def __str__(self):
        return f"{self.payout}：{'到账' if self.paid else '退回'}"
