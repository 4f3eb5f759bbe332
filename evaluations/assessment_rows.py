"""What waits for whom in annual assessments: a year to be told, a second look to be taken."""

from django.db.models import Count, QuerySet
from django.urls import reverse

from evaluations import actions
from evaluations.models import Assessment
from expertteam import clock
from expertteam.waiting import Waiting, open_to


def to_release_of(user) -> QuerySet:
    """The years that are over with sheets nobody has been told of, one row for each."""
    over = open_to(actions.release, user).current().filter(year__lt=clock.today().year)
    others = over.exclude(expert__user=user).exclude(computed_by=user)
    return others.order_by("year").values("year").annotate(count=Count("pk"))


def to_release(years: dict) -> Waiting:
    year, count = years["year"], years["count"]
    return Waiting(
        None, "公布年度评价", f"{year}年度", f"{count}位专家", "看明细和优秀比例，再公布", "公布",
        f"{reverse('evaluations:assessments')}?year={year}",
    )  # fmt: skip


def contested_of(user) -> QuerySet:
    found = open_to(actions.confirm_result, user).exclude(expert__user=user).exclude(computed_by=user)
    return found.select_related("expert__user").order_by("contested_at", "pk")


def contested(sheet: Assessment) -> Waiting:
    return Waiting(
        None,
        "复核年度评价",
        f"{sheet.year}年度",
        f"{sheet.expert}老师",
        "看专家的意见，维持或者更正",
        "复核",
        sheet.get_absolute_url(),
    )


QUEUES = [("年度评价", to_release_of, to_release), ("评价复核", contested_of, contested)]
