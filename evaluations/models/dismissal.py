"""解聘: from the ground to the served decision, with the expert heard in between (Article 12)."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from evaluations.models.report import Report
from evaluations.models.strike import Strike
from experts.models import Appointment, Expert
from experts.rules import Status
from expertteam import clock
from expertteam.fields import EncryptedText
from expertteam.history import History
from expertteam.models import Policy
from expertteam.workflow import Workflow, WorkflowQuerySet

PERSON = settings.AUTH_USER_MODEL
HEARD = ["heard", "weighed", "confirmed", "dismissed", "kept"]
DECIDED = ["confirmed", "dismissed", "kept"]


def person(label: str):
    """Who did one step; none before it is done."""
    return models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label, editable=False
    )


class DismissalQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """Staff with the right, but nobody in office his own; an expert his own, once it is his to know."""
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("evaluations.view_dismissal"):
            return self.exclude(pk__in=self.filter(expert__user_id=user.pk).values("pk"))
        return self.own(user)

    def own(self, user):
        """His own, whatever office he holds besides, once they are his to know."""
        known = Q(ground=Dismissal.Ground.OWN_REQUEST) | Q(told_on__isnull=False) | Q(notice_number__gt="")
        return self.filter(known, expert__user_id=user.pk)

    def open(self):
        """Neither decided against nor carried out."""
        return self.exclude(state__in=Dismissal.CLOSED)

    def suspending(self, on: date):
        """Taken up by a person, so that nothing new goes to the expert, where the bureau has it so."""
        if not Policy.objects.number("suspend_during_case", on):
            return self.none()
        return self.open().exclude(state=Dismissal.State.PROPOSED).exclude(ground=Dismissal.Ground.OWN_REQUEST)

    def told(self):
        """With all that a page says of one."""
        return self.select_related("expert__user", "appointment", "handler", "weighed_by", "decided_by", "report")

    def silent(self, on):
        """The time for a statement is over, and nothing was said."""
        return self.filter(state=Dismissal.State.TOLD, defence_until__lt=on)


class Dismissal(Workflow):
    """One case against, or at the request of, one expert; every step is somebody's, and none can be left out."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待立案"
        EXAMINING = "examining", "调查中"
        NOTICE_ISSUED = "notice_issued", "告知书待送达"
        TOLD = "told", "待陈述申辩"
        HEARING_ASKED = "hearing_asked", "待安排当面听取"
        HEARING_SET = "hearing_set", "待当面听取"
        HEARD = "heard", "待复核"
        WEIGHED = "weighed", "待决定"
        CONFIRMED = "confirmed", "决定书待送达"
        DISMISSED = "dismissed", "已解聘"
        KEPT = "kept", "不予解聘"
        DROPPED = "dropped", "已撤案"

    class Ground(models.TextChoices):
        OWN_REQUEST = "12(1)", "本人主动提出不再担任"
        ATTITUDE = "12(2)", "服务态度恶劣，累计三次"
        REFUSAL = "12(3)", "一年内无正当理由三次不履职"
        GAIN = "12(4)", "利用专家身份谋取私利"
        SECRETS = "12(5)", "泄露商业秘密，造成不良后果"
        UNLAWFUL = "12(6)", "违法违规言行或受到刑事处罚"

    class Heard(models.TextChoices):
        STATEMENT = "statement", "书面或口头陈述申辩"
        HEARING = "hearing", "当面听取意见"
        WAIVER = "waiver", "本人明确放弃"
        LAPSE = "lapse", "逾期没有陈述"
        MISSED = "missed", "通知后没有到场"

    class Way(models.TextChoices):
        """How the expert's own word came in where he does not give it on the portal."""

        LETTER = "letter", "来信"
        COUNTER = "counter", "到窗口"
        PHONE = "phone", "来电"

    class Advice(models.TextChoices):
        DISMISS = "dismiss", "建议解聘"
        WARN = "warn", "建议不解聘，书面提醒"
        KEEP = "keep", "建议不解聘"

    CLOSED = [State.DISMISSED, State.KEPT, State.DROPPED]
    COUNTED = [Ground.ATTITUDE, Ground.REFUSAL]
    SPOKEN = {
        "drop": "drop_reason",
        "take_back": "drop_reason",
        "extend": "extension",
        "record_hearing": "hearing_record",
        "weigh": "opinion",
        "reconsider": "decision",
        "confirm": "decision",
        "keep": "decision",
        "inspect_origin": "origin",
    }

    number = models.CharField("案号", max_length=12, unique=True)
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="dismissals", verbose_name="专家")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="dismissals", verbose_name="聘期")
    ground = models.CharField("情形（第十二条）", max_length=10, choices=Ground)
    state = models.CharField("状态", max_length=20, choices=State, default=State.PROPOSED, editable=False)
    strikes = models.ManyToManyField(Strike, blank=True, related_name="dismissals", verbose_name="计次")
    report = models.ForeignKey(
        Report, models.PROTECT, null=True, blank=True, related_name="dismissals", verbose_name="举报"
    )
    clue = EncryptedText("线索或本人申请", blank=True, default="")
    waives = models.BooleanField("申请时放弃陈述申辩", default=False)
    opened_by = person("提出人")
    opened_at = models.DateTimeField("提出时间", default=clock.now)
    flag = models.CharField("来源提示", max_length=100, blank=True, editable=False)
    origin = models.TextField("纪检核查情况", max_length=500, blank=True, editable=False)
    origin_seen_by = person("核查人")
    handler = person("承办人")
    drop_reason = EncryptedText("撤案理由", blank=True, default="")
    facts = EncryptedText("事实", blank=True, default="")
    reasons = EncryptedText("理由", blank=True, default="")
    judgment_number = models.CharField("判决或处罚文书号", max_length=60, blank=True)
    notice_number = models.CharField("告知书文号", max_length=40, blank=True, editable=False)
    notice_issued_at = models.DateTimeField("告知书制发时间", null=True, editable=False)
    told_on = models.DateField("告知书送达日期", null=True, editable=False)
    defence_days = models.PositiveSmallIntegerField("陈述申辩期限（工作日）", null=True, editable=False)
    defence_until = models.DateField("陈述申辩截止", null=True, editable=False)
    extension = models.CharField("延长理由", max_length=200, blank=True, editable=False)
    hearing_at = models.DateTimeField("听取时间", null=True, editable=False)
    hearing_place = models.CharField("听取地点", max_length=100, blank=True, editable=False)
    hearing_record = EncryptedText("听取笔录", blank=True, default="", editable=False)
    heard_how = models.CharField("怎样听取", max_length=12, choices=Heard, blank=True, editable=False)
    heard_on = models.DateField("听取日期", null=True, editable=False)
    weighed_by = person("复核人")
    weighed_at = models.DateTimeField("复核时间", null=True, editable=False)
    opinion = EncryptedText("复核意见", blank=True, default="", editable=False)
    advice = models.CharField("复核建议", max_length=10, choices=Advice, blank=True, editable=False)
    decided_by = person("决定人")
    decided_at = models.DateTimeField("决定时间", null=True, editable=False)
    decision = EncryptedText("决定意见", blank=True, default="", editable=False)
    warned = models.BooleanField("书面提醒", default=False, editable=False)
    decision_number = models.CharField("决定书文号", max_length=40, blank=True, editable=False)
    decision_due = models.DateField("决定书送达期限", null=True, editable=False)
    effective_on = models.DateField("解聘生效日期", null=True, editable=False)
    history = History()

    objects = DismissalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "解聘"
        ordering = ["-pk"]
        permissions = [
            ("propose_dismissal", "可提出解聘线索"),
            ("inspect_origin_dismissal", "可核查集中来源"),
            ("take_up_dismissal", "可立案"),
            ("drop_dismissal", "可撤案"),
            ("hand_on_dismissal", "可移交承办"),
            ("forward_dismissal", "可转请确认辞任"),
            ("add_evidence_dismissal", "可补充证据"),
            ("issue_notice_dismissal", "可制发告知书"),
            ("serve_notice_dismissal", "可登记告知书送达"),
            ("record_defence_dismissal", "可登记陈述申辩"),
            ("record_hearing_request_dismissal", "可登记当面陈述要求"),
            ("extend_dismissal", "可延长陈述期限"),
            ("lapse_defence_dismissal", "可作逾期未陈述处理"),
            ("set_hearing_dismissal", "可安排当面听取"),
            ("record_hearing_dismissal", "可登记听取笔录"),
            ("miss_hearing_dismissal", "可登记没有到场"),
            ("weigh_dismissal", "可复核申辩"),
            ("reconsider_dismissal", "可退回重新复核"),
            ("confirm_dismissal", "可确认解聘"),
            ("keep_dismissal", "可决定不予解聘"),
            ("serve_decision_dismissal", "可登记决定书送达"),
        ]
        indexes = [models.Index(fields=["state", "defence_until"], name="dismissal_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["expert"],
                condition=~Q(state__in=["dismissed", "kept", "dropped"]),
                name="art12_one_open_case_of_an_expert",
            ),
            models.CheckConstraint(
                condition=Q(waives=False) | Q(ground="12(1)"), name="art12_1_only_whoever_asks_waives_at_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["told", "hearing_asked", "hearing_set", *HEARD])
                | Q(waives=True, ground="12(1)")
                | (~Q(notice_number="") & Q(told_on__isnull=False, handler__isnull=False)),
                name="art12_2_nobody_is_heard_before_he_is_told",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=HEARD) | (~Q(heard_how="") & Q(heard_on__isnull=False)),
                name="art12_2_nothing_is_weighed_before_he_was_heard",
            ),
            models.CheckConstraint(
                condition=~Q(heard_how="lapse") | Q(heard_on__gt=F("defence_until")),
                name="art12_2_silence_counts_after_the_last_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["weighed", *DECIDED])
                | Q(waives=True, ground="12(1)")
                | (Q(weighed_by__isnull=False, weighed_at__isnull=False) & ~Q(advice="")),
                name="art12_2_what_he_said_was_weighed",
            ),
            models.CheckConstraint(
                condition=Q(weighed_by=None) | ~Q(weighed_by=F("handler")), name="art12_2_weighed_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=DECIDED) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="art12_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | (
                    (Q(handler=None) | ~Q(decided_by=F("handler")))
                    & (Q(weighed_by=None) | ~Q(decided_by=F("weighed_by")))
                    & (Q(opened_by=None) | ~Q(decided_by=F("opened_by")))
                ),
                name="art12_confirmed_by_neither_handler_nor_reviewer",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "dismissed"]) | ~Q(decision_number=""),
                name="art12_confirmed_has_a_number",
            ),
            models.CheckConstraint(
                condition=Q(state="dismissed", effective_on__isnull=False)
                | ~Q(state="dismissed") & Q(effective_on=None),
                name="art12_takes_effect_when_served",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("evaluations:dismissal", args=[self.pk])

    def concerns(self, user):
        return self.expert.user_id == user.pk

    @property
    def is_open(self) -> bool:
        return self.state not in self.CLOSED

    @property
    def is_own_request(self) -> bool:
        return self.ground == self.Ground.OWN_REQUEST

    @property
    def is_running(self) -> bool:
        """Whether he is still in the term that the case can end: what is counted ends with its own, the rest with any."""
        counted = self.ground in self.COUNTED
        terms = [each for each in self.expert.appointments.all() if not counted or each.pk == self.appointment_id]
        return any(each.status(clock.today()) == Status.VALID for each in terms)

    @property
    def due(self) -> date | None:
        """Until when the next step is due; None where no day is set."""
        State = self.State
        steps = {State.TOLD: self.defence_until, State.CONFIRMED: self.decision_due}
        if self.state == State.HEARING_SET:
            return clock.local(self.hearing_at).date()
        return steps.get(self.state)
