"""Articles 3, 10(4) and 14: who stays out of a pool, with the days and hours at which it turns."""

from datetime import date, datetime, timedelta, timezone

import pytest

from experts.rules import Interest, Tie
from services.rules import pool
from services.rules.pool import Side

ON = date(2026, 3, 2)
FIRM = Side("太原晋泉装备有限公司", "91140100MA0EXAMPL1")
OTHER = Side("太原另一家有限公司", "91140100MA0EXAMPL2")
HEAD = Side("高明", phone="index-of-13900000001")
TERM = (date(2026, 3, 1), date(2029, 2, 28), None)


def at(day, hour, minute=0):
    """That time of a day in March 2026, in Taiyuan."""
    return datetime(2026, 3, day, hour, minute, tzinfo=timezone(timedelta(hours=8)))


def post(ends_on=None, begins_on=None, name=FIRM.name, code=FIRM.code, tie=Tie.EMPLOYER):
    return Interest(tie, name, code, begins_on, ends_on)


@pytest.mark.parametrize(
    ("interest", "why"),
    [
        (post(), "employer"),
        (post(ends_on=date(2023, 3, 2)), "employer"),  # three years ago: the last day
        (post(ends_on=date(2023, 3, 1)), None),  # the next day he is free
        (post(begins_on=date(2026, 3, 2)), "employer"),
        (post(begins_on=date(2026, 3, 3)), None),  # begins tomorrow
        (post(name="晋泉", code="91140100ma0exampl1"), "employer"),  # the code says it
        (post(name="太原晋泉装备有限责任公司", code=""), "employer"),  # without a code the name, whatever its ending
        (post(code="91140100MA0EXAMPL9"), None),  # the same name, another firm
        (post(tie=Tie.INVESTMENT), "investor"),
        (post(tie=Tie.INVESTMENT, ends_on=date(2026, 3, 2)), "investor"),
        (post(tie=Tie.INVESTMENT, ends_on=date(2026, 3, 1)), None),  # sold yesterday: a stake has no aftermath
        (Interest(Tie.KIN, "高 明"), "relative"),
        (Interest(Tie.KIN, "高名"), None),
    ],
)
def test_14_a_post_a_stake_or_a_relative_there_keeps_away(interest, why):
    found = pool.tie_to([interest], [OTHER, FIRM, HEAD], ON)

    assert (found and found[0]) == why


def test_14_the_weightiest_tie_is_named_whichever_was_declared_first():
    kin, stake, work = Interest(Tie.KIN, "高明", detail="表弟"), post(tie=Tie.INVESTMENT), post()

    def first(*interests):
        return pool.tie_to(interests, [HEAD, FIRM], ON)

    assert first(kin, stake, work) == ("employer", "在对方企业任职")
    assert first(kin, stake) == ("investor", "投资或持股对方企业")
    assert first(kin) == ("relative", "申报的亲属（表弟）")
    assert first() is None


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (Side("王芳", phone="index-of-13900000001"), True),  # the same number under another name
        (Side("高明", phone="index-of-13900000002"), False),  # a namesake: the numbers tell them apart
        (Side("高明"), True),  # no number that could
        (Side("王芳"), False),
    ],
)
def test_14_nobody_judges_his_own_project(own, expected):
    assert pool.is_himself(own, HEAD) == expected


def test_14_a_firm_is_nobodys_namesake():
    assert pool.is_himself(Side("高明"), Side("高明"))
    assert not pool.is_himself(Side("高明"), Side("高明", "91140100MA0EXAMPL1"))


@pytest.mark.parametrize(
    ("client", "party", "expected"),
    [
        (Side("", phone="index-of-13900000001"), HEAD, True),
        (Side("", phone="index-of-13900000002"), HEAD, False),
        (Side("太原晋泉装备"), FIRM, True),  # without the ending that people leave out
        (Side("晋泉", FIRM.code), FIRM, True),
        (Side(FIRM.name, OTHER.code), FIRM, False),  # two codes outweigh the name
        (Side(OTHER.name), FIRM, False),
        (Side(""), Side(""), False),  # nothing known is nobody
        (Side("", phone=None), Side("高明", phone=None), False),
    ],
)
def test_14_whoever_guided_a_party_is_found_by_number_code_or_firm(client, party, expected):
    assert pool.helped(client, party) == expected


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 2, 28), "评审那天聘期已满"),
        (date(2026, 3, 1), ""),
        (date(2029, 2, 28), ""),
        (date(2029, 3, 1), "评审那天聘期已满"),
    ],
)
def test_3_both_days_of_a_term_belong_to_it(day, words):
    assert pool.away([day], [TERM], []) == words


def test_3_a_term_that_was_ended_early_no_longer_counts_from_that_day():
    ended = [(date(2026, 3, 1), date(2029, 2, 28), date(2026, 6, 1))]

    assert pool.away([date(2026, 5, 31)], ended, []) == ""
    assert pool.away([date(2026, 6, 1)], ended, []) == "评审那天聘期已满"


def test_3_one_term_may_follow_another_while_a_review_lasts():
    review, following = [date(2029, 2, 28), date(2029, 3, 1)], (date(2029, 3, 1), date(2032, 2, 29), None)

    assert pool.away(review, [TERM], []) == "评审那天聘期已满"
    assert pool.away(review, [TERM, following], []) == ""


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 3, 10), date(2026, 3, 10), "评审那天暂停接单"),
        (date(2026, 3, 1), date(2026, 3, 9), ""),  # back the day before
        (date(2026, 3, 11), date(2026, 3, 31), ""),  # goes the day after
        (date(2026, 3, 1), None, "评审那天暂停接单"),  # until he resumes
        (date(2026, 3, 11), None, ""),
    ],
)
def test_10_4_a_pause_counts_on_the_day_of_the_review(first, last, words):
    assert pool.away([date(2026, 3, 10)], [TERM], [(first, last)]) == words


def test_10_4_a_pause_on_the_second_day_counts_too():
    pause = [(date(2026, 3, 11), date(2026, 3, 11))]

    assert pool.away([date(2026, 3, 10), date(2026, 3, 11)], [TERM], pause) == "评审那天暂停接单"
    assert pool.away([date(2026, 3, 10)], [TERM], pause) == ""


@pytest.mark.parametrize(
    ("before", "counted"),
    [
        (timedelta(0), 1),
        (timedelta(days=90, minutes=-1), 1),
        (timedelta(days=90), 0),  # exactly ninety days before: over
        (timedelta(minutes=-1), 0),  # begins later: it will count this one, not this one it
    ],
)
def test_10_4_ninety_days_of_reviews_count(before, counted):
    review = at(10, 9)

    assert pool.rotated_out(review, [review - before], cap=1) == counted


def test_10_4_the_cap_itself_is_enough():
    review = at(10, 9)
    others = [review - timedelta(days=n) for n in (7, 14, 21)]

    assert pool.rotated_out(review, others[:2], cap=3) == 0
    assert pool.rotated_out(review, others, cap=3) == 3


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        (at(10, 8), at(10, 9), False),  # over as the review begins
        (at(10, 8), at(10, 9, 1), True),
        (at(10, 12), at(10, 13), False),  # begins as it ends
        (at(10, 11, 59), at(10, 13), True),
        (at(10, 8), at(10, 13), True),
        (at(10, 10), at(10, 11), True),
    ],
)
def test_10_4_times_that_only_touch_are_free(begins, ends, expected):
    assert pool.taken(at(10, 9), at(10, 12), [(begins, ends)]) == expected
