"""Terms and their certificates (Articles 3 and 11)."""

import secrets
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from experts import rules
from experts.rules import CATEGORY_NAMES
from expertteam.history import History
from expertteam.regulation import article


class AppointmentQuerySet(models.QuerySet):
    @article("3")
    def in_force(self, on: date):
        """Valid on that day; ``last_day`` is inclusive, ``void_from`` is the first day that no longer holds."""
        return self.filter(Q(void_from=None) | Q(void_from__gt=on), first_day__lte=on, last_day__gte=on)

    def ending(self, on: date):
        """In force on that day, soon over, and not yet followed by another term of the same person."""
        next_term = self.model.objects.filter(expert=OuterRef("expert"), first_day__gt=OuterRef("last_day"))
        soon = self.in_force(on).filter(last_day__lte=on + timedelta(days=rules.WARNINGS[-1]))
        return soon.filter(~Exists(next_term)).select_related("expert__user").order_by("last_day", "pk")

    def overlapping(self, first_day: date, last_day: date):
        """Terms that share a day with this period; one that was void before it began shares none."""
        ended = Q(void_from__lte=first_day) | Q(void_from__lte=F("first_day"))
        return self.filter(Q(void_from=None) | ~ended, first_day__lte=last_day, last_day__gte=first_day)

    def visible_to(self, user):
        """Staff with the right see every term, an expert his own."""
        if user.has_perm("experts.view_appointment"):
            return self
        return self.filter(expert__user_id=user.pk) if user.is_authenticated else self.none()


def new_token() -> str:
    """128 random bits, as the certificate's QR carries them."""
    return secrets.token_urlsafe(16)


class Appointment(models.Model):
    """One term of one expert, and its certificate (Articles 3 and 11). ``last_day`` is inclusive."""

    class Basis(models.TextChoices):
        MEASURES = "measures", "本办法第十一条"
        FORMER = "former", "并人社发〔2020〕30号"

    expert = models.ForeignKey("experts.Expert", models.PROTECT, related_name="appointments", verbose_name="专家")
    name = models.CharField("证书姓名", max_length=50)
    category = models.PositiveSmallIntegerField("聘任类别（第五条）")
    number = models.CharField("聘书编号", max_length=30, unique=True)
    token = models.CharField("核验码", max_length=32, unique=True, default=new_token, editable=False)
    first_day = models.DateField("聘期首日")
    last_day = models.DateField("聘期末日")
    basis = models.CharField("聘任依据", max_length=20, choices=Basis, default=Basis.MEASURES)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="决定人")
    decided_at = models.DateTimeField("决定时间")
    void_from = models.DateField("自何日起失效", null=True, blank=True)
    history = History()

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "聘任"
        ordering = ["-first_day", "-pk"]
        indexes = [models.Index(fields=["expert", "first_day", "last_day"], name="appointment_term")]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gt=F("first_day")), name="art3_term_has_length"),
            models.CheckConstraint(condition=Q(category__gte=1, category__lte=8), name="art5_category_is_one_of_eight"),
        ]

    def __str__(self):
        return self.number

    @property
    def article(self) -> str:
        """The item of Article 5 under which the person was appointed: ``5(2)``."""
        return f"5({self.category})"

    @property
    def category_name(self) -> str:
        return CATEGORY_NAMES[self.category]

    def status(self, on: date) -> rules.Status:
        """What the certificate is worth on that day."""
        return rules.certificate_status(self.first_day, self.last_day, self.void_from, on)
