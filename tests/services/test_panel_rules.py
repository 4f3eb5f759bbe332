"""Review panels: sizes, pools, tries, scores, ranks, hours, each with the value at which it turns (Articles 8(4), 10(4), 13)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from expertteam import clock
from services.rules import panel as rules

NOON = clock.instant(date(2026, 3, 2), 12)
MINUTE = timedelta(minutes=1)


def points(*numbers):
    return [Decimal(number) for number in numbers]


@pytest.mark.parametrize(
    ("seats", "reason", "wrong"),
    [
        ((5,), "", ""),
        ((2, 1, 2), "", ""),
        ((7,), "", ""),
        ((9,), "", ""),
        ((4,), "", "评审组应为5、7或9人，现在是4人"),
        ((6,), "", "评审组应为5、7或9人，现在是6人"),
        ((11,), "", "评审组应为5、7或9人，现在是11人"),
        ((3,), "", "评审组少于5人要写明理由"),
        ((3,), "只有一个项目，书面评审", ""),
        ((), "", "评审组应为5、7或9人，现在是0人"),
    ],
)
def test_10_4_a_panel_is_odd_and_five_at_least(seats, reason, wrong):
    need = [(f"s{n}", count) for n, count in enumerate(seats)]

    assert rules.wrong_size(need, reason) == wrong


def of(strata, employer):
    return frozenset(strata.split()), employer


@pytest.mark.parametrize(
    ("pool", "need", "alternates", "missing"),
    [
        ([of("any", f"e{n}") for n in range(6)], [("any", 5)], 1, {}),
        ([of("any", f"e{n}") for n in range(5)], [("any", 5)], 1, {"any": 1}),
        ([of("any", f"e{n % 5}") for n in range(9)], [("any", 5)], 1, {"any": 1}),  # nine people of five employers
        # The law seat comes second: the two before it may take both lawyers who know finance as well.
        ([of("finance law", "a"), of("finance law", "b"), of("finance", "c"), of("law", "d")],
         [("finance", 2), ("law", 1)], 0, {}),
        ([of("finance law", "a"), of("finance law", "b"), of("finance", "c")],
         [("finance", 2), ("law", 1)], 0, {"law": 1}),
        ([of("finance", "a"), of("law", "b")], [("finance", 1), ("law", 1)], 0, {}),
        ([], [("any", 5)], 2, {"any": 7}),
    ],
)  # fmt: skip
def test_10_4_a_draw_begins_only_when_every_outcome_fills_every_seat(pool, need, alternates, missing):
    assert rules.short_of(pool, need, alternates) == missing


@pytest.mark.parametrize(
    ("minutes", "due", "now", "lacking"),
    [
        ((0, 10), 60, 61, "要联系满3次，现在是2次"),
        ((0, 10, 29), 60, 61, "第一次和最后一次联系至少要隔30分钟"),
        ((0, 10, 30), 60, 60, "答复期限还没有过"),
        ((0, 10, 30), 60, 61, ""),
        ((0, 1, 2, 31), 60, 61, ""),
    ],
)
def test_10_4_three_tries_over_half_an_hour_and_the_time_is_up(minutes, due, now, lacking):
    tries = [NOON + n * MINUTE for n in minutes]

    assert rules.not_reached(tries, NOON + due * MINUTE, NOON + now * MINUTE) == lacking


@pytest.mark.parametrize(("aborted", "forced"), [(0, False), (1, False), (2, True), (3, True)])
def test_10_4_the_second_abort_forces_a_public_value(aborted, forced):
    assert rules.needs_public_value(aborted) is forced


@pytest.mark.parametrize(("size", "quorum"), [(3, 2), (5, 4), (7, 5), (9, 6)])
def test_8_4_two_thirds_are_a_quorum(size, quorum):
    assert rules.quorum(size) == quorum


def criterion(key, most, group=""):
    return {"key": key, "group": group, "name": f"名{key}", "most": most}


@pytest.mark.parametrize(
    ("criteria", "wrong"),
    [
        ([criterion("a", 1)], ""),
        ([criterion("a", 499), criterion("b", 500)], ""),
        ([criterion("a", 50, "甲"), criterion("b", 50) | {"name": "名a"}], ""),  # one name in two groups
        ([], "至少要有一项"),
        ([criterion("a", 0)], "满分至少1分：名a"),
        ([criterion("a", 50), criterion("b", 50) | {"name": "名a"}], "写了两次：名a"),
        ([criterion("a", 50), criterion("a", 50) | {"name": "名b"}], "评分项的键有重复"),
        ([criterion("a", 500), criterion("b", 500)], "满分合计1000分，不能超过999分"),
    ],
)
def test_8_4_a_sheet_asks_for_something_and_for_nothing_twice(criteria, wrong):
    assert rules.wrong_criteria(criteria) == wrong


@pytest.mark.parametrize(
    ("mark", "wrong"),
    [
        ("0", ""),
        ("40", ""),
        ("39.99", ""),
        ("40.01", "应在0到40分之间"),
        ("-0.01", "应在0到40分之间"),
        ("39.999", "最多两位小数"),
        ("NaN", "应在0到40分之间"),
    ],
)
def test_8_4_a_mark_lies_within_what_the_criterion_is_worth(mark, wrong):
    assert rules.wrong_mark(Decimal(mark), 40) == wrong


@pytest.mark.parametrize(
    ("totals", "method", "score"),
    [
        (("80", "81", "82"), "mean", "81.00"),
        (("80", "80", "81"), "mean", "80.33"),
        (("80.01", "80.00"), "mean", "80.01"),  # 80.005, half up
        (("0", "80", "80", "80", "100"), "mean", "68.00"),
        (("0", "80", "80", "80", "100"), "trimmed", "80.00"),
        (("0", "80", "80", "100"), "trimmed", "65.00"),  # four sheets: none is left out
        (("90",), "mean", "90.00"),
    ],
)
def test_8_4_the_score_is_the_mean_of_the_sheets(totals, method, score):
    assert str(rules.score(points(*totals), method)) == score


@pytest.mark.parametrize(
    ("own", "others", "outlying"),
    [
        ("100", ("75", "75", "75", "75", "100"), True),  # mean 80, a fifth is 16
        ("96", ("76", "76", "76", "76", "96"), False),  # mean 80, exactly a fifth
        ("64", ("84", "84", "84", "84", "64"), False),
        ("63.99", ("84", "84", "84", "84", "63.99"), True),
        ("0", ("0", "0"), False),
    ],
)
def test_8_4_farther_than_a_fifth_of_the_mean_is_outlying(own, others, outlying):
    assert rules.outlying(Decimal(own), points(*others)) is outlying


RESULTS = {1: points("80", "30"), 2: points("90", "20"), 3: points("80", "31"), 4: points("80", "30")}


@pytest.mark.parametrize(
    ("votes", "ranks"),
    [
        ({}, {2: 1, 3: 2, 1: 3, 4: 3}),
        ({4: 3, 1: 2}, {2: 1, 3: 2, 4: 3, 1: 4}),
        ({4: 2, 1: 2}, {2: 1, 3: 2, 1: 3, 4: 3}),
        ({1: 5, 3: 0}, {2: 1, 3: 2, 1: 3, 4: 4}),  # votes never lift anybody over a better mark
    ],
)
def test_8_4_ranked_by_score_then_first_criterion_then_vote(votes, ranks):
    results = {key: tuple(result) for key, result in RESULTS.items()}

    assert rules.ranked(results, votes) == ranks
    assert rules.ties(results) == [[1, 4]]


@pytest.mark.parametrize(
    ("minutes", "rest", "served"), [(130, 10, 120), (130, 0, 130), (1, 0, 1), (0, 0, 1), (10, 30, 1)]
)
def test_13_hours_are_those_in_the_room_less_the_breaks(minutes, rest, served):
    assert rules.minutes_served(NOON, NOON + minutes * MINUTE + timedelta(seconds=59), rest) == served
