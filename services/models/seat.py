"""Seats of a review, how they came to be filled, and who looked at a name (Articles 8(4) and 10(4))."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from experts.models import Expert
from expertteam import clock
from expertteam.fields import EncryptedText
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet
from services.models.draw import Draw, PoolEntry
from services.models.panel import ReviewPanel


class ChoiceQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """Who chooses, supervises and decides."""
        return self if user.has_perm("services.view_choice") else self.none()

    def open(self):
        """Not yet decided."""
        return self.filter(state__in=[Choice.State.PROPOSED, Choice.State.SUPPORTED])


class Choice(Workflow):
    """定向选取: experts chosen for seats that a draw cannot fill; reason, inspector's opinion, leader's approval."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待纪检意见"
        SUPPORTED = "supported", "待局领导批准"
        OPPOSED = "opposed", "纪检不同意"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"

    BELONGS_TO = "panel"
    SPOKEN = {"support": "opinion", "oppose": "opinion", "approve": "decision", "refuse": "decision"}

    panel = models.ForeignKey(ReviewPanel, models.PROTECT, related_name="choices", verbose_name="评审")
    reason = models.TextField("不抽取的理由", max_length=500)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    state = models.CharField("状态", max_length=20, choices=State, default=State.PROPOSED, editable=False)
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="纪检监督人"
    )
    opinion = models.TextField("纪检意见", max_length=500, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="批准人"
    )
    decision = models.TextField("局领导意见", max_length=500, blank=True, editable=False)
    history = History()

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "定向选取"
        ordering = ["-pk"]
        permissions = [
            ("support_choice", "可同意定向选取"),
            ("oppose_choice", "可不同意定向选取"),
            ("approve_choice", "可批准定向选取"),
            ("refuse_choice", "可不批准定向选取"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["panel"],
                condition=Q(state__in=["proposed", "supported"]),
                name="art10_4_one_open_choice_of_a_review",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="art10_4_choice_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (
                    Q(inspector__isnull=False, approved_by__isnull=False)
                    & ~Q(opinion="")
                    & ~Q(inspector=F("proposed_by"))
                    & ~Q(approved_by=F("proposed_by"))
                    & ~Q(approved_by=F("inspector"))
                ),
                name="art10_4_choice_takes_three_people",
            ),
        ]

    def __str__(self):
        return f"{self.panel}：定向选取"

    def get_absolute_url(self):
        return self.panel.get_absolute_url()

    def concerns(self, user):
        return self.panel.concerns(user) or self.chosen.filter(expert__user_id=user.pk).exists()

    def standstill(self):
        return self.panel.standstill()


class ChosenExpert(models.Model):
    """Who is proposed for which seat."""

    choice = models.ForeignKey(Choice, models.PROTECT, related_name="chosen", verbose_name="定向选取")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="+", verbose_name="专家")
    stratum = models.CharField("席位类别", max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = "拟选人选"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["choice", "expert"], name="art10_4_chosen_once")]

    def __str__(self):
        return f"{self.choice}：{self.stratum}"


class SeatQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """The office sees seats without names; a member his own."""
        if user.has_perm("services.view_seat"):
            return self
        return self.filter(expert__user_id=user.pk) if user.is_authenticated else self.none()

    def live(self):
        """Neither handed on nor given up."""
        return self.exclude(state__in=[Seat.State.STOOD_DOWN, Seat.State.RELEASED])

    def judging(self):
        """In the room."""
        return self.filter(state__in=[Seat.State.PRESENT, Seat.State.SIGNED])


class Seat(Workflow):
    """A place on the panel and who is called to it; a stand-down hands this one place on, and no other."""

    class State(models.TextChoices):
        CALLED = "called", "待答复"
        ACCEPTED = "accepted", "已接受"
        DECLINED = "declined", "来不了"
        PASSING = "passing", "递补待纪检签字"
        STOOD_DOWN = "stood_down", "已递补他人"
        PRESENT = "present", "已签到"
        SIGNED = "signed", "已签字"
        RELEASED = "released", "已取消"

    class Why(models.TextChoices):
        DECLINED = "declined", "来不了"
        RECUSED = "recused", "需要回避"
        UNREACHABLE = "unreachable", "联系不上"
        ABSENT = "absent", "没有到场"
        ILL = "ill", "中途因病离开"
        LEFT = "left", "不再参加评审"

    BELONGS_TO = "panel"
    SPOKEN = {"sign": "dissent", "take_as_agreed": "dissent"}

    panel = models.ForeignKey(ReviewPanel, models.PROTECT, related_name="seats", verbose_name="评审")
    draw = models.ForeignKey(Draw, models.PROTECT, null=True, related_name="seats", verbose_name="抽取")
    entry = models.ForeignKey(PoolEntry, models.PROTECT, null=True, related_name="seats", verbose_name="候选")
    choice = models.ForeignKey(Choice, models.PROTECT, null=True, related_name="seats", verbose_name="定向选取")
    place = models.PositiveSmallIntegerField("席位号")
    stratum = models.CharField("席位类别", max_length=20)
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="seats", verbose_name="专家")
    state = models.CharField("状态", max_length=20, choices=State, default=State.CALLED, editable=False)
    called_at = models.DateTimeField("通知时间", default=clock.now)
    answer_due = models.DateTimeField("答复期限")
    answered_at = models.DateTimeField("答复时间", null=True, editable=False)
    why = models.CharField("离席原因", max_length=12, choices=Why, blank=True, editable=False)
    reason = EncryptedText("具体原因", blank=True, default="")
    passed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="提请递补"
    )
    stood_down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="纪检签字"
    )
    stood_down_at = models.DateTimeField("递补时间", null=True, editable=False)
    stood_down_no = models.PositiveSmallIntegerField("第几个递补", null=True, editable=False)
    follows = models.OneToOneField("self", models.PROTECT, null=True, related_name="followed_by", verbose_name="递补谁")
    objection = EncryptedText("对递补的异议", blank=True, default="")
    objected_at = models.DateTimeField("异议时间", null=True, editable=False)
    objection_answer = EncryptedText("异议答复", blank=True, default="")
    engagement = models.OneToOneField(
        "services.Engagement", models.PROTECT, null=True, editable=False, related_name="seat", verbose_name="日程"
    )
    signed_in_at = models.DateTimeField("签到时间", null=True, editable=False)
    declared_at = models.DateTimeField("回避声明时间", null=True, editable=False)
    signed_at = models.DateTimeField("签字时间", null=True, editable=False)
    refused = models.BooleanField("未签字也未说明理由", default=False, editable=False)
    dissent = models.TextField("不同意见", max_length=1000, blank=True, editable=False)
    history = History()

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评审席位"
        ordering = ["panel", "place", "pk"]
        permissions = [
            ("report_unreachable_seat", "可登记联系不上"),
            ("report_absent_seat", "可登记没有到场"),
            ("excuse_seat", "可登记中途离开"),
            ("rule_out_seat", "可登记不能参加"),
            ("pass_on_seat", "可提请递补"),
            ("send_back_seat", "可退回递补"),
            ("stand_down_seat", "可同意递补"),
            ("answer_objection_seat", "可答复递补异议"),
            ("take_as_agreed_seat", "可登记未签字"),
            ("look_up_seat", "可查看待答复席位的姓名和号码"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "place"],
                condition=~Q(state__in=["stood_down", "released"]),
                name="art10_4_one_member_on_a_seat",
            ),
            models.UniqueConstraint(
                fields=["panel", "expert"],
                condition=~Q(state__in=["stood_down", "released"]),
                name="art10_4_one_seat_of_an_expert",
            ),
            models.CheckConstraint(
                condition=Q(draw__isnull=False, entry__isnull=False, choice=None)
                | Q(draw=None, entry=None, choice__isnull=False),
                name="art10_4_seat_comes_from_a_draw_or_a_choice",
            ),
            models.CheckConstraint(
                condition=~Q(state="stood_down")
                | Q(passed_by__isnull=False, stood_down_by__isnull=False, stood_down_at__isnull=False)
                & Q(stood_down_no__isnull=False)
                & ~Q(passed_by=F("stood_down_by"))
                & ~Q(why=""),
                name="art10_4_stand_down_has_two_signatures",
            ),
            models.UniqueConstraint(fields=["panel", "stood_down_no"], name="art10_4_stand_downs_have_an_order"),
            models.CheckConstraint(
                condition=~Q(state__in=["present", "signed"]) | Q(signed_in_at__isnull=False),
                name="art8_4_who_judges_has_signed_in",
            ),
        ]

    def __str__(self):
        return f"{self.panel.number}第{self.place}席"

    def get_absolute_url(self):
        return reverse("services:seat", args=[self.pk])

    def concerns(self, user):
        return self.expert.user_id == user.pk

    def bars(self, user):
        """Nor has whoever sits beside it, or is a party to what is judged, a hand in it."""
        return self.panel.concerns(user)

    def standstill(self):
        return self.panel.standstill()


class Attempt(models.Model):
    """One try to reach who is called: the message that went out by itself, or a telephone call; added, never changed."""

    class Channel(models.TextChoices):
        MESSAGE = "message", "系统短信和站内通知"
        PHONE = "phone", "电话"

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="attempts", verbose_name="席位")
    at = models.DateTimeField("时间", default=clock.now)
    channel = models.CharField("方式", max_length=10, choices=Channel)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    note = models.CharField("结果", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "联系记录"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.seat}：{self.get_channel_display()}"


class PanelReading(models.Model):
    """Who looked at a name before the names are open: one seat, or the frozen list (Article 4)."""

    panel = models.ForeignKey(ReviewPanel, models.PROTECT, related_name="readings", verbose_name="评审")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="readings", verbose_name="席位")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="查看人")
    what = models.CharField("看了什么", max_length=40)
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "评审名单查看记录"
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.panel}：{self.what}"
