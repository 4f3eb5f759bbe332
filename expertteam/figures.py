"""What may be published of counts: small groups together, the finding in words, the shapes of a chart.

Pure: counts in, what a page or a file shows out.  A group of 1 to 4 is never shown by itself, and
cannot be worked out from the others either.
"""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

LEAST = 5
REST = "其他（合并）"
FEW = f"不足{LEAST}"
WIDTH, HEIGHT = 900, 400  # of the drawing of a line; it stretches to the room there is
GAP = 0.4  # percent of a strip between two of its parts
STEPS = [digit * 10**power for power in range(6) for digit in (1, 2, 5)]


class Row(NamedTuple):
    """One line of a figure; ``count`` is None where it is 1 to 4 and so is not told."""

    label: str
    count: int | None

    @property
    def written(self) -> str:
        return FEW if self.count is None else str(self.count)


class Figure(NamedTuple):
    """A chart and its words: ``finding`` says what it shows, ``measure`` what was counted."""

    kind: str  # bars, strip, line
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
        top = max((row.count or 0 for row in self.rows if row.label != REST), default=0)
        return [(row, share(row.count or 0, self.most), row.count == top and row.label != REST) for row in self.rows]

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


def monthly(counts: Sequence[int]) -> list[Row]:
    """Months from January on, neighbours together until a stretch has none or enough; [] where all are too few."""
    spans = []  # first month, last month, count
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
    return [Row(f"{first}月" if first == last else f"{first}—{last}月", count) for first, last, count in spans]


def in_force(terms: Iterable[tuple[date, date, date | None, int]], on: date) -> int:
    """How many of these terms (first day, last day, void from, how many) hold on that day (Article 3)."""
    return sum(n for first, last, void, n in terms if first <= on <= last and (void is None or void > on))


def month_ends(year: int, today: date) -> list[date]:
    """The last day of each month of the year that has begun, today in place of the one still running."""
    begun = range(1, 13 if year < today.year else today.month + 1)
    return [min(date(year, month, calendar.monthrange(year, month)[1]), today) for month in begun]


def foremost(rows: Iterable[Row]) -> str:
    """The largest group by name, or the two that share the place; more than two are none."""
    groups = [row for row in rows if row.label != REST]
    most = max((row.count or 0 for row in groups), default=0)
    names = [row.label for row in groups if row.count == most]
    return "和".join(names) if len(names) <= 2 else ""


def change(first: int, last: int) -> str:
    """How a number moved, as the end of a sentence."""
    if first == last:
        return f"保持{last}位"
    verb = "增加到" if last > first else "减少到"
    return f"从{first}位{verb}{last}位"


def plain(text: str) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
