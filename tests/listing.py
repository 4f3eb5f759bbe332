"""Lists taken out as Excel, as a reader does it."""

import io
import re
from html import unescape
from typing import NamedTuple

from openpyxl import load_workbook

REASON = "市局例会汇总用"


class Taken(NamedTuple):
    """The file: the mark above and below, the heads, the rows."""

    mark: str
    heads: list[str]
    rows: list[list]


def export_of(page) -> str:
    """Where the page's 导出Excel leads; empty where it offers none."""
    links = re.findall(r'href="([^"]*)"[^>]*>导出Excel</a>', page.content.decode())
    return unescape(links[0]) if links else ""


def address_of(page, path: str) -> str:
    """The same as a whole address."""
    found = export_of(page)
    return path.partition("?")[0] + found if found.startswith(("?", "export/")) else found


def take(http, path: str, reason=REASON):
    """Open the list, follow its link, give the reason."""
    return http.post(address_of(http.get(path), path), {"reason": reason})


def read(answer) -> Taken:
    assert answer["Content-Type"].endswith("spreadsheetml.sheet"), answer.content.decode()
    lines = [list(row) for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)]
    (mark, *_), heads, *rows, (end, *_) = lines
    assert mark == end
    return Taken(mark, [head for head in heads if head], rows)


def shown(page) -> str:
    """What the page says, without blanks."""
    body = re.sub(r"<(script|style).*?</\1>", "", page.content.decode(), flags=re.S)
    return re.sub(r"\s", "", unescape(re.sub(r"<[^>]+>", "", body)))


def columns_of(page) -> list[str]:
    """The heads of the page's table."""
    heads = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", page.content.decode(), flags=re.S)
    return [re.sub(r"\s", "", re.sub(r"<[^>]+>", "", head)) for head in heads]
