"""Lists as files for spreadsheet programs: letters they can read, and nothing they would run."""

import csv
from collections.abc import Iterable

from django.http import HttpResponse

from expertteam.figures import plain


def sheet(filename: str, head: Iterable[str], rows: Iterable[Iterable]) -> HttpResponse:
    """A CSV file to keep; every cell is text or a number and none of them a formula."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    file = csv.writer(response)
    file.writerow(head)
    file.writerows([plain(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return response
