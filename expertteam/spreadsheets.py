"""Lists as files for spreadsheet programs: letters they can read, and nothing they would run."""

import csv
from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from expertteam.figures import plain


def sheet(filename: str, head: Iterable[str], rows: Iterable[Iterable]) -> HttpResponse:
    """A CSV file to keep; every cell is text or a number and none of them a formula."""
    response = download(filename, "\ufeff", "text/csv; charset=utf-8")
    file = csv.writer(response)
    file.writerow(head)
    file.writerows([plain(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return response


def download(filename: str, content: str | bytes, content_type: str) -> HttpResponse:
    """A file to keep and not to look at in the browser, under a name that may be Chinese."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename)
    return response
