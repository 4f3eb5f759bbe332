from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments import rules
from payments.rules import Fee, Tariff, Unpriced

OUTCOMES = ["completed", "void_after_review", "void_before_review"]
PARTS = ["half_up", "floor", "ceil", "half_step"]


def yuan(text):
    return Decimal(text)


def pay(minutes, tariff, **given):
    return str(rules.fee(tariff, minutes, **given).amount)


@pytest.mark.parametrize(
    ("hours", "normal", "extended", "void", "holiday", "extended_holiday"),
    [
        (1, "300.00", "300.00", "300.00", "600.00", "600.00"),
        (2, "300.00", "300.00", "300.00", "600.00", "600.00"),
        (3, "400.00", "400.00", "400.00", "800.00", "800.00"),
        (4, "500.00", "500.00", "400.00", "1000.00", "1000.00"),
        (5, "600.00", "600.00", "400.00", "1200.00", "1200.00"),
        (6, "700.00", "700.00", "400.00", "1400.00", "1400.00"),
        (7, "800.00", "800.00", "400.00", "1600.00", "1600.00"),
        (8, "800.00", "800.00", "400.00", "1600.00", "1600.00"),  # 900 by the formula
        (9, "800.00", "900.00", "400.00", "1600.00", "1800.00"),
        (10, "800.00", "1000.00", "400.00", "1600.00", "2000.00"),
        (11, "800.00", "1000.00", "400.00", "1600.00", "2000.00"),
        (24, "800.00", "1000.00", "400.00", "1600.00", "2000.00"),
    ],
)
def test_13_a_review_by_whole_hours(hours, normal, extended, void, holiday, extended_holiday):
    minutes = hours * 60

    paid = [
        rules.review_fee(minutes),
        rules.review_fee(minutes, extended=True),
        rules.review_fee(minutes, outcome="void_after_review"),
        rules.review_fee(minutes, holiday=True),
        rules.review_fee(minutes, holiday=True, extended=True),
    ]

    assert [str(fee.amount) for fee in paid] == [normal, extended, void, holiday, extended_holiday]


@pytest.mark.parametrize(
    ("minutes", "normal", "extended", "void"),
    [
        (1, "300.00", "300.00", "300.00"),
        (29, "300.00", "300.00", "300.00"),
        (119, "300.00", "300.00", "300.00"),
        (120, "300.00", "300.00", "300.00"),
        (121, "300.00", "300.00", "300.00"),
        (149, "300.00", "300.00", "300.00"),  # a part below 30 minutes is none
        (150, "400.00", "400.00", "400.00"),  # from 30 on it is an hour
        (209, "400.00", "400.00", "400.00"),
        (210, "500.00", "500.00", "400.00"),
        (389, "700.00", "700.00", "400.00"),
        (390, "800.00", "800.00", "400.00"),
        (450, "800.00", "800.00", "400.00"),
        (509, "800.00", "800.00", "400.00"),
        (510, "800.00", "900.00", "400.00"),
        (569, "800.00", "900.00", "400.00"),
        (570, "800.00", "1000.00", "400.00"),
        (1440, "800.00", "1000.00", "400.00"),
    ],
)
def test_13_part_hours(minutes, normal, extended, void):
    paid = [
        rules.review_fee(minutes),
        rules.review_fee(minutes, extended=True),
        rules.review_fee(minutes, outcome="void_after_review", extended=True),
    ]

    assert [str(fee.amount) for fee in paid] == [normal, extended, void]


@pytest.mark.parametrize(("holiday", "amount"), [(False, "100.00"), (True, "200.00")])
@pytest.mark.parametrize("minutes", [0, 1, 600])
def test_13_called_off_before_the_review(minutes, holiday, amount):
    fee = rules.review_fee(minutes, outcome="void_before_review", holiday=holiday, extended=True)

    assert str(fee.amount) == amount


@pytest.mark.parametrize(
    ("minutes", "given", "trace"),
    [
        (20, {}, "20分钟：300"),
        (95, {}, "1小时35分钟：300"),
        (120, {}, "2小时：300"),
        (121, {}, "2小时1分钟，计2小时：300"),
        (180, {}, "3小时：300＋1×100"),
        (170, {}, "2小时50分钟，计3小时：300＋1×100"),
        (420, {}, "7小时：300＋5×100"),
        (480, {}, "8小时：300＋6×100，封顶800"),
        (540, {}, "9小时：300＋7×100，封顶800"),
        (480, {"extended": True}, "8小时：300＋6×100，封顶800"),
        (540, {"extended": True}, "9小时：300＋6×100，封顶800；延长1小时＋1×100"),
        (600, {"extended": True}, "10小时：300＋6×100，封顶800；延长2小时＋2×100"),
        (660, {"extended": True}, "11小时：300＋6×100，封顶800；延长3小时＋3×100，封顶1000"),
        (180, {"holiday": True}, "3小时：300＋1×100；法定节假日×2"),
        (0, {"outcome": "void_after_review"}, "评审后废标，0分钟：300"),
        (180, {"outcome": "void_after_review"}, "评审后废标，3小时：300＋1×100"),
        (240, {"outcome": "void_after_review"}, "评审后废标，4小时：300＋2×100，封顶400"),
        (0, {"outcome": "void_before_review"}, "评审前废标：100"),
        (45, {"outcome": "void_before_review", "holiday": True}, "评审前废标：100；法定节假日×2"),
    ],
)
def test_13_a_fee_explains_itself(minutes, given, trace):
    assert rules.review_fee(minutes, **given).trace == trace


@pytest.mark.parametrize(
    ("minutes", "outcome"),
    [
        (0, "completed"),
        *((-1, outcome) for outcome in OUTCOMES),
        *((60, outcome) for outcome in ("", "Completed", "void", None)),
    ],
)
def test_13_no_fee_without_a_review(minutes, outcome):
    with pytest.raises(ValueError, match="review|outcome"):
        rules.review_fee(minutes, outcome=outcome)


@given(st.integers(1, 1440), st.integers(1, 1440), st.sampled_from(OUTCOMES), st.booleans(), st.booleans())
def test_13_more_time_is_never_paid_less_and_nothing_goes_above_its_cap(one, other, outcome, holiday, extended):
    cap = {"completed": 1000 if extended else 800, "void_after_review": 400, "void_before_review": 100}[outcome]

    short, long = (
        rules.review_fee(minutes, outcome=outcome, holiday=holiday, extended=extended).amount
        for minutes in sorted([one, other])
    )

    assert 100 <= short <= long <= (2 * cap if holiday else cap)


# Other shapes of schedules, as they stand elsewhere

HOURLY = Tariff("hour", yuan("150"))
HUBEI = Tariff(
    "hour", yuan("100"), included_units=2, included_amount=yuan("300"), day_cap=yuan("1000")
)  # 鄂财采发〔2017〕2号
SENIOR_128 = Tariff(  # 财科教〔2017〕128号, after tax
    "day",
    yuan("1500"),
    most=yuan("2400"),
    half_day_share=yuan("0.60"),
    later_from=3,
    later_share=yuan("0.50"),
    net=True,
)
OTHERS_128 = Tariff(
    "day",
    yuan("900"),
    most=yuan("1500"),
    half_day_share=yuan("0.60"),
    later_from=3,
    later_share=yuan("0.50"),
    net=True,
)
BEIJING = Tariff("day", yuan("800"), later_from=3, later_share=yuan("0.50"))
HEFEI = Tariff("half_day", yuan("500"), day_cap=yuan("1000"))
LECTURE_540 = Tariff("class_hour", yuan("500"), full_units=4, day_cap=yuan("4000"), net=True)  # 财行〔2016〕540号
CHANGZHOU = Tariff("session", yuan("1000"))
BY_LETTER = Tariff("piece", yuan("300"), most=yuan("1200"))  # 128号: 20 % of 1500 to 50 % of 2400


@pytest.mark.parametrize(
    ("minutes", "half_up", "floor", "ceil", "half_step"),
    [
        (1, "0.00", "0.00", "150.00", "75.00"),
        (29, "0.00", "0.00", "150.00", "75.00"),
        (30, "150.00", "0.00", "150.00", "150.00"),
        (59, "150.00", "0.00", "150.00", "150.00"),
        (60, "150.00", "150.00", "150.00", "150.00"),
        (61, "150.00", "150.00", "300.00", "225.00"),
        (89, "150.00", "150.00", "300.00", "225.00"),
        (90, "300.00", "150.00", "300.00", "300.00"),
        (119, "300.00", "150.00", "300.00", "300.00"),
        (120, "300.00", "300.00", "300.00", "300.00"),
    ],
)
def test_13_part_hours_by_setting(minutes, half_up, floor, ceil, half_step):
    paid = {part: pay(minutes, Tariff("hour", yuan("150"), part=part)) for part in PARTS}

    assert paid == {"half_up": half_up, "floor": floor, "ceil": ceil, "half_step": half_step}


@pytest.mark.parametrize(
    ("minutes", "half_up", "floor", "ceil", "half_step"),
    [
        (119, "300.00", "300.00", "300.00", "300.00"),
        (121, "300.00", "300.00", "400.00", "350.00"),
        (149, "300.00", "300.00", "400.00", "350.00"),
        (150, "400.00", "300.00", "400.00", "400.00"),
        (479, "800.00", "800.00", "800.00", "800.00"),
        (481, "800.00", "800.00", "900.00", "850.00"),
        (509, "800.00", "800.00", "900.00", "850.00"),
        (510, "900.00", "800.00", "900.00", "900.00"),
        (541, "900.00", "900.00", "1000.00", "950.00"),
        (570, "1000.00", "900.00", "1000.00", "1000.00"),
        (661, "1000.00", "1000.00", "1000.00", "1000.00"),
    ],
)
def test_13_part_hours_of_an_extended_review_by_setting(minutes, half_up, floor, ceil, half_step):
    paid = {part: pay(minutes, replace(rules.REVIEW_24, part=part), extended=True) for part in PARTS}

    assert paid == {"half_up": half_up, "floor": floor, "ceil": ceil, "half_step": half_step}


@pytest.mark.parametrize(
    ("minutes", "amount"),
    [(60, "300.00"), (180, "400.00"), (480, "900.00"), (540, "1000.00"), (600, "1000.00"), (720, "1000.00")],
)
def test_13_another_province_has_another_cap(minutes, amount):
    assert pay(minutes, HUBEI) == amount


@pytest.mark.parametrize(
    ("tariff", "agreed", "day", "half_day", "third", "half_third"),
    [
        (SENIOR_128, "1500", "1500.00", "900.00", "750.00", "450.00"),
        (SENIOR_128, "2000", "2000.00", "1200.00", "1000.00", "600.00"),
        (SENIOR_128, "2400", "2400.00", "1440.00", "1200.00", "720.00"),
        (OTHERS_128, "900", "900.00", "540.00", "450.00", "270.00"),
        (OTHERS_128, "1500", "1500.00", "900.00", "750.00", "450.00"),
        (BEIJING, None, "800.00", "800.00", "400.00", "400.00"),
    ],
)
def test_13_days_half_days_and_later_days(tariff, agreed, day, half_day, third, half_third):
    agreed = agreed and yuan(agreed)
    paid = [
        pay(minutes, tariff, agreed=agreed, day_no=number) for number in (1, 2, 3, 4) for minutes in (1, 240, 241, 480)
    ]

    assert paid == [half_day, half_day, day, day] * 2 + [half_third, half_third, third, third] * 2


@pytest.mark.parametrize(("net", "gross"), [("2400", "2800.00"), ("1440", "1600.00")])
def test_13_a_day_after_tax_costs_its_gross(net, gross):
    assert str(rules.gross_up(yuan(net))) == gross


@pytest.mark.parametrize(
    ("before", "withheld", "gross"),
    [("800", None, "1000.00"), ("1000", "200", "800.00"), ("4800", "640", "1104.76"), ("4800", "768", "952.38")],
)
def test_13_what_is_left_of_800_after_what_was_withheld_before(before, withheld, gross):
    had = withheld and yuan(withheld)

    assert str(rules.gross_up(yuan("800"), paid_before=yuan(before), withheld=had)) == gross


@pytest.mark.parametrize(
    ("minutes", "amount"), [(60, "500.00"), (240, "500.00"), (241, "1000.00"), (480, "1000.00"), (900, "1000.00")]
)
def test_13_half_days(minutes, amount):
    assert pay(minutes, HEFEI) == amount


@pytest.mark.parametrize(
    ("minutes", "amount"),
    [
        (22, "0.00"),
        (23, "500.00"),
        (45, "500.00"),
        (67, "500.00"),
        (68, "1000.00"),
        (90, "1000.00"),
        (135, "1500.00"),
        (180, "2000.00"),
        (225, "2000.00"),  # a fifth class of one half day
        (360, "2000.00"),
    ],
)
def test_13_classes_of_45_minutes_at_most_four_of_a_half_day(minutes, amount):
    assert pay(minutes, LECTURE_540) == amount


@pytest.mark.parametrize(
    ("day", "amount"), [("0", "2000.00"), ("2000", "2000.00"), ("2500", "1500.00"), ("4000", "0.00")]
)
def test_13_classes_of_both_half_days_stay_below_the_cap_of_the_day(day, amount):
    morning = rules.fee(LECTURE_540, 180)

    assert str(rules.within_caps(morning, LECTURE_540, day=yuan(day), month=yuan(day), year=yuan(day)).amount) == amount


@pytest.mark.parametrize("minutes", [0, 1, 60, 1440])
@pytest.mark.parametrize("unit", ["session", "piece", "event"])
def test_13_what_is_paid_once_is_paid_once(unit, minutes):
    assert pay(minutes, Tariff(unit, yuan("1000"))) == "1000.00"


@pytest.mark.parametrize(("unit", "word"), [("session", "次"), ("piece", "件"), ("event", "场")])
def test_13_what_goes_on_after_midnight_is_not_paid_once_more(unit, word):
    again = rules.fee(Tariff(unit, yuan("1000"), holiday_factor=yuan("2")), 60, day_no=2, holiday=True)

    assert again == Fee(yuan("0.00"), f"前面已计1{word}")


def test_13_extended_work_without_a_working_time_has_the_cap_of_the_extended_day():
    tariff = Tariff("hour", yuan("1200"), day_cap=yuan("1000"), extended_cap=yuan("1500"))

    assert [pay(minutes, tariff, extended=True) for minutes in (60, 120)] == ["1200.00", "1500.00"]


@pytest.mark.parametrize("given", [{"later_from": 3}, {"later_share": Decimal("0.5")}])
def test_13_a_share_of_later_days_needs_both_the_day_and_the_share(given):
    tariff = Tariff("day", yuan("800"), **given)

    assert (pay(480, tariff, day_no=3), rules.describe(tariff)) == ("800.00", "每天800元")


@pytest.mark.parametrize("unit", ["hour", "class_hour", "half_day", "day"])
def test_13_what_is_paid_by_time_needs_time(unit):
    with pytest.raises(ValueError, match="minutes"):
        rules.fee(Tariff(unit, yuan("1000")), 0)


@pytest.mark.parametrize("agreed", ["300", "300.01", "480", "1200"])
def test_13_inside_a_range_what_was_agreed_is_paid(agreed):
    assert rules.fee(BY_LETTER, 0, agreed=yuan(agreed)).amount == yuan(agreed)


@pytest.mark.parametrize("agreed", ["0", "299.99", "1200.01", "-300"])
def test_13_outside_a_range_nothing_can_be_agreed(agreed):
    with pytest.raises(ValueError, match="不在300～1200元以内") as refused:
        rules.fee(BY_LETTER, 0, agreed=yuan(agreed))

    assert not isinstance(refused.value, Unpriced)


def test_13_nothing_can_be_agreed_where_the_amount_is_fixed():
    with pytest.raises(ValueError, match="固定为150元"):
        rules.fee(HOURLY, 60, agreed=yuan("150"))


@pytest.mark.parametrize(
    ("tariff", "given", "words"),
    [
        (Tariff("session"), {}, "待局里录入标准"),
        (Tariff("session"), {"agreed": Decimal("200")}, "待局里录入标准"),
        (Tariff("hour", called_off=Decimal("100")), {"outcome": "void_before_review"}, "待局里录入标准"),
        (BY_LETTER, {}, "标准为300～1200元，还没有约定金额"),
        (HOURLY, {"outcome": "void_before_review"}, "评审前废标的标准待局里录入"),
    ],
)
def test_13_what_has_no_price_cannot_be_paid(tariff, given, words):
    with pytest.raises(Unpriced, match=words):
        rules.fee(tariff, 60, **given)


@pytest.mark.parametrize("wrong", [{"unit": "week"}, {"unit": ""}, {"unit": "hour", "part": "round"}])
def test_13_a_tariff_is_of_a_known_shape(wrong):
    with pytest.raises(ValueError, match="unit"):
        Tariff(**wrong)


@pytest.mark.parametrize("day_no", [0, -1])
def test_13_days_are_counted_from_one(day_no):
    with pytest.raises(ValueError, match="day"):
        rules.fee(BEIJING, 60, day_no=day_no)


@pytest.mark.parametrize(
    ("minutes", "given", "lifted", "kept"),
    [
        (120, {}, "600.00", "600.00"),
        (240, {}, "1000.00", "800.00"),
        (480, {}, "1600.00", "800.00"),
        (540, {"extended": True}, "1800.00", "1000.00"),
        (600, {"extended": True}, "2000.00", "1000.00"),
        (120, {"outcome": "void_after_review"}, "600.00", "400.00"),
        (180, {"outcome": "void_after_review"}, "800.00", "400.00"),
        (0, {"outcome": "void_before_review"}, "200.00", "200.00"),
    ],
)
def test_13_a_holiday_doubles_the_fee_and_the_cap_unless_told_not_to(minutes, given, lifted, kept):
    strict = replace(rules.REVIEW_24, holiday_lifts_cap=False)

    paid = [pay(minutes, tariff, holiday=True, **given) for tariff in (rules.REVIEW_24, strict)]

    assert paid == [lifted, kept]


def test_13_a_holiday_changes_nothing_where_the_document_does_not_say_so():
    assert rules.fee(HOURLY, 120, holiday=True) == Fee(yuan("300.00"), "2小时：2×150")


@pytest.mark.parametrize(
    ("tariff", "minutes", "given", "trace"),
    [
        (HOURLY, 20, {}, "20分钟，计0小时：0×150"),
        (HOURLY, 45, {}, "45分钟，计1小时：150"),
        (HOURLY, 180, {}, "3小时：3×150"),
        (replace(HOURLY, part="half_step"), 130, {}, "2小时10分钟，计2.5小时：2.5×150"),
        (replace(HOURLY, full_units=3), 270, {}, "4小时30分钟，计5小时：3×150，3小时以外不计"),
        (replace(HOURLY, full_units=3), 270, {"extended": True}, "4小时30分钟，计5小时：3×150；延长2小时＋2×150"),
        (replace(HOURLY, holiday_factor=yuan("1.50")), 60, {"holiday": True}, "1小时：150；法定节假日×1.5"),
        (rules.REVIEW_24, 510, {"extended": True}, "8小时30分钟，计9小时：300＋6×100，封顶800；延长1小时＋1×100"),
        (
            replace(rules.REVIEW_24, holiday_lifts_cap=False),
            300,
            {"holiday": True},
            "5小时：300＋3×100；法定节假日×2，封顶800",
        ),
        (SENIOR_128, 480, {"agreed": Decimal("2000")}, "8小时：2000（标准1500～2400，税后）"),
        (SENIOR_128, 240, {"agreed": Decimal("2000")}, "4小时：2000；半天×60%（标准1500～2400，税后）"),
        (
            SENIOR_128,
            200,
            {"agreed": Decimal("2000.00"), "day_no": 4},
            "3小时20分钟：2000；半天×60%；第4天×50%（标准1500～2400，税后）",
        ),
        (HEFEI, 200, {}, "3小时20分钟，计1个半天：500"),
        (HEFEI, 300, {}, "5小时，计2个半天：2×500"),
        (LECTURE_540, 135, {}, "2小时15分钟，计3学时：3×500（税后）"),
        (LECTURE_540, 225, {}, "3小时45分钟，计5学时：4×500，4学时以外不计（税后）"),
        (CHANGZHOU, 90, {}, "1次：1000"),
        (BY_LETTER, 0, {"agreed": Decimal("480.50")}, "1件：480.5（标准300～1200）"),
        (Tariff("event", yuan("800.00")), 90, {}, "1场：800"),
    ],
)
def test_13_any_fee_explains_itself(tariff, minutes, given, trace):
    assert rules.fee(tariff, minutes, **given).trace == trace


def test_13_the_amount_of_a_share_is_whole_fen():
    third = Tariff("day", yuan("100.01"), later_from=2, later_share=yuan("0.5"))

    assert pay(480, third, day_no=2) == "50.01"  # 50.005


def test_13_without_a_number_it_is_the_first_day():
    assert pay(480, Tariff("day", yuan("800"), later_from=2, later_share=yuan("0.5"))) == "800.00"


# What the same expert has already got

CAPPED = replace(rules.REVIEW_24, month_cap=yuan("3000"), year_cap=yuan("20000"))


@pytest.mark.parametrize(
    ("minutes", "had", "given", "amount", "added"),
    [
        (180, ("0", "0", "0"), {}, "400.00", ""),
        (180, ("400", "400", "400"), {}, "400.00", ""),
        (180, ("700", "700", "700"), {}, "100.00", "；当天已计700，封顶800"),
        (180, ("800", "800", "800"), {}, "0.00", "；当天已计800，封顶800"),
        (180, ("900", "900", "900"), {}, "0.00", "；当天已计900，封顶800"),
        (180, ("700", "700", "700"), {"extended": True}, "300.00", "；当天已计700，封顶1000"),
        (180, ("0", "2600", "2600"), {}, "400.00", ""),
        (180, ("0", "2700.50", "2700.50"), {}, "299.50", "；本月已计2700.5，封顶3000"),
        (180, ("0", "3000", "3000"), {}, "0.00", "；本月已计3000，封顶3000"),
        (180, ("0", "0", "19900"), {}, "100.00", "；本年已计19900，封顶20000"),
        (180, ("700", "2950", "2950"), {}, "50.00", "；本月已计2950，封顶3000"),
        (180, ("700", "2900", "2900"), {}, "100.00", "；当天已计700，封顶800"),
    ],
)
def test_13_what_the_caps_leave(minutes, had, given, amount, added):
    due = rules.fee(CAPPED, minutes)
    day, month, year = map(yuan, had)

    left = rules.within_caps(due, CAPPED, day=day, month=month, year=year, **given)

    assert (str(left.amount), left.trace) == (amount, f"3小时：300＋1×100{added}")


@pytest.mark.parametrize(("lifts", "amount"), [(True, "400.00"), (False, "100.00")])
def test_13_a_holiday_doubles_the_cap_of_the_day_unless_told_not_to(lifts, amount):
    tariff = replace(rules.REVIEW_24, holiday_lifts_cap=lifts)
    due = Fee(yuan("400.00"), "")

    left = rules.within_caps(due, tariff, day=yuan("700"), month=yuan("700"), year=yuan("700"), holiday=True)

    assert str(left.amount) == amount


def test_13_an_extended_day_alone_keeps_what_it_was_given():
    due = rules.fee(rules.REVIEW_24, 600, extended=True)

    left = rules.within_caps(due, rules.REVIEW_24, day=yuan("0"), month=yuan("0"), year=yuan("0"))

    assert str(left.amount) == "1000.00"


# Days

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("start", "minutes", "days"),
    [
        (datetime(2026, 9, 22, 9, tzinfo=SHANGHAI), 480, [(date(2026, 9, 22), 480)]),
        (datetime(2026, 9, 22, 22, tzinfo=SHANGHAI), 120, [(date(2026, 9, 22), 120)]),
        (datetime(2026, 9, 22, 22, tzinfo=SHANGHAI), 121, [(date(2026, 9, 22), 120), (date(2026, 9, 23), 1)]),
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=SHANGHAI), 2, [(date(2026, 12, 31), 1), (date(2027, 1, 1), 1)]),
        (
            datetime(2026, 9, 22, 20, tzinfo=SHANGHAI),
            1700,
            [(date(2026, 9, 22), 240), (date(2026, 9, 23), 1440), (date(2026, 9, 24), 20)],
        ),
        (datetime(2026, 9, 22, 0, tzinfo=SHANGHAI), 1440, [(date(2026, 9, 22), 1440)]),
        (datetime(2026, 9, 22, 9, tzinfo=SHANGHAI), 0, [(date(2026, 9, 22), 0)]),
    ],
)
def test_13_work_is_cut_at_midnight(start, minutes, days):
    assert rules.by_day(start, minutes) == days


def test_13_no_work_takes_less_than_no_time():
    with pytest.raises(ValueError, match="minutes"):
        rules.by_day(datetime(2026, 9, 22, 9, tzinfo=SHANGHAI), -1)


def test_13_a_review_over_night_is_the_sum_of_its_days():
    days = rules.by_day(datetime(2026, 9, 22, 18, tzinfo=SHANGHAI), 510)

    assert [pay(minutes, rules.REVIEW_24) for _, minutes in days] == ["700.00", "400.00"]  # 6 hours, 2 and a half


# On a page


@pytest.mark.parametrize(
    ("tariff", "line"),
    [
        (rules.REVIEW_24, "2小时以内300元，之后每小时100元，每天不超过800元；法定节假日加倍"),
        (Tariff("session"), "待局里录入标准"),
        (Tariff("session", day_cap=Decimal("800"), net=True), "待局里录入标准"),
        (Tariff("session", Decimal("200.00")), "每次200元"),
        (HOURLY, "每小时150元"),
        (HEFEI, "每半天500元，每天不超过1000元"),
        (SENIOR_128, "每天1500～2400元，半天按60%，第3天起按50%（税后）"),
        (LECTURE_540, "每学时500元，每天不超过4000元（税后）"),
        (
            Tariff("event", Decimal("87.50"), month_cap=Decimal("3000"), year_cap=Decimal("20000")),
            "每场87.5元，每月不超过3000元，每年不超过20000元",
        ),
        (Tariff("piece", Decimal("50"), holiday_factor=Decimal("1.50")), "每件50元；法定节假日按1.5倍"),
    ],
)
def test_13_a_tariff_in_one_line(tariff, line):
    assert rules.describe(tariff) == line


# Whatever the tariff

MONEY = st.decimals(0, 5000, places=2)
SHARES = st.decimals("0.1", 1, places=2)


@st.composite
def tariffs(draw):
    """Priced, not a range, caps rising from the void to the extended day."""
    void, day, extended = sorted(draw(st.tuples(MONEY, MONEY, MONEY)))
    included = draw(st.sampled_from([0, 2]))
    return Tariff(
        draw(st.sampled_from(["session", "hour", "class_hour", "half_day", "day"])),
        draw(MONEY),
        included_units=included,
        included_amount=draw(MONEY) if included else None,
        part=draw(st.sampled_from(PARTS)),
        full_units=draw(st.sampled_from([None, 4, 8])),
        day_cap=day,
        extended_cap=extended,
        half_day_share=draw(st.none() | SHARES),
        later_from=3,
        later_share=draw(SHARES),
        void_cap=void,
        called_off=void,
        holiday_factor=draw(st.sampled_from([yuan("1"), yuan("2")])),
        holiday_lifts_cap=draw(st.booleans()),
    )


@given(tariffs(), st.integers(1, 1440), st.integers(1, 1440), st.sampled_from(OUTCOMES), st.booleans(), st.booleans())
def test_13_by_any_tariff_more_time_is_never_paid_less_nor_above_a_cap(tariff, one, other, outcome, holiday, extended):
    cap = tariff.void_cap if outcome != "completed" else tariff.extended_cap if extended else tariff.day_cap
    lifted = 2 if holiday and (tariff.holiday_lifts_cap or outcome == "void_before_review") else 1

    short, long = (
        rules.fee(tariff, minutes, outcome=outcome, holiday=holiday, extended=extended).amount
        for minutes in sorted([one, other])
    )

    assert 0 <= short <= long <= lifted * cap


@given(tariffs(), st.integers(1, 1440), st.booleans(), st.integers(1, 5))
def test_13_by_any_tariff_leave_to_go_on_and_an_earlier_day_are_never_paid_less(tariff, minutes, holiday, day_no):
    now, extended, later = (
        rules.fee(tariff, minutes, holiday=holiday, extended=leave, day_no=day).amount
        for leave, day in ((False, day_no), (True, day_no), (False, day_no + 1))
    )

    assert later <= now <= extended


@given(tariffs(), st.integers(1, 1440), st.booleans())
def test_13_by_any_tariff_the_ways_to_count_a_part_keep_their_order(tariff, minutes, extended):
    floor, half_up, half_step, ceil = (
        rules.fee(replace(tariff, part=part), minutes, extended=extended).amount
        for part in ("floor", "half_up", "half_step", "ceil")
    )

    assert floor <= half_up <= half_step <= ceil


@given(st.lists(st.tuples(st.integers(1, 720), st.integers(0, 2)), max_size=12), st.booleans())
def test_13_however_the_work_is_cut_no_cap_is_passed(jobs, holiday):
    tariff = replace(rules.REVIEW_24, month_cap=yuan("2500"), year_cap=yuan("3100"))
    days = dict.fromkeys(range(3), yuan("0"))  # the last of them in another month

    for minutes, day in jobs:
        month = days[2] if day == 2 else days[0] + days[1]
        due = rules.fee(tariff, minutes, holiday=holiday)
        left = rules.within_caps(
            due, tariff, day=days[day], month=month, year=sum(days.values()), holiday=holiday
        ).amount
        assert 0 <= left <= due.amount
        days[day] += left

    assert max(days.values()) <= (1600 if holiday else 800)
    assert (max(days[0] + days[1], days[2]) <= 2500, sum(days.values()) <= 3100) == (True, True)


STARTS = st.builds(datetime.combine, st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.times(), st.just(SHANGHAI))


@given(STARTS, st.integers(1, 20_000))
def test_13_the_days_are_the_whole_and_follow_each_other(start, minutes):
    days = rules.by_day(start, minutes)

    assert sum(part for _, part in days) == minutes
    assert [(day - start.date()).days for day, _ in days] == list(range(len(days)))
    assert all(0 < part <= 1440 for _, part in days)
