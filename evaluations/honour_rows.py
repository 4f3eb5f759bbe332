"""The honours that wait for a decision, as rows of 今天 (Article 10(1))."""

from django.db.models import QuerySet

from evaluations import actions
from evaluations.models import Honour
from expertteam.waiting import Waiting, open_to


def to_decide_of(user) -> QuerySet:
    """Neither his own nor those he nominated."""
    nominated = open_to(actions.confer, user).exclude(expert__user=user).exclude(nominated_by=user)
    return nominated.select_related("expert__user").order_by("nominated_at", "pk")


def to_decide(honour: Honour) -> Waiting:
    tip = "填批准文号和理由" if honour.kind == Honour.Kind.COMMENDATION else "看年度情况和事迹，写明理由"
    return Waiting(
        None, f"决定{honour.get_kind_display()}", honour.number, f"{honour.expert}老师", tip, "决定",
        honour.get_absolute_url(),
    )  # fmt: skip


QUEUES = [("表彰推荐", to_decide_of, to_decide)]
