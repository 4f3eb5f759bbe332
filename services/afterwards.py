"""What the floors above do about an offer that came to nothing; they enter it in their ``registers.py``."""

from collections.abc import Callable

from expertteam.models import User
from services.callers import Way
from services.models import Offer

# What can be done about which of these offers by this person, by the key of the offer.
OFFERS: list[Callable[[list[Offer], User], dict[int, Way]]] = []


def ways(offers: list[Offer], user: User) -> dict[int, Way]:
    """All of that."""
    return {pk: way for find in OFFERS for pk, way in find(offers, user).items()}
