"""What the expert's desk says of a term that is ending (Article 3)."""

from experts.desk import Section
from experts.models import Expert
from expertteam import clock
from recruitment import renewals
from recruitment.models import Round

ASKING = {"draft": "续聘报名还没有提交"}  # whether to wish for another term is nothing that he has to do


def ending(expert: Expert) -> Section | None:
    """聘期快到了: with the way to the wish, or where it stands."""
    today = clock.today()
    term = renewals.ending(today).filter(expert=expert, first_day__lte=today, last_day__gte=today).first()
    if term is None:
        return None
    context = {
        "term": term,
        "stage": term.stage,
        "days": (term.last_day - today).days,
        "round": Round.objects.for_renewal(today).first(),
    }
    return Section("recruitment/desk/ending.html", context, said=ASKING.get(term.stage, ""))
