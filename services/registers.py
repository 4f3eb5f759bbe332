"""What the side menu counts of the services, and what they tell the pages of experts."""

from experts import desk
from experts import openapi as described
from experts.actions import DECLARED
from experts.openings import PROVIDERS
from expertteam.context import COUNTS
from services import desk as own
from services import disclosures, events, openapi, reviews, seat_desk
from services.openings import PROVIDER
from services.today import calls_of, queries_of, to_match_of


def requests_waiting(user) -> int:
    """Requests to match."""
    return to_match_of(user).count()


def services_waiting(user) -> int:
    """Call-backs to make, queries to rule."""
    return calls_of(user).count() + queries_of(user).count()


COUNTS["services:matching"] = requests_waiting
COUNTS["services:staff_services"] = services_waiting
COUNTS["services:staff_activities"] = events.waiting
COUNTS["services:panels"] = reviews.waiting
desk.SECTIONS[0:0] = [own.work, own.year]
desk.SECTIONS.append(events.section)
desk.SECTIONS.insert(0, seat_desk.section)
desk.NAV[1:1] = [desk.Entry("services:calendar", "日程", "i-cal")]
PROVIDERS.append(PROVIDER)
desk.NAV[-1:-1] = [desk.Entry("services:records", "服务记录", "i-pen")]
DECLARED.append(disclosures.tell)
described.PATHS.update(openapi.PATHS)
described.SCHEMAS.update(openapi.SCHEMAS)
