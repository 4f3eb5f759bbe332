import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments import rules
from payments.rules import Doubt, Facts

PLAIN = Facts(whom="常若水", matter="劳务品牌评审", day=date(2026, 9, 22), minutes=570)


def test_13_nothing_to_look_at():
    assert rules.doubts(PLAIN) == []


@pytest.mark.parametrize(
    ("given", "code", "words", "hard"),
    [
        ({"account": "none"}, "no_account", "常若水还没有收款账户，不能付款。请专家填写，或者凭纸质材料代录", True),
        ({"account": "cooling"}, "cooling", "常若水的收款账户刚变更，暂不能付款。请回访核实，等满观察期", True),
        (
            {"official": True},
            "official",
            "常若水是公职人员，没有登记单位同意，不能付款。请先登记同意和依据",
            True,
        ),
        (
            {"returned": True},
            "again",
            "常若水，9月22日：劳务品牌评审的报酬付过一次，银行退回了。请核对退款已经到账再重发",
            False,
        ),
        (
            {"capped": True, "amount": Decimal("800.00")},
            "over_cap",
            "常若水，劳务品牌评审9.5小时：按封顶计800元，超出的没有计入。请确认时长、延时是否批准、0.5小时怎么算",
            False,
        ),
        (
            {"capped": True, "minutes": 540},
            "over_cap",
            "常若水，劳务品牌评审9小时：按封顶计算，超出的没有计入。请确认时长、延时是否批准",
            False,
        ),
        (
            {"extended": True, "amount": Decimal("900.00")},
            "over_cap",
            "常若水，劳务品牌评审9.5小时：延时部分已计入，共900元。请确认延时是否批准、0.5小时怎么算",
            False,
        ),
        (
            {"extended": True, "capped": True, "minutes": 680},
            "over_cap",
            "常若水，劳务品牌评审11小时20分钟：延时部分已计入。请确认延时是否批准、20分钟怎么算",
            False,
        ),
        (
            {"holiday": True, "day": date(2026, 9, 25)},
            "holiday",
            "常若水，9月25日：当天是法定节假日，已加倍。请确认劳务品牌评审确在这一天",
            False,
        ),
        (
            {"near_holiday": "中秋", "day": date(2026, 9, 26)},
            "near_holiday",
            "常若水，9月26日：在中秋假期里，但不是法定节假日当天，暂按不加倍。请确认",
            False,
        ),
        (
            {"overlaps": "创业讲座"},
            "overlap",
            "常若水，9月22日：劳务品牌评审和创业讲座时间重叠。请核对时间，同一时间只付一次",
            False,
        ),
        (
            {"signed_in": False},
            "no_sign_in",
            "常若水，9月22日：劳务品牌评审没有签到记录。请核实到场，或者补签到材料",
            False,
        ),
        ({"account": "failed"}, "failed", "常若水的收款账户上次付款被银行退回。请先和专家核对账户", False),
        ({"account": "new"}, "first_payment", "常若水的收款账户是第一次付款。请核对户名和尾号", False),
        (
            {"expired_on": date(2026, 8, 31)},
            "expired",
            "劳务品牌评审的标准2026年8月31日已到期。请确认是否沿用，或者录入新标准",
            False,
        ),
        ({"confirmed": False}, "unconfirmed", "劳务品牌评审的标准还没有经局里确认。请先确认标准", False),
    ],
)
def test_13_each_doubt_says_the_fact_and_what_to_do(given, code, words, hard):
    assert rules.doubts(replace(PLAIN, **given)) == [Doubt(code, words, hard)]


@pytest.mark.parametrize(
    "given",
    [
        {"official": True, "consented": True},
        {"consented": True},
        {"account": "ok"},
        {"minutes": 20},
        {"amount": Decimal("800")},
    ],
)
def test_13_what_is_in_order_raises_no_doubt(given):
    assert rules.doubts(replace(PLAIN, **given)) == []


def test_13_what_stops_the_line_comes_first():
    facts = replace(
        PLAIN,
        capped=True,
        holiday=True,
        overlaps="创业讲座",
        signed_in=False,
        account="new",
        official=True,
        expired_on=date(2026, 8, 31),
        confirmed=False,
    )

    found = rules.doubts(facts)

    assert [doubt.code for doubt in found] == [
        "official",
        "over_cap",
        "holiday",
        "overlap",
        "no_sign_in",
        "first_payment",
        "expired",
        "unconfirmed",
    ]
    assert [doubt.code for doubt in rules.doubts(replace(facts, account="none"))][:2] == ["no_account", "official"]


def test_13_a_holiday_itself_is_not_one_of_its_rest_days():
    found = rules.doubts(replace(PLAIN, holiday=True, near_holiday="中秋"))

    assert [doubt.code for doubt in found] == ["holiday"]


def test_13_an_account_is_of_a_known_state():
    with pytest.raises(ValueError, match="unknown account"):
        replace(PLAIN, account="")


@given(
    st.builds(
        Facts,
        whom=st.just("常若水"),
        matter=st.just("评审"),
        day=st.dates(),
        minutes=st.integers(0, 1440),
        capped=st.booleans(),
        extended=st.booleans(),
        amount=st.none() | st.decimals(0, 2000, places=2),
        holiday=st.booleans(),
        near_holiday=st.sampled_from(["", "国庆"]),
        overlaps=st.sampled_from(["", "创业讲座"]),
        signed_in=st.booleans(),
        account=st.sampled_from(["none", "cooling", "failed", "new", "ok"]),
        official=st.booleans(),
        consented=st.booleans(),
        expired_on=st.none() | st.dates(),
        confirmed=st.booleans(),
    )
)
def test_13_hard_doubts_come_first_and_every_sentence_asks_once_and_politely(facts):
    found = rules.doubts(facts)

    assert [doubt.hard for doubt in found] == sorted([doubt.hard for doubt in found], reverse=True)
    assert [doubt.words for doubt in found if doubt.words.count("请") != 1] == []
    assert [doubt.words for doubt in found if re.search(r"[！!,;]|None|。$|  ", doubt.words)] == []
