"""Who holds which role of the office, and what is changed of an account by two people: records with their steps."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from expertteam import clock
from expertteam.fields import EncryptedText
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet, may

PERSON = settings.AUTH_USER_MODEL

ROLES = {
    "intake": "受理初审",
    "reviewer": "审核",
    "leader": "局领导",
    "matcher": "市创就业服务中心",
    "inspector": "局纪检",
    "cashier": "财务经办",
    "auditor": "财务复核",
    "admin": "系统管理",
    "expert": "专家",
    "client": "服务对象",
}
STAFF_ROLES = frozenset(ROLES) - {"expert", "client"}


class RoleGrantQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """Whoever keeps the roles sees every grant."""
        return self if may(user, "expertteam.view_rolegrant") else self.none()


class RoleGrant(Workflow):
    """A role given to a person: proposed by one, confirmed by another, taken back by either."""

    SPOKEN = {"issue_code": "identity"}

    class State(models.TextChoices):
        PROPOSED = "proposed", "待确认"
        ACTIVE = "active", "有效"
        REVOKED = "revoked", "已收回"

    user = models.ForeignKey(PERSON, models.PROTECT, verbose_name="账号", related_name="role_grants")
    role = models.CharField("岗位", max_length=20, choices=ROLES)
    proposed_by = models.ForeignKey(PERSON, models.PROTECT, verbose_name="提出人", related_name="+")
    state = models.CharField("状态", max_length=20, choices=State, default=State.PROPOSED, editable=False)
    identity = models.CharField("身份核对", max_length=200, blank=True, default="", db_default="", editable=False)
    history = History()

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "岗位授权"
        ordering = ["-pk"]
        permissions = [
            ("propose_rolegrant", "可提出授权"),
            ("confirm_rolegrant", "可确认授权"),
            ("revoke_rolegrant", "可收回授权"),
            ("issue_code_rolegrant", "可发开通码"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"], condition=~models.Q(state="revoked"), name="one_live_grant_of_a_role"
            )
        ]

    def __str__(self):
        return f"{self.user}：{self.get_role_display()}"

    def get_absolute_url(self):
        return reverse("rolegrant", args=[self.pk])

    def concerns(self, user):
        return user.pk == self.user_id


class AccountChangeQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """Whoever asks for them, confirms or watches them sees every one, and everybody his own."""
        if not user.is_authenticated:
            return self.none()
        return self if may(user, "expertteam.view_accountchange") else self.filter(user=user)

    def open(self):
        """Neither in effect nor stopped."""
        return self.filter(state__in=AccountChange.OPEN)


class AccountChange(Workflow):
    """What one person alone must not change of an account: a lost second factor taken away, another mobile number."""

    class Kind(models.TextChoices):
        FACTOR = "factor", "重置两步验证"
        PHONE = "phone", "更换手机号"

    class Way(models.TextChoices):
        CALL = "call", "打原手机号核对"
        COUNTER = "counter", "原手机号不能用，当面核对证件"

    class State(models.TextChoices):
        PROPOSED = "proposed", "待确认"
        COOLING = "cooling", "观察期"
        DONE = "done", "已生效"
        STOPPED = "stopped", "已停止"

    OPEN = ["proposed", "cooling"]
    SPOKEN = {"reset_factor": "check_note", "confirm_phone": "check_note", "stop": "stop_note"}

    user = models.ForeignKey(PERSON, models.PROTECT, verbose_name="账号", related_name="account_changes")
    kind = models.CharField("事项", max_length=10, choices=Kind)
    way = models.CharField("怎样核对身份", max_length=10, choices=Way, default=Way.COUNTER)
    state = models.CharField("状态", max_length=20, choices=State, default=State.PROPOSED, editable=False)
    proposed_by = models.ForeignKey(PERSON, models.PROTECT, verbose_name="提出人", related_name="+")
    proposed_at = models.DateTimeField("提出时间", default=clock.now)
    note = models.CharField("提出时的核对情况", max_length=200, blank=True)
    former = EncryptedText("原手机号", blank=True, default="")
    phone = EncryptedText("新手机号", blank=True, default="")
    code = models.CharField("验证码摘要", max_length=64, blank=True, default="", editable=False)
    code_until = models.DateTimeField("验证码失效时间", null=True, editable=False)
    tries = models.PositiveSmallIntegerField("试过几次", default=0, editable=False)
    proved_at = models.DateTimeField("新号码验证时间", null=True, editable=False)
    check_note = models.CharField("确认时的核对情况", max_length=200, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="确认人"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, editable=False)
    effective_at = models.DateTimeField("生效时间", null=True, editable=False)
    stop_note = models.CharField("停止原因", max_length=200, blank=True, editable=False)
    history = History(excluded_fields=["code"])

    objects = AccountChangeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "账号变更"
        ordering = ["-pk"]
        permissions = [
            ("propose_factor_accountchange", "可提出重置两步验证"),
            ("reset_factor_accountchange", "可确认重置两步验证"),
            ("ask_phone_accountchange", "可代办更换手机号"),
            ("confirm_phone_accountchange", "可确认更换手机号"),
            ("send_code_accountchange", "可发验证码"),
            ("prove_accountchange", "可录入验证码"),
            ("stop_accountchange", "可停止账号变更"),
            ("take_effect_accountchange", "可使更换生效"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=Q(state__in=["proposed", "cooling"]),
                name="one_open_change_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | (~Q(confirmed_by=F("proposed_by")) & ~Q(confirmed_by=F("user"))),
                name="account_changed_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["cooling", "done"])
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, effective_at__isnull=False),
                name="account_change_is_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["cooling", "done"], kind="phone")
                | Q(proved_at__isnull=False, effective_at__gt=F("confirmed_at")),
                name="new_number_is_proved_and_cools",
            ),
        ]

    def __str__(self):
        return f"{self.user}：{self.get_kind_display()}"

    @property
    def at_counter(self) -> bool:
        """The former number is lost: whoever has it by now neither comes in by it nor stops the change."""
        return self.kind == self.Kind.PHONE and self.way == self.Way.COUNTER and bool(self.former)

    def get_absolute_url(self):
        return reverse("accountchange", args=[self.pk])

    def concerns(self, user):
        return user.pk == self.user_id
