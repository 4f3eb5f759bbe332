"""What a client says of a service: at most once for each, by himself (Article 10(1))."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from evaluations.rules import POOR
from experts.models import Expert
from expertteam import clock
from expertteam.fields import EncryptedText
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet
from services.models import Service

UNCOUNTED = ["mistaken", "malicious"]  # findings after which a rating is nobody's word any more


class Grade(models.IntegerChoices):
    VERY_GOOD = 5, "很满意"
    GOOD = 4, "满意"
    FAIR = 3, "基本满意"
    POOR = 2, "不满意"
    VERY_POOR = 1, "很不满意"


class Praise(models.TextChoices):
    CLEAR = "clear", "讲得明白"
    USEFUL = "useful", "办法实用"
    PATIENT = "patient", "有耐心"
    PUNCTUAL = "punctual", "守时"
    POLICY = "policy", "懂政策"


class Trouble(models.TextChoices):
    """Attitude stands apart from everything else: it alone can become a ground of Article 12(2)."""

    UNSOLVED = "unsolved", "没解决问题"
    UNCLEAR = "unclear", "讲得听不懂"
    ATTITUDE = "attitude", "态度不好"
    LATE = "late", "迟到或没来"
    SELLING = "selling", "推销、收费"
    OTHER = "other", "其他"


class RatingQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """Staff with the right, but nobody what was said of himself."""
        if not user.has_perm("evaluations.view_rating"):
            return self.none()
        return self.exclude(expert__user_id=user.pk)

    def given(self):
        return self.filter(state=Rating.State.GIVEN)

    def averaged(self):
        """What averages are made of: the client's own word, not found mistaken or malicious."""
        voided = Q(case__finding__in=UNCOUNTED)
        return self.given().filter(channel=Rating.Channel.LINK).exclude(voided)

    def quoted(self):
        """The texts that everybody may read: averaged, consented to, looked at."""
        return self.averaged().filter(may_publish=True, quote=Rating.Quote.SHOWN)


class Rating(Workflow):
    """Made empty when a service counts; filled by its client, changed by him at most once."""

    class State(models.TextChoices):
        OPEN = "open", "待评价"
        GIVEN = "given", "已评价"

    class Channel(models.TextChoices):
        LINK = "link", "本人评价"
        PHONE = "phone", "电话代录"
        PAPER = "paper", "纸质代录"

    class Quote(models.TextChoices):
        NONE = "none", "没有可公开的文字"
        WAITING = "waiting", "待审看"
        SHOWN = "shown", "已公开"
        WITHHELD = "withheld", "不公开"

    SPOKEN = {"withhold_quote": "quote_reason"}

    service = models.OneToOneField(Service, models.PROTECT, related_name="rating", verbose_name="服务记录")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="ratings", verbose_name="专家")
    state = models.CharField("状态", max_length=20, choices=State, default=State.OPEN, editable=False)
    until = models.DateTimeField("评价截止")
    channel = models.CharField("渠道", max_length=10, choices=Channel, blank=True)
    grade = models.PositiveSmallIntegerField("总体评价", choices=Grade, null=True)
    good = models.JSONField("哪些地方好", default=list, blank=True)
    wrong = models.JSONField("哪里不满意", default=list, blank=True)
    text = EncryptedText("还想说的", blank=True, default="")
    may_publish = models.BooleanField("同意公开文字", default=False)
    quote = models.CharField("文字", max_length=10, choices=Quote, default=Quote.NONE, editable=False)
    quote_reason = models.CharField("不公开的原因", max_length=200, blank=True, editable=False)
    network = models.CharField(max_length=64, blank=True, editable=False)  # a fingerprint, to see clusters
    device = models.CharField(max_length=64, blank=True, editable=False)  # likewise
    made_at = models.DateTimeField("产生时间", default=clock.now)
    given_at = models.DateTimeField("评价时间", null=True)
    changed_at = models.DateTimeField("修改时间", null=True)
    history = History()

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评价"
        ordering = ["-pk"]
        permissions = [
            ("give_rating", "可代录评价"),
            ("revise_rating", "可修改评价"),
            ("resend_rating", "可重发评价短信"),
            ("show_quote_rating", "可公开评价文字"),
            ("withhold_quote_rating", "可不公开评价文字"),
        ]
        indexes = [models.Index(fields=["expert", "state", "channel", "grade"], name="rating_of_expert")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", grade=None)
                | Q(state="given", grade__range=(1, 5), given_at__isnull=False) & ~Q(channel=""),
                name="art10_1_given_rating_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(quote__in=["waiting", "shown"]) | Q(may_publish=True),
                name="art10_1_quote_with_consent_only",
            ),
        ]

    def __str__(self):
        return f"对{self.expert}的评价"

    def get_absolute_url(self):
        return reverse("evaluations:rating", args=[self.pk])

    def concerns(self, user):
        """The expert's and the client's own: neither touches it in office."""
        return self.service.concerns(user)

    @property
    def is_poor(self) -> bool:
        return self.grade in POOR

    @property
    def reasons(self) -> list[str]:
        """What was good or wrong, in words."""
        return [Praise(each).label for each in self.good] + [Trouble(each).label for each in self.wrong]
