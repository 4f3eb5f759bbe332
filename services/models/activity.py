"""专题活动: lectures, salons, trainings and the like, who speaks there and who comes (Articles 8(3) and 8(6))."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse

from experts.models import Expert
from expertteam import clock
from expertteam.calendar import ONE_DAY
from expertteam.fields import BlindIndex, EncryptedText
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet
from services.models.request import ClientGroup, ServiceRequest


class ActivityQuerySet(WorkflowQuerySet):
    def public(self):
        """Announced: everybody may read it, now and afterwards."""
        return self.exclude(state=Activity.State.DRAFT).exclude(published_at=None)

    def coming(self, now: datetime):
        """Announced and not over, the next one first."""
        open_ = [Activity.State.OPEN, Activity.State.HELD]
        return self.public().filter(state__in=open_, ends_at__gte=now).order_by("starts_at", "pk")

    def open_for_sign_up(self, now: datetime):
        """Coming, and still to begin, the next one first."""
        return self.coming(now).filter(state=Activity.State.OPEN, starts_at__gt=now)

    def past(self, now: datetime):
        """Over, the last one first; one that was called off is past at once."""
        gone = Q(state__in=[Activity.State.CANCELLED, Activity.State.CLOSED]) | Q(ends_at__lt=now)
        return self.public().filter(gone).order_by("-starts_at", "-pk")

    def counted(self):
        """With how many have a seat (``seats``) and how many wait (``waits``)."""
        seats = Count("sign_ups", Q(sign_ups__state__in=SignUp.SEATED), distinct=True)
        return self.annotate(seats=seats, waits=Count("sign_ups", Q(sign_ups__state="waiting"), distinct=True))

    def visible_to(self, user):
        """Staff see drafts too, an expert those he is asked for; everybody sees what is announced."""
        if user.has_perm("services.view_activity"):
            return self
        announced = self.public()
        if not user.is_authenticated:
            return announced
        return self.filter(Q(pk__in=announced.values("pk")) | Q(roles__expert__user_id=user.pk)).distinct()


class Activity(Workflow):
    """A public event of the team; its attendance list proves the experts' hours."""

    class Kind(models.TextChoices):
        LECTURE = "lecture", "创业讲座"
        SALON = "salon", "创业沙龙"
        TRAINING = "training", "创业培训"
        CONTEST = "contest", "创业大赛"
        POLICY = "policy", "政策宣讲"
        SURVEY = "survey", "调研座谈"
        OTHER = "other", "其他活动"

    class State(models.TextChoices):
        DRAFT = "draft", "拟稿"
        OPEN = "open", "报名中"
        HELD = "held", "已举办"
        CLOSED = "closed", "已办结"
        CANCELLED = "cancelled", "已取消"

    SPOKEN = {"cancel": "cancelled_reason", "amend": "amendment"}

    number = models.CharField("活动编号", max_length=20, unique=True)
    kind = models.CharField("活动形式", max_length=20, choices=Kind)
    title = models.CharField("标题", max_length=60)
    text = models.TextField("介绍", max_length=1000)
    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间")
    place = models.CharField("地点", max_length=100)
    capacity = models.PositiveSmallIntegerField("名额")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟稿人")
    state = models.CharField("状态", max_length=20, choices=State, default=State.DRAFT, editable=False)
    published_at = models.DateTimeField("发布时间", null=True, editable=False)
    amendment = models.CharField("变更说明", max_length=100, blank=True, editable=False)
    cancelled_reason = models.CharField("取消原因", max_length=100, blank=True, editable=False)
    history = History()

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "专题活动"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "starts_at"], name="activity_state_start")]
        permissions = [
            ("draft_activity", "可拟活动"),
            ("revise_activity", "可修改活动拟稿"),
            ("publish_activity", "可发布活动"),
            ("amend_activity", "可变更活动"),
            ("hold_activity", "可登记活动已举办"),
            ("close_activity", "可办结活动"),
            ("cancel_activity", "可取消活动"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="art8_3_activity_has_length"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="art8_3_activity_has_seats"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("services:event", args=[self.pk])

    @property
    def article(self) -> str:
        """Under which item of Article 8 it falls."""
        return "8(6)" if self.kind == self.Kind.OTHER else "8(3)"

    def concerns(self, user):
        """Every expert who speaks or judges there: he confirms nothing of his own."""
        gone = [ActivityRole.State.DECLINED, ActivityRole.State.RELEASED]
        return self.roles.filter(expert__user_id=user.pk).exclude(state__in=gone).exists()


class ActivityRoleQuerySet(WorkflowQuerySet):
    def live(self):
        """Asked or accepted, or done."""
        return self.exclude(state__in=[ActivityRole.State.DECLINED, ActivityRole.State.RELEASED])

    def visible_to(self, user):
        """Staff see who is asked, an expert what he is asked for."""
        if user.has_perm("services.view_activity"):
            return self
        return self.filter(expert__user_id=user.pk) if user.is_authenticated else self.none()


class ActivityRole(Workflow):
    """What an expert is asked to do at an activity, when and for how long."""

    class Role(models.TextChoices):
        SPEAKER = "speaker", "主讲"
        TRAINER = "trainer", "培训讲师"
        JUDGE = "judge", "评委"
        HOST = "host", "主持"
        GUEST = "guest", "嘉宾"

    class State(models.TextChoices):
        INVITED = "invited", "待答复"
        ACCEPTED = "accepted", "已接受"
        DECLINED = "declined", "来不了"
        RELEASED = "released", "已撤回"
        SERVED = "served", "已到场"
        ABSENT = "absent", "没到场"

    BELONGS_TO = "activity"
    SPOKEN = {"decline": "reason"}

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="roles", verbose_name="活动")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="activity_roles", verbose_name="专家")
    role = models.CharField("角色", max_length=20, choices=Role)
    starts_at = models.DateTimeField("几点开始")
    minutes = models.PositiveSmallIntegerField("多少分钟")
    state = models.CharField("状态", max_length=20, choices=State, default=State.INVITED, editable=False)
    answered_at = models.DateTimeField("答复时间", null=True, editable=False)
    reason = EncryptedText("来不了的原因", blank=True, default="")
    engagement = models.OneToOneField(
        "services.Engagement",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="activity_role",
        verbose_name="日程",
    )
    history = History()

    objects = ActivityRoleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "活动角色"
        ordering = ["starts_at", "pk"]
        permissions = [
            ("invite_activityrole", "可邀请专家参加活动"),
            ("release_activityrole", "可撤回活动邀请"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "expert"],
                condition=~Q(state__in=["declined", "released"]),
                name="art8_3_one_live_role_of_an_expert",
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="art8_3_role_has_length"),
        ]

    def __str__(self):
        return f"{self.activity}：{self.expert}（{self.get_role_display()}）"

    def get_absolute_url(self):
        return reverse("services:desk_activity", args=[self.pk])

    def concerns(self, user):
        return user.pk == self.expert.user_id


class SignUpQuerySet(WorkflowQuerySet):
    def live(self):
        """Not called off by whoever signed up."""
        return self.exclude(state=SignUp.State.CANCELLED)

    def seated_on(self, day: date):
        """With a seat at an activity that begins on that day and has not been called off."""
        begins = {
            "activity__starts_at__gte": clock.instant(day),
            "activity__starts_at__lt": clock.instant(day + ONE_DAY),
        }
        seated = self.filter(state=SignUp.State.SEATED, activity__state=Activity.State.OPEN, **begins)
        return seated.select_related("activity")

    def visible_to(self, user):
        """Names of who comes are for the organisers alone."""
        return self if user.has_perm("services.view_signup") else self.none()


class SignUp(Workflow):
    """Somebody who wants to come: seated while there is room, else waiting in line."""

    BELONGS_TO = "activity"

    class State(models.TextChoices):
        SEATED = "seated", "已报上"
        WAITING = "waiting", "候补中"
        CANCELLED = "cancelled", "已取消"
        ATTENDED = "attended", "已签到"
        ABSENT = "absent", "没来"

    SEATED = [State.SEATED, State.ATTENDED]

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="sign_ups", verbose_name="活动")
    name = EncryptedText("姓名")
    phone = EncryptedText("手机号")
    phone_index = BlindIndex(source="phone", purpose="mobile", db_index=True)
    group = models.CharField("服务对象类别", max_length=20, choices=ClientGroup, blank=True)
    channel = models.CharField(
        "途径", max_length=10, choices=ServiceRequest.Channel, default=ServiceRequest.Channel.WEB
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="代办人"
    )
    consent_version = models.CharField("同意的文本版本", max_length=20, editable=False)
    consent_digest = models.CharField("同意的文本摘要", max_length=64, editable=False)
    line = models.PositiveIntegerField("报名次序", editable=False)
    state = models.CharField("状态", max_length=20, choices=State, default=State.SEATED, editable=False)
    signed_up_at = models.DateTimeField("报名时间", default=clock.now, editable=False)
    attended_at = models.DateTimeField("签到时间", null=True, editable=False)
    history = History()

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "活动报名"
        ordering = ["activity", "line"]
        permissions = [
            ("take_signup", "可代为报名"),
            ("give_up_signup", "可代为取消报名"),
            ("check_in_signup", "可登记签到"),
            ("miss_signup", "可登记没来"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "phone_index"],
                condition=~Q(state="cancelled"),
                name="art8_3_one_live_sign_up_of_a_phone",
            ),
            models.UniqueConstraint(fields=["activity", "line"], name="art8_3_one_place_in_line"),
        ]

    def __str__(self):
        return f"{self.activity}第{self.line}号报名"

    def get_absolute_url(self):
        return reverse("services:staff_activity", args=[self.activity_id])

    def concerns(self, user):
        return bool(user.phone_index) and user.phone_index == self.phone_index
