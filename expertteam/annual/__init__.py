"""年度报告: a year of the team in tables, as the bureau reports it; small numbers of people are nowhere told."""

from collections.abc import Callable
from typing import NamedTuple

from expertteam import clock
from expertteam.annual import pay, standing, team, work
from expertteam.annual.tables import Table
from expertteam.calendar import ONE_DAY
from expertteam.documents import in_chinese
from expertteam.tally import Year
from expertteam.workbooks import book
from expertteam.workflow import may

SEE = "experts.view_appointment"
SMALL = "涉及个人的数目少于5的，和别的合并或写“不足5”；聘任、公示、活动、评审、表彰本来公开，按实数写"


class Part(NamedTuple):
    """One part of the report, told to whoever may look at the records that it counts; ``rows`` is where they stand."""

    title: str
    permission: str
    rows: str
    article: str
    tables: Callable[[Year], list[Table]]


PARTS = [
    Part("专家队伍", SEE, "admin:experts_appointment_changelist", "3", team.team),
    Part("选聘和公示", "recruitment.view_notice", "recruitment:staff_notices", "11", team.selection),
    Part("预约和服务", "services.view_service", "services:staff_services", "8", work.services),
    Part("活动和结对", "services.view_activity", "services:staff_activities", "8(3)", work.gatherings),
    Part("项目评审", "services.view_reviewpanel", "services:panels", "8(4)", work.reviews),
    Part("满意度", "evaluations.view_rating", "evaluations:ratings", "10(1)", standing.ratings),
    Part("年度评价和表彰", "evaluations.view_assessment", "evaluations:assessments", "10(1)", standing.merits),
    Part("核实和解聘", "evaluations.view_dismissal", "evaluations:dismissals", "12", standing.dealings),
    Part("劳务报酬", "payments.view_payout", "payments:batches", "13", pay.pay),
]


def parts_for(user) -> list[Part]:
    """The parts that count what this person may look at anyway."""
    return [part for part in PARTS if may(user, part.permission)]


def report(it: Year, parts: list[Part]) -> list[tuple[Part, list[Table]]]:
    """Each part with its tables, counted now."""
    return [(part, part.tables(it)) for part in parts]


def content(it: Year, parts: list[Part]) -> bytes:
    """The report as a workbook: what is counted how, then a sheet for each table; the same bytes for the same counts."""
    found = [(f"{part.title} {table.name}", table) for part, tables in report(it, parts) for table in tables]
    cover = [[name, table.measure] for name, table in found]
    head = [f"创业就业指导专家团{it.year}年度报告", f"截至{in_chinese(it.day)}"]
    sheets = {"说明": (head, [["小的数目", SMALL], *cover])}
    sheets |= {name: (table.head, table.rows) for name, table in found}
    return book(sheets, clock.instant(it.day + ONE_DAY))
