"""Entries of the ledger as their findings leave them; no verb has touched them."""

from datetime import date

from evaluations.models import Refusal, Strike
from expertteam import clock
from tests.make import make_rating, make_rating_case, make_service, make_user

PHONES = iter(f"137{number:08d}" for number in range(10**8))


def attitude(expert, day, state="standing", client="", network="", device="", rated_on=None, **fields):
    """An entry of Article 12(2): a service of that day, its poor rating, the finding; each by another client."""
    held, rated = clock.instant(day, 14), clock.instant(rated_on or day, 17)
    service = fields.pop("service", None) or make_service(
        "confirmed", expert=expert, started_at=held, phone=client or next(PHONES)
    )
    said = {"grade": 1, "wrong": ["attitude"], "network": network, "device": device}
    rating = make_rating(service=service, made_at=held, given_at=rated, **said)
    case = make_rating_case("found", rating=rating)
    return entry(expert, day, state, ground="12(2)", case=case, service=service, **fields)


def refusal(expert, day, state="standing", **fields):
    """An entry of Article 12(3): something of that day that was asked and not done, without proper reason."""
    at, judge = clock.instant(day, 9), make_user(name="李审核")
    found = {"asked_by": make_user(name="孙受理"), "asked_at": at, "finding": "no_reason", "reasons": "没有说明"}
    judged = found | {"judged_by": judge, "judged_at": at, "kind": "other", "what": "约好的培训没有来"}
    number = f"BL{Refusal.objects.count():09d}"
    source = Refusal.objects.create(number=number, expert=expert, day=day, state="judged", **judged)
    return entry(expert, day, state, ground="12(3)", refusal=source, **fields)


def entry(expert, day, state, **fields):
    """In the term of that day unless said otherwise; found on that day, and what its state demands."""
    at = clock.instant(day, 18)
    if "appointment" not in fields:
        fields["appointment"] = expert.appointments.in_force(day).get()
    case = fields.get("case")
    finder = case.found_by if case else fields["refusal"].judged_by
    whole = {"found_by": finder, "found_at": at, "appeal_until": date(2033, 1, 1)}
    if state != "standing":
        whole["appealed_at"] = at
    if state in ("maintained", "reversed"):
        whole |= {"reviewed_by": make_user(name="郑纪检"), "reviewed_at": at}
    number = f"JC{Strike.objects.count():09d}"
    return Strike.objects.create(number=number, expert=expert, day=day, state=state, **whole | fields)
