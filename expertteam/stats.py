"""The page of public numbers, the same numbers as a file, and how they are counted."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from expertteam import clock
from expertteam.spreadsheets import sheet
from expertteam.tally import Year

EARLIEST = 2000  # no year before it can have data
COLUMNS = ["年份", "截至", "指标", "分组", "数值", "单位"]


@require_safe
def stats(request):
    """One year's numbers; without a year, this one's."""
    it = Year(asked(request.GET.get("year", str(clock.today().year))))
    return render(request, "stats/stats.html", {"it": it, "years": it.known, "known": it.year in it.known})


@require_safe
def download(request, year):
    """The same numbers for spreadsheet programs: letters they can read, and nothing they would run."""
    it = Year(asked(str(year)))
    if it.year not in it.known:
        raise Http404
    lines = [(name, row, unit) for name, row, unit in it.numbers]
    lines += [(figure.name, row, figure.unit) for figure in it.figures for row in figure.rows]
    rows = ([it.year, it.day, name, row.label, row.written, unit] for name, row, unit in lines)
    return sheet(f"stats-{it.year}.csv", COLUMNS, rows)


@require_safe
def method(request):
    """What is counted, and how."""
    return render(request, "stats/method.html")


def asked(text: str) -> int:
    """The year somebody asked for; one that cannot have data is no page."""
    if not (text.isascii() and text.isdecimal() and len(text) == 4 and EARLIEST <= int(text) <= clock.today().year):
        raise Http404
    return int(text)
