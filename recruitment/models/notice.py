"""Public notices, the people on them, and objections (Article 11)."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from expertteam import clock
from expertteam.fields import BlindIndex, EncryptedText, blind
from expertteam.files import StoredFile
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet
from recruitment.models.application import Application
from recruitment.models.round import Round


class NoticeQuerySet(WorkflowQuerySet):
    def public(self, now: datetime):
        """Open to everybody: published, and its first day has begun; not one that was annulled before that."""
        begun = self.exclude(state=Notice.State.DRAFT).filter(begins_at__lte=now)
        return begun.exclude(state=Notice.State.ANNULLED, annulled_at__lt=F("begins_at"))

    def running(self, now: datetime):
        """Public and not yet over; one whose end is provisional cannot be over."""
        return self.public(now).filter(Q(provisional=True) | Q(ends_at__gte=now), state=Notice.State.PUBLISHED)

    def finished(self, now: datetime):
        """Over, and somebody on the list waits for nothing but the appointment."""
        free = Candidate.objects.exclude(pk__in=Candidate.objects.blocked().values("pk"))
        waiting = free.filter(notice=OuterRef("pk"), application__state=Application.State.ON_NOTICE)
        return self.filter(Exists(waiting), state=Notice.State.PUBLISHED, provisional=False, ends_at__lt=now)

    def told(self):
        """With what the public may know of objections: ``objected``, any that counts; ``undecided``, one still open."""
        counting = Objection.objects.filter(notice=OuterRef("pk"), counts=True)
        return self.annotate(objected=Exists(counting), undecided=Exists(counting.filter(upheld=None)))

    def visible_to(self, user):
        """Staff see drafts too; everybody sees what is public."""
        return self if user.has_perm("recruitment.view_notice") else self.public(clock.now())


class Notice(Workflow):
    """A public notice: once published its list, rule and period are frozen; a correction is a new one."""

    class State(models.TextChoices):
        DRAFT = "draft", "拟稿"
        PUBLISHED = "published", "已发布"
        ANNULLED = "annulled", "已撤销"
        DISCARDED = "discarded", "已作废"

    SPOKEN = {"annul": "annulled_reason"}

    round = models.ForeignKey(Round, models.PROTECT, related_name="notices", verbose_name="批次")
    title = models.CharField("标题", max_length=80)
    statement = models.TextField("说明", max_length=600)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name="更正哪一份公示"
    )
    state = models.CharField("状态", max_length=20, choices=State, default=State.DRAFT, editable=False)
    days = models.PositiveSmallIntegerField("公示天数（工作日）", null=True, editable=False)
    end_hour = models.PositiveSmallIntegerField("末日截止时刻", null=True, editable=False)
    released_at = models.DateTimeField("发布时间", null=True, editable=False)
    begins_at = models.DateTimeField("公示开始", null=True, editable=False)
    ends_at = models.DateTimeField("公示结束", null=True, editable=False)
    provisional = models.BooleanField("截止日暂定", default=False, editable=False)
    digest = models.CharField("名单和规则的摘要", max_length=64, blank=True, editable=False)
    annulled_at = models.DateTimeField("撤销时间", null=True, editable=False)
    annulled_reason = models.CharField("撤销原因", max_length=300, blank=True, editable=False)
    history = History()

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公示"
        ordering = ["-pk"]
        permissions = [
            ("publish_notice", "可发布公示"),
            ("annul_notice", "可撤销公示"),
            ("discard_notice", "可作废拟稿"),
            ("settle_notice", "可确定截止日"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "discarded"])
                | Q(
                    days__gte=1,
                    end_hour__lte=23,
                    released_at__isnull=False,
                    begins_at__isnull=False,
                    ends_at__isnull=False,
                ),
                name="art11_published_has_a_period",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("recruitment:notice", args=[self.pk])

    def concerns(self, user):
        """Everybody on the list."""
        return self.candidates.filter(application__applicant=user).exists()

    def is_running(self, now: datetime) -> bool:
        """Public at that moment, and objections still block."""
        if self.state != self.State.PUBLISHED or now < self.begins_at:
            return False
        return self.provisional or now <= self.ends_at


def about(application, notice) -> Q:
    """Objections that stand between this application, on this notice, and the appointment.

    One against the person follows the application from notice to notice; one against a whole list
    or the procedure concerns that notice, and, while it is undecided, whoever else was on it.
    """
    earlier = Q(candidate=None, upheld=None, notice__candidates__application=application)
    return Q(candidate__application=application) | Q(candidate=None, notice=notice) | earlier


class CandidateQuerySet(models.QuerySet):
    def blocked(self):
        """With an objection that blocks: on this person, or on the whole list."""
        return self.filter(
            Exists(Objection.objects.blocking().filter(about(OuterRef("application"), OuterRef("notice"))))
        )


class Candidate(models.Model):
    """A person proposed for appointment, as printed on the notice."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="candidates", verbose_name="公示")
    application = models.ForeignKey(Application, models.PROTECT, related_name="candidacies", verbose_name="申请")
    position = models.PositiveSmallIntegerField("序号")
    name = models.CharField("姓名", max_length=50)
    employer = models.CharField("工作单位及职务", max_length=160, blank=True)
    category = models.CharField("推荐类别", max_length=60)
    topics = models.CharField("擅长", max_length=100)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "拟聘任人选"
        ordering = ["notice", "position"]
        constraints = [models.UniqueConstraint(fields=["notice", "application"], name="art11_once_on_a_notice")]

    def __str__(self):
        return self.name


class ObjectionQuerySet(WorkflowQuerySet):
    def blocking(self):
        """A coarse choice for lists and badges; whether one blocks is decided by the rule."""
        return self.filter(counts=True).exclude(upheld=False)

    def against(self, candidate: "Candidate"):
        """On this person, on the list or procedure of the notice, or undecided on an earlier list with him."""
        return self.filter(about(candidate.application_id, candidate.notice_id)).distinct()

    def answering(self, receipt: str, phone: str):
        """What the receipt leads to: a lead by its number alone, an objection only together with its mobile number."""
        own = Q(phone_index=blind(phone, "mobile")) if phone else Q()
        return self.filter(own | Q(counts=False), receipt=receipt)

    def visible_to(self, user):
        """Who objects is known to discipline and the deciding leader only, and never to the person objected to."""
        if not user.has_perm("recruitment.view_objection"):
            return self.none()
        listed = Notice.objects.filter(candidates__application__applicant=user)
        return self.exclude(candidate__application__applicant=user).exclude(candidate=None, notice__in=listed)


class Objection(Workflow):
    """What somebody objects to a notice; anonymous or late ones are leads, which do not block."""

    class State(models.TextChoices):
        RECEIVED = "received", "已受理"
        LEAD = "lead", "线索留存"
        EXAMINING = "examining", "核实中"
        EXAMINED = "examined", "已核实"
        DECIDED = "decided", "已认定"
        ANSWERED = "answered", "已答复"
        FILED = "filed", "线索办结"

    class Kind(models.TextChoices):
        UNQUALIFIED = "unqualified", "不符合聘任条件"
        UNTRUE = "untrue", "材料不真实"
        UNLAWFUL = "unlawful", "违法违规、失信"
        PROCEDURE = "procedure", "评选程序问题"

    SPOKEN = {"report": "report", "decide": "decision", "answer": "answer", "file_lead": "report"}

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections", verbose_name="公示")
    candidate = models.ForeignKey(
        Candidate, models.PROTECT, null=True, blank=True, related_name="objections", verbose_name="反映对象"
    )
    kind = models.CharField("方面", max_length=20, choices=Kind)
    facts = EncryptedText("具体情况")
    counts = models.BooleanField("实名且按时", editable=False)
    late = models.BooleanField("逾期", default=False, editable=False)
    name = EncryptedText("反映人姓名", blank=True, default="")
    phone = EncryptedText("反映人手机号", blank=True, default="")
    phone_index = BlindIndex(source="phone", purpose="mobile")
    receipt = models.CharField("受理编号", max_length=20, unique=True)
    received_at = models.DateTimeField("收到时间", default=clock.now)
    answer_due = models.DateField("答复期限", null=True)
    state = models.CharField("状态", max_length=20, choices=State, editable=False)
    report = models.TextField("核实情况", blank=True, editable=False)
    upheld = models.BooleanField("是否成立", null=True, editable=False)
    decision = models.TextField("认定理由", blank=True, editable=False)
    answer = models.TextField("给反映人的答复", blank=True, editable=False)
    history = History()

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "异议"
        ordering = ["-pk"]
        permissions = [
            ("examine_objection", "可核实异议"),
            ("report_objection", "可提交核实情况"),
            ("decide_objection", "可认定异议"),
            ("answer_objection", "可答复异议"),
            ("file_lead_objection", "可办结线索"),
        ]
        indexes = [models.Index(fields=["phone_index", "receipt"], name="objection_receipt")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "answered"]) | Q(upheld__isnull=False),
                name="art11_decided_has_a_finding",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["lead", "filed"]) | Q(counts=False), name="art11_leads_do_not_block"
            ),
        ]

    def __str__(self):
        return self.receipt

    def get_absolute_url(self):
        return reverse("recruitment:objection", args=[self.pk])

    def concerns(self, user):
        """The person objected to, or everybody on the list; and the objector where his number is known."""
        about = self.candidate.application if self.candidate else self.notice
        return about.concerns(user) or bool(user.phone_index and user.phone_index == self.phone_index)


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever may see the objection."""
        return self.filter(objection__in=Objection.objects.visible_to(user))


class Evidence(StoredFile):
    """A file that came with an objection."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="evidence")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "异议证据"
        ordering = ["pk"]

    def get_absolute_url(self):
        return reverse("recruitment:evidence", args=[self.pk])
