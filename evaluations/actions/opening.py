"""A poor rating opens its case by itself, in the same transaction (Article 12(2))."""

from evaluations import clusters, messages
from evaluations.models import Rating, RatingCase
from expertteam import calendar, clock
from expertteam.models import Policy
from expertteam.numbering import monthly
from expertteam.regulation import article


@article("12(2)")
def open_case(rating: Rating) -> RatingCase:
    """经服务对象多次反馈不满意的: nothing counts before a person has called, heard and found; one case for a rating."""
    earlier = RatingCase.objects.filter(rating=rating).first()
    if earlier:
        return earlier
    alike = clusters.twins(rating)
    striking = clusters.striking(alike)
    days = Policy.objects.number("poor_call_days", clock.today())
    case = RatingCase(
        rating=rating,
        number=monthly("PJ", "rating-case"),
        call_due=calendar.deadline(clock.today(), days, start_counts=False).day,
        flag=clusters.told(striking),
    )
    case._change_reason = "差评自动立案（第12(2)条）"
    case.save()
    flag_the_others(alike, striking)
    messages.case_opened(case)
    return case


def flag_the_others(alike: list[clusters.Twin], striking: dict[str, int]):
    """Those of a cluster that were opened before anybody could see one, as long as nothing is found on them."""
    flags = {twin.rating: clusters.told(clusters.common(striking, twin)) for twin in alike}
    flagged = [rating for rating, flag in flags.items() if flag]
    for case in RatingCase.objects.select_for_update().filter(rating__in=flagged, flag="", finding="").order_by("pk"):
        case.flag = flags[case.rating_id]
        case._change_reason = "列入集中差评（第12(2)条）"
        case.save()
