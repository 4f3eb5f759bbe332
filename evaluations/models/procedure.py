"""What a dismissal rests on: proof of service, what the expert said point by point, files (Article 12)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from evaluations.models.dismissal import Dismissal
from expertteam import clock
from expertteam.fields import EncryptedText
from expertteam.files import StoredFile
from expertteam.history import History


class DismissalFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever may see the case in office; the expert what is his to read of his own."""
        own = self.own(user) if user.is_authenticated else self.none()
        if user.has_perm("evaluations.view_dismissal"):
            return self.filter(dismissal__in=Dismissal.objects.visible_to(user)) | own
        return own

    def own(self, user):
        """Of his own case, once he is told, what names nobody else, and what he has handed in himself."""
        told = Dismissal.objects.own(user).filter(told_on__isnull=False)
        return self.filter(open_to_expert=True, dismissal__in=told)


class DismissalFile(StoredFile):
    """A file of the case."""

    class Kind(models.TextChoices):
        EVIDENCE = "evidence", "证据"
        DEFENCE = "defence", "陈述申辩材料"
        RECORD = "record", "签字笔录"
        PROOF = "proof", "送达回证"

    dismissal = models.ForeignKey(Dismissal, models.PROTECT, related_name="files", verbose_name="解聘")
    kind = models.CharField("种类", max_length=10, choices=Kind)
    shows = models.CharField("证明什么", max_length=100, blank=True)
    open_to_expert = models.BooleanField("可给专家查看", default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提交人")

    objects = DismissalFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "解聘材料"
        ordering = ["pk"]

    def get_absolute_url(self):
        return reverse("evaluations:dismissal_file", args=[self.pk])


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever may see the case."""
        return self.filter(dismissal__in=Dismissal.objects.visible_to(user))


class Delivery(models.Model):
    """送达: which paper reached the expert how and on which day, with its proof; written once."""

    class Paper(models.TextChoices):
        NOTICE = "notice", "解聘事先告知书"
        DECISION = "decision", "解聘决定书"

    class Channel(models.TextChoices):
        ONLINE = "online", "本人网上签收"
        HAND = "hand", "直接送达"
        MAIL = "mail", "邮寄送达"
        LEFT = "left", "留置送达"
        PUBLIC = "public", "公告送达"

    dismissal = models.ForeignKey(Dismissal, models.PROTECT, related_name="deliveries", verbose_name="解聘")
    paper = models.CharField("文书", max_length=10, choices=Paper)
    channel = models.CharField("方式", max_length=10, choices=Channel)
    served_on = models.DateField("送达日期")
    posted_on = models.DateField("公告首日", null=True, blank=True)
    note = models.CharField("送达情况", max_length=200, blank=True)
    proof = models.OneToOneField(
        DismissalFile, models.PROTECT, null=True, blank=True, related_name="delivery", verbose_name="送达回证"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    recorded_at = models.DateTimeField("登记时间", default=clock.now)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "送达"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["dismissal", "paper"], name="art12_2_a_paper_is_served_once"),
            models.CheckConstraint(
                condition=Q(channel="online") | Q(proof__isnull=False), name="art12_2_service_has_its_proof"
            ),
            models.CheckConstraint(
                condition=~Q(channel="public") | Q(posted_on__isnull=False), name="art12_2_public_service_has_a_day"
            ),
        ]

    def __str__(self):
        return f"{self.dismissal}：{self.get_paper_display()}"


class PleaQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever may see the case."""
        return self.filter(dismissal__in=Dismissal.objects.visible_to(user))


class Plea(models.Model):
    """One point of what the expert said, and what the reviewer answered to it."""

    dismissal = models.ForeignKey(Dismissal, models.PROTECT, related_name="pleas", verbose_name="解聘")
    place = models.PositiveSmallIntegerField("序号")
    words = EncryptedText("陈述申辩")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="录入人")
    answer = EncryptedText("复核答复", blank=True, default="")
    accepted = models.BooleanField("采纳", null=True)
    history = History()

    objects = PleaQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "陈述申辩意见"
        ordering = ["dismissal", "place"]
        constraints = [models.UniqueConstraint(fields=["dismissal", "place"], name="art12_2_points_are_numbered")]

    def __str__(self):
        return f"{self.dismissal}第{self.place}点"
