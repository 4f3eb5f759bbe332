"""结对帮扶: an expert who stays with one or several founders over a time (Article 8(2))."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Prefetch, Q
from django.urls import reverse

from experts.models import Appointment, Expert
from expertteam import clock
from expertteam.fields import BlindIndex, EncryptedText
from expertteam.history import History
from expertteam.regulation import article
from expertteam.workflow import Workflow, WorkflowQuerySet
from services.models.request import ClientGroup, ServiceRequest
from services.models.service import Service
from services.rules import pairing as rules

UNTOLD = [Service.State.DRAFT, Service.State.REJECTED]  # what does not count as a contact


class PairingQuerySet(WorkflowQuerySet):
    def visible_to(self, user):
        """Staff with the right see every pairing, an expert his own, a stranger none."""
        if user.has_perm("services.view_pairing"):
            return self
        return self.filter(expert__user_id=user.pk) if user.is_authenticated else self.none()

    def running(self, on: date):
        """Active on that day, its expert in term (Article 3)."""
        term = Appointment.objects.in_force(on).filter(expert=OuterRef("expert"))
        return self.filter(Exists(term), state=Pairing.State.ACTIVE, starts_on__lte=on, ends_on__gte=on)

    def followed(self):
        """With the expert and all contacts so far."""
        return self.select_related("expert__user").prefetch_related("services")

    def dated(self):
        """With the expert and no more of the contacts than when they were."""
        contacts = Service.objects.only("pairing", "state", "started_at").order_by()
        return self.select_related("expert__user").prefetch_related(Prefetch("services", contacts))

    def near(self, on: date):
        """Running, and the next contact is due within days, or late; the rule decides by the latest that was told."""
        last = Max("services__started_at", filter=~Q(services__state__in=UNTOLD))
        facts = self.running(on).order_by().annotate(last=last)
        near = []
        for pk, starts_on, cadence, ends_on, at in facts.values_list(
            "pk", "starts_on", "cadence_days", "ends_on", "last"
        ):
            due = rules.next_contact_due(starts_on, [clock.local(at).date()] if at else [], cadence)
            if rules.contact_is_near(due, ends_on, on):
                near.append(pk)
        return self.filter(pk__in=near)

    def overdue(self, on: date):
        """Running, and the next contact is late; the rule decides, pairing by pairing."""
        running = self.running(on).dated()
        return self.filter(pk__in=[pairing.pk for pairing in running if pairing.is_overdue(on)])


class Pairing(Workflow):
    """One expert, one or several founders who asked for him, goals, and how often they meet."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待专家答复"
        ACTIVE = "active", "结对中"
        CLOSED = "closed", "已结束"
        DECLINED = "declined", "专家未接受"
        CALLED_OFF = "called_off", "已提前终止"

    class Result(models.TextChoices):
        ACHIEVED = "achieved", "达到目标"
        PARTLY = "partly", "部分达到"
        MISSED = "missed", "没有达到"

    SPOKEN = {"decline": "reason", "call_off": "reason", "report_outcome": "outcome"}

    number = models.CharField("结对编号", max_length=20, unique=True)
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="pairings", verbose_name="专家")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人")
    goals = EncryptedText("帮扶目标")
    cadence_days = models.PositiveSmallIntegerField("至少几天联系一次")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    state = models.CharField("状态", max_length=20, choices=State, default=State.PROPOSED, editable=False)
    reason = EncryptedText("不接受或终止的原因", blank=True, default="")
    outcome = EncryptedText("专家写的成效", blank=True, default="")
    reported_at = models.DateTimeField("成效提交时间", null=True, editable=False)
    result = models.CharField("结果", max_length=20, choices=Result, blank=True)
    closed_at = models.DateTimeField("结束时间", null=True, editable=False)
    history = History()

    objects = PairingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "结对帮扶"
        ordering = ["-pk"]
        permissions = [
            ("propose_pairing", "可提出结对"),
            ("add_member_pairing", "可增加结对对象"),
            ("release_member_pairing", "可移出结对对象"),
            ("close_pairing", "可办结结对"),
            ("call_off_pairing", "可终止结对"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="art8_2_pairing_has_length"),
            models.CheckConstraint(condition=Q(cadence_days__gte=1), name="art8_2_pairing_has_a_cadence"),
            models.CheckConstraint(
                condition=~Q(state="closed") | (~Q(result="") & Q(closed_at__isnull=False)),
                name="art8_2_closed_pairing_has_a_result",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("services:pairing", args=[self.pk])

    def concerns(self, user):
        return user.pk == self.expert.user_id

    def contacts(self) -> list[date]:
        """The days on which the expert met or called them, from his own log, as far as it was not found untrue."""
        told = [each for each in self.services.all() if each.state not in UNTOLD]
        return [clock.local(each.started_at).date() for each in told]

    def contact_due(self) -> date:
        """The last day for the next contact."""
        return rules.next_contact_due(self.starts_on, self.contacts(), self.cadence_days)

    def is_overdue(self, on: date) -> bool:
        return rules.contact_is_overdue(self.contact_due(), self.ends_on, on)


class PairingMemberQuerySet(models.QuerySet):
    def current(self):
        """Not released."""
        return self.filter(left_on=None)

    def visible_to(self, user):
        """Whoever keeps the pairings sees all; else an expert those whom he helps now."""
        if user.has_perm("services.view_pairingmember"):
            return self
        return self.helped_by(user) if user.is_authenticated else self.none()

    @article("4")
    def helped_by(self, user):
        """对服务过程中知悉的……商业秘密承担保密义务: the paired expert, while the pairing runs and he is in term."""
        own = Pairing.objects.running(clock.today()).filter(expert__user_id=user.pk)
        return self.current().filter(pairing__in=own)


class PairingMember(models.Model):
    """A founder who commissioned the help; ``left_on`` is the first day he no longer belongs."""

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="members", verbose_name="结对")
    name = EncryptedText("姓名")
    phone = EncryptedText("手机号")
    phone_index = BlindIndex(source="phone", purpose="mobile", db_index=True)
    group = models.CharField("服务对象类别", max_length=20, choices=ClientGroup, blank=True)
    enterprise = models.CharField("企业或项目", max_length=100, blank=True)
    enterprise_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    request = models.ForeignKey(
        ServiceRequest, models.PROTECT, null=True, blank=True, related_name="paired", verbose_name="由哪个预约而来"
    )
    commissioned_on = models.DateField("委托日期")
    channel = models.CharField("怎样委托", max_length=10, choices=ServiceRequest.Channel)
    joined_on = models.DateField("加入日期")
    left_on = models.DateField("移出日期", null=True, blank=True)
    history = History()

    objects = PairingMemberQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "结对对象"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pairing", "phone_index"],
                condition=Q(left_on=None),
                name="art8_2_once_in_a_pairing",
            ),
            models.CheckConstraint(
                condition=Q(commissioned_on__lte=F("joined_on")), name="art8_2_commissioned_before_it_began"
            ),
        ]

    def __str__(self):
        return f"{self.pairing}的结对对象"
