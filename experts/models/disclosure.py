"""What an expert declared about his interests (Article 14)."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from experts.rules import Interest, Tie
from expertteam import clock
from expertteam.fields import EncryptedText
from expertteam.history import History


class DisclosureQuerySet(models.QuerySet):
    def standing(self, on: date):
        """Not ended before that day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on))

    def visible_to(self, user):
        """Staff with the right see every declaration, an expert his own."""
        if user.has_perm("experts.view_disclosure"):
            return self
        return self.filter(expert__user_id=user.pk) if user.is_authenticated else self.none()


class Disclosure(models.Model):
    """A stake, a relative or an employment, as the expert declared it: ended by him, never rewritten.

    Names are encrypted, so they are compared here and not in the database; an expert has few rows.
    """

    class Kind(models.TextChoices):
        INVESTMENT = Tie.INVESTMENT, "投资、持股"
        EMPLOYER = Tie.EMPLOYER, "任职"
        KIN = Tie.KIN, "亲属"

    expert = models.ForeignKey("experts.Expert", models.PROTECT, related_name="disclosures", verbose_name="专家")
    kind = models.CharField("类型", max_length=10, choices=Kind)
    name = EncryptedText("名称或姓名")
    code = EncryptedText("统一社会信用代码", blank=True, default="")
    detail = EncryptedText("说明", blank=True, default="")
    begins_on = models.DateField("从哪天起", null=True, blank=True)
    ends_on = models.DateField("到哪天止", null=True, blank=True)
    declared_at = models.DateTimeField("申报时间", default=clock.now)
    history = History()

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "利益申报"
        ordering = ["-declared_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(begins_on=None) | Q(ends_on__gte=F("begins_on")),
                name="art14_interest_ends_after_it_began",
            )
        ]

    def __str__(self):
        return f"{self.expert}：{self.get_kind_display()}"

    @property
    def interest(self) -> Interest:
        """As the rules compare it."""
        return Interest(self.kind, self.name, self.code, self.begins_on, self.ends_on, self.detail)
