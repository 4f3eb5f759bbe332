"""Who is paid: facts of tax and office, and the account the money goes to (Article 13)."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from experts.models import Expert
from expertteam import clock
from expertteam.fields import BlindIndex, EncryptedText, blind
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet
from payments.models.rates import Tier

PERSON = settings.AUTH_USER_MODEL


class PayeeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Finance, but nobody in office his own."""
        if not user.has_perm("payments.view_payee"):
            return self.none()
        return self.exclude(expert__user_id=user.pk)


class Payee(models.Model):
    """What has to be known of an expert before he is paid; without a row the usual is presumed."""

    expert = models.OneToOneField(Expert, models.PROTECT, related_name="payee", verbose_name="专家")
    resident = models.BooleanField("税收居民个人", default=True)
    tier = models.CharField("职称档次", max_length=12, choices=Tier, default=Tier.OTHER)
    official = models.BooleanField("公职人员", null=True, blank=True)
    consent_basis = models.CharField("单位同意及依据", max_length=200, blank=True)
    consented_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name="核准人"
    )
    consented_at = models.DateTimeField("核准时间", null=True, blank=True, editable=False)
    history = History()

    objects = PayeeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "收款人资料"
        permissions = [("consent_payee", "可核准公职人员领取报酬")]
        constraints = [
            models.CheckConstraint(
                condition=Q(consent_basis="", consented_by=None, consented_at=None)
                | ~Q(consent_basis="") & Q(consented_by__isnull=False, consented_at__isnull=False),
                name="art13_consent_has_a_basis_and_an_officer",
            ),
        ]

    def __str__(self):
        return f"{self.expert}的收款人资料"

    def get_absolute_url(self):
        return reverse("payments:payee", args=[self.expert_id])


class BankAccountQuerySet(WorkflowQuerySet):
    def standing(self):
        """Confirmed and not replaced: at most one of an expert."""
        return self.filter(state=BankAccount.State.CONFIRMED)

    def waiting(self):
        """Entered and not yet checked: at most one of an expert."""
        return self.filter(state=BankAccount.State.ENTERED)

    def own(self, user):
        """The expert's own, whatever office he holds besides."""
        return self.filter(expert__user_id=user.pk) if user.is_authenticated else self.none()

    def visible_to(self, user):
        """Whoever keeps accounts or pays, but nobody in office his own; an expert his own."""
        own = self.own(user)
        return self.exclude(pk__in=own.values("pk")) if user.has_perm("payments.view_bankaccount") else own


class BankAccount(Workflow):
    """An account in the expert's own name; money goes there only after a second person and a time to cool."""

    class State(models.TextChoices):
        ENTERED = "entered", "待核实"
        CONFIRMED = "confirmed", "已核实"
        REFUSED = "refused", "未通过"
        DISPUTED = "disputed", "本人否认"
        REPLACED = "replaced", "已更换"

    SPOKEN = {"confirm_account": "check_note", "refuse_account": "check_note"}
    BELONGS_TO = "expert"

    expert = models.ForeignKey(Expert, models.PROTECT, related_name="bank_accounts", verbose_name="专家")
    holder = models.CharField("户名", max_length=50)
    bank = models.CharField("开户银行", max_length=60)
    branch = models.CharField("开户网点", max_length=100, blank=True)
    number = EncryptedText("账号")
    number_index = BlindIndex(source="number", purpose="bank account", db_index=True)
    tail = models.CharField("尾号", max_length=4)
    state = models.CharField("状态", max_length=20, choices=State, default=State.ENTERED, editable=False)
    entered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name="录入人")
    entered_at = models.DateTimeField("录入时间", default=clock.now)
    check_note = models.CharField("核实情况", max_length=200, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="核实人"
    )
    confirmed_at = models.DateTimeField("核实时间", null=True, editable=False)
    usable_from = models.DateTimeField("何时起可用", null=True, editable=False)
    history = History()

    objects = BankAccountQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "收款账户"
        ordering = ["-pk"]
        permissions = [
            ("enter_account_bankaccount", "可代录收款账户"),
            ("confirm_account_bankaccount", "可核实收款账户"),
            ("refuse_account_bankaccount", "可退回收款账户"),
            ("watch_bankaccount", "可查本人否认的收款账户"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["expert"], condition=Q(state="confirmed"), name="art13_one_standing_account_of_an_expert"
            ),
            models.UniqueConstraint(
                fields=["expert"], condition=Q(state="entered"), name="art13_one_account_to_be_checked"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "replaced"])
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, usable_from__isnull=False)
                & Q(usable_from__gt=F("confirmed_at")),  # of NULL alone the database would not know, and let it pass
                name="art13_account_is_confirmed_and_cools",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")),
                name="art13_account_is_confirmed_by_another",
            ),
        ]

    def __str__(self):
        return f"{self.bank}，尾号{self.tail}"

    def get_absolute_url(self):
        return reverse("payments:account", args=[self.pk])

    def concerns(self, user):
        return self.expert.user_id == user.pk

    @property
    def is_whole(self) -> bool:
        """Whether the number is still the one that was entered: its fingerprint never changes."""
        return blind(self.number, "bank account") == self.number_index and self.number.endswith(self.tail)

    def is_usable(self, at: datetime) -> bool:
        """Confirmed, cool, and whole."""
        return self.state == self.State.CONFIRMED and self.usable_from <= at and self.is_whole
