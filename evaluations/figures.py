"""What is shown of ratings: numbers from five on, and texts by consent (Article 10(1))."""

from collections.abc import Iterable

from django.db.models import Count

from evaluations import rules
from evaluations.models import Grade, Rating
from experts.standing_figures import Figures, Level, Quote
from expertteam import clock
from services.models.request import ClientGroup

QUOTES = 5
UNNAMED = {"", ClientGroup.HARDSHIP, ClientGroup.OTHER}  # who is hard up is not told so in public
ANYBODY = "服务对象"


def told(experts: Iterable[int]) -> dict[int, Figures]:
    """The figures of these experts by their keys, in one query; nobody without a rating."""
    averaged = Rating.objects.averaged().filter(expert__in=list(experts)).order_by()
    counts: dict[int, dict[int, int]] = {}
    for expert, grade, many in averaged.values_list("expert", "grade").annotate(many=Count("pk")):
        counts.setdefault(expert, {})[grade] = many
    return {expert: figures(levels) for expert, levels in counts.items()}


def figures(levels: dict[int, int]) -> Figures:
    """The average where there are enough; all five levels, the best first."""
    count = sum(levels.values())
    rows = [Level(grade.label, many := levels.get(grade, 0), round(100 * many / count)) for grade in Grade]
    return Figures(count, rules.public_average(levels), rows)


def quotes(expert: int) -> list[Quote]:
    """The latest texts that their writers let everybody read: group and month, no name."""
    shown = Rating.objects.quoted().filter(expert=expert).select_related("service").order_by("-given_at")[:QUOTES]
    return [Quote(rating.text, who(rating.service), month(rating.given_at)) for rating in shown]


def who(service) -> str:
    """The group of Article 7 as it may stand beside a text."""
    return ANYBODY if service.group in UNNAMED else service.get_group_display()


def month(moment) -> str:
    on = clock.local(moment)
    return f"{on.year}年{on.month}月"
