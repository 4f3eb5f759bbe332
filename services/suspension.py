"""Who is given nothing new for a while (Article 12¶2).

The floors above know whom and why; here is only that it is so.  What was arranged before goes on, and the public never
learns of it: neither the directory nor the booking page asks this module.
"""

from collections.abc import Callable
from datetime import date

from experts.models import Expert
from expertteam import clock
from expertteam.regulation import Refused

SUSPENDED: list[Callable[[date], dict[int, str]]] = []  # floors above: experts by key who get nothing new, and why


def suspended(on: date) -> dict[int, str]:
    """Experts by key who are given nothing new on that day, with why."""
    return {pk: words for provider in SUSPENDED for pk, words in provider(on).items()}


def ask_anew(expert: Expert):
    """``Refused`` where this one is given nothing new now; why is for others to know."""
    if expert.pk in suspended(clock.today()):
        raise Refused(f"{expert}暂停派任务，请另请专家", "12¶2")
