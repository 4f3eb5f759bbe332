"""举报: what anybody reports of an expert, for the inspector alone (Article 12(2), (4), (5) and (6))."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from experts.models import Expert
from expertteam import clock
from expertteam.fields import BlindIndex, EncryptedText, blind
from expertteam.files import StoredFile
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet


class ReportQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """The inspector, but never what is about himself; the expert it is about, once he is asked."""
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("evaluations.view_report"):
            return self.exclude(expert__user_id=user.pk)
        return self.asking(user)

    def asking(self, user):
        """What this person, as the expert it is about, was asked of."""
        return self.filter(expert__user_id=user.pk, asked_at__isnull=False)

    def answering(self, receipt: str, phone: str):
        """What the receipt leads to: an anonymous one by its number alone, any other together with its mobile number."""
        own = Q(phone_index=blind(phone, "mobile")) if phone else Q()
        return self.filter(own | Q(phone_index=None), receipt=receipt)


class Report(Workflow):
    """One report; who sent it is known to the inspector alone."""

    class State(models.TextChoices):
        RECEIVED = "received", "已受理"
        EXAMINING = "examining", "核实中"
        FOUND = "found", "属实"
        DISMISSED = "dismissed", "不属实"
        SHELVED = "shelved", "终止核实"
        ANSWERED = "answered", "已答复"

    class Kind(models.TextChoices):
        """The items of Article 12 that count nothing by themselves."""

        ATTITUDE = "12(2)", "服务态度恶劣"
        GAIN = "12(4)", "推销、收费，谋取私利"
        SECRETS = "12(5)", "泄露商业秘密"
        UNLAWFUL = "12(6)", "违法违规言行"

    class Channel(models.TextChoices):
        WEB = "web", "网上"
        PHONE = "phone", "电话或窗口"

    class Why(models.TextChoices):
        """What ends an examination without a finding."""

        NOT_OURS = "not_ours", "不属于受理范围"
        REPEATED = "repeated", "与已办理的重复"
        UNVERIFIABLE = "unverifiable", "线索不足，无法核实"
        WITHDRAWN = "withdrawn", "反映人撤回"

    SPOKEN = {
        "uphold": "report",
        "dismiss": "report",
        "shelve": "report",
        "answer": "answer",
        "ask_expert": "question",
        "respond": "statement",
    }

    receipt = models.CharField("受理编号", max_length=20, unique=True)
    state = models.CharField("状态", max_length=20, choices=State, default=State.RECEIVED, editable=False)
    kind = models.CharField("方面", max_length=10, choices=Kind)
    expert = models.ForeignKey(
        Expert, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name="被反映的专家"
    )
    about = models.CharField("反映哪位", max_length=50)
    facts = EncryptedText("具体情况")
    name = EncryptedText("反映人姓名", blank=True, default="")
    phone = EncryptedText("反映人手机号", blank=True, default="")
    phone_index = BlindIndex(source="phone", purpose="mobile", db_index=True)
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="受理人"
    )
    received_at = models.DateTimeField("收到时间", default=clock.now)
    answer_due = models.DateField("答复期限")
    question = EncryptedText("请专家说明的情况", blank=True, default="")
    asked_at = models.DateTimeField("请专家说明的时间", null=True, editable=False)
    statement_due = models.DateField("说明期限", null=True, editable=False)
    statement = EncryptedText("专家的说明", blank=True, default="")
    responded_at = models.DateTimeField("说明时间", null=True, editable=False)
    why = models.CharField("终止的原因", max_length=20, choices=Why, blank=True, editable=False)
    report = EncryptedText("核实情况和理由", blank=True, default="")
    upheld = models.BooleanField("是否属实", null=True, editable=False)
    answer = EncryptedText("给反映人的答复", blank=True, default="")
    history = History()

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "举报"
        ordering = ["-pk"]
        permissions = [
            ("take_report", "可代为登记举报"),
            ("identify_report", "可写明举报的是谁"),
            ("examine_report", "可核实举报"),
            ("ask_expert_report", "可请专家说明"),
            ("shelve_report", "可终止核实举报"),
            ("uphold_report", "可认定举报属实"),
            ("dismiss_report", "可认定举报不属实"),
            ("answer_report", "可答复举报"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["found", "dismissed", "shelved", "answered"])
                | Q(upheld__isnull=False, why="")
                | Q(upheld=None) & ~Q(why=""),
                name="art12_decided_report_has_reasons",
            ),
            models.CheckConstraint(
                condition=Q(asked_at=None, statement_due=None, responded_at=None)
                | Q(asked_at__isnull=False, statement_due__isnull=False, expert__isnull=False),
                name="art12_expert_answers_what_he_was_asked",
            ),
            models.CheckConstraint(
                condition=~Q(channel="phone") | Q(taken_by__isnull=False), name="art12_spoken_report_names_who_took_it"
            ),
        ]

    def __str__(self):
        return self.receipt

    def get_absolute_url(self):
        return reverse("evaluations:staff_report", args=[self.pk])

    def is_awaited(self, on: date) -> bool:
        """The expert was asked, has not answered, and still may."""
        return self.asked_at is not None and self.responded_at is None and on <= self.statement_due

    def concerns(self, user):
        """The expert it is about; and who sent it, where his number is known."""
        about = self.expert_id is not None and self.expert.user_id == user.pk
        return about or bool(user.phone_index and user.phone_index == self.phone_index)

    @property
    def may_be_proposed(self) -> bool:
        """Found true of somebody known, and of what Article 12 names a ground by itself."""
        return bool(self.upheld and self.expert_id) and self.kind != self.Kind.ATTITUDE


class ReportFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The inspector, as far as he may see the report; never the expert it is about."""
        if not user.has_perm("evaluations.view_report"):
            return self.none()
        return self.filter(report__in=Report.objects.visible_to(user))


class ReportFile(StoredFile):
    """A file that came with a report."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="files")

    objects = ReportFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "举报材料"
        ordering = ["pk"]

    def get_absolute_url(self):
        return reverse("evaluations:report_file", args=[self.pk])
