"""Many who want the same hours of the same experts."""

from datetime import date, timedelta
from itertools import pairwise
from random import Random

from expertteam import clock
from services import actions
from services.models import Engagement

TAKEN = "这个时间刚被别人约走了，请另选"
FIRST_HOUR = clock.instant(date(2026, 3, 9), 9)


def wants(experts, clients):
    """The ``n``-th attempt: every client asks for about the same hour as all others, and then for the next one."""

    def book(n):
        dice = Random(n)
        starts_at = FIRST_HOUR + timedelta(hours=n // clients, minutes=15 * dice.randrange(4))
        actions.occupy(dice.choice(experts), starts_at, dice.choice([30, 45, 60, 90]), purpose="panel")

    return book


def overlaps():
    """How many live engagements begin before the one before them ended."""
    rows = (
        Engagement.objects.live()
        .order_by("expert", "starts_at", "ends_at")
        .values_list("expert", "starts_at", "ends_at")
    )
    return sum(later[0] == earlier[0] and later[1] < earlier[2] for earlier, later in pairwise(rows))
