"""What may be published of counts."""

from collections import Counter
from datetime import date
from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expertteam.figures import (
    NO_CLIENT,
    REST,
    Figure,
    Row,
    change,
    crossed,
    foremost,
    in_force,
    merged,
    month_ends,
    monthly,
    parted,
    plain,
    span,
    told,
)


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (1, None), (4, None), (5, 5), (68, 68)])
def test_told_keeps_one_to_four_to_itself(count, expected):
    assert told(count) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, []),
        ({"甲": 0}, []),
        ({"甲": 4}, []),
        ({"甲": 3, "乙": 4}, []),
        ({"甲": 5, "乙": 12}, [("乙", 12), ("甲", 5)]),
        ({"甲": 7, "乙": 7}, [("甲", 7), ("乙", 7)]),
        ({"甲": 9, "乙": 0, "丙": 8}, [("甲", 9), ("丙", 8)]),
        ({"甲": 9, "乙": 2, "丙": 3}, [("甲", 9), (REST, 5)]),
        ({"甲": 9, "乙": 8, "丙": 2}, [("甲", 9), (REST, 10)]),
        ({"甲": 9, "乙": 1}, []),
    ],
)
def test_merged_lets_no_small_group_be_found(counts, expected):
    assert merged(counts) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], []),
        ([0, 0], []),
        ([3, 1], []),
        ([5], [("1月", 5)]),
        ([0, 0, 12, 7], [("1—2月", 0), ("3月", 12), ("4月", 7)]),
        ([2, 0, 6, 8], [("1—3月", 8), ("4月", 8)]),
        ([9, 0, 0, 3], [("1—4月", 12)]),
        ([9, 0, 0], [("1月", 9), ("2—3月", 0)]),
        ([0, 6, 2, 1], [("1月", 0), ("2—4月", 9)]),
    ],
)
def test_monthly_puts_thin_months_together(counts, expected):
    assert monthly(counts) == expected


def test_crossed_shows_what_is_large_enough():
    counts = {("咨询", "毕业生"): 9, ("咨询", "农民"): 5, ("指导", "毕业生"): 6, ("指导", "农民"): 0}

    found = crossed(counts)

    assert found.across == ["毕业生", "农民"]
    assert found.rows == [("咨询", [9, 5]), ("指导", [6, 0])]


def test_crossed_puts_the_smallest_together_until_no_cell_is_small():
    counts = {("咨询", "毕业生"): 9, ("咨询", "农民"): 4, ("咨询", "军人"): 8}
    counts |= {("指导", "毕业生"): 6, ("指导", "农民"): 7, ("指导", "军人"): 5}

    found = crossed(counts)

    assert found.across == ["毕业生", REST]
    assert found.rows == [("咨询", [9, 12]), ("指导", [6, 12])]


@pytest.mark.parametrize(
    "counts",
    [
        {},
        {("咨询", "农民"): 4},
        {("咨询", "农民"): 40, ("指导", "农民"): 50},
        {("咨询", "农民"): 40, ("指导", "军人"): 4},
        {("咨询", "农民"): 9, ("咨询", "军人"): 4, ("指导", "农民"): 8, ("指导", "军人"): 9},
    ],
)
def test_crossed_tells_nothing_where_nothing_is_left_to_cross(counts):
    assert crossed(counts) is None


def test_what_crossed_puts_together_holds_all_that_merged_keeps_back():
    counts = {("甲", "子"): 1, ("乙", "丑"): 3, ("丙", "子"): 6, ("丁", "子"): 16, ("丁", "丑"): 4}
    counts |= {("戊", "子"): 10, ("戊", "丑"): 30}

    found = crossed(counts)

    assert merged({"甲": 1, "乙": 3, "丙": 6, "丁": 20, "戊": 40}) == [("戊", 40), ("丁", 20), (REST, 10)]
    assert found.across == ["丑", "子"]
    assert found.rows == [("戊", [30, 10]), (REST, [7, 23])]


def published(counts):
    """Everything that the tables of one report say of these cells: which cells together make which number."""
    yield set(counts), sum(counts.values())
    found = crossed(counts)
    sides = [[row for row, _ in found.rows], found.across] if found else [[], []]
    for side in (0, 1):
        sums = Counter()
        for pair, n in counts.items():
            sums[pair[side]] += n
        shown = merged(sums)
        for label, n in shown:
            yield {pair for pair in counts if under(pair[side], [row.label for row in shown]) == label}, n
    for row, cells in found.rows if found else []:
        for column, n in zip(found.across, cells, strict=True):
            yield {(r, c) for r, c in counts if (under(r, sides[0]), under(c, sides[1])) == (row, column)}, n


def under(label, names):
    return label if label in names else REST


def worked_out(counts):
    """The cells that follow from what is published, as anybody can calculate who has a pencil."""
    said = list(published(counts))
    none = set().union(*(cells for cells, n in said if n == 0))
    live = sorted(set(counts) - none)
    lines = [[Fraction(cell in cells) for cell in live] + [Fraction(n)] for cells, n in said]
    for place in range(len(live)):
        lead = next((line for line in lines if line[place] and not any(line[:place])), None)
        if lead is None:
            continue
        for n, line in enumerate(lines):
            if line is not lead and line[place]:
                factor = line[place] / lead[place]
                lines[n] = [a - factor * b for a, b in zip(line, lead, strict=True)]
    alone = [line for line in lines if sum(map(bool, line[:-1])) == 1]
    return {live[place]: line[-1] / line[place] for line in alone for place in range(len(live)) if line[place]}


MANY = {"活动", "评审", NO_CLIENT}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, []),
        ({"咨询": 20, "指导": 2, "活动": 8, "评审": 3}, [(NO_CLIENT, 11), (REST, 22)]),
        ({"咨询": 20, "指导": 7, "活动": 8, "评审": 6}, [("咨询", 20), ("活动", 8), ("指导", 7), ("评审", 6)]),
        ({"咨询": 4, "指导": 3, "活动": 8}, [("活动", 8), (REST, 7)]),
        ({"咨询": 20, "指导": 7, "活动": 2, "评审": 1}, [("咨询", 20), (REST, 10)]),
        ({"咨询": 20, "指导": 7, "活动": 3, "评审": 0}, [("咨询", 20), (REST, 10)]),
        ({"咨询": 2, "活动": 30, "评审": 20}, [("活动", 30), (REST, 22)]),
        ({"咨询": 20, "指导": 7}, [("咨询", 20), ("指导", 7)]),
    ],
)
def test_parted_puts_nothing_together_across_the_line(counts, expected):
    assert parted(counts, MANY) == expected


DIMENSIONS = [
    ["咨询", "指导", "活动", "评审"],
    ["毕业生", "农民", "军人", NO_CLIENT],
    ["小店", "迎泽", NO_CLIENT],
    [1, 2, 3],
]
PLACES = [
    place for place in product(*DIMENSIONS) if {each in MANY for each in place[:3]} in ({True}, {False})
]  # of everything that can be: a talk or a review has no client, nor has its client a district
SIZES = st.lists(st.sampled_from([0, 0, 0, 1, 2, 3, 5, 9, 30]), min_size=len(PLACES), max_size=len(PLACES))


def year_of(counts):
    """What is published of a year of services: which places together make which number, as ``Served`` tells it."""
    yield set(PLACES), sum(counts.values())
    for side in range(4):
        sums = Counter()
        for place in PLACES:
            sums[place[side]] += counts[place]
        rows = monthly([sums[n] for n in DIMENSIONS[3]]) if side == 3 else parted(sums, MANY)
        months = {n: next((row.label for row in rows if row.label in spans_with(n)), None) for n in DIMENSIONS[3]}
        named = {row.label for row in rows}
        for label, n in rows:
            yield (
                {
                    place
                    for place in PLACES
                    if (months.get(place[3]) if side == 3 else shown(place[side], named)) == label
                },
                n,
            )
    yield from cells_of(counts)


def cells_of(counts):
    """The same of the table of kinds by groups, which is of services with a client, where that line may be shown."""
    ours = [place for place in PLACES if place[0] not in MANY]
    here = sum(counts[place] for place in ours)
    pairs = Counter()
    for place in ours:
        pairs[place[:2]] += counts[place]
    found = crossed(pairs) if None not in (told(here), told(sum(counts.values()) - here)) else None
    for row, cells in found.rows if found else []:
        for column, n in zip(found.across, cells, strict=True):
            names = [{label for label, _ in found.rows}, set(found.across)]
            yield (
                {place for place in ours if (under(place[0], names[0]), under(place[1], names[1])) == (row, column)},
                n,
            )


def spans_with(month):
    return {span(first, last) for first in range(1, month + 1) for last in range(month, 4)}


def shown(label, named):
    """Under which name of a table a group stands there."""
    return label if label in named else NO_CLIENT if label in MANY and NO_CLIENT in named else REST


def small_ones(said, counts):
    """Every group, and every pair of two, that is told by the tables together and is small."""
    none = set().union(*(places for places, n in said if n == 0))
    live = sorted(set(PLACES) - none, key=str)
    basis = reduced([[Fraction(place in places) for place in live] for places, _ in said])
    asked = [{place for place in PLACES if place[side] == label} for side in range(4) for label in DIMENSIONS[side]]
    for wanted in [*asked, *(one & other for one, other in combinations(asked, 2))]:
        if 0 < sum(counts[place] for place in wanted) < 5 and follows(
            [Fraction(place in wanted) for place in live], basis
        ):
            yield wanted


def reduced(lines):
    """The same statements, each with a first place of its own."""
    basis = []
    for line in lines:
        line = rest_of(line, basis)
        if any(line):
            basis.append(line)
    return basis


def rest_of(line, basis):
    for known in basis:
        place = next(n for n, part in enumerate(known) if part)
        if line[place]:
            factor = line[place] / known[place]
            line = [a - factor * b for a, b in zip(line, known, strict=True)]
    return line


def follows(line, basis):
    return not any(rest_of(line, basis))


@given(SIZES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_small_group_of_services_follows_from_the_tables_of_a_year_together(sizes):
    counts = dict(zip(PLACES, sizes, strict=True))

    assert list(small_ones(list(year_of(counts)), counts)) == []


def test_what_crosses_the_line_in_one_table_would_be_told_by_another():
    counts = dict.fromkeys(PLACES, 0) | {("咨询", "毕业生", "小店", 1): 20, ("指导", "毕业生", "小店", 1): 2}
    counts |= {("活动", NO_CLIENT, NO_CLIENT, 1): 8, ("评审", NO_CLIENT, NO_CLIENT, 1): 3}
    together = {place for place in PLACES if place[0] in ("指导", "评审")}
    apart = {place for place in PLACES if place[1] == NO_CLIENT}
    kinds = [({place for place in PLACES if place[0] == kind}, n) for kind, n in (("咨询", 20), ("活动", 8))]

    assert list(small_ones([*kinds, (together, 5), (apart, 11)], counts)) != []
    assert list(small_ones(list(year_of(counts)), counts)) == []


CELLS = list(product("甲乙丙丁", "子丑寅卯"))
COUNTS = st.lists(st.sampled_from([0, 1, 3, 4, 5, 6, 8, 12, 20, 40]), min_size=len(CELLS), max_size=len(CELLS))


@given(COUNTS)
def test_no_small_cell_can_be_worked_out_from_the_tables_together(counts):
    counts = dict(zip(CELLS, counts, strict=True))

    found = worked_out(counts)

    assert {cell: n for cell, n in found.items() if n != counts[cell]} == {}
    assert {cell: n for cell, n in found.items() if 0 < n < 5} == {}


def test_the_pencil_finds_a_cell_that_is_the_only_one_kept_back():
    assert worked_out({("甲", "子"): 40, ("乙", "丑"): 9}) == {("甲", "子"): 40, ("乙", "丑"): 9}


TERMS = [(date(2026, 3, 1), date(2029, 2, 28), None, 6), (date(2026, 3, 1), date(2029, 2, 28), date(2026, 9, 1), 2)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 2, 28), 0),
        (date(2026, 3, 1), 8),
        (date(2026, 8, 31), 8),
        (date(2026, 9, 1), 6),
        (date(2029, 2, 28), 6),
        (date(2029, 3, 1), 0),
    ],
)
def test_3_a_term_counts_from_its_first_to_its_last_day(day, expected):
    assert in_force(TERMS, day) == expected


@pytest.mark.parametrize(
    ("year", "today", "expected"),
    [
        (2026, date(2026, 1, 1), [date(2026, 1, 1)]),
        (2026, date(2026, 3, 2), [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 2)]),
        (2026, date(2026, 2, 28), [date(2026, 1, 31), date(2026, 2, 28)]),
    ],
)
def test_month_ends_stop_at_today(year, today, expected):
    assert month_ends(year, today) == expected


def test_month_ends_of_a_past_year_are_all_twelve():
    assert month_ends(2024, date(2026, 3, 2))[::11] == [date(2024, 1, 31), date(2024, 12, 31)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], ""),
        ([Row("甲", 9), Row("乙", 8)], "甲"),
        ([Row("甲", 9), Row("乙", 9), Row("丙", 1)], "甲和乙"),
        ([Row("甲", 9), Row("乙", 9), Row("丙", 9)], ""),
        ([Row("甲", 9), Row(REST, 12)], "甲"),
    ],
)
def test_foremost(rows, expected):
    assert foremost(rows) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"), [(5, 68, "从5位增加到68位"), (68, 5, "从68位减少到5位"), (5, 5, "保持5位")]
)
def test_change(first, last, expected):
    assert change(first, last) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2026年第一批", "2026年第一批"), ("", ""), ("=1+1", "'=1+1"), ("-2", "'-2"), ("@a", "'@a"), ("\t=1", "'\t=1")]
    + [("＝1+1", "'＝1+1"), (" =1", "' =1"), ("\u3000＠a", "'\u3000＠a"), ("|calc", "'|calc"), ("0351", "0351")],
)
def test_plain_is_no_formula(text, expected):
    assert plain(text) == expected


def figure(*counts):
    return Figure("bars", "", "", "", "位", [Row(f"{n}月", count) for n, count in enumerate(counts, 1)])


def test_the_longest_bar_fills_its_room():
    assert [length for _, length, _ in figure(10, 5, None, 0).bars] == [100, 50, 0, 0]


def test_what_was_put_together_does_not_lead():
    rows = [Row("甲", 7), Row(REST, 17)]

    assert [leads for _, _, leads in Figure("bars", "", "", "", "位", rows).bars] == [True, False]


def test_a_strip_is_filled_from_end_to_end():
    parts = [(start, length) for _, start, length in figure(30, 10).strip]

    assert parts == [(0, 74.6), (75, 24.6)]


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (1, [4, 3, 2, 1, 0]),
        (4, [4, 3, 2, 1, 0]),
        (5, [8, 6, 4, 2, 0]),
        (68, [80, 60, 40, 20, 0]),
        (81, [200, 150, 100, 50, 0]),
    ],
)
def test_ticks_hold_the_largest(most, expected):
    assert figure(most).ticks == expected


def test_a_line_runs_from_edge_to_edge():
    assert figure(0, 4, 2).path == "M0 400L450 0L900 200"


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (2, ["1月", "2月"]),
        (5, ["1月", "2月", "3月", "4月", "5月"]),
        (11, ["1月", "3月", "5月", "7月", "9月", "11月"]),
        (12, ["1月", "12月"]),
    ],
)
def test_marks_stand_evenly(points, expected):
    assert figure(*[1] * points).marks == expected
