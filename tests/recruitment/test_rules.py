import inspect
import re
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expertteam.regulation import ENFORCED, anchor, provision
from recruitment import categories, rules
from recruitment.facts import FAIL, PASS, PERSON, Facts, Period

ON = date(2026, 11, 24)
MONTHS_47 = (date(2023, 1, 1), date(2026, 11, 30))
MONTHS_48 = (date(2022, 12, 31), date(2026, 11, 1))  # one month more, though 30 days on either side
ENDS_AT = datetime(2026, 12, 1, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
A_SECOND = timedelta(seconds=1)

FIT = Facts(
    on=ON,
    category=4,
    periods=(Period(date(2019, 1, 1), None, in_field=True, managed=True),),
    specialities=2,
    success_cases=1,
    declarations=frozenset(categories.DECLARATIONS),
)


def facts(**given):
    return Facts(on=ON, **given)


def in_field(span, *, managed=False):
    return (Period(*span, in_field=True, managed=managed),)


def verdict(rule, looked_at):
    return rule(looked_at)[1]


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([], 0),
        ([(date(2026, 11, 24), date(2026, 11, 24))], 1),
        ([(date(2026, 1, 31), date(2026, 2, 1))], 2),  # two days, two months
        ([MONTHS_47], 47),
        ([MONTHS_48], 48),
        ([(date(2024, 2, 29), date(2026, 2, 28))], 25),
        ([(date(2025, 12, 1), date(2026, 1, 31))], 2),  # over the end of a year
        ([(date(2026, 10, 1), None)], 2),  # open: to the month of the day
        ([(date(2026, 11, 30), None)], 1),  # only year and month count
        ([(date(2026, 12, 1), None)], 0),
        ([(date(2026, 10, 1), date(2027, 10, 31))], 2),  # what is to come does not count
        ([(date(2027, 1, 1), date(2027, 12, 31))], 0),
        ([(date(2026, 5, 1), date(2026, 4, 30))], 0),  # reversed
        ([(date(2025, 1, 1), date(2025, 6, 30)), (date(2025, 4, 1), date(2025, 9, 30))], 9),  # overlap
        ([(date(2025, 1, 1), date(2025, 12, 31)), (date(2025, 3, 1), date(2025, 4, 30))], 12),  # inside
        ([(date(2025, 1, 1), date(2025, 1, 15)), (date(2025, 1, 16), date(2025, 2, 1))], 2),  # shared month
        ([(date(2020, 1, 1), date(2020, 2, 1)), (date(2022, 1, 1), date(2022, 2, 1))], 4),  # gap
        ([(date(2025, 6, 1), date(2025, 1, 1)), (date(2025, 1, 1), date(2025, 3, 1))], 3),
    ],
)
def test_6_2_service_is_counted_in_calendar_months(periods, expected):
    assert rules.service_months(periods, ON) == expected


days = st.dates(date(2018, 1, 1), date(2028, 12, 31))
spans = st.lists(st.tuples(days, st.none() | days), max_size=6)


def month_by_month(periods, on):
    """Every month of the years in question, asked one after the other."""
    return sum(
        any((first.year, first.month) <= month <= min(((last or on).year, (last or on).month), (on.year, on.month))
            for first, last in periods)
        for month in ((year, number) for year in range(2018, 2029) for number in range(1, 13))
    )  # fmt: skip


@settings(deadline=None)
@given(spans, days)
def test_6_2_service_equals_the_months_told_one_by_one(periods, on):
    assert rules.service_months(periods, on) == month_by_month(periods, on)


@settings(deadline=None)
@given(spans, st.tuples(days, st.none() | days), days)
def test_6_2_another_period_never_lowers_the_service(periods, another, on):
    assert rules.service_months([*periods, another], on) >= rules.service_months(periods, on)


@settings(deadline=None)
@given(spans, days, days)
def test_6_2_service_does_not_shrink_with_time(periods, one, other):
    earlier, later = sorted((one, other))

    assert rules.service_months(periods, earlier) <= rules.service_months(periods, later)


def test_5_no_rule_can_look_at_region_status_or_age():
    assert {field.name for field in fields(Facts)} == {
        "on",
        "category",
        "periods",
        "profession",
        "title_level",
        "title_series",
        "licensed",
        "award",
        "specialities",
        "success_cases",
        "declarations",
        "evidence_received",
    }


@pytest.mark.parametrize("category", [None, 0, 9])
def test_5_one_of_eight_categories_must_be_chosen(category):
    finding = rules.assess(facts(category=category))[0]

    assert (finding.article, finding.verdict) == ("5", FAIL)


@pytest.mark.parametrize(("award", "expected"), [(True, PASS), (False, PERSON)])
def test_5_1_a_finalists_prize_is_decisive(award, expected):
    assert verdict(rules.known_founder, facts(award=award)) is expected


@pytest.mark.parametrize(
    ("profession", "title_level", "licensed", "expected"),
    [
        ("", "full", True, FAIL),
        ("law", "none", False, FAIL),
        ("law", "junior", False, FAIL),
        ("law", "middle", False, PASS),
        ("accounting", "associate", False, PASS),
        ("property", "full", False, PASS),
        ("law", "junior", True, PERSON),  # 律师 without a title
        ("law", "middle", True, PASS),
        ("other", "middle", False, PERSON),  # 等领域
        ("other", "junior", False, FAIL),
    ],
)
def test_5_2_a_professional_has_an_intermediate_title(profession, title_level, licensed, expected):
    looked_at = facts(profession=profession, title_level=title_level, licensed=licensed)

    assert verdict(rules.manager_or_intermediate_title, looked_at) is expected


@pytest.mark.parametrize(("managed", "expected"), [(True, PASS), (False, PERSON)])
def test_5_2_a_manager_needs_no_title(managed, expected):
    looked_at = facts(profession="manager", periods=(Period(*MONTHS_47, managed=managed),))

    assert verdict(rules.manager_or_intermediate_title, looked_at) is expected


@pytest.mark.parametrize(
    ("title_level", "title_series", "periods", "expected"),
    [
        ("none", "teaching", in_field(MONTHS_48), FAIL),
        ("junior", "teaching", in_field(MONTHS_48), FAIL),  # 助教
        ("middle", "teaching", in_field(MONTHS_47), PASS),  # no four years here
        ("middle", "research", in_field(MONTHS_47), PASS),
        ("full", "teaching", in_field(MONTHS_47), PASS),
        ("middle", "other", in_field(MONTHS_48), PERSON),
        ("middle", "", in_field(MONTHS_48), PERSON),
        ("middle", "teaching", (Period(*MONTHS_48),), PERSON),  # no such research stated
    ],
)
def test_5_3_lecturer_or_above(title_level, title_series, periods, expected):
    looked_at = facts(title_level=title_level, title_series=title_series, periods=periods)

    assert verdict(rules.lecturer_or_above, looked_at) is expected


FOUR_YEARS_IN_THE_FIELD = [
    ((), False),
    (in_field(MONTHS_47), False),
    (in_field(MONTHS_48), True),
    ((Period(*MONTHS_48),), False),  # four years, but of other work
    (in_field(MONTHS_47) + (Period(date(2022, 12, 1), date(2022, 12, 31)),), False),
    (in_field(MONTHS_47) + in_field((date(2022, 12, 1), date(2022, 12, 31))), True),
    (in_field(MONTHS_47) + in_field(MONTHS_47), False),  # the same time twice
    (in_field((date(2022, 12, 1), None)), True),
    (in_field((date(2023, 1, 1), None)), False),
]


@pytest.mark.parametrize(("periods", "enough"), FOUR_YEARS_IN_THE_FIELD)
def test_5_4_four_years_in_finance(periods, enough):
    assert verdict(rules.practised_finance, facts(periods=periods)) is (PASS if enough else FAIL)


@pytest.mark.parametrize(("periods", "enough"), FOUR_YEARS_IN_THE_FIELD)
def test_5_5_four_years_with_policy(periods, enough):
    assert verdict(rules.practised_policy, facts(periods=periods)) is (PASS if enough else FAIL)


@pytest.mark.parametrize(("periods", "enough"), FOUR_YEARS_IN_THE_FIELD)
def test_5_6_four_years_of_training_and_a_recognition_seen_by_a_person(periods, enough):
    assert verdict(rules.practised_training, facts(periods=periods)) is (PERSON if enough else FAIL)


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        (in_field(MONTHS_47, managed=True), FAIL),
        (in_field(MONTHS_48, managed=True), PASS),
        (in_field(MONTHS_48), FAIL),
        (in_field(MONTHS_48) + (Period(*MONTHS_48, managed=True),), FAIL),  # a manager elsewhere
        (in_field(MONTHS_47) + in_field((date(2022, 12, 1), date(2022, 12, 1)), managed=True), PASS),
    ],
)
def test_5_7_four_years_with_a_carrier_and_a_leading_post(periods, expected):
    assert verdict(rules.practised_running_carriers, facts(periods=periods)) is expected


@pytest.mark.parametrize(
    ("received", "inputs"), [((), "还没有收到贡献材料"), (("contribution_dossier",), "已收到贡献材料")]
)
def test_5_8_contribution_always_needs_a_person(received, inputs):
    outcome = rules.outstanding_contribution(facts(evidence_received=frozenset(received)))

    assert outcome[:2] == (inputs, PERSON)


@pytest.mark.parametrize(
    ("rule", "code", "expected"),
    [
        (rules.sound_character, "character", PERSON),
        (rules.willing, "willing", PASS),
        (rules.devoted_and_supervised, "devoted", PASS),
    ],
    ids=["6_1", "6_3", "6_5"],
)
def test_6_1_3_5_what_is_declared(rule, code, expected):
    others = frozenset(categories.DECLARATIONS) - {code}

    assert verdict(rule, facts(declarations=others)) is FAIL
    assert verdict(rule, facts(declarations=frozenset({code}))) is expected


@pytest.mark.parametrize(
    ("span", "expected"),
    [(MONTHS_47, FAIL), (MONTHS_48, PASS), ((date(2022, 12, 1), None), PASS), ((date(2023, 1, 1), None), FAIL)],
)
def test_6_2_four_years_of_any_work(span, expected):
    assert verdict(rules.experienced_enough, facts(periods=(Period(*span),))) is expected


@pytest.mark.parametrize(("managed", "expected"), [(True, PASS), (False, PERSON)])
def test_6_2_has_run_an_enterprise(managed, expected):
    assert verdict(rules.has_run_an_enterprise, facts(periods=(Period(*MONTHS_47, managed=managed),))) is expected


@pytest.mark.parametrize(("specialities", "expected"), [(0, FAIL), (1, PASS), (5, PASS)])
def test_6_2_has_a_speciality(specialities, expected):
    assert verdict(rules.has_a_speciality, facts(specialities=specialities)) is expected


def test_6_2_knowledge_always_needs_a_person():
    assert verdict(rules.well_versed, FIT) is PERSON


@pytest.mark.parametrize(("cases", "expected"), [(0, FAIL), (1, PERSON), (3, PERSON)])
def test_6_4_has_coached(cases, expected):
    assert verdict(rules.has_coached, facts(success_cases=cases)) is expected


@pytest.mark.parametrize("category", categories.CATEGORIES)
def test_6_everybody_is_told_his_item_and_all_basic_conditions(category):
    findings = rules.assess(replace(FIT, category=category))

    assert [finding.article for finding in findings] == [
        f"5({category})", "6(1)", "6(2)", "6(2)", "6(2)", "6(2)", "6(3)", "6(4)", "6(5)"
    ]  # fmt: skip
    assert all(all(finding) for finding in findings)


def test_6_an_empty_application_meets_nothing():
    verdicts = [finding.verdict for finding in rules.assess(facts())]

    assert verdicts == [FAIL, FAIL, FAIL, PERSON, FAIL, PERSON, FAIL, FAIL, FAIL]


def test_6_2_a_finding_says_what_was_looked_at_and_what_lacks():
    short = replace(FIT, periods=(Period(date(2023, 1, 1), None, in_field=True),))

    assert rules.assess(short)[0] == (
        "5(4)", "在金融机构从事投融资满4年", "2023年1月至今，共3年11个月", FAIL, "还差1个月满4年"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "submit", "left_to_a_person"),
    [
        ({}, True, {"6(1)", "6(2)", "6(4)"}),
        ({"category": 1}, True, {"5(1)", "6(1)", "6(2)", "6(4)"}),
        ({"category": 6}, True, {"5(6)", "6(1)", "6(2)", "6(4)"}),
        ({"category": None}, False, {"6(1)", "6(2)", "6(4)"}),
        ({"periods": in_field(MONTHS_47)}, False, {"6(1)", "6(2)", "6(4)"}),
        ({"specialities": 0}, False, {"6(1)", "6(2)", "6(4)"}),
        ({"success_cases": 0}, False, {"6(1)", "6(2)"}),
        ({"declarations": frozenset()}, False, {"6(2)", "6(4)"}),
    ],
)
def test_11_nobody_whom_a_condition_rules_out_applies_or_is_recommended(changed, submit, left_to_a_person):
    findings = rules.assess(replace(FIT, **changed))

    assert rules.may_submit(findings) is submit
    assert rules.may_recommend(findings, left_to_a_person) is submit
    assert {finding.article for finding in findings if finding.verdict is PERSON} == left_to_a_person


@pytest.mark.parametrize("unsettled", ["6(1)", "6(2)", "6(4)"])
def test_11_one_open_question_stops_the_recommendation(unsettled):
    settled = {"6(1)", "6(2)", "6(4)"} - {unsettled}

    assert rules.may_recommend(rules.assess(FIT), settled) is False


def test_11_a_person_cannot_settle_what_a_rule_denies():
    findings = rules.assess(replace(FIT, specialities=0))

    assert rules.may_recommend(findings, {finding.article for finding in findings}) is False


@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2026, 11, 23), True), (date(2026, 11, 24), True), (date(2026, 11, 25), False)],
)
def test_11_a_supplement_is_in_time_through_the_last_day(on, expected):
    assert rules.supplement_in_time(date(2026, 11, 24), on) is expected


@pytest.mark.parametrize(
    ("named", "received_at", "expected"),
    [
        (True, ENDS_AT - A_SECOND, True),
        (True, ENDS_AT, True),  # 18:00:00 sharp
        (True, ENDS_AT + timedelta(microseconds=1), False),
        (True, ENDS_AT.astimezone(ZoneInfo("UTC")), True),
        (False, ENDS_AT - A_SECOND, False),
        (False, ENDS_AT + A_SECOND, False),
    ],
)
def test_11_an_objection_counts_in_name_and_in_time(named, received_at, expected):
    assert rules.objection_counts(named, received_at, ENDS_AT) is expected


@pytest.mark.parametrize(
    ("counts", "upheld", "expected"),
    [
        (True, None, True),
        (True, True, True),
        (True, False, False),
        (False, None, False),
        (False, True, False),  # a lead, whatever it turns out to be
        (False, False, False),
    ],
)
def test_11_an_objection_blocks_until_found_baseless(counts, upheld, expected):
    assert rules.objection_blocks(counts, upheld) is expected


@pytest.mark.parametrize(
    ("now", "provisional", "blocking", "expected"),
    [
        (ENDS_AT - A_SECOND, False, 0, False),
        (ENDS_AT, False, 0, False),  # an objection may still come in this instant
        (ENDS_AT + timedelta(microseconds=1), False, 0, True),
        (ENDS_AT.astimezone(ZoneInfo("UTC")) + A_SECOND, False, 0, True),
        (ENDS_AT + A_SECOND, True, 0, False),  # the calendar of that year is not published
        (ENDS_AT + A_SECOND, False, 1, False),
        (ENDS_AT + A_SECOND, True, 1, False),
    ],
)
def test_11_a_notice_has_passed_after_its_end_without_objection(now, provisional, blocking, expected):
    assert rules.notice_passed(ENDS_AT, provisional, blocking, now) is expected


RULES = [rule for name, rule in vars(rules).items() if hasattr(rule, "articles") and name != "article"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_map_of_provisions_names_the_rule_and_the_rule_quotes_it(rule):
    quoted = re.split("……", inspect.getdoc(rule).splitlines()[0])
    printed = "".join(provision(anchor(rule.articles[0])).text)

    assert all(rule in ENFORCED[number] for number in rule.articles)
    assert all(piece in printed for piece in quoted)


def test_every_item_of_articles_5_and_6_has_a_rule():
    wanted = {"3", "5", *(f"5({n})" for n in range(1, 9)), *(f"6({n})" for n in range(1, 6)), "11", "12", "15"}

    assert {number for rule in RULES for number in rule.articles} == wanted
