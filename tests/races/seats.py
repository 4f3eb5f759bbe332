"""Many who want a seat at the same activity, and some who give theirs back."""

from datetime import date

from expertteam import clock
from expertteam.workflow import LINK
from services.actions import sign_up as seats
from services.models import Activity, SignUp

DAY = date(2026, 3, 2)
SEATS, GUARDS = 40, ("art8_3_no_seat_without_room", "art8_3_no_seat_without_room_later")


def wants_a_seat(activity):
    """The ``n``-th attempt: somebody signs up; every third one gives his place back at once."""

    def come(n):
        with clock.at(DAY):
            own = Activity.objects.get(pk=activity.pk)
            entry = seats.sign_up(own, by=LINK, name="刘小满", phone=f"136{n:08d}")
            if n % 3 == 0:
                seats.cancel(SignUp.objects.get(pk=entry.pk), by=LINK)

    return come


def taken(activity):
    """How many have a seat, how many wait, and whether anybody waits before somebody who got his seat later."""
    rows = list(SignUp.objects.filter(activity=activity).order_by("line").values_list("line", "state"))
    seated = [line for line, state in rows if state == "seated"]
    waiting = [line for line, state in rows if state == "waiting"]
    return len(seated), len(waiting), bool(waiting) and max(seated) > min(waiting)
