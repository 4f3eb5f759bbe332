"""年度汇总: what everybody got within a year leaves the house as a file, and it is on record who took it (Article 13)."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from expertteam.models import User
from expertteam.regulation import Refused, article
from expertteam.workbooks import book
from expertteam.workflow import may
from payments import statement
from payments.actions.export import EXPORT, record_export
from payments.models import Export

HEAD = ["专家编号", "姓名", "所得性质", "笔数", "应发（元）", "增值税及附加（元）", "个人所得税（元）", "实发（元）"]


@article("13")
@transaction.atomic
def export_year(year: int, *, by: User) -> bytes:
    """导出年度汇总: everybody's year as a workbook, the same bytes for the same payments."""
    if not may(by, EXPORT):
        raise PermissionDenied(EXPORT)
    rows = statement.annual(year)
    if not rows:
        raise Refused("这一年没有发放过报酬", "13")
    total = statement.total([row.sums for row in rows])
    lines = [[row.no, row.name, row.income, *row.sums] for row in rows] + [["合计", "", "", *total]]
    content = book({f"{year}年": (HEAD, lines)}, statement.last_release(statement.of_year(year)))
    record_export(Export.Kind.YEAR, content, by=by, period=str(year))
    return content
