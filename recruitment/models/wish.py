"""What an expert says before his term ends: that he would like another one (Article 3, 专家意愿)."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from experts.models import Appointment
from expertteam import clock
from expertteam.history import History
from recruitment.models.application import Application
from recruitment.models.round import Round


class WishQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff with the right see every wish, an expert his own, a stranger none."""
        if user.has_perm("recruitment.view_wish"):
            return self
        return self.filter(term__expert__user_id=user.pk) if user.is_authenticated else self.none()

    def standing(self):
        """Not taken back."""
        return self.filter(withdrawn_at=None)

    def waiting(self, on):
        """Standing, its term not ended early nor followed by another, and nothing made of it yet.

        A draft whose round closed before it was handed in is nothing.
        """
        open_ = Round.objects.open_on(on).values("pk")
        made = Application.objects.filter(renews=OuterRef("term")).exclude(
            ~Q(round__in=open_), state=Application.State.DRAFT
        )
        later = Appointment.objects.filter(expert=OuterRef("term__expert"), first_day__gt=OuterRef("term__last_day"))
        return self.standing().filter(~Exists(made), ~Exists(later.filter(void_from=None)), term__void_from=None)


class Wish(models.Model):
    """One for each term, in the expert's own words; kept until a round takes it, taken back by himself alone."""

    term = models.OneToOneField(Appointment, models.PROTECT, related_name="wish", verbose_name="聘期")
    words = models.TextField("续聘意愿", max_length=500)
    changes = models.TextField("这一届有什么变化", max_length=500, blank=True)
    consents = models.JSONField("再次同意的文本", default=list)  # kind, version and digest of each
    at = models.DateTimeField("提出时间", default=clock.now)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, editable=False)
    history = History()

    objects = WishQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "续聘意愿"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="art3_a_wish_is_spoken"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("at")), name="art3_a_wish_ends_after_it_began"
            ),
        ]

    def __str__(self):
        return f"{self.term.name}：续聘意愿"

    def get_absolute_url(self):
        return reverse("recruitment:staff_renewal", args=[self.term_id])
