"""The team appointed under 并人社发〔2020〕30号, as it is brought in from a table (Article 15)."""

import json

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse

from expertteam import clock
from expertteam.fields import EncryptedText
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet

PERSON = settings.AUTH_USER_MODEL


class FormerImportQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """The office that selects."""
        return self if user.has_perm("recruitment.view_formerimport") else self.none()

    def counted(self):
        """With how many of their rows are new, there already, or wrong."""
        of = {word: Count("rows", filter=Q(rows__outcome=word)) for word in FormerRow.Outcome.values}
        return self.annotate(**{f"{word}_rows": count for word, count in of.items()})


class FormerImport(Workflow):
    """One table: looked at first (nothing happens), then taken in whole by a second person, or put aside.

    What was taken in can be undone whole, as long as nothing was built on it; the record of it stays.
    """

    class State(models.TextChoices):
        CHECKED = "checked", "已试读，待导入"
        TAKEN = "taken", "已导入"
        ASIDE = "aside", "已放弃"
        UNDONE = "undone", "已撤销"

    SPOKEN = {"undo": "reason"}

    number = models.CharField("编号", max_length=20, unique=True)
    filename = models.CharField("文件名", max_length=200)
    digest = models.CharField("SHA-256", max_length=64)
    state = models.CharField("状态", max_length=20, choices=State, default=State.CHECKED, editable=False)
    read_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name="试读人")
    read_at = models.DateTimeField("试读时间", default=clock.now)
    taken_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="导入人"
    )
    taken_at = models.DateTimeField("导入时间", null=True, editable=False)
    reason = models.CharField("撤销原因", max_length=200, blank=True, editable=False)
    history = History()

    objects = FormerImportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "原专家团导入"
        ordering = ["-pk"]
        permissions = [
            ("read_formerimport", "可试读原专家团名单"),
            ("take_in_formerimport", "可导入原专家团名单"),
            ("put_aside_formerimport", "可放弃原专家团名单"),
            ("undo_formerimport", "可撤销原专家团导入"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["digest"], condition=Q(state__in=["checked", "taken"]), name="art15_one_import_of_a_file"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["taken", "undone"]) | Q(taken_by__isnull=False, taken_at__isnull=False),
                name="art15_taken_import_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(taken_by=None) | ~Q(taken_by=F("read_by")), name="art15_two_people_see_an_import"
            ),
            models.CheckConstraint(
                condition=~Q(state="undone") | ~Q(reason=""), name="art15_undone_import_says_why"
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("recruitment:former_import", args=[self.pk])

    @property
    def is_takeable(self) -> bool:
        """Nothing in it is wrong, and something is new."""
        outcomes = set(self.rows.order_by().values_list("outcome", flat=True))
        return FormerRow.Outcome.NEW in outcomes and FormerRow.Outcome.WRONG not in outcomes

    def concerns(self, user):
        """Whoever stands in it has no hand in it."""
        return self.rows.filter(account_key=user.pk).exists()


class FormerRow(models.Model):
    """A row of the table as it was sent, and what it comes to.

    The keys are plain numbers: they say what was made of the row also after it was undone.
    """

    class Outcome(models.TextChoices):
        NEW = "new", "将新建"
        KNOWN = "known", "已有"
        WRONG = "wrong", "有问题"

    source = models.ForeignKey(FormerImport, models.PROTECT, related_name="rows", verbose_name="导入")
    place = models.PositiveIntegerField("行号")
    cells = EncryptedText("内容")  # JSON: what stood in the row, by the title of its column
    faults = models.JSONField("问题", default=dict, blank=True)  # by the title of the column
    outcome = models.CharField("结果", max_length=10, choices=Outcome)
    number = models.CharField("聘书编号", max_length=30, blank=True)
    first_day = models.DateField("聘期首日", null=True, blank=True)
    last_day = models.DateField("聘期末日", null=True, blank=True)
    account_key = models.BigIntegerField("账号", null=True, blank=True)
    new_account = models.BooleanField("新开账号", default=False)
    filled = models.CharField("填进账号的项目", max_length=60, blank=True, default="", db_default="")  # names of fields
    expert_key = models.BigIntegerField("专家", null=True, blank=True)
    new_expert = models.BooleanField("新入专家团", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "原专家团名单"
        ordering = ["source", "place"]
        indexes = [models.Index(fields=["number"], name="former_row_number")]
        constraints = [
            models.UniqueConstraint(fields=["source", "place"], name="one_former_row_of_a_place"),
            models.CheckConstraint(
                condition=Q(outcome="wrong")
                | ~Q(number="") & Q(first_day__isnull=False, last_day__isnull=False, faults={}),
                name="art15_row_without_fault_is_whole",
            ),
        ]

    def __str__(self):
        return f"{self.source.number}第{self.place}行"

    @property
    def name(self) -> str:
        return self.said.get("姓名", "")

    @property
    def employer(self) -> str:
        return self.said.get("工作单位", "")

    @property
    def paper(self) -> str:
        """The number of his paper as it was typed; pages mask it."""
        return self.said.get("证件号码", "")

    @property
    def phone(self) -> str:
        """The number by which he will come in, without the ways to write it; pages mask it."""
        return "".join(filter(str.isdigit, self.said.get("手机号", "")))[-11:]

    @property
    def said(self) -> dict[str, str]:
        """What stood in the row, by the title of its column."""
        return json.loads(self.cells)
