"""表彰推荐: what excellent work of a year is given, once somebody has decided so (Article 10(1))."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from evaluations.rules.honour import COMMENDATION
from experts.models import Expert
from expertteam import clock
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet

PERSON = settings.AUTH_USER_MODEL


class HonourQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """Staff with the right, but nobody in office his own; an expert his own, once it was given."""
        if not user.is_authenticated:
            return self.none()
        own = self.filter(expert__user_id=user.pk)
        if user.has_perm("evaluations.view_honour"):
            return self.exclude(pk__in=own.values("pk"))
        return own.given()

    def given(self):
        """Conferred, be it taken back since."""
        return self.filter(state__in=[Honour.State.CONFERRED, Honour.State.REVOKED])

    def public(self):
        """What everybody may read of: praise and commendation that stand; a proposal is not the province's word."""
        return self.filter(state=Honour.State.CONFERRED).exclude(kind=Honour.Kind.PROVINCIAL)

    def told(self):
        """With all that a page says of one."""
        return self.select_related("expert__user", "nominated_by", "decided_by", "revoked_by")


class Honour(Workflow):
    """One nomination of one expert for his work of one year, with what the year showed when he was nominated."""

    class State(models.TextChoices):
        NOMINATED = "nominated", "已提名"
        CONFERRED = "conferred", "已授予"
        REFUSED = "refused", "未通过"
        REVOKED = "revoked", "已撤销"

    class Kind(models.TextChoices):
        """表彰 may be given only with the approval of those who approve 评比达标表彰; praise stays in the house."""

        PRAISE = "praise", "通报表扬"
        COMMENDATION = COMMENDATION, "表彰"
        PROVINCIAL = "provincial", "推荐省级专家"

    SPOKEN = {"confer": "decision", "refuse": "decision", "revoke": "revocation"}
    BELONGS_TO = "expert"

    number = models.CharField("编号", max_length=12, unique=True)
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="honours", verbose_name="专家")
    kind = models.CharField("类别", max_length=20, choices=Kind)
    year = models.PositiveSmallIntegerField("年度")
    criteria = models.TextField("评选条件", max_length=500)
    deeds = models.TextField("主要事迹", max_length=1500)
    evidence = models.JSONField("提名时的年度情况", default=dict, editable=False)
    state = models.CharField("状态", max_length=20, choices=State, default=State.NOMINATED, editable=False)
    nominated_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name="提名人")
    nominated_at = models.DateTimeField("提名时间", default=clock.now)
    approval = models.CharField("批准文号", max_length=60, blank=True)
    decision = models.TextField("决定理由", max_length=500, blank=True)
    decided_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="决定人"
    )
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    revocation = models.TextField("撤销理由", max_length=500, blank=True)
    revoked_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤销人"
    )
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)
    history = History()

    objects = HonourQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "表彰推荐"
        ordering = ["-year", "-pk"]
        permissions = [
            ("nominate_honour", "可提名表彰推荐"),
            ("confer_honour", "可决定授予或推荐"),
            ("refuse_honour", "可决定不予表彰推荐"),
            ("revoke_honour", "可撤销表彰推荐"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["expert", "year", "kind"],
                condition=Q(state__in=["nominated", "conferred"]),
                name="art10_1_one_honour_of_a_kind_for_a_year",
            ),
            models.CheckConstraint(
                condition=~Q(kind="commendation", state__in=["conferred", "revoked"]) | ~Q(approval=""),
                name="art10_1_commendation_names_its_approval",
            ),
            models.CheckConstraint(
                condition=Q(state="nominated", decided_by=None, decided_at=None)
                | Q(state__in=["conferred", "refused", "revoked"], decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decision=""),
                name="art10_1_honour_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("nominated_by")),
                name="art10_1_honour_is_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="revoked")
                | Q(revoked_by__isnull=False, revoked_at__isnull=False) & ~Q(revocation=""),
                name="art10_1_revoked_honour_has_reasons",
            ),
            models.CheckConstraint(
                condition=~Q(criteria="") & ~Q(deeds=""), name="art10_1_honour_names_criteria_and_deeds"
            ),
        ]

    def __str__(self):
        return f"{self.expert}：{self.words}"

    def get_absolute_url(self):
        return reverse("evaluations:honour", args=[self.pk])

    def get_state_display(self):
        """Of a proposal to the province nothing is given here."""
        proposed = self.kind == self.Kind.PROVINCIAL and self.state == self.State.CONFERRED
        return "已推荐" if proposed else self.State(self.state).label

    def concerns(self, user):
        return self.expert.user_id == user.pk

    @property
    def words(self) -> str:
        """What it is called: 2026年通报表扬."""
        return f"{self.year}年{self.get_kind_display()}"
