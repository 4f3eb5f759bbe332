"""推荐省级专家: the list of a year as the province takes it (Article 10(1))."""

from collections.abc import Iterator

from evaluations import year as years
from evaluations.models import Honour

COLUMNS = ["姓名", "单位", "职务", "职称", "类别", "聘期", "服务次数", "满意度", "主要事迹"]


def rows(year: int, user) -> Iterator[list]:
    """Whoever was recommended for that year and this person may see, in two queries; the figures are those of the nomination."""
    recommended = Honour.objects.visible_to(user).filter(
        year=year, kind=Honour.Kind.PROVINCIAL, state=Honour.State.CONFERRED
    )
    terms = {term.expert_id: term for term in reversed(years.terms(year))}  # the latest of each is left
    for honour in recommended.select_related("expert__user").order_by("expert__no"):
        expert, term = honour.expert, terms.get(honour.expert_id)
        yield [
            expert.user.name,
            expert.employer,
            expert.position,
            expert.title,
            term.category_name if term else "",
            f"{term.first_day}至{term.last_day}" if term else "",
            honour.evidence["services"],
            years.satisfaction(honour.evidence),
            honour.deeds,
        ]
