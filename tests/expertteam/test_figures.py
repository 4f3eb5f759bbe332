"""What may be published of counts."""

from datetime import date

import pytest

from expertteam.figures import REST, Figure, Row, change, foremost, in_force, merged, month_ends, monthly, plain, told


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
    [("2026年第一批", "2026年第一批"), ("", ""), ("=1+1", "'=1+1"), ("-2", "'-2"), ("@a", "'@a"), ("\t=1", "'\t=1")],
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
