"""The annual report on screen and paper, and as a workbook."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_safe

from expertteam import clock
from expertteam.annual import SEE, SMALL, content, parts_for, report
from expertteam.stats import asked
from expertteam.tally import Year
from expertteam.workbooks import workbook
from expertteam.workflow import may


@admin.site.admin_view
@require_safe
def annual(request, year=None):
    """The parts that this person may see, to be read and printed; without a year, of this one."""
    it = found(request.user, year or clock.today().year)
    parts = [
        (part, [(table, table.seen_by(request.user)) for table in tables])
        for part, tables in report(it, parts_for(request.user))
    ]
    context = {"it": it, "years": it.known, "parts": parts, "small": SMALL}
    return render(request, "stats/annual.html", context)


@admin.site.admin_view
@require_safe
def annual_file(request, year):
    """The same parts for spreadsheet programs."""
    it = found(request.user, year)
    return workbook(f"年度报告 {year}.xlsx", content(it, parts_for(request.user)))


def found(user, year: int) -> Year:
    """That year, for whoever may read of it."""
    if not may(user, SEE):
        raise PermissionDenied(SEE)
    return Year(asked(str(year)))
