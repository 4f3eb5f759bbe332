"""What the side menu counts of the services, and what they tell the pages of experts."""

from experts import desk
from experts.openings import PROVIDERS
from expertteam.context import COUNTS
from services import desk as own
from services import events
from services.openings import PROVIDER
from services.today import to_match_of


def requests_waiting(user) -> int:
    """Requests to match."""
    return to_match_of(user).count()


COUNTS["services:matching"] = requests_waiting
COUNTS["services:staff_activities"] = events.waiting
desk.SECTIONS[0:0] = [own.work, own.year]
desk.SECTIONS.append(events.section)
desk.NAV[1:1] = [desk.Entry("services:calendar", "日程", "i-cal")]
PROVIDERS.append(PROVIDER)
desk.NAV[-1:-1] = [desk.Entry("services:records", "服务记录", "i-pen")]
