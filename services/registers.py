"""What the side menu counts of the services."""

from experts import desk
from expertteam.context import COUNTS
from services import events
from services.today import to_match_of


def requests_waiting(user) -> int:
    """Requests to match."""
    return to_match_of(user).count()


COUNTS["services:matching"] = requests_waiting
desk.SECTIONS.append(events.section)
desk.NAV[1:1] = [desk.Entry("services:calendar", "日程", "i-cal")]
