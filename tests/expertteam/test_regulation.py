from datetime import date

import pytest

from expertteam import regulation
from expertteam.regulation import ENFORCED, PROVISIONS, Refused, anchor, article, in_force, named, numeral, provision


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 1, 31), False),
        (date(2026, 2, 1), True),
        (date(2031, 1, 31), True),
        (date(2031, 2, 1), False),
    ],
)
def test_15_in_force_for_five_years(on, expected):
    assert in_force(on) is expected


@pytest.mark.parametrize(
    ("on", "stage"),
    [
        (date(2030, 1, 30), None),
        (date(2030, 1, 31), 12),
        (date(2030, 7, 30), 12),
        (date(2030, 7, 31), 6),
        (date(2030, 10, 30), 6),
        (date(2030, 10, 31), 3),
        (date(2030, 12, 30), 3),
        (date(2030, 12, 31), 1),
        (date(2031, 1, 31), 1),
        (date(2031, 2, 1), None),
    ],
)
def test_15_its_end_is_announced_in_four_stages(on, stage):
    assert regulation.months_left(on) == stage


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2031, 3, 31), 1, date(2031, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2031, 1, 15), 1, date(2030, 12, 15)),
        (date(2031, 1, 31), 12, date(2030, 1, 31)),
    ],
)
def test_a_month_before_a_day_that_the_month_has_not_is_its_last(day, months, expected):
    assert regulation._months_before(day, months) == expected


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("11", "第十一条"),
        ("12(2)", "第十二条第二项"),
        ("12¶2", "第十二条第二款"),
        ("5(8)", "第五条第八项"),
        ("10", "第十条"),
    ],
)
def test_a_provision_is_named_as_the_measures_name_it(number, words):
    assert named(number) == words


@pytest.mark.parametrize(("number", "words"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (19, "十九")])
def test_numerals_are_chinese(number, words):
    assert numeral(number) == words


@pytest.mark.parametrize(("number", "expected"), [("12(2)", "a12-2"), ("12¶2", "a12"), ("3", "a3")])
def test_anchors_lead_to_the_provision(number, expected):
    assert anchor(number) == expected
    assert provision(expected).anchor == expected


def test_an_unknown_provision_is_an_error():
    with pytest.raises(KeyError):
        provision("a99")


def test_the_text_has_fifteen_articles_and_their_items():
    articles = [where for where in PROVISIONS if "-" not in where]

    assert articles == [f"a{number}" for number in range(1, 16)]
    assert {f"a5-{item}" for item in range(1, 9)} | {f"a6-{item}" for item in range(1, 6)} <= set(PROVISIONS)


def test_every_enforced_provision_is_in_the_text():
    assert {anchor(number) for number in ENFORCED} <= set(PROVISIONS)


def test_a_refusal_says_why_and_by_which_provision():
    assert str(Refused("从业年限不足四年", "6(2)")) == "从业年限不足四年（第六条第二项）"
    assert str(Refused("请稍后再试")) == "请稍后再试"


def test_citing_leaves_the_function_as_it_is(monkeypatch):
    monkeypatch.setattr(regulation, "ENFORCED", ENFORCED | {"14": [], "9": []})

    @article("9", "14")
    def advice_is_advice():
        return "advice"

    assert (advice_is_advice(), advice_is_advice.articles) == ("advice", ("9", "14"))
    assert regulation.ENFORCED["9"] == regulation.ENFORCED["14"] == [advice_is_advice]
