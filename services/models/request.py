"""What a person asks the team for, and who may read it (Articles 4, 7, 8 and 10(3))."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from guardian.models import UserObjectPermissionBase

from experts.models import Appointment, District, Expert, Partner, Topic
from expertteam import clock
from expertteam.fields import BlindIndex, EncryptedText
from expertteam.history import History
from expertteam.workflow import Workflow, WorkflowQuerySet
from services.rules import request as rules


class Kind(models.TextChoices):
    """The six kinds of service of Article 8, in its order."""

    CONSULTING = "consulting", "创业咨询"
    GUIDANCE = "guidance", "创业就业指导"
    ACTIVITY = "activity", "专题活动"
    REVIEW = "review", "项目评审"
    TECHNICAL = "technical", "技术赋能"
    OTHER = "other", "其他活动"

    @property
    def article(self) -> str:
        """``8(1)`` to ``8(6)``."""
        return f"8({list(Kind).index(self) + 1})"


class ClientGroup(models.TextChoices):
    """Whom Article 7 names: six key groups, then those who run a young business, then everybody else."""

    GRADUATE = "graduate", "高校毕业生"
    UNEMPLOYED = "unemployed", "城镇失业人员"
    RETURNEE = "returnee", "返乡入乡人员"
    VETERAN = "veteran", "退役军人"
    FARMER = "farmer", "农民"
    HARDSHIP = "hardship", "就业困难人员"
    STARTUP = "startup", "初创企业或个体户经营者"
    OTHER = "other", "其他想创业、想就业的人"


class Place(models.TextChoices):
    CENTRE = "centre", "到服务中心"
    VISIT = "visit", "申请专家上门"
    ONLINE = "online", "线上交流"


class Wish(models.TextChoices):
    """When it suits a client who leaves the time to the centre."""

    MORNING = "workday_am", "工作日上午"
    AFTERNOON = "workday_pm", "工作日下午"
    WEEKEND = "weekend", "周末"


class ServiceRequestQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """Staff with the right see all, a client his own; an expert what was granted to him, in term only (Article 4)."""
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("services.view_servicerequest"):
            return self
        in_term = Appointment.objects.in_force(clock.today()).filter(expert__user=user)
        granted = ServiceRequestGrant.objects.filter(user=user, content_object=OuterRef("pk"))
        return self.filter(Q(client_id=user.pk) | Q(Exists(granted) & Exists(in_term)))

    def open(self):
        """Not yet held, called off or given up."""
        return self.filter(state__in=ServiceRequest.OPEN)

    def arranged_on(self, day):
        """Whose appointed time lies on this day."""
        begins = clock.instant(day)
        times = {"starts_at__gte": begins, "starts_at__lt": begins + timedelta(days=1)}
        return self.filter(state=ServiceRequest.State.ARRANGED, **times).select_related("expert__user", "client")

    def of_phone(self, index: str | None):
        """Asked from this number (its blind index)."""
        return self.filter(phone_index=index) if index else self.none()


class ServiceRequest(Workflow):
    """One person's request for an expert's service, from asking to the rating."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", "匹配中"
        OFFERED = "offered", "待专家确认"
        ACCEPTED = "accepted", "专家已接受，待定时间"
        ARRANGED = "arranged", "已约定"
        HELD = "held", "已服务，待确认"
        CONFIRMED = "confirmed", "已完成"
        RATED = "rated", "已评价"
        UNPLACED = "unplaced", "暂时约不到"
        CANCELLED = "cancelled", "已取消"
        CLIENT_ABSENT = "client_absent", "对方没来"

    OPEN = [State.SUBMITTED, State.OFFERED, State.ACCEPTED, State.ARRANGED]
    CLOSED = [State.CONFIRMED, State.RATED, State.UNPLACED, State.CANCELLED, State.CLIENT_ABSENT]
    SPOKEN = {
        "cancel": "note",
        "turn_away": "note",
        "allow_visit": "note",
        "return_to_queue": "note",
        "give_up_time": "note",
    }

    class Channel(models.TextChoices):
        WEB = "web", "网上"
        PHONE = "phone", "电话"
        COUNTER = "counter", "窗口"
        CLOUD = "cloud", "太原市云孵化平台"

    class Relation(models.TextChoices):
        SELF = "self", "本人"
        FAMILY = "family", "家人代办"
        COMMUNITY = "community", "社区或村里代办"
        OTHER = "other", "其他人代办"

    number = models.CharField("预约号", max_length=12, unique=True)
    state = models.CharField("状态", max_length=20, choices=State, default=State.SUBMITTED, editable=False)
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="受理人"
    )
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提交预约的网站"
    )
    relation = models.CharField("谁来办", max_length=10, choices=Relation, default=Relation.SELF)
    asked_by = EncryptedText("代办人", blank=True, default="")
    client = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name="账号"
    )
    name = EncryptedText("怎么称呼")
    phone = EncryptedText("手机号")
    phone_index = BlindIndex(source="phone", purpose="mobile", db_index=True)
    group = models.CharField("服务对象类别（第七条）", max_length=20, choices=ClientGroup, blank=True)
    enterprise = models.CharField("企业或项目", max_length=100, blank=True)
    enterprise_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    kind = models.CharField("服务类型（第八条）", max_length=20, choices=Kind, default=Kind.CONSULTING)
    topics = models.JSONField("想聊哪方面", default=list)
    question = EncryptedText("想问的问题")
    place = models.CharField("在哪里见面", max_length=10, choices=Place, default=Place.CENTRE)
    district = models.CharField("所在区县", max_length=6, choices=District, blank=True)
    address = EncryptedText("上门地址", blank=True, default="")
    visit_reason = models.CharField("上门原因", max_length=100, blank=True)
    visit_allowed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="同意上门"
    )
    wanted = models.ForeignKey(
        Expert, models.PROTECT, null=True, blank=True, related_name="wanted_by", verbose_name="想约的专家"
    )
    expert = models.ForeignKey(
        Expert, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name="匹配的专家"
    )
    wishes = models.JSONField("方便的时间", default=list, blank=True)
    starts_at = models.DateTimeField("约定时间", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("时长（分钟）", default=60)
    room = models.CharField("地点", max_length=100, blank=True)
    answer_due = models.DateTimeField("答复期限")
    submitted_at = models.DateTimeField("提交时间", default=clock.now)
    note = models.TextField("办理说明", blank=True, editable=False)
    history = History()

    objects = ServiceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "预约"
        ordering = ["-pk"]
        permissions = [
            ("ask_servicerequest", "可代为预约"),
            ("allow_visit_servicerequest", "可同意上门"),
            ("offer_servicerequest", "可匹配专家"),
            ("arrange_servicerequest", "可约定时间"),
            ("turn_away_servicerequest", "可答复约不到"),
            ("change_time_servicerequest", "可代为改期"),
            ("reschedule_servicerequest", "可代为改约"),
            ("cancel_servicerequest", "可代为取消"),
            ("mark_rated_servicerequest", "可标记已评价"),
            ("read_servicerequest", "可查阅咨询内容"),
        ]
        indexes = [
            models.Index(fields=["state", "answer_due"], name="request_queue"),
            models.Index(fields=["expert", "state", "starts_at"], name="request_of_expert"),
            models.Index(fields=["submitted_at"], name="request_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "arranged", "held", "confirmed", "rated"])
                | Q(expert__isnull=False),
                name="art10_3_matched_has_an_expert",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["arranged", "held", "confirmed", "rated"]) | Q(starts_at__isnull=False),
                name="art10_3_arranged_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(channel="web") | Q(channel="cloud") | Q(taken_by__isnull=False),
                name="art10_3_spoken_request_names_who_took_it",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("services:request", args=[self.pk])

    def concerns(self, user):
        """The client's or the matched expert's own matter: neither acts on it in office."""
        own = self.client_id == user.pk or (user.phone_index and user.phone_index == self.phone_index)
        return bool(own or (self.expert_id and self.expert.user_id == user.pk))

    @property
    def topic_labels(self) -> list[str]:
        return [Topic(topic).label for topic in self.topics]

    @property
    def wish_labels(self) -> list[str]:
        return [Wish(wish).label for wish in self.wishes]

    @property
    def is_key(self) -> bool:
        return rules.is_key_group(self.group)

    @property
    def ends_at(self):
        return self.starts_at and self.starts_at + self.minutes * clock.ONE_MINUTE


class Acknowledgement(models.Model):
    """A text of Article 4 or 14 that the client was shown or read before asking: which version, when, how."""

    class How(models.TextChoices):
        TICKED = "ticked", "本人勾选"
        READ_OUT = "read_out", "电话宣读后同意"
        PARTNER = "partner", "在合作网站勾选"

    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="acknowledgements")
    kind = models.CharField("文本", max_length=40)
    version = models.CharField("版本", max_length=20)
    digest = models.CharField("文本摘要", max_length=64)
    how = models.CharField("方式", max_length=10, choices=How)
    given_at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "知情确认"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["request", "kind"], name="art14_one_acknowledgement_of_a_text")]

    def __str__(self):
        return f"{self.request}：{self.kind} {self.version}"


class Reading(models.Model):
    """Somebody looked at what a client has confided; never changed, never deleted (Article 4)."""

    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="readings", verbose_name="预约")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="查阅人")
    read_at = models.DateTimeField("查阅时间", default=clock.now)
    why = models.CharField("事由", max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = "查阅记录"
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.request}：{self.reader}"


class ServiceRequestGrant(UserObjectPermissionBase):
    """guardian's grants on requests, in a table of their own with a real foreign key."""

    content_object = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="grants")

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = verbose_name_plural = "查阅授权"
