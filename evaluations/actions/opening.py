"""A poor rating opens its case by itself, in the same transaction (Article 12(2))."""

from datetime import timedelta

from evaluations import messages, rules
from evaluations.models import Rating, RatingCase
from expertteam import calendar, clock
from expertteam.models import Counter, Policy
from expertteam.regulation import article

NEAR = timedelta(days=30)


@article("12(2)")
def open_case(rating: Rating) -> RatingCase:
    """经服务对象多次反馈不满意的: nothing counts before a person has called, heard and found; one case for a rating."""
    earlier = RatingCase.objects.filter(rating=rating).first()
    if earlier:
        return earlier
    month = f"{clock.today():%y%m}"
    days = Policy.objects.number("poor_call_days", clock.today())
    case = RatingCase(
        rating=rating,
        number=f"PJ{month}{Counter.take(f'rating-case-{month}'):04d}",
        call_due=calendar.deadline(clock.today(), days, start_counts=False).day,
        flag=flag(rating),
    )
    case._change_reason = "差评自动立案（第12(2)条）"
    case.save()
    messages.case_opened(case)
    return case


def flag(rating: Rating) -> str:
    """Several poor ratings of one expert on one day or from one network may be one hand."""
    poor = Rating.objects.given().filter(grade__in=rules.POOR, expert=rating.expert_id)
    begins = clock.instant(clock.today())
    a_day = poor.filter(given_at__gte=begins, given_at__lt=begins + timedelta(days=1)).count()
    near = poor.filter(given_at__gte=clock.now() - NEAR, network=rating.network)
    a_network = near.count() if rating.network else 0
    said = [f"同一天有{a_day}条差评"] * rules.is_cluster(a_day)
    said += [f"30天内同一网络有{a_network}条差评"] * rules.is_cluster(a_network)
    return "；".join(said)
