"""年度评价: a year of an expert in points and a grade, by a scheme that stays as it was (Article 10(1))."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from evaluations.rules.assessment import Standing
from experts.models import Expert
from expertteam import clock
from expertteam.fields import EncryptedText
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet


class SchemeQuerySet(models.QuerySet):
    def of_year(self, year: int):
        """The version by which that year is assessed: the latest that was in effect; None before the first."""
        return self.filter(effective_year__lte=year).order_by("effective_year", "pk").last()


class Scheme(models.Model):
    """评价办法: dimensions, points, grades and quota of the years from ``effective_year`` on, until a newer one begins.

    ``data`` is what ``annual_scheme.toml`` holds under that name.  A version is added and read, never changed.
    """

    name = models.CharField("名称", max_length=60)
    source = models.CharField("依据文件", max_length=200)
    effective_year = models.PositiveSmallIntegerField("从哪一年起")
    data = models.JSONField("细则")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="录入人", editable=False
    )
    entered_at = models.DateTimeField("录入时间", default=clock.now, editable=False)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评价办法"
        ordering = ["-effective_year", "-pk"]

    def __str__(self):
        return f"{self.name}（{self.effective_year}年起，第{self.pk}版）"


class AssessmentQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """Staff with the right, but nobody in office his own; an expert his own, once it is released."""
        if not user.is_authenticated:
            return self.none()
        own = Q(expert__user_id=user.pk)
        if user.has_perm("evaluations.view_assessment"):
            return self.exclude(own)
        return self.filter(own).exclude(state=Assessment.State.COMPUTED)

    def current(self):
        """The revision that holds, one for each expert and year."""
        later = Assessment.objects.filter(
            expert=OuterRef("expert"), year=OuterRef("year"), revision__gt=OuterRef("revision")
        )
        return self.filter(~Exists(later))

    def standing(self):
        """What an expert's year was, as it was told to him: released or settled, the revision that holds."""
        return self.current().exclude(state=Assessment.State.COMPUTED)

    def graded(self):
        """Of whom a grade can be said."""
        return self.exclude(grade=Standing.UNDETERMINED)


class Assessment(Workflow):
    """One year of one expert; what it was made of is frozen with it, an amended result is a new revision."""

    class State(models.TextChoices):
        COMPUTED = "computed", "待公布"
        RELEASED = "released", "已公布"
        CONTESTED = "contested", "申请复核中"
        SETTLED = "settled", "已复核"

    class Grade(models.TextChoices):
        EXCELLENT = Standing.EXCELLENT, "优秀"
        GOOD = Standing.GOOD, "良好"
        ADEQUATE = Standing.ADEQUATE, "合格"
        FAILED = Standing.FAILED, "不合格"
        UNDETERMINED = Standing.UNDETERMINED, "不定等次"

    SPOKEN = {
        "release": "release_reason",
        "contest": "plea",
        "confirm_result": "decision",
        "amend_result": "decision",
        "put_in_place": "decision",
    }

    expert = models.ForeignKey(Expert, models.PROTECT, related_name="assessments", verbose_name="专家")
    year = models.PositiveSmallIntegerField("年度")
    revision = models.PositiveSmallIntegerField("第几次", default=1)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="assessments", verbose_name="评价办法")
    state = models.CharField("状态", max_length=20, choices=State, default=State.COMPUTED, editable=False)
    inputs = models.JSONField("依据的数据", editable=False)
    lines = models.JSONField("得分明细", editable=False)
    remarks = models.JSONField("说明", default=list, editable=False)
    total = models.DecimalField("总分", max_digits=5, decimal_places=2, editable=False)
    grade = models.CharField("等次", max_length=20, choices=Grade, editable=False)
    computed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="计算人", editable=False
    )
    computed_at = models.DateTimeField("计算时间", default=clock.now, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="公布人", editable=False
    )
    released_at = models.DateTimeField("公布时间", null=True, editable=False)
    release_reason = models.TextField("优秀超过比例的理由", max_length=500, blank=True, editable=False)
    contest_until = models.DateField("申请复核截止", null=True, editable=False)
    plea = EncryptedText("专家的意见", blank=True, default="")
    contested_at = models.DateTimeField("申请复核时间", null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="复核人", editable=False
    )
    decided_at = models.DateTimeField("复核时间", null=True, editable=False)
    decision = EncryptedText("复核理由", blank=True, default="")
    history = History()

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度评价"
        ordering = ["-year", "expert__no", "-revision"]
        permissions = [
            ("assess_assessment", "可计算年度评价"),
            ("release_assessment", "可公布年度评价"),
            ("confirm_result_assessment", "可维持年度评价"),
            ("amend_result_assessment", "可更正年度评价"),
        ]
        indexes = [models.Index(fields=["year", "state", "grade"], name="assessment_of_year")]
        constraints = [
            models.UniqueConstraint(fields=["expert", "year", "revision"], name="art10_1_one_assessment_of_a_year"),
            models.CheckConstraint(
                condition=Q(state__in=["computed", "settled"])
                | Q(released_by__isnull=False, released_at__isnull=False, contest_until__isnull=False),
                name="art10_1_released_by_somebody_with_time_to_contest",
            ),
            models.CheckConstraint(
                condition=Q(released_by=None) | ~Q(released_by=F("computed_by")),
                name="art10_1_released_by_another_than_computed",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="art10_1_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(released_by=None) | ~Q(decided_by=F("released_by")),
                name="art10_1_contest_decided_by_another_than_released",
            ),
        ]

    def __str__(self):
        return f"{self.expert}{self.year}年度评价"

    def get_absolute_url(self):
        return reverse("evaluations:assessment", args=[self.pk])

    def concerns(self, user):
        return self.expert.user_id == user.pk

    def may_be_contested(self, on: date) -> bool:
        """Whether the expert still has time to ask for another look."""
        return self.state == self.State.RELEASED and on <= self.contest_until
