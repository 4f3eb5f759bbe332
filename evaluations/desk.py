"""What stands on the expert's desk: what he is asked about, and how content people were; never who said it."""

from evaluations import figures
from evaluations.models import RatingCase
from experts.desk import Section
from experts.models import Expert

ASKED = [RatingCase.State.AWAITING_STATEMENT, RatingCase.State.RECTIFYING]


def to_explain(expert: Expert) -> Section | None:
    """The ratings that wait for his statement or his mending."""
    asked = RatingCase.objects.filter(rating__expert=expert, state__in=ASKED)
    cases = list(asked.select_related("rating__service").order_by("pk"))
    if not cases:
        return None
    return Section("evaluations/desk/to_explain.html", {"cases": cases}, said=f"有{len(cases)}条评价要您处理")


def rated(expert: Expert) -> Section | None:
    found = figures.told([expert.pk]).get(expert.pk)
    return Section("evaluations/desk/figures.html", {"figures": found}, aside=True) if found else None
