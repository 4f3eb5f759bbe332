"""抽取: who could be drawn and who not, the secrets that decide, and what came of it (Article 10(4)).

The words of the protocol ``draw/1`` are in ``services/draw.py``; these rows keep what it is about.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from expertteam import clock
from expertteam.fields import EncryptedText
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet
from services.models.panel import ReviewPanel


class DrawQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """Everybody: that there was a draw, and all it is made of, is public; the names are not here."""
        return self

    def live(self):
        """Not aborted: at most one of each review."""
        return self.exclude(state=Draw.State.ABORTED)

    def finished(self):
        """With a result, open or sealed."""
        return self.filter(state__in=[Draw.State.DRAWN, Draw.State.OPENED])


class Draw(Workflow):
    """One draw for one review, as ``draw/1`` demands it; a second one only after a recorded abort."""

    class State(models.TextChoices):
        FROZEN = "frozen", "候选池已锁定"
        FIXED = "fixed", "条件已固定，待公开随机数"
        DRAWN = "drawn", "已抽取，名单保密"
        OPENED = "opened", "已公开名单"
        ABORTED = "aborted", "已作废"

    class Profile(models.TextChoices):
        HERE = "A", "当场抽取"
        PUBLIC = "B", "隔夜抽取，加入公开数值"

    class Source(models.TextChoices):
        KL8 = "kl8", "福彩快乐8开奖号码"
        SSQ = "ssq", "福彩双色球开奖号码"
        SSE = "sse", "上证综指收盘点位和成交量"
        DRAND = "drand-quicknet", "drand随机信标"

    BELONGS_TO = "panel"
    SPOKEN = {"ask_abort": "abort_reason", "abort": "abort_reason"}

    panel = models.ForeignKey(ReviewPanel, models.PROTECT, related_name="draws", verbose_name="评审")
    draw_id = models.CharField("抽取编号", max_length=30, unique=True)
    profile = models.CharField("方式", max_length=1, choices=Profile, default=Profile.HERE)
    algorithm = models.CharField("杂凑算法", max_length=10, default="sha256")
    state = models.CharField("状态", max_length=20, choices=State, default=State.FROZEN, editable=False)
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="纪检监督人"
    )
    frozen_at = models.DateTimeField("锁定时间", default=clock.now)
    pool_root = models.CharField("池指纹", max_length=64)
    group_salt = EncryptedText("单位盐值")
    directory = models.JSONField("锁定时在聘的专家编号", default=list, editable=False)
    source = models.CharField("公开数值来源", max_length=20, choices=Source, blank=True)
    issue = models.CharField("期号", max_length=40, blank=True)
    due_at = models.DateTimeField("公开数值产生时间", null=True, blank=True)
    header = models.TextField("抽取条件", blank=True, editable=False)
    header_hash = models.CharField("条件指纹", max_length=64, blank=True, editable=False)
    fixed_at = models.DateTimeField("固定时间", null=True, editable=False)
    typed_value = models.CharField("先录入的公开数值", max_length=200, blank=True, editable=False)
    typed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="先录入人"
    )
    public_value = models.CharField("公开数值", max_length=200, blank=True, editable=False)
    value_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="复录人"
    )
    record_hash = models.CharField("记录指纹", max_length=64, blank=True, editable=False)
    drawn_at = models.DateTimeField("抽取时间", null=True, editable=False)
    operator_signed_at = models.DateTimeField("经办签字时间", null=True, editable=False)
    inspector_signed_at = models.DateTimeField("纪检签字时间", null=True, editable=False)
    abort_reason = models.CharField("作废原因", max_length=200, blank=True, editable=False)
    abort_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="提出作废"
    )
    abort_due_to = models.CharField("缺少哪一方", max_length=60, blank=True, editable=False)
    aborted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="同意作废"
    )
    aborted_at = models.DateTimeField("作废时间", null=True, editable=False)
    opened_at = models.DateTimeField("公开名单时间", null=True, editable=False)
    history = History()

    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "抽取"
        ordering = ["-pk"]
        permissions = [
            ("commit_draw", "可提交随机数承诺"),
            ("fix_draw", "可固定抽取条件"),
            ("reveal_draw", "可公开随机数"),
            ("enter_value_draw", "可录入公开数值"),
            ("ask_abort_draw", "可提出作废抽取"),
            ("abort_draw", "可同意作废抽取"),
            ("sign_draw", "可在抽取记录上签字"),
            ("witness_draw", "以纪检身份监督抽取"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["panel"], condition=~Q(state="aborted"), name="art10_4_one_live_draw_of_a_review"
            ),
            models.CheckConstraint(
                condition=Q(inspector=None) | ~Q(inspector=F("operator")), name="art10_4_inspector_is_not_the_operator"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["frozen", "aborted"]) | Q(inspector__isnull=False, fixed_at__isnull=False),
                name="art10_4_nothing_drawn_without_an_inspector",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["drawn", "opened"]) | (~Q(record_hash="") & Q(drawn_at__isnull=False)),
                name="art10_4_drawn_has_a_record",
            ),
            models.CheckConstraint(
                condition=~Q(state="aborted")
                | Q(abort_asked_by__isnull=False, aborted_by__isnull=False)
                & ~Q(abort_asked_by=F("aborted_by"))
                & ~Q(abort_reason=""),
                name="art10_4_abort_has_two_signatures_and_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(profile="A", source="", due_at=None)
                | (Q(profile="B", due_at__isnull=False) & ~Q(source="") & ~Q(issue="")),
                name="art10_4_public_value_is_named_beforehand",
            ),
            models.CheckConstraint(
                condition=Q(value_by=None) | ~Q(value_by=F("typed_by")), name="art10_4_two_people_type_the_value"
            ),
        ]

    def __str__(self):
        return f"抽取{self.draw_id}"

    def get_absolute_url(self):
        return reverse("services:draw", args=[self.draw_id])

    def concerns(self, user):
        return self.panel.concerns(user)

    def standstill(self):
        return self.panel.standstill()

    @property
    def has_witness(self) -> bool:
        return self.parties.filter(role=DrawParty.Role.WITNESS).exists()


class DrawParty(models.Model):
    """Whoever adds a secret: first bound to it (``commitment``), later shows it (``secret``)."""

    class Role(models.TextChoices):
        OPERATOR = "operator", "经办"
        INSPECTOR = "inspector", "纪检"
        WITNESS = "witness", "见证人"

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="parties", verbose_name="抽取")
    role = models.CharField("身份", max_length=10, choices=Role)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="账号")
    name = models.CharField("见证人姓名", max_length=50, blank=True)
    organisation = models.CharField("见证人单位", max_length=100, blank=True)
    phone = EncryptedText("见证人手机号", blank=True, default="", db_default="")
    commitment = models.CharField("承诺", max_length=64, blank=True, editable=False)
    committed_at = models.DateTimeField("承诺时间", null=True, editable=False)
    secret = models.CharField("随机数", max_length=200, blank=True, editable=False)
    revealed_at = models.DateTimeField("公开时间", null=True, editable=False)
    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "抽取参与方"
        ordering = ["draw", "pk"]
        constraints = [models.UniqueConstraint(fields=["draw", "role"], name="art10_4_one_party_of_a_role")]

    def __str__(self):
        return f"{self.draw}：{self.get_role_display()}"

    @property
    def ident(self) -> str:
        """Who it is, as the protocol writes it."""
        return f"u{self.user_id}" if self.user_id else f"w{self.pk}"

    @property
    def whose(self) -> str:
        """Who it is, for people."""
        return str(self.user) if self.user_id else f"{self.organisation}{self.name}"


class PoolEntryQuerySet(models.QuerySet):
    def pool(self):
        """Who could be drawn."""
        return self.filter(why="")

    def excluded(self):
        """Who could not, each with his reason."""
        return self.exclude(why="")

    def held(self, begins, ends):
        """Whoever may sit in a review in this period of which nobody may know who does: the hour is taken for all of them."""
        live = Draw.objects.filter(state=Draw.State.DRAWN, panel__starts_at__lt=ends, panel__ends_at__gt=begins)
        return self.pool().filter(draw__in=live)  # the few draws first: of all pools together there are very many lines

    def own(self, user):
        """An expert's own lines, of draws whose names are public (Article 10(4))."""
        opened = self.filter(expert__user_id=user.pk, draw__state=Draw.State.OPENED)
        return opened.select_related("draw__panel").order_by("-draw__frozen_at", "-pk")


class PoolEntry(models.Model):
    """One expert in term at the freeze, in or out and why; written once, never changed (Article 10(4)).

    Until the draw is opened only the inspector reads a name here.
    """

    class Why(models.TextChoices):
        EMPLOYER = "employer", "同单位或离职未满三年"
        MENTOR = "mentor", "指导过参评项目"
        RELATIVE = "relative", "亲属"
        INVESTOR = "investor", "投资或持股"
        DECLARED = "declared", "申报或申请回避"
        SUSPENDED = "suspended", "暂停派任务"
        LEAVE = "leave", "评审日不能参加"
        CAP = "cap", "近期评审次数已满"
        BUSY = "busy", "评审时间已有安排"

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="entries", verbose_name="抽取")
    expert = models.ForeignKey("experts.Expert", models.PROTECT, related_name="pool_entries", verbose_name="专家")
    h = models.CharField("代号", max_length=64)
    g = models.CharField("单位代号", max_length=64)
    salt = EncryptedText("盐值")
    employer = EncryptedText("单位")
    strata = models.JSONField("可任席位", default=list)
    why = models.CharField("不入池的原因", max_length=10, choices=Why, blank=True)
    words = EncryptedText("具体原因", blank=True, default="")

    objects = PoolEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "候选池"
        ordering = ["draw", "h"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "expert"], name="art10_4_every_expert_once"),
            models.UniqueConstraint(fields=["draw", "h"], name="art10_4_every_code_once"),
        ]

    def __str__(self):
        return f"{self.draw}：{self.h[:8]}"
