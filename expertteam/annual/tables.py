"""What the tables of the annual report are made of: counts that tell nothing of anybody.

What lies open by the Measures (terms, notices, activities, reviews, honours) is told as it is; what was
done by or to single people only where five or more stand together.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, QuerySet

from expertteam.annual.openings import ALL, Opening, Rows
from expertteam.figures import FEW, Figure, Row, crossed, merged, told
from expertteam.templatetags.terrace import yuan

WIDE = 4  # columns that stand side by side on a phone


class Table(NamedTuple):
    """One table: ``measure`` says what was counted; a cell is a number, words, or an amount in yuan.

    ``opens`` says of cells, by row and column, where the rows stand that they count; ``kind`` how the groups are drawn.
    """

    name: str
    measure: str
    head: list[str]
    rows: list[list]
    opens: Mapping[tuple[int, int], Opening | None] = {}
    kind: str = ""

    def seen_by(self, user) -> Iterator[tuple[str, float, list[tuple[str, str, str]]]]:
        """Each row as a page writes it: label, length of its bar, cells in words, each with its head and address."""
        lengths = {row.label: length for row, length, _ in self.figure.bars} if self.kind == "bars" else {}
        for at, (label, *cells) in enumerate(self.rows):
            found = [self.opens.get((at, column)) for column in range(1, len(self.head))]
            addresses = [opening.seen_by(user) if opening else "" for opening in found]
            yield label, lengths.get(label, 0), list(zip(self.head[1:], map(worded, cells), addresses, strict=True))

    @property
    def figure(self) -> Figure:
        """What is drawn of it: its groups, without their sum."""
        groups = [Row(label, None if n == FEW else n) for label, n, *_ in self.rows if label != ALL]
        return Figure(self.kind, self.name, self.name, self.measure, "", groups)

    @property
    def wide(self) -> bool:
        """Whether it needs the whole width of a page, and more than that of a phone."""
        return len(self.head) > WIDE or bool(self.drawing)

    @property
    def drawing(self) -> str:
        """The template of what is drawn beside it; bars stand in the table itself."""
        drawn_beside = self.kind in ("line", "columns") and len(self.rows) > 1
        return f"stats/{self.kind}.html" if drawn_beside else ""


def numbers(measure: str, *found: tuple[str, object, str, Rows | None]) -> Table:
    """The main numbers of a part of the report, each with its unit and, where it counts rows, with these."""
    opens = {(at, 1): where.of(ALL) for at, (*_, where) in enumerate(found) if where}
    return Table("主要数字", measure, ["指标", "数值", "单位"], [list(each[:3]) for each in found], opens)


def drawn(figure: Figure, where: Rows | None = None) -> Table:
    """The numbers of a figure that everybody may see."""
    return listed(figure.name, figure.measure, figure.unit, figure.rows, where, figure.kind)


def grouped(name: str, measure: str, unit: str, counts: Mapping[str, int], where: Rows | None = None) -> Table:
    """Groups and all of them together, small ones merged; only the whole where none can be told apart."""
    return summed(name, measure, unit, merged(counts), sum(counts.values()), where)


def openly(name: str, measure: str, unit: str, counts: Mapping[str, int], where: Rows | None = None) -> Table:
    """Groups of what everybody can count for himself."""
    rows = [Row(label, n) for label, n in counts.items() if n]
    return listed(name, measure, unit, [*rows, Row(ALL, sum(counts.values()))], where)


def summed(name: str, measure: str, unit: str, rows: Sequence[Row], whole: int, where=None, kind="bars") -> Table:
    """What may be told of groups, and of all of them together."""
    return listed(name, measure, unit, [*rows, Row(ALL, told(whole))], where, kind)


def listed(name: str, measure: str, unit: str, rows: Sequence[Row], where: Rows | None = None, kind="bars") -> Table:
    shown = [row.label for row in rows]
    opens = {(at, 1): where.of(row.label, shown) for at, row in enumerate(rows)} if where else {}
    lines = [[row.label or ALL, cell(row.count)] for row in rows]
    return Table(name, measure, ["分组", f"数量（{unit}）"], lines, opens, kind)


def crossing(name: str, measure: str, counts: Mapping[tuple[str, str], int], down: Rows, across: Rows) -> list[Table]:
    """Two groupings at once, with the sums of both; none where small groups leave nothing to cross.

    ``down`` and ``across`` say which rows the groups on either side stand for.
    """
    found = crossed(counts)
    if found is None:
        return []
    rows = [[label, *cells, sum(cells)] for label, cells in found.rows]
    sums = [sum(column) for column in zip(*(row[1:] for row in rows), strict=True)]
    labels, heads = [label for label, _ in found.rows], found.across
    opens = {
        (at, place): Opening(down.model, down.of(label, labels).asked | across.of(head, heads).asked)
        for at, label in enumerate([*labels, ALL])
        for place, head in enumerate([*heads, ALL], 1)
    }
    return [Table(name, measure, ["分组", *found.across, ALL], [*rows, [ALL, *sums]], opens)]


def cell(count: int | None) -> int | str:
    """A number, or that it is too small to be told."""
    return FEW if count is None else count


def worded(value) -> str:
    """A cell as it is read: an amount with two places, nothing as a stroke."""
    if isinstance(value, Decimal):
        return yuan(value)
    return "—" if value is None else str(value)


def few(count: int) -> int | str:
    """The count as it may be told."""
    return cell(told(count))


def counted(records: QuerySet, field: str, labels: Mapping) -> dict[str, int]:
    """How many there are of each kind, under its words and in the order of the vocabulary."""
    counts = dict(records.values_list(field).annotate(Count("pk")))
    return {label: counts.get(code, 0) for code, label in labels.items()}
