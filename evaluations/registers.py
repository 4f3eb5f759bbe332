"""What evaluation adds to the floors below: a counted service may be rated, and what came of it is shown."""

from datetime import date
from functools import partial

from django.urls import reverse

from evaluations import (
    assessment_rows,
    dismissal_rows,
    distinctions,
    figures,
    honour_rows,
    ledger_desk,
    ledger_rows,
    today,
)
from evaluations.actions import NOT_DONE, OPEN, await_rating
from evaluations.desk import assessed, honoured, in_question, rated, to_explain, to_respond
from evaluations.models import Dismissal, Rating, Refusal
from experts.desk import SECTIONS
from experts.distinctions import TOLD
from experts.standing_figures import PROVIDERS, Provider
from expertteam.context import COUNTS
from expertteam.models import User
from expertteam.workflow import may
from services.actions.service import COUNTED
from services.afterwards import OFFERS
from services.callers import AFTERWARDS, BESIDES, CLIENTS, Way
from services.models import Offer, Service
from services.suspension import SUSPENDED
from services.twins import OWN, TWINS


def rate_by_phone(services: list[Service]) -> dict[int, Way]:
    """Whoever calls may rate while he is on the line; by the service's key."""
    asked = Rating.objects.filter(service__in=services, state=Rating.State.OPEN).values_list("service", flat=True)
    return {pk: Way("代录评价", reverse("evaluations:phone_rating", args=[pk])) for pk in asked}


def report_by_phone(sealed: str) -> Way:
    return Way("代为登记举报", reverse("evaluations:phone_complaint"))


def look_into(offers: list[Offer], user: User) -> dict[int, Way]:
    """Whatever an expert did not take on can be looked into, once; never by himself."""
    known = Refusal.objects.visible_to(user).filter(offer__in=offers)
    ways = {each.offer_id: Way(f"看核实{each.number}", each.get_absolute_url()) for each in known}
    if may(user, OPEN):
        new = reverse("evaluations:open_refusal")
        for offer in offers:
            if offer.state in NOT_DONE and not offer.concerns(user):
                ways.setdefault(offer.pk, Way("登记不履职线索", f"{new}?offer={offer.pk}"))
    return ways


def suspended(on: date) -> dict[int, str]:
    """Experts by key to whom nothing new goes on that day; why is nobody's business but the case's."""
    cases = Dismissal.objects.suspending(on).values_list("expert", flat=True)
    return dict.fromkeys(cases, "暂停派任务")


SUSPENDED.append(suspended)
COUNTED.append(await_rating)
PROVIDERS.append(Provider(figures.told, figures.quotes))
SECTIONS.insert(0, to_explain)
SECTIONS.insert(0, to_respond)
SECTIONS.insert(0, ledger_desk.to_give_reason)
SECTIONS.insert(0, in_question)
SECTIONS.append(ledger_desk.counted)
SECTIONS += [rated, assessed, honoured]
TOLD.append(distinctions.told)
AFTERWARDS.append(rate_by_phone)
TWINS.update(
    {
        "evaluations:rate": ("evaluations:phone_rating",),
        "evaluations:revise": ("evaluations:phone_rating",),
        "evaluations:report": ("evaluations:phone_complaint",),
    }
)
OWN["evaluations:report_receipt"] = "受理编号只在反映人手里；答复由纪检打电话告诉"
BESIDES.append(report_by_phone)
CLIENTS.update(["rate", "closed"])
OFFERS.append(look_into)
COUNTS["evaluations:ratings"] = partial(today.waiting, queues=today.FEEDBACK)
COUNTS["evaluations:refusals"] = partial(today.waiting, queues=ledger_rows.REFUSALS)
COUNTS["evaluations:strikes"] = partial(today.waiting, queues=ledger_rows.STRIKES)
COUNTS["evaluations:honours"] = partial(today.waiting, queues=honour_rows.QUEUES)
COUNTS["evaluations:assessments"] = partial(today.waiting, queues=assessment_rows.QUEUES)
COUNTS["evaluations:dismissals"] = partial(today.waiting, queues=dismissal_rows.QUEUES)
