"""年度评价 in numbers: every line of the default scheme, every boundary of a grade (Article 10(1))."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from evaluations.rules.assessment import (
    Facts,
    Standing,
    enough_work,
    mean_satisfaction,
    over_quota,
    remarks,
    sheet,
    standing,
    term_mean,
    total,
    well_assessed,
)

TOML = Path(__file__).parents[2] / "evaluations" / "annual_scheme.toml"
SCHEME = tomllib.loads(TOML.read_text(encoding="utf8"))["data"]


def line(words, **facts):
    """The points of the one line that begins so."""
    found = [each for each in sheet(Facts(**facts), SCHEME) if each.words.startswith(words)]
    assert len(found) == 1, words
    return found[0]


def points(words, **facts):
    return str(line(words, **facts).points)


@pytest.mark.parametrize(
    ("item", "words", "count", "expected"),
    [
        ("sessions", "咨询指导", 0, "0.00"),
        ("sessions", "咨询指导", 12, "12.00"),
        ("sessions", "咨询指导", 15, "15.00"),
        ("sessions", "咨询指导", 16, "15.00"),
        ("activities", "专题活动", 3, "6.00"),
        ("activities", "专题活动", 4, "8.00"),
        ("activities", "专题活动", 5, "8.00"),
        ("reviews", "项目评审", 7, "7.00"),
        ("reviews", "项目评审", 8, "7.00"),
        ("late_arrivals", "迟到", 0, "0.00"),
        ("late_arrivals", "迟到", 2, "-2.00"),
        ("stand_downs", "接受后临时取消", 1, "-2.00"),
        ("refusals", "无正当理由拒绝", 2, "-10.00"),
        ("late_logs", "逾期记录", 3, "-3.00"),
        ("unrecused", "应回避没有回避", 1, "-5.00"),
        ("outcomes", "有据可查的实绩", 4, "8.00"),
        ("outcomes", "有据可查的实绩", 6, "10.00"),
        ("honours", "省级以上荣誉", 2, "3.00"),
        ("cases", "典型案例", 1, "2.00"),
        ("contests", "辅导大赛获奖", 3, "2.00"),
        ("pairings", "结对跟踪满六个月", 1, "3.00"),
    ],
)
def test_10_1_so_many_times_so_many_points_up_to_the_most(item, words, count, expected):
    assert points(words, counts={item: count}) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, "0.00"),
        (30, "0.25"),
        (60, "0.50"),
        (1, "0.01"),
        (100, "0.83"),
        (1199, "9.99"),
        (1200, "10.00"),
        (9000, "10.00"),
    ],
)
def test_10_1_an_hour_is_half_a_point_in_proportion(minutes, expected):
    assert points("服务时长", minutes=minutes) == expected


def test_10_1_a_line_says_how_its_points_come_about():
    assert line("咨询指导", counts={"sessions": 12}).words == "咨询指导12次 × 1分，最高15分"
    assert line("服务时长", minutes=630).words == "服务时长10小时30分钟 × 每小时0.5分，最高10分"
    assert line("迟到", counts={"late_arrivals": 2}).words == "迟到2次，每次扣1分"


@pytest.mark.parametrize(
    ("ratings", "mean"),
    [
        ({5: 3}, "100"),
        ({5: 1, 4: 1, 3: 1, 2: 1, 1: 1}, "54"),
        ({2: 1}, "30"),
        ({1: 4}, "0"),
        ({}, None),
    ],
)
def test_10_1_the_mean_of_ratings_is_exact(ratings, mean):
    assert mean_satisfaction(ratings, SCHEME) == (None if mean is None else Decimal(mean))


@pytest.mark.parametrize(
    ("ratings", "bureau", "words", "expected", "flagged"),
    [
        ({5: 3}, None, "有效评价3条，平均100.00分 × 30%", "30.00", False),
        ({5: 2, 4: 1}, None, "有效评价3条，平均93.33分 × 30%", "28.00", False),  # 280/3 × 0.3, not 93.33 × 0.3
        ({1: 2}, "86", "有效评价2条，不足3条，按全局平均86.00分 × 30%", "25.80", True),
        ({}, "100", "有效评价0条，不足3条，按全局平均100.00分 × 30%", "30.00", True),
        ({}, None, "有效评价0条，不足3条，全局也没有，按60.00分 × 30%", "18.00", True),
    ],
)
def test_10_1_of_fewer_than_three_ratings_the_bureau_mean_stands_in_and_says_so(
    ratings, bureau, words, expected, flagged
):
    found = line("有效评价", ratings=ratings, bureau_mean=bureau and Decimal(bureau))

    assert (found.words, str(found.points), found.flagged) == (words, expected, flagged)


@pytest.mark.parametrize(
    ("samples", "bureau", "words", "expected", "flagged"),
    [
        (["4.5"], None, "抽查记录1份，平均4.50分，最高5分", "4.50", False),
        (["4", "4", "5"], "1", "抽查记录3份，平均4.33分，最高5分", "4.33", False),
        ([], "4.2", "没有抽查记录，按全局平均4.20分，最高5分", "4.20", True),
        ([], None, "全局没有抽查记录，按5分的60%", "3.00", True),
    ],
)
def test_10_1_of_whom_no_record_was_sampled_the_bureau_mean_stands_in(samples, bureau, words, expected, flagged):
    facts = {"samples": [Decimal(each) for each in samples], "bureau_sample": bureau and Decimal(bureau)}
    found = [each for each in sheet(Facts(**facts), SCHEME) if "抽查记录" in each.words]

    assert [(each.words, str(each.points), each.flagged) for each in found] == [(words, expected, flagged)]


def of_dimension(name, **facts):
    return sum(each.points for each in sheet(Facts(**facts), SCHEME) if each.dimension == name)


@pytest.mark.parametrize(("refusals", "late", "left"), [(0, 0, 15), (1, 1, 9), (3, 0, 0), (3, 1, 0), (9, 9, 0)])
def test_10_1_discipline_begins_with_fifteen_and_ends_at_nothing(refusals, late, left):
    assert of_dimension("履职纪律", counts={"refusals": refusals, "late_arrivals": late}) == left


def test_10_1_a_dimension_never_gives_more_than_its_most():
    scheme = SCHEME | {"dimensions": [each | {"most": "20"} for each in SCHEME["dimensions"] if each["key"] == "work"]}
    lines = sheet(Facts(counts={"sessions": 15, "activities": 4}), scheme)

    assert (lines[-1].words, lines[-1].points, total(lines)) == ("工作量最高20分", Decimal("-3.00"), Decimal("20.00"))


def test_10_1_the_default_scheme_has_a_hundred_points_and_ten_of_bonus():
    most = {each["name"]: Decimal(each["most"]) for each in SCHEME["dimensions"]}

    assert (sum(most.values()), most["加分"]) == (110, 10)


def test_10_1_the_total_is_the_sum_of_the_lines_as_they_stand():
    facts = Facts(
        counts={"sessions": 12, "activities": 2, "reviews": 3, "late_logs": 1, "outcomes": 2, "honours": 1},
        minutes=900,
        ratings={5: 8, 4: 2},
        samples=[Decimal("4.5")],
    )

    # 12 + 7.5 + 4 + 3, 96 × 0.30, 15 − 1, 4.5 + 4, 3
    assert str(total(sheet(facts, SCHEME))) == "80.80"


@pytest.mark.parametrize(
    ("sessions", "minutes", "days", "enough"),
    [
        (10, 0, 365, True),
        (9, 0, 365, False),
        (0, 720, 365, True),
        (0, 719, 365, False),
        (5, 0, 182, True),  # 4.99 are asked for
        (5, 0, 183, False),  # 5.01
        (0, 360, 182, True),
        (0, 360, 183, False),
        (0, 1, 1, False),  # 1.97 minutes of one day
        (0, 2, 1, True),
    ],
)
def test_10_1_the_least_work_is_in_proportion_to_the_days_in_office(sessions, minutes, days, enough):
    assert enough_work(sessions, minutes, days, 365, SCHEME) is enough


def test_10_1_a_leap_year_has_a_day_more():
    assert enough_work(5, 0, 183, 366, SCHEME)
    assert not enough_work(5, 0, 184, 366, SCHEME)


WORKED = {"counts": {"sessions": 10}}


@pytest.mark.parametrize(
    ("points", "facts", "grade"),
    [
        ("90.00", WORKED, Standing.EXCELLENT),
        ("110.00", WORKED, Standing.EXCELLENT),
        ("89.99", WORKED, Standing.GOOD),
        ("80.00", WORKED, Standing.GOOD),
        ("79.99", WORKED, Standing.ADEQUATE),
        ("60.00", WORKED, Standing.ADEQUATE),
        ("59.99", WORKED, Standing.FAILED),
        ("95.00", WORKED | {"upheld": 1}, Standing.GOOD),
        ("95.00", {"counts": {"sessions": 9}}, Standing.ADEQUATE),
        ("59.99", {"counts": {"sessions": 9}}, Standing.FAILED),
        ("95.00", {"counts": {"sessions": 9}, "minutes": 720}, Standing.EXCELLENT),
        ("95.00", WORKED | {"vetoes": ["第十二条第四项的情形已认定"]}, Standing.FAILED),
        ("18.00", {"invited": False}, Standing.UNDETERMINED),
        ("18.00", {"invited": False, "vetoes": ["第十二条第六项的情形已认定"]}, Standing.FAILED),
    ],
)
def test_10_1_grades_at_their_edges(points, facts, grade):
    assert standing(Decimal(points), Facts(**facts), SCHEME) is grade


def test_10_1_what_beside_the_points_made_the_grade_is_said():
    found = remarks(Decimal(95), Facts(counts={"sessions": 4}, days=200, upheld=1), SCHEME)

    assert found == [
        "在聘200天，最低工作量折算为5.48次或6.58小时，没有达到，最高评为合格",
        "有1条差评认定成立，不能评为优秀",
    ]
    assert remarks(Decimal(95), Facts(**WORKED), SCHEME) == []
    assert remarks(Decimal(18), Facts(invited=False), SCHEME) == ["这一年没有安排过工作，不定等次"]
    veto = Facts(**WORKED, vetoes=["第十二条第二项的情形已认定"])
    assert remarks(Decimal(95), veto, SCHEME) == ["第十二条第二项的情形已认定，年度评价不合格"]


@pytest.mark.parametrize(
    ("excellent", "assessed", "over"), [(0, 0, False), (1, 5, False), (2, 10, False), (2, 9, True), (1, 4, True)]
)
def test_10_1_the_quota_is_a_fifth_of_those_with_a_grade(excellent, assessed, over):
    assert over_quota(excellent, assessed, SCHEME) is over


def test_10_1_the_term_is_the_mean_of_its_years():
    assert term_mean([]) is None
    assert str(term_mean([Decimal("80.00"), Decimal("80.00"), Decimal("80.01")])) == "80.00"
    assert str(term_mean([Decimal("80.00"), Decimal("80.01")])) == "80.01"  # 80.005, half up


@pytest.mark.parametrize(
    ("years", "well"),
    [
        ([("80.00", "good"), ("80.00", "good")], True),
        ([("79.99", "adequate"), ("79.99", "adequate")], False),
        ([("90.00", "excellent"), ("60.00", "adequate")], True),  # 75, but excellent once and never failed
        ([("90.00", "excellent"), ("59.00", "failed")], False),
        ([("95.00", "failed"), ("80.00", "good")], True),  # a mean of 87.5: the leader sees why one failed
        ([("20.00", "undetermined"), ("85.00", "good")], True),
        ([("20.00", "undetermined")], False),
        ([], False),
    ],
)
def test_3_a_term_is_well_assessed_by_its_mean_or_by_its_grades(years, well):
    assert well_assessed([(Decimal(points), grade) for points, grade in years]) is well
