"""Excel out and in: cells that stay what they are, the same bytes for the same rows, no harm from a file sent.

Out: a text is text whatever it begins with, an amount is a number, and nothing in the file tells when
or where it was made but ``made_at``.  In: rows of plain text, or ``ValidationError`` with what to do.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import partial
from itertools import chain
from xml.parsers import expat

import filetype
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.writer.excel import ExcelWriter

from expertteam import clock
from expertteam.files import MAX_BYTES, MEGABYTE
from expertteam.regulation import Refused
from expertteam.spreadsheets import download

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT, AMOUNT = "@", "#,##0.00"  # formats of Excel
A4 = 9  # as Excel numbers paper
MARK = PatternFill("solid", fgColor="FFF2CC")
STAMP = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip knows
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # has no place in XML
ROWS, COLUMNS = 20_000, 100
LAST_ROW = 1_048_576  # of any sheet of Excel
UNPACKED = 100 * MEGABYTE
CHUNK = MEGABYTE // 16
TAGS = 3_000_000  # of XML, four to a cell: ROWS of 37 columns
ENCRYPTED = 0x1  # flag of an entry of a zip
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # OLE holds what has a password, and the old .xls
NO_TABLE = "读不出表格，请用Excel另存为.xlsx再传"
LOCKED = "这个表格加了密码，请取消密码后再传"
TOO_MUCH = "表格展开后太大，请把有内容的行复制到新表再传"


class Marked(str):
    """Words whose cell stands out."""


def book(
    sheets: Mapping[str, tuple[Iterable[str], Iterable[Iterable]]],
    made_at: datetime,
    *,
    mark="",
    header="",
    to_fill_in="",
) -> bytes:
    """An .xlsx of sheets by name, each a head and its rows; equal input gives equal bytes.

    ``mark`` stands above and below the rows, ``header`` over each page in print.  ``to_fill_in``: the sheet whose
    columns are text all the way down, so that a long number typed there stays one.
    """
    made = Workbook(write_only=True)
    made.properties.creator = None
    made.properties.created = made.properties.modified = made_at.astimezone(UTC)
    content = io.BytesIO()
    with Archive(content, "w") as archive:
        pages = {made.create_sheet(name): sheet for name, sheet in sheets.items()}
        Press(made, archive, pages, mark, header, to_fill_in).write_data()
    return content.getvalue()


def workbook(filename: str, content: bytes) -> HttpResponse:
    """The finished workbook as a file to keep."""
    return download(filename, content, XLSX)


class Archive(zipfile.ZipFile):
    """A zip whose entries do not say when they were written."""

    def entry(self, name: str):
        entry = zipfile.ZipInfo(name, STAMP)
        entry.compress_type = zipfile.ZIP_DEFLATED
        return self.open(entry, "w")

    def writestr(self, name: str, content: str | bytes):
        with self.entry(name) as file:
            file.write(content.encode() if isinstance(content, str) else content)


class Press(ExcelWriter):
    """openpyxl's writer, but rows go straight into the zip: no copy of what may be secret lies on the disk."""

    def __init__(self, made, archive, sheets, mark, header, to_fill_in):
        super().__init__(made, archive)
        self.sheets, self.mark, self.header, self.to_fill_in = sheets, mark, header, to_fill_in

    def write_worksheet(self, page):
        head, rows = self.sheets[page]
        head = list(head)
        above = [[self.mark]] if self.mark else []
        page.freeze_panes = f"A{len(above) + 2}"
        if self.header:
            printed(page, self.header, len(above) + 1)
        for number, title in enumerate(head, 1):
            column = page.column_dimensions[get_column_letter(number)]
            column.width = max(14, 2 * len(title) + 2)
            if page.title == self.to_fill_in:
                column.number_format = TEXT
        with self._archive.entry(page.path[1:]) as file, closing(page):
            page._writer = WorksheetWriter(page, file)
            page._writer.write_top()
            fill = Cells(page)
            for row in above:
                page.append(fill(cell) for cell in row)
            page.append([fill.title(cell) for cell in head])
            for row in chain(rows, above):
                page.append(fill(cell) for cell in row)
        page._rels = page._writer._rels
        self.manifest.append(page)


def printed(page, header: str, head: int):
    """On A4 across, as wide as the paper, with its head and who it is from on every page."""
    page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToHeight = "landscape", A4, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = f"{head}:{head}"
    page.oddHeader.center.text = header.replace("&", "&&")  # one of them begins a code
    page.oddFooter.center.text = "第&P页，共&N页"


class Cells:
    """One cell of each kind, filled anew for every value: it is written before the next is filled."""

    def __init__(self, page):
        self.page = page
        self.text, self.amount, self.marked = self.made(TEXT), self.made(AMOUNT), self.made(TEXT)
        self.marked.fill = MARK

    def made(self, number_format: str):
        cell = WriteOnlyCell(self.page)
        cell.number_format = number_format
        return cell

    def title(self, words: str):
        cell = self.made(TEXT)
        cell.font = Font(bold=True)
        return worded(cell, words)

    def __call__(self, value):
        if value is None or (value == "" and not isinstance(value, Marked)):
            return None
        if isinstance(value, Decimal):
            self.amount.value = value
            return self.amount
        if isinstance(value, (int, float)):
            return value
        return worded(self.marked if isinstance(value, Marked) else self.text, written(value))


def worded(cell, words: str):
    """The cell with these words as text, after openpyxl has guessed a formula or an error in them."""
    cell.value = UNWRITABLE.sub("", words)
    cell.data_type = "s"
    return cell


def written(value) -> str:
    """A moment in local time, a day in ISO form, anything else as it calls itself."""
    return f"{clock.local(value):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


class ReadBefore(Refused):
    """The same file was read before: ``first`` is what came of it then."""

    def __init__(self, first, reason: str, article: str):
        self.first = first
        super().__init__(reason, article)


def read(upload) -> list[list[str]]:
    """The first sheet of an .xlsx, or a .csv: rows of stripped text, all of one length, blank ones in their place."""
    if upload.size > MAX_BYTES:
        raise ValidationError(f"表格太大（{upload.size // MEGABYTE + 1} MB，最多10 MB），请分成几份再传")
    if not upload.size:
        raise ValidationError("这是一个空文件，请重新选择")
    content = upload.read()
    upload.seek(0)
    if content.startswith(OLE):
        raise ValidationError(LOCKED if "EncryptedPackage".encode("utf-16-le") in content else NO_TABLE)
    if content.startswith(ZIP):
        return table(pages(content))
    if filetype.guess(content) or not upload.name.lower().endswith(".csv"):
        raise ValidationError(NO_TABLE)
    return table(lines(content))


def table(rows: Iterable[list[str]]) -> list[list[str]]:
    """The rows down to the last and over to the widest that has something in it."""
    kept, blank, width = [], 0, 0
    for row in rows:
        used = max((number for number, cell in enumerate(row, 1) if cell), default=0)
        if not used:
            blank += 1
            continue
        width = max(width, used)
        if len(kept) + blank >= ROWS:
            raise ValidationError(f"表格超过{ROWS}行，请分成几份再传")
        if width > COLUMNS:
            raise ValidationError(f"表格超过{COLUMNS}列，请只留需要的列再传")
        kept += [[] for _ in range(blank)] + [row[:used]]
        blank = 0
    if not kept:
        raise ValidationError("表格里没有内容，请重新选择")
    return [row + [""] * (width - len(row)) for row in kept]


def lines(content: bytes) -> Iterator[list[str]]:
    """A .csv in the letters of today or in those that Excel writes in China."""
    try:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("gb18030")
        if UNWRITABLE.search(text):
            raise ValidationError(NO_TABLE)
        for row in csv.reader(io.StringIO(text, newline="")):
            yield [cell.strip() for cell in row]
    except (UnicodeDecodeError, csv.Error) as broken:
        raise ValidationError(NO_TABLE) from broken


def pages(content: bytes) -> Iterator[list[str]]:
    """An .xlsx: the rows of its first sheet, of a formula the value that was last computed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            harmless(archive)
        with closing(load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)) as opened:
            page = opened.worksheets[0]
            page.reset_dimensions()  # what a file says of its size need not be so
            for row in page.iter_rows(max_row=LAST_ROW, max_col=COLUMNS + 1, values_only=True):
                yield [] if row.count(None) == len(row) else [shown(value) for value in row]
    except ValidationError:
        raise
    except Exception as broken:  # a broken file breaks a reader in any way
        raise ValidationError(NO_TABLE) from broken


def harmless(archive: zipfile.ZipFile):
    """Nothing grows beyond bounds when this is unpacked and read, which is asked before either is done."""
    entries = archive.infolist()
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise ValidationError(LOCKED)
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise ValidationError(NO_TABLE)
    if sum(entry.file_size for entry in entries) > UNPACKED:
        raise ValidationError(TOO_MUCH)
    if sum(tags(archive, entry) for entry in entries) > TAGS:
        raise ValidationError(TOO_MUCH)


def tags(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    """How many tags there are in this part, which must not declare what a word in it stands for.

    No honest part has a document type (ECMA-376, part 2), and only there could it say that one word
    means a thousand others.
    """
    number, begun = 0, []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = lambda *_: begun.append(True)
    with archive.open(entry) as part:
        for chunk in iter(partial(part.read, CHUNK), b""):
            number += chunk.count(b"<")
            if not begun:
                with suppress(expat.ExpatError):  # a picture, or broken: then openpyxl says so
                    parser.Parse(chunk)
    return number


def declared(*_):
    raise ValidationError(NO_TABLE)


def shown(value) -> str:
    """What a cell shows, without its format."""
    if isinstance(value, float):
        return f"{Decimal(f'{value:.15g}'):f}"  # Excel itself keeps fifteen digits
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds") if value.time() != time() else date.isoformat(value)
    return "" if value is None else str(value).replace("_x000D_", "").strip()
