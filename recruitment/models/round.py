"""Rounds of selection with dated phases (Articles 3 and 11)."""

from datetime import date

from django.db import models
from django.db.models import Case, F, Q, When

from expertteam.history import History


class RoundQuerySet(models.QuerySet):
    def open_on(self, on: date):
        """Taking applications on that day."""
        return self.filter(opens_on__lte=on, closes_on__gte=on)

    def for_renewal(self, on: date):
        """Where a serving expert can apply for another term on that day: those made for it first."""
        own = Case(When(purpose=Round.Purpose.RENEWAL, then=0), default=1)
        return self.open_on(on).order_by(own, "closes_on", "pk")

    def announced(self, on: date):
        """The rounds still to come or running, nearest first."""
        return self.filter(review_until__gte=on).order_by("opens_on")


class Round(models.Model):
    """One round of selection; every date is the last or first day of a phase, inclusive."""

    class Phase(models.TextChoices):
        AHEAD = "ahead", "未开始"
        OPEN = "open", "接受报名"
        SCREENING = "screening", "初审推荐"
        REVIEW = "review", "审核"
        CLOSED = "closed", "已结束"

    class Purpose(models.TextChoices):
        OPEN = "open", "公开选聘"
        RENEWAL = "renewal", "续聘"

    name = models.CharField("名称", max_length=60, unique=True)
    purpose = models.CharField(
        "用途", max_length=10, choices=Purpose, default=Purpose.OPEN, help_text="续聘批次只收聘期快满的专家，不公开招新"
    )
    opens_on = models.DateField("报名首日")
    closes_on = models.DateField("报名末日")
    screening_until = models.DateField("初审完成")
    review_until = models.DateField("审核完成")
    places = models.PositiveSmallIntegerField("计划人数", null=True, blank=True)
    history = History()

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "选聘批次"
        ordering = ["-opens_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on"))
                & Q(screening_until__gte=F("closes_on"))
                & Q(review_until__gte=F("screening_until")),
                name="art11_phases_follow_each_other",
            )
        ]

    def __str__(self):
        return self.name

    def phase(self, on: date) -> "Round.Phase":
        """Where the round stands on that day."""
        if on < self.opens_on:
            return self.Phase.AHEAD
        ends = [
            (self.closes_on, self.Phase.OPEN),
            (self.screening_until, self.Phase.SCREENING),
            (self.review_until, self.Phase.REVIEW),
        ]
        return next((phase for last, phase in ends if on <= last), self.Phase.CLOSED)
