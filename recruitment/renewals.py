"""The terms that are ending, and how far each is on its way to another one (Article 3)."""

from datetime import date, timedelta

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from experts.models import Appointment
from expertteam.models import Policy
from recruitment.models import Application, Round, Wish

State = Application.State
STAGES = {  # of a term, in this order
    "none": "没有表示",
    "wish": "有意愿",
    "draft": "正在填写",
    "applied": "已报名",
    "recommended": "已推荐",
    "appointed": "已续聘",
    "closed": "没有续成",
}
OF_THE_APPLICATION = {
    "draft": [State.DRAFT],
    "applied": [State.SUBMITTED, State.RETURNED],
    "recommended": [State.RECOMMENDED, State.APPROVED, State.ON_NOTICE],
    "appointed": [State.APPOINTED],
    "closed": [State.DECLINED, State.WITHDRAWN],
}


def last_ending(on: date) -> date:
    """The latest last day that lies within the window on that day."""
    return on + timedelta(days=Policy.objects.number("renewal_window_days", on))


def staged(on: date) -> QuerySet[Appointment]:
    """Every term with its ``stage``, the words for it and, where there is one, the key of the application that it is at."""
    alive = Application.objects.filter(renews=OuterRef("pk")).exclude(
        ~Q(round__in=Round.objects.open_on(on).values("pk")), state=State.DRAFT
    )
    newest = alive.order_by("-pk")
    later = Appointment.objects.filter(expert=OuterRef("expert"), first_day__gt=OuterRef("last_day"), void_from=None)
    reached = [When(application_state__in=states, then=Value(stage)) for stage, states in OF_THE_APPLICATION.items()]
    return Appointment.objects.annotate(
        application_key=Subquery(newest.values("pk")[:1]),
        application_state=Subquery(newest.values("state")[:1]),
        stage=Case(
            When(Exists(later), then=Value("appointed")),
            *reached,
            When(Exists(Wish.objects.standing().filter(term=OuterRef("pk"))), then=Value("wish")),
            default=Value("none"),
            output_field=CharField(),
        ),
        stage_words=Case(
            *(When(stage=stage, then=Value(words)) for stage, words in STAGES.items()), output_field=CharField()
        ),
    )


def ending(on: date) -> QuerySet[Appointment]:
    """The terms that end within the window, and those already over on which something is still open."""
    near = Q(first_day__lte=on, last_day__range=(on, last_ending(on)))
    open_ = Q(last_day__lt=on, stage__in=["wish", "draft", "applied", "recommended"])
    return staged(on).filter(near | open_, void_from=None).order_by("last_day", "pk")


def counts(on: date) -> dict[str, int]:
    """How many of them are at each stage."""
    return dict(ending(on).order_by().values_list("stage").annotate(many=Count("pk")))
