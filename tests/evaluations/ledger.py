"""Entries of the ledger as their findings leave them; no verb has touched them."""

from itertools import count

from expertteam import clock
from tests.make import make_rating, make_rating_case, make_refusal, make_service, make_strike

_clients = count(1)


def attitude(expert, day, state="standing", client="", network="", device="", rated_on=None, service=None, **entry):
    """An entry of Article 12(2): a service of that day, its poor rating, the finding; each by another client."""
    held, rated = clock.instant(day, 14), clock.instant(rated_on or day, 17)
    phone = client or f"137{next(_clients):08d}"
    service = service or make_service("confirmed", expert=expert, started_at=held, phone=phone)
    said = {"grade": 1, "wrong": ["attitude"], "network": network, "device": device}
    rating = make_rating(service=service, made_at=held, given_at=rated, **said)
    return make_strike(
        state, case=make_rating_case("found", rating=rating), **{"found_at": clock.instant(day, 18)} | entry
    )


def refusal(expert, day, state="standing", **entry):
    """An entry of Article 12(3): something of that day that was asked and not done, without proper reason."""
    source = make_refusal("judged", expert=expert, kind="other", what="约好的培训没有来", day=day)
    return make_strike(state, refusal=source, **{"found_at": clock.instant(day, 18)} | entry)
