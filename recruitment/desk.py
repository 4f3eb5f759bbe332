"""What the expert's desk says of a term that is ending (Article 3)."""

from datetime import timedelta

from experts.desk import Section
from experts.models import Expert
from expertteam import clock
from expertteam.policy import OPEN_NUMBERS
from recruitment import renewals
from recruitment.models import Round

ASKING = {"draft": "续聘报名还没有提交"}  # whether to wish for another term is nothing that he has to do


def ending(expert: Expert) -> Section | None:
    """聘期快到了: with the way to the wish, or where it stands."""
    today = clock.today()
    soon = today + timedelta(days=OPEN_NUMBERS["renewal_window_days"].most)
    if (
        not expert.appointments.in_force(today).filter(last_day__lte=soon).exists()
    ):  # in most years nothing more is asked
        return None
    term = renewals.ending(today).filter(expert=expert, last_day__gte=today).first()
    if term is None:
        return None
    context = {
        "term": term,
        "stage": term.stage,
        "days": (term.last_day - today).days,
        "round": Round.objects.for_renewal(today).first(),
    }
    return Section("recruitment/desk/ending.html", context, said=ASKING.get(term.stage, ""))
