"""What experts declare of their interests, and when it has ended (Article 14)."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from experts import actions
from experts.models import Disclosure, Expert
from expertteam import clock
from expertteam.demo_life.agenda import Story
from expertteam.rehearsal.founders import founders
from expertteam.rehearsal.rhythm import all_along

A_YEAR = 0.1  # declarations of an expert
Kind = Disclosure.Kind
DETAILS = {Kind.INVESTMENT: "出资三成，不参与经营", Kind.EMPLOYER: "兼任财务顾问", Kind.KIN: "表弟"}


def stories(it) -> Iterator[Story]:
    yield all_along(it, A_YEAR, partial(declared, it))


def declared(it, day: date) -> Story:
    """A stake or a post in a firm, which often ends later, or a relative, which never does."""
    yield it.hours.evening(day)
    expert = it.somebody()
    if not expert:
        return
    kind = it.any_of([Kind.INVESTMENT, Kind.INVESTMENT, Kind.EMPLOYER, Kind.KIN])
    found = actions.disclose(
        expert, by=expert.user, kind=kind, name=whom(it, expert, kind), detail=DETAILS[kind], begins_on=clock.today()
    )
    if kind != Kind.KIN and it.happens(0.5):
        yield it.hours.evening(clock.today() + timedelta(days=it.hours.random.randint(60, 400)))
        actions.end_disclosure(found, by=expert.user, ends_on=clock.today())


def whom(it, expert: Expert, kind: str) -> str:
    """Somebody of his kin; or a firm, of those that he has helped as often as not."""
    who = founders(it, 1)[0]
    if kind == Kind.KIN:
        return who.name
    helped = expert.services.exclude(enterprise="").order_by("pk").values_list("enterprise", flat=True)
    known = it.any_of(list(helped)) if it.happens(0.5) else None
    return known or who.enterprise or f"{who.name}工作室"
