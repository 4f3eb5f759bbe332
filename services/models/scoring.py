"""Score sheets: their templates, what each member gave, and who may not judge what (Article 8(4))."""

from django.db import models
from django.db.models import Q

from expertteam import clock
from expertteam.fields import EncryptedText
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet


class Method(models.TextChoices):
    """How the sheets of one project become its score."""

    MEAN = "mean", "平均分"
    TRIMMED = "trimmed", "去掉一个最高分和一个最低分后平均"


class ScoreTemplateQuerySet(models.QuerySet):
    def offered(self):
        """Not retired."""
        return self.filter(retired_on=None)


class ScoreTemplate(models.Model):
    """评分表模板: criteria with what each is worth; a review keeps its own copy, so a change is for later ones.

    ``criteria``: ``[{"key": "team", "group": "团队", "name": "管理团队", "most": 5}, …]``, points.
    """

    name = models.CharField("名称", max_length=60)
    source = models.CharField("出处", max_length=200, blank=True)
    criteria = models.JSONField("评分项")
    method = models.CharField("计分方法", max_length=10, choices=Method, default=Method.MEAN)
    retired_on = models.DateField("停用日期", null=True, blank=True)
    history = History()

    objects = ScoreTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评分表模板"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["name"], name="one_template_of_a_name")]

    def __str__(self):
        return self.name


class Recusal(models.Model):
    """本项目回避: a member is excused from this one project, and stays for the others (Article 14)."""

    seat = models.ForeignKey("services.Seat", models.PROTECT, related_name="recusals", verbose_name="席位")
    project = models.ForeignKey(
        "services.ReviewProject", models.PROTECT, related_name="recusals", verbose_name="参评项目"
    )
    reason = EncryptedText("理由")
    at = models.DateTimeField("声明时间", default=clock.now)
    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "本项目回避"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["seat", "project"], name="art14_one_recusal_from_a_project")]

    def __str__(self):
        return f"{self.project}：回避"


class ScoreSheetQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """A member his own; whoever runs or supervises the review all of them once the scoring is over."""
        own = Q(seat__expert__user_id=user.pk)
        if user.has_perm("services.view_scoresheet"):
            return self.filter(own | Q(panel__closed_at__isnull=False))
        return self.filter(own) if user.is_authenticated else self.none()

    def valid(self):
        """Given by a member who stayed, on a project from which he was not excused."""
        recused = Recusal.objects.filter(seat=models.OuterRef("seat"), project=models.OuterRef("project"))
        kept = self.filter(state=ScoreSheet.State.SUBMITTED, seat__state__in=["present", "signed"])
        return kept.filter(~models.Exists(recused))


class ScoreSheet(Workflow):
    """评分表: what one member gives one project; ``marks`` are points with two decimals, as text by criterion."""

    class State(models.TextChoices):
        DRAFT = "draft", "未提交"
        SUBMITTED = "submitted", "已提交"

    BELONGS_TO = "panel"

    panel = models.ForeignKey(
        "services.ReviewPanel", models.PROTECT, related_name="sheets", editable=False, verbose_name="评审"
    )
    seat = models.ForeignKey("services.Seat", models.PROTECT, related_name="sheets", verbose_name="席位")
    project = models.ForeignKey("services.ReviewProject", models.PROTECT, related_name="sheets", verbose_name="项目")
    state = models.CharField("状态", max_length=20, choices=State, default=State.DRAFT, editable=False)
    marks = models.JSONField("分数", default=dict)
    total = models.DecimalField("总分", max_digits=5, decimal_places=2, null=True, editable=False)
    comment = models.TextField("评语", max_length=1000, blank=True)
    explanation = models.TextField("偏离说明", max_length=300, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, editable=False)
    history = History()

    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评分表"
        ordering = ["project", "seat"]
        constraints = [
            models.UniqueConstraint(fields=["seat", "project"], name="art8_4_one_sheet_of_a_member_for_a_project"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(total__gte=0, total__lte=999, submitted_at__isnull=False),
                name="art8_4_submitted_has_a_total",
            ),
        ]

    def __str__(self):
        return f"{self.project}评分表"

    def get_absolute_url(self):
        return self.seat.get_absolute_url()

    def concerns(self, user):
        return self.seat.expert.user_id == user.pk

    def standstill(self):
        return self.panel.standstill()


class Vote(models.Model):
    """表决: where score and first criterion are equal, each member names the project that goes before."""

    seat = models.ForeignKey("services.Seat", models.PROTECT, related_name="votes", verbose_name="席位")
    project = models.ForeignKey("services.ReviewProject", models.PROTECT, related_name="votes", verbose_name="项目")
    score = models.DecimalField("同分", max_digits=5, decimal_places=2)
    first_mark = models.DecimalField("首项同分", max_digits=5, decimal_places=2)
    at = models.DateTimeField("表决时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "同分表决"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["seat", "score", "first_mark"], name="art8_4_one_vote_on_a_tie")]

    def __str__(self):
        return f"{self.project}：表决"
