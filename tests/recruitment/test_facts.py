from datetime import date

import pytest

from recruitment.facts import Period, Verdict, duration, history
from recruitment.rules import service_months

ON = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ((), "没有填写相关经历"),
        ((Period(date(2020, 8, 1)),), "2020年8月至今，共6年4个月"),
        ((Period(date(2024, 1, 5), date(2024, 12, 1)),), "2024年1月至2024年12月，共1年"),
        ((Period(date(2026, 10, 1), date(2027, 3, 1)),), "2026年10月至今，共2个月"),
        ((Period(date(2026, 10, 1), date(2026, 11, 24)),), "2026年10月至今，共2个月"),
        ((Period(date(2026, 10, 1), date(2026, 11, 23)),), "2026年10月至2026年11月，共2个月"),
        (
            (Period(date(2025, 6, 1)), Period(date(2024, 1, 1), date(2025, 12, 1))),
            "2024年1月至2025年12月、2025年6月至今，合并重叠后共2年11个月",
        ),
    ],
)
def test_6_2_a_work_history_in_words(periods, expected):
    months = service_months([period[:2] for period in periods], ON)

    assert history(periods, months, ON) == expected


@pytest.mark.parametrize(
    ("months", "expected"), [(0, "0个月"), (11, "11个月"), (12, "1年"), (48, "4年"), (76, "6年4个月")]
)
def test_6_2_months_in_words(months, expected):
    assert duration(months) == expected


def test_every_verdict_has_its_word():
    assert [each.label for each in Verdict] == ["符合", "不符合", "需人工核实"]
