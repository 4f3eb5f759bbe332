"""Every list of the office as Excel: the columns and rows on screen, for a reason, on record for good.

A list page says once, in a ``Listing``, what its columns are; of a register of the admin ``list_display`` says it.
"""

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from expertteam import clock
from expertteam.forms import TerraceForm
from expertteam.identifiers import LONG
from expertteam.models import ListExport, Policy, User
from expertteam.regulation import Refused
from expertteam.workbooks import book, workbook

CHUNK = 2000  # records in memory at a time
ASKED, PAGE = "export", "page"  # in the address
Value = str | Callable[[Any], Any]


class Listing(NamedTuple):
    """A list page as data: its name, its columns by head, and what its tabs (key, then value) are called.

    A value is the way to an attribute, written with dots, or a function of the record; it never says more of
    a record than the page does.
    """

    title: str
    columns: dict[str, Value]
    tabs: dict[str, dict[str, str]] = {}


class Extract(NamedTuple):
    """What one reader sees of a list: ``told`` gives the cells of a row; ``filters`` says how it is narrowed.

    ``about`` begins the file's first line, where the list is of one matter.
    """

    title: str
    heads: list[str]
    told: Callable[[Any], Iterable]
    rows: Any  # a queryset or a list, all pages of it
    filters: str
    back: str
    about: str = ""


class ExportForm(TerraceForm):
    reason = forms.CharField(
        label="导出事由", min_length=4, max_length=100, help_text="写明用在哪里，例如：评审会汇总。事由留在导出记录里"
    )

    def clean_reason(self):
        """It stays on record in clear."""
        reason = self.cleaned_data["reason"]
        if LONG.search(reason):
            raise ValidationError("事由里不写电话、证件和编号，写用途")
        return reason


class ListMixin:
    """A list that goes out as Excel at its own address with ``?export``: asked for with GET, handed over with POST."""

    listing: Listing

    def get(self, request, *args, **kwargs):
        return answer(request, self.extract()) if ASKED in request.GET else super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        return answer(request, self.extract()) if ASKED in request.GET else self.http_method_not_allowed(request)

    def columns(self) -> dict[str, Value]:
        """Those that this reader sees."""
        return self.listing.columns

    def exported(self):
        """The rows of all pages."""
        return self.get_queryset()

    def extract(self) -> Extract:
        rows, columns = self.exported(), self.columns()
        asked = self.request.GET.copy()
        for key in (ASKED, PAGE):
            asked.pop(key, None)
        back = f"{self.request.path}?{asked.urlencode()}".rstrip("?")
        filters = "；".join(self.narrowed_by())
        return Extract(self.listing.title, [*columns], lambda row: told(row, columns), rows, filters, back)

    def narrowed_by(self) -> Iterator[str]:
        """Each filter and tab in words."""
        for key, names in self.listing.tabs.items():
            if key in self.request.GET:
                yield names.get(self.request.GET[key], self.request.GET[key])
        form = getattr(self, "filter", None)
        for name, field in form.fields.items() if form else ():
            if asked := form.data.get(name):
                names = {str(value): words for value, words in getattr(field, "choices", ())}
                yield f"{field.label}：{names.get(asked, asked)}"


def told(record, columns: dict[str, Value]) -> list:
    return [at(record, value) for value in columns.values()]


def at(record, value: Value):
    """What the value says of this record; nothing where the way to it breaks off."""
    if callable(value):
        return value(record)
    for name in value.split("."):
        record = getattr(record, name, None)
        record = record() if callable(record) else record
    return record


def answer(request, extract: Extract) -> HttpResponse:
    """Ask the reason; given one, hand the file over."""
    form = ExportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return workbook(*take_out(extract, by=request.user, reason=form.cleaned_data["reason"]))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    number, most = count(extract.rows), limit()
    context = {"form": form, "extract": extract, "number": number, "most": most, "refusal": refusal_of(number, most)}
    return render(request, "export.html", context, status=422 if form.is_bound else 200)


@transaction.atomic
def take_out(extract: Extract, *, by: User, reason: str) -> tuple[str, bytes]:
    """The name and content of the file, which are on record from now on; ``Refused`` where it is empty or too long."""
    now, written, most = clock.now(), 0, limit()

    def rows():
        """What is written is what counts: a row may come or go after it was asked how many there are."""
        nonlocal written
        for row in each(extract.rows):
            written += 1
            if written > most:
                raise Refused(refusal_of(max(written, count(extract.rows)), most))
            yield [plain(cell) for cell in extract.told(row)]

    who = f"{by}（{by.username}）{clock.local(now):%Y-%m-%d %H:%M}导出"
    mark = "，".join(filter(None, [extract.about, "内部资料", who, f"事由：{reason}"]))
    content = book({extract.title: (extract.heads, rows())}, now, mark=mark, header=who)
    if not written:
        raise Refused(refusal_of(written, most))
    ListExport.objects.create(
        title=extract.title, address=extract.back.partition("?")[0], filters=LONG.sub("***", extract.filters),
        rows=written, digest=sha256(content).hexdigest(), reason=reason, by=by, at=now,
    )  # fmt: skip
    return f"{extract.title} {clock.local(now):%Y-%m-%d %H%M}.xlsx", content


def refusal_of(number: int, most: int) -> str:
    """Why this many rows do not go out, and what to do; empty where they do."""
    if not number:
        return "这里没有可以导出的内容，请换个条件再导出"
    return f"共{number}行，一次最多导出{most}行，请先筛选，分几次导出" if number > most else ""


def limit() -> int:
    return Policy.objects.number("export_rows", clock.today())


def count(rows) -> int:
    return len(rows) if isinstance(rows, list) else rows.count()


def each(rows) -> Iterator:
    """One by one, however many there are."""
    return iter(rows) if isinstance(rows, list) else rows.iterator(CHUNK)


def plain(cell):
    """A cell as a page words it: no tick and no markup."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return strip_tags(cell) if isinstance(cell, SafeString) else cell
