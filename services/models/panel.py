"""项目评审: what is reviewed, by how many, under whose eyes (Articles 8(4) and 10(4))."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from expertteam.fields import BlindIndex, EncryptedText
from expertteam.files import StoredFile
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet
from services.models.scoring import Method, ScoreTemplate
from services.rules import panel as rules


class ReviewPanelQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """The office; a member sees his own seat instead (Article 10(4): the list is secret)."""
        return self if user.has_perm("services.view_reviewpanel") else self.none()

    def live(self):
        """Neither over nor called off."""
        return self.exclude(state__in=[ReviewPanel.State.PUBLISHED, ReviewPanel.State.CANCELLED])


class ReviewPanel(Workflow):
    """One review with its panel: kind, time, sheet, seats by stratum; several projects may be before it."""

    class Kind(models.TextChoices):
        PARK = "park", "创业示范园（区）"
        INCUBATOR = "incubator", "创业孵化示范基地"
        TRAINING = "training", "创业实训基地"
        CENTRE = "centre", "创就业服务中心"
        LIBRARY = "library", "创业项目库"
        BRAND = "brand", "劳务品牌（基地）"
        CONTEST = "contest", "创业大赛"
        PROJECT = "project", "创业项目"

    class State(models.TextChoices):
        DRAFT = "draft", "设条件"
        SELECTING = "selecting", "选取中"
        SEATED = "seated", "评审组已组成"
        OPEN = "open", "评审中"
        SIGNING = "signing", "待签字"
        CONCLUDED = "concluded", "已形成评审意见"
        PUBLISHED = "published", "已公布"
        CANCELLED = "cancelled", "已取消"

    SPOKEN = {"cancel": "cancelled_reason", "publish": "statement"}

    number = models.CharField("评审编号", max_length=20, unique=True)
    title = models.CharField("名称", max_length=60)
    kind = models.CharField("评审对象", max_length=20, choices=Kind)
    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("预计结束")
    place = models.CharField("地点", max_length=100)
    template = models.ForeignKey(ScoreTemplate, models.PROTECT, related_name="panels", verbose_name="评分表")
    criteria = models.JSONField("评分项", editable=False)
    method = models.CharField("计分方法", max_length=10, choices=Method, default=Method.MEAN)
    pass_score = models.DecimalField("通过分数", max_digits=5, decimal_places=2, null=True, blank=True)
    need = models.JSONField("席位")  # [[stratum, seats], …] in the order in which they are filled
    alternates = models.PositiveSmallIntegerField("备选人数", default=2)
    small_reason = models.CharField("不足5人的理由", max_length=200, blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    state = models.CharField("状态", max_length=20, choices=State, default=State.DRAFT, editable=False)
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="纪检监督人"
    )
    inspector_seated_at = models.DateTimeField("纪检到场时间", null=True, editable=False)
    convened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="主持人"
    )
    convened_at = models.DateTimeField("开评时间", null=True, editable=False)
    break_minutes = models.PositiveSmallIntegerField("中间休息（分钟）", default=0, editable=False)
    closed_at = models.DateTimeField("评分截止", null=True, editable=False)
    concluded_at = models.DateTimeField("形成意见时间", null=True, editable=False)
    published_at = models.DateTimeField("公布时间", null=True, editable=False)
    statement = models.TextField("公布说明", max_length=1000, blank=True, editable=False)
    cancelled_reason = models.CharField("取消原因", max_length=200, blank=True, editable=False)
    cancelled_at = models.DateTimeField("取消时间", null=True, editable=False)
    history = History()

    objects = ReviewPanelQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目评审"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "starts_at"], name="panel_state_start")]
        permissions = [
            ("draft_reviewpanel", "可设评审"),
            ("revise_reviewpanel", "可修改评审条件"),
            ("add_project_reviewpanel", "可登记参评项目"),
            ("drop_project_reviewpanel", "可撤下参评项目"),
            ("freeze_reviewpanel", "可锁定候选池"),
            ("choose_reviewpanel", "可提出定向选取"),
            ("take_seat_reviewpanel", "可到场监督评审"),
            ("convene_reviewpanel", "可开始评审"),
            ("close_scoring_reviewpanel", "可截止评分"),
            ("conclude_reviewpanel", "可对评审监督签字"),
            ("publish_reviewpanel", "可公布评审结果"),
            ("cancel_reviewpanel", "可取消评审"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="art8_4_review_has_length"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "selecting", "seated", "cancelled"])
                | Q(inspector__isnull=False, inspector_seated_at__isnull=False, convened_by__isnull=False),
                name="art10_4_no_review_without_an_inspector",
            ),
            models.CheckConstraint(
                condition=Q(inspector=None) | Q(convened_by=None) | ~Q(inspector=F("convened_by")),
                name="art10_4_inspector_does_not_run_the_review",
            ),
        ]

    def __str__(self):
        return f"{self.title}（{self.number}）"

    def get_absolute_url(self):
        return reverse("services:panel", args=[self.pk])

    def concerns(self, user):
        """Whoever sits on it, or is a party to a project before it, has no hand in it in office."""
        own_phone = Q(projects__parties__phone_index=user.phone_index) if user.phone_index else Q(pk__in=[])
        sits = Q(seats__expert__user_id=user.pk)
        return ReviewPanel.objects.filter(sits | own_phone, pk=self.pk).exists()

    def is_run_by(self, user) -> bool:
        """Whether this person drafted it, drew for it or led it; who watches over it is another one (Article 10(4))."""
        return user.pk in (self.drafted_by_id, self.convened_by_id) or self.draws.filter(operator=user).exists()

    def was_read_by(self, user) -> bool:
        """Whether this person has looked at a whole list of names; who runs it is another one."""
        return self.readings.filter(reader=user, seat=None).exists()

    def standstill(self):
        halted = self.halts.standing().values_list("reason", flat=True).first()
        return "" if halted is None else f"评审已由纪检叫停（{halted}），恢复以前不能办理"

    @property
    def size(self) -> int:
        """How many seats there are."""
        return sum(seats for _, seats in self.need)

    @property
    def quorum(self) -> int:
        """How many sheets a project needs at least."""
        return rules.quorum(self.size)

    @property
    def names_open(self) -> bool:
        """Whether those in the room know each other: from the beginning on, never before (Article 10(4))."""
        return self.convened_at is not None


class ReviewProject(models.Model):
    """What is judged; result and rank are written once, when the scoring ends."""

    panel = models.ForeignKey(ReviewPanel, models.PROTECT, related_name="projects", verbose_name="评审")
    place = models.PositiveSmallIntegerField("序号")
    name = models.CharField("项目名称", max_length=100)
    applicant = models.CharField("申报单位或申报人", max_length=100)
    summary = models.TextField("简介", max_length=1000, blank=True)
    score = models.DecimalField("得分", max_digits=5, decimal_places=2, null=True, editable=False)
    first_mark = models.DecimalField("首项得分", max_digits=5, decimal_places=2, null=True, editable=False)
    rank = models.PositiveSmallIntegerField("名次", null=True, editable=False)
    passed = models.BooleanField("通过", null=True, editable=False)
    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "参评项目"
        ordering = ["panel", "place"]
        constraints = [models.UniqueConstraint(fields=["panel", "place"], name="art8_4_one_project_at_a_place")]

    def __str__(self):
        return self.name


class Party(models.Model):
    """Whom a project belongs to or employs: whoever is tied to one of them does not judge it (Article 14)."""

    class Role(models.TextChoices):
        APPLICANT = "applicant", "申报单位或申报人"
        HEAD = "head", "负责人或法定代表人"
        OWNER = "owner", "股东或实际控制人"
        EMPLOYER = "employer", "项目成员所在单位"

    project = models.ForeignKey(ReviewProject, models.PROTECT, related_name="parties", verbose_name="参评项目")
    role = models.CharField("身份", max_length=20, choices=Role)
    name = EncryptedText("名称或姓名")
    code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    phone = EncryptedText("手机号", blank=True, default="")
    phone_index = BlindIndex(source="phone", purpose="mobile", db_index=True)
    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "参评项目相关方"
        ordering = ["project", "pk"]

    def __str__(self):
        return f"{self.project}：{self.get_role_display()}"


class ProjectPaper(StoredFile):
    """What the panel reads of a project."""

    project = models.ForeignKey(ReviewProject, models.PROTECT, related_name="papers", verbose_name="参评项目")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")

    class Meta:
        verbose_name = verbose_name_plural = "项目材料"
        ordering = ["pk"]
