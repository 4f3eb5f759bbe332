"""Part of the team of the former document, brought in lately: three came in, one table has to be mended (Article 15)."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from experts import actions as experts
from experts.models import Expert
from expertteam import clock
from expertteam.demo_life.agenda import Story, working_days_before
from expertteam.workbooks import XLSX, book
from recruitment import actions
from recruitment.former_file import SHEET, TITLES

TEAM = [  # by column; the last has not been here yet
    ("温如玉", "护照", "E90000001", "15400007001", "并创〔2024〕7号", "2024-09-01", "2027-08-31", "3", "项目评估、风险评估",
     "太原某理工学院", "", "副教授", "副教授", "尖草坪区", "否"),
    ("康学文", "护照", "E90000002", "15400007002", "并创〔2025〕3号", "2025-04-15", "2028-04-14", "4", "融资贷款",
     "太原某农商银行", "", "信贷部经理", "经济师", "迎泽区", "是"),
    ("祁连山", "护照", "E90000003", "15400007003", "并创〔2025〕11号", "2025-11-01", "2028-10-31", "6", "开业指导、项目策划",
     "太原某职业培训学校", "", "创业培训讲师", "", "小店区", "否"),
]  # fmt: skip
WRONG = [  # two slips of the pen, for whoever tries the returned table
    ("苗春来", "护照", "E90000004", "1540000700", "并创〔2025〕12号", "2026-02-10", "2029-02-09", "8", "政策法规",
     "", "", "", "", "", ""),
]  # fmt: skip


def old_team(bureau, last: date) -> Story:
    """Read by one officer, taken in by the other; two of them sign and are in the directory at once."""
    intake, reviewer = bureau.accounts["intake"], bureau.accounts["reviewer"]
    yield clock.instant(working_days_before(last, 5), 9, 50)
    record = actions.read_former(table("原专家团第一批.xlsx", TEAM), by=intake)
    yield clock.instant(working_days_before(last, 4), 10, 30)
    actions.take_in(record, by=reviewer)
    for name, *_ in TEAM[:-1]:
        yield clock.now().replace(minute=clock.now().minute + 7)
        expert = Expert.objects.get(user__name=name)
        experts.pledge(expert, by=expert.user, public=True)
    yield clock.instant(working_days_before(last, 2), 16, 20)
    actions.read_former(table("原专家团第二批.xlsx", WRONG), by=intake)


def table(name: str, rows: list[tuple]) -> SimpleUploadedFile:
    """The template as a clerk fills it in."""
    return SimpleUploadedFile(name, book({SHEET: (TITLES, rows)}, clock.now()), XLSX)
