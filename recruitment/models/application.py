"""Applications, and what they rest on (Articles 3, 5, 6 and 11)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from experts.models import District, Topic
from expertteam import calendar, clock
from expertteam.files import StoredFile
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet
from recruitment.categories import CATEGORIES, PROFESSIONS, TITLE_LEVELS, TITLE_SERIES, evidence_for
from recruitment.models.round import Round


class ApplicationQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """Staff see what was submitted, an applicant his own, a stranger none."""
        if not user.is_authenticated:
            return self.none()
        own = Q(applicant_id=user.pk)
        return (
            self.filter(own | Q(submitted_at__isnull=False))
            if user.has_perm("recruitment.view_application")
            else self.filter(own)
        )

    def live(self):
        """Not yet decided one way or the other."""
        return self.exclude(state__in=Application.CLOSED)

    def awaiting_notice(self):
        """Approved and on no running list."""
        return self.filter(state=Application.State.APPROVED)


class Application(Workflow):
    """One person's application in one round."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "已提交"
        RETURNED = "returned", "退回补充"
        RECOMMENDED = "recommended", "已推荐"
        APPROVED = "approved", "审核通过"
        ON_NOTICE = "on_notice", "公示中"
        APPOINTED = "appointed", "已聘任"
        DECLINED = "declined", "未通过"
        WITHDRAWN = "withdrawn", "已撤回"

    SPOKEN = {
        "send_back": "return_note",
        "recommend": "opinion",
        "turn_down": "opinion",
        "approve": "opinion",
        "decline": "opinion",
        "recall": "opinion",
        "withdraw": "opinion",
        "lapse": "opinion",
    }
    CLOSED = [State.APPOINTED, State.DECLINED, State.WITHDRAWN]

    round = models.ForeignKey(Round, models.PROTECT, related_name="applications", verbose_name="批次")
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="applications", verbose_name="申请人"
    )
    number = models.CharField("报名编号", max_length=20, unique=True)
    state = models.CharField("状态", max_length=20, choices=State, default=State.DRAFT, editable=False)
    category = models.PositiveSmallIntegerField(
        "申报类别（第五条）", null=True, blank=True, choices=[(each.number, each.name) for each in CATEGORIES.values()]
    )
    profession = models.CharField("专业方向", max_length=20, blank=True, choices=list(PROFESSIONS.items()))
    award = models.CharField("创业星火大赛决赛奖项", max_length=100, blank=True)
    employer = models.CharField("工作单位", max_length=100, blank=True)
    employer_code = models.CharField("单位统一社会信用代码", max_length=18, blank=True)
    position = models.CharField("职务", max_length=60, blank=True)
    title_level = models.CharField("职称级别", max_length=20, blank=True, choices=list(TITLE_LEVELS.items()))
    title_series = models.CharField("职称系列", max_length=20, blank=True, choices=list(TITLE_SERIES.items()))
    title = models.CharField("职称", max_length=60, blank=True)
    district = models.CharField("所在区县", max_length=6, choices=District, blank=True)
    topics = models.JSONField("擅长领域", default=list, blank=True)
    line = models.CharField("一句话介绍", max_length=40, blank=True)
    biography = models.TextField("个人经历", max_length=1000, blank=True)
    visits = models.BooleanField("可以上门指导", default=False)
    public_fields = models.JSONField("同意公开的资料", default=list, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, editable=False)
    return_items = models.JSONField("需补充的内容", default=list, editable=False)
    return_note = models.TextField("退回说明", blank=True, editable=False)
    returns = models.PositiveSmallIntegerField("退回次数", default=0, editable=False)
    returned_on = models.DateField("退回日期", null=True, editable=False)
    supplement_days = models.PositiveSmallIntegerField("补正天数（工作日）", null=True, editable=False)
    opinion = models.TextField("办理意见", blank=True, editable=False)
    appointment = models.OneToOneField(
        "experts.Appointment", models.PROTECT, null=True, editable=False, related_name="application"
    )
    renews = models.ForeignKey(
        "experts.Appointment", models.PROTECT, null=True, editable=False, related_name="renewals",
        verbose_name="续聘哪一届",
    )  # fmt: skip
    history = History()

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "选聘申请"
        ordering = ["-pk"]
        permissions = [
            ("send_back_application", "可退回补充"),
            ("lapse_application", "可作逾期处理"),
            ("recommend_application", "可初审推荐"),
            ("turn_down_application", "可初审不予推荐"),
            ("approve_application", "可审核通过"),
            ("announce_application", "可列入公示"),
            ("recall_application", "可撤下公示"),
            ("appoint_application", "可聘任"),
            ("decline_application", "可不予聘任"),
        ]
        indexes = [models.Index(fields=["state", "submitted_at"], name="application_queue")]
        constraints = [
            models.UniqueConstraint(fields=["round", "applicant"], name="art11_one_application_a_round"),
            models.CheckConstraint(
                condition=Q(category=None) | Q(category__range=(1, 8)), name="art5_one_of_eight_categories"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | (Q(submitted_at__isnull=False) & Q(category__isnull=False)),
                name="art11_beyond_draft_was_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(state="appointed") | Q(appointment__isnull=False),
                name="art11_appointed_has_an_appointment",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | Q(returned_on__isnull=False, supplement_days__gte=1),
                name="art11_returned_has_a_deadline",
            ),
            models.UniqueConstraint(
                fields=["renews"], condition=Q(state="appointed"), name="art3_a_term_is_renewed_once"
            ),
        ]

    def __str__(self):
        return f"{self.applicant.name or '未填姓名'}（{self.number}）"

    def get_absolute_url(self):
        return reverse("recruitment:application", args=[self.pk])

    def concerns(self, user):
        return user.pk == self.applicant_id

    @property
    def category_entry(self):
        """The category of Article 5 as data, or None while not chosen."""
        return CATEGORIES.get(self.category)

    @property
    def topic_labels(self) -> list[str]:
        return [Topic(topic).label for topic in self.topics]

    @property
    def supplement_due(self) -> calendar.Deadline:
        """Last day for the supplement; provisional while a year it reaches has no published schedule."""
        return calendar.deadline(self.returned_on, self.supplement_days, start_counts=False)

    @property
    def is_editable(self) -> bool:
        """Still in the applicant's hands: a draft, or returned to him."""
        return self.state in (self.State.DRAFT, self.State.RETURNED)


class WorkPeriod(models.Model):
    """One stretch of work; only year and month of its dates count, both ends inclusive."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="periods")
    employer = models.CharField("单位", max_length=100)
    position = models.CharField("职务或工作内容", max_length=100)
    first = models.DateField("开始年月")
    last = models.DateField("结束年月", null=True, blank=True)
    in_field = models.BooleanField("与申报类别直接相关", default=False)
    managed = models.BooleanField("创办或经营管理企业", default=False)
    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "工作经历"
        ordering = ["-first", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last=None) | Q(last__gte=F("first")), name="art6_a_period_ends_after_it_begins"
            )
        ]

    def __str__(self):
        return f"{self.employer} {self.position}"


class SuccessCase(models.Model):
    """A founder whom the applicant coached to success (Article 6(4))."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="success_cases")
    client = models.CharField("被辅导的创业者或企业", max_length=100)
    year = models.PositiveSmallIntegerField("年份")
    story = models.TextField("做了什么，结果怎样", max_length=500)
    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "成功案例"
        ordering = ["-year", "pk"]

    def __str__(self):
        return f"{self.client}（{self.year}年）"


class DocumentQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """Whoever may see the application."""
        return self.filter(application__in=Application.objects.visible_to(user))

    def current(self):
        """The files that count: not replaced by the applicant."""
        return self.filter(replaced_at=None)


class Document(StoredFile, Workflow):
    """A piece of evidence: received, then verified or rejected with the reason."""

    class State(models.TextChoices):
        RECEIVED = "received", "已收到"
        VERIFIED = "verified", "已核验"
        REJECTED = "rejected", "不合格"

    application = models.ForeignKey(Application, models.PROTECT, related_name="documents", verbose_name="申请")
    kind = models.CharField("材料", max_length=40)
    state = models.CharField("状态", max_length=20, choices=State, default=State.RECEIVED, editable=False)
    reason = models.CharField("不合格原因", max_length=200, blank=True)
    original_seen = models.BooleanField("已看原件", default=False)
    replaced_at = models.DateTimeField("替换时间", null=True, editable=False)
    carried_from = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="沿用哪一份"
    )
    history = History()

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "证明材料"
        ordering = ["pk"]
        permissions = [("verify_document", "可核验材料"), ("reject_document", "可判材料不合格")]
        constraints = [
            models.CheckConstraint(condition=~Q(state="rejected") | ~Q(reason=""), name="art11_rejected_has_a_reason")
        ]

    def get_absolute_url(self):
        return reverse("recruitment:document", args=[self.pk])

    def concerns(self, user):
        return self.application.concerns(user)

    @property
    def label(self) -> str:
        """What the applicant was asked for."""
        asked = evidence_for(self.application.category, self.application.profession)
        return next((each.label for each in asked if each.code == self.kind), self.kind)


class Judgement(models.Model):
    """What a person found where no rule can measure (Article 6): met or not, and on what ground."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="judgements")
    article = models.CharField("条款", max_length=10)
    met = models.BooleanField("是否符合")
    note = models.CharField("依据", max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "人工核实"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["application", "article"], name="art6_one_judgement_of_an_item")]

    def __str__(self):
        return f"{self.article}：{'符合' if self.met else '不符合'}"
