"""What may be published of counts: small groups together, the finding in words, the shapes of a chart.

Pure: counts in, what a page or a file shows out.  A group of 1 to 4 is never shown by itself, and
cannot be worked out from the others either.
"""

import calendar
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

LEAST = 5
REST = "其他（合并）"
FEW = f"不足{LEAST}"
UNKNOWN, NO_CLIENT = "没有填写", "活动和评审（不分对象）"
NAMELESS = (REST, UNKNOWN, NO_CLIENT)  # what is no group of its own
WIDTH, HEIGHT = 900, 400  # of the drawing of a line; it stretches to the room there is
ABREAST = 6  # columns that have room in half the width of a page
GAP = 0.4  # percent of a strip between two of its parts
STEPS = [digit * 10**power for power in range(6) for digit in (1, 2, 5)]

FORMULAS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\0",
    ";",
    "|",
    "%",
    "＝",
    "＋",
    "－",
    "＠",
)  # as programs here take them
BLANKS = " \u00a0\u3000"


class Row(NamedTuple):
    """One line of a figure; ``count`` is None where it is 1 to 4 and so is not told."""

    label: str
    count: int | None

    @property
    def written(self) -> str:
        return FEW if self.count is None else str(self.count)


class Crossing(NamedTuple):
    """Counts by two groupings at once: what stands across, and each row with a count for every column."""

    across: list[str]
    rows: list[tuple[str, list[int]]]


class Figure(NamedTuple):
    """A chart and its words: ``finding`` says what it shows, ``measure`` what was counted."""

    kind: str  # bars, columns, strip, line
    name: str
    finding: str
    measure: str
    unit: str
    rows: list[Row]
    wide: bool = False

    @property
    def most(self) -> int:
        return max((row.count or 0 for row in self.rows), default=0)

    @property
    def bars(self) -> list[tuple[Row, float, bool]]:
        """Each row with the length of its bar in percent of the longest, and whether it is the group that leads."""
        top = max((row.count or 0 for row in self.rows if row.label not in NAMELESS), default=0)
        return [
            (row, share(row.count or 0, self.most), row.count == top and row.label not in NAMELESS) for row in self.rows
        ]

    @property
    def columns(self) -> list[tuple[Row, float, float, bool]]:
        """Each row with where its column begins from above and how high it is, in percent, and whether it leads."""
        return [(row, round(100 - length, 1), length, leads) for row, length, leads in self.bars]

    @property
    def strip(self) -> list[tuple[Row, float, float]]:
        """Each row with where its part of the whole begins and how long it is, in percent."""
        whole, start, parts = sum(row.count or 0 for row in self.rows), 0.0, []
        for row in self.rows:
            length = share(row.count or 0, whole)
            parts.append((row, round(start, 1), max(round(length - GAP, 1), GAP)))
            start += length
        return parts

    @property
    def ticks(self) -> list[int]:
        """Four equal steps of a round number that hold the largest count, from the top down to 0."""
        step = next(step for step in STEPS if 4 * step >= self.most)
        return [4 * step, 3 * step, 2 * step, step, 0]

    @property
    def path(self) -> str:
        """The line from point to point as SVG draws it."""
        across, top = WIDTH / (len(self.rows) - 1), self.ticks[0]
        points = (f"{n * across:.0f} {HEIGHT - HEIGHT * row.count / top:.0f}" for n, row in enumerate(self.rows))
        return "M" + "L".join(points)

    @property
    def marks(self) -> list[str]:
        """Of the labels under a line as many as stand evenly and have room, the first and the last among them."""
        last = len(self.rows) - 1
        step = next((step for step in range(1, last) if last % step == 0 and last // step <= 5), last)
        return [row.label for row in self.rows[::step]]


def share(part: int, whole: int) -> float:
    """Percent with one decimal; of nothing, nothing."""
    return round(100 * part / whole, 1) if whole else 0.0


def told(count: int) -> int | None:
    """The count, or None where it is so small that it could point at somebody."""
    return None if 0 < count < LEAST else count


def parted(counts: Mapping[str, int], apart: Collection[str]) -> list[Row]:
    """Merged on either side of a line that everybody knows, so that what crosses it cannot be worked out.

    ``apart`` are the groups beyond the line: talks and reviews have no client, so their number stands in the
    tables by kind, by group and by district alike, and one of these would tell what another puts together.
    Where either side is small itself, no table may show the line.
    """
    beyond = {label: n for label, n in counts.items() if label in apart}
    here = {label: n for label, n in counts.items() if label not in apart}
    if sum(beyond.values()) < LEAST or sum(here.values()) < LEAST:
        return merged(counts)
    rows = merged(here) or [Row(REST, sum(here.values()))]
    rows += merged(beyond) or [Row(NO_CLIENT, sum(beyond.values()))]
    return sorted(rows, key=lambda row: (row.label == REST, -row.count))


def merged(counts: Mapping[str, int]) -> list[Row]:
    """The groups, largest first, and last the small ones together; [] where no group can be told apart.

    What was put together must not be small itself, or it would follow from the total: then the next
    larger group joins it.
    """
    shown = sorted(((label, n) for label, n in counts.items() if n >= LEAST), key=lambda group: -group[1])
    small = [n for n in counts.values() if 0 < n < LEAST]
    while shown and small and sum(small) < LEAST:
        small.append(shown.pop()[1])
    if not shown:
        return []
    return [Row(*group) for group in shown] + ([Row(REST, sum(small))] if small else [])


def crossed(counts: Mapping[tuple[str, str], int]) -> Crossing | None:
    """Counts by row and column, small ones together until every cell is 0 or enough; None where nothing is left to cross.

    It begins with what ``merged`` shows of rows and of columns, and only ever adds to what stands together:
    no group that is kept back there can be worked out with what is shown here.
    """
    counts = {pair: n for pair, n in counts.items() if n}
    names = [under(counts, side) for side in (0, 1)]
    while all(len(set(each.values())) > 1 for each in names):
        cells = Counter()
        for (row, column), n in counts.items():
            cells[names[0][row], names[1][column]] += n
        if min(cells.values()) >= LEAST:
            rows, across = ([name for at, name in largest_first(cells) if at == side] for side in (0, 1))
            return Crossing(across, [(row, [cells[row, column] for column in across]) for row in rows])
        widen(names, cells)
    return None


def under(counts: Mapping[tuple[str, str], int], side: int) -> dict[str, str]:
    """Each label of this side with the name by which ``merged`` shows it."""
    sums = Counter()
    for pair, n in counts.items():
        sums[pair[side]] += n
    shown = {row.label for row in merged(sums)}
    return {label: label if label in shown else REST for label in sums}


def largest_first(cells: Mapping[tuple[str, str], int]) -> list[tuple[int, str]]:
    """Every row and column as side and name, the rest of either side last."""
    sums = Counter()
    for cell, n in cells.items():
        for key in enumerate(cell):
            sums[key] += n
    return sorted(sums, key=lambda key: (key[1] == REST, -sums[key], key))


def widen(names: list[dict[str, str]], cells: Mapping[tuple[str, str], int]) -> None:
    """Put the smallest row or column with a small cell in it to the rest of its side, which takes two to begin with."""
    named = [key for key in reversed(largest_first(cells)) if key[1] != REST]
    small = {key for cell, n in cells.items() if n < LEAST for key in enumerate(cell)}
    side, name = next((key for key in named if key in small), named[0])
    gone = {name}
    if REST not in names[side].values():
        gone.add(next(other for at, other in named if at == side and other != name))
    names[side].update({label: REST for label, known in names[side].items() if known in gone})


def monthly(counts: Sequence[int]) -> list[Row]:
    """Months from January on, neighbours together until a stretch has none or enough; [] where all are too few."""
    spans = []
    for month, count in enumerate(counts, 1):
        if spans and (0 < spans[-1][2] < LEAST or spans[-1][2] == count == 0):
            first, _, before = spans.pop()
            spans.append((first, month, before + count))
        else:
            spans.append((month, month, count))
    while len(spans) > 1 and 0 < spans[-1][2] < LEAST:
        _, last, count = spans.pop()
        first, _, before = spans.pop()
        spans.append((first, last, before + count))
    if all(count < LEAST for *_, count in spans):
        return []
    return [Row(span(first, last), count) for first, last, count in spans]


def span(first: int, last: int) -> str:
    """The months from the first to the last, in words."""
    return f"{first}月" if first == last else f"{first}—{last}月"


def in_force(terms: Iterable[tuple[date, date, date | None, int]], on: date) -> int:
    """How many of these terms (first day, last day, void from, how many) hold on that day (Article 3)."""
    return sum(n for first, last, void, n in terms if first <= on <= last and (void is None or void > on))


def month_ends(year: int, today: date) -> list[date]:
    """The last day of each month of the year that has begun, today in place of the one still running."""
    begun = range(1, 13 if year < today.year else today.month + 1)
    return [min(date(year, month, calendar.monthrange(year, month)[1]), today) for month in begun]


def foremost(rows: Iterable[Row]) -> str:
    """The largest group by name, or the two that share the place; more than two are none."""
    groups = [row for row in rows if row.label not in NAMELESS]
    most = max((row.count or 0 for row in groups), default=0)
    names = [row.label for row in groups if row.count == most]
    return "和".join(names) if len(names) <= 2 else ""


def bars(name: str, finding: str, measure: str, unit: str, groups: Mapping[str, int] | list[Row]) -> Figure | None:
    """A figure of groups or of rows; None where nothing may be told, ``finding`` takes the name of the largest."""
    rows = groups if isinstance(groups, list) else merged(groups)
    first = foremost(rows)
    return Figure("bars", name, finding.format(first) if first else name, measure, unit, rows) if rows else None


def columns(name: str, finding: str, measure: str, unit: str, counts: Sequence[int]) -> Figure | None:
    """A figure of months from January on; None where all are too few."""
    figure = bars(name, finding, measure, unit, monthly(counts))
    return figure and figure._replace(kind="columns", wide=len(figure.rows) > ABREAST)


def change(first: int, last: int) -> str:
    """How a number moved, as the end of a sentence."""
    if first == last:
        return f"保持{last}位"
    verb = "增加到" if last > first else "减少到"
    return f"从{first}位{verb}{last}位"


def plain(text: str) -> str:
    """A cell that no spreadsheet program takes for a formula, whatever blanks it begins with."""
    return f"'{text}" if text.lstrip(BLANKS).startswith(FORMULAS) else text
