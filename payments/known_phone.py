"""Where a person is reached who may not be the one that has just changed his account (Article 13)."""

from datetime import timedelta

from expertteam import clock
from expertteam.models import User

SETTLED = timedelta(days=30)


def former_phone(user: User) -> str:
    """The number he had thirty days ago, if it is another one by now; else empty."""
    then = user.history.filter(history_date__lte=clock.now() - SETTLED).order_by("-history_date", "-pk").first()
    return then.phone if then and then.phone != user.phone else ""


def known_phone(user: User) -> str:
    """The number to ring him up on: not one that came only lately in the place of another."""
    return former_phone(user) or user.phone
