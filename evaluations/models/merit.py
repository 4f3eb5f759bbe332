"""评价事项: what no record of a service says by itself, entered with its evidence (Article 10(1))."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from evaluations.models.assessment import Assessment
from experts.models import Expert
from expertteam import clock
from expertteam.fields import EncryptedText
from expertteam.files import StoredFile


class MeritQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff with the right, but nobody in office his own; an expert his own, once the year is released."""
        if not user.is_authenticated:
            return self.none()
        own = Q(expert__user_id=user.pk)
        if user.has_perm("evaluations.view_merit"):
            return self.exclude(own)
        told = Assessment.objects.standing().filter(expert=models.OuterRef("expert"), year=models.OuterRef("year"))
        return self.filter(own & models.Exists(told))

    def counting(self):
        """Entries that no counter-entry has taken back, and that are none themselves."""
        return self.filter(revokes=None, revoked_by=None)


class Merit(models.Model):
    """One thing of one year, good or bad; never changed, taken back by a counter-entry alone.

    ``points`` only of a sampled record, 0 to 5; all else is worth what the scheme says.
    """

    class Kind(models.TextChoices):
        QUALITY = "quality", "抽查服务记录"
        REGISTERED = "registered", "实绩：指导对象登记注册"
        EMPLOYED = "employed", "实绩：带动就业"
        FINANCED = "financed", "实绩：帮助取得融资"
        POLICY = "policy", "实绩：政策落地"
        HONOUR = "honour", "加分：省级以上荣誉"
        CASE = "case", "加分：典型案例"
        CONTEST = "contest", "加分：辅导大赛获奖"
        LATE = "late", "扣分：迟到"
        UNRECUSED = "unrecused", "扣分：应回避没有回避"

    ITEMS = {  # kind -> the item of the scheme that it counts for
        Kind.REGISTERED: "outcomes",
        Kind.EMPLOYED: "outcomes",
        Kind.FINANCED: "outcomes",
        Kind.POLICY: "outcomes",
        Kind.HONOUR: "honours",
        Kind.CASE: "cases",
        Kind.CONTEST: "contests",
        Kind.LATE: "late_arrivals",
        Kind.UNRECUSED: "unrecused",
    }
    MOST = 5  # points of a sampled record

    expert = models.ForeignKey(Expert, models.PROTECT, related_name="merits", verbose_name="专家")
    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("事项", max_length=20, choices=Kind)
    points = models.DecimalField("抽查得分", max_digits=3, decimal_places=2, null=True, blank=True)
    evidence = EncryptedText("依据")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now)
    revokes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="revoked_by", verbose_name="冲销哪一条"
    )

    objects = MeritQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评价事项"
        ordering = ["-pk"]
        permissions = [("enter_merit", "可登记评价事项"), ("revoke_merit", "可冲销评价事项")]
        indexes = [models.Index(fields=["year", "expert"], name="merit_of_year")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="quality", points__gte=0, points__lte=5) | ~Q(kind="quality") & Q(points=None),
                name="art10_1_sampled_record_has_points",
            ),
        ]

    def __str__(self):
        return f"{self.expert}{self.year}年度{self.get_kind_display()}"

    def get_absolute_url(self):
        return reverse("evaluations:merit", args=[self.pk])

    def concerns(self, user):
        return self.expert.user_id == user.pk


class MeritFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever may see the entry."""
        return self.filter(merit__in=Merit.objects.visible_to(user))


class MeritFile(StoredFile):
    """The evidence of an entry as a file."""

    merit = models.ForeignKey(Merit, models.PROTECT, related_name="files", verbose_name="评价事项")

    objects = MeritFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评价事项材料"
        ordering = ["pk"]

    def get_absolute_url(self):
        return reverse("evaluations:merit_file", args=[self.pk])
