"""差评回访: what becomes of a poor rating, from the call to the finding and its mending (Articles 10(1) and 12(2))."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from evaluations.models.rating import Grade, Rating
from expertteam.fields import EncryptedText
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet


class RatingCaseQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """Staff with the right; an expert his own, once he is asked; nobody in office his own."""
        if not user.is_authenticated:
            return self.none()
        own = self.filter(rating__expert__user_id=user.pk)
        if user.has_perm("evaluations.view_ratingcase"):
            return self.exclude(pk__in=own.values("pk"))
        return own.exclude(state=RatingCase.State.AWAITING_CALL)

    def told(self):
        """With all that a page says of a case."""
        return self.select_related("rating__service__request", "rating__service__expert", "rating__expert__user")

    def silent(self, on):
        """The expert's time for a statement is over."""
        return self.filter(state=RatingCase.State.AWAITING_STATEMENT, statement_due__lt=on)


class RatingCase(Workflow):
    """One for each poor rating; whoever finds has neither matched the service nor called the client."""

    class State(models.TextChoices):
        AWAITING_CALL = "awaiting_call", "待回访"
        AWAITING_STATEMENT = "awaiting_statement", "待专家说明"
        AWAITING_FINDING = "awaiting_finding", "待认定"
        FOUND = "found", "已认定"
        RECTIFYING = "rectifying", "整改中"
        CLOSED = "closed", "已办结"

    class Finding(models.TextChoices):
        UPHELD_ATTITUDE = "upheld_attitude", "成立：服务态度"
        UPHELD_COMPETENCE = "upheld_competence", "成立：专业能力"
        ABSENCE = "absence", "成立：迟到或未到"
        OTHER = "other", "成立：其他"
        NOT_UPHELD = "not_upheld", "不成立"
        MISTAKEN = "mistaken", "误评"
        MALICIOUS = "malicious", "恶意差评"
        UNVERIFIABLE = "unverifiable", "无法核实"

    UPHELD = [Finding.UPHELD_ATTITUDE, Finding.UPHELD_COMPETENCE, Finding.ABSENCE, Finding.OTHER]
    SPOKEN = {
        "miss_call": "call_note",
        "give_up_call": "call_note",
        "call_back": "call_note",
        "explain": "statement",
        "inspect_cluster": "flag_report",
        "find": "reasons",
        "rectify": "order",
        "close": "outcome",
    }

    number = models.CharField("编号", max_length=12, unique=True)
    rating = models.OneToOneField(Rating, models.PROTECT, related_name="case", verbose_name="评价")
    state = models.CharField("状态", max_length=20, choices=State, default=State.AWAITING_CALL, editable=False)
    flag = models.CharField("集中差评提示", max_length=100, blank=True, editable=False)
    flag_report = EncryptedText("纪检查看情况", blank=True, default="")
    flag_genuine = models.BooleanField("是否真实评价", null=True, editable=False)
    flag_seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="查看人", editable=False
    )
    flag_seen_at = models.DateTimeField("查看时间", null=True, editable=False)
    call_due = models.DateField("回访期限")
    missed_calls = models.PositiveSmallIntegerField("没有打通的次数", default=0, editable=False)
    missed_days = models.PositiveSmallIntegerField("没有打通的天数", default=0, editable=False)
    missed_on = models.DateField("最近没有打通的日子", null=True, editable=False)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="回访人", editable=False
    )
    call_note = EncryptedText("回访情况", blank=True, default="")
    points = EncryptedText("请专家说明的情况", blank=True, default="")
    statement_due = models.DateField("说明期限", null=True)
    statement = EncryptedText("专家的说明", blank=True, default="")
    finding = models.CharField("认定", max_length=20, choices=Finding, blank=True)
    reasons = EncryptedText("认定理由", blank=True, default="")
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="认定人", editable=False
    )
    found_at = models.DateTimeField("认定时间", null=True)
    order = models.TextField("整改要求", blank=True)
    rectify_due = models.DateField("整改期限", null=True)
    outcome = models.TextField("办结情况", blank=True)
    follow_up_until = models.DateTimeField("追评截止", null=True)
    follow_up_grade = models.PositiveSmallIntegerField("追评", choices=Grade, null=True)
    follow_up_text = EncryptedText("追评的话", blank=True, default="")
    history = History()

    objects = RatingCaseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "差评回访"
        ordering = ["-pk"]
        permissions = [
            ("miss_call_ratingcase", "可登记回访未接通"),
            ("give_up_call_ratingcase", "可登记回访打不通"),
            ("call_back_ratingcase", "可登记回访"),
            ("lapse_statement_ratingcase", "可登记逾期未说明"),
            ("inspect_cluster_ratingcase", "可查看集中差评"),
            ("find_ratingcase", "可认定差评"),
            ("rectify_ratingcase", "可要求整改"),
            ("close_ratingcase", "可办结差评回访"),
            ("follow_up_ratingcase", "可代录追评"),
        ]
        indexes = [models.Index(fields=["state", "call_due"], name="ratingcase_queue")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["found", "rectifying", "closed"])
                | (~Q(finding="") & Q(found_by__isnull=False, found_at__isnull=False)),
                name="art12_2_found_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(found_by=None) | Q(called_by=None) | ~Q(found_by=F("called_by")),
                name="art12_2_finder_did_not_call",
            ),
            models.CheckConstraint(
                condition=Q(flag_seen_at=None, flag_seen_by=None, flag_genuine=None)
                | Q(flag_seen_at__isnull=False, flag_seen_by__isnull=False, flag_genuine__isnull=False) & ~Q(flag=""),
                name="art12_2_cluster_was_looked_at_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(flag_seen_by=None)
                | (Q(found_by=None) | ~Q(found_by=F("flag_seen_by")))
                & (Q(called_by=None) | ~Q(called_by=F("flag_seen_by"))),
                name="art12_2_inspector_neither_called_nor_found",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("evaluations:case", args=[self.pk])

    def concerns(self, user):
        return self.rating.concerns(user)

    @property
    def is_upheld(self) -> bool:
        return self.finding in self.UPHELD

    @property
    def awaits_inspector(self) -> bool:
        """One of several that may come from one hand, and the inspector has not looked yet."""
        return bool(self.flag) and self.flag_seen_at is None and not self.finding

    @property
    def told(self) -> str:
        """What its client is told of the finding."""
        Finding = self.Finding
        if self.is_upheld:
            return "您反映的情况属实，已要求专家整改"
        words = {
            Finding.NOT_UPHELD: "经核实，您反映的情况不成立",
            Finding.UNVERIFIABLE: "您反映的情况无法核实",
            Finding.MISTAKEN: "按误评处理，不计入专家的满意度",
            Finding.MALICIOUS: "不是对这次服务的真实评价，不计入专家的满意度",
        }
        return words.get(self.finding, "")

    @property
    def due(self):
        """Until when the next step is due; None where no day is set."""
        State = self.State
        steps = {
            State.AWAITING_CALL: self.call_due,
            State.AWAITING_STATEMENT: self.statement_due,
            State.RECTIFYING: self.rectify_due,
        }
        return steps.get(self.state)
